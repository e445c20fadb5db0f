"""A text field for code: line numbers, marks of findings in the margin, indentation by keys."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget
from typing_extensions import override

from journeybuilder.document.findings import Finding
from journeybuilder.gui.theme import Theme

_SIGNS = {"error": "\u2716", "warning": "\u26a0"}
_PARAGRAPH = "\u2029"
_STEP = 2  # spaces of one level


class _Margin(QWidget):
    """Line numbers and marks, beside the text."""

    def __init__(self, area: "CodeArea") -> None:
        super().__init__(area)
        self._area = area

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._area.margin_width(), 0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._area.paint_margin(self, event.rect())

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            line = self._area.line_at(event.pos())
            QToolTip.showText(event.globalPos(), self._area.words_of(line), self)
            return True
        return super().event(event)


class CodeArea(QPlainTextEdit):
    """The text; keys that undo belong to the journey once typing is taken over.

    Signals:
        left: The focus or a command goes elsewhere: what is typed is to be taken over now.
    """

    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._marks: Mapping[int, Sequence[Finding]] = {}
        self._lines = range(0)
        self.setProperty("role", "code")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.margin = _Margin(self)
        self.blockCountChanged.connect(self._fit)
        self.updateRequest.connect(self._scrolled)
        self._fit()

    # --- text ------------------------------------------------------------------------------------

    def text(self) -> str:
        """The text as it is; no blank of another kind becomes a plain one."""
        return self.document().toRawText().replace(_PARAGRAPH, "\n")

    def show_text(self, text: str) -> None:
        """Show another text: only what differs changes, so cursor and place stay."""
        old = self.text()
        if text == old:
            return
        start, end = _difference(old, text)
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(old[:start]))
        cursor.setPosition(_units(old[: len(old) - end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text[start : len(text) - end])
        self.forget_typing()

    def forget_typing(self) -> None:
        """What was typed is taken over: from here on undo is the journey's."""
        self.document().clearUndoRedoStacks()

    # --- marks -----------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colors."""
        self._theme = theme
        self.set_place(self._lines, scroll=False)
        self.margin.update()

    def set_marks(self, marks: Mapping[int, Sequence[Finding]]) -> None:
        """Show findings beside their lines; the first line is 1."""
        self._marks = marks
        self.margin.update()

    def set_place(self, lines: range, *, scroll: bool) -> None:
        """Light up lines, the first being 1, and bring them into view where wanted."""
        self._lines = lines
        shown: list[QTextEdit.ExtraSelection] = []
        for line in lines:
            place = QTextEdit.ExtraSelection()
            place.format.setBackground(self._theme.color("hover"))
            place.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            place.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
            shown.append(place)
        self.setExtraSelections(shown)
        self.margin.update()
        if scroll and lines:
            self.verticalScrollBar().setValue(max(0, lines.start - 3))
            self.horizontalScrollBar().setValue(0)

    def words_of(self, line: int) -> str:
        """What is wrong in a line."""
        found = self._marks.get(line, ())
        return "\n".join(f"{one.message}\n{one.hint}".strip() for one in found)

    # --- margin ----------------------------------------------------------------------------------

    def margin_width(self) -> int:
        """Pixels for the numbers, a mark and air."""
        digits = max(2, len(str(self.blockCount())))
        return self.fontMetrics().horizontalAdvance("0") * (digits + 2) + 14

    def line_at(self, place: QPoint) -> int:
        """The line at a height of the margin."""
        return self.cursorForPosition(QPoint(0, place.y())).blockNumber() + 1

    def paint_margin(self, margin: QWidget, area: QRect) -> None:
        """Draw the numbers and marks that are in an area."""
        painter = QPainter(margin)
        painter.setFont(self.font())
        painter.fillRect(area, self._theme.color("window"))
        block = self.firstVisibleBlock()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset()).toAlignedRect()
            if box.top() > area.bottom():
                break
            self._paint_line(painter, block.blockNumber() + 1, box, margin.width())
            block = block.next()
        painter.end()

    def _paint_line(self, painter: QPainter, line: int, box: QRect, width: int) -> None:
        if line in self._lines:
            painter.fillRect(width - 3, box.top(), 3, box.height(), self._theme.color("accent"))
        found = self._marks.get(line, ())
        if found:
            severity = min((one.severity for one in found), key=("error", "warning", "info").index)
            painter.setPen(self._theme.color(severity if severity in _SIGNS else "muted"))
            sign = QRect(4, box.top(), 16, box.height())
            painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, _SIGNS.get(severity, "i"))
        here = line == self.textCursor().blockNumber() + 1
        painter.setPen(self._theme.color("text" if here else "muted"))
        numbers = QRect(0, box.top(), width - 8, box.height())
        painter.drawText(
            numbers, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line)
        )

    def _fit(self) -> None:
        self.setViewportMargins(self.margin_width(), 0, 0, 0)

    def _scrolled(self, area: QRect, dy: int) -> None:
        if dy:
            self.margin.scroll(0, dy)
        else:
            self.margin.update(0, area.y(), self.margin.width(), area.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self.margin.setGeometry(inside.left(), inside.top(), self.margin_width(), inside.height())

    # --- keys ------------------------------------------------------------------------------------

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            redo, undo = QKeySequence.StandardKey.Redo, QKeySequence.StandardKey.Undo
            document = self.document()
            mine = document.isUndoAvailable() or document.isRedoAvailable()
            if event.matches(undo) or event.matches(redo):
                if not mine:
                    event.ignore()
                    return True
            elif (
                event.modifiers() & Qt.KeyboardModifier.ControlModifier
                and event.key() != Qt.Key.Key_Control
            ):
                self.left.emit()  # a command may follow that is about the journey
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Tab:
            self._indent(_STEP)
        elif key == Qt.Key.Key_Backtab:
            self._indent(-_STEP)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            line = self.textCursor().block().text()[: self.textCursor().positionInBlock()]
            level = len(line) - len(line.lstrip(" "))
            deeper = _STEP if line.rstrip().endswith(":") else 0
            self.textCursor().insertText("\n" + " " * (level + deeper))
            self.ensureCursorVisible()
        else:
            super().keyPressEvent(event)

    def _indent(self, by: int) -> None:
        """Move the lines of the selection; without one Tab fills up to the next level."""
        cursor = self.textCursor()
        if by > 0 and not cursor.hasSelection():
            cursor.insertText(" " * (_STEP - cursor.positionInBlock() % _STEP))
            return
        first = self.document().findBlock(cursor.selectionStart())
        last = self.document().findBlock(cursor.selectionEnd()).blockNumber()
        cursor.beginEditBlock()
        while first.isValid() and first.blockNumber() <= last:
            line = QTextCursor(first)
            if by > 0:
                line.insertText(" " * by)
            else:
                for _ in range(min(-by, len(first.text()) - len(first.text().lstrip(" ")))):
                    line.deleteChar()
            first = first.next()
        cursor.endEditBlock()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def _difference(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts share at the beginning, and at the end behind those."""
    most = min(len(old), len(new))
    start = next((n for n in range(most) if old[n] != new[n]), most)
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return start, end


def _units(text: str) -> int:
    """How many places of a cursor a text takes: characters beyond 16 bits take two."""
    return len(text) + sum(letter > "\uffff" for letter in text)
