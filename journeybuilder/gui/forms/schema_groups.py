"""Objects in a form made from a schema: known properties, values under names of one's own."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FieldBox,
    Path,
    column,
    label,
    row,
)
from journeybuilder.gui.forms.named_rows import NamedRows, quiet_button
from journeybuilder.gui.forms.picks import remove_button
from journeybuilder.gui.forms.plain import indented
from journeybuilder.gui.forms.schema_leaves import SwitchEditor
from journeybuilder.gui.forms.schema_reading import (
    Schema,
    as_schema,
    fresh,
    help_of,
    names_in,
    resolved,
    title_of,
)
from journeybuilder.gui.look.language import noop, tr

if TYPE_CHECKING:
    from journeybuilder.gui.forms.schema_form import Maker

_MANY = 60  # fields of a form from which optional groups wait until they are asked for


class ObjectEditor(Editor):
    """The properties of an object, the required ones first; what it does not know is shown too."""

    compound = True

    def __init__(self, path: Path, maker: "Maker", schema: Schema, depth: int) -> None:
        super().__init__(path, maker.context)
        self.editors: dict[str, Editor] = {}
        self._value: Mapping[str, Any] = {}
        self._maker = maker
        self._depth = depth
        self._layout = column(self, spacing=12, margins=(12, 4, 0, 4) if depth else (0, 0, 0, 0))
        if depth:
            indented(self)
        self._required = set(names_in(schema.get("required")))
        properties = as_schema(schema.get("properties"))
        for key in sorted(properties, key=lambda name: name not in self._required):
            self._add(str(key), properties[key])
        self._more: SchemaMap | None = None
        rest = more_of(schema)
        if rest is not None:
            self._more = SchemaMap(path, maker, rest, depth + 1)
            self._more.edited.connect(self._more_edited)
            self._layout.addWidget(self._more)
        elif not properties:
            self._layout.addWidget(label(tr("It takes no arguments."), "muted"))

    def _add(self, key: str, raw: Any) -> None:
        schema = resolved(raw, self._maker.root)
        path = (*self.path, key)
        title = title_of(key, schema)
        needed = key in self._required
        waits = self._depth > 0 or self._maker.made > _MANY
        if waits and not needed and self._maker.is_group(schema):
            editor: Editor = LazyEditor(path, self._maker, raw, self._depth + 1, title)
        else:
            editor = self._maker.make(raw, path, self._depth + 1)
        editor.edited.connect(self.edited)
        self.editors[key] = editor
        box = FieldBox(title, editor, help_text=help_of(schema), required=needed)
        if isinstance(editor, SwitchEditor) and editor.compound:
            box.head.addWidget(editor.corner)
        place = self._layout.count() - (1 if getattr(self, "_more", None) is not None else 0)
        self._layout.insertWidget(place, box)
        if self.focusProxy() is None:
            self.setFocusProxy(editor.focusProxy() or editor)

    def _more_edited(self, path: object, value: object) -> None:
        """The named values tell all of theirs; those of the fields stay as they are."""
        place = cast("Path", path)
        if place != self.path:
            self.edited.emit(path, value)
            return
        own = as_schema(value)
        kept = {key: one for key, one in self._value.items() if key in self.editors}
        self._value = {**kept, **own}
        self.say(dict(self._value) or UNSET)

    @override
    def show_value(self, value: Any) -> None:
        self._value = cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
        unknown = {key: one for key, one in self._value.items() if key not in self.editors}
        if self._more is not None:
            self._more.show_value(unknown or UNSET)
        else:
            for key in unknown:
                self._add(str(key), {"description": tr("Not among the known values.")})
        for key, editor in self.editors.items():
            editor.show_value(self._value.get(key, UNSET))

    @override
    def focus_path(self, path: Path) -> bool:
        deep = len(self.path)
        if path[:deep] != self.path:
            return False
        key = str(path[deep]) if len(path) > deep else ""
        if key in self.editors:
            return self.editors[key].focus_path(path)
        if self._more is not None and key:
            return self._more.focus_path(path)
        return path == self.path and super().focus_path(path)


def more_of(schema: Schema) -> Any | None:
    """The schema of values under names of one's own; None where the object takes none."""
    patterns = as_schema(schema.get("patternProperties"))
    if patterns:
        return next(iter(patterns.values()))
    more = schema.get("additionalProperties")
    if isinstance(more, Mapping) or more is True:
        return {} if more is True else cast("Schema", more)
    return {} if more is None and not isinstance(schema.get("properties"), Mapping) else None


class SchemaMap(NamedRows):
    """Values of one schema under names that the person gives."""

    add_words = noop("Add value")
    key_words = noop("name")

    def __init__(self, path: Path, maker: "Maker", schema: Any, depth: int) -> None:
        super().__init__(path, maker.context)
        self._maker = maker
        self._schema = schema
        self._depth = depth

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        return {"": self._maker.make(self._schema, (*self.path, key), self._depth)}

    @override
    def fresh(self) -> Any:
        return fresh(self._schema, self._maker.root)


class LazyEditor(Editor):
    """A group that may be absent, far inside: its fields are made when there is something in it."""

    compound = True

    def __init__(self, path: Path, maker: "Maker", schema: Any, depth: int, title: str) -> None:
        super().__init__(path, maker.context)
        self._maker = maker
        self._schema = schema
        self._depth = depth
        self._inner: Editor | None = None
        self._layout = column(self, spacing=4)
        head = QWidget()
        line = row(head, spacing=4)
        self.add = quiet_button(tr("Add {name}", name=title), self._opened)
        self.remove = remove_button(title, self._removed)
        line.addWidget(self.add)
        line.addStretch(1)
        line.addWidget(self.remove)
        self._layout.addWidget(head)
        self._layout.setAlignment(head, Qt.AlignmentFlag.AlignTop)
        self.remove.hide()
        self.setFocusProxy(self.add)

    def _make(self) -> Editor:
        if self._inner is None:
            self._inner = self._maker.make(self._schema, self.path, self._depth)
            self._inner.edited.connect(self.edited)
            self._layout.addWidget(self._inner)
            self.setFocusProxy(self._inner.focusProxy() or self._inner)
        self.add.hide()
        self.remove.show()
        self._inner.show()
        return self._inner

    def _opened(self) -> None:
        inner = self._make()
        value = fresh(self._schema, self._maker.root)
        inner.show_value(value)
        if value not in ("", {}, []):
            self.say(value)
        inner.setFocus()

    def _removed(self) -> None:
        self._close()
        self.say(UNSET)
        self.add.setFocus()

    def _close(self) -> None:
        if self._inner is not None:
            self._layout.removeWidget(self._inner)
            self._inner.hide()
            self._inner.deleteLater()
            self._inner = None
        self.add.show()
        self.remove.hide()
        self.setFocusProxy(self.add)

    @override
    def show_value(self, value: Any) -> None:
        if value is not UNSET:
            self._make().show_value(value)
        elif self._inner is not None:
            focus = self.window().focusWidget() or self.window()
            if self._inner.isAncestorOf(focus):
                self._inner.show_value(UNSET)
            else:
                self._close()

    @override
    def focus_path(self, path: Path) -> bool:
        if path[: len(self.path)] != self.path:
            return False
        if len(path) > len(self.path):
            return self._make().focus_path(path)
        return super().focus_path(path)
