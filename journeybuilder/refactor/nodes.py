"""Renames a node in all files that name it; copies nodes and pastes them, here or elsewhere."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.document.edit import (
    add_node,
    disconnect,
    fresh_id,
    rename_node,
    renamed_targets,
)
from journeybuilder.document.findings import near
from journeybuilder.document.layout import rename_in_layout
from journeybuilder.document.model import Journey, Layout, mapping
from journeybuilder.errors import AuthorError
from journeybuilder.kinds import ports_of


@dataclass(frozen=True)
class Renamed:
    """A journey and the files about it, with a node under another id.

    Attributes:
        scenarios: What the scenarios of the journey that name the node say now, by their keys.
    """

    journey: Journey
    layout: Layout
    scenarios: Mapping[str, Mapping[str, Any]]


def rename_everywhere(
    journey: Journey,
    layout: Layout,
    scenarios: Mapping[str, Mapping[str, Any]],
    old: str,
    new: str,
) -> Renamed:
    """Give a node another id in the journey, its layout and the scenarios that rehearse it.

    Args:
        journey: The journey.
        layout: Its layout.
        scenarios: Scenarios by any key; those of other journeys are left alone.
        old: The node's id.
        new: Its new id.

    Raises:
        AuthorError: When there is no such node, or the new id is taken or cannot be one.
    """
    changed: dict[str, Mapping[str, Any]] = {}
    for name, data in scenarios.items():
        if data.get("journey") == journey.id:
            after = rename_in_scenario(data, old, new)
            if after is not data:
                changed[name] = after
    return Renamed(
        rename_node(journey, old, new, ports_of), rename_in_layout(layout, old, new), changed
    )


def rename_in_scenario(data: Mapping[str, Any], old: str, new: str) -> Mapping[str, Any]:
    """What a scenario says with a node under another id, in `people:` and in expected paths."""
    out = dict(data)
    people = mapping(data.get("people"))
    if old in people:
        out["people"] = {new if name == old else name: item for name, item in people.items()}
    if isinstance(data.get("expect"), list):
        expect = cast("list[Any]", data["expect"])
        after = [_in_path(item, old, new) for item in expect]
        if after != expect:
            out["expect"] = after
    return data if out == data else out


def _in_path(item: Any, old: str, new: str) -> Any:
    path = mapping(item).get("path")
    if path == old:
        return {**item, "path": new}
    if not isinstance(path, list) or old not in path:
        return item
    names = cast("list[Any]", path)
    return {**item, "path": [new if name == old else name for name in names]}


@dataclass(frozen=True)
class Clip:
    """Copied nodes.

    Attributes:
        journey: The id of the journey they come from.
        nodes: What the file says of each, by id.
        places: Where they were, by id.
    """

    journey: str
    nodes: Mapping[str, Any]
    places: Mapping[str, tuple[float, float]]

    def as_json(self) -> dict[str, Any]:
        """What a clipboard holds."""
        places = {name: list(place) for name, place in self.places.items()}
        return {"journey": self.journey, "nodes": dict(self.nodes), "places": places}


def copied(journey: Journey, layout: Layout, ids: Collection[str]) -> Clip:
    """Nodes to be pasted, in the order of the file.

    Raises:
        AuthorError: When there is no such node.
    """
    for name in ids:
        if name not in journey.nodes:
            raise AuthorError(
                f"There is no node '{name}'.", where=journey.id, hint=near(name, journey.nodes)
            )
    raw = mapping(journey.data.get("nodes"))
    wanted = [name for name in raw if name in set(ids)]
    return Clip(
        journey.id,
        {name: raw[name] for name in wanted},
        {name: layout.positions[name] for name in wanted if name in layout.positions},
    )


def pasted(journey: Journey, clip: Clip, *, after: str = "") -> tuple[Journey, dict[str, str]]:
    """The journey with copied nodes under free ids, and the new ids by the old ones.

    Wires among the copied nodes become wires among the new ones. Wires that led out of them lead to
    the same nodes in the journey they come from; in another journey they are loose, because a node
    with the same id would be another one there.
    """
    nodes = {name: mapping(raw) for name, raw in clip.nodes.items()}
    part = Journey({"nodes": nodes})
    new_ids: dict[str, str] = {}
    grown = journey
    for name in nodes:
        new_ids[name] = name if name not in grown.nodes else fresh_id(grown, name)
        grown = add_node(grown, new_ids[name], "", {})
    part = _without_loose(part, set(journey.nodes) if clip.journey == journey.id else set())
    part = renamed_targets(part, new_ids, ports_of)
    out = journey
    last = after or (list(journey.nodes)[-1] if journey.nodes else "")
    for name, node in part.nodes.items():
        out = add_node(out, name, node.kind, node.settings, after=last)
        last = name
    return out, new_ids


def _without_loose(part: Journey, kept: set[str]) -> Journey:
    """The nodes without wires to nodes that are neither among them nor in `kept`."""
    out = part
    for node in part.nodes.values():
        for port in reversed(ports_of(node)):  # the last items of lists first: they may go
            if port.target and port.target not in kept and port.target not in part.nodes:
                out = disconnect(out, node.id, port.path)
    return out
