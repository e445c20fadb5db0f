"""What an empty canvas says."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from journeybuilder.gui.theme import Theme, glyph

_WAYS = (
    ("Drag a tool or a step here", "from the palette, or onto a wire to put it in between"),
    ("Press Tab or double-click", "to search everything that can be added"),
    ("Pull a wire from a port", "and let go anywhere to add what comes next"),
)


class EmptyHint(QWidget):
    """Shown in the middle of a canvas without nodes; lets every mouse event through."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._icon = QLabel(self)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = QVBoxLayout(self)
        box.setSpacing(14)
        box.addWidget(self._icon)
        box.addWidget(self._text)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw with other colors."""
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap.fromImage(glyph("tidy", theme.accent, round(44 * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        self._icon.setPixmap(pixmap)
        lines = "".join(
            f'<p style="margin:5px"><b style="color:{theme.text}">{what}</b>'
            f' <span style="color:{theme.muted}">{how}</span></p>'
            for what, how in _WAYS
        )
        self._text.setText(
            f'<p style="font-size:17px;font-weight:600;color:{theme.text};margin-bottom:12px">'
            f"This journey is empty</p>{lines}"
        )
        self.adjustSize()

    def center_in(self, parent: QWidget) -> None:
        """Take the middle of the parent."""
        self.adjustSize()
        self.move((parent.width() - self.width()) // 2, (parent.height() - self.height()) // 2)
