"""A quick yes for the JSON Schemas that tools really have: types, fields, lengths, bounds, choices.

jsonschema says what is wrong and knows every keyword; it takes 80 ms to import and 50 µs for a small
object. Nearly every value fits, so whoever only wants to know that asks here first. *No* and *cannot
tell* both mean: ask jsonschema.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from journeybuilder.contract.patterns import found

Fits: TypeAlias = Callable[[Any], bool]

_DIALECTS = ("draft/2020-12/", "draft/2019-09/", "draft-07/", "draft-06/")


class _Beyond(Exception):  # noqa: N818 - no error: such a schema is for jsonschema
    """A keyword, or a use of one, that is not known here."""


def fitting(schema: Any) -> Fits | None:
    """Whether values fit a schema, as a function; None where that is for jsonschema to say.

    Only a schema that is valid has such a function, and it needs nothing from outside.
    """
    try:
        return _fits(schema)
    except (_Beyond, RecursionError):
        return None


def _fits(schema: Any) -> Fits:
    if schema is True:
        return _anything
    if not isinstance(schema, Mapping):
        raise _Beyond
    known = cast("Mapping[str, Any]", schema)
    checks: list[Fits] = []
    for keyword, given in known.items():
        if keyword in _NOTES:
            if not _NOTES[keyword](given):
                raise _Beyond
        elif keyword in _KEYWORDS:
            checks.append(_KEYWORDS[keyword](given, known))
        else:
            raise _Beyond
    return _all(checks)


def _all(checks: Sequence[Fits]) -> Fits:
    if not checks:
        return _anything
    if len(checks) == 1:
        return checks[0]
    return lambda value: all([check(value) for check in checks])  # noqa: C419 - twice as fast


def _anything(value: Any) -> bool:
    del value
    return True


# -- types: those of jsonschema, where true is no number and 1.0 is an integer --------------------


def _is_integer(value: Any) -> bool:
    return type(value) is int or (isinstance(value, float) and value.is_integer())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Mapping[str, Fits] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": _is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def _type(given: Any, schema: Mapping[str, Any]) -> Fits:
    del schema
    names = cast("list[Any]", given) if isinstance(given, list) else [given]
    if not names or not all(isinstance(name, str) and name in _TYPES for name in names):
        raise _Beyond
    kinds = [_TYPES[name] for name in names]
    if len(set(names)) < len(names):
        raise _Beyond
    return kinds[0] if len(kinds) == 1 else lambda value: any(kind(value) for kind in kinds)


# -- keywords: each says yes to a value of a type that it does not speak of ------------------------


def _properties(given: Any, schema: Mapping[str, Any]) -> Fits:
    fields = {str(name): _fits(inner) for name, inner in _mapping(given).items()}
    others = schema.get("additionalProperties", True)
    other = None if others is False else _fits(others)

    def fits(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        for name, item in cast("dict[str, Any]", value).items():
            check = fields.get(name, other)
            if check is None or not check(item):
                return False
        return True

    return fits


def _additional(given: Any, schema: Mapping[str, Any]) -> Fits:
    if "properties" in schema:  # done there
        return _anything
    return _properties({}, {"additionalProperties": given})


def _required(given: Any, schema: Mapping[str, Any]) -> Fits:
    del schema
    if not isinstance(given, list) or not all(isinstance(name, str) for name in _list(given)):
        raise _Beyond
    names = frozenset(_list(given))
    if len(names) < len(_list(given)):
        raise _Beyond
    return lambda value: not isinstance(value, dict) or names <= value.keys()


def _items(given: Any, schema: Mapping[str, Any]) -> Fits:
    del schema
    check = _fits(given)
    return lambda value: not isinstance(value, list) or all(map(check, _list(value)))


def _enum(given: Any, schema: Mapping[str, Any]) -> Fits:
    del schema
    if not isinstance(given, list) or not all(isinstance(item, str) for item in _list(given)):
        raise _Beyond  # jsonschema's equality of numbers and true/false is its own
    allowed = frozenset(_list(given))
    return lambda value: isinstance(value, str) and value in allowed


def _pattern(given: Any, schema: Mapping[str, Any]) -> Fits:
    del schema
    try:
        re.compile(given)  # what jsonschema takes for a pattern; `found` reads more
    except (re.error, TypeError, OverflowError):
        raise _Beyond from None
    return lambda value: not isinstance(value, str) or found(given, value)


def _bound(of: Callable[[Any], bool], holds: Callable[[Any, Any], bool]) -> Any:
    def keyword(given: Any, schema: Mapping[str, Any]) -> Fits:
        del schema
        if not _is_number(given):
            raise _Beyond
        return lambda value: not of(value) or holds(value, given)

    return keyword


def _size(kind: type, holds: Callable[[int, int], bool]) -> Any:
    def keyword(given: Any, schema: Mapping[str, Any]) -> Fits:
        del schema
        if type(given) is not int or given < 0:
            raise _Beyond
        return lambda value: not isinstance(value, kind) or holds(len(value), given)

    return keyword


def _mapping(given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise _Beyond
    return cast("Mapping[str, Any]", given)


def _list(given: Any) -> list[Any]:
    return cast("list[Any]", given)


_KEYWORDS: Mapping[str, Callable[[Any, Mapping[str, Any]], Fits]] = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "required": _required,
    "items": _items,
    "enum": _enum,
    "pattern": _pattern,
    "minimum": _bound(_is_number, lambda value, bound: not value < bound),
    "maximum": _bound(_is_number, lambda value, bound: not value > bound),
    "exclusiveMinimum": _bound(_is_number, lambda value, bound: not value <= bound),
    "exclusiveMaximum": _bound(_is_number, lambda value, bound: not value >= bound),
    "minLength": _size(str, lambda length, bound: length >= bound),
    "maxLength": _size(str, lambda length, bound: length <= bound),
    "minItems": _size(list, lambda length, bound: length >= bound),
    "maxItems": _size(list, lambda length, bound: length <= bound),
    "minProperties": _size(dict, lambda length, bound: length >= bound),
    "maxProperties": _size(dict, lambda length, bound: length <= bound),
}


def _is_text(given: Any) -> bool:
    return isinstance(given, str)


def _is_dialect(given: Any) -> bool:
    return isinstance(given, str) and any(dialect in given for dialect in _DIALECTS)


_NOTES: Mapping[str, Fits] = {
    "title": _is_text,
    "description": _is_text,
    "$comment": _is_text,
    "format": _is_text,  # a note by the standard, and so to jsonschema as it is used here
    "default": _anything,
    "examples": lambda given: isinstance(given, list),
    "deprecated": lambda given: isinstance(given, bool),
    "readOnly": lambda given: isinstance(given, bool),
    "writeOnly": lambda given: isinstance(given, bool),
    "$schema": _is_dialect,
    "data": _is_text,  # the data class of a field, which no standard knows
}
"""Keywords that say nothing of a value, with whether they are of the form that the standard wants."""
