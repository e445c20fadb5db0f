"""Commands about problems: going from one to the next, quick fixes."""

from functools import partial

from PySide6.QtGui import QCursor

from journeybuilder.gui.commands import Command, needs
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.mending import Mending
from journeybuilder.gui.window import MainWindow


class Problems:
    """What the commands do with the problems of a window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    @needs(noop("There are no problems in this journey."))
    def some(self) -> bool:
        """Whether the journey in front has problems."""
        tab = self._window.tab
        return tab is not None and bool(tab.model.findings)

    def step(self, by: int) -> None:
        """Go to the next problem."""
        self._window.docks.show("problems")
        self._window.docks.problems.step(by)

    def fix(self) -> None:
        """Offer the fixes of what is selected, or of the current problem."""
        window, tab = self._window, self._window.tab
        if tab is None:
            return
        chosen = tab.canvas.selected()
        node = chosen[0] if len(chosen) == 1 else ""
        findings = [one for one in tab.model.findings if one.node == node]
        if window.docks.problems.list.hasFocus() or not (findings or node):
            window.docks.go("problems")
            window.docks.problems.ask_fix()
            return
        item = tab.canvas.board.nodes.get(node)
        place = QCursor.pos()
        if item is not None:
            corner = tab.canvas.mapFromScene(item.card().bottomLeft())
            place = tab.canvas.viewport().mapToGlobal(corner)
        menu = Mending.of(window).popup(tab.model, findings, place, window)
        if not findings:
            Mending.of(window).fill_assists(menu, tab.model, node)


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    problems = Problems(window)
    return [
        Command("problems.next", tr("&Next problem"), "Journey", partial(problems.step, 1), "F8", "problem", enabled=problems.some, section="check"),
        Command("problems.before", tr("Problem &before"), "Journey", partial(problems.step, -1), "Shift+F8", "problem", enabled=problems.some, section="check"),
        Command("problems.fix", tr("&Quick fix…"), "Journey", problems.fix, "Ctrl+.", "check", tr("Offer ways to mend what is wrong with the selected step"), enabled=window.has_journey, section="check"),
    ]  # fmt: skip
