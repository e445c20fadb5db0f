"""Editors of what has ways out inside: cases, labels, decisions, lanes, shares; and of plain ports."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from journeybuilder.contract.fields import Port
from journeybuilder.gui.forms.base import (
    UNSET,
    Editor,
    FormContext,
    Path,
    column,
    label,
    name_it,
    restyle,
    row,
    sentence,
)
from journeybuilder.gui.forms.cel import TemplateEditor
from journeybuilder.gui.forms.named_rows import NamedRows, as_mapping, quiet_button
from journeybuilder.gui.forms.picks import NodePick
from journeybuilder.gui.forms.plain import ListEditor, NumberEditor
from journeybuilder.gui.look.language import noop, tr


class TargetEditor(Editor):
    """Where one port leads; an alternative to drawing the wire."""

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self.pick = NodePick(context)
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
            name_it(target, tr("{port} leads to", port=port_words(port)))
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
    """A port for people: `on_error` is `On error`; labels of kinds are translated as they stand."""
    words = port.label.replace("_", " ")
    found = tr(words)
    return sentence(tr(words.capitalize()) if found == words else found)


class DecisionsEditor(NamedRows):
    """The decisions of a review and where each leads."""

    add_words = noop("Add decision")
    key_words = noop("decision")
    called = noop("{name} leads to")

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        return {"": TargetEditor((*self.path, key), self.context)}


class RoutesEditor(NamedRows):
    """The labels of a classify: when each fits, words that belong there, where it leads."""

    add_words = noop("Add label")
    key_words = noop("label")
    titles: Mapping[str, str] = {
        "about": noop("Fits when"),
        "examples": noop("Examples"),
        "next": noop("Leads to"),
    }

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        at = (*self.path, key)
        return {
            "about": TemplateEditor(
                (*at, "about"), self.context, placeholder=tr("in words for the model")
            ),
            "examples": ListEditor((*at, "examples"), self.context, placeholder=tr("one per line")),
            "next": TargetEditor((*at, "next"), self.context),
        }

    @override
    def fresh(self) -> Any:
        return {}


class LanesEditor(NamedRows):
    """The lanes of a parallel and where each begins."""

    add_words = noop("Add lane")
    key_words = noop("lane")
    called = noop("{name} leads to")

    @override
    def editors(self, key: str) -> Mapping[str, Editor]:
        return {"": TargetEditor((*self.path, key), self.context)}


class SharesEditor(NamedRows):
    """The ways of a split: how many of a hundred go each way, and what that adds up to."""

    add_words = noop("Add way")
    key_words = noop("way")
    titles: Mapping[str, str] = {
        "percent": noop("Percent of the runs"),
        "next": noop("Leads to"),
    }

    def __init__(self, path: Path, context: FormContext) -> None:
        super().__init__(path, context)
        self._even = quiet_button(tr("Same share for all"), self._evened)
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
        said = tr("Together {sum} %", sum=f"{whole:g}")
        wrong = tr("Together {sum} %; it has to be 100 %", sum=f"{whole:g}")
        self.total.setText(said if right else wrong)
        restyle(self.total, "role", "help" if right else "wrong")


_HUNDRED = 100.0


def _plain(number: float) -> float | int:
    """A whole number without its decimal point, as a person writes it."""
    return int(number) if number == int(number) else round(number, 2)
