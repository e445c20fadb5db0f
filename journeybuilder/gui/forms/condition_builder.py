"""The condition builder: rows of field, operator and value; text for what rows cannot say."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FormContext,
    Name,
    Path,
    column,
    empty,
    label,
    restyle,
    row,
)
from journeybuilder.gui.forms.cel import ExpressionEditor, names_model
from journeybuilder.gui.forms.conditions import (
    OPERATORS,
    Group,
    Join,
    Row,
    Value,
    ValueKind,
    guess,
    read,
    write,
)
from journeybuilder.gui.forms.picks import remove_button
from journeybuilder.gui.forms.plain import QuietCombo, indented
from journeybuilder.gui.slots import weak

_KIND_WORDS: dict[ValueKind, str] = {
    "text": "text",
    "number": "number",
    "yes/no": "yes or no",
    "variable": "variable",
    "list": "list",
}


def _name_line(names: Sequence[Name], placeholder: str, parent: QObject) -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText(placeholder)
    completer = QCompleter(line)
    completer.setModel(names_model(names, parent))
    completer.setCompletionRole(Qt.ItemDataRole.UserRole)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    line.setCompleter(completer)
    return line


class RowEditor(QWidget):
    """One comparison: field, operator, value and how the value is meant."""

    changed = Signal()
    removed = Signal()

    def __init__(self, shown: Row, names: Sequence[Name]) -> None:
        super().__init__()
        self._names = names
        self._field = _name_line(names, "field, for example order.total", self)
        self._field.setAccessibleName("Field of the condition")
        self._operator = QuietCombo()
        self._operator.setAccessibleName("Comparison")
        for one in OPERATORS.values():
            self._operator.addItem(one.words, one.id)
        self._value = QLineEdit()
        self._value.setAccessibleName("Value to compare with")
        self._kind = QuietCombo()
        self._kind.setAccessibleName("Type of the value")
        self._kind.setMinimumContentsLength(4)
        layout = column(self, spacing=4)
        first: QHBoxLayout = row(spacing=4)
        first.addWidget(self._field, 5)
        first.addWidget(self._operator, 6)
        first.addWidget(remove_button("this condition", weak(self._gone)))
        second: QHBoxLayout = row(spacing=4)
        second.addWidget(self._value, 5)
        second.addWidget(self._kind, 4)
        second.addSpacing(28)
        layout.addLayout(first)
        layout.addLayout(second)
        self.setFocusProxy(self._field)
        self._show(shown)
        self._field.textEdited.connect(weak(self._edited))
        completer = self._field.completer()
        completer.activated.connect(weak(self._edited))
        self._operator.activated.connect(weak(self._operated))
        self._value.textEdited.connect(self._typed)
        self._kind.activated.connect(weak(self._edited))

    def _show(self, shown: Row) -> None:
        self._field.setText(shown.field)
        self._field.setCursorPosition(0)
        self._operator.setCurrentIndex(max(0, self._operator.findData(shown.operator)))
        self._offer(shown.value.kind)
        self._value.setText(shown.value.text)

    def _offer(self, kind: ValueKind) -> None:
        kinds = OPERATORS[str(self._operator.currentData())].kinds
        self._kind.clear()
        for one in kinds:
            self._kind.addItem(_KIND_WORDS[one], one)
        self._kind.setCurrentIndex(max(0, kinds.index(kind) if kind in kinds else 0))
        self._kind.setVisible(len(kinds) > 1)
        self._value.setVisible(bool(kinds))
        self._value.setPlaceholderText("a, b, c" if "list" in kinds else "value")

    def _operated(self) -> None:
        self._offer(cast("ValueKind", self._kind.currentData() or "none"))
        self._edited()

    def _typed(self, text: str) -> None:
        kinds = OPERATORS[str(self._operator.currentData())].kinds
        kind = guess(text, [name.path for name in self._names])
        if kind in kinds and self._kind.currentData() != "list":
            self._kind.setCurrentIndex(kinds.index(kind))
        self._edited()

    def _edited(self) -> None:
        restyle(self._field, "invalid", not self._field.text().strip())
        self.changed.emit()

    def _gone(self) -> None:
        self.removed.emit()

    def condition(self) -> Row:
        """What the row says now."""
        kind = cast("ValueKind", self._kind.currentData() or "none")
        return Row(
            self._field.text().strip(),
            str(self._operator.currentData()),
            Value(self._value.text(), kind) if self._value.isVisibleTo(self) else Value(),
        )


class GroupEditor(QWidget):
    """Rows and inner groups of which all or any must hold."""

    changed = Signal()
    removed = Signal()
    as_text = Signal()

    def __init__(self, shown: Group, names: Sequence[Name], depth: int = 0) -> None:
        super().__init__()
        self._names = names
        self._depth = depth
        self._parts: list[RowEditor | GroupEditor] = []
        layout = column(self, spacing=8, margins=(12, 4, 0, 4) if depth else (0, 0, 0, 0))
        if depth:
            indented(self)
        self._join = QuietCombo()
        self._join.addItem("all of these hold", "all")
        self._join.addItem("any of these holds", "any")
        self._join.setAccessibleName("How the conditions are joined")
        self._join.setCurrentIndex(0 if shown.join == "all" else 1)
        self._join.activated.connect(weak(self._changed))
        self._head = QWidget()
        head: QHBoxLayout = row(self._head, spacing=4)
        head.addWidget(self._join)
        if depth:
            head.addWidget(remove_button("this group", weak(self._gone)))
        layout.addWidget(self._head)
        self._body: QVBoxLayout = QVBoxLayout()
        self._body.setSpacing(8)
        layout.addLayout(self._body)
        buttons = row(spacing=4)
        buttons.addWidget(_quiet_button("+ Condition", self._add_row))
        if depth == 0:
            buttons.addWidget(_quiet_button("+ Group", self._add_group))
        buttons.addStretch(1)
        if depth == 0:
            buttons.addWidget(_quiet_button("As text", weak(self._wants_text)))
        layout.addLayout(buttons)
        for part in shown.parts:
            self._put(part)
        if self._parts:
            self.setFocusProxy(self._parts[0])
        self._fit()

    def _put(self, part: Row | Group) -> "RowEditor | GroupEditor":
        widget = (
            RowEditor(part, self._names)
            if isinstance(part, Row)
            else GroupEditor(part, self._names, self._depth + 1)
        )
        widget.changed.connect(self.changed)
        widget.removed.connect(weak(self._remove, len(self._parts)))
        self._parts.append(widget)
        self._body.addWidget(widget)
        return widget

    def _fit(self) -> None:
        self._head.setVisible(len(self._parts) > 1 or self._depth > 0)

    def _add_row(self) -> None:
        self._put(Row("", "==", Value("", "text"))).setFocus()
        self._fit()

    def _add_group(self) -> None:
        other: Join = "any" if self._join.currentData() == "all" else "all"
        self._put(Group(other, (Row("", "==", Value("", "text")),))).setFocus()
        self._fit()

    def _remove(self, index: int) -> None:
        parts = list(self.condition().parts)
        parts.pop(index)
        empty(self._body)
        self._parts = []
        for part in parts:
            self._put(part)
        self._fit()
        self.changed.emit()

    def _gone(self) -> None:
        self.removed.emit()

    def _wants_text(self) -> None:
        self.as_text.emit()

    def _changed(self) -> None:
        self.changed.emit()

    def condition(self) -> Group:
        """What the group says now."""
        return Group(
            cast("Join", self._join.currentData()), tuple(part.condition() for part in self._parts)
        )


def _quiet_button(words: str, slot: Any) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("role", "quiet")
    button.clicked.connect(slot)
    return button


class ConditionEditor(Editor):
    """A CEL condition: rows where it is simple enough, else text; the person may switch."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self._text = ExpressionEditor(path, context, placeholder="for example order.total < 200")
        self._text.edited.connect(self._typed)
        self._mode = _quiet_button("As rows", self._switched)
        self._note = label("This condition says more than rows can show.", "help", wrap=True)
        self._rows: GroupEditor | None = None
        self._layout = column(self, spacing=4)
        self._layout.addWidget(self._text)
        self._layout.addWidget(self._note)
        line = row(spacing=4)
        line.addStretch(1)
        line.addWidget(self._mode)
        self._layout.addLayout(line)
        self._value = ""
        self._as_text = False
        self._known = False

    def _draw(self) -> None:
        group = read(self._value)
        rows = group is not None and not self._as_text
        self._drop_rows()
        if group is not None and rows:
            shown = (
                group if group.parts else replace(group, parts=(Row("", "==", Value("", "text")),))
            )
            self._rows = GroupEditor(shown, self.context.names)
            self._rows.changed.connect(self._built)
            self._rows.as_text.connect(self._switched)
            self._layout.insertWidget(0, self._rows)
        self._text.setVisible(not rows)
        self._note.setVisible(group is None)
        self._mode.setVisible(group is not None and not rows)
        self._text.show_value(self._value)
        self.setFocusProxy(self._rows if self._rows is not None else self._text.line)

    def _drop_rows(self) -> None:
        if self._rows is not None:
            self._layout.removeWidget(self._rows)
            self._rows.hide()
            self._rows.deleteLater()
            self._rows = None

    def _built(self) -> None:
        if self._rows is None:
            return
        group = self._rows.condition()
        kept = tuple(part for part in group.parts if isinstance(part, Group) or part.field)
        text = write(replace(group, parts=kept)) if kept else ""
        self._value = text
        self.say(text)

    def _typed(self, _path: object, value: object) -> None:
        self._value = "" if value is UNSET else str(value)
        group = read(self._value)
        self._note.setVisible(group is None)
        self._mode.setVisible(group is not None)
        self.say(self._value)

    def _switched(self) -> None:
        self._as_text = self._rows is not None
        self._draw()
        target = self.focusProxy()
        if target is not None:
            target.setFocus()

    @override
    def show_value(self, value: Any) -> None:
        text = value if isinstance(value, str) else ""
        if self._known and text == self._value:
            return
        self._known = True
        self._value = text
        if self._text.line.hasFocus() and self._rows is None:
            self._text.show_value(text)
            return
        self._draw()
