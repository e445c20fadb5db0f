"""Gestures on wires: draw one, lead one elsewhere, cut some."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath
from typing_extensions import override

from journeybuilder.gui.canvas.geometry import crosses, wire_path
from journeybuilder.gui.canvas.gesture import Gesture, Stage, Touch
from journeybuilder.gui.canvas.gestures import far
from journeybuilder.gui.canvas.model import WireKey

_MAGNET = 26.0


class WireGesture(Gesture):
    """A wire drawn from a port, or taken off its card to lead elsewhere.

    Args:
        stage: Where it takes place.
        key: The port.
        detach: True where an existing wire was taken by its end; dropped on the open canvas it
            is removed, while a new wire asks what to add there.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, stage: Stage, key: WireKey, detach: bool = False) -> None:
        super().__init__(stage)
        self._key = key
        self._detach = detach
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
            self._show_wire(shown=False)
            self._light()
        self._target = self._find(touch.at)
        self._draw(touch.at)

    def _show_wire(self, shown: bool) -> None:
        wire = self.board.wires.get(self._key)
        if wire is not None:
            wire.item.setVisible(shown)

    def _light(self) -> None:
        """Every card in sight that the wire could lead to."""
        ids = self.board.nodes_in(self.stage.visible_area())
        nodes = self.board.nodes
        self.stage.overlay.lit = [nodes[i].entry() for i in ids if i != self._key[0]]

    def _find(self, at: QPointF) -> str:
        """The card whose entry is near the pointer, else the one under it."""
        reach = self.stage.units(_MAGNET)
        for found in (self.board.entry_at(at, reach), self.board.node_at(at)):
            if found and found != self._key[0]:
                return found
        return ""

    def _draw(self, at: QPointF) -> None:
        overlay = self.stage.overlay
        source = self.board.nodes[self._key[0]]
        target = self.board.nodes.get(self._target)
        end = target.entry() if target is not None else at
        box = target.card() if target is not None else QRectF(at.x(), at.y(), 1, 1)
        start = source.port_at(self._key[1])
        wire = wire_path(start, end, source.card(), box, 0) if target is not None else None
        overlay.wire = wire if wire is not None else _loose(start, at)
        overlay.tip = None if target is not None else at
        overlay.target = target.card() if target is not None else None
        self.stage.repaint_overlay()

    @override
    def end(self, touch: Touch) -> None:
        self._take_back()
        if not self._dragged:
            return
        source, port = self._key
        model = self.stage.shown_model()
        wire = self.board.wires.get(self._key)
        if self._target:
            if wire is None or wire.target != self._target:
                model.connect_port(source, port, self._target)
        elif self._detach:
            model.disconnect_port(source, port)
        elif self.board.node_at(touch.at) != source:
            self.stage.ask_kind(touch.at, source, port)

    @override
    def cancel(self) -> None:
        self._take_back()

    def _take_back(self) -> None:
        self._show_wire(shown=True)
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
