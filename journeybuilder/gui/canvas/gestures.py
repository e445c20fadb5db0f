"""Gestures on cards and the open canvas: select, move, pan, drop a new node."""

from math import hypot

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from typing_extensions import override

from journeybuilder.gui.canvas.geometry import HEAD, WIDTH, snapped
from journeybuilder.gui.canvas.gesture import Gesture, NewNode, Stage, Touch
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.canvas.overlay import ghost_at

SLACK = 4.0
"""Screen pixels the pointer may tremble before a press counts as a drag."""
_MAGNET = 7.0
_MOST_NEIGHBORS = 400
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


def far(one: QPointF, other: QPointF) -> bool:
    """True where two places on the screen are too far apart for a click."""
    return hypot(one.x() - other.x(), one.y() - other.y()) > SLACK


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
        self._before = set(self.board.selection)
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
        inside = set(self.board.nodes_in(band))
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


class MoveGesture(Gesture):
    """A press on a card: a click selects, a drag moves everything that is selected."""

    def __init__(self, stage: Stage, node_id: str) -> None:
        super().__init__(stage)
        self._id = node_id
        self._moving = False

    @override
    def start(self, touch: Touch) -> None:
        self._from = touch
        self._before = set(self.board.selection)
        if touch.keys & (_SHIFT | _CTRL):
            self.board.select(self._before ^ {self._id})
        elif self._id not in self._before:
            self.board.select((self._id,))
        self.board.current = self._id

    @override
    def move(self, touch: Touch) -> None:
        if not self._moving:
            if not far(touch.pixel, self._from.pixel):
                return
            self._begin()
        step = touch.at - self._from.at
        if not touch.held(_CTRL):
            step = self._snap(step)
        self._shown = {
            node_id: (x + step.x(), y + step.y()) for node_id, (x, y) in self._origins.items()
        }
        self.board.preview(self._shown)
        self.stage.repaint_overlay()

    def _begin(self) -> None:
        self._moving = True
        self.board.select(self.board.selection | {self._id})
        model = self.stage.shown_model()
        self._origins = {node_id: model.position(node_id) for node_id in self.board.selection}
        self._shown = dict(self._origins)
        near = self.board.nodes_in(self.stage.visible_area())[:_MOST_NEIGHBORS]
        self._neighbors = [
            self.board.nodes[node_id].card() for node_id in near if node_id not in self._origins
        ]

    def _snap(self, step: QPointF) -> QPointF:
        """To a neighbor's edge or axis where one is near, else to the grid."""
        x0, y0 = self._origins[self._id]
        x, y = x0 + step.x(), y0 + step.y()
        reach = self.stage.units(_MAGNET)
        column = self._nearest([box.left() for box in self._neighbors], x, reach)
        row = self._nearest([box.top() for box in self._neighbors], y, reach)
        at = QPointF(
            snapped(x) if column is None else self._neighbors[column].left(),
            snapped(y) if row is None else self._neighbors[row].top(),
        )
        self.stage.overlay.guides = self._guides(at, column, row)
        return QPointF(at.x() - x0, at.y() - y0)

    @staticmethod
    def _nearest(places: list[float], wanted: float, reach: float) -> int | None:
        best = min(range(len(places)), key=lambda index: abs(places[index] - wanted), default=None)
        return best if best is not None and abs(places[best] - wanted) <= reach else None

    def _guides(self, at: QPointF, column: int | None, row: int | None) -> list[QLineF]:
        lines: list[QLineF] = []
        bottom = at.y() + self.board.nodes[self._id].height
        if column is not None:
            box = self._neighbors[column]
            top, end = min(box.top(), at.y()) - 12, max(box.bottom(), bottom) + 12
            lines.append(QLineF(box.left(), top, box.left(), end))
        if row is not None:
            box = self._neighbors[row]
            left, end = min(box.left(), at.x()) - 12, max(box.right(), at.x() + WIDTH) + 12
            lines.append(QLineF(left, box.top(), end, box.top()))
        return lines

    @override
    def end(self, touch: Touch) -> None:
        if self._moving:
            self.clear()
            if self._shown != self._origins:
                self.stage.shown_model().move(self._shown, self.stage.next_gesture())
        elif not touch.keys & (_SHIFT | _CTRL):
            self.board.select((self._id,))

    @override
    def cancel(self) -> None:
        if self._moving:
            self.board.settle(self._origins)
        self.clear()
        self.board.select(self._before)


class PickGesture(Gesture):
    """A press on a wire selects it."""

    def __init__(self, stage: Stage, key: WireKey) -> None:
        super().__init__(stage)
        self._key = key

    @override
    def start(self, touch: Touch) -> None:
        self._before = set(self.board.selection)
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
        self.move(touch)

    def _corner(self, touch: Touch) -> QPointF:
        at = touch.at
        return QPointF(snapped(at.x() - WIDTH / 2), snapped(at.y() - HEAD / 2))

    @override
    def move(self, touch: Touch) -> None:
        overlay = self.stage.overlay
        overlay.ghost = ghost_at(self._corner(touch))
        overlay.ghost_text = self._node.title or self._node.kind
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
