"""What the mouse takes hold of to move a row of a form."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel
from typing_extensions import override


class Grip(QLabel):
    """What the mouse takes hold of to move a row; keys do the same.

    Signals:
        let_go: How far the mouse was moved down from where it began, in pixels.
    """

    let_go = Signal(int)

    def __init__(self, words: str) -> None:
        super().__init__("\u283f")
        self.setProperty("role", "grip")
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(words)
        self.setAccessibleName(words)
        self._begin: int | None = None

    @override
    def mousePressEvent(self, ev: QMouseEvent) -> None:
        if ev.button() == Qt.MouseButton.LeftButton:
            self._begin = ev.globalPosition().toPoint().y()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    @override
    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        begin, self._begin = self._begin, None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        if begin is not None:
            self.let_go.emit(ev.globalPosition().toPoint().y() - begin)
