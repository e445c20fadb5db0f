"""Editors of expressions and templates: what is wrong, completion, and their value on sample values."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton
from typing_extensions import override

from journeybuilder.contract.cel_reading import reading
from journeybuilder.contract.cel_syntax import read
from journeybuilder.contract.cel_types import Type, fits, of_schema
from journeybuilder.contract.expressions import ExpressionError, compile_expression, slots
from journeybuilder.gui.expressions.complete import Suggestion, complete, complete_template
from journeybuilder.gui.expressions.scope import Scope, type_words
from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FormContext,
    LateLabel,
    Path,
    column,
    restyle,
    row,
)
from journeybuilder.gui.forms.completion import Completion
from journeybuilder.gui.forms.live import LiveLine, mini_button
from journeybuilder.gui.forms.plain import GrowingText
from journeybuilder.gui.look.language import tr


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


def misfit(text: str, scope: Scope, wanted: Type | None) -> str:
    """Why an expression cannot be right here, though it can be read; or an empty text.

    Args:
        text: The expression.
        scope: What is known here.
        wanted: The type of value that is taken; None where any is.
    """
    tree = read(text)
    if tree is None or wanted is None:
        return ""
    known = reading(tree, scope.types)
    for name in known.reads:
        if name not in scope.variables:
            near = get_close_matches(name, scope.variables, n=1)
            if near:
                return tr(
                    "'{name}' is not known here. Did you mean '{near}'?", name=name, near=near[0]
                )
            return tr("'{name}' is not known here.", name=name)
    clash = next((one for one in known.clashes if one.kind in {"field", "type"}), None)
    if clash is not None:
        return f"{clash.message}. {clash.hint}".removesuffix(" ")
    if not fits(known.type, wanted):
        given, taken = type_words(known.type), type_words(wanted)
        return tr("This is {given}; what is taken here is {wanted}.", given=given, wanted=taken)
    return ""


def wanted_by(schema: Mapping[str, Any], root: Mapping[str, Any], *, nullable: bool) -> Type:
    """The type of value that a part of a JSON Schema takes."""
    definitions = {key: root[key] for key in ("$defs", "definitions") if key in root}
    found = of_schema({**definitions, **schema})
    return replace(found, empty=True) if nullable else found


def insert_button(completion: Completion) -> QToolButton:
    """The button beside a field that opens the list of variables; Ctrl+Space does the same."""
    button = mini_button("insert-variable", tr("Insert variable… (Ctrl+Space)"), completion.suggest)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button


class ExpressionEditor(Editor):
    """A CEL expression on one line, with its value on sample values below.

    Args:
        wanted: The type of value that is taken here; None where any is.
        live: Whether it shows its value.
    """

    def __init__(
        self,
        path: Path,
        context: FormContext,
        *,
        placeholder: str = "",
        wanted: Type | None = None,
        live: bool = True,
    ) -> None:
        super().__init__(path, context)
        self._wanted = wanted
        self.line = QLineEdit()
        self.line.setProperty("role", "code")
        self.line.setPlaceholderText(placeholder or tr("for example order.total > 100"))
        self.live = LiveLine(path, context)
        self._lives = live
        self.completion = Completion(self.line, self._ask)
        layout = column(self, spacing=4)
        top: QHBoxLayout = row(spacing=4)
        top.addWidget(self.line, 1)
        top.addWidget(insert_button(self.completion))
        layout.addLayout(top)
        self._wrong = LateLabel(layout, "wrong")
        layout.addWidget(self.live)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._typed)

    def _ask(self, text: str, cursor: int, explicit: bool) -> Sequence[Suggestion]:
        return complete(text, cursor, self.context.scope_at(self.path), explicit=explicit)

    def _typed(self, text: str) -> None:
        self._judge(text)
        self.say(text or UNSET)

    def _judge(self, text: str) -> None:
        words = self.problem(text)
        self._wrong.show(words)
        restyle(self.line, "invalid", bool(words))
        self.live.show_text(text if self._lives and not words else "")

    def problem(self, text: str) -> str:
        """What is wrong with it, as far as that is known without the rest of the journey."""
        if not text.strip():
            return ""
        words = expression_problem(text)
        if words or self._wanted is None:
            return words
        return misfit(text, self.context.scope_at(self.path), self._wanted)

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
        self.area.setPlaceholderText(placeholder or tr("text; ${name} puts a value in"))
        self.live = LiveLine(path, context, template=True)
        self.completion = Completion(self.area, self._ask, template=True)
        layout = column(self, spacing=4)
        top: QHBoxLayout = row(spacing=4)
        top.addWidget(self.area, 1)
        button = insert_button(self.completion)
        top.addWidget(button)
        top.setAlignment(button, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(top)
        self._wrong = LateLabel(layout, "wrong")
        layout.addWidget(self.live)
        self.setFocusProxy(self.area)
        self._quiet = False
        self._shown: Any = UNSET
        self.area.textChanged.connect(self._typed)

    def _ask(self, text: str, cursor: int, explicit: bool) -> Sequence[Suggestion]:
        return complete_template(text, cursor, self.context.scope_at(self.path), explicit=explicit)

    def _typed(self) -> None:
        if self._quiet:
            return
        text = self.area.toPlainText()
        self._judge(text)
        self._shown = text or UNSET
        self.say(self._shown)

    def _judge(self, text: str) -> None:
        words = template_problem(text)
        self._wrong.show(words)
        restyle(self.area, "invalid", bool(words))
        self.live.show_text("" if words else text)

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
