"""What a person does with breakpoints: of the selected step or wire, of the menu, of the list."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.commands import needs
from journeybuilder.gui.debug.debugging import Debugging
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak
from journeybuilder.rehearse.debug.breakpoints import Breakpoint

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow


class BreakpointDeeds(QObject):
    """Of the journey in front of one window.

    Signals:
        changed: Another journey is in front, or its breakpoints are other ones.
    """

    changed = Signal()

    def __init__(self, debugging: Debugging) -> None:
        super().__init__(debugging)
        self._debugging = debugging
        self.window: MainWindow = debugging.window
        self._asked: int | None = None
        debugging.breakpoints.changed.connect(self._told)

    @classmethod
    def of(cls, window: "MainWindow") -> "BreakpointDeeds":
        """The one of a window."""
        debugging = Debugging.of(window)
        return debugging.findChild(cls) or cls(debugging)

    def _told(self, _journey: str) -> None:
        self.changed.emit()

    # --- what there is -----------------------------------------------------------------------------

    @property
    def model(self) -> JourneyModel | None:
        """The journey in front."""
        return self.window.tab.model if self.window.tab is not None else None

    @property
    def _journey(self) -> str:
        return self.model.journey.id if self.model is not None else ""

    def points(self) -> Sequence[Breakpoint]:
        """The breakpoints of the journey in front."""
        return self._debugging.breakpoints.of(self._journey) if self._journey else ()

    def point(self, number: int | None) -> Breakpoint | None:
        """One of them."""
        points = self.points()
        return points[number] if number is not None and number < len(points) else None

    def place(self) -> tuple[str, str]:
        """The selected wire as node and port, else the one selected step; empty where neither is."""
        tab = self.window.tab
        if tab is None:
            return "", ""
        picked: WireKey | None = tab.canvas.board.picked
        if picked is not None:
            return picked
        chosen = tab.canvas.selected()
        return (chosen[0], "") if len(chosen) == 1 else ("", "")

    def missing(self, point: Breakpoint) -> bool:
        """Whether its step or way out is not there any more."""
        model = self.model
        if model is None or not point.node:
            return False
        if point.node not in model.journey.nodes:
            return True
        ports = {port.name for port in model.node(point.node).ports}
        return point.kind == "edge" and point.port not in ports

    def where(self, point: Breakpoint) -> str:
        """What it stands at, in words."""
        model = self.model
        node = model.settings_of(point.node) if model is not None else None
        step = title_of(node) if node is not None else point.node
        if point.kind == "edge":
            return tr("{step}, way out “{port}”", step=step, port=self._port_words(point))
        if point.kind == "tool":
            name = point.tool.removeprefix("model:")
            if point.tool.startswith("model:"):
                return tr("Before the model {name} is asked", name=name)
            return (
                tr("Before {tool} is called", tool=name) if name else tr("Before a tool is called")
            )
        return step if point.kind == "node" else tr("Anywhere")

    def _port_words(self, point: Breakpoint) -> str:
        model = self.model
        if model is None or point.node not in model.journey.nodes:
            return point.port
        ports = {port.name: port.label for port in model.node(point.node).ports}
        return ports.get(point.port) or point.port

    # --- at the selection --------------------------------------------------------------------------

    def toggle(self) -> None:
        """Set one at what is selected, or take it away; of several steps at each of them."""
        tab = self.window.tab
        if tab is None:
            return
        node, port = self.place()
        if node:
            self._debugging.breakpoints.toggle(self._journey, node, port)
            return
        chosen = tab.canvas.selected()
        missing = [one for one in chosen if self._at(one) is None]
        for one in missing or chosen:
            self._debugging.breakpoints.toggle(self._journey, one)

    def _at(self, node: str, port: str = "") -> int | None:
        return self._debugging.breakpoints.index_at(self._journey, node, port)

    @needs(noop("Select a step or a wire first."))
    def can_toggle(self) -> bool:
        """Whether something is selected that a run can stop at."""
        tab = self.window.tab
        return bool(self.place()[0]) or (tab is not None and bool(tab.canvas.selected()))

    @needs(noop("Select one step or wire first."))
    def can_edit(self) -> bool:
        """Whether one step or wire is selected."""
        return bool(self.place()[0])

    def add_tool(self) -> None:
        """Ask before which tool or model a run is to stop."""
        self._ask(Breakpoint("tool"), None)

    def add_condition(self) -> None:
        """Ask for a condition at which a run is to stop wherever it is."""
        self._ask(Breakpoint("condition"), None)

    def toggled(self) -> bool:
        """Whether there is one at what is selected."""
        node, port = self.place()
        return bool(node) and self._at(node, port) is not None

    def edit_here(self) -> None:
        """Edit the condition of the one at what is selected; it is made where there is none."""
        node, port = self.place()
        if not node:
            return
        index = self._at(node, port)
        if index is not None:
            self.edit(index)
        else:
            self._ask(Breakpoint("edge" if port else "node", node=node, port=port), None)

    # --- in the list -------------------------------------------------------------------------------

    def go(self, number: int | None) -> None:
        """Show its step."""
        point, tab = self.point(number), self.window.tab
        if point is None or tab is None or not point.node or self.missing(point):
            return
        tab.go_to(point.node)
        if point.kind == "edge":
            tab.canvas.select(())
            tab.canvas.board.pick((point.node, point.port))

    def switch(self, number: int | None) -> None:
        """Let a run stop there, or pass for now."""
        point = self.point(number)
        if point is not None and number is not None:
            self._debugging.breakpoints.enable(self._journey, number, on=not point.enabled)

    def switch_all(self, on: bool) -> None:
        """Let a run stop at all of them, or pass them all."""
        self._debugging.breakpoints.enable_all(self._journey, on=on)

    def remove(self, number: int | None) -> None:
        """Take one away."""
        if self.point(number) is not None and number is not None:
            self._debugging.breakpoints.remove(self._journey, number)

    def remove_all(self) -> None:
        """Take all of them away."""
        self._debugging.breakpoints.clear(self._journey)

    def edit(self, number: int | None) -> None:
        """Ask for its condition."""
        point = self.point(number)
        if point is not None:
            self._ask(point, number)

    def _ask(self, point: Breakpoint, number: int | None) -> None:
        model = self.model
        if model is None:
            return
        context = replace(self.window.form_context(model), node=point.node)
        aliases = [f"model:{name}" for name in model.known.models]
        tools = [*model.known.tools, *aliases]
        where = tr("When any condition holds") if point.kind == "condition" else self.where(point)
        from journeybuilder.gui.debug.breakpoint_dialog import (  # noqa: PLC0415 - when first needed
            BreakpointDialog,
        )

        dialog = BreakpointDialog(point, where, context, tools, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._asked = number
        dialog.decided.connect(self._decided)
        dialog.open()

    def _decided(self, point: object) -> None:
        if isinstance(point, Breakpoint):
            self._debugging.breakpoints.put(self._journey, point, self._asked)

    # --- a new one ---------------------------------------------------------------------------------

    def ask_add(self, button: QWidget) -> None:
        """Offer what a new one can stand at."""
        menu = QMenu(button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        node = self.place()[0]
        model = self.model
        here = model.settings_of(node) if model is not None else None
        at = menu.addAction(
            tr("At the step “{title}”", title=title_of(here))
            if here
            else tr("At the selected step")
        )
        at.setEnabled(here is not None and self._at(node) is None)
        at.triggered.connect(weak(self._add_at, node, ""))
        ways = menu.addMenu(tr("On a way out of the selected step"))
        for one in model.node(node).ports if model is not None and here is not None else ():
            way = ways.addAction(one.label or one.name)
            way.setEnabled(self._at(node, one.name) is None)
            way.triggered.connect(weak(self._add_at, node, one.name))
        ways.setEnabled(not ways.isEmpty())
        tool = menu.addAction(tr("Before a tool or model is called…"))
        tool.triggered.connect(weak(self.add_tool))
        anywhere = menu.addAction(tr("When a condition begins to hold…"))
        anywhere.triggered.connect(weak(self.add_condition))
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _add_at(self, node: str, port: str) -> None:
        if self._at(node, port) is None:
            self._debugging.breakpoints.toggle(self._journey, node, port)
