"""One row of a condition: field, operator, value, and whether it holds on the sample values."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget
from typing_extensions import override

from journeybuilder.contract.cel_types import Type
from journeybuilder.gui.expressions.complete import Suggestion, complete
from journeybuilder.gui.expressions.scope import Scope
from journeybuilder.gui.expressions.trying import Outcome, tried
from journeybuilder.gui.forms.base import column, restyle, row
from journeybuilder.gui.forms.cel import insert_button
from journeybuilder.gui.forms.completion import Completion
from journeybuilder.gui.forms.conditions import (
    OPERATORS,
    Row,
    Value,
    ValueKind,
    guess,
    operators_for,
    write,
)
from journeybuilder.gui.forms.grip import Grip
from journeybuilder.gui.forms.picks import remove_button
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak

GetScope = Callable[[], Scope]
_KIND_WORDS: dict[ValueKind, str] = {
    "text": noop("text"),
    "number": noop("number"),
    "yes/no": noop("yes or no"),
    "variable": noop("variable"),
    "list": noop("list"),
    "moment": noop("moment"),
    "duration": noop("length"),
}
_EXAMPLES: dict[ValueKind, str] = {
    "text": noop("value"),
    "number": noop("a number"),
    "variable": noop("variable, for example input.limit"),
    "list": noop("a, b, c"),
    "moment": noop("2026-01-31T08:00:00Z"),
    "duration": noop("for example 30d, 12h"),
}
_NARROWEST = 56
_WIDE = 340
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*")
_CONTROL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_NEW = Row("", "==", Value("", "text"))


def new_row() -> Row:
    """A row that nobody has filled in."""
    return _NEW


def key_meaning(event: QKeyEvent) -> str:
    """What a key means anywhere in a row or case: `add`, `remove`, `up`, `down`, or ""."""
    keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if keys == _CONTROL and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        return "add"
    if keys != _ALT:
        return ""
    meanings = {Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down", Qt.Key.Key_Delete: "remove"}
    return meanings.get(Qt.Key(event.key()), "")


class TruthLabel(QLabel):
    """Whether something holds on the sample values: a sign and a word, never a color alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "truth")
        self.hide()

    def show_outcome(self, outcome: Outcome | None, note: str = "") -> None:
        """Show it, or nothing."""
        truth = None if outcome is None else outcome.truth
        if outcome is None:
            self.hide()
            return
        words = tr("no value") if truth is None else tr("yes") if truth else tr("no")
        sign = "\u2013" if truth is None else "\u2713" if truth else "\u2717"
        self.setText(f"{sign} {words}")
        about = outcome.words or tr("on the sample values")
        self.setToolTip(f"{about} {note}".strip())
        self.setAccessibleName(tr("On the sample: {result}. {about}", result=words, about=about))
        state = "wrong" if truth is None else "true" if truth else "false"
        restyle(self, "state", state)
        self.show()


