"""The condition builder: rows where a condition is simple enough, text for the rest."""

from dataclasses import replace
from typing import Any

from typing_extensions import override

from journeybuilder.gui.expressions.trying import Outcome
from journeybuilder.gui.forms.base import UNSET, Editor, FormContext, Path, column, label, row
from journeybuilder.gui.forms.cel import ExpressionEditor
from journeybuilder.gui.forms.condition_groups import GroupEditor, quiet_button
from journeybuilder.gui.forms.condition_reading import read_or_reason
from journeybuilder.gui.forms.condition_rows import new_row
from journeybuilder.gui.forms.conditions import Group, write
from journeybuilder.gui.forms.live import LiveLine
from journeybuilder.gui.look.language import tr


class ConditionEditor(Editor):
    """A CEL condition: rows where it is simple enough, else text; the person may switch."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self.text = ExpressionEditor(
            path, context, placeholder=tr("for example order.total < 200"), live=False
        )
        self.text.edited.connect(self._typed)
        self.mode = quiet_button(tr("As rows"), self._switched)
        self.note = label("", "help", wrap=True)
        self.rows: GroupEditor | None = None
        self.live = LiveLine(path, context)
        self.live.tried.connect(self._tried)
        self._layout = column(self, spacing=4)
        self._layout.addWidget(self.text)
        self._layout.addWidget(self.note)
        line = row(spacing=4)
        line.addWidget(self.live, 1)
        line.addWidget(self.mode)
        self._layout.addLayout(line)
        self._value = ""
        self._as_text = False
        self._known = False

    def _draw(self) -> None:
        found = read_or_reason(self._value)
        group = found if isinstance(found, Group) and not self._as_text else None
        self._drop_rows()
        if group is not None:
            shown = group if group.parts else replace(group, parts=(new_row(),))
            self.rows = GroupEditor(shown, self._scope)
            self.rows.changed.connect(self._built)
            self._layout.insertWidget(0, self.rows)
        self.text.setVisible(group is None)
        self._explain(found)
        self.text.show_value(self._value)
        self._fit()
        self.live.show_text(self._value)

    def _scope(self) -> Any:
        return self.context.scope_at(self.path)

    def _explain(self, found: Group | str) -> None:
        """Why it cannot be shown as rows; the button where it can be shown in the other way."""
        reason = "" if isinstance(found, Group) else found
        self.note.setText(reason)
        self.note.setVisible(bool(reason) and bool(self._value.strip()))
        self.mode.setVisible(isinstance(found, Group))
        self.mode.setText(tr("As rows") if self.rows is None else tr("As text"))

    def _fit(self) -> None:
        self.setFocusProxy(self.rows if self.rows is not None else self.text.line)

    def _drop_rows(self) -> None:
        if self.rows is not None:
            self._layout.removeWidget(self.rows)
            self.rows.hide()
            self.rows.deleteLater()
            self.rows = None

    def _built(self) -> None:
        if self.rows is None:
            return
        group = self.rows.finished()
        self._value = write(group) if group is not None else ""
        self.live.show_text(self._value)
        self.say(self._value)

    def _typed(self, _path: object, value: object) -> None:
        self._value = "" if value is UNSET else str(value)
        self._explain(read_or_reason(self._value))
        self.live.show_text("" if self.text.problem(self._value) else self._value)
        self.say(self._value)

    def _tried(self, outcome: Outcome) -> None:
        del outcome
        if self.rows is not None:
            self.rows.show_truth()

    def _switched(self) -> None:
        self._as_text = self.rows is not None
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
        if self.text.line.hasFocus() and self.rows is None:
            self.text.show_value(text)
            self._explain(read_or_reason(text))
            self.live.show_text(text)
            return
        self._draw()
