"""The plain values that travel between files, expressions, tools and the store."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, TypeAlias, cast

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = Mapping[str, Json]


def canonical(value: object) -> str:
    """One text for equal JSON values: sorted keys, no blanks, no escapes beyond JSON's own.

    Raises:
        TypeError: When a value is none of JSON's types.
        ValueError: When a number is NaN or infinite.
    """
    return _CANONICAL.encode(value)


_CANONICAL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
)
_FEW = 64
_SHORT = 1_000
_WHOLE = 64


def is_small(value: object) -> bool:
    """Whether a value is plain JSON of few and short parts, as most are; False where it may not be."""
    rest = [value]
    for _ in range(_FEW):
        part = rest.pop()
        if isinstance(part, dict):
            fields = cast("dict[object, object]", part)
            rest += fields.keys()
            rest += fields.values()
        elif isinstance(part, list):
            rest += cast("list[object]", part)
        elif not _is_short(part):
            return False
        if not rest:
            return True
    return False


def _is_short(part: object) -> bool:
    if isinstance(part, str):
        return len(part) <= _SHORT
    if isinstance(part, float):
        return isfinite(part)
    if isinstance(part, int):
        return part.bit_length() <= _WHOLE
    return part is None


def digest(value: object) -> str:
    """SHA-256 of the canonical text, as `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(canonical(value).encode()).hexdigest()


def as_object(value: object) -> Mapping[str, Any]:
    """The value where it is a JSON object, else an empty one."""
    if isinstance(
        value, dict | str
    ):  # most are one of these, and a protocol takes longer to ask for
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def as_list(value: object) -> Sequence[Any]:
    """The value where it is a JSON array, else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


DEEPEST = 100
"""Levels of lists and objects in each other, as many as a file of a workspace may have."""


def is_deep(value: object) -> bool:
    """Whether a value has more levels than whoever works with it later can walk."""
    level: list[Any] = [value]
    for _ in range(DEEPEST + 1):
        level = [item for each in level for item in (*as_object(each).values(), *as_list(each))]
        if not level:
            return False
    return True
