"""The plain values that travel between files, expressions, tools and the store."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = Mapping[str, Json]


def canonical(value: object) -> str:
    """One text for equal JSON values: sorted keys, no blanks, no escapes beyond JSON's own.

    Raises:
        TypeError: When a value is none of JSON's types.
        ValueError: When a number is NaN or infinite.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


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
