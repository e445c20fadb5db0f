"""A value of any type: text with `${…}`, a computed one, a number, yes or no, or JSON."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from journeybuilder.contract.expressions import ExpressionError, Slot, split_template
from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FormContext,
    Path,
    column,
    go_into,
    has_focus,
    name_it,
    rename_it,
)
from journeybuilder.gui.forms.cel import ExpressionEditor, TemplateEditor
from journeybuilder.gui.forms.json_editor import JsonEditor
from journeybuilder.gui.forms.plain import ChoiceEditor, NumberEditor, QuietCombo
from journeybuilder.gui.look.language import noop, tr

TEXT, COMPUTED, NUMBER, BOOL, OTHER = range(5)
_NOTHING_YET = object()
_FRESH: Mapping[int, Any] = {NUMBER: 0, BOOL: True, OTHER: []}
_WORDS = (
    noop("Text"), noop("Computed"), noop("Number"), noop("Yes or no"), noop("List or group"),
)  # fmt: skip


def expression_of(value: Any) -> str | None:
    """The expression of a text that is one `${…}`, else None."""
    if not isinstance(value, str):
        return None
    try:
        parts = split_template(value)
    except ExpressionError:
        return None
    return parts[0].expression if len(parts) == 1 and isinstance(parts[0], Slot) else None


def sort_of(value: Any) -> int:
    """Which editor a value is for."""
    if value is UNSET or isinstance(value, str):
        return TEXT if expression_of(value) is None else COMPUTED
    if isinstance(value, bool):
        return BOOL
    return NUMBER if isinstance(value, int | float) else OTHER


class ValueEditor(Editor):
    """A box that says of what sort the value is, and the editor of that sort."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self.sort = QuietCombo()
        self.sort.setAccessibleName(tr("Sort of value"))
        for words in _WORDS:
            self.sort.addItem(tr(words))
        self.sort.activated.connect(self._chosen)
        self._made: dict[int, Editor] = {}
        self._value: Any = _NOTHING_YET
        layout = column(self, spacing=4)
        layout.addWidget(self.sort)
        inner = QWidget()
        self._boxes = column(inner)
        layout.addWidget(inner)
        self.setFocusProxy(self.sort)

    def _editor(self, sort: int) -> Editor:
        """The editor of a sort; made when it is first shown, since most values stay what they are."""
        made = self._made.get(sort)
        if made is None:
            path, context = self.path, self.context
            if sort == TEXT:
                made = TemplateEditor(path, context)
            elif sort == COMPUTED:
                made = ExpressionEditor(path, context)
            elif sort == NUMBER:
                made = NumberEditor(path, context, whole=False, placeholder=tr("a number"))
            elif sort == BOOL:
                answers = [(UNSET, tr("Not set")), (True, tr("Yes")), (False, tr("No"))]
                made = ChoiceEditor(path, context, answers)
            else:
                made = JsonEditor(path, context)
            self._made[sort] = made
            name_it(made, self.accessibleName(), self.accessibleDescription())
            made.edited.connect(self._typed)
            self._boxes.addWidget(made)
        return made

    @override
    def setAccessibleName(self, name: str) -> None:
        """Each of its editors is called so, whichever is shown."""
        before = self.accessibleName()
        super().setAccessibleName(name)
        for editor in self._made.values():
            rename_it(editor, before, name)

    def _mode(self, sort: int) -> None:
        self.sort.setCurrentIndex(sort)
        shown = self._editor(sort)
        for editor in self._made.values():
            editor.setVisible(editor is shown)
        self.setFocusProxy(shown)

    def _typed(self, _path: object, value: object) -> None:
        computed = self.sort.currentIndex() == COMPUTED
        told = f"${{{value}}}" if computed and isinstance(value, str) else value
        self._value = UNSET if told == "" else told
        self.say(told)

    def _chosen(self, sort: int) -> None:
        """Another sort begins with what can be taken over of the value."""
        before = expression_of(self._value)
        self._mode(sort)
        fresh = _FRESH.get(sort, UNSET)
        if sort == COMPUTED:
            self._editor(sort).show_value(before or "")
            self._editor(sort).setFocus()
            return
        self._value = fresh
        self._editor(sort).show_value(fresh)
        self.say(fresh)
        self._editor(sort).setFocus()

    @override
    def show_value(self, value: Any) -> None:
        wanted = UNSET if value is None or value == "" else value
        if wanted == self._value and type(wanted) is type(self._value):
            return
        self._value = wanted
        sort = sort_of(wanted)
        typing = any(has_focus(editor) for editor in self._made.values())
        self._mode(sort)
        shown = self._editor(sort)
        shown.show_value(expression_of(wanted) if sort == COMPUTED else wanted)
        if typing and not has_focus(shown):
            go_into(shown)
