"""The camera over a scene: zoom, pan, background, overview and the overlay above all."""

from math import floor
from time import monotonic

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGestureEvent, QGraphicsView, QPinchGesture, QWidget
from typing_extensions import override

from journeybuilder.gui.canvas.dots import Dots
from journeybuilder.gui.canvas.far import FarView
from journeybuilder.gui.canvas.layers import Layer
from journeybuilder.gui.canvas.overlay import Overlay, paint_overlay
from journeybuilder.gui.canvas.scene import CanvasScene
from journeybuilder.gui.look.theme import Theme

ZOOM_MIN, ZOOM_MAX = 0.05, 4.0
OVERVIEW = 0.35
"""Below this the journey is drawn as boxes and lines."""
_FEW, _FEW_OVERVIEW = 200, 0.2
"""So few nodes are drawn as cards for longer."""
_DENSE_OVERVIEW = 0.6
_DENSE = 400
_LARGE = 4_000_000
"""Device pixels from which full cards are too slow for a dense journey."""
_WORLD = QRectF(-200_000, -200_000, 400_000, 400_000)
_FIT_MARGIN = 48
_EDGE_MARGIN = 60
_WHEEL_STEP = 120.0
_WHEEL_ZOOM = 1.15
_SETTLE_MS = 120
"""Steps of a wheel follow each other faster than this."""


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
        self._dots = Dots(theme)
        self._far = FarView()
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
        self._last_step = -1.0
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._sharpen)
        self.board.touched.connect(self._on_touched)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)

    # --- marks -----------------------------------------------------------------------------

    def set_layer(self, name: str, layer: Layer) -> None:
        """Lay marks over the journey under a name, in place of those of that name; see `layers`."""
        self.board.set_layer(name, layer)

    def clear_layer(self, name: str) -> None:
        """Take the marks of this name away; an unknown name does nothing."""
        self.board.set_layer(name, None)

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
        """Zoom in or out by a factor; steps that follow each other fast are drawn in a hurry."""
        now = monotonic()
        if now - self._last_step < _SETTLE_MS / 1000:
            self.board.cards.hurried = True
            self._settle.start()
        self._last_step = now
        self.set_zoom(self._zoom * factor, at)

    def _sharpen(self) -> None:
        """No step for a moment: draw what was scaled anew."""
        self.board.cards.sharpen()
        self.viewport().update()

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
            self.board.drawings.set_font(self.font())
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
        else:
            self._far.paint(self, event)

    @override
    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_overlay(painter, self.overlay, self.theme, self.units(1), self.devicePixelRatioF())

    @override
    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        view = self.viewportTransform()
        box = view.mapRect(QRectF(rect)).toAlignedRect()
        painter.setWorldTransform(QTransform())
        painter.fillRect(box, self.theme.color("canvas"))
        self._dots.theme = self.theme
        paper = self.viewport()
        self._dots.paint(painter, box, view, self._zoom, (paper.width(), self.devicePixelRatioF()))
        painter.setWorldTransform(view)
