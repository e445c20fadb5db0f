"""JSON Schema as a person fills it in: a type, its bounds, and the fields of a group as rows.

What the rows cannot say stays as it is, shown as text below them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

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
from journeybuilder.gui.forms.data_classes import DATA_CLASSES, data_words
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
from journeybuilder.gui.forms.type_words import (
    ALWAYS,
    BOUNDS,
    FORMATS,
    OF_TYPE,
    OTHER,
    SHOWN,
    TITLES,
    TYPES,
    Schema,
    type_name,
)
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.look.language import noop, tr

_DEEPEST = 4


class ValuesList(ListEditor):
    """Allowed values, one a line: numbers where the type is one."""

    def __init__(self, path: Path, context: FormContext, *, numbers: bool) -> None:
        super().__init__(path, context, placeholder=tr("any; one per line"))
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
        self.kind.setAccessibleName(tr("Type"))
        for name, (words, _) in TYPES.items():
            self.kind.addItem(tr("Not set") if not name and not named else tr(words), name)
        self.kind.activated.connect(self._chosen)
        self._box.addWidget(self.kind)  # before it is shown: else it would be a window
        self.kind.setVisible(not fixed)
        self._fields: QWidget | None = None
        self._rest: FieldBox | None = None
        self.setFocusProxy(self.kind)

    def _schema(self) -> Schema:
        return as_mapping(self._value)

    def _chosen(self, index: int) -> None:
        name = str(self.kind.itemData(index))
        if name == OTHER or name == type_name(self._schema()):
            return
        rest = {key: value for key, value in self._schema().items() if key not in OF_TYPE}
        changed = {**TYPES[name][1], **rest}
        self._tell(changed if changed or self._named else UNSET)

    def _tell(self, value: Any) -> None:
        self.show_value(value)
        self.say({} if value is UNSET and self._named else value)

    # --- fields --------------------------------------------------------------------------------

    def _keys(self, kind: str) -> tuple[str, ...]:
        about = ("title", "description", "data") if self._named else ()
        return (*SHOWN.get(kind, ()), *about)

    def _editor(self, key: str, kind: str) -> Editor:
        path: Path = (key,)
        if key in BOUNDS:
            whole = kind != "number"
            return NumberEditor(path, self.context, whole=whole, placeholder=tr("no bound"))
        if key == "enum":
            return ValuesList(path, self.context, numbers=kind in {"integer", "number"})
        if key == "items" and self._depth < _DEEPEST:
            return TypeEditor(path, self.context, depth=self._depth + 1)
        if key == "items":
            return JsonEditor(path, self.context)
        if key == "properties":
            return PropertiesEditor((), self.context, depth=self._depth + 1)
        if key == "data":
            options = [(name, data_words(name)) for name in DATA_CLASSES]
            return PickEditor(path, self.context, options, none=tr("Not said"))
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
        self._inside = inside
        self._more = quiet_button(tr("More about it"), self._unfold)
        inside.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._rest = None
        for key in self._keys(kind):
            if key in ALWAYS:
                self._make(key)
        self._box.addWidget(self._fields)

    def _make(self, key: str) -> None:
        """The field of a key, at its place; made when it is first shown, since most never are."""
        keys = self._keys(self._drawn)
        editor = self._editor(key, self._drawn)
        editor.edited.connect(self._typed)
        place = sum(one in self._editors for one in keys[: keys.index(key)])
        self._editors[key] = editor
        if key in {"items", "properties"} and self._depth:
            indented(editor)
        if key == "properties" and self._fixed:
            self._inside.insertWidget(place, editor)
            self.setFocusProxy(editor)
            return
        self._boxes[key] = FieldBox(tr(TITLES[key]), editor)
        self._inside.insertWidget(place, self._boxes[key])
        self._show_key(key)

    def _show_key(self, key: str) -> None:
        schema = self._schema()
        if key == "properties":
            both = {"properties": schema.get(key), "required": schema.get("required")}
            self._editors[key].show_value(both)
        else:
            self._editors[key].show_value(schema.get(key, UNSET))

    def _unfold(self) -> None:
        self._open = True
        self._fold()
        keys = [key for key in self._keys(self._drawn) if key not in ALWAYS]
        folded = next((self._boxes[key] for key in keys if key in self._boxes), None)
        if folded is not None:
            folded.editor.setFocus()

    def _fold(self) -> None:
        """What says nothing yet is hidden until it is asked for."""
        hidden = False
        focused = self.window().focusWidget() or self.window()
        schema = self._schema()
        for key in self._keys(self._drawn):
            box = self._boxes.get(key)
            typing = box is not None and box.isAncestorOf(focused)
            told = key in ALWAYS or key in schema or self._open or typing
            if told and key not in self._editors:
                self._make(key)
                box = self._boxes.get(key)
            if box is not None:
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
        if self._fixed and changed:
            changed = {"type": self._fixed, **changed} if set(changed) != {"type"} else {}
        self._value = {} if changed is UNSET else changed
        self._show_rest()
        self.say(self._value if self._value or self._named else UNSET)

    def _known(self, kind: str) -> set[str]:
        shown = set(self._keys(kind))
        beside = {"required"} if "properties" in shown else set[str]()
        told = {"type"} if kind != OTHER else set[str]()
        return shown | beside | told | ({"format"} if kind in FORMATS else set[str]())

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
        shown = bool(rest) or self._drawn == OTHER
        if self._rest is None:
            if not shown:
                return
            self._rest = self._made_rest()
            self._inside.addWidget(self._rest)
        self._rest.editor.show_value(rest or UNSET)
        self._rest.setVisible(shown)

    def _made_rest(self) -> FieldBox:
        rest = JsonEditor((), self.context)
        rest.edited.connect(self._rest_typed)
        words = tr("JSON Schema that has no field of its own.")
        return FieldBox(tr("Beyond these fields"), rest, help_text=words)

    @override
    def show_value(self, value: Any) -> None:
        self._value = UNSET if value is None else value
        schema = self._schema()
        kind = self._fixed or type_name(schema)
        index = self.kind.findData(kind)
        if index < 0:
            self.kind.addItem(tr("Something else, as text"), OTHER)
            index = self.kind.count() - 1
        self.kind.setCurrentIndex(index)
        if self._fields is None or kind != self._drawn:
            self._drawn = kind
            self._draw(kind)
        for key in self._editors:
            self._show_key(key)
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

    add_words = noop("Add variable")
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

    add_words = noop("Add field")
    key_words = "field"

    def __init__(self, context: FormContext, depth: int) -> None:
        super().__init__((), context, depth)
        self.required: list[str] = []

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        needed = BoolEditor((key, "required"), self.context, title=tr("Required"))
        inner = super().editors(key)[""]
        return {_NEEDED: needed, "": inner}

    @override
    def _called(self, key: str, name: str) -> str:
        return tr("{name} is required", name=name) if key else super()._called(key, name)

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
        name_it(self, tr("Fields"))

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
