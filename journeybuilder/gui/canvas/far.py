"""Paints the view from afar; what stands still during a drag is painted once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QRegion, QTransform

if TYPE_CHECKING:
    from journeybuilder.gui.canvas.paper import PaperView

_MANY = 2000
"""So many nodes are scaled while somebody turns the wheel; fewer are painted fast enough."""
_NEAR_LEAST, _NEAR_MOST = 0.6, 1.6


class FarView:
    """Boxes and lines in place of cards and wires."""

    def __init__(self) -> None:
        self._still: QPixmap | None = None
        self._key: tuple[object, ...] = ()
        self._place = QTransform()

    def paint(self, view: "PaperView", event: QPaintEvent) -> None:
        """Paint what a paint event asks for."""
        if view.board.cards.hurried and len(view.board.nodes) > _MANY:
            self._paint_scaled(view)
            return
        moving = view.board.overview.moving
        still = self._standing(view) if moving else None
        if still is None:
            self._still = None
        painter = QPainter(view.viewport())
        for rect in cast("Iterable[QRect]", event.region()):  # the stubs leave out its iterator
            painter.setTransform(QTransform())
            painter.setClipRect(rect)
            if still is not None:
                ratio = still.devicePixelRatioF()
                source = QRectF(
                    rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio
                )
                painter.drawPixmap(QRectF(rect), still, source)
            painter.setTransform(view.viewportTransform())
            area = view.mapToScene(rect.adjusted(-1, -1, 1, 1)).boundingRect()
            if still is None:
                _paint_ground(painter, view, area)
                view.board.overview.paint(painter, area, view.theme)
            else:
                view.board.overview.paint_moving(painter, view.theme)
            _paint_marks(painter, view)
            view.drawForeground(painter, area)
        painter.end()

    def _paint_scaled(self, view: "PaperView") -> None:
        """Paint the picture of a moment ago at the zoom of now, and what it has not at its sides."""
        base = self._still
        place = view.viewportTransform()
        grown = place.m11() / self._place.m11()
        if base is None or not _NEAR_LEAST < grown < _NEAR_MOST:
            base = self._standing(view)
        inverse, _ = self._place.inverted()
        box = (inverse * place).mapRect(QRectF(view.viewport().rect()))
        sides = QRegion(view.viewport().rect()) - QRegion(box.adjusted(1, 1, -1, -1).toRect())
        painter = QPainter(view.viewport())
        for side in cast("Iterable[QRect]", sides):
            painter.setTransform(QTransform())
            painter.setClipRect(side)
            painter.setTransform(place)
            area = view.mapToScene(side.adjusted(-1, -1, 1, 1)).boundingRect()
            _paint_ground(painter, view, area)
            view.board.overview.paint(painter, area, view.theme)
        painter.setTransform(QTransform())
        painter.setClipping(False)
        painter.drawPixmap(box, base, QRectF(base.rect()))
        painter.setTransform(place)
        _paint_marks(painter, view)
        view.drawForeground(painter, view.visible_area())
        painter.end()

    def _standing(self, view: "PaperView") -> QPixmap:
        """All that does not move, as large as the view."""
        ratio, port, board = view.devicePixelRatioF(), view.viewport(), view.board
        drawn = tuple(item.area().getRect() for item in board.drawings.items.values())
        place = view.viewportTransform()
        key = (
            place.m11(), place.dx(), place.dy(), port.width(), port.height(), ratio,
            view.theme.name, board.overview.version, drawn,
        )  # fmt: skip
        if self._still is None or self._key != key:
            still = QPixmap(round(port.width() * ratio), round(port.height() * ratio))
            still.setDevicePixelRatio(ratio)
            with QPainter(still) as painter:
                painter.setTransform(place)
                area = view.mapToScene(port.rect().adjusted(-1, -1, 1, 1)).boundingRect()
                _paint_ground(painter, view, area)
                board.overview.paint_still(painter, area, view.theme)
            self._still, self._key, self._place = still, key, place
        return self._still


def _paint_ground(painter: QPainter, view: "PaperView", area: QRectF) -> None:
    view.drawBackground(painter, area)
    view.board.drawings.paint_far(painter, area)


def _paint_marks(painter: QPainter, view: "PaperView") -> None:
    """What is selected, and wires that stand out."""
    board = view.board
    board.overview.paint_marked(
        painter, view.theme, [board.nodes[node_id].card() for node_id in board.selection]
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for key in board.marked_wires():
        wire = board.wires[key]
        painter.setPen(wire.item.pen())
        painter.drawPath(wire.item.path())
