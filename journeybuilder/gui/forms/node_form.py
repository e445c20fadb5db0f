"""The form of one node, made from what its kind declares."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from journeybuilder.contract.fields import FieldSpec
from journeybuilder.contract.kind import NodeKind
from journeybuilder.gui.forms.base import UNSET, Editor, FieldBox, FormContext, Path, column, label
from journeybuilder.gui.forms.cel import ExpressionEditor, TemplateEditor
from journeybuilder.gui.forms.json_editor import JsonEditor
from journeybuilder.gui.forms.picks import (
    ModelEditor,
    PickEditor,
    QueueEditor,
    ToolEditor,
    ToolsEditor,
)
from journeybuilder.gui.forms.plain import (
    BoolEditor,
    ChoiceEditor,
    DurationEditor,
    LineEditor,
    ListEditor,
    NameEditor,
    NumberEditor,
    indented,
)
from journeybuilder.gui.forms.schema_form import Maker
from journeybuilder.gui.forms.schema_reading import resolved, type_of
from journeybuilder.gui.forms.values import get_in
from journeybuilder.gui.forms.ways import (
    CasesEditor,
    DecisionsEditor,
    MapEditor,
    PortsEditor,
    RoutesEditor,
)
from journeybuilder.gui.forms.words import WordsEditor

Make = Callable[[FieldSpec, FormContext], Editor]
_HEAD_KEYS = ("title", "note")  # the inspector shows these above and below the form
_LONG = {"instructions", "prompt"}


def _template(spec: FieldSpec, context: FormContext) -> Editor:
    lines = 3 if spec.key in _LONG else 1
    return TemplateEditor((spec.key,), context, lines=lines)


def _model(spec: FieldSpec, context: FormContext) -> Editor:
    return ModelEditor((spec.key,), context, optional=not spec.required)


BY_ROLE: Mapping[str, Make] = {
    "text": lambda spec, context: WordsEditor((spec.key,), context),
    "template": _template,
    "expression": lambda spec, context: ExpressionEditor((spec.key,), context),
    "tool": lambda spec, context: ToolEditor((spec.key,), context),
    "tools": lambda spec, context: ToolsEditor((spec.key,), context),
    "model": _model,
    "save": lambda spec, context: NameEditor((spec.key,), context),
    "duration": lambda spec, context: DurationEditor((spec.key,), context),
    "schema": lambda spec, context: JsonEditor((spec.key,), context, schema=True),
    "queue": lambda spec, context: QueueEditor((spec.key,), context),
}
"""The editor of a field whose mark says what it means."""

BY_KEY: Mapping[str, Make] = {
    "cases": lambda spec, context: CasesEditor((spec.key,), context),
    "routes": lambda spec, context: RoutesEditor((spec.key,), context),
    "decisions": lambda spec, context: DecisionsEditor((spec.key,), context),
    "journey": lambda spec, context: PickEditor(
        (spec.key,), context, [(name, name) for name in context.journeys]
    ),
}
"""The editor of a field that has ways out inside, or names something of the workspace."""


class NodeForm(QWidget):
    """All fields of a node and its ways out.

    Signals:
        edited: Path in the node's settings and new value (`UNSET` removes the key).
    """

    edited = Signal(object, object)

    def __init__(
        self, kind: NodeKind[Any], settings: Mapping[str, Any], context: FormContext
    ) -> None:
        super().__init__()
        self._kind = kind
        self._context = context
        self._boxes: list[FieldBox] = []
        root = kind.settings.model_json_schema(by_alias=True)
        layout = column(self, spacing=16)
        specs = [spec for spec in kind.form() if spec.key not in _HEAD_KEYS]
        for spec in specs:
            editor = self._editor(spec, settings, root)
            titled = isinstance(editor, BoolEditor)
            about = "" if isinstance(editor, PickEditor) and spec.required else spec.help
            title = "" if titled else spec.title
            box = FieldBox(title, editor, help_text=about, required=spec.required)
            editor.edited.connect(self.edited)
            layout.addWidget(box)
            self._boxes.append(box)
        inside = {spec.key for spec in specs}
        ports = [port for port in kind.ports(settings) if port.path[0] not in inside]
        self._ports = PortsEditor(context, ports)
        self._ports.edited.connect(self.edited)
        if ports:
            layout.addWidget(label("Leads to", "section"))
            layout.addWidget(self._ports)
        self.shape = shape_of(kind, settings, context)
        self.show_settings(settings)

    def _editor(
        self, spec: FieldSpec, settings: Mapping[str, Any], root: Mapping[str, Any]
    ) -> Editor:
        context = self._context
        if spec.mark.role == "arguments":
            return _arguments(spec, settings, context)
        make = BY_ROLE.get(spec.mark.role) or BY_KEY.get(spec.key)
        if make is not None:
            return make(spec, context)
        if spec.options:
            words = [(option, option.replace("_", " ").capitalize()) for option in spec.options]
            return DefaultedChoice((spec.key,), context, words, spec.default)
        return _by_schema(spec, root, context)

    def show_settings(self, settings: Mapping[str, Any]) -> None:
        """Show the node's settings in every field."""
        for box in self._boxes:
            box.editor.show_value(get_in(settings, box.editor.path))
        self._ports.show_value(settings)

    def show_problems(self, problems: Sequence[tuple[Path, str, str]]) -> list[tuple[str, str]]:
        """Findings as path in the settings, severity, words; gives back those of no field."""
        rest: list[tuple[str, str]] = []
        found: dict[int, list[tuple[str, str]]] = {}
        for path, severity, words in problems:
            place = next(
                (i for i, box in enumerate(self._boxes) if path[:1] == box.editor.path[:1]), None
            )
            if place is None:
                rest.append((severity, words))
            else:
                found.setdefault(place, []).append((severity, words))
        for index, box in enumerate(self._boxes):
            box.show_problems(found.get(index, []))
        return rest

    def path_of(self, widget: QWidget) -> Path | None:
        """The path that the field around a widget edits."""
        for box in self._boxes:
            if box.isAncestorOf(widget):
                return box.editor.path
        return None

    def focus_path(self, path: Path) -> bool:
        """Put the cursor into the field that edits this path."""
        if path and any(
            box.editor.focus_path(path) for box in self._boxes if box.editor.path[:1] == path[:1]
        ):
            return True
        return self._ports.focus_path(path)


