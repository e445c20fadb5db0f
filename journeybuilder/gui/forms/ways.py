"""Editors of what has ways out inside: cases of a branch, labels of a classify, decisions, ports."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from journeybuilder.contract.fields import Port
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
from journeybuilder.gui.forms.cel import TemplateEditor
from journeybuilder.gui.forms.condition_builder import ConditionEditor
from journeybuilder.gui.forms.picks import NodePick, remove_button
from journeybuilder.gui.forms.plain import ListEditor
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.slots import weak, weak_with


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


class TargetEditor(Editor):
    """Where one port leads; an alternative to drawing the wire."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self.pick = NodePick(context)
        self.pick.setAccessibleName("Leads to")
        column(self).addWidget(self.pick)
        self.setFocusProxy(self.pick)
        self.pick.activated.connect(self._chosen)

    def _chosen(self, index: int) -> None:
        self.say(str(self.pick.itemData(index)) or UNSET)

    @override
    def show_value(self, value: Any) -> None:
        self.pick.show_target(value if isinstance(value, str) else "")


class PortsEditor(Editor):
    """The ways out of a node, each with the node it leads to."""

    def __init__(self, context: FormContext, ports: Sequence[Port]) -> None:
        super().__init__((), context)
        layout = column(self, spacing=8)
        self._targets: dict[Path, TargetEditor] = {}
        for port in ports:
            target = TargetEditor(port.path, context)
            target.edited.connect(self.edited)
            self._targets[port.path] = target
            line = row(spacing=8)
            words = label(port_words(port), "port")
            words.setProperty("style", port.style)
            words.setFixedWidth(112)
            words.setBuddy(target)
            name_it(target, f"{port_words(port)} leads to")
            line.addWidget(words)
            line.addWidget(target, 1)
            layout.addLayout(line)

    @override
    def show_value(self, value: Any) -> None:
        """Takes the whole settings of the node."""
        for path, target in self._targets.items():
            found: Any = value
            for key in path:
                found = _mapping(found).get(str(key), UNSET)
            target.show_value(found)

    @override
    def focus_path(self, path: Path) -> bool:
        return any(target.focus_path(path) for at, target in self._targets.items() if at == path)


def port_words(port: Port) -> str:
    """A port for people: `on_error` is `On error`."""
    return port.label.replace("_", " ").capitalize()


class CasesEditor(Editor):
    """The cases of a branch: a condition and where it leads, in their order."""

    compound = True

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self._value: list[Any] = []
        self._conditions: list[ConditionEditor] = []
        self._targets: list[TargetEditor] = []
        layout = column(self, spacing=8)
        self._body = QVBoxLayout()
        self._body.setSpacing(8)
        layout.addLayout(self._body)
        line = row()
        self._add = _quiet("Add case", self._added)
        line.addWidget(self._add)
        line.addStretch(1)
        layout.addLayout(line)
        self.setFocusProxy(self._add)

    def _card(self, index: int, many: int) -> QFrame:
        card = QFrame()
        card.setProperty("role", "case")
        inside = column(card, spacing=8, margins=(8, 8, 8, 12))
        head: QHBoxLayout = row(spacing=4)
        head.addWidget(label("If" if index == 0 else "Else if", "caption"))
        head.addStretch(1)
        if index > 0:
            head.addWidget(
                _arrow("\u2191", f"Move case {index + 1} up", weak(self._moved, index, -1))
            )
        if index < many - 1:
            head.addWidget(
                _arrow("\u2193", f"Move case {index + 1} down", weak(self._moved, index, 1))
            )
        head.addWidget(remove_button(f"case {index + 1}", weak(self._removed, index)))
        inside.addLayout(head)
        condition = ConditionEditor((*self.path, index, "when"), self.context)
        condition.edited.connect(weak_with(self._inner, index, "when"))
        name_it(condition, f"Condition of case {index + 1}")
        inside.addWidget(condition)
        target = TargetEditor((*self.path, index, "next"), self.context)
        target.edited.connect(weak_with(self._inner, index, "next"))
        then: QHBoxLayout = row(spacing=8)
        then.addWidget(label("Then go to", "caption"))
        then.addWidget(target, 1)
        inside.addLayout(then)
        self._conditions.append(condition)
        self._targets.append(target)
        return card

    def _inner(self, index: int, key: str, _path: object, value: object) -> None:
        changed = dict(_mapping(self._value[index]))
        if value is UNSET:
            changed.pop(key, None)
        else:
            changed[key] = value
        self._value = [
            changed if place == index else case for place, case in enumerate(self._value)
        ]
        self.say(list(self._value))

    def _added(self) -> None:
        self._take([*self._value, {"when": ""}])
        self._conditions[-1].setFocus()

    def _removed(self, index: int) -> None:
        self._take([case for place, case in enumerate(self._value) if place != index])

    def _moved(self, index: int, by: int) -> None:
        cases = list(self._value)
        cases.insert(index + by, cases.pop(index))
        self._take(cases)

    def _take(self, value: list[Any]) -> None:
        self._draw(value)
        self.say(list(value))

    def _draw(self, value: list[Any]) -> None:
        if len(value) != len(self._conditions):
            empty(self._body)
            self._conditions, self._targets = [], []
            for index in range(len(value)):
                self._body.addWidget(self._card(index, len(value)))
        self._value = value
        for case, condition, target in zip(value, self._conditions, self._targets, strict=True):
            condition.show_value(_mapping(case).get("when", ""))
            target.show_value(_mapping(case).get("next", ""))

    @override
    def show_value(self, value: Any) -> None:
        self._draw(list(cast("list[Any]", value)) if isinstance(value, list) else [])

    @override
    def focus_path(self, path: Path) -> bool:
        inner: list[Editor] = [*self._conditions, *self._targets]
        return any(
            one.focus_path(path) for one in inner if one.path == path[:3]
        ) or super().focus_path(path)


