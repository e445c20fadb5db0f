"""Editors of what has ways out inside: cases, labels, decisions, lanes, shares; and of plain ports."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from journeybuilder.contract.fields import Port
from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FormContext,
    Path,
    column,
    empty,
    label,
    name_it,
    restyle,
    row,
)
from journeybuilder.gui.forms.cel import TemplateEditor
from journeybuilder.gui.forms.condition_builder import ConditionEditor
from journeybuilder.gui.forms.named_rows import NamedRows, as_mapping, quiet_button
from journeybuilder.gui.forms.picks import NodePick, remove_button
from journeybuilder.gui.forms.plain import ListEditor, NumberEditor
from journeybuilder.gui.slots import weak, weak_with


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
        self._lines: dict[Path, QWidget] = {}
        for port in ports:
            target = TargetEditor(port.path, context)
            target.edited.connect(self.edited)
            self._targets[port.path] = target
            holder = QWidget()
            self._lines[port.path] = holder
            line = row(holder, spacing=8)
            words = label(port_words(port), "port")
            words.setProperty("style", port.style)
            words.setFixedWidth(112)
            words.setBuddy(target)
            name_it(target, f"{port_words(port)} leads to")
            line.addWidget(words)
            line.addWidget(target, 1)
            layout.addWidget(holder)

    def show_port(self, path: Path, *, shown: bool) -> None:
        """Show or hide a way out that makes sense with some settings only."""
        if path in self._lines:
            self._lines[path].setVisible(shown)

    @override
    def show_value(self, value: Any) -> None:
        """Takes the whole settings of the node."""
        for path, target in self._targets.items():
            found: Any = value
            for key in path:
                found = as_mapping(found).get(str(key), UNSET)
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
        self._add = quiet_button("Add case", self._added)
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
        changed = dict(as_mapping(self._value[index]))
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
            condition.show_value(as_mapping(case).get("when", ""))
            target.show_value(as_mapping(case).get("next", ""))

    @override
    def show_value(self, value: Any) -> None:
        self._draw(list(cast("list[Any]", value)) if isinstance(value, list) else [])

    @override
    def focus_path(self, path: Path) -> bool:
        inner: list[Editor] = [*self._conditions, *self._targets]
        return any(
            one.focus_path(path) for one in inner if one.path == path[:3]
        ) or super().focus_path(path)


def _arrow(sign: str, words: str, slot: Any) -> QPushButton:
    button = QPushButton(sign)
    button.setProperty("role", "remove")
    button.setAccessibleName(words)
    button.setToolTip(words)
    button.clicked.connect(slot)
    return button


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


class LanesEditor(NamedRows):
    """The lanes of a parallel and where each begins."""

    add_words = "Add lane"
    key_words = "lane"

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        return {"": TargetEditor((*self.path, key), self.context)}


class SharesEditor(NamedRows):
    """The ways of a split: how many of a hundred go each way, and what that adds up to."""

    add_words = "Add way"
    key_words = "way"
    titles: Mapping[str, str] = {"percent": "Percent of the runs", "next": "Leads to"}

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self._even = quiet_button("Same share for all", self._evened)
        self.foot.addWidget(self._even)
        self.total = label("", "help")
        self.box.addWidget(self.total)

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        at = (*self.path, key)
        return {
            "percent": NumberEditor((*at, "percent"), self.context, whole=False),
            "next": TargetEditor((*at, "next"), self.context),
        }

    @override
    def fresh(self) -> Any:
        """A new way takes what is left of a hundred."""
        left = _HUNDRED - self._sum()
        return {"percent": _plain(max(0.0, left))}

    def _sum(self) -> float:
        shares = [as_mapping(way).get("percent") for way in self._value.values()]
        return math.fsum(share for share in shares if isinstance(share, int | float))

    def _evened(self) -> None:
        if not self._value:
            return
        share = round(_HUNDRED / len(self._value), 2)
        first = round(_HUNDRED - share * (len(self._value) - 1), 2)
        shares = [first, *[share] * (len(self._value) - 1)]
        self._take(
            {
                name: {**as_mapping(way), "percent": _plain(part)}
                for (name, way), part in zip(self._value.items(), shares, strict=True)
            }
        )

    @override
    def drawn(self) -> None:
        whole = self._sum()
        right = math.isclose(whole, _HUNDRED, abs_tol=1e-6)
        self._even.setVisible(len(self._value) > 1)
        self.total.setText(f"Together {whole:g} %" + ("" if right else "; it has to be 100 %"))
        restyle(self.total, "role", "help" if right else "wrong")


_HUNDRED = 100.0


def _plain(number: float) -> float | int:
    """A whole number without its decimal point, as a person writes it."""
    return int(number) if number == int(number) else round(number, 2)