class RowEditor(QWidget):
    """One comparison: field, operator, value and how the value is meant.

    Signals:
        changed: Something else is said.
        asked: What a key or button asks for: `add`, `remove`, `up`, `down`.
        moved: It was dragged by so many pixels.
    """

    changed = Signal()
    asked = Signal(str)
    moved = Signal(int)

    def __init__(self, shown: Row, scope: GetScope) -> None:
        super().__init__()
        self._scope = scope
        self._loaded = bool(shown.field)
        self._filling = False
        self._type = Type("dynamic")
        self.field = QLineEdit()
        self.field.setProperty("role", "code")
        self.field.setPlaceholderText(tr("field, for example order.total"))
        self.field.setAccessibleName(tr("Field of the condition"))
        self.operator = QuietCombo()
        self.operator.setAccessibleName(tr("Comparison"))
        self.value = QLineEdit()
        self.value.setAccessibleName(tr("Value to compare with"))
        self.choice = QuietCombo()
        self.choice.setAccessibleName(tr("Value to compare with"))
        self.kind = QuietCombo()
        self.kind.setAccessibleName(tr("Type of the value"))
        for box in (self.operator, self.choice, self.kind):
            box.setMinimumContentsLength(3)
            box.setMinimumWidth(_NARROWEST)
        for line in (self.field, self.value):
            line.setMinimumWidth(_NARROWEST)
        self.truth = TruthLabel()
        self.fields = Completion(self.field, self._ask_field)
        self.values = Completion(self.value, self._ask_value)
        self._lay_out()
        self.setFocusProxy(self.field)
        self._show(shown)
        self.field.textEdited.connect(weak(self._field_edited))
        self.operator.activated.connect(weak(self._operated))
        self.value.textEdited.connect(self._typed)
        self.choice.currentIndexChanged.connect(weak(self._chosen))
        self.kind.activated.connect(weak(self._kind_chosen))
        for widget in (self.field, self.operator, self.value, self.choice, self.kind):
            widget.installEventFilter(self)

    def _lay_out(self) -> None:
        grip = Grip(tr("Drag to move, or press Alt with an arrow key"))
        grip.let_go.connect(self.moved)
        layout = column(self, spacing=4)
        first: QHBoxLayout = row(spacing=4)
        first.addWidget(grip)
        first.addWidget(self.field, 1)
        first.addWidget(self.truth)
        first.addWidget(insert_button(self.fields))
        first.addWidget(gone := remove_button(tr("this condition"), weak(self._gone)))
        indent = grip.sizeHint().width() + 4
        self._second: QHBoxLayout = row(spacing=4)
        self._second.addSpacing(indent)
        self._second.addWidget(self.operator, 6)
        self._third: QHBoxLayout = row(spacing=4)
        self._third.addSpacing(indent)
        layout.addLayout(first)
        layout.addLayout(self._second)
        layout.addLayout(self._third)
        self._narrow: bool | None = None
        self._arrange(narrow=True)
        stops = self.tab_stops = (
            self.field,
            self.operator,
            self.value,
            self.choice,
            self.kind,
            gone,
        )
        for pair in pairwise(stops):
            QWidget.setTabOrder(*pair)

    def _arrange(self, *, narrow: bool) -> None:
        """The value beside the operator, or in a narrow panel below it."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        line = self._third if narrow else self._second
        for widget, share in ((self.value, 6), (self.choice, 6), (self.kind, 4)):
            self._second.removeWidget(widget)
            self._third.removeWidget(widget)
            line.addWidget(widget, share)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(narrow=event.size().width() < _WIDE)

    # --- showing -------------------------------------------------------------------------------------

    def _show(self, shown: Row) -> None:
        self.field.setText(shown.field)
        self.field.setCursorPosition(0)
        self._offer_operators(shown.operator)
        self._offer_kinds(shown.value.kind)
        self.value.setText(shown.value.text)
        self._offer_choice(shown.value.text)

    def _offer_operators(self, wanted: str) -> None:
        """The operators for the type of the field, and the one that is there in any case."""
        text = self.field.text().strip()
        self._type = self._scope().type_at(text) if _PATH.fullmatch(text) else Type("dynamic")
        offered = operators_for(self._type.kind)
        if wanted and wanted not in [one.id for one in offered]:
            offered = [*offered, OPERATORS[wanted]]
        if [one.id for one in offered] != [
            self.operator.itemData(index) for index in range(self.operator.count())
        ]:
            self.operator.clear()
            for one in offered:
                self.operator.addItem(tr(one.words), one.id)
        self.operator.setCurrentIndex(max(0, self.operator.findData(wanted)))

    def _offer_kinds(self, wanted: ValueKind) -> None:
        kinds = self._kinds()
        self.kind.clear()
        for one in kinds:
            self.kind.addItem(tr(_KIND_WORDS[one]), one)
        self.kind.setCurrentIndex(kinds.index(wanted) if wanted in kinds else self._likely(kinds))
        self.kind.setVisible(len(kinds) > 1)
        self.value.setPlaceholderText(tr(_EXAMPLES.get(self._kind(), "")))

    def _likely(self, kinds: Sequence[ValueKind]) -> int:
        """The kind of value that goes with the type of the field."""
        likely = {"int": "number", "double": "number", "number": "number", "bool": "yes/no"}
        wanted = likely.get(self._type.kind, kinds[0] if kinds else "none")
        return kinds.index(wanted) if wanted in kinds else 0

    def _offer_choice(self, text: str) -> None:
        """A box with the values that there are, where they are known."""
        options = self._options()
        self.choice.setVisible(bool(options))
        self.value.setVisible(bool(self._kinds()) and not options)
        if not options:
            return
        self._filling = True
        self.choice.clear()
        for value, words in options:
            self.choice.addItem(words, value)
        if text and self.choice.findData(text) < 0:
            self.choice.addItem(tr("{value} (not a known value)", value=text), text)
        self.choice.setCurrentIndex(self.choice.findData(text))
        self._filling = False

    def _options(self) -> list[tuple[str, str]]:
        single = str(self.operator.currentData()) in {"==", "!=", "holds", "!holds"}
        if single and self._kind() == "yes/no":
            return [("yes", tr("yes")), ("no", tr("no"))]
        item = self._type.item if self._type.kind == "list" else self._type
        if single and self._kind() == "text" and item is not None:
            return [(one, one) for one in item.options]
        return []

    def _kinds(self) -> tuple[ValueKind, ...]:
        return OPERATORS[str(self.operator.currentData() or "==")].kinds

    def _kind(self) -> ValueKind:
        return cast("ValueKind", self.kind.currentData() or "none")

    # --- completion ----------------------------------------------------------------------------------

    def _ask_field(self, text: str, cursor: int, explicit: bool) -> list[Suggestion]:
        found = complete(text, cursor, self._scope(), explicit=explicit)
        return [one for one in found if one.kind in {"variable", "field"}]

    def _ask_value(self, text: str, cursor: int, explicit: bool) -> list[Suggestion]:
        if self._kind() != "variable" and not explicit:
            return []
        before = f"{self.field.text().strip() or 'x'} == "
        found = complete(before + text, len(before) + cursor, self._scope(), explicit=explicit)
        kinds = {"variable", "field"} if self._kind() != "text" else {"variable", "field", "value"}
        return [
            _shifted(one, len(before), plain=one.kind == "value")
            for one in found
            if one.kind in kinds
        ]

    # --- edits ---------------------------------------------------------------------------------------

    def _field_edited(self) -> None:
        before = self._type
        operator, kind = str(self.operator.currentData()), self._kind()
        self._offer_operators(operator)
        if self._type != before:
            if operator not in {one.id for one in operators_for(self._type.kind)}:
                self.operator.setCurrentIndex(0)
            fresh = not self.value.text()
            self._offer_kinds("none" if fresh else kind)
            self._offer_choice(self.value.text())
        self._edited()

    def _operated(self) -> None:
        self._offer_kinds(self._kind())
        self._offer_choice(self.value.text())
        self._edited()

    def _chosen(self) -> None:
        """A choice by mouse, by arrows or by its first letters."""
        if not self._filling:
            self._edited()

    def _kind_chosen(self) -> None:
        self.value.setPlaceholderText(tr(_EXAMPLES.get(self._kind(), "")))
        self._offer_choice(self.value.text())
        self._edited()

    def _typed(self, text: str) -> None:
        kinds = self._kinds()
        path = text.strip() if _PATH.fullmatch(text.strip()) else ""
        known = bool(path) and path.split(".")[0].split("[")[0] in self._scope().variables
        kind = guess(text, [path] if known else [])
        if kind in kinds and self._kind() not in {"list", "variable"}:
            wanted = "text" if self._type.kind == "text" and kind == "number" else kind
            self.kind.setCurrentIndex(kinds.index(wanted if wanted in kinds else kind))
        self._edited()

    def _edited(self) -> None:
        restyle(self.field, "invalid", not self.field.text().strip())
        if not self.choice.isHidden() and self.choice.currentIndex() >= 0:
            self.value.setText(str(self.choice.currentData()))
        self.changed.emit()

    def _gone(self) -> None:
        self.asked.emit("remove")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() in {
            QEvent.Type.ShortcutOverride,
            QEvent.Type.KeyPress,
        }:
            meaning = key_meaning(event)
            if meaning:
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    self.asked.emit(meaning)
                return True
        return super().eventFilter(watched, event)

    # --- what it says --------------------------------------------------------------------------------

    def condition(self) -> Row:
        """What the row says now."""
        operator = str(self.operator.currentData())
        kind = self._kind() if self._kinds() else "none"
        value = Value(self.value.text(), kind) if self._kinds() else Value()
        return Row(self.field.text().strip(), operator, value)

    @property
    def complete(self) -> bool:
        """Whether it has a field and a value where one is needed; one out of the file always has."""
        said = self.condition()
        filled = said.value.kind == "none" or bool(said.value.text.strip())
        return bool(said.field) and (filled or self._loaded)

    def show_truth(self, scope: Scope, note: str = "") -> None:
        """Show whether it holds on sample values."""
        outcome = tried(write(self.condition()), scope) if self.complete else None
        self.truth.show_outcome(outcome, note)


def _shifted(one: Suggestion, by: int, *, plain: bool) -> Suggestion:
    """A suggestion for the value alone, which is typed without quotes."""
    insert = one.insert.strip('"') if plain else one.insert
    start = max(0, one.start - by)
    return replace(one, insert=insert, start=start, end=one.end - by, caret=start + len(insert))
