"""The canonical order of keys."""

from collections.abc import Iterable, Mapping
from typing import Any

from journeybuilder.document import forms
from journeybuilder.document.model import mapping

_NODE_FIRST = ("kind", "title", "note")
_NODE_LAST = (
    "next", "body", "pass", "fail", "yes", "no", "otherwise", "on_invalid", "on_failed",
    "on_limit", "on_handoff", "on_return", "on_unavailable", "on_timeout", "on_error",
)  # fmt: skip


def in_order(data: Mapping[str, Any]) -> dict[str, Any]:
    """A file's data with its top-level keys in the order of its form, unknown ones behind.

    Nodes begin with their kind and end with their ways out; what is between keeps its order, which
    is its author's.
    """
    form = forms.form_like(data)
    out = _sorted(data, ("journeybuilder", *form.keys), ())
    if form is forms.JOURNEY and isinstance(data.get("nodes"), Mapping):
        nodes = mapping(data["nodes"])
        out["nodes"] = {
            name: _sorted(mapping(raw), _NODE_FIRST, _NODE_LAST) if mapping(raw) else raw
            for name, raw in nodes.items()
        }
    return out


def _sorted(data: Mapping[str, Any], first: Iterable[str], last: Iterable[str]) -> dict[str, Any]:
    head = [name for name in first if name in data]
    tail = [name for name in last if name in data]
    middle = [name for name in data if name not in head and name not in tail]
    return {name: data[name] for name in (*head, *middle, *tail)}
