"""A text field for code: line numbers, folding, marks of findings in the margin and in the text."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip, QWidget
from typing_extensions import override

from journeybuilder.document.findings import Finding
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.theme import Theme
from journeybuilder.gui.panels import code_folds, code_keys

_SIGNS = {"error": "\u2716", "warning": "\u26a0"}
_PARAGRAPH = "\u2029"
_FOLD = 14  # pixels of the column with the signs of folds
Underline = tuple[int, int, str]
"""Where in the text, as the text counts, and how bad."""


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
    def mousePressEvent(self, event: QMouseEvent) -> None:
        block = self._area.document().findBlockByNumber(
            self._area.line_at(event.position().toPoint()) - 1
        )
        if code_folds.folded(block) or code_folds.foldable(block):
            code_folds.fold(self._area, block, hide=not code_folds.folded(block))
            self.update()

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
        asked: What a key asks for: `find`, `line` or `fix`.
    """

    left = Signal()
    asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._marks: Mapping[int, Sequence[Finding]] = {}
        self._lines = range(0)
        self._under: Sequence[Underline] = ()
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

    def set_underlines(self, places: Sequence[Underline]) -> None:
        """Underline parts of the text that something is wrong with."""
        if list(places) != list(self._under):
            self._under = places
            self._select()

    def set_place(self, lines: range, *, scroll: bool) -> None:
        """Light up lines, the first being 1, and bring them into view where wanted."""
        self._lines = lines
        self._select()
        self.margin.update()
        if scroll and lines:
            first = self.document().findBlockByNumber(lines.start - 1)
            code_folds.unfold_at(self, first)
            self.verticalScrollBar().setValue(max(0, first.firstLineNumber() - 2))
            self.horizontalScrollBar().setValue(0)

    def _select(self) -> None:
        shown: list[QTextEdit.ExtraSelection] = []
        for line in self._lines:
            place = QTextEdit.ExtraSelection()
            place.format.setBackground(self._theme.color("hover"))
            place.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            place.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
            shown.append(place)
        length = self.document().characterCount() - 1
        for start, end, severity in self._under:
            under = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(self._theme.color(severity if severity in _SIGNS else "muted"))
            cursor = QTextCursor(self.document())
            cursor.setPosition(min(start, length))
            cursor.setPosition(min(end, length), QTextCursor.MoveMode.KeepAnchor)
            under.format, under.cursor = look, cursor
            shown.append(under)
        self.setExtraSelections(shown)

    def findings_of(self, line: int) -> Sequence[Finding]:
        """The findings of a line."""
        return self._marks.get(line, ())

    def go_to_line(self, line: int, column: int = 1) -> None:
        """Put the cursor into a line, the first being 1."""
        number = max(0, min(line, self.blockCount()) - 1)
        block = self.document().findBlockByNumber(number)
        code_folds.unfold_at(self, block)
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + min(column - 1, block.length() - 1))
        self.setTextCursor(cursor)
        self.centerCursor()

    def words_of(self, line: int) -> str:
        """What is wrong in a line."""
        found = self._marks.get(line, ())
        return "\n".join(f"{said(one.message)}\n{said(one.hint)}".strip() for one in found)

    # --- margin ----------------------------------------------------------------------------------

    def margin_width(self) -> int:
        """Pixels for the numbers, a mark and air."""
        digits = max(2, len(str(self.blockCount())))
        return self.fontMetrics().horizontalAdvance("0") * (digits + 2) + 14 + _FOLD

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
            if block.isVisible():
                self._paint_line(painter, block.blockNumber() + 1, box, margin.width())
                self._paint_fold(painter, block, box, margin.width())
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
        numbers = QRect(0, box.top(), width - 6 - _FOLD, box.height())
        painter.drawText(
            numbers, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line)
        )

    def _paint_fold(self, painter: QPainter, block: QTextBlock, box: QRect, width: int) -> None:
        hidden = code_folds.folded(block)
        if not hidden and not code_folds.foldable(block):
            return
        painter.setPen(self._theme.color("text" if hidden else "muted"))
        place = QRect(width - 4 - _FOLD, box.top(), _FOLD, box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "\u25b8" if hidden else "\u25be")

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
            return self._overrides(event) or super().event(event)
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            line = self.cursorForPosition(self.viewport().mapFrom(self, event.pos())).blockNumber()
            QToolTip.showText(event.globalPos(), self.words_of(line + 1), self)
            return True
        return super().event(event)

    def _overrides(self, event: QKeyEvent) -> bool:
        """Whether it is settled whose key this is."""
        redo, undo = QKeySequence.StandardKey.Redo, QKeySequence.StandardKey.Undo
        document = self.document()
        if event.matches(undo) or event.matches(redo):
            if not (document.isUndoAvailable() or document.isRedoAvailable()):
                event.ignore()
                return True
        elif code_keys.mine(event) or self._asks(event) or self._folds(event):
            event.accept()
            return True
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() not in {
            Qt.Key.Key_Control,
            Qt.Key.Key_Space,
        }:
            self.left.emit()  # a command may follow that is about the journey
        return False

    @staticmethod
    def _asks(event: QKeyEvent) -> str:
        """What a key asks of the panel."""
        if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
            return ""
        keys = {Qt.Key.Key_F: "find", Qt.Key.Key_L: "line", Qt.Key.Key_Period: "fix"}
        return keys.get(Qt.Key(event.key()), "")

    @staticmethod
    def _folds(event: QKeyEvent) -> str:
        """Ctrl+Shift+[ folds and Ctrl+Shift+] unfolds; with - and + for keyboards without them."""
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != both:
            return ""
        hides = event.key() in {Qt.Key.Key_BracketLeft, Qt.Key.Key_BraceLeft, Qt.Key.Key_Minus}
        shows = event.key() in {Qt.Key.Key_BracketRight, Qt.Key.Key_BraceRight, Qt.Key.Key_Plus}
        return "fold" if hides else "unfold" if shows else ""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        asked, folds = self._asks(event), self._folds(event)
        if asked:
            self.asked.emit(asked)
        elif folds:
            self.fold_here(hide=folds == "fold")
        elif self.isReadOnly() or not code_keys.pressed(self, event):
            super().keyPressEvent(event)

    def fold_here(self, *, hide: bool) -> None:
        """Fold what the cursor is in, or unfold it."""
        block = self.textCursor().block()
        while hide and block.isValid() and not code_folds.foldable(block):
            block = block.previous()
        if block.isValid():
            code_folds.fold(self, block, hide=hide)
            self.margin.update()

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
