"""The dots of the paper: a row of them is one pixmap, blitted where rows belong."""

from math import floor

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from journeybuilder.gui.look.theme import Theme

_UNITS = 20.0
_APART = 24.0


class Dots:
    """Paints the grid.

    Attributes:
        theme: Its colors.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._row: QPixmap | None = None
        self._key: tuple[int, int, float, str] | None = None

    def paint(
        self, painter: QPainter, box: QRect, view: QTransform, zoom: float, port: tuple[int, float]
    ) -> None:
        """Paint the dots of a part of the view.

        Args:
            painter: Paints in pixels of the view.
            box: The part.
            view: From the scene to the view, so that the dots move with the paper.
            zoom: The view's zoom.
            port: The view's width, and its device pixels a pixel.
        """
        step = _spacing(zoom)
        row = self._row_of(step, *port)
        left = floor(view.dx()) % step - step
        first = floor((box.top() - view.dy()) / step) - 1
        last = floor((box.bottom() - view.dy()) / step) + 1
        for index in range(first, last + 1):
            y = index * step + floor(view.dy())
            painter.drawPixmap(QPoint(left, y - 1), row)

    def _row_of(self, step: int, width: int, ratio: float) -> QPixmap:
        wide = width + 2 * step + 2
        key = (step, wide, ratio, self.theme.dot)
        if self._row is None or self._key != key:
            dot = _dot(ratio, self.theme)
            row = QPixmap(int(wide * ratio), int(3 * ratio))
            row.setDevicePixelRatio(ratio)
            row.fill(Qt.GlobalColor.transparent)
            painter = QPainter(row)
            for index in range(wide // step + 1):
                painter.drawPixmap(QPoint(index * step, 0), dot)
            painter.end()
            self._row, self._key = row, key
        return self._row


def _spacing(zoom: float) -> int:
    """Dots are 19 to 40 whole pixels apart, so that scrolled and fresh parts agree."""
    spacing = _UNITS
    while spacing * zoom < _APART * 0.8:
        spacing *= 2
    while spacing * zoom > _APART * 1.7:
        spacing /= 2
    return round(spacing * zoom)


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
