"""Editors for what a settings model declares: fields by their marks, groups of fields, arguments."""

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from typing_extensions import override

from journeybuilder.contract.fields import FieldSpec, Mark, form_of, key_of, schema_of
from journeybuilder.contract.kind import NodeKind
from journeybuilder.gui.forms.base import UNSET, Editor, FieldBox, FormContext, Name, Path, column
from journeybuilder.gui.forms.cases import CasesEditor
from journeybuilder.gui.forms.cel import ExpressionEditor, TemplateEditor
from journeybuilder.gui.forms.choices import ForgottenFacts, LaneCount, OldStep
from journeybuilder.gui.forms.detectors import DetectorsEditor
from journeybuilder.gui.forms.json_editor import JsonEditor
from journeybuilder.gui.forms.model_pick import ModelEditor
from journeybuilder.gui.forms.named_rows import (
    FactsEditor,
    ListsEditor,
    MapEditor,
    VariablesEditor,
    quiet_button,
)
from journeybuilder.gui.forms.picks import (
    JourneyEditor,
    PickEditor,
    PromptEditor,
    QueueEditor,
    ResourceEditor,
    ToolEditor,
    ToolsEditor,
    remove_button,
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
from journeybuilder.gui.forms.schema_lists import ArrayEditor
from journeybuilder.gui.forms.schema_reading import resolved, type_of
from journeybuilder.gui.forms.times import HoursEditor
from journeybuilder.gui.forms.type_rows import TypeEditor
from journeybuilder.gui.forms.values import get_in
from journeybuilder.gui.forms.ways import (
    DecisionsEditor,
    LanesEditor,
    RoutesEditor,
    SharesEditor,
)
from journeybuilder.gui.forms.words import WordsEditor
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.kinds.resource import variables_of

Make = Callable[[FieldSpec, Path, FormContext], Editor]
Model = type[BaseModel]
_LONG = {"instructions", "prompt"}


def _template(spec: FieldSpec, path: Path, context: FormContext) -> Editor:
    return TemplateEditor(path, context, lines=3 if spec.key in _LONG else 1)


def _model(spec: FieldSpec, path: Path, context: FormContext) -> Editor:
    return ModelEditor(path, context, optional=not spec.required)


def _duration(spec: FieldSpec, path: Path, context: FormContext) -> Editor:
    del spec
    return DurationEditor(path, context)


def _values(spec: FieldSpec, path: Path, context: FormContext) -> Editor:
    return ListsEditor(path, context) if spec.key == "collect" else VariablesEditor(path, context)


def _of(editor: Callable[[Path, FormContext], Editor]) -> Make:
    def make(_spec: FieldSpec, path: Path, context: FormContext) -> Editor:
        return editor(path, context)

    return make


class _TextMaker(Maker):
    """Makes a text in all languages of every item."""

    @override
    def make(self, schema: Any, path: Path, depth: int = 0) -> Editor:
        del schema, depth
        return WordsEditor(path, self.context)


def texts_editor(path: Path, context: FormContext) -> Editor:
    """A list of texts, each in the languages of the journey: the choices of a question."""
    return ArrayEditor(path, _TextMaker({}, context, computed=False), {}, 0)


BY_ROLE: Mapping[str, Make] = {
    "text": _of(WordsEditor),
    "template": _template,
    "expression": _of(ExpressionEditor),
    "tool": _of(ToolEditor),
    "tools": _of(ToolsEditor),
    "model": _model,
    "save": _of(NameEditor),
    "duration": _duration,
    "schema": _of(TypeEditor),
    "queue": _of(QueueEditor),
    "values": _values,
    "journey": _of(JourneyEditor),
    "resource": _of(ResourceEditor),
    "prompt": _of(PromptEditor),
}
"""The editor of a field whose mark says what it means."""

BY_KEY: Mapping[str, Make] = {
    "cases": _of(CasesEditor),
    "choices": _of(texts_editor),
    "routes": _of(RoutesEditor),
    "decisions": _of(DecisionsEditor),
    "lanes": _of(LanesEditor),
    "ways": _of(SharesEditor),
    "detect": _of(DetectorsEditor),
    "guard": _of(DetectorsEditor),
    "hours": _of(HoursEditor),
    "wait_for": _of(LaneCount),
    "remember": _of(FactsEditor),
    "forget": _of(ForgottenFacts),
    "source": _of(OldStep),
}
"""The editor of a field that has a form of its own."""


class SpecMaker:
    """Makes the editors of one node.

    Args:
        settings: Of the node; which arguments there are depends on them.
    """

    def __init__(
        self, kind: NodeKind[Any], settings: Mapping[str, Any], context: FormContext
    ) -> None:
        self._kind = kind
        self._settings = settings
        self._context = context
        self._marks = {use.path: use.mark for use in kind.uses(settings)}

    def make(self, model: Model, spec: FieldSpec, around: Path = ()) -> Editor:
        """The editor of a field of a model that stands at a path."""
        path = (*around, spec.key)
        context = self._context_at(path)
        mark = self._marks.get(path, spec.mark)
        if mark.role == "arguments":
            return self._arguments(mark, path, context)
        made = BY_ROLE.get(mark.role) or BY_KEY.get(spec.key)
        if made is not None:
            editor = made(spec, path, context)
            if isinstance(editor, ModelEditor):
                editor.use_sample(asked_texts(self._settings))
            return editor
        if spec.options:
            words = [(option, tr(option.replace("_", " ").capitalize())) for option in spec.options]
            return DefaultedChoice(path, context, words, spec.default)
        part = part_of(model, spec.key)
        if part is not None:
            return GroupEditor(path, context, self, part, spec)
        return _by_schema(spec, path, model, context)

    def _context_at(self, path: Path) -> FormContext:
        """With the names that only this place knows."""
        own = [Name(name, "", "known here only") for name in self._kind.local_names(path)]
        return replace(self._context, names=[*own, *self._context.names]) if own else self._context

    def _arguments(self, mark: Mark, path: Path, context: FormContext) -> Editor:
        named = get_in(self._settings, (*path[:-1], mark.of))
        schema = arguments_of(mark.of, named if isinstance(named, str) else "", context)
        if schema is None:
            return MapEditor(path, context)
        return Maker(schema, context, computed=True).make(schema, path)


def asked_texts(settings: Mapping[str, Any]) -> list[str]:
    """What a node with these settings asks a model, as far as it is known: for an estimate."""
    texts = [settings.get(key) for key in ("instructions", "prompt", "text")]
    return [text for text in texts if isinstance(text, str)]


def arguments_of(what: str, name: str, context: FormContext) -> dict[str, Any] | None:
    """JSON Schema of what a tool, journey, resource or prompt takes; None where it is not known."""
    schema: Mapping[str, Any] | None = None
    if what == "tool" and name in context.tools:
        schema = context.tools[name].input_schema
    elif what == "journey":
        schema = context.inputs.get(name)
    elif what == "resource" and "/" in name:
        names = variables_of(name.partition("/")[2])
        schema = {"properties": {one: {"type": "string"} for one in names}, "required": names}
    elif what == "prompt" and name in context.prompts:
        given = context.prompts[name].arguments
        about = {one.name: {"type": "string", "description": one.description} for one in given}
        schema = {"properties": about, "required": [one.name for one in given if one.required]}
    return None if schema is None else {"type": "object", "properties": {}, **schema}


def part_of(model: Model, key: str) -> Model | None:
    """The model of a field that is a group of fields."""
    found = next((info for name, info in model.model_fields.items() if key_of(name, info) == key))
    return next(_models_in(found.annotation), None)


def _models_in(annotation: Any) -> Iterator[Model]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (types.UnionType, Union):
        for one in get_args(annotation):
            yield from _models_in(one)


def boxed(spec: FieldSpec, editor: Editor) -> FieldBox:
    """An editor with its title and help."""
    bare = isinstance(editor, BoolEditor)
    told = isinstance(editor, PickEditor) and spec.required
    title = "" if bare else tr(spec.title.removesuffix(" With"))
    words = "" if told else tr(_HELP.get(spec.key, spec.help))
    return FieldBox(title, editor, help_text=words, required=spec.required)


_HELP: Mapping[str, str] = {
    "detect": noop("What to look for; one find is enough."),
    "guard": noop("What must not be in what it says to the customer."),
    "wait_for": noop("The lanes that have to arrive before it goes on."),
    "forget": noop("This comes before anything is remembered."),
}
"""Words for fields whose own help is about how they are written in the file."""


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


def _by_schema(spec: FieldSpec, path: Path, model: Model, context: FormContext) -> Editor:
    root = schema_of(model)
    schema = resolved(spec.schema, root)
    kind = type_of(schema)
    if kind == "boolean":
        return BoolEditor(path, context, title=tr(spec.title), default=bool(spec.default))
    if kind in {"integer", "number"}:
        default = "" if spec.default is None else str(spec.default)
        return NumberEditor(path, context, whole=kind == "integer", placeholder=default)
    if kind == "array" and type_of(resolved(schema.get("items"), root)) == "string":
        return ListEditor(path, context)
    if kind == "string":
        return LineEditor(path, context, placeholder=str(spec.default or ""))
    return MapEditor(path, context) if kind == "object" else JsonEditor(path, context)


class GroupEditor(Editor):
    """A group of settings; one that may be absent opens with a button and goes with another."""

    compound = True

    def __init__(
        self, path: Path, context: FormContext, maker: SpecMaker, model: Model, spec: FieldSpec
    ) -> None:
        super().__init__(path, context)
        self._optional = not spec.required
        self._boxes: list[FieldBox] = []
        layout = column(self, spacing=4)
        self.add = quiet_button(tr("Add {name}", name=tr(spec.title).lower()), self._opened)
        self.remove = remove_button(tr(spec.title).lower(), self._removed)
        layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self._fields = QWidget()
        inside = column(self._fields, spacing=8, margins=(12, 4, 0, 4))
        indented(self._fields)
        for inner in form_of(model):
            editor = maker.make(model, inner, path)
            editor.edited.connect(self.edited)
            box = boxed(inner, editor)
            inside.addWidget(box)
            self._boxes.append(box)
        self._boxes[0].head.addWidget(self.remove)
        layout.addWidget(self._fields)
        self._open(shown=not self._optional)

    def _open(self, *, shown: bool) -> None:
        self._fields.setVisible(shown)
        self.add.setVisible(not shown)
        self.remove.setVisible(self._optional)
        target: QPushButton | Editor = self._boxes[0].editor if shown else self.add
        self.setFocusProxy(target)

    def _opened(self) -> None:
        self._open(shown=True)
        self._boxes[0].editor.setFocus()

    def _removed(self) -> None:
        self._open(shown=False)
        self.say(UNSET)
        self.add.setFocus()

    @override
    def show_value(self, value: Any) -> None:
        if isinstance(value, Mapping):
            self._open(shown=True)
        elif self._optional and not self._fields.isAncestorOf(self._focused()):
            self._open(shown=False)
        for box in self._boxes:
            box.editor.show_value(get_in(value, box.editor.path[len(self.path) :]))

    def _focused(self) -> QWidget:
        """What has the focus in this window: a group in which somebody types stays open."""
        return self.window().focusWidget() or self.window()

    @override
    def focus_path(self, path: Path) -> bool:
        if path[: len(self.path)] != self.path:
            return False
        deep = path[: len(self.path) + 1]
        found = next((box.editor for box in self._boxes if box.editor.path == deep), None)
        if found is not None:
            self._open(shown=True)
            return found.focus_path(path)
        return super().focus_path(path)
