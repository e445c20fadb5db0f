"""A press on a card, a frame or a note: select, move with what is in it, make larger."""

from PySide6.QtCore import QPointF, QRectF, Qt
from typing_extensions import override

from journeybuilder.gui.canvas.drawings import cursor_of, resized
from journeybuilder.gui.canvas.geometry import snapped
from journeybuilder.gui.canvas.gesture import Gesture, Stage, Touch
from journeybuilder.gui.canvas.guides import Guides
from journeybuilder.gui.canvas.model import WireKey

SLACK = 4.0
"""Screen pixels the pointer may tremble before a press counts as a drag."""
_MAGNET = 7.0
_WIRE_REACH = 14.0
_MOST_NEIGHBORS = 400
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier


def far(one: QPointF, other: QPointF) -> bool:
    """True where two places on the screen are too far apart for a click."""
    step = one - other
    return step.x() ** 2 + step.y() ** 2 > SLACK**2


def guides_around(stage: Stage, moving: set[str]) -> Guides:
    """The guides that everything in sight gives that stays where it is."""
    board, seen = stage.board, stage.visible_area()
    near = [key for key in board.nodes_in(seen) if key not in moving][:_MOST_NEIGHBORS]
    boxes = [board.nodes[key].card() for key in near]
    boxes += [
        item.area()
        for key, item in board.drawings.items.items()
        if key not in moving and item.area().intersects(seen)
    ]
    return Guides(boxes)


def to_grid(stage: Stage, at: QPointF) -> QPointF:
    """The nearest place on the grid; whole units where the person wants no grid."""
    place = snapped if stage.snap else round
    return QPointF(place(at.x()), place(at.y()))


class MoveGesture(Gesture):
    """A press on a card, a note or the title of a frame; a drag moves all that is selected.

    A frame takes along what is in it, unless Alt is held. Ctrl moves freely. A node without wires
    that is let go on a wire comes in between.
    """

    def __init__(self, stage: Stage, key: str) -> None:
        super().__init__(stage)
        self._key = key
        self._moving = False
        self._wire: WireKey | None = None

    @override
    def start(self, touch: Touch) -> None:
        self._from = touch
        self._before = self.board.chosen()
        if touch.keys & (_SHIFT | _CTRL):
            self.board.select(self._before ^ {self._key})
        elif self._key not in self._before:
            self.board.select((self._key,))
        self.board.current = self._key

    @override
    def move(self, touch: Touch) -> None:
        if not self._moving:
            if not far(touch.pixel, self._from.pixel):
                return
            self._begin(touch)
        step = touch.at - self._from.at
        if not touch.held(_CTRL):
            step = self._snap(step)
        self._shown = {key: (x + step.x(), y + step.y()) for key, (x, y) in self._origins.items()}
        self.board.preview(self._shown)
        self._seek_wire(touch)
        self.stage.repaint_overlay()

    def _begin(self, touch: Touch) -> None:
        self._moving = True
        self.board.select(self._before | {self._key})
        chosen = self.board.chosen()
        moving = chosen if touch.held(_ALT) else self.board.drawings.with_members(chosen)
        model = self.stage.shown_model()
        self._origins = {key: model.position(key) for key in moving}
        self._shown = dict(self._origins)
        self._box = self.board.box_of(self._key) or QRectF()
        self._guides = guides_around(self.stage, moving)
        self._loose = len(moving) == 1 and self._is_loose()

    def _is_loose(self) -> bool:
        """True for a node without wires that one could lead on from."""
        item = self.board.nodes.get(self._key)
        if item is None or self.board.leaving.get(self._key) or self.board.arriving.get(self._key):
            return False
        return any(port.style == "normal" for port in item.view.ports)

    def _snap(self, step: QPointF) -> QPointF:
        """To a neighbor's edge or middle where one is near, else to the grid."""
        x0, y0 = self._origins[self._key]
        wanted = QPointF(x0, y0) + step
        snap = self._guides.snap(QRectF(wanted, self._box.size()), self.stage.units(_MAGNET))
        grid = to_grid(self.stage, wanted)
        at = QPointF(
            wanted.x() + snap.by.x() if snap.across else grid.x(),
            wanted.y() + snap.by.y() if snap.down else grid.y(),
        )
        self.stage.overlay.guides = snap.lines
        return at - QPointF(x0, y0)

    def _seek_wire(self, touch: Touch) -> None:
        """The wire that a loose node would come into the middle of."""
        if self._loose:
            self._wire = self.board.wire_at(touch.at, self.stage.units(_WIRE_REACH))
            self.board.hover("", self._wire)

    @override
    def end(self, touch: Touch) -> None:
        if self._moving:
            self._finish()
        elif not touch.keys & (_SHIFT | _CTRL):
            self.board.select((self._key,))

    def _finish(self) -> None:
        self.clear()
        self.board.hover("", None)
        model = self.stage.shown_model()
        if self._wire is not None and model.splice(self._key, self._wire, self._shown):
            return
        if self._shown != self._origins:
            model.move(self._shown, self.stage.next_gesture())

    @override
    def cancel(self) -> None:
        if self._moving:
            self.board.settle(self._origins)
            self.board.hover("", None)
        self.clear()
        self.board.select(self._before)


class ResizeGesture(Gesture):
    """An edge or corner of a frame or note is dragged."""

    def __init__(self, stage: Stage, key: str, part: str) -> None:
        super().__init__(stage)
        self._key = key
        self._part = part
        self._dragged = False
        self.cursor = cursor_of(part)

    @override
    def start(self, touch: Touch) -> None:
        self._from = touch
        self._before = self.board.chosen()
        item = self.board.drawings.items[self._key]
        self._what = item.drawing.what
        self._area = self._shown = item.area()
        self.board.select((self._key,))
        self.board.current = self._key
        self._guides = guides_around(self.stage, self.board.drawings.with_members((self._key,)))

    @override
    def move(self, touch: Touch) -> None:
        if not self._dragged and not far(touch.pixel, self._from.pixel):
            return
        self._dragged = True
        self._shown = resized(self._area, self._part, self._step(touch), self._what)
        self.board.drawings.preview({self._key: self._shown})
        self.stage.repaint_overlay()

    def _step(self, touch: Touch) -> QPointF:
        """How far the corner goes: to a neighbor's edge, else to the grid."""
        step = touch.at - self._from.at
        if touch.held(_CTRL):
            return step
        corner = QPointF(
            self._area.left() if "left" in self._part else self._area.right(),
            self._area.top() if "top" in self._part else self._area.bottom(),
        )
        wanted = corner + step
        snap = self._guides.snap(QRectF(wanted, wanted), self.stage.units(_MAGNET))
        across = any(part in self._part for part in ("left", "right")) and snap.across
        down = any(part in self._part for part in ("top", "bottom")) and snap.down
        self.stage.overlay.guides = [
            line for line in snap.lines if (across if line.dx() == 0 else down)
        ]
        grid = to_grid(self.stage, wanted)
        return (
            QPointF(
                wanted.x() + snap.by.x() if across else grid.x(),
                wanted.y() + snap.by.y() if down else grid.y(),
            )
            - corner
        )

    @override
    def end(self, touch: Touch) -> None:
        self.clear()
        if self._dragged and self._shown != self._area:
            box = self._shown
            at, size = (box.x(), box.y()), (box.width(), box.height())
            self.stage.shown_model().reshape(self._key, at, size)

    @override
    def cancel(self) -> None:
        self.board.drawings.settle((self._key,))
        self.clear()
        self.board.select(self._before)
