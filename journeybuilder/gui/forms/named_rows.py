"""Mappings whose keys a person gives: one card a key, to add, to rename and to remove."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FieldBox,
    FormContext,
    Path,
    column,
    empty,
    name_it,
    rename_it,
    row,
)
from journeybuilder.gui.forms.picks import remove_button
from journeybuilder.gui.forms.value_editor import ValueEditor
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak, weak_with


def as_mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def quiet_button(words: str, slot: Any) -> QPushButton:
    """A button that is no more than its words."""
    button = QPushButton(words)
    button.setProperty("role", "quiet")
    button.setAccessibleName(words)  # else it would be called like the field that it belongs to
    button.clicked.connect(slot)
    return button


class NamedRows(Editor):
    """A mapping whose keys the person gives: one row or card per key.

    Subclasses say what stands behind a key.
    """

    compound = True
    add_words = noop("Add")
    key_words = noop("name")
    called = noop("Value of {name}")
    titles: Mapping[str, str] = {}

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self._value: dict[str, Any] = {}
        self._keys: list[QLineEdit] = []
        self._removers: list[QPushButton] = []
        self._inner: list[Mapping[str, Editor]] = []
        self.box = column(self, spacing=8)
        self._body = QVBoxLayout()
        self._body.setSpacing(8)
        self.box.addLayout(self._body)
        self.foot: QHBoxLayout = row()
        self._add = quiet_button(tr(self.add_words), self._added)
        self.foot.addWidget(self._add)
        self.foot.addStretch(1)
        self.box.addLayout(self.foot)
        self.setFocusProxy(self._add)

    @abstractmethod
    def editors(self, key: str) -> Mapping[str, Editor]:
        """The editors behind a key, by their own key in its value; "" is the value itself."""
        ...

    def fresh(self) -> Any:
        """The value of a new key."""
        return ""

    def drawn(self) -> None:
        """Called when other values are shown."""

    def _card(self, index: int, name: str) -> QWidget:
        card = QFrame()
        card.setProperty("role", "case")
        inside = column(card, spacing=8, margins=(8, 8, 8, 12))
        head: QHBoxLayout = row(spacing=4)
        line = QLineEdit(name)
        line.setPlaceholderText(tr(self.key_words))
        line.setAccessibleName(tr(self.key_words).capitalize())
        line.editingFinished.connect(weak(self._renamed, index))
        remover = remove_button(name or tr("this entry"), weak(self._removed, index))
        head.addWidget(line, 1)
        head.addWidget(remover)
        inside.addLayout(head)
        inner = self.editors(name)
        for key, editor in inner.items():
            editor.edited.connect(weak_with(self._changed, index, key))
            title = tr(self.titles.get(key, ""))
            name_it(editor, self._called(key, name))
            inside.addWidget(FieldBox(title, editor) if title else editor)
        self._keys.append(line)
        self._removers.append(remover)
        self._inner.append(inner)
        return card

    def _called(self, key: str, name: str) -> str:
        """What screen readers call the editor behind a key."""
        if key in self.titles:
            return tr("{name}: {title}", name=name, title=tr(self.titles[key]))
        return tr(self.called, name=name)

    def _names(self) -> list[str]:
        return list(self._value)

    def _changed(self, index: int, key: str, path: object, value: object) -> None:
        name = self._names()[index]
        place = cast("Path", path)[len(self.path) + 1 :]
        changed: Any
        if place or key:
            changed = set_in(self._value[name], place or (key,), value)
        else:
            changed = "" if value is UNSET else value
        changed = {} if changed is UNSET else changed
        self._value = {**self._value, name: changed}
        self.drawn()
        self.say(dict(self._value))

    def _renamed(self, index: int) -> None:
        """The card stays, so that what the focus goes to next stays too."""
        old = self._names()[index]
        new = self._keys[index].text().strip()
        if not new or new == old or new in self._value:
            self._keys[index].setText(old)
            return
        self._value = {(new if name == old else name): value for name, value in self._value.items()}
        at = len(self.path)
        for key, editor in self._inner[index].items():
            editor.path = (*editor.path[:at], new, *editor.path[at + 1 :])
            rename_it(editor, self._called(key, old), self._called(key, new))
        self._removers[index].setAccessibleName(tr("Remove {what}", what=new))
        self._removers[index].setToolTip(tr("Remove {what}", what=new))
        self.renamed(old, new)
        self.say(dict(self._value))

    def renamed(self, old: str, new: str) -> None:
        """Called when a key has got another name, before that is told."""
        del old, new

    def _added(self) -> None:
        name = _free(self._value, self.key_words)
        self._take({**self._value, name: self.fresh()})
        self._keys[-1].setFocus(Qt.FocusReason.OtherFocusReason)
        self._keys[-1].selectAll()

    def _removed(self, index: int) -> None:
        gone = self._names()[index]
        self._take({name: value for name, value in self._value.items() if name != gone})
        (self._keys[min(index, len(self._keys) - 1)] if self._keys else self._add).setFocus()

    def _take(self, value: dict[str, Any]) -> None:
        self._draw(value)
        self.say(dict(value) or UNSET)

    def _draw(self, value: dict[str, Any]) -> None:
        if list(value) != self._names() or len(value) != len(self._keys):
            empty(self._body)
            self._keys, self._inner, self._removers = [], [], []
            for index, name in enumerate(value):
                self._body.addWidget(self._card(index, name))
        self._value = value
        for name, inner in zip(value, self._inner, strict=True):
            for key, editor in inner.items():
                editor.show_value(as_mapping(value[name]).get(key, UNSET) if key else value[name])
        self.drawn()

    @override
    def show_value(self, value: Any) -> None:
        self._draw({str(key): item for key, item in as_mapping(value).items()})

    @override
    def focus_path(self, path: Path) -> bool:
        for inner in self._inner:
            if any(
                editor.focus_path(path)
                for editor in inner.values()
                if path[: len(editor.path)] == editor.path
            ):
                return True
        return super().focus_path(path)


def _free(taken: Mapping[str, Any], word: str) -> str:
    base = word.split(maxsplit=1)[0]
    number = 1
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"


class MapEditor(NamedRows):
    """Names with values of any type."""

    add_words = noop("Add value")
    key_words = noop("name")

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        return {"": ValueEditor((*self.path, key), self.context)}


class VariablesEditor(MapEditor):
    """Variables and what each is set to."""

    add_words = noop("Add variable")
    key_words = noop("variable")


class ListsEditor(MapEditor):
    """Variables that get a list, and what each round puts into it."""

    add_words = noop("Add list")
    key_words = noop("list")


class FactsEditor(MapEditor):
    """Facts that are remembered of a customer."""

    add_words = noop("Add fact")
    key_words = noop("fact")
