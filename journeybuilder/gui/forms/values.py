"""Nested plain values: read at a path, changed copy at a path. Knows no Qt."""

from collections.abc import Mapping
from typing import Any, cast

from journeybuilder.gui.forms.base import UNSET, Path


def get_in(value: Any, path: Path) -> Any:
    """The value at a path, UNSET where there is none."""
    for key in path:
        if isinstance(value, Mapping):
            value = cast("Mapping[Any, Any]", value).get(key, UNSET)
        elif isinstance(value, list) and isinstance(key, int):
            items = cast("list[Any]", value)
            value = items[key] if 0 <= key < len(items) else UNSET
        else:
            return UNSET
    return value


def set_in(value: Any, path: Path, new: Any) -> Any:
    """A copy with another value at a path; UNSET removes the key, and mappings that get empty by it."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if isinstance(value, list) and isinstance(key, int):
        items = list(cast("list[Any]", value))
        items[key] = set_in(items[key], rest, new)
        return [item for item in items if item is not UNSET]
    out = dict(cast("Mapping[Any, Any]", value)) if isinstance(value, Mapping) else {}
    changed = set_in(out.get(key, UNSET), rest, new)
    if changed is UNSET or (new is UNSET and rest and changed == {}):
        out.pop(key, None)
    else:
        out[key] = changed
    return out
