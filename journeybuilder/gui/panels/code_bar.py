"""The line below a code field that finds words in it and goes to a line."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import label, row
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.panels.code_area import CodeArea


class CodeBar(QWidget):
    """Words to find, or `:12` for a line; Enter goes on, Esc closes."""

    def __init__(self, area: CodeArea) -> None:
        super().__init__()
        self._area = area
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        line = row(self, spacing=8, margins=(10, 6, 10, 6))
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Find in the text, or :12 for a line"))
        self.line.setAccessibleName(tr("Find in the text, or go to a line with a colon before it"))
        self.line.setClearButtonEnabled(True)
        self.words = label("", "help")
        line.addWidget(self.line, 1)
        line.addWidget(self.words)
        self.line.textChanged.connect(self._typed)
        self.line.installEventFilter(self)
        self.hide()

    def open(self, *, line: bool) -> None:
        """Show it, to find or to go to a line."""
        chosen = self._area.textCursor().selectedText()
        if line:
            self.line.setText(":")
        elif chosen and "\u2029" not in chosen:
            self.line.setText(chosen)
        elif self.line.text().startswith(":"):
            self.line.clear()
        self.show()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        if line:
            self.line.end(False)
        else:
            self.line.selectAll()

    def _typed(self, text: str) -> None:
        if text.startswith(":"):
            most = self._area.blockCount()
            number = text[1:].strip()
            self.words.setText(tr("1 to {n}", n=most))
            if number.isdigit():
                self._area.go_to_line(int(number))
            return
        number = self._area.text().casefold().count(text.casefold()) if text else 0
        self.words.setText(trn("{n} place", "{n} places", number) if text else "")
        if text:
            cursor = self._area.textCursor()
            cursor.setPosition(cursor.selectionStart())
            self._area.setTextCursor(cursor)
            self.step(1)

    def step(self, by: int) -> bool:
        """Go to the next place or the one before, around at the end."""
        text = self.line.text()
        if not text or text.startswith(":"):
            return False
        back = QTextDocument.FindFlag.FindBackward if by < 0 else QTextDocument.FindFlag(0)
        if self._area.find(text, back):
            return True
        cursor = QTextCursor(self._area.document())
        if by < 0:
            cursor.movePosition(QTextCursor.MoveOperation.End)
        self._area.setTextCursor(cursor)
        return self._area.find(text, back)

    def close_bar(self) -> None:
        """Hide it; the cursor stays where it has gone."""
        self.hide()
        self._area.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                if not self.step(-1 if shift else 1):
                    self.close_bar()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_bar()
                return True
        return super().eventFilter(watched, event)
