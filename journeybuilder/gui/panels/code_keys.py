"""Keys of a code field: comments, moving lines, pairs of quotes and brackets, indentation."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

STEP = 2  # spaces of one level
_PAIRS = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'"}
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def pressed(area: QPlainTextEdit, event: QKeyEvent) -> bool:
    """Do what a key means in code; False where it is an ordinary one."""
    key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held == _CONTROL and key == Qt.Key.Key_Slash:
        toggle_comment(area)
    elif held == _ALT and key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
        move_lines(area, 1 if key == Qt.Key.Key_Down else -1)
    elif key == Qt.Key.Key_Tab and held in {Qt.KeyboardModifier.NoModifier, _SHIFT}:
        indent(area, STEP)
    elif key == Qt.Key.Key_Backtab:
        indent(area, -STEP)
    elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and held in {
        Qt.KeyboardModifier.NoModifier,
        _SHIFT,
    }:
        new_line(area)
    elif key == Qt.Key.Key_Backspace and held == Qt.KeyboardModifier.NoModifier:
        return _both_gone(area)
    elif held in {Qt.KeyboardModifier.NoModifier, _SHIFT} and event.text():
        return _paired(area, event.text())
    elif held == _ALT | Qt.KeyboardModifier.ControlModifier and event.text() in _PAIRS:
        return _paired(area, event.text())  # AltGr of some keyboards
    else:
        return False
    area.ensureCursorVisible()
    return True


def mine(event: QKeyEvent) -> bool:
    """Whether a key is of the code and no command of the window."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    moves = held == _ALT and event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}
    return moves or (held == _CONTROL and event.key() == Qt.Key.Key_Slash)


def _lines(area: QPlainTextEdit) -> list[QTextBlock]:
    """The lines of the selection."""
    cursor = area.textCursor()
    first = area.document().findBlock(cursor.selectionStart())
    end = cursor.selectionEnd()
    last = area.document().findBlock(end)
    if last.position() == end and last != first:
        last = last.previous()
    return list(_from_to(first, last))


def _from_to(first: QTextBlock, last: QTextBlock) -> Iterator[QTextBlock]:
    block = first
    while block.isValid() and block.blockNumber() <= last.blockNumber():
        yield block
        block = block.next()


def toggle_comment(area: QPlainTextEdit) -> None:
    """Make the lines comments, or text again where all of them are."""
    lines = [block for block in _lines(area) if block.text().strip()]
    if not lines:
        return
    all_are = all(block.text().lstrip().startswith("#") for block in lines)
    level = min(len(block.text()) - len(block.text().lstrip(" ")) for block in lines)
    edit = area.textCursor()
    edit.beginEditBlock()
    for block in lines:
        cursor = QTextCursor(block)
        if all_are:
            at = block.text().index("#")
            cursor.setPosition(block.position() + at)
            wide = 2 if block.text()[at : at + 2] == "# " else 1
            cursor.setPosition(block.position() + at + wide, QTextCursor.MoveMode.KeepAnchor)
            cursor.removeSelectedText()
        else:
            cursor.setPosition(block.position() + level)
            cursor.insertText("# ")
    edit.endEditBlock()


def move_lines(area: QPlainTextEdit, by: int) -> None:
    """Move the lines of the selection up (-1) or down."""
    lines = _lines(area)
    first, last = lines[0], lines[-1]
    other = last.next() if by > 0 else first.previous()
    if not other.isValid():
        return
    cursor = area.textCursor()
    anchor, place = cursor.anchor(), cursor.position()
    text, moved = other.text(), "\n".join(block.text() for block in lines)
    begin = min(first.position(), other.position())
    end = max(last.position() + last.length(), other.position() + other.length()) - 1
    shift = len(text) + 1 if by > 0 else -(len(text) + 1)
    edit = QTextCursor(area.document())
    edit.beginEditBlock()
    edit.setPosition(begin)
    edit.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    edit.insertText(f"{text}\n{moved}" if by > 0 else f"{moved}\n{text}")
    edit.endEditBlock()
    shift = shift if by < 0 else len(text.encode("utf-16-le")) // 2 + 1
    cursor.setPosition(anchor + shift)
    cursor.setPosition(place + shift, QTextCursor.MoveMode.KeepAnchor)
    area.setTextCursor(cursor)


def indent(area: QPlainTextEdit, by: int) -> None:
    """Move the lines of the selection; without one Tab fills up to the next level."""
    cursor = area.textCursor()
    if by > 0 and not cursor.hasSelection():
        cursor.insertText(" " * (STEP - cursor.positionInBlock() % STEP))
        return
    cursor.beginEditBlock()
    for block in _lines(area):
        line = QTextCursor(block)
        if by > 0:
            line.insertText(" " * by)
        else:
            for _ in range(min(-by, len(block.text()) - len(block.text().lstrip(" ")))):
                line.deleteChar()
    cursor.endEditBlock()


def new_line(area: QPlainTextEdit) -> None:
    """Begin a line as far in as this one, one level further behind a colon."""
    cursor = area.textCursor()
    line = cursor.block().text()[: cursor.positionInBlock()]
    level = len(line) - len(line.lstrip(" "))
    deeper = STEP if line.rstrip().endswith(":") else 0
    cursor.insertText("\n" + " " * (level + deeper))
    area.setTextCursor(cursor)


def _paired(area: QPlainTextEdit, typed: str) -> bool:
    """The other half of a bracket or quote comes by itself; typing it steps over it."""
    cursor = area.textCursor()
    if cursor.hasSelection() and typed in _PAIRS:
        words = cursor.selectedText().replace("\u2029", "\n")
        cursor.insertText(f"{typed}{words}{_PAIRS[typed]}")
        return True
    line, at = cursor.block().text(), cursor.positionInBlock()
    before, after = line[at - 1 : at] if at else "", line[at : at + 1]
    if typed == after and typed in _PAIRS.values():
        cursor.movePosition(QTextCursor.MoveOperation.Right)
        area.setTextCursor(cursor)
        return True
    if typed not in _PAIRS or not (not after or after in " ,)]}"):
        return False
    if typed in {'"', "'"} and (before.isalnum() or before in {'"', "'"}):
        return False  # it ends something, or is an apostrophe
    cursor.insertText(typed + _PAIRS[typed])
    cursor.movePosition(QTextCursor.MoveOperation.Left)
    area.setTextCursor(cursor)
    return True


def _both_gone(area: QPlainTextEdit) -> bool:
    """Backspace between the halves of a pair takes both."""
    cursor = area.textCursor()
    line, at = cursor.block().text(), cursor.positionInBlock()
    empty = 0 < at < len(line) and _PAIRS.get(line[at - 1]) == line[at]
    if cursor.hasSelection() or not empty:
        return False
    cursor.deletePreviousChar()
    cursor.deleteChar()
    area.setTextCursor(cursor)
    return True
