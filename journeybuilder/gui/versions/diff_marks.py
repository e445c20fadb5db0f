"""What differs between two versions of a journey, as marks on the canvas and as edits that take it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from journeybuilder.document.diff import ABSENT, Change, diff_journeys, diff_layouts
from journeybuilder.document.edit import value_at
from journeybuilder.document.model import Journey, Layout
from journeybuilder.gui.canvas.layers import DIFF, Badge, Layer, NodeMark, Tone, WireMark
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.journey.journal import Draft, Edit
from journeybuilder.gui.journey.three_way import Pair, journey_of, says
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.versions.shown_draft import union
from journeybuilder.kinds import ports_of

Look = tuple[str, str, Tone]
LOOKS: Mapping[str, Look] = {
    "node_added": ("add", noop("added"), "ok"),
    "node_removed": ("remove", noop("removed"), "error"),
    "node_renamed": ("pencil", noop("renamed"), "accent"),
    "kind_changed": ("pencil", noop("changed"), "warning"),
    "setting_changed": ("pencil", noop("changed"), "warning"),
    "reordered": ("pencil", noop("changed"), "warning"),
    "rewired": ("branch", noop("leads elsewhere"), "accent"),
    "moved": ("moved", noop("moved"), "muted"),
}
"""Icon, word and tone of each kind of change; others are changes of the journey as a whole."""
OTHER: Look = ("settings", noop("journey"), "muted")


@dataclass(frozen=True)
class Sight:
    """Two versions beside each other.

    Attributes:
        old: The version before.
        new: The version after.
        changes: What differs, in words.
        shown: The new one with the nodes that are gone.
        layer: Marks on it.
    """

    old: Draft
    new: Draft
    changes: Sequence[Change]
    shown: Draft
    layer: Layer


def draft_of(pair: Pair) -> Draft:
    """What two texts say.

    Raises:
        AuthorError: When the journey's text cannot be read.
    """
    return Draft(journey_of(pair.journey), Layout(says(pair.layout)))


def compared(old: Draft, new: Draft) -> Sight:
    """Two versions beside each other; may run in any thread."""
    changes = [*diff_journeys(old.journey, new.journey, ports_of)]
    moved = [one for one in diff_layouts(old.layout, new.layout) if one.what == "moved"]
    changes += [one for one in moved if one.node in new.journey.nodes]
    gone = [one.node for one in changes if one.what == "node_removed"]
    shown = union(old, new, gone)
    return Sight(old, new, changes, shown, layer_of(changes, old.journey, shown.journey))


def layer_of(changes: Sequence[Change], old: Journey, shown: Journey) -> Layer:
    """Marks for changes."""
    nodes: dict[str, NodeMark] = {}
    wires: dict[WireKey, WireMark] = {}
    for one in changes:
        if one.what == "rewired":
            wires.update(_wire(one, shown))
        elif one.node and one.what in LOOKS:
            nodes[one.node] = _node(nodes.get(one.node), one)
    for name in [name for name, mark in nodes.items() if mark.ring == "error"]:
        gone = old.nodes.get(name)
        for port in ports_of(gone) if gone is not None else ():
            wires[name, port.name] = WireMark("error", 1.6, "dash")
    return Layer(nodes, wires, DIFF)


def _node(mark: NodeMark | None, change: Change) -> NodeMark:
    icon, word, tone = LOOKS[change.what]
    badge = Badge(icon, tr(word), tone, change.words)
    if mark is None:
        strong = change.what in ("node_added", "node_removed")
        return NodeMark(
            (badge,), "" if change.what == "moved" else tone, change.what == "node_removed",
            tone if strong else "", tr(word) if strong else "", tone if strong else "",
            notes=(change.words,),
        )  # fmt: skip
    badges = mark.badges if any(one.icon == icon for one in mark.badges) else (*mark.badges, badge)
    return replace(mark, badges=badges, ring=mark.ring or tone, notes=(*mark.notes, change.words))


def _wire(change: Change, shown: Journey) -> Mapping[WireKey, WireMark]:
    node = shown.nodes.get(change.node)
    found = [port for port in ports_of(node) if port.path == change.path[2:]] if node else []
    if not found:
        return {}
    was = change.before if isinstance(change.before, str) else ""
    words = tr("was: {node}", node=was) if was else tr("new")
    return {
        (change.node, found[0].name): WireMark(
            "accent", 2.6, "solid", words, "branch", tip=change.words
        )
    }


# --- taking one change back --------------------------------------------------------------------


def edits_back(change: Change, old: Draft, now: Journey) -> list[Edit]:
    """Edits that make one place say again what the old version says there.

    Args:
        change: From the old version to what is shown now.
        old: The old version.
        now: What is shown now.
    """
    match change.what:
        case "node_added":
            return [Edit("remove", {"ids": [change.node]})] if change.node in now.nodes else []
        case "node_removed":
            return _put_back(change, old)
        case "node_renamed":
            return [Edit("rename", {"old": change.node, "new": str(change.before)})]
        case "moved":
            at = old.layout.positions.get(change.node)
            return [Edit("move", {"positions": {change.node: list(at)}})] if at else []
        case _:
            return _value_back(change, now)


def _put_back(change: Change, old: Draft) -> list[Edit]:
    edits = [Edit("set", {"path": ["nodes", change.node], "value": change.before})]
    at = old.layout.positions.get(change.node)
    if at is not None:
        edits.append(Edit("move", {"positions": {change.node: list(at)}}))
    return edits


def _value_back(change: Change, now: Journey) -> list[Edit]:
    path = list(change.path)
    if change.before is ABSENT:
        return [Edit("unset", {"path": path})]
    around: Any = value_at(now.data, change.path[:-1]) if change.path else None
    last = path[-1] if path else None
    if change.after is ABSENT and isinstance(around, list) and isinstance(last, int):
        items = [*cast("list[Any]", around)]
        items.insert(last, change.before)
        return [Edit("set", {"path": path[:-1], "value": items})]
    return [Edit("set", {"path": path, "value": change.before})]
