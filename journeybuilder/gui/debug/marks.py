"""Breakpoints and the place where a run stands, as layers of the canvas."""

from collections.abc import Iterable, Mapping, Sequence

from journeybuilder.gui.canvas.layers import RUN, Badge, Layer, NodeMark, WireMark
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.look.language import tr
from journeybuilder.rehearse.debug.breakpoints import Breakpoint

LAYER, HERE = "breakpoints", "debug here"
_UPPERMOST = RUN + 10


def icon_of(point: Breakpoint) -> str:
    """A full disc, one with a sign where there is a condition, a ring with a stroke where it is off."""
    if not point.enabled:
        return "breakpoint-off"
    return "breakpoint-if" if point.when else "breakpoint"


def word_of(point: Breakpoint) -> str:
    """What it is in a few words."""
    if not point.enabled:
        return tr("breakpoint, off")
    return tr("breakpoint with a condition") if point.when else tr("breakpoint")


def tip_of(point: Breakpoint) -> str:
    """What it does, in a sentence."""
    if not point.enabled:
        return tr("A breakpoint that is off: a rehearsal passes it.")
    if point.when:
        return tr("A rehearsal stops here when {condition} holds.", condition=point.when)
    return tr("A rehearsal stops here.")


def _badge(point: Breakpoint) -> Badge:
    tone = "error" if point.enabled else "muted"
    return Badge(icon_of(point), word_of(point), tone, tip_of(point))


def breakpoints_layer(points: Iterable[Breakpoint]) -> Layer:
    """The marks of the breakpoints of a journey."""
    nodes: dict[str, NodeMark] = {}
    wires: dict[WireKey, WireMark] = {}
    for one in points:
        if one.kind == "node":
            nodes[one.node] = NodeMark(badges=(_badge(one),))
        elif one.kind == "edge":
            tone = "error" if one.enabled else "muted"
            wires[one.node, one.port] = WireMark(tone, icon=icon_of(one), tip=tip_of(one))
    return Layer(nodes, wires, _UPPERMOST)


def here_layer(nodes: Sequence[str], words: str, states: Mapping[str, str]) -> Layer:
    """Where a run stands: at nodes that it has come to and not begun, mostly one.

    Args:
        nodes: Their ids.
        words: Why it stands there.
        states: Live states; a node that has one has a ring already.
    """
    badge = Badge("debug-here", tr("the rehearsal stands here"), "accent", words)
    marks = {
        node: NodeMark(badges=(badge,), ring="" if node in states else "accent") for node in nodes
    }
    return Layer(marks, {}, _UPPERMOST + 1)
