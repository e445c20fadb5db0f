"""A form out of a JSON Schema: objects, lists, choices, yes/no, numbers, text; fixed or computed.

Computed values are `${…}`: every value has a switch between a fixed one and an expression. What a form
cannot be made for is edited as JSON, and only that part of it.
"""

from typing import Any

from journeybuilder.gui.forms.base import UNSET, Editor, FormContext, Path
from journeybuilder.gui.forms.cel import TemplateEditor
from journeybuilder.gui.forms.json_editor import JsonEditor
from journeybuilder.gui.forms.plain import ChoiceEditor, LineEditor, NumberEditor
from journeybuilder.gui.forms.schema_groups import ObjectEditor
from journeybuilder.gui.forms.schema_leaves import (
    CheckedEditor,
    DateEditor,
    NullableChoice,
    SearchChoice,
    SwitchEditor,
)
from journeybuilder.gui.forms.schema_lists import ArrayEditor
from journeybuilder.gui.forms.schema_reading import (
    Schema,
    alternatives,
    options_of,
    placeholder_of,
    range_of,
    resolved,
    takes_null,
    type_of,
)
from journeybuilder.gui.forms.schema_union import UnionEditor
from journeybuilder.gui.forms.value_editor import ValueEditor
from journeybuilder.gui.look.language import tr

_DEEPEST = 7  # levels of nesting that become forms; what is deeper is JSON text
_FEW = 12  # choices up to which a plain box of choices does
_LONG = 200  # characters from which a text gets several lines


class Maker:
    """Makes editors for one schema; `computed` gives every value its switch to an expression.

    Attributes:
        made: How many editors it has made so far.
    """

    def __init__(self, root: Schema, context: FormContext, *, computed: bool) -> None:
        self.root = root
        self.context = context
        self.computed = computed
        self.made = 0

    def make(self, schema: Any, path: Path, depth: int = 0) -> Editor:
        """An editor for the value at a path, with its switches."""
        self.made += 1
        found = resolved(schema, self.root)
        nullable = takes_null(schema, self.root)
        inner = self.plain(found, path, depth, nullable=nullable)
        if isinstance(inner, ArrayEditor | ValueEditor) or depth == 0:
            return inner
        own_null = isinstance(inner, CheckedEditor) and isinstance(inner.inner, NullableChoice)
        nullable = nullable and not own_null
        if not self.computed and not nullable:
            return inner
        return SwitchEditor(self, inner, nullable=nullable, schema=found)

    def plain(
        self, schema: Schema, path: Path, depth: int = 0, *, nullable: bool = False
    ) -> Editor:
        """An editor for a fixed value at a path."""
        kinds = alternatives(schema, self.root)
        kind = type_of(schema)
        if depth >= _DEEPEST and (kinds or kind in {"object", "array", ""}):
            return JsonEditor(path, self.context)
        if kinds:
            return UnionEditor(path, self, kinds, depth)
        if kind == "object":
            return ObjectEditor(path, self, schema, depth)
        if kind == "array":
            return ArrayEditor(path, self, schema, depth)
        return self.leaf(schema, kind, path, nullable=nullable)

    def is_group(self, schema: Schema) -> bool:
        """Whether a value has fields of its own: an object, or one of several kinds."""
        return type_of(schema) == "object" or bool(alternatives(schema, self.root))

    def leaf(self, schema: Schema, kind: str, path: Path, *, nullable: bool = False) -> Editor:
        """An editor for a fixed plain value."""
        options = options_of(schema)
        if options:
            return CheckedEditor(self._choice(options, path, nullable=nullable), schema)
        if kind == "boolean":
            return self._choice([(True, tr("Yes")), (False, tr("No"))], path, nullable=nullable)
        if kind in {"integer", "number"}:
            number = NumberEditor(
                path, self.context, whole=kind == "integer", placeholder=range_of(schema)
            )
            return CheckedEditor(number, schema)
        if kind == "string":
            return CheckedEditor(self._text(schema, path), schema)
        return ValueEditor(path, self.context)

    def _choice(self, options: list[tuple[Any, str]], path: Path, *, nullable: bool) -> Editor:
        if len(options) > _FEW:
            return SearchChoice(path, self.context, options)
        shown = [(UNSET, tr("Not set")), *options]
        kind = NullableChoice if nullable else ChoiceEditor
        return kind(path, self.context, shown)

    def _text(self, schema: Schema, path: Path) -> Editor:
        placeholder = placeholder_of(schema)
        form = schema.get("format")
        if form == "date":
            return DateEditor(path, self.context, placeholder=placeholder)
        if self.computed and not isinstance(form, str):
            longest = schema.get("maxLength")
            lines = 3 if isinstance(longest, int) and longest > _LONG else 1
            return TemplateEditor(path, self.context, placeholder=placeholder, lines=lines)
        return LineEditor(path, self.context, placeholder=placeholder)
