"""Another value for a variable at a moment: a form by its type, and a run that branches off with it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QScrollArea, QWidget

from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.gui.debug.moment import same, sort_of_value, value_words
from journeybuilder.gui.forms.base import (
    Editor,
    FormContext,
    Unset,
    column,
    go_into,
    label,
    name_it,
    sentence,
)
from journeybuilder.gui.forms.schema_form import Maker
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr

_WIDTH = 460
_KINDS = ((bool, "boolean"), (str, "string"), (int, "number"), (float, "number"))


def schema_like(value: Any) -> dict[str, Any]:
    """A schema that a value fits, for a form where nothing else is known of it."""
    for kind, name in _KINDS:
        if isinstance(value, kind):
            return {"type": name}
    if isinstance(value, Mapping) and value:
        parts = cast("Mapping[str, Any]", value)
        return {
            "type": "object",
            "properties": {name: schema_like(one) for name, one in parts.items()},
        }
    if isinstance(value, list) and value:
        return {"type": "array", "items": schema_like(cast("list[Any]", value)[0])}
    return {}


def schema_for(value: Any, told: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The first schema that is told of a variable and that its value fits, else one made from it."""
    for schema in told:
        try:
            if schema.get("type") and not violations(dict(schema), value):
                return schema
        except BadSchema:
            continue
    return schema_like(value)


class ValueDialog(Dialog):
    """Asks for the value.

    Args:
        name: The variable. `value`: what it is at that moment.
        moment: The moment in words.
        schemas: What is told of the variable.

    Signals:
        decided: The value, and whether the new run is to stop before its next step.
    """

    decided = Signal(object, bool)

    def __init__(
        self,
        name: str,
        value: Any,
        moment: str,
        schemas: Sequence[Mapping[str, Any]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("value")
        self.setWindowTitle(tr("Change a value"))
        self.setMinimumWidth(_WIDTH)
        self._first = self._value = value
        self._schema = schema_for(value, schemas)
        layout = column(self, spacing=8, margins=(24, 24, 24, 16))
        layout.addWidget(label(tr("Change {name} and branch", name=name), "title", wrap=True))
        words = tr(
            "A new run begins {moment} with this value. What tools and models have answered until then "
            "is used again, so nothing is paid twice. The run that you look at stays as it is.",
            moment=moment,
        )
        layout.addWidget(label(words, "muted", wrap=True))
        kind = sort_of_value(value)[1]
        layout.addWidget(label(tr("{name}, {kind}", name=name, kind=kind), "field"))
        self.form: Editor = Maker(self._schema, FormContext(), computed=False).make(
            self._schema, ()
        )
        name_it(self.form, name)
        self.form.show_value(value)
        self.form.edited.connect(self._edited)
        self._put_form(layout)
        before = tr("Now: {value}", value=value_words(value))
        layout.addWidget(label(before, "help", wrap=True))
        self.wrong = label("", "wrong", wrap=True)
        self.wrong.hide()
        layout.addWidget(self.wrong)
        layout.addSpacing(8)
        layout.addWidget(self._buttons())
        self._check()
        go_into(self.form)

    def _put_form(self, layout: Any) -> None:
        """A form of many fields scrolls."""
        if not self.form.compound:
            layout.addWidget(self.form)
            layout.addStretch(1)
            return
        area = QScrollArea()
        area.setProperty("role", "dialog")
        area.setWidgetResizable(True)
        area.setMinimumHeight(220)
        area.setWidget(self.form)
        layout.addWidget(area, 1)

    def _buttons(self) -> QWidget:
        buttons = ButtonRow()
        self.branch = QPushButton(tr("Branch from here"))
        self.branch.setObjectName("value.branch")
        self.branch.setToolTip(tr("The new run stops before its next step"))
        self.branch.setDefault(True)
        self.branch.clicked.connect(self._stop_there)
        self.run = QPushButton(tr("Branch and go on"))
        self.run.setObjectName("value.run")
        self.run.setToolTip(tr("The new run goes on until it waits, stops or ends"))
        self.run.clicked.connect(self._go_on)
        cancel = QPushButton(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons.addButton(self.branch, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.run, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        return buttons

    def _edited(self, path: object, value: object) -> None:
        changed = set_in(self._value, cast("tuple[str | int, ...]", path), value)
        self._value = None if isinstance(changed, Unset) else changed
        self._check()

    def _check(self) -> None:
        """What does not fit its type is said, and can be tried all the same."""
        words = ""
        try:
            found = violations(dict(self._schema), self._value) if self._schema else []
            words = sentence(said(found[0])) if found else ""
        except BadSchema:
            words = ""
        self.wrong.setText(f"⚠ {words}" if words else "")
        self.wrong.setVisible(bool(words))
        changed = not same(self._value, self._first)
        for button in (self.branch, self.run):
            button.setEnabled(changed)

    def _stop_there(self) -> None:
        self._decide(hold=True)

    def _go_on(self) -> None:
        self._decide(hold=False)

    def _decide(self, *, hold: bool) -> None:
        if same(self._value, self._first):
            return
        self.decided.emit(self._value, hold)
        self.accept()
