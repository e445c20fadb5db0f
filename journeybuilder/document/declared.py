"""Reads plain values into frozen dataclasses by their declared types, and says what does not fit.

A declaration uses `str`, `int`, `float`, `bool`, `Any`, `tuple[X, ...]`, `Mapping[str, X]`, other such
dataclasses, and unions of these. What does not fit keeps the field's default.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from journeybuilder.document import rules
from journeybuilder.document.findings import Path, Problem, choices, near
from journeybuilder.document.model import kind_words, mapping

T = TypeVar("T")
Report = Callable[[Problem], object]
_UNFIT = object()
_WORDS: Mapping[object, str] = {
    str: "a text", bool: "true or false", int: "a whole number", float: "a number",
    tuple: "a list", Mapping: "a mapping",
}  # fmt: skip


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(cast("Any", kind))}


def read_entry(kind: type[T], raw: object, path: Path, report: Report) -> T:
    """One entry of a file; what does not fit its declaration is reported and left out.

    Args:
        kind: A dataclass whose fields all have defaults. With `OPEN = True` only keys that look like
            a slip of a known one are reported.
        raw: What the file says.
        path: Where, from the file's root.
        report: Takes each problem.
    """
    hints = _hints(kind)
    values: dict[str, Any] = {}
    for key, value in mapping(raw).items():
        below: Path = (*path, key)
        if key not in hints:
            hint = near(key, hints)
            if hint or not getattr(kind, "OPEN", False):
                hint = hint or f"Known here are: {choices(hints, limit=len(hints))}."
                message = f"'{_name(path)}' has no key '{key}'."
                report(Problem(rules.UNKNOWN_KEY, below, message, hint, at_key=True))
            continue
        read = _value(hints[key], value, below, report)
        if read is not _UNFIT:
            values[key] = read
    return kind(**values)


def read_entries(kind: type[T], raw: object, path: Path, report: Report) -> dict[str, T]:
    """A mapping of entries by name."""
    out = _value(Mapping[str, kind], raw, path, report)
    return {} if out is _UNFIT else out


def _value(hint: Any, value: Any, path: Path, report: Report) -> Any:
    """The value as declared; `_UNFIT` after a report where it is none."""
    for kind in _kinds(hint):
        read = _as(kind, value, path, report)
        if read is not _UNFIT:
            return read
    words = " or ".join(_type_words(kind) for kind in _kinds(hint))
    message = f"`{_name(path)}` has to be {words}, and is {kind_words(value)}."
    report(Problem(rules.WRONG_TYPE, path, message, _advice(hint, value, path)))
    return _UNFIT


def _kinds(hint: Any) -> list[Any]:
    if get_origin(hint) in (types.UnionType, Union):
        return [kind for kind in get_args(hint) if kind is not types.NoneType]
    return [hint]


def _as(kind: Any, value: Any, path: Path, report: Report) -> Any:
    origin = get_origin(kind) or kind
    if kind is Any:
        return value
    if is_dataclass(origin):
        if not isinstance(value, Mapping):
            return _UNFIT
        return read_entry(cast("type[Any]", kind), cast("object", value), path, report)
    if origin is tuple:
        return _items(get_args(kind)[0], value, path, report)
    if origin is Mapping:
        if not isinstance(value, Mapping):
            return _UNFIT
        inner = get_args(kind)[-1]
        read = {
            name: _value(inner, item, (*path, name), report)
            for name, item in mapping(cast("object", value)).items()
        }
        return {name: item for name, item in read.items() if item is not _UNFIT}
    return value if _is_scalar(value, origin) else _UNFIT


def _items(inner: Any, value: Any, path: Path, report: Report) -> Any:
    if not isinstance(value, list):
        return _UNFIT
    items = enumerate(cast("list[Any]", value))
    read = [_value(inner, item, (*path, index), report) for index, item in items]
    return tuple(item for item in read if item is not _UNFIT)


def _is_scalar(value: Any, kind: Any) -> bool:
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    return isinstance(value, int | float if kind is float else kind)


def _type_words(kind: Any) -> str:
    origin: Any = get_origin(kind) or kind
    if origin is tuple and get_args(kind)[0] is str:
        return "a list of texts"
    return "a mapping" if is_dataclass(origin) else _WORDS.get(cast("object", origin), "a value")


def _name(path: Path) -> str:
    if not path:
        return "the file"
    named = next((part for part in reversed(path) if isinstance(part, str)), "")
    return f"{named}[{path[-1]}]" if isinstance(path[-1], int) else named


def _advice(hint: Any, value: Any, path: Path) -> str:
    key, simple = _name(path), isinstance(value, str | int | float)
    wanted = get_origin(_kinds(hint)[0]) or _kinds(hint)[0]
    if wanted is str and simple and not isinstance(value, str):
        return f'Put it in quotes: "{value}".'
    if wanted is tuple and simple:
        return f"Write `{key}: [{value}]`."
    if wanted is bool:
        return f"Write `{key}: true` or `{key}: false`."
    return rules.WRONG_TYPE.mend
