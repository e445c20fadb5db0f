"""A line that grows: how many wires were taken after how many runs."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look

_HEIGHT = 56
_MARGIN = 6.0


class GrowthLine(QWidget):
    """Draws the line, with all that there is as its upper edge; hidden before the first runs."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._points: list[tuple[int, int]] = [(0, 0)]
        self._runs = self._ways = 1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Wires taken, by runs"))
        look.changed.connect(self.update)
        self.hide()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def begin(self, runs: int, ways: int) -> None:
        """Start anew.

        Args:
            runs: How many there will be.
            ways: How many wires there are.
        """
        self._points = [(0, 0)]
        self._runs, self._ways = max(1, runs), max(1, ways)
        self.show()
        self.update()

    def add(self, runs: int, taken: int) -> None:
        """So many wires were taken after so many runs; what was taken once stays taken."""
        runs, taken = max(runs, self._points[-1][0]), max(taken, self._points[-1][1])
        self._ways = max(self._ways, taken)
        self._points.append((runs, taken))
        words = tr("{taken} of {all} after {runs} runs", taken=taken, all=self._ways, runs=runs)
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        box = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("line"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(box.topLeft(), box.topRight())
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.setPen(theme.color("muted"))
        corner = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
        painter.drawText(box.adjusted(0, 0, 0, -3), int(corner), self.accessibleName())
        line = QPolygonF()
        for runs, taken in self._points:
            x = box.left() + box.width() * min(1.0, runs / self._runs)
            line.append(QPointF(x, box.bottom() - box.height() * taken / self._ways))
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.drawPolyline(line)
        painter.end()
