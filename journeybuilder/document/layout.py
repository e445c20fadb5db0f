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
    return _with(layout, nodes)


def forget(layout: Layout, ids: Collection[str]) -> Layout:
    """The layout without some nodes."""
    return _with(layout, {name: raw for name, raw in _nodes(layout).items() if name not in ids})


def rename_in_layout(layout: Layout, old: str, new: str) -> Layout:
    """The layout with what it says about a node under the node's new id, in the same place."""
    renamed = {
        new if name == old else name: raw
        for name, raw in _nodes(layout).items()
        if name != new or old not in _nodes(layout)
    }
    return _with(layout, renamed)


def _nodes(layout: Layout) -> Mapping[str, Any]:
    return mapping(layout.data.get("nodes"))


def _with(layout: Layout, nodes: Mapping[str, Any]) -> Layout:
    version = {} if "journeybuilder" in layout.data else {"journeybuilder": FORMAT_VERSION}
    return Layout({**version, **layout.data, "nodes": nodes})
