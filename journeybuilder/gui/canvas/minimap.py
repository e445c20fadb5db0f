"""The whole journey in a corner: where one is, and a way to be elsewhere."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from journeybuilder.gui.canvas.paper import PaperView
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.theme import Theme

_PAUSE_MS = 60
_MARGIN = 8.0
_WIDTH = 180
_LOWEST, _HIGHEST = 56, 112


class Minimap(QWidget):
    """Draws a view's scene in batches; press and drag to pan the view.

    Signals:
        reshaped: The journey has other proportions; `sizeHint` follows them.
    """

    reshaped = Signal()

    def __init__(self, view: PaperView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._theme = view.theme
        self._picture: QPixmap | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._redraw)
        self._shape = QSize()
        self.setMinimumSize(120, _LOWEST)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Minimap"))
        view.board.changed_content.connect(self._later)
        view.board.touched.connect(self._later)
        view.zoom_changed.connect(self._on_camera)
        view.horizontalScrollBar().valueChanged.connect(self._on_camera)
        view.verticalScrollBar().valueChanged.connect(self._on_camera)

    def set_theme(self, theme: Theme) -> None:
        """Draw with other colors."""
        self._theme = theme
        self._redraw()

    @override
    def sizeHint(self) -> QSize:
        """As high as the journey's proportions ask for: what it need not cover stays to be seen."""
        area = self._view.board.content()
        if area.isEmpty():
            return QSize(_WIDTH, _HIGHEST)
        height = (_WIDTH - 2 * _MARGIN) * area.height() / area.width() + 2 * _MARGIN
        return QSize(_WIDTH, round(min(_HIGHEST, max(_LOWEST, height))))

    @property
    def useful(self) -> bool:
        """Whether there is anything to show."""
        return not self._view.board.content().isEmpty()

    def _later(self) -> None:
        """However much happens, the picture is drawn at most every 60 ms."""
        if not self._pause.isActive():
            self._pause.start()

    def _redraw(self) -> None:
        self._picture = None
        self.update()
        shape = self.sizeHint() if self.useful else QSize()
        if shape != self._shape:
            self._shape = shape
            self.reshaped.emit()

    def _on_camera(self) -> None:
        self.update()

    def _map(self) -> QTransform:
        """From the scene to this widget: all nodes and what the view shows of the paper."""
        area = self._view.board.content()
        if area.isEmpty():
            area = self._view.visible_area()
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        scale = min(room.width() / area.width(), room.height() / area.height(), 0.5)
        center = area.center()
        move = room.center() - center * scale
        return QTransform(scale, 0, 0, scale, move.x(), move.y())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.size() != (self.size() * ratio):
            self._picture = self._drawn(ratio)
        painter = QPainter(self)
        painter.drawPixmap(QPoint(0, 0), self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = self._map().mapRect(self._view.visible_area())
        frame = seen.intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(QPen(self._theme.color("accent"), 1.5))
        painter.setBrush(self._theme.color("accent", 24))
        painter.drawRoundedRect(frame, 3, 3)
        painter.end()

    def _drawn(self, ratio: float) -> QPixmap:
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.color("panel"))
        painter = QPainter(picture)
        painter.setTransform(self._map())
        board = self._view.board
        marked = [board.nodes[node_id].card() for node_id in board.selection]
        area = board.content().adjusted(-9999, -9999, 9999, 9999)
        board.drawings.paint_far(painter, area)
        board.overview.paint(painter, area, self._theme)
        board.overview.paint_marked(painter, self._theme, marked)
        painter.end()
        return picture

    def _go(self, place: QPointF) -> None:
        inverse, possible = self._map().inverted()
        if possible:
            self._view.centerOn(inverse.map(place))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())
