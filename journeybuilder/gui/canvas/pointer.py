"""Which gesture a press begins, and how the view drives it: one at a time, always finished."""

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer

from journeybuilder.gui.canvas.gesture import Gesture, Stage, Touch
from journeybuilder.gui.canvas.gestures import BandGesture, PanGesture, PickGesture
from journeybuilder.gui.canvas.gestures_move import MoveGesture, ResizeGesture
from journeybuilder.gui.canvas.gestures_wire import CutGesture, WireGesture
from journeybuilder.gui.canvas.model import WireKey

PORT_REACH = 12.0
END_REACH = 13.0
WIRE_REACH = 7.0
_EDGE = 28.0
_SCROLL = 14.0
_TICK_MS = 16
_CUT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


def port_under(stage: Stage, at: QPointF) -> WireKey | None:
    """The port within reach of the pointer."""
    return stage.board.port_at(at, stage.units(PORT_REACH))


def wire_under(stage: Stage, at: QPointF) -> WireKey | None:
    """The wire within reach of the pointer."""
    return stage.board.wire_at(at, stage.units(WIRE_REACH))


def wire_end_under(stage: Stage, at: QPointF) -> WireKey | None:
    """The wire whose end is within reach; of several the selected one, else the nearest."""
    node_id = stage.board.entry_at(at, stage.units(END_REACH))
    arriving = stage.board.arriving.get(node_id, set())
    if not arriving or stage.board.node_at(at):
        return None
    if stage.board.picked in arriving:
        return stage.board.picked
    under = stage.board.wire_at(at, stage.units(END_REACH))
    return under if under in arriving else min(arriving)


def choose(stage: Stage, touch: Touch, far_away: bool) -> Gesture:
    """The gesture that a press of the left button begins here.

    Args:
        stage: Where it takes place.
        touch: The press.
        far_away: True in the overview, where ports and wires are too small to be meant.
    """
    board = stage.board
    if touch.keys & _CUT == _CUT:
        return CutGesture(stage)
    wired = None if far_away else _wire_gesture(stage, touch)
    if wired is not None:
        return wired
    node_id = board.node_at(touch.at)
    if node_id:
        return MoveGesture(stage, node_id)
    wire = None if far_away else wire_under(stage, touch.at)
    return PickGesture(stage, wire) if wire is not None else _below(stage, touch, far_away)


def _wire_gesture(stage: Stage, touch: Touch) -> Gesture | None:
    """What a press at a port or at the end of a wire begins."""
    several = touch.held(Qt.KeyboardModifier.ShiftModifier)
    port = port_under(stage, touch.at)
    if port is not None:
        return WireGesture(stage, port, several=several)
    end = wire_end_under(stage, touch.at)
    return WireGesture(stage, end, detach=True, several=several) if end is not None else None


def _below(stage: Stage, touch: Touch, far_away: bool) -> Gesture:
    """What a press begins where there is neither node nor wire: at a drawing, else a band."""
    key, part = stage.board.drawings.at(touch.at, stage.units(1))
    if not key:
        return BandGesture(stage)
    if part == "body" or far_away:
        return MoveGesture(stage, key)
    return ResizeGesture(stage, key, part)


class Pointer(QObject):
    """Runs at most one gesture and scrolls while it is at the edge of the canvas."""

    def __init__(self, stage: Stage, parent: QObject) -> None:
        super().__init__(parent)
        self._stage = stage
        self._room = QRectF()
        self._last: Touch | None = None
        self.gesture: Gesture | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._scroll)

    def begin(self, gesture: Gesture, touch: Touch) -> None:
        """Start a gesture; one that is under way is cancelled."""
        self.cancel()
        self.gesture = gesture
        gesture.start(touch)

    def begin_pan(self, touch: Touch) -> None:
        """Start to drag the paper."""
        self.begin(PanGesture(self._stage), touch)

    def move(self, touch: Touch, room: QRectF) -> None:
        """The pointer moved; `room` is the viewport's rectangle."""
        if self.gesture is None:
            return
        self.gesture.move(touch)
        self._last, self._room = touch, room
        if self.gesture.scrolls and self._push(touch.pixel) != QPointF():
            self._clock.start()
        else:
            self._clock.stop()

    def end(self, touch: Touch) -> None:
        """The button was released."""
        gesture, self.gesture = self.gesture, None
        self._clock.stop()
        if gesture is not None:
            gesture.end(touch)

    def cancel(self) -> bool:
        """Take back the gesture under way; returns whether there was one."""
        gesture, self.gesture = self.gesture, None
        self._clock.stop()
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    def _push(self, pixel: QPointF) -> QPointF:
        """How far to scroll in a tick with the pointer here; faster the closer to the edge."""
        room = self._room
        left = max(0.0, room.left() + _EDGE - pixel.x())
        right = max(0.0, pixel.x() - room.right() + _EDGE)
        top = max(0.0, room.top() + _EDGE - pixel.y())
        bottom = max(0.0, pixel.y() - room.bottom() + _EDGE)
        scale = _SCROLL / _EDGE
        return QPointF(min(left - right, _EDGE), min(top - bottom, _EDGE)) * scale

    def _scroll(self) -> None:
        if self.gesture is None or self._last is None:
            self._clock.stop()
            return
        push = self._push(self._last.pixel)
        self._stage.pan_by(push.x(), push.y())
        shift = QPointF(self._stage.units(push.x()), self._stage.units(push.y()))
        self._last = Touch(self._last.at - shift, self._last.pixel, self._last.keys)
        self.gesture.move(self._last)
