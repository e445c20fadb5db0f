"""JSON Schema as journeys use it: checking values, in our own words, without ever going to a network."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, cast

from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.contract.patterns import BadSchema, found
from journeybuilder.contract.schema_fits import Fits, fitting

if TYPE_CHECKING:
    from jsonschema.exceptions import SchemaError
    from jsonschema.exceptions import ValidationError as SchemaViolation
    from jsonschema.protocols import Validator


@lru_cache(maxsize=1024)
def _validator(text: str) -> "Validator":
    # jsonschema takes 80 ms to import, and many commands check no value
    import json  # noqa: PLC0415

    from jsonschema import Draft202012Validator  # noqa: PLC0415
    from jsonschema.exceptions import SchemaError  # noqa: PLC0415
    from jsonschema.validators import (  # noqa: PLC0415
        extend,  # pyright: ignore[reportUnknownVariableType]
        validator_for,
    )
    from referencing import Registry  # noqa: PLC0415

    schema = json.loads(text)
    if not isinstance(as_object(schema).get("$schema", ""), str):
        raise BadSchema("at $schema: it is no address")
    # jsonschema searches with `re`, which some patterns keep busy for years (`^(a+)+$`)
    ours: dict[str, Any] = {"pattern": _pattern, "patternProperties": _pattern_properties}
    base = validator_for(schema, Draft202012Validator)
    kind = cast("type[Validator]", extend(base, ours))
    try:
        kind.check_schema(schema)
    except SchemaError as error:
        place = "/".join(str(part) for part in error.absolute_path) or "its root"
        raise BadSchema(f"at {place}: {_schema_words(error)}") from None
    return kind(schema, registry=Registry())


def _pattern(
    validator: "Validator", pattern: str, instance: Any, schema: Any
) -> "Iterator[SchemaViolation]":
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415 - see `_validator`

    del schema
    if validator.is_type(instance, "string") and not found(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: Any, schema: Any
) -> "Iterator[SchemaViolation]":
    del schema
    if validator.is_type(instance, "object"):
        for pattern, inner in patterns.items():
            for name, value in as_object(instance).items():
                if found(pattern, name):
                    yield from validator.descend(value, inner, path=name, schema_path=pattern)


@dataclass(frozen=True)
class Checker:
    """A schema that many values are checked against; it is read when the first one comes."""

    schema: Mapping[str, Any]

    @cached_property
    def _validator(self) -> "Validator":
        return _validator(_text(self.schema))

    @cached_property
    def _fits(self) -> Fits | None:
        return fitting(self.schema)

    def violations(self, value: Any) -> list[str]:
        """What is wrong with a value, each as `field: words`; empty when it fits.

        Raises:
            BadSchema: When the schema itself is none, or refers to something that is not in it.
        """
        if self._fits is not None and self._fits(value):
            return []
        from referencing.exceptions import Unresolvable  # noqa: PLC0415 - see above

        out: list[str] = []
        try:
            for error in self._validator.iter_errors(value):
                place = "/".join(str(part) for part in error.absolute_path)
                out.append(f"{place}: {_words(error)}" if place else _words(error))
        except Unresolvable as error:
            raise BadSchema(f"it refers to '{error.ref}', which is not in it") from None
        except RecursionError:
            raise BadSchema("it refers to itself without end, or the value is too deep") from None
        return out

    def broken(self, value: Any) -> list[tuple[str, str]]:
        """Where a value does not fit and the keyword that says so; tells nothing of the value.

        Raises:
            BadSchema: See `violations`.
        """
        from referencing.exceptions import Unresolvable  # noqa: PLC0415 - see above

        try:
            return [
                ("/".join(str(part) for part in error.absolute_path), str(error.validator))
                for error in self._validator.iter_errors(value)
            ]
        except (Unresolvable, RecursionError):
            raise BadSchema("it refers to something that is not in it, or without end") from None


def violations(schema: Mapping[str, Any], value: Any) -> list[str]:
    """What is wrong with one value; see `Checker.violations`.

    Raises:
        BadSchema: When the schema itself is none, or refers to something that is not in it.
    """
    return Checker(schema).violations(value)


def check_schema(schema: Mapping[str, Any]) -> None:
    """See whether this is a JSON Schema that stands on its own.

    Raises:
        BadSchema: When not; says where.
    """
    if fitting(schema) is not None:
        return
    from referencing import Registry  # noqa: PLC0415 - see above
    from referencing.exceptions import Unresolvable  # noqa: PLC0415
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415

    _validator(_text(schema))
    resource = DRAFT202012.create_resource(dict(schema))
    resolver = Registry[Any]().resolver_with_root(resource)
    for reference in _references(schema):
        try:
            resolver.lookup(reference)
        except Unresolvable:
            raise BadSchema(f"it refers to '{reference}', which is not in it") from None


def _text(schema: Mapping[str, Any]) -> str:
    try:
        return canonical(schema)
    except (TypeError, ValueError, RecursionError):
        raise BadSchema("it holds a value that JSON does not have, or one too deep") from None


def _references(schema: Any) -> Iterator[str]:
    """Every `$ref` below; none of a part that names itself with `$id` and may mean its own parts."""
    for key, value in as_object(schema).items():
        if key == "$ref" and isinstance(value, str):
            yield value
        elif key not in {"const", "enum", "default", "examples"} and "$id" not in as_object(value):
            yield from _references(value)
    for item in as_list(schema):
        yield from _references(item)


def _shown(value: Any) -> str:
    """A value in a message, cut where it is long."""
    try:
        text = canonical(value)
    except (TypeError, ValueError):  # infinity, or what JSON does not have
        text = str(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


_WIDTH = 60
_WORDS: Mapping[str, Callable[[Any], str]] = {
    "type": lambda given: f"is not of type {' or '.join(as_list(given)) or given}",
    "enum": lambda given: f"is none of {', '.join(map(_shown, given))}",
    "const": lambda given: f"is not {_shown(given)}",
    "pattern": lambda given: f"does not have the form {given}",
    "format": lambda given: f"is no {given}",
    "minLength": lambda given: f"is shorter than {given} characters",
    "maxLength": lambda given: f"is longer than {given} characters",
    "minimum": lambda given: f"is less than {_shown(given)}",
    "maximum": lambda given: f"is more than {_shown(given)}",
    "exclusiveMinimum": lambda given: f"is not more than {_shown(given)}",
    "exclusiveMaximum": lambda given: f"is not less than {_shown(given)}",
    "multipleOf": lambda given: f"is no multiple of {_shown(given)}",
    "minItems": lambda given: f"has fewer than {given} elements",
    "maxItems": lambda given: f"has more than {given} elements",
    "uniqueItems": lambda _: "has an element twice",
    "contains": lambda _: "lacks an element that has to be in it",
    "minProperties": lambda given: f"has fewer than {given} fields",
    "maxProperties": lambda given: f"has more than {given} fields",
    "dependentRequired": lambda _: "lacks a field that goes with another one",
    "anyOf": lambda _: "fits none of the allowed forms",
    "oneOf": lambda _: "does not fit exactly one of the allowed forms",
    "not": lambda _: "is of a form that is not allowed",
}


def _words(error: "SchemaViolation | SchemaError") -> str:
    given = cast("Any", error.validator_value)
    value = cast("Any", error.instance)
    name = str(error.validator)
    if name == "required":  # the library gives one violation for each missing field
        missing = [field for field in given if error.message.startswith(repr(field))]
        return f"'{missing[0]}' is missing" if missing else "something is missing"
    if name in {"additionalProperties", "unevaluatedProperties"}:
        known = as_object(as_object(error.schema).get("properties"))
        extra = [f"'{field}'" for field in as_object(value) if field not in known]
        return f"it has fields that are not in the schema: {', '.join(extra)[:_WIDTH]}"
    words = _WORDS.get(name)
    return f"{_shown(value)} {words(given) if words else 'is not allowed here'}"


def _schema_words(error: "SchemaError") -> str:
    """What is wrong with a schema; its `type` is where most slips are."""
    place = list(error.absolute_path)
    if place and place[-1] == "type":
        return f"{_shown(error.instance)} is no type; the types are {', '.join(_TYPES)}"
    return _words(error)


_TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")


def convert(schema: Mapping[str, Any], words: str) -> Any:
    """What a person typed, as the type that a schema wants: `12` is a number where one is wanted.

    Text that cannot be converted stays text; checking it then says what is wrong.
    """
    text = words.strip()
    kind = _kind(schema.get("type"))
    if kind == "integer":
        return int(text) if _INTEGER.fullmatch(text) else text
    if kind == "number":
        number = float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else math.nan
        return number if math.isfinite(number) else text
    if kind == "boolean":
        return _TRUTH.get(text.casefold(), text)
    choices = schema.get("enum")
    if isinstance(choices, list):
        folded = {str(item).casefold(): item for item in cast("list[Any]", choices)}
        return folded.get(text.casefold(), text)
    return text


def _kind(given: Any) -> Any:
    """The one type that is wanted besides null."""
    kinds = [kind for kind in as_list(given) or [given] if kind != "null"]
    return kinds[0] if len(kinds) == 1 else None


_INTEGER = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"[+-]?\d*[.,]?\d+(?:[eE][+-]?\d{1,3})?")
_TRUTH = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False,
    "0": False, "sí": True, "si": True, "ja": True, "nein": False}  # fmt: skip
