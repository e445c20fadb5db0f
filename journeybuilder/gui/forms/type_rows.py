"""JSON Schema as a person fills it in: a type, its bounds, and the fields of a group as rows.

What the rows cannot say stays as it is, shown as text below them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FieldBox,
    FormContext,
    Path,
    column,
    name_it,
)
from journeybuilder.gui.forms.json_editor import JsonEditor
from journeybuilder.gui.forms.named_rows import NamedRows, as_mapping, quiet_button
from journeybuilder.gui.forms.picks import PickEditor
from journeybuilder.gui.forms.plain import (
    BoolEditor,
    LineEditor,
    ListEditor,
    NumberEditor,
    QuietCombo,
    indented,
)
from journeybuilder.gui.forms.values import set_in

Schema = Mapping[str, Any]
_OTHER = "other"
_TYPES: Mapping[str, tuple[str, Schema]] = {
    "": ("Any value", {}),
    "string": ("Text", {"type": "string"}),
    "integer": ("Whole number", {"type": "integer"}),
    "number": ("Number", {"type": "number"}),
    "boolean": ("Yes or no", {"type": "boolean"}),
    "date": ("Date", {"type": "string", "format": "date"}),
    "date-time": ("Date and time", {"type": "string", "format": "date-time"}),
    "array": ("List", {"type": "array"}),
    "object": ("Group of fields", {"type": "object"}),
}
_FORMATS = ("date", "date-time")
# What belongs to one type and goes with it when another is chosen.
_OF_TYPE = {
    "type", "format", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "items", "minItems", "maxItems",
    "uniqueItems", "properties", "required", "additionalProperties", "$ref", "anyOf", "oneOf", "allOf",
}  # fmt: skip
_SHOWN: Mapping[str, tuple[str, ...]] = {
    "string": ("enum", "pattern"),
    "integer": ("minimum", "maximum", "enum"),
    "number": ("minimum", "maximum", "enum"),
    "array": ("items",),
    "object": ("properties",),
}
_TITLES: Mapping[str, str] = {
    "enum": "Allowed values", "pattern": "Pattern", "minimum": "At least", "maximum": "At most",
    "items": "Each item", "properties": "Fields", "title": "Title", "description": "About",
    "data": "Data class",
}  # fmt: skip
DATA_CLASSES: Final = ("public", "internal", "personal", "payment", "health")
_DEEPEST = 4
_ALWAYS = ("items", "properties")


def type_name(schema: Schema) -> str:
    """Which of the types a schema is; `other` where no row can say it."""
    kind, form = schema.get("type"), schema.get("format")
    if any(key in schema for key in ("$ref", "anyOf", "oneOf", "allOf")):
        return _OTHER
    if kind == "string" and form in _FORMATS:
        return str(form)
    if kind is None:
        return "object" if "properties" in schema else ("string" if "enum" in schema else "")
    return kind if isinstance(kind, str) and kind in _TYPES else _OTHER


class ValuesList(ListEditor):
    """Allowed values, one a line: numbers where the type is one."""

    def __init__(self, path: Path, context: FormContext, *, numbers: bool) -> None:
        super().__init__(path, context, placeholder="any; one per line")
        self._numbers = numbers

    @override
    def say(self, value: Any) -> None:
        texts = cast("list[str]", value) if isinstance(value, list) else []
        super().say([self._value_of(text) for text in texts] or UNSET)

    def _value_of(self, text: str) -> Any:
        for convert in (int, float) if self._numbers else ():
            try:
                return convert(text)
            except ValueError:
                continue
        return text


class TypeEditor(Editor):
    """One JSON Schema.

    Args:
        named: It belongs to something with a name, so that title, words about it and data class
            make sense.
        fixed: The only type that makes sense here, e.g. `object` for what starts a journey.
        depth: How many schemas it stands in.
    """

    compound = True

    def __init__(
        self, path: Path, context: FormContext, *, named: bool = False, fixed: str = "", depth: int = 0
    ) -> None:  # fmt: skip
        super().__init__(path, context)
        self._named = named
        self._fixed = fixed
        self._depth = depth
        self._value: Any = UNSET
        self._editors: dict[str, Editor] = {}
        self._boxes: dict[str, FieldBox] = {}
        self._open = False
        self._drawn = ""
        self._box = column(self, spacing=8)
        self.kind = QuietCombo()
        self.kind.setAccessibleName("Type")
        for name, (words, _) in _TYPES.items():
            self.kind.addItem("Not set" if not name and not named else words, name)
        self.kind.activated.connect(self._chosen)
        self._box.addWidget(self.kind)  # before it is shown: else it would be a window
        self.kind.setVisible(not fixed)
        self._fields: QWidget | None = None
        self.setFocusProxy(self.kind)

    def _schema(self) -> Schema:
        return as_mapping(self._value)

    def _chosen(self, index: int) -> None:
        name = str(self.kind.itemData(index))
        if name == _OTHER or name == type_name(self._schema()):
            return
        rest = {key: value for key, value in self._schema().items() if key not in _OF_TYPE}
        changed = {**_TYPES[name][1], **rest}
        self._tell(changed if changed or self._named else UNSET)

    def _tell(self, value: Any) -> None:
        self.show_value(value)
        self.say({} if value is UNSET and self._named else value)

    # --- fields --------------------------------------------------------------------------------

    def _keys(self, kind: str) -> tuple[str, ...]:
        about = ("title", "description", "data") if self._named else ()
        return (*_SHOWN.get(kind, ()), *about)

    def _editor(self, key: str, kind: str) -> Editor:
        path: Path = (key,)
        if key in {"minimum", "maximum"}:
            return NumberEditor(path, self.context, whole=kind == "integer", placeholder="no bound")
        if key == "enum":
            return ValuesList(path, self.context, numbers=kind in {"integer", "number"})
        if key == "items" and self._depth < _DEEPEST:
            return TypeEditor(path, self.context, depth=self._depth + 1)
        if key == "items":
            return JsonEditor(path, self.context)
        if key == "properties":
            return PropertiesEditor((), self.context, depth=self._depth + 1)
        if key == "data":
            options = [(name, name.capitalize()) for name in DATA_CLASSES]
            return PickEditor(path, self.context, options, none="Not said")
        hints = {"pattern": "any; for example ^O-[0-9]{4}$"}
        return LineEditor(path, self.context, placeholder=hints.get(key, ""))

    def _draw(self, kind: str) -> None:
        """The fields of a type, made anew where another one is chosen."""
        if self._fields is not None:
            self._box.removeWidget(self._fields)
            self._fields.hide()
            self._fields.deleteLater()
        self._editors, self._boxes = {}, {}
        self._fields = QWidget()
        inside = column(self._fields, spacing=8)
        for key in self._keys(kind):
            editor = self._editor(key, kind)
            editor.edited.connect(self._typed)
            self._editors[key] = editor
            alone = key == "properties" and bool(self._fixed)
            if key in {"items", "properties"} and self._depth:
                indented(editor)
            if alone:
                inside.addWidget(editor)
                continue
            self._boxes[key] = FieldBox(_TITLES[key], editor)
            inside.addWidget(self._boxes[key])
        self._more = quiet_button("More about it", self._unfold)
        inside.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        rest = JsonEditor((), self.context)
        rest.edited.connect(self._rest_typed)
        self._editors[""] = rest
        self._rest = FieldBox(
            "Beyond these fields", rest, help_text="JSON Schema that has no field of its own."
        )
        inside.addWidget(self._rest)
        self._box.addWidget(self._fields)

    def _unfold(self) -> None:
        self._open = True
        self._fold()
        folded = next((box for key, box in self._boxes.items() if key not in _ALWAYS), None)
        if folded is not None:
            folded.editor.setFocus()

    def _fold(self) -> None:
        """What says nothing yet is hidden until it is asked for."""
        hidden = False
        for key, box in self._boxes.items():
            typing = box.isAncestorOf(self.window().focusWidget() or self.window())
            told = key in _ALWAYS or key in self._schema() or self._open or typing
            box.setVisible(told)
            hidden = hidden or not told
        self._more.setVisible(hidden)

    def _typed(self, path: object, value: object) -> None:
        place = cast("Path", path)
        if place:
            changed = set_in(dict(self._schema()), place[:1], value)
        else:  # the fields of a group tell `properties` and `required` together
            changed = dict(self._schema())
            for key, one in as_mapping(value).items():
                changed = set_in(changed, (key,), one)
        self._value = {} if changed is UNSET else changed
        self._show_rest()
        self.say(self._value if self._value or self._named else UNSET)

    def _known(self, kind: str) -> set[str]:
        shown = set(self._keys(kind))
        beside = {"required"} if "properties" in shown else set[str]()
        told = {"type"} if kind != _OTHER else set[str]()
        return shown | beside | told | ({"format"} if kind in _FORMATS else set[str]())

    def _rest_of(self) -> dict[str, Any]:
        known = self._known(self._fixed or type_name(self._schema()))
        return {key: value for key, value in self._schema().items() if key not in known}

    def _rest_typed(self, _path: object, value: object) -> None:
        known = self._known(self._fixed or type_name(self._schema()))
        kept = {key: one for key, one in self._schema().items() if key in known}
        self._value = {**kept, **as_mapping(value)}
        self.say(self._value if self._value or self._named else UNSET)

    def _show_rest(self) -> None:
        rest = self._rest_of()
        self._editors[""].show_value(rest or UNSET)
        self._rest.setVisible(bool(rest) or self._drawn == _OTHER)

    @override
    def show_value(self, value: Any) -> None:
        self._value = UNSET if value is None else value
        schema = self._schema()
        kind = self._fixed or type_name(schema)
        index = self.kind.findData(kind)
        if index < 0:
            self.kind.addItem("Something else, as text", _OTHER)
            index = self.kind.count() - 1
        self.kind.setCurrentIndex(index)
        if self._fields is None or kind != self._drawn:
            self._drawn = kind
            self._draw(kind)
        for key, editor in self._editors.items():
            if key == "properties":
                editor.show_value(
                    {"properties": schema.get(key), "required": schema.get("required")}
                )
            elif key:
                editor.show_value(schema.get(key, UNSET))
        self._show_rest()
        self._fold()

    @override
    def focus_path(self, path: Path) -> bool:
        inner = path[len(self.path) :] if path[: len(self.path)] == self.path else ()
        editor = self._editors.get(str(inner[0])) if inner else None
        if editor is None:
            return super().focus_path(path)
        return editor.focus_path(inner if editor.path else inner[1:]) or super().focus_path(path)


class NamedTypes(NamedRows):
    """Names with a schema each: the declared variables of a journey."""

    add_words = "Add variable"
    key_words = "variable"

    def __init__(self, path: Path, context: FormContext, depth: int = 0) -> None:
        super().__init__(path, context)
        self._depth = depth

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        return {"": TypeEditor((*self.path, key), self.context, named=True, depth=self._depth)}

    @override
    def fresh(self) -> Any:
        return {"type": "string"}


class _FieldRows(NamedTypes):
    """The fields of a group, each with a tick for `required`."""

    add_words = "Add field"
    key_words = "field"

    def __init__(self, context: FormContext, depth: int) -> None:
        super().__init__((), context, depth)
        self.required: list[str] = []

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        needed = BoolEditor((key, "required"), self.context, title="Required")
        inner = super().editors(key)[""]
        return {_NEEDED: needed, "": inner}

    @override
    def _changed(self, index: int, key: str, path: object, value: object) -> None:
        if key != _NEEDED:
            super()._changed(index, "", path, value)
            return
        name = self._names()[index]
        others = [one for one in self.required if one != name]
        self.required = [*others, name] if value is True else others
        self.say(dict(self._value))

    @override
    def renamed(self, old: str, new: str) -> None:
        self.required = [new if name == old else name for name in self.required]

    @override
    def drawn(self) -> None:
        for name, inner in zip(self._value, self._inner, strict=True):
            inner[_NEEDED].show_value(name in self.required)


_NEEDED = "\0required"  # no key of a schema


class PropertiesEditor(Editor):
    """`properties` and `required` of a group; tells both together."""

    compound = True

    def __init__(self, path: Path, context: FormContext, depth: int = 0) -> None:
        super().__init__(path, context)
        self.rows = _FieldRows(context, depth)
        self.rows.edited.connect(self._typed)
        column(self).addWidget(self.rows)
        self.setFocusProxy(self.rows)
        name_it(self, "Fields")

    def _typed(self, _path: object, value: object) -> None:
        names = as_mapping(value)
        needed = [name for name in self.rows.required if name in names]
        self.rows.required = needed
        self.say({"properties": dict(names) or UNSET, "required": needed or UNSET})

    @override
    def show_value(self, value: Any) -> None:
        facts = as_mapping(value)
        needed = facts.get("required")
        names: Sequence[Any] = cast("list[Any]", needed) if isinstance(needed, list) else []
        self.rows.required = [str(name) for name in names]
        self.rows.show_value(facts.get("properties"))

    @override
    def focus_path(self, path: Path) -> bool:
        return self.rows.focus_path(path[1:] if path[:1] == ("properties",) else path)
