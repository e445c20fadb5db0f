"""Editors of expressions and templates: validity while typing, completion over the known names."""

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel, QTextCursor
from PySide6.QtWidgets import QCompleter, QLineEdit, QPlainTextEdit
from typing_extensions import override

from journeybuilder.contract.expressions import ExpressionError, compile_expression, slots
from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FormContext,
    Name,
    Path,
    column,
    label,
    restyle,
)
from journeybuilder.gui.forms.plain import GrowingText

_WORD = re.compile(r"[A-Za-z_][\w.]*$")


def expression_problem(text: str) -> str:
    """What is wrong with an expression, or an empty text."""
    try:
        compile_expression(text)
    except ExpressionError as error:
        return error.message
    return ""


def template_problem(text: str) -> str:
    """What is wrong with the first bad `${…}` in a text, or an empty text."""
    try:
        for _, slot in slots(text):
            compile_expression(slot.expression)
    except ExpressionError as error:
        return error.message
    return ""


def names_model(names: Sequence[Name], parent: QObject) -> QStandardItemModel:
    """Names for a completer: `order.total` to insert, with its type to show."""
    model = QStandardItemModel(parent)
    for name in names:
        item = QStandardItem(f"{name.path}   {name.type}" if name.type else name.path)
        item.setData(name.path, Qt.ItemDataRole.UserRole)
        item.setToolTip(name.about)
        item.setEditable(False)
        model.appendRow(item)
    return model


class NameCompleter(QCompleter):
    """Completes the name before the cursor of a line or a text.

    Args:
        inside_braces: Offer names only after an open `${`.
    """

    def __init__(
        self, target: QLineEdit | QPlainTextEdit, names: Sequence[Name], *, inside_braces: bool
    ) -> None:
        super().__init__(target)
        self._target = target
        self._inside = inside_braces
        self.setModel(names_model(names, self))
        self.setCompletionRole(Qt.ItemDataRole.UserRole)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setMaxVisibleItems(8)
        self.setWidget(target)
        self._box = self.popup()
        if self._box is not None:
            self._box.setObjectName("completion")
        self._later = QTimer(self)  # a child: it must not outlive the field
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self.suggest)
        target.installEventFilter(self)
        self.activated[QModelIndex].connect(self._insert)  # pyright: ignore[reportIndexIssue, reportUnknownMemberType]

    def _before(self) -> str:
        if isinstance(self._target, QLineEdit):
            return self._target.text()[: self._target.cursorPosition()]
        cursor = self._target.textCursor()
        return self._target.toPlainText()[: cursor.position()]

    def _hide(self) -> None:
        if self._box is not None:
            self._box.hide()

    def suggest(self) -> None:
        """Show what fits the word before the cursor, or hide."""
        before = self._before()
        if self._inside:
            start = before.rfind("${")
            if start < 0 or "}" in before[start:]:
                self._hide()
                return
        match = _WORD.search(before)
        typed = match.group(0) if match else ""
        after_brace = self._inside and before.endswith("${")
        if not typed and not after_brace:
            self._hide()
            return
        self.setCompletionPrefix(typed)
        only = self.completionCount() == 1 and self.currentCompletion() == typed
        if self.completionCount() == 0 or only:
            self._hide()
            return
        if isinstance(self._target, QPlainTextEdit):
            rect = self._target.cursorRect()
            rect.setWidth(min(320, self._target.width()))
            self.complete(rect)
        else:
            self.complete()

    def _insert(self, index: QModelIndex | QPersistentModelIndex) -> None:
        name = str(index.data(Qt.ItemDataRole.UserRole))
        before = self._before()
        match = _WORD.search(before)
        typed = len(match.group(0)) if match else 0
        if isinstance(self._target, QLineEdit):
            text = self._target.text()
            place = self._target.cursorPosition()
            self._target.setText(text[: place - typed] + name + text[place:])
            self._target.setCursorPosition(place - typed + len(name))
            self._target.textEdited.emit(self._target.text())
        else:
            cursor = self._target.textCursor()
            cursor.movePosition(
                QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, typed
            )
            cursor.insertText(name)

    def _released(self, e: QKeyEvent) -> None:
        if e.text().strip() or e.key() == Qt.Key.Key_Backspace:
            self._later.start()

    @override
    def eventFilter(self, o: QObject, e: QEvent) -> bool:
        released = o is self._target and e.type() == QEvent.Type.KeyRelease
        if released and isinstance(e, QKeyEvent):
            self._released(e)
        return super().eventFilter(o, e)


class ExpressionEditor(Editor):
    """A CEL expression on one line, with what is wrong with it below."""

    def __init__(self, path: Path, context: FormContext, *, placeholder: str = "") -> None:
        super().__init__(path, context)
        self.line = QLineEdit()
        self.line.setProperty("role", "code")
        self.line.setPlaceholderText(placeholder or "for example order.total > 100")
        self._wrong = label("", "wrong", wrap=True)
        self._wrong.hide()
        layout = column(self, spacing=4)
        layout.addWidget(self.line)
        layout.addWidget(self._wrong)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._typed)
        self.completer = NameCompleter(self.line, context.names, inside_braces=False)

    def _typed(self, text: str) -> None:
        self._judge(text)
        self.say(text or UNSET)

    def _judge(self, text: str) -> None:
        words = expression_problem(text) if text.strip() else ""
        self._wrong.setText(words)
        self._wrong.setVisible(bool(words))
        restyle(self.line, "invalid", bool(words))

    @override
    def show_value(self, value: Any) -> None:
        text = "" if value is None or value is UNSET else str(value)
        if text != self.line.text():
            place = self.line.cursorPosition()
            self.line.setText(text)
            self.line.setCursorPosition(min(place, len(text)) if self.line.hasFocus() else 0)
        self._judge(text)


class TemplateEditor(Editor):
    """Text with `${…}` in it; values that are no text are shown as they are written in YAML's flow."""

    def __init__(
        self, path: Path, context: FormContext, *, lines: int = 1, placeholder: str = ""
    ) -> None:
        super().__init__(path, context)
        self.area = GrowingText(lines)
        self.area.setPlaceholderText(placeholder or "text; ${name} puts a value in")
        self._wrong = label("", "wrong", wrap=True)
        self._wrong.hide()
        layout = column(self, spacing=4)
        layout.addWidget(self.area)
        layout.addWidget(self._wrong)
        self.setFocusProxy(self.area)
        self._quiet = False
        self._shown: Any = UNSET
        self.area.textChanged.connect(self._typed)
        self.completer = NameCompleter(self.area, context.names, inside_braces=True)

    def _typed(self) -> None:
        if self._quiet:
            return
        text = self.area.toPlainText()
        self._judge(text)
        self._shown = text or UNSET
        self.say(self._shown)

    def _judge(self, text: str) -> None:
        words = template_problem(text)
        self._wrong.setText(words)
        self._wrong.setVisible(bool(words))
        restyle(self.area, "invalid", bool(words))

    @override
    def show_value(self, value: Any) -> None:
        text = "" if value is None or value is UNSET else str(value)
        if value is not UNSET and not isinstance(value, str | None):
            text = _as_text(value)
        if self.area.toPlainText() != text:
            self._quiet = True
            try:
                place = self.area.textCursor().position()
                self.area.setPlainText(text)
                cursor = self.area.textCursor()
                cursor.setPosition(min(place, len(text)))
                self.area.setTextCursor(cursor)
            finally:
                self._quiet = False
        self._judge(text)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
