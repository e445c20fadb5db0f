"""Gestures on wires: draw one, lead one elsewhere, cut some."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath
from typing_extensions import override

from journeybuilder.gui.canvas.geometry import crosses, wire_path
from journeybuilder.gui.canvas.gesture import Gesture, Stage, Touch
from journeybuilder.gui.canvas.gestures_move import far
from journeybuilder.gui.canvas.model import WireKey

_MAGNET = 26.0


class WireGesture(Gesture):
    """A wire drawn from a port, or taken off its card to lead elsewhere.

    Args:
        stage: Where it takes place.
        key: The port.
        detach: True where an existing wire was taken by its end; dropped on the open canvas it
            is removed, while a new wire asks what to add there.
        several: True where more wires go along: from the same way out of every selected node, or
            all that end at the same card.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self, stage: Stage, key: WireKey, *, detach: bool = False, several: bool = False
    ) -> None:
        super().__init__(stage)
        self._key = key
        self._detach = detach
        self._several = several
        self._keys = [key]
        self._target = ""
        self._dragged = False

    @override
    def start(self, touch: Touch) -> None:
        self._from = touch

    @override
    def move(self, touch: Touch) -> None:
        if not self._dragged:
            if not far(touch.pixel, self._from.pixel):
                return
            self._dragged = True
            self._keys = self._together() if self._several else [self._key]
            self._show_wires(shown=False)
            self._light()
        self._target = self._find(touch.at)
        self._draw(touch.at)

    def _together(self) -> list[WireKey]:
        """All wires that are drawn, the one that was taken first."""
        wire = self.board.wires.get(self._key)
        if self._detach and wire is not None:
            ends = self.board.arriving.get(wire.target, set())
            return [self._key, *sorted(ends - {self._key})]
        others = [self._same_way_out(node_id) for node_id in sorted(self.board.selection)]
        return [self._key, *(key for key in others if key is not None and key != self._key)]

    def _same_way_out(self, node_id: str) -> WireKey | None:
        """The port of a node that is called like the one taken, else its first normal one."""
        if node_id == self._key[0]:
            return None
        ports = self.board.nodes[node_id].view.ports
        named = [port.name for port in ports if port.name == self._key[1]]
        normal = [port.name for port in ports if port.style == "normal"]
        found = [*named, *normal]
        return (node_id, found[0]) if found else None

    def _show_wires(self, shown: bool) -> None:
        for key in self._keys:
            wire = self.board.wires.get(key)
            if wire is not None:
                wire.item.setVisible(shown)

    def _light(self) -> None:
        """Every card in sight that the wire could lead to."""
        ids = self.board.nodes_in(self.stage.visible_area())
        nodes = self.board.nodes
        self.stage.overlay.lit = [nodes[i].entry() for i in ids if self._fits(i)]

    def _fits(self, node_id: str) -> bool:
        return any(node_id != source for source, _ in self._keys)

    def _find(self, at: QPointF) -> str:
        """The card whose entry is near the pointer, else the one under it."""
        reach = self.stage.units(_MAGNET)
        for found in (self.board.entry_at(at, reach), self.board.node_at(at)):
            if found and self._fits(found):
                return found
        return ""

    def _draw(self, at: QPointF) -> None:
        overlay = self.stage.overlay
        target = self.board.nodes.get(self._target)
        drawn = QPainterPath()
        for source_id, port in self._keys:
            source = self.board.nodes[source_id]
            start = source.port_at(port)
            if target is None:
                drawn.addPath(_loose(start, at))
            elif source_id != self._target:
                drawn.addPath(wire_path(start, target.entry(), source.card(), target.card(), 0))
        overlay.wire = drawn
        overlay.tip = None if target is not None else at
        overlay.target = target.card() if target is not None else None
        self.stage.repaint_overlay()

    @override
    def end(self, touch: Touch) -> None:
        self._take_back()
        if not self._dragged:
            return
        model = self.stage.shown_model()
        if self._target:
            self._connect()
        elif self._detach:
            wired = [key for key in self._keys if key in self.board.wires]
            if len(wired) > 1:
                model.cut(wired)
            else:
                model.disconnect_port(*self._key)
        elif self.board.node_at(touch.at) != self._key[0]:
            self.stage.ask_kind(touch.at, *self._key)

    def _connect(self) -> None:
        model, wires = self.stage.shown_model(), self.board.wires
        fresh = [
            key
            for key in self._keys
            if key[0] != self._target and (key not in wires or wires[key].target != self._target)
        ]
        if len(fresh) == 1:
            model.connect_port(*fresh[0], self._target)
        elif fresh:
            model.connect_ports(fresh, self._target)

    @override
    def cancel(self) -> None:
        self._take_back()

    def _take_back(self) -> None:
        self._show_wires(shown=True)
        self.clear()


def _loose(start: QPointF, at: QPointF) -> QPainterPath:
    """A wire whose end hangs at the pointer."""
    return wire_path(
        start, at, QRectF(start.x() - 1, start.y(), 1, 1), QRectF(at.x(), at.y() + 99, 1, 1), 0
    )


class CutGesture(Gesture):
    """Alt and Shift: a stroke that cuts every wire it crosses."""

    cursor = Qt.CursorShape.CrossCursor
    scrolls = False

    @override
    def start(self, touch: Touch) -> None:
        self._points = [touch.at]
        self._cut: list[WireKey] = []

    @override
    def move(self, touch: Touch) -> None:
        before, after = self._points[-1], touch.at
        self._points.append(after)
        box = QRectF(before, after).normalized().adjusted(-1, -1, 1, 1)
        for wire in self.board.wires_in(box):
            if wire.key not in self._cut and crosses(wire.item.path(), before, after):
                self._cut.append(wire.key)
        overlay = self.stage.overlay
        overlay.stroke = list(self._points)
        overlay.cut = [self.board.wires[key].item.path() for key in self._cut]
        self.stage.repaint_overlay()

    @override
    def end(self, touch: Touch) -> None:
        self.clear()
        if self._cut:
            self.stage.shown_model().cut(self._cut)

    @override
    def cancel(self) -> None:
        self.clear()
