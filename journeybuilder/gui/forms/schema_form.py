"""A form out of a JSON Schema: objects, lists, choices, yes/no, numbers, text; fixed or computed.

Computed values are `${…}`: every leaf has a switch between a fixed value and an expression.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FieldBox,
    FormContext,
    Path,
    column,
    empty,
    label,
    name_it,
    row,
)
from journeybuilder.gui.forms.cel import ExpressionEditor, TemplateEditor
from journeybuilder.gui.forms.json_editor import JsonEditor
from journeybuilder.gui.forms.picks import remove_button
from journeybuilder.gui.forms.plain import (
    ChoiceEditor,
    LineEditor,
    NumberEditor,
    indented,
)
from journeybuilder.gui.forms.schema_reading import (
    Schema,
    help_of,
    placeholder_of,
    range_of,
    resolved,
    short,
    title_of,
    type_of,
)
from journeybuilder.gui.forms.value_editor import expression_of
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.slots import weak, weak_with

_DEEPEST = 6  # levels of nesting that become forms; what is deeper is JSON text


class Maker:
    """Makes editors for one schema; `computed` gives every leaf its switch to an expression."""

    def __init__(self, root: Schema, context: FormContext, *, computed: bool) -> None:
        self.root = root
        self.context = context
        self.computed = computed

    def make(self, schema: Any, path: Path, depth: int = 0) -> Editor:
        """An editor for the value at a path."""
        found = resolved(schema, self.root)
        kind = type_of(found)
        if kind == "object" and isinstance(found.get("properties"), Mapping) and depth < _DEEPEST:
            return ObjectEditor(path, self, found, depth)
        if kind == "array" and depth < _DEEPEST:
            return ArrayEditor(path, self, found, depth)
        if not self.computed:
            return self.leaf(found, kind, path)
        return SwitchEditor(path, self, found, kind)

    def leaf(self, schema: Schema, kind: str, path: Path) -> Editor:
        """An editor for a fixed value."""
        options = schema.get("enum")
        if isinstance(options, list):
            choices = [
                (value, short(value)) for value in cast("list[Any]", options) if value is not None
            ]
            return ChoiceEditor(path, self.context, [(UNSET, "Not set"), *choices])
        if kind == "boolean":
            return ChoiceEditor(
                path, self.context, [(UNSET, "Not set"), (True, "Yes"), (False, "No")]
            )
        if kind in {"integer", "number"}:
            return NumberEditor(
                path, self.context, whole=kind == "integer", placeholder=range_of(schema)
            )
        if kind == "string" and self.computed:
            return TemplateEditor(path, self.context, placeholder=placeholder_of(schema))
        if kind == "string":
            return LineEditor(path, self.context, placeholder=placeholder_of(schema))
        return JsonEditor(path, self.context)


class SwitchEditor(Editor):
    """A leaf with a switch: a fixed value, or an expression that computes it."""

    def __init__(self, path: Path, maker: Maker, schema: Schema, kind: str) -> None:
        super().__init__(path, maker.context)
        self._fixed = maker.leaf(schema, kind, path)
        self._computed = ExpressionEditor(path, maker.context, placeholder="for example order.id")
        self._fixed.edited.connect(self._typed)
        self._computed.edited.connect(self._expression)
        self.switch = QToolButton()
        self.switch.setText("ƒx")
        self.switch.setCheckable(True)
        self.switch.setProperty("role", "switch")
        self.switch.setToolTip("Compute this value from variables")
        self.switch.setAccessibleName("Compute this value from variables")
        self.switch.clicked.connect(self._switched)
        line = row(self, spacing=4)
        inner = QWidget()
        boxes = column(inner)
        boxes.addWidget(self._fixed)
        boxes.addWidget(self._computed)
        line.addWidget(inner, 1)
        line.addWidget(self.switch)
        line.setAlignment(self.switch, Qt.AlignmentFlag.AlignTop)
        self._value: Any = UNSET
        self._mode(computed=False)

    def _mode(self, *, computed: bool) -> None:
        self.switch.setChecked(computed)
        self._computed.setVisible(computed)
        self._fixed.setVisible(not computed)
        self.setFocusProxy(self._computed if computed else self._fixed)

    def _typed(self, _path: object, value: object) -> None:
        self._value = value
        self.say(value)

    def _expression(self, _path: object, value: object) -> None:
        self._value = f"${{{value}}}" if isinstance(value, str) else UNSET
        self.say(self._value)

    def _switched(self, checked: bool) -> None:
        self._mode(computed=checked)
        if not checked and expression_of(self._value) is not None:
            self._value = UNSET
            self._fixed.show_value(UNSET)
            self.say(UNSET)
        proxy = self.focusProxy()
        if proxy is not None:
            proxy.setFocus()

    @override
    def show_value(self, value: Any) -> None:
        wanted = UNSET if value is None else value
        known = self._value
        self._value = wanted
        expression = expression_of(wanted)
        if expression is not None:
            self._computed.show_value(expression)
            self._mode(computed=True)
        elif wanted is not UNSET or wanted is not known:
            self._fixed.show_value(wanted)
            if wanted is not UNSET:
                self._mode(computed=False)


class ObjectEditor(Editor):
    """The properties of an object, the required ones first."""

    compound = True

    def __init__(self, path: Path, maker: Maker, schema: Schema, depth: int) -> None:
        super().__init__(path, maker.context)
        self._editors: dict[str, Editor] = {}
        self._value: Mapping[str, Any] = {}
        self._maker = maker
        self._layout = column(self, spacing=12, margins=(12, 4, 0, 4) if depth else (0, 0, 0, 0))
        if depth:
            indented(self)
        self._required = {str(name) for name in cast("Sequence[Any]", schema.get("required") or [])}
        properties = cast("Mapping[str, Any]", schema["properties"])
        for key in sorted(properties, key=lambda name: name not in self._required):
            self._add(key, properties[key], depth)
        if not properties:
            self._layout.addWidget(label("It takes no arguments.", "muted"))

    def _add(self, key: str, raw: Any, depth: int) -> None:
        schema = resolved(raw, self._maker.root)
        editor = self._maker.make(raw, (*self.path, key), depth + 1)
        editor.edited.connect(self.edited)
        self._editors[key] = editor
        box = FieldBox(
            title_of(key, schema), editor, help_text=help_of(schema), required=key in self._required
        )
        self._layout.addWidget(box)
        if self.focusProxy() is None:
            self.setFocusProxy(editor.focusProxy() or editor)

    @override
    def show_value(self, value: Any) -> None:
        self._value = cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
        for key in self._value:
            if key not in self._editors:
                self._add(key, {"description": "Not among the tool's arguments."}, 1)
        for key, editor in self._editors.items():
            editor.show_value(self._value.get(key, UNSET))

    @override
    def focus_path(self, path: Path) -> bool:
        return any(editor.focus_path(path) for editor in self._editors.values()) or (
            path == self.path and super().focus_path(path)
        )


class ArrayEditor(Editor):
    """A list: one row per item, to add and to remove; or computed as a whole."""

    compound = True

    def __init__(self, path: Path, maker: Maker, schema: Schema, depth: int) -> None:
        super().__init__(path, maker.context)
        self._maker = maker
        self._items = schema.get("items", {})
        self._depth = depth
        self._value: list[Any] = []
        self._editors: list[Editor] = []
        layout = column(self, spacing=4)
        self._whole = ExpressionEditor(path, maker.context, placeholder="for example order.lines")
        self._whole.edited.connect(self._computed)
        self._whole.hide()
        self._body = QWidget()
        self._rows: QVBoxLayout = column(self._body, spacing=4)
        layout.addWidget(self._whole)
        layout.addWidget(self._body)
        line = row(spacing=4)
        self._add = QPushButton("Add item")
        self._add.setProperty("role", "quiet")
        self._add.clicked.connect(self._added)
        line.addWidget(self._add)
        line.addStretch(1)
        self._switch = QToolButton()
        self._switch.setText("ƒx")
        self._switch.setCheckable(True)
        self._switch.setProperty("role", "switch")
        self._switch.setToolTip("Compute the whole list from variables")
        self._switch.setAccessibleName("Compute the whole list from variables")
        self._switch.clicked.connect(self._switched)
        self._switch.setVisible(maker.computed)
        line.addWidget(self._switch)
        layout.addLayout(line)
        self.setFocusProxy(self._add)

    def _mode(self, *, computed: bool) -> None:
        self._switch.setChecked(computed)
        self._whole.setVisible(computed)
        self._body.setVisible(not computed)
        self._add.setVisible(not computed)

    def _switched(self, checked: bool) -> None:
        self._mode(computed=checked)

    def _computed(self, _path: object, value: object) -> None:
        self.say(f"${{{value}}}" if isinstance(value, str) else UNSET)

    def _added(self) -> None:
        kind = type_of(resolved(self._items, self._maker.root))
        beginnings: dict[str, Any] = {
            "object": {},
            "array": [],
            "boolean": False,
            "integer": 0,
            "number": 0,
        }
        fresh = beginnings.get(kind, "")
        self._take([*self._value, fresh])
        last = self._editors[-1]
        (last.focusProxy() or last).setFocus()

    def _removed(self, index: int) -> None:
        self._take([item for place, item in enumerate(self._value) if place != index])

    def _take(self, value: list[Any]) -> None:
        self._draw(value)
        self.say(list(value) or UNSET)

    def _item(self, index: int, path: object, value: object) -> None:
        inner = cast("Path", path)[len(self.path) + 1 :]
        changed = set_in(self._value[index], inner, "" if value is UNSET and not inner else value)
        self._value = [
            changed if place == index else item for place, item in enumerate(self._value)
        ]
        self.say(list(self._value))

    def _draw(self, value: list[Any]) -> None:
        if len(value) != len(self._editors):
            empty(self._rows)
            self._editors = []
            for index in range(len(value)):
                self._rows.addWidget(self._row(index))
        self._value = value
        for item, editor in zip(value, self._editors, strict=True):
            editor.show_value(item)

    def _row(self, index: int) -> QWidget:
        editor = self._maker.make(self._items, (*self.path, index), self._depth + 1)
        editor.edited.connect(weak_with(self._item, index))
        self._editors.append(editor)
        name_it(editor, f"Item {index + 1}")
        holder = QWidget()
        line = row(holder, spacing=4)
        line.addWidget(editor, 1)
        remove = remove_button(f"item {index + 1}", weak(self._removed, index))
        line.addWidget(remove)
        line.setAlignment(remove, Qt.AlignmentFlag.AlignTop)
        return holder

    @override
    def show_value(self, value: Any) -> None:
        expression = expression_of(value)
        if expression is not None:
            self._whole.show_value(expression)
            self._mode(computed=True)
            return
        wanted = list(cast("list[Any]", value)) if isinstance(value, list) else []
        if wanted or not self._switch.isChecked():
            self._mode(computed=False)
        self._draw(wanted)
