"""A value of any type: text with `${…}`, a computed one, a number, yes or no, or JSON."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from journeybuilder.contract.expressions import ExpressionError, Slot, split_template
from journeybuilder.gui.forms.base import UNSET, Editor, FormContext, Path, column
from journeybuilder.gui.forms.cel import ExpressionEditor, TemplateEditor
from journeybuilder.gui.forms.json_editor import JsonEditor
from journeybuilder.gui.forms.plain import ChoiceEditor, NumberEditor, QuietCombo

TEXT, COMPUTED, NUMBER, BOOL, OTHER = range(5)
_FRESH: Mapping[int, Any] = {NUMBER: 0, BOOL: True, OTHER: []}
_WORDS = ("Text", "Computed", "Number", "Yes or no", "List or group")


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
        self.sort.setAccessibleName("Sort of value")
        for words in _WORDS:
            self.sort.addItem(words)
        self.sort.activated.connect(self._chosen)
        self._editors: tuple[Editor, ...] = (
            TemplateEditor(path, context),
            ExpressionEditor(path, context),
            NumberEditor(path, context, whole=False, placeholder="a number"),
            ChoiceEditor(path, context, [(UNSET, "Not set"), (True, "Yes"), (False, "No")]),
            JsonEditor(path, context),
        )
        self._value: Any = UNSET
        layout = column(self, spacing=4)
        layout.addWidget(self.sort)
        inner = QWidget()
        boxes = column(inner)
        for editor in self._editors:
            boxes.addWidget(editor)
            editor.edited.connect(self._typed)
        layout.addWidget(inner)
        self._mode(TEXT)

    def _mode(self, sort: int) -> None:
        self.sort.setCurrentIndex(sort)
        for index, editor in enumerate(self._editors):
            editor.setVisible(index == sort)
        self.setFocusProxy(self._editors[sort])

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
            self._editors[sort].show_value(before or "")
            self._editors[sort].setFocus()
            return
        self._value = fresh
        self._editors[sort].show_value(fresh)
        self.say(fresh)
        self._editors[sort].setFocus()

    @override
    def show_value(self, value: Any) -> None:
        wanted = UNSET if value is None or value == "" else value
        if wanted == self._value and type(wanted) is type(self._value):
            return
        self._value = wanted
        sort = sort_of(wanted)
        self._mode(sort)
        self._editors[sort].show_value(expression_of(wanted) if sort == COMPUTED else wanted)
