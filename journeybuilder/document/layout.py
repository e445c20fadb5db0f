"""Every change of a layout, as a pure function from a layout to a layout.

A layout file says `journeybuilder: 1`, `layout: JOURNEY`, `nodes: {ID: {at: [x, y]}}`; positions are
whole scene units, so that a drag by less than a unit changes no line.
"""

from collections.abc import Collection, Mapping
from typing import Any

from journeybuilder.document.model import FORMAT_VERSION, Layout, mapping


def new_layout(journey: str) -> Layout:
    """The layout of a journey in which nothing has a place yet."""
    return Layout({"journeybuilder": FORMAT_VERSION, "layout": journey, "nodes": {}})


def move(layout: Layout, positions: Mapping[str, tuple[float, float]]) -> Layout:
    """The layout with nodes at other places; what else it says about them stays."""
    nodes = dict(_nodes(layout))
    for name, (x, y) in positions.items():
        nodes[name] = {**mapping(nodes.get(name)), "at": [round(x), round(y)]}
    return written(layout, "nodes", nodes)


def forget(layout: Layout, ids: Collection[str]) -> Layout:
    """The layout without some nodes."""
    kept = {name: raw for name, raw in _nodes(layout).items() if name not in ids}
    return written(layout, "nodes", kept)


def rename_in_layout(layout: Layout, old: str, new: str) -> Layout:
    """The layout with what it says about a node under the node's new id, in the same place."""
    renamed = {
        new if name == old else name: raw
        for name, raw in _nodes(layout).items()
        if name != new or old not in _nodes(layout)
    }
    return written(layout, "nodes", renamed)


def _nodes(layout: Layout) -> Mapping[str, Any]:
    return mapping(layout.data.get("nodes"))


def written(layout: Layout, key: str, value: Any) -> Layout:
    """The layout with another value at its top; None removes the key."""
    version = {} if "journeybuilder" in layout.data else {"journeybuilder": FORMAT_VERSION}
    data = {**version, **layout.data, key: value}
    if value is None:
        del data[key]
    return Layout(data)
