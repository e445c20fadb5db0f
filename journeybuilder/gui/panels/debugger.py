"""The debugger: variables at the moment that is looked at, watches, breakpoints."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from journeybuilder.gui.debug.breakpoint_deeds import BreakpointDeeds
from journeybuilder.gui.debug.breakpoint_rows import BreakpointRows
from journeybuilder.gui.debug.debugging import Debugging
from journeybuilder.gui.debug.moment import Seen
from journeybuilder.gui.debug.value_dialog import ValueDialog
from journeybuilder.gui.debug.variable_rows import VariableRows
from journeybuilder.gui.debug.watch_rows import WatchRows
from journeybuilder.gui.expressions.sample_values import schemas_of
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.run.state import FINAL

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow

_SHARES = (5, 3, 3)
_LEAST = 72  # pixels that a part keeps


class DebuggerPanel(Panel, QWidget):
    """Three parts, one below the other; each can be made higher."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self._debugging = Debugging.of(window)
        self._rehearsing = window.rehearsing
        self._changing = ""
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._parts.setChildrenCollapsible(False)
        self._parts.setHandleWidth(5)
        self.variables = VariableRows(window.look)
        self.watches = WatchRows(self._debugging)
        self.breakpoints = BreakpointRows(BreakpointDeeds.of(window))
        self.moment = label("", "help", wrap=True)
        self._add(tr("Variables at this moment"), self.variables, self.moment)
        self._add(tr("Watches"), self.watches)
        self._add(tr("Breakpoints"), self.breakpoints)
        for number, share in enumerate(_SHARES):
            self._parts.setStretchFactor(number, share)
        column(self, spacing=0, margins=(0, 4, 0, 4)).addWidget(self._parts)
        self.variables.change_asked.connect(self.ask_change)
        self.variables.watch_asked.connect(self.watches.watch)
        self._debugging.moment_changed.connect(self.refresh)
        self._debugging.breakpoints.watches_changed.connect(self._watches_changed)
        BreakpointDeeds.of(window).changed.connect(self.breakpoints.refresh)

    def _add(self, title: str, part: QWidget, more: QWidget | None = None) -> None:
        box = QWidget()
        box.setMinimumHeight(_LEAST)
        layout: QVBoxLayout = column(box, spacing=4)
        head = label(title, "section")
        head.setContentsMargins(8, 4, 8, 0)
        head.setBuddy(part)
        layout.addWidget(head)
        if more is not None:
            more.setContentsMargins(8, 0, 8, 0)
            layout.addWidget(more)
        layout.addWidget(part, 1)
        self._parts.addWidget(box)

    @override
    def sizeHint(self) -> QSize:
        return QSize(272, 600)

    # --- what is shown -----------------------------------------------------------------------------

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        context = self._window.form_context(tab.model) if tab is not None else None
        if context is not None:
            context = replace(context, node="")
        self.watches.show_journey(tab.model.journey.id if tab is not None else "", context)
        self.breakpoints.refresh()
        self.refresh()

    @override
    def show_selection(self, ids: Sequence[str]) -> None:
        del ids  # what is selected is asked for when a breakpoint is added

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @override
    def go(self) -> None:
        """Put the focus on the variables, or on the breakpoints where there is no run."""
        target = self.variables.tree if self.variables.tree.topLevelItemCount() else None
        (target or self.breakpoints.add_button).setFocus(BY_KEYS)

    def _watches_changed(self, _journey: str) -> None:
        self.watches.refresh()

    def refresh(self) -> None:
        """Show the moment that is looked at."""
        if not self.isVisible():
            return
        timeline, moment = self._rehearsing.timeline, self._rehearsing.cursor
        self.variables.show_moment(timeline, moment)
        self.watches.refresh()
        self.moment.setText(self._moment_words())
        self.moment.setVisible(bool(self.moment.text()))

    def _moment_words(self) -> str:
        timeline, moment = self._rehearsing.timeline, self._rehearsing.cursor
        if timeline is None or not len(timeline):
            return ""
        place = timeline.place(moment)
        step = self._debugging.title(place) if place else tr("before the first step")
        if self._rehearsing.live:
            return tr("Now: {step}", step=step)
        return tr("Past moment: {step}", step=step)

    # --- changing a value --------------------------------------------------------------------------

    def ask_change(self, seen: object) -> None:
        """Ask for another value of a variable; a new run branches off with it."""
        timeline = self._rehearsing.timeline
        if not isinstance(seen, Seen) or not self._rehearsing.can_branch or timeline is None:
            return
        if timeline.state(self._rehearsing.cursor).status in FINAL:
            words = tr(
                "The run is over at this moment. Step back first: a branch begins before its end."
            )
            self._window.say(words)
            return
        self._changing = seen.name
        words = self._debugging.branch_words()
        dialog = ValueDialog(seen.name, seen.value, words, self._schemas(seen.name), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.decided.connect(self._decided)
        dialog.open()

    def _schemas(self, name: str) -> list[Mapping[str, Any]]:
        """What the journey that the run is in tells of a variable."""
        journey = self._debugging.journey_in()
        for tab in self._window.tabs():
            if tab.model.journey.id == journey:
                return list(schemas_of(tab.model.context, name))
        return []

    def _decided(self, value: object, hold: bool) -> None:
        self._debugging.branch(self._rehearsing.cursor, {self._changing: value}, hold=hold)


def make_panel(window: "MainWindow") -> DebuggerPanel:
    """The panel of a window."""
    return DebuggerPanel(window)
