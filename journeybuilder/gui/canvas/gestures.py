"""Gestures on the open canvas and on wires: select, pan, drop a new node."""

from PySide6.QtCore import QPointF, QRectF, Qt
from typing_extensions import override

from journeybuilder.gui.canvas.geometry import HEAD, WIDTH, snapped
from journeybuilder.gui.canvas.gesture import Gesture, NewNode, Stage, Touch
from journeybuilder.gui.canvas.gestures_move import far
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.canvas.overlay import ghost_at

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


class PanGesture(Gesture):
    """Middle button, or Space and left: drags the paper."""

    cursor = Qt.CursorShape.ClosedHandCursor
    scrolls = False

    @override
    def start(self, touch: Touch) -> None:
        self._last = touch.pixel

    @override
    def move(self, touch: Touch) -> None:
        step = touch.pixel - self._last
        self._last = touch.pixel
        self.stage.pan_by(step.x(), step.y())


class BandGesture(Gesture):
    """A rubber band over the open canvas; Shift adds to the selection, Ctrl turns it around."""

    @override
    def start(self, touch: Touch) -> None:
        self._from = touch
        self._before = self.board.chosen()
        self._picked = self.board.picked
        self._dragged = False
        if not touch.keys & (_SHIFT | _CTRL):
            self.board.select(())

    @override
    def move(self, touch: Touch) -> None:
        if not self._dragged and not far(touch.pixel, self._from.pixel):
            return
        self._dragged = True
        band = QRectF(self._from.at, touch.at).normalized()
        inside = {*self.board.nodes_in(band), *self.board.drawings.in_band(band)}
        if touch.held(_CTRL):
            inside = self._before ^ inside
        elif touch.held(_SHIFT):
            inside |= self._before
        self.board.select(inside)
        self.stage.overlay.band = band
        self.stage.repaint_overlay()

    @override
    def end(self, touch: Touch) -> None:
        self.clear()

    @override
    def cancel(self) -> None:
        self.clear()
        self.board.select(self._before)
        self.board.pick(self._picked)


class PickGesture(Gesture):
    """A press on a wire selects it."""

    def __init__(self, stage: Stage, key: WireKey) -> None:
        super().__init__(stage)
        self._key = key

    @override
    def start(self, touch: Touch) -> None:
        self._before = self.board.chosen()
        self.board.select(())
        self.board.pick(self._key)

    @override
    def cancel(self) -> None:
        self.board.select(self._before)


class DropGesture(Gesture):
    """Something dragged in from outside: a ghost shows where it would be, a wire takes it in."""

    def __init__(self, stage: Stage, node: NewNode) -> None:
        super().__init__(stage)
        self._node = node
        self._wire: WireKey | None = None

    @override
    def start(self, touch: Touch) -> None:
        node = self._node
        self._fits = not self.stage.shown_model().why_not_between(node.kind, node.settings)
        self.move(touch)

    def _corner(self, touch: Touch) -> QPointF:
        at = touch.at
        return QPointF(snapped(at.x() - WIDTH / 2), snapped(at.y() - HEAD / 2))

    @override
    def move(self, touch: Touch) -> None:
        overlay = self.stage.overlay
        overlay.ghost = ghost_at(self._corner(touch))
        overlay.ghost_text = self._node.title or self._node.kind
        if self._fits:  # what nothing can come after is put beside the wire
            self._wire = self.board.wire_at(touch.at, self.stage.units(14))
        self.board.hover("", self._wire)
        self.stage.repaint_overlay()

    @override
    def end(self, touch: Touch) -> None:
        corner = self._corner(touch)
        wire = self._wire
        self.cancel()
        model = self.stage.shown_model()
        at = (corner.x(), corner.y())
        node = self._node
        if wire is not None:
            self.stage.adopt(model.insert_on_wire(node.kind, node.settings, at, wire))
        else:
            self.stage.adopt(model.add(node.kind, node.settings, at))

    @override
    def cancel(self) -> None:
        self.board.hover("", None)
        self.clear()
