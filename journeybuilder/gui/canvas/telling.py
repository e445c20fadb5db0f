"""What nodes and wires are in words: for tooltips and for screen readers."""

from PySide6.QtCore import QPointF

from journeybuilder.document.drawings import NOTE, Drawing
from journeybuilder.gui.canvas.badges import badge_boxes, badges_of
from journeybuilder.gui.canvas.items import NodeItem
from journeybuilder.gui.canvas.layers import Badge
from journeybuilder.gui.canvas.model import PortView, WireKey
from journeybuilder.gui.canvas.scene import CanvasScene
from journeybuilder.gui.look.language import noop, tr, trn

_STATES = {
    "running": noop("running now"),
    "waiting": noop("waiting"),
    "done": noop("done"),
    "failed": noop("failed"),
}
_STYLES = {"error": noop("way of an error"), "timeout": noop("way of a time-out")}


def described(board: CanvasScene, node_id: str) -> str:
    """A node in one sentence, for screen readers and tooltips."""
    drawing = board.drawings.items.get(node_id)
    if drawing is not None:
        held = board.drawings.members(node_id)
        return drawing_words(drawing.drawing, len(held & board.nodes.keys()))
    item = board.nodes[node_id]
    return ", ".join(part for part in (named(item), *_details(item)) if part)


def drawing_words(drawing: Drawing, steps: int) -> str:
    """A frame or note in one sentence; `steps` is how many nodes are in a frame."""
    if drawing.what == NOTE:
        return tr("Note: {text}", text=drawing.text or tr("empty"))
    inside = trn("{n} step", "{n} steps", steps)
    return tr("Frame {title} with {inside}", title=drawing.text or tr("Group"), inside=inside)


def named(item: NodeItem) -> str:
    """What a node is called, with its kind."""
    view = item.view
    return tr("{title} ({kind})", title=view.title, kind=view.kind)


def _details(item: NodeItem) -> list[str]:
    view = item.view
    parts = [view.line]
    if view.ports:
        wired = sum(1 for port in view.ports if port.target)
        parts.append(tr("{wired} of {all} ways out connected", wired=wired, all=len(view.ports)))
    shown = badges_of(view, item.mark)
    parts += [badge.word for badge in (*shown.head, *shown.facts)]
    parts += [tr("start of the journey")] if "start" in view.badges else []
    parts += [item.mark.caption]
    parts += [tr(_STATES[item.state]) if item.state in _STATES else item.state]
    return [*parts, *item.mark.notes]


def node_tip(item: NodeItem, at: QPointF) -> str:
    """The tooltip of a node at a place of the scene: a badge's own one, else all about the node."""
    inside = at - item.pos()
    for box, badges in badge_boxes(badges_of(item.view, item.mark)):
        if box.adjusted(-2, -3, 2, 3).contains(inside):
            return "\n".join(map(_tip, badges))
    head, *parts = (named(item), *_details(item))
    notes = item.mark.notes
    line = ", ".join(part for part in parts if part and part not in notes)
    return "\n".join(part for part in (head, line, *notes) if part)


def _tip(badge: Badge) -> str:
    return badge.tip or badge.word


def wire_words(board: CanvasScene, key: WireKey) -> str:
    """A wire in one sentence: where it starts, by which way, where it leads, what is marked on it."""
    wire = board.wires[key]
    port = _port_of(board, key)
    label = port.label if port is not None and port.label else key[1]
    words = tr(
        "{port} of {source} leads to {target}",
        port=label,
        source=board.view_of(key[0]).title,
        target=board.view_of(wire.target).title,
    )
    style = tr(_STYLES[wire.style]) if wire.style in _STYLES else ""
    return ", ".join(part for part in (words, style, wire.mark.tip or wire.mark.label) if part)


def wire_label(board: CanvasScene, key: WireKey) -> str:
    """A wire in a few words: the way out and where it leads."""
    port = _port_of(board, key)
    label = port.label if port is not None else ""
    return f"{label or key[1]} → {board.view_of(board.wires[key].target).title}"


def _port_of(board: CanvasScene, key: WireKey) -> PortView | None:
    ports = board.view_of(key[0]).ports
    return next((port for port in ports if port.name == key[1]), None)


def wire_tip(board: CanvasScene, key: WireKey) -> str:
    """The tooltip of a wire: what is marked on it; empty where nothing is."""
    mark = board.wires[key].mark
    return mark.tip or mark.label
