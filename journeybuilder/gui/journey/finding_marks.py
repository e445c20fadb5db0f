"""Findings as a layer of the canvas: how many a node has, and the wire that one is about."""

from collections.abc import Iterable, Mapping, Sequence

from journeybuilder.document.findings import Finding
from journeybuilder.document.model import Journey, Node
from journeybuilder.gui.canvas.layers import FINDINGS, Badge, Layer, NodeMark, Tone, WireMark
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import trn
from journeybuilder.kinds import ports_of

LAYER = "findings"
_MOST = 5
_BELOW = 2  # nodes, its id; what is below names a setting


def findings_layer(findings: Iterable[Finding], journey: Journey) -> Layer:
    """The marks of what is wrong with a journey."""
    by_node: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.node in journey.nodes:
            by_node.setdefault(finding.node, []).append(finding)
    nodes: dict[str, NodeMark] = {}
    wires: dict[WireKey, WireMark] = {}
    for node_id, found in by_node.items():
        nodes[node_id] = NodeMark(badges=tuple(_badges(found)))
        wires.update(_wires(journey.nodes[node_id], found))
    return Layer(nodes, wires, FINDINGS)


def _badges(found: Sequence[Finding]) -> Iterable[Badge]:
    errors = [one for one in found if one.severity == "error"]
    warnings = [one for one in found if one.severity == "warning"]
    if errors:
        word = trn("{n} error", "{n} errors", len(errors))
        yield Badge("problem", word, "error", _told(errors))
    if warnings:
        word = trn("{n} warning", "{n} warnings", len(warnings))
        yield Badge("warning", word, "warning", _told(warnings))


def _told(found: Sequence[Finding]) -> str:
    """The messages, each once, at most a few."""
    messages = list(dict.fromkeys(said(one.message) for one in found))
    more = len(messages) - _MOST
    end = [trn("and {n} more", "and {n} more", more)] if more > 0 else []
    return "\n".join([*messages[:_MOST], *end])


def _wires(node: Node, found: Sequence[Finding]) -> Mapping[WireKey, WireMark]:
    """Wires of ports that a finding names."""
    if not any(len(one.path) > _BELOW for one in found):
        return {}
    ports = {port.path: port for port in ports_of(node) if port.target}
    marks: dict[WireKey, WireMark] = {}
    for one in found:
        port = ports.get(tuple(one.path[2:]))
        if port is None:
            continue
        key = (node.id, port.name)
        before = marks.get(key)
        if before is not None:
            marks[key] = WireMark(
                before.tone, 2.0, icon=before.icon, tip=f"{before.tip}\n{said(one.message)}"
            )
            continue
        tone: Tone = "error" if one.severity == "error" else "warning"
        icon = "problem" if tone == "error" else "warning"
        marks[key] = WireMark(tone, 2.0, icon=icon, tip=said(one.message))
    return marks
