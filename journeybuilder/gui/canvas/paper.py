"""The camera over a scene: zoom, pan, background, overview and the overlay above all."""

from collections.abc import Iterable
from math import floor
from typing import cast

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGestureEvent, QGraphicsView, QPinchGesture, QWidget
from typing_extensions import override

from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.canvas.overlay import Overlay, paint_overlay
from journeybuilder.gui.canvas.scene import CanvasScene
from journeybuilder.gui.theme import Theme

ZOOM_MIN, ZOOM_MAX = 0.05, 4.0
OVERVIEW = 0.35
"""Below this the journey is drawn as boxes and lines."""
_FEW, _FEW_OVERVIEW = 200, 0.2
"""So few nodes are drawn as cards for longer."""
_DENSE_OVERVIEW = 0.6
_DENSE = 400
_LARGE = 4_000_000
"""Device pixels from which full cards are too slow for a dense journey."""
_DOTS = 24.0
_WORLD = QRectF(-200_000, -200_000, 400_000, 400_000)
_FIT_MARGIN = 48
_EDGE_MARGIN = 60
_WHEEL_STEP = 120.0
_WHEEL_ZOOM = 1.15
_GRAB_MARGIN = 40


class PaperView(QGraphicsView):
    """Shows a scene at any zoom.

    Attributes:
        board: The scene.
        overlay: What is drawn above it; call `repaint_overlay` after a change.
    """

    zoom_changed = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.overlay = Overlay()
        self.board = CanvasScene(theme, self.font(), self)
        self._zoom = 1.0
        self._overlay_rect = QRect()
        self._dots: QPixmap | None = None
        self._dots_key: tuple[int, int, float, str] | None = None
        self.setScene(self.board)
        self.setSceneRect(_WORLD)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.board.touched.connect(self._on_touched)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)

    # --- camera ----------------------------------------------------------------------------

    def zoom(self) -> float:
        """The zoom, 1.0 is 100 %."""
        return self._zoom

    def units(self, pixels: float) -> float:
        """Screen pixels in scene units."""
        return pixels / self._zoom

    def visible_area(self) -> QRectF:
        """The part of the scene that can be seen."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom to a factor; the scene's point under `at` (viewport pixels) stays there."""
        zoom = round(min(max(zoom, ZOOM_MIN), ZOOM_MAX), 4)
        if abs(zoom - 1.0) < 0.005:  # noqa: PLR2004 - rounding of many small steps
            zoom = 1.0
        fixed = at if at is not None else QPointF(self.viewport().rect().center())
        inverse, _ = self.viewportTransform().inverted()
        kept = inverse.map(fixed)
        self._zoom = zoom
        self.board.set_far(zoom < _DENSE_OVERVIEW)
        self.viewport().setUpdatesEnabled(False)  # all is painted anew: nothing need be scrolled
        self.setTransform(QTransform.fromScale(zoom, zoom))
        now = self.viewportTransform().map(kept)
        self.pan_by(fixed.x() - now.x(), fixed.y() - now.y())
        self._overlay_rect = QRect()
        self.viewport().setUpdatesEnabled(True)
        self.viewport().update()
        self.zoom_changed.emit(zoom)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom in or out by a factor."""
        self.set_zoom(self._zoom * factor, at)

    def pan_by(self, dx: float, dy: float) -> None:
        """Shift what is seen by screen pixels."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - floor(dx + 0.5))
        down.setValue(down.value() - floor(dy + 0.5))

    def show_area(self, area: QRectF, largest: float = 1.0) -> None:
        """Bring an area of the scene into the window, at most at this zoom."""
        if area.isEmpty():
            return
        room = self.viewport().size()
        width = max(room.width() - 2 * _FIT_MARGIN, 50) / area.width()
        height = max(room.height() - 2 * _FIT_MARGIN, 50) / area.height()
        self.set_zoom(min(width, height, largest))
        self.centerOn(area.center())
        self.zoom_changed.emit(self._zoom)

    def reveal(self, area: QRectF) -> None:
        """Pan just so far that an area of the scene can be seen."""
        box = QRectF(self.mapFromScene(area).boundingRect())
        room = QRectF(self.viewport().rect())
        edge = min(_EDGE_MARGIN, room.width() / 4, room.height() / 4)
        room.adjust(edge, edge, -edge, -edge)
        dx = min(room.right() - box.right(), 0.0) or max(room.left() - box.left(), 0.0)
        dy = min(room.bottom() - box.bottom(), 0.0) or max(room.top() - box.top(), 0.0)
        if dx or dy:
            self.pan_by(dx, dy)

    # --- wheel and fingers -----------------------------------------------------------------

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = pixels.y() if not pixels.isNull() else angle.y()
            self.zoom_by(_WHEEL_ZOOM ** (turned / _WHEEL_STEP), event.position())
            return
        step = QPointF(pixels) if not pixels.isNull() else QPointF(angle) * 0.6
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not step.x():
            step = QPointF(step.y(), 0)
        self.pan_by(step.x(), step.y())

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        zooms = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == zooms:
            self.zoom_by(1.0 + event.value(), event.position())
            return True
        if isinstance(event, QGestureEvent):
            return self._pinch(event)
        return super().viewportEvent(event)

    def _pinch(self, event: QGestureEvent) -> bool:
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(pinch, QPinchGesture):
            return False
        center = self.viewport().mapFromGlobal(pinch.centerPoint().toPoint())
        self.zoom_by(pinch.scaleFactor(), QPointF(center))
        event.accept(pinch)
        return True

    # --- painting --------------------------------------------------------------------------

    def is_overview(self) -> bool:
        """True where boxes and lines are drawn in place of cards and wires."""
        small = len(self.board.nodes) <= _FEW
        if self._zoom < (_FEW_OVERVIEW if small else OVERVIEW):
            return True
        if self._zoom >= _DENSE_OVERVIEW:
            return False
        ratio = self.devicePixelRatioF()
        pixels = self.viewport().width() * self.viewport().height() * ratio * ratio
        if pixels < _LARGE or len(self.board.nodes) <= _DENSE:
            return False
        content = self.board.content()
        seen = content.intersected(self.visible_area())
        share = seen.width() * seen.height() / max(content.width() * content.height(), 1.0)
        return share * len(self.board.nodes) > _DENSE

    def repaint_overlay(self) -> None:
        """The overlay is different now: repaint where it was and where it is."""
        area = self.overlay.area(self.units(1))
        now = QRect()
        if not area.isNull():
            now = self.mapFromScene(area).boundingRect().adjusted(-3, -3, 3, 3)
        if not self._overlay_rect.isNull():
            self.viewport().update(self._overlay_rect)
        if not now.isNull():
            self.viewport().update(now)
        self._overlay_rect = now

    def _on_touched(self, area: QRectF) -> None:
        """Qt repaints changed items itself, but not where the overview stands for them."""
        if self._zoom < _DENSE_OVERVIEW and not area.isNull():
            self.viewport().update(self.mapFromScene(area).boundingRect().adjusted(-4, -4, 4, 4))

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.board.cards.set_font(self.font())
            self.viewport().update()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._overlay_rect.translate(dx, dy)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.board.cards.ratio != self.devicePixelRatioF():
            self.board.set_ratio(self.devicePixelRatioF())
        if not self.is_overview():
            super().paintEvent(event)
            return
        painter = QPainter(self.viewport())
        for rect in cast("Iterable[QRect]", event.region()):  # the stubs leave out its iterator
            painter.setTransform(QTransform())
            painter.setClipRect(rect)
            painter.setTransform(self.viewportTransform())
            area = self.mapToScene(rect.adjusted(-1, -1, 1, 1)).boundingRect()
            self.drawBackground(painter, area)
            self._paint_far(painter, area)
            self.drawForeground(painter, area)
        painter.end()

    def _paint_far(self, painter: QPainter, area: QRectF) -> None:
        board = self.board
        marked = [board.nodes[node_id].card() for node_id in board.selection]
        board.overview.paint(painter, area, self.theme, marked)
        self._paint_marked_wires(painter)

    def _paint_marked_wires(self, painter: QPainter) -> None:
        """Wires that stand out are drawn from afar, too."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for key in self.board.marked_wires():
            wire = self.board.wires[key]
            painter.setPen(wire.item.pen())
            painter.drawPath(wire.item.path())

    @override
    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_overlay(painter, self.overlay, self.theme, self.units(1), self.devicePixelRatioF())

    @override
    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        view = self.viewportTransform()
        box = view.mapRect(QRectF(rect)).toAlignedRect()
        painter.setWorldTransform(QTransform())
        painter.fillRect(box, self.theme.color("canvas"))
        self._paint_dots(painter, box, view)
        painter.setWorldTransform(view)

    def _spacing(self) -> int:
        """Dots are 19 to 40 whole pixels apart, so that scrolled and fresh parts agree."""
        spacing = 20.0
        while spacing * self._zoom < _DOTS * 0.8:
            spacing *= 2
        while spacing * self._zoom > _DOTS * 1.7:
            spacing /= 2
        return round(spacing * self._zoom)

    def _paint_dots(self, painter: QPainter, box: QRect, view: QTransform) -> None:
        """A row of dots is one pixmap; rows are blitted where they belong."""
        step = self._spacing()
        row = self._row_of_dots(step)
        left = floor(view.dx()) % step - step
        first = floor((box.top() - view.dy()) / step) - 1
        last = floor((box.bottom() - view.dy()) / step) + 1
        for index in range(first, last + 1):
            y = index * step + floor(view.dy())
            painter.drawPixmap(QPoint(left, y - 1), row)

    def _row_of_dots(self, step: int) -> QPixmap:
        ratio = self.devicePixelRatioF()
        width = self.viewport().width() + 2 * step + 2
        key = (step, width, ratio, self.theme.dot)
        if self._dots is None or self._dots_key != key:
            dot = _dot(ratio, self.theme)
            row = QPixmap(int(width * ratio), int(3 * ratio))
            row.setDevicePixelRatio(ratio)
            row.fill(Qt.GlobalColor.transparent)
            painter = QPainter(row)
            for index in range(width // step + 1):
                painter.drawPixmap(QPoint(index * step, 0), dot)
            painter.end()
            self._dots, self._dots_key = row, key
        return self._dots

    def wire_key_label(self, key: WireKey) -> str:
        """What a wire is called: the port it leaves by and where it leads."""
        wire = self.board.wires[key]
        view = self.board.view_of(key[0])
        label = next((port.label for port in view.ports if port.name == key[1]), key[1])
        return f"{label or key[1]} → {self.board.view_of(wire.target).title}"

    def grab_image(self, scale: float = 1.0) -> QImage:
        """A picture of the whole journey, `scale` pixels a unit, without selection marks."""
        board = self.board
        area = board.area_of(board.nodes).adjusted(
            -_GRAB_MARGIN, -_GRAB_MARGIN, _GRAB_MARGIN, _GRAB_MARGIN
        )
        size = (area.size() * scale).toSize()
        image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(self.theme.color("canvas"))
        selected, picked = set(board.selection), board.picked
        blocked = board.blockSignals(True)
        board.select(())
        ratio = board.cards.ratio
        board.set_ratio(max(scale, 0.5))
        board.cards.ratio = 1.0
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        board.render(painter, QRectF(image.rect()), area)
        painter.end()
        board.set_ratio(ratio)
        board.select(selected)
        board.pick(picked)
        board.blockSignals(blocked)
        return image


def _dot(ratio: float, theme: Theme) -> QPixmap:
    """One dot of the grid."""
    dot = QPixmap(int(3 * ratio), int(3 * ratio))
    dot.setDevicePixelRatio(ratio)
    dot.fill(Qt.GlobalColor.transparent)
    painter = QPainter(dot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("dot"))
    painter.drawEllipse(QPointF(1.5, 1.5), 1.1, 1.1)
    painter.end()
    return dot
