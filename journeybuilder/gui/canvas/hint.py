"""What an empty canvas says."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.theme import Theme, glyph

_WAYS = (
    (
        noop("Drag a tool or a step here"),
        noop("from the palette, or onto a wire to put it in between"),
    ),
    (noop("Press Tab or double-click"), noop("to search everything that can be added")),
    (noop("Pull a wire from a port"), noop("and let go anywhere to add what comes next")),
)
_NARROW, _WIDE = 160, 720  # pixels that the words are wide
_AROUND = 64  # pixels that stay free beside them


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
        self._text.setWordWrap(True)
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
        title = tr("This journey is empty")
        lines = "".join(
            f'<p style="margin:5px"><b style="color:{theme.text}">{tr(what)}</b>'
            f' <span style="color:{theme.muted}">{tr(how)}</span></p>'
            for what, how in _WAYS
        )
        self._text.setText(
            f'<p style="font-size:17px;font-weight:600;color:{theme.text};margin-bottom:12px">'
            f"{title}</p>{lines}"
        )
        if (parent := self.parentWidget()) is not None:
            self.center_in(parent)

    def center_in(self, parent: QWidget) -> None:
        """Take the middle of the parent, and no more of its width than there is."""
        self._text.setFixedWidth(max(_NARROW, min(_WIDE, parent.width() - _AROUND)))
        self.adjustSize()
        self.move((parent.width() - self.width()) // 2, (parent.height() - self.height()) // 2)
