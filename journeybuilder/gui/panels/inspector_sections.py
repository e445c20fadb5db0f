"""Sections below the form of a step that other parts of the editor add: a list, open to every module."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from journeybuilder.gui.forms.base import column, empty, label
from journeybuilder.gui.forms.ways import port_words
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak
from journeybuilder.kinds import ports_of


class SectionPage(Protocol):
    """What stands in a section; a QWidget too."""

    def show_node(self, model: JourneyModel, node_id: str) -> int:
        """Show what belongs to a node; gives how many things that are, 0 hides the section."""
        ...


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One section.

    Attributes:
        id: Stable name, by which it is remembered whether it is open.
        title: Its name, marked with `noop`.
        make: Makes its page; gets what leads to another node by its id.
        opened: Whether it is open until the person folds it.
    """

    id: str
    title: str
    make: Callable[[Callable[[str], object]], QWidget]
    opened: bool = False


class WiresPage(QWidget):
    """From where one comes to a step and where it leads, each a jump."""

    def __init__(self, go: Callable[[str], object]) -> None:
        super().__init__()
        self._go = go
        self._layout: QVBoxLayout = column(self, spacing=4)
        self._shown: object = None

    def show_node(self, model: JourneyModel, node_id: str) -> int:
        """Show the wires of a node."""
        node = model.settings_of(node_id)
        if node is None:
            return 0
        into = [(source, self._port(model, source, port)) for source, port in model.incoming(node_id)]  # fmt: skip
        out = [(port.target, port_words(port)) for port in ports_of(node) if port.target]
        shown = (node_id, into, out, [self._title(model, name) for name, _ in (*into, *out)])
        if shown != self._shown:
            self._shown = shown
            empty(self._layout)
            self._add(model, tr("Comes from"), into, "\u2190")
            self._add(model, tr("Leads to"), out, "\u2192")
        return len(into) + len(out)

    @staticmethod
    def _port(model: JourneyModel, source: str, port: str) -> str:
        node = model.settings_of(source)
        ports = ports_of(node) if node is not None else ()
        return next((port_words(one) for one in ports if one.name == port), port)

    @staticmethod
    def _title(model: JourneyModel, name: str) -> str:
        node = model.settings_of(name)
        return title_of(node) if node is not None else name

    def _add(self, model: JourneyModel, head: str, wires: list[tuple[str, str]], sign: str) -> None:
        if not wires:
            return
        self._layout.addWidget(label(head, "caption"))
        for name, words in wires:
            button = QPushButton(f"{sign} {self._title(model, name)}  ·  {words}")
            button.setProperty("role", "jump")
            button.setAccessibleName(f"{head} {self._title(model, name)}, {words}")
            button.setEnabled(model.settings_of(name) is not None)
            button.clicked.connect(weak(self._jump, name))
            self._layout.addWidget(button)

    def _jump(self, name: str) -> None:
        self._go(name)


inspector_sections: list[SectionSpec] = [
    SectionSpec("wires", noop("Used by and leads to"), WiresPage),
]
"""The sections below every step's form, in their order; modules append theirs when they are imported."""
