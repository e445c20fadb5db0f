"""Values as people read them."""

import json
from collections.abc import Mapping
from typing import Any, cast


def headline(name: str) -> str:
    """A name of the file as words: `order_id` is `Order id`."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def as_text(value: Any) -> str:
    """A value for people: text as it is, else a line per part, what is inside indented."""
    return "\n".join(_lines(value))


def _lines(value: Any) -> list[str]:
    if isinstance(value, Mapping) and value:
        parts = cast("Mapping[Any, Any]", value).items()
        return [line for key, inner in parts for line in _headed(f"{key}:", inner)]
    if isinstance(value, list) and value:
        items = cast("list[Any]", value)
        return [line for item in items for line in _listed(_lines(item))]
    return [value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)]


def _headed(head: str, value: Any) -> list[str]:
    inner = _lines(value)
    if len(inner) == 1 and not (isinstance(value, Mapping | list) and value):
        return [f"{head} {inner[0]}"]
    return [head, *(f"    {line}" for line in inner)]


def _listed(lines: list[str]) -> list[str]:
    return [f"\u2022 {lines[0]}", *(f"   {line}" for line in lines[1:])]