class DefaultedChoice(ChoiceEditor):
    """One of a few values of which one is the default and not written to the file."""

    def __init__(
        self, path: Path, context: FormContext, options: Sequence[tuple[Any, str]], default: Any
    ) -> None:
        super().__init__(path, context, options)
        self._default = default

    @override
    def say(self, value: Any) -> None:
        super().say(UNSET if value == self._default else value)

    @override
    def show_value(self, value: Any) -> None:
        super().show_value(self._default if value is UNSET else value)


def _arguments(spec: FieldSpec, settings: Mapping[str, Any], context: FormContext) -> Editor:
    tool = context.tools.get(str(settings.get(spec.mark.of) or ""))
    if tool is None:
        return MapEditor((spec.key,), context)
    schema: dict[str, Any] = {"properties": {}, **tool.input_schema}
    return Maker(schema, context, computed=True).make(schema, (spec.key,))


def _by_schema(spec: FieldSpec, root: Mapping[str, Any], context: FormContext) -> Editor:
    schema = resolved(spec.schema, root)
    kind = type_of(schema)
    path: Path = (spec.key,)
    if kind == "boolean":
        return BoolEditor(path, context, title=spec.title, default=bool(spec.default))
    if kind in {"integer", "number"}:
        default = "" if spec.default is None else str(spec.default)
        return NumberEditor(path, context, whole=kind == "integer", placeholder=default)
    if kind == "array" and type_of(resolved(schema.get("items"), root)) == "string":
        return ListEditor(path, context)
    if kind == "string":
        return LineEditor(path, context, placeholder=str(spec.default or ""))
    if kind == "object" and "properties" not in schema:
        return MapEditor(path, context)
    if kind == "object":
        return NestedEditor(path, context, schema, root)
    return JsonEditor(path, context)


class NestedEditor(Editor):
    """A group of settings that may be absent as a whole, such as `retry` and `undo`."""

    compound = True

    def __init__(
        self, path: Path, context: FormContext, schema: Mapping[str, Any], root: Mapping[str, Any]
    ) -> None:
        super().__init__(path, context)
        self._boxes: list[tuple[str, Editor]] = []
        layout = column(self, spacing=8, margins=(12, 4, 0, 4))
        indented(self)
        properties = cast("Mapping[str, Any]", schema["properties"])
        required = cast("Sequence[str]", schema.get("required") or ())
        for key, raw in properties.items():
            if key in _HEAD_KEYS:
                continue
            inner = resolved(raw, root)
            editor = self._inner(key, inner, root)
            editor.edited.connect(self.edited)
            title = str(inner.get("title") or key).removesuffix(" With").capitalize()
            layout.addWidget(
                FieldBox(
                    title,
                    editor,
                    help_text=str(inner.get("description") or ""),
                    required=key in required,
                )
            )
            self._boxes.append((key, editor))
        if self._boxes:
            self.setFocusProxy(self._boxes[0][1])

    def _inner(self, key: str, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Editor:
        at = (*self.path, key)
        if key == "tool":
            return ToolEditor(at, self.context)
        if key == "with":
            return MapEditor(at, self.context)
        if key == "wait":
            return DurationEditor(at, self.context)
        return Maker(root, self.context, computed=False).make(schema, at, 1)

    @override
    def show_value(self, value: Any) -> None:
        for key, editor in self._boxes:
            editor.show_value(get_in(value, (key,)))


def shape_of(kind: NodeKind[Any], settings: Mapping[str, Any], context: FormContext) -> object:
    """What decides which widgets a form has; the form is made anew when it changes."""
    tools = [
        (settings.get(spec.mark.of), context.tools.get(str(settings.get(spec.mark.of))))
        for spec in kind.form()
        if spec.mark.role == "arguments"
    ]
    ports = [(port.path, port.label) for port in kind.ports(settings)]
    inside = {spec.key for spec in kind.form()}
    return (kind.name, tools, [port for port in ports if port[0][0] not in inside])
