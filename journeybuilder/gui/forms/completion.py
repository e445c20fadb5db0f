"""The list that opens at the cursor of a field: it follows what is typed and never takes the focus."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDropEvent,
    QKeyEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QAbstractScrollArea, QLineEdit, QPlainTextEdit, QWidget
from typing_extensions import override

from journeybuilder.gui.expressions.complete import Suggestion, slot_at
from journeybuilder.gui.forms.completion_list import CompletionList, list_in
from journeybuilder.gui.look.language import tr, trn

Field = QLineEdit | QPlainTextEdit
Ask = Callable[[str, int, bool], Sequence[Suggestion]]
"""Gives what could stand at the cursor: text, place of the cursor, whether the person asked."""

VARIABLE_MIME = "application/x-journeybuilder-variable"
_TYPING = 30  # ms after a key until the list follows
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ERASING = frozenset({Qt.Key.Key_Backspace, Qt.Key.Key_Delete})
_LEAVING = frozenset(
    {
        Qt.Key.Key_Escape,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_Space,
    }
)
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_PageUp: -8,
}


def text_of(field: Field) -> str:
    """What a field holds."""
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


def cursor_of(field: Field) -> int:
    """How many characters stand before the cursor."""
    return field.cursorPosition() if isinstance(field, QLineEdit) else field.textCursor().position()


def put(field: Field, start: int, end: int, words: str, caret: int) -> None:
    """Replace a part of a field's text as if it had been typed; one step of the field's own undo."""
    if isinstance(field, QLineEdit):
        field.setSelection(start, end - start)
        field.insert(words)
        field.setCursorPosition(caret)
        field.textEdited.emit(field.text())
        return
    cursor = field.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(words)
    cursor.setPosition(caret)
    field.setTextCursor(cursor)


class Completion(QObject):
    """Offers completion in one field: while typing, and with Ctrl+Space.

    Arrows choose, Enter or Tab inserts, Esc closes the list and nothing else. The field keeps the
    focus all the time. It also takes variables that are dropped on the field.

    Args:
        field: A line or a text; it owns this object.
        ask: Gives the suggestions.
        template: Whether a dropped variable is put into `${…}` outside of a slot.
    """

    def __init__(self, field: Field, ask: Ask, *, template: bool = False) -> None:
        super().__init__(field)
        self._field = field
        self._ask = ask
        self._template = template
        self._list: CompletionList | None = None
        self._later = QTimer(self)  # a child: it must not outlive the field
        self._later.setSingleShot(True)
        self._later.setInterval(_TYPING)
        self._later.timeout.connect(self.follow)
        self._areas: list[QAbstractScrollArea] = []
        field.installEventFilter(self)
        field.setAcceptDrops(True)
        if isinstance(field, QPlainTextEdit):
            field.viewport().installEventFilter(self)

    @property
    def open(self) -> bool:
        """Whether the list is shown for this field."""
        return self._list is not None and self._list.owner is self and self._list.isVisible()

    @property
    def shown(self) -> Sequence[Suggestion]:
        """What the list shows now."""
        return self._list.rows if self._list is not None and self.open else ()

    # --- opening and closing -----------------------------------------------------------------------

    def follow(self) -> None:
        """Show what fits what is typed now, or nothing."""
        self._show(explicit=False)

    def suggest(self) -> None:
        """Show everything that could stand here, as Ctrl+Space does."""
        self._later.stop()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show(explicit=True)
        if not self.open:
            self._announce(tr("Nothing known fits here"))

    def _show(self, *, explicit: bool) -> None:
        if not self._field.isVisible():
            return
        found = self._ask(text_of(self._field), cursor_of(self._field), explicit)
        if not found:
            self.close()
            return
        opened = not self.open
        box = list_in(self._field.window())
        box.take(self, found)
        box.place(self._cursor_box())
        self._list = box
        if opened:
            self._watch()
            self._announce(trn("{n} suggestion", "{n} suggestions", len(found)))
        self._speak()

    def close(self) -> None:
        """Close the list."""
        self._later.stop()
        if self._list is not None and self._list.owner is self:
            self._list.drop()
        self._list = None
        for area in self._areas:
            area.verticalScrollBar().valueChanged.disconnect(self.close)
        self._areas = []

    def _watch(self) -> None:
        """A form that is scrolled leaves the list where nothing is."""
        around = self._field.parentWidget()
        while around is not None and not around.isWindow():
            if isinstance(around, QAbstractScrollArea):
                around.verticalScrollBar().valueChanged.connect(self.close)
                self._areas.append(around)
            around = around.parentWidget()

    def _cursor_box(self) -> QRect:
        """Where the cursor is, in the window."""
        inner = (
            self._field.cursorRect()
            if isinstance(self._field, QPlainTextEdit)
            else QRect(QPoint(_cursor_x(self._field), 0), self._field.rect().bottomRight())
        )
        holder: QWidget = (
            self._field.viewport() if isinstance(self._field, QPlainTextEdit) else self._field
        )
        top = holder.mapTo(self._field.window(), inner.topLeft())
        return QRect(top, inner.size())

    # --- choosing ------------------------------------------------------------------------------------

    def accept(self, one: Suggestion) -> None:
        """Insert a suggestion."""
        self.close()
        put(self._field, one.start, one.end, one.insert, one.caret)
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._announce(tr("{name} inserted", name=one.label))
        if one.insert.endswith((".", "${")):
            self._later.start()

    def insert_name(self, name: str) -> None:
        """Insert a variable at the cursor, as a drop does."""
        cursor = cursor_of(self._field)
        words = name
        if self._template and not self._in_slot(cursor):
            words = f"${{{name}}}"
        selected = self._selection()
        start, end = selected if selected is not None else (cursor, cursor)
        put(self._field, start, end, words, start + len(words))
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _in_slot(self, cursor: int) -> bool:
        return slot_at(text_of(self._field), cursor) is not None

    def _selection(self) -> tuple[int, int] | None:
        if isinstance(self._field, QLineEdit):
            begin = self._field.selectionStart()
            return None if begin < 0 else (begin, begin + len(self._field.selectedText()))
        cursor = self._field.textCursor()
        return (cursor.selectionStart(), cursor.selectionEnd()) if cursor.hasSelection() else None

    def _speak(self) -> None:
        box = self._list
        current = box.current() if box is not None else None
        if current is not None:
            self._announce(current.spoken)

    def _announce(self, words: str) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._field, words))

    # --- keys ------------------------------------------------------------------------------------------

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._wants(event):
                event.accept()
                return True
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self._field:
                return self._pressed(event)
        elif kind in {QEvent.Type.FocusOut, QEvent.Type.Hide, QEvent.Type.MouseButtonPress}:
            self.close()
        elif kind in {QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop}:
            return isinstance(event, QDropEvent) and self._dragged(event)
        return super().eventFilter(watched, event)

    def _wants(self, event: QKeyEvent) -> bool:
        """Whether a key is meant for the list, before shortcuts of the window see it."""
        if _is_call(event):
            return True
        keys = {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, *_MOVES}
        return self.open and event.key() in keys and not event.modifiers()

    def _pressed(self, event: QKeyEvent) -> bool:
        if _is_call(event):
            self.suggest()
            return True
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self.open and plain and self._chosen(event.key()):
            return True
        typed = event.text().strip()
        if (typed and typed.isprintable()) or event.key() in _ERASING:
            self._later.start()
        elif event.key() in _LEAVING:
            self.close()
        return False

    def _chosen(self, key: int) -> bool:
        """Whether the open list has used a key."""
        box = self._list
        if box is None:
            return False
        if key in _MOVES:
            box.move_by(_MOVES[Qt.Key(key)])
            self._speak()
            return True
        if key == Qt.Key.Key_Escape:
            self.close()
            return True
        current = box.current()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab} and current is not None:
            if text_of(self._field)[current.start : current.end] == current.insert:
                self.close()  # it is all there, so the key means what it always does
                return False
            self.accept(current)
            return True
        return False

    # --- dropping --------------------------------------------------------------------------------------

    def _dragged(self, event: QDropEvent) -> bool:
        data = event.mimeData()
        if not data.hasFormat(VARIABLE_MIME):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        place = event.position().toPoint()
        if isinstance(self._field, QLineEdit):
            self._field.setCursorPosition(self._field.cursorPositionAt(place))
        else:
            self._field.setTextCursor(self._field.cursorForPosition(place))
        if event.type() == QEvent.Type.Drop:
            name = bytes(data.data(VARIABLE_MIME).data()).decode("utf-8", "replace").strip()
            if name:
                self.insert_name(name)
        return True


def _is_call(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Space and event.modifiers() == _CONTROL


def _cursor_x(field: QLineEdit) -> int:
    """Where the cursor of a line is, from its left edge."""
    box = field.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    return box.left() if isinstance(box, QRect) else int(box.left())
