"""What scenarios have taken of a journey, as marks on the canvas."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from journeybuilder.document.model import Journey
from journeybuilder.gui.canvas.layers import MEASURES, Layer, NodeMark, WireMark
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.kinds import ports_of

if TYPE_CHECKING:
    from journeybuilder.rehearse.coverage import Coverage

LAYER = "coverage"
_UNKNOWN = "?"
_THIN, _THICK = 1.6, 5.0
_STEP = 0.6  # pixels that a wire gets wider each time its count doubles


def heat_layer(journey: Journey, coverage: "Coverage") -> Layer:
    """How often each step and wire was taken; what never was is pale, dashed and says so.

    Args:
        journey: As it is shown.
        coverage: What was taken of it; what came into the journey since then is marked as not known.
    """
    visits = {place.node: count for place, count in coverage.visits.items()}
    nodes = {node: _node(visits.get(node)) for node in journey.nodes}
    passed = {(edge.node, edge.port): count for edge, count in coverage.passed.items()}
    targets = {(edge.node, edge.port): way.target for edge, way in coverage.ways.items()}
    wires: dict[WireKey, WireMark] = {}
    for node in journey.nodes.values():
        for port in ports_of(node):
            key = (node.id, port.name)
            if port.target:
                same = targets.get(key) == port.target
                wires[key] = _wire(passed.get(key) if same else None)
    return Layer(nodes, wires, MEASURES)


def _node(count: int | None) -> NodeMark:
    if count is None:
        return NodeMark(
            caption=_UNKNOWN, caption_tone="waiting", ring="waiting", dashed=True,
            notes=(tr("Not known: it is new since the scenarios ran."),),
        )  # fmt: skip
    if not count:
        return NodeMark(
            ring="muted", dashed=True, caption=times(0), caption_tone="muted", faded=True,
            notes=(tr("No scenario comes here."),),
        )  # fmt: skip
    words = trn("Scenarios came here {n} time.", "Scenarios came here {n} times.", count)
    return NodeMark(tint="ok", caption=times(count), caption_tone="ok", notes=(words,))


def _wire(count: int | None) -> WireMark:
    if count is None:
        tip = tr("Not known: it is new since the scenarios ran.")
        return WireMark("waiting", _THIN, "dot", _UNKNOWN, tip=tip)
    if not count:
        return WireMark(
            "muted", _THIN, "dash", times(0), faded=True, tip=tr("No scenario takes it.")
        )
    tip = trn("Scenarios took it {n} time.", "Scenarios took it {n} times.", count)
    return WireMark("ok", width_of(count), "solid", times(count), tip=tip)


def width_of(count: int) -> float:
    """How wide a wire is in pixels that was taken so often: a bit wider each time it doubles."""
    return min(_THICK, _THIN + _STEP * (count.bit_length() - 1) + 0.4)


def times(count: int) -> str:
    """How often, in a few characters."""
    return f"{count}\u00d7"


def totals(coverage: "Coverage") -> Mapping[str, tuple[int, int]]:
    """What was taken of what there is, by its kind."""
    return {
        "nodes": tuple(coverage.node_count),
        "edges": tuple(coverage.edge_count),
        "errors": tuple(coverage.error_count),
        "cases": tuple(coverage.case_count),
    }  # type: ignore[dict-item]