def _quiet(words: str, slot: Any) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("role", "quiet")
    button.clicked.connect(slot)
    return button


def _arrow(sign: str, words: str, slot: Any) -> QPushButton:
    button = QPushButton(sign)
    button.setProperty("role", "remove")
    button.setAccessibleName(words)
    button.setToolTip(words)
    button.clicked.connect(slot)
    return button


class NamedRows(Editor):
    """A mapping whose keys the person gives: one row or card per key.

    Subclasses say what stands behind a key.
    """

    compound = True
    add_words = "Add"
    key_words = "name"

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self._value: dict[str, Any] = {}
        self._keys: list[QLineEdit] = []
        self._inner: list[Mapping[str, Editor]] = []
        layout = column(self, spacing=8)
        self._body = QVBoxLayout()
        self._body.setSpacing(8)
        layout.addLayout(self._body)
        line = row()
        self._add = _quiet(self.add_words, self._added)
        line.addWidget(self._add)
        line.addStretch(1)
        layout.addLayout(line)
        self.setFocusProxy(self._add)

    def editors(self, key: str) -> Mapping[str, Editor]:
        """The editors behind a key, by their own key in its value; "" is the value itself."""
        raise NotImplementedError

    def fresh(self) -> Any:
        """The value of a new key."""
        return ""

    def _card(self, index: int, name: str) -> QWidget:
        card = QFrame()
        card.setProperty("role", "case")
        inside = column(card, spacing=8, margins=(8, 8, 8, 12))
        head: QHBoxLayout = row(spacing=4)
        line = QLineEdit(name)
        line.setPlaceholderText(self.key_words)
        line.setAccessibleName(self.key_words.capitalize())
        line.editingFinished.connect(weak(self._renamed, index))
        head.addWidget(line, 1)
        head.addWidget(remove_button(name or "this entry", weak(self._removed, index)))
        inside.addLayout(head)
        inner = self.editors(name)
        for key, editor in inner.items():
            editor.edited.connect(weak_with(self._changed, index, key))
            title = self.titles.get(key, "")
            inside.addWidget(FieldBox(title, editor) if title else editor)
            name_it(editor, f"{title or 'Value'} of {name}")
        self._keys.append(line)
        self._inner.append(inner)
        return card

    titles: Mapping[str, str] = {}

    def _names(self) -> list[str]:
        return list(self._value)

    def _changed(self, index: int, key: str, _path: object, value: object) -> None:
        name = self._names()[index]
        if key:
            changed = set_in(self._value[name], (key,), value)
        else:
            changed = "" if value is UNSET else value
        self._value = {**self._value, name: changed}
        self.say(dict(self._value))

    def _renamed(self, index: int) -> None:
        old = self._names()[index]
        new = self._keys[index].text().strip()
        if not new or new == old or new in self._value:
            self._keys[index].setText(old)
            return
        self._take({(new if name == old else name): value for name, value in self._value.items()})

    def _added(self) -> None:
        name = _free(self._value, self.key_words)
        self._take({**self._value, name: self.fresh()})
        self._keys[-1].setFocus(Qt.FocusReason.OtherFocusReason)
        self._keys[-1].selectAll()

    def _removed(self, index: int) -> None:
        gone = self._names()[index]
        self._take({name: value for name, value in self._value.items() if name != gone})

    def _take(self, value: dict[str, Any]) -> None:
        self._draw(value)
        self.say(dict(value) or UNSET)

    def _draw(self, value: dict[str, Any]) -> None:
        if list(value) != self._names() or len(value) != len(self._keys):
            empty(self._body)
            self._keys, self._inner = [], []
            for index, name in enumerate(value):
                self._body.addWidget(self._card(index, name))
        self._value = value
        for name, inner in zip(value, self._inner, strict=True):
            for key, editor in inner.items():
                editor.show_value(_mapping(value[name]).get(key, UNSET) if key else value[name])

    @override
    def show_value(self, value: Any) -> None:
        self._draw({str(key): item for key, item in _mapping(value).items()})

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
    """Names with values that may hold `${…}`."""

    add_words = "Add value"
    key_words = "name"

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        return {
            "": TemplateEditor(
                (*self.path, key), self.context, placeholder="value, for example ${order.total}"
            )
        }


class DecisionsEditor(NamedRows):
    """The decisions of a review and where each leads."""

    add_words = "Add decision"
    key_words = "decision"

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        return {"": TargetEditor((*self.path, key), self.context)}


class RoutesEditor(NamedRows):
    """The labels of a classify: when each fits, words that belong there, where it leads."""

    add_words = "Add label"
    key_words = "label"
    titles: Mapping[str, str] = {"about": "Fits when", "examples": "Examples", "next": "Leads to"}

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        at = (*self.path, key)
        return {
            "about": TemplateEditor(
                (*at, "about"), self.context, placeholder="in words for the model"
            ),
            "examples": ListEditor((*at, "examples"), self.context, placeholder="one per line"),
            "next": TargetEditor((*at, "next"), self.context),
        }

    @override
    def fresh(self) -> Any:
        return {}
