"""Commands of the debugger: breakpoints, steps, runs."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from journeybuilder.gui.commands import Command, needs
from journeybuilder.gui.debug.breakpoint_deeds import BreakpointDeeds
from journeybuilder.gui.debug.debug_bar import DebugBar
from journeybuilder.gui.debug.debugging import Debugging
from journeybuilder.gui.look.language import noop, tr

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow


class Steps(QObject):
    """What can be done with the rehearsal under way, and with the moment that is looked at."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._debugging = Debugging.of(window)
        self._rehearsing = window.rehearsing

    # --- what commands ask -------------------------------------------------------------------------

    @property
    def _moments(self) -> int:
        timeline = self._rehearsing.timeline
        return len(timeline) if timeline is not None else 0

    @needs(noop("The rehearsal does not stand at a breakpoint."))
    def can_go_on(self) -> bool:
        """Whether the run stands still and can go on, or a past moment is looked at."""
        past = self._moments > 0 and not self._rehearsing.live
        return self._rehearsing.phase == "stopped" or past

    @needs(noop("The rehearsal does not run right now."))
    def can_pause(self) -> bool:
        """Whether the run goes on right now."""
        return self._rehearsing.phase == "running"

    @needs(noop("The rehearsal waits for an answer, or is over."))
    def can_step(self) -> bool:
        """Whether there is a next step: of a run that stands still, of one recorded, or a first one."""
        if self._rehearsing.phase == "off":
            return self._window.has_journey()
        return self.can_go_on()

    @needs(noop("Nothing has happened before this moment."))
    def can_go_back(self) -> bool:
        """Whether there is an earlier moment."""
        return self._rehearsing.cursor > 0

    @needs(noop("This is the latest moment."))
    def can_go_forward(self) -> bool:
        """Whether there is a later moment."""
        return self._rehearsing.cursor < self._moments

    @needs(noop("You look at the latest moment already."))
    def is_past(self) -> bool:
        """Whether a past moment, or an earlier run, is looked at."""
        return self._moments > 0 and not self._rehearsing.live

    @needs(noop("Select one step, and let no rehearsal run right now."))
    def can_run_to(self) -> bool:
        """Whether a run can be asked to go to the selected step."""
        return bool(self._node()) and self._rehearsing.phase not in {"starting", "running"}

    @needs(noop("Nothing has been rehearsed yet."))
    def can_restart(self) -> bool:
        """Whether something was rehearsed in the journey in front."""
        tab = self._window.tab
        return tab is not None and self._rehearsing.shown == tab.model.journey.id

    @needs(noop("Select a step that the rehearsal has come by."))
    def can_rerun(self) -> bool:
        """Whether the run that is looked at has visited the selected step."""
        return self._rehearsing.can_branch and self._visit() is not None

    @needs(noop("Let two runs be made first: rehearse twice, or change a value and branch."))
    def can_compare(self) -> bool:
        """Whether there are two runs to lay side by side."""
        return len(self._debugging.runs) > 1

    def _node(self) -> str:
        tab = self._window.tab
        chosen = tab.canvas.selected() if tab is not None else ()
        return chosen[0] if len(chosen) == 1 else ""

    def _place(self) -> str:
        """The selected step as runs call it."""
        tab, node = self._window.tab, self._node()
        if tab is None or not node:
            return ""
        own = tab.model.journey.id
        node = self._rehearsing.renames.then(own, node)
        return node if own == (self._rehearsing.shown or own) else f"{own}/{node}"

    def _visit(self) -> int | None:
        """The last visit of the selected step before the moment that is looked at, else the first."""
        timeline, place = self._rehearsing.timeline, self._place()
        if timeline is None or not place:
            return None
        visits = [
            (row.index, int(timeline.events[row.index]["visit"]))
            for row in timeline.rows()
            if row.kind == "entered" and row.node == place
        ]
        past = [visit for index, visit in visits if index < self._rehearsing.cursor]
        return past[-1] if past else visits[0][1] if visits else None

    # --- what commands do --------------------------------------------------------------------------

    def step(self) -> None:
        """One step on; where nothing runs, a rehearsal begins and stops before its first step."""
        if self._rehearsing.phase == "off":
            self._start_at("")
        else:
            self._rehearsing.step()

    def _start_at(self, node: str) -> None:
        tab = self._window.tab
        start = tab.model.journey.start if tab is not None else ""
        self._debugging.stop_once_at(node or start)
        self._window.rehearse()

    def run_to(self) -> None:
        """Go on until the selected step comes next."""
        place = self._place()
        phase = self._rehearsing.phase
        if phase == "stopped":
            self._debugging.look_at_now()
            self._rehearsing.run_to(place)
        elif phase == "waiting":
            self._debugging.stop_once_at(place)
            title = self._debugging.title(place)
            self._window.say(tr("Answer to go on: it stops before {step} then.", step=title))
        else:
            self._start_at(place)

    def restart(self) -> None:
        """Begin again with the same input and choices."""
        self._window.docks.rehearsal.start()

    def rerun(self) -> None:
        """Go through the run again from the selected step, with all that was answered then."""
        visit = self._visit()
        if visit is not None:
            self._debugging.rerun(visit, hold=False)

    def compare(self) -> None:
        """Show two runs side by side."""
        self._window.docks.go("beside")


def commands(window: "MainWindow") -> list[Command]:
    """Its commands, in the order of the menu."""
    steps, deeds = Steps(window), BreakpointDeeds.of(window)
    debugging, rehearsing = Debugging.of(window), window.rehearsing
    here = window.has_journey
    made = [
        Command("debug.go_on", tr("&Go on"), "Run", rehearsing.go_on, "Ctrl+F5", "debug-go", tr("Go on to the next breakpoint, wait or end"), enabled=steps.can_go_on, section="debug"),
        Command("debug.pause", tr("&Pause"), "Run", rehearsing.pause, "Ctrl+F6", "debug-pause", tr("Hold the rehearsal where it is"), enabled=steps.can_pause, section="debug"),
        Command("debug.step", tr("S&tep"), "Run", steps.step, "F10", "debug-step", tr("One step on; begins a rehearsal where none is under way"), enabled=steps.can_step, section="debug"),
        Command("debug.over", tr("Step &over"), "Run", rehearsing.step_over, "Ctrl+F10", "debug-over", tr("One step on; a called journey is gone through at once"), enabled=steps.can_go_on, section="debug"),
        Command("debug.back", tr("Step &back"), "Run", rehearsing.step_back, "Ctrl+F11", "debug-back", tr("Look at the moment one step before; nothing is undone by it"), enabled=steps.can_go_back, section="debug"),
        Command("debug.forward", tr("Step &forward"), "Run", rehearsing.step_forward, "Ctrl+F12", "debug-forward", tr("Look at the next moment of what is recorded"), enabled=steps.can_go_forward, section="debug"),
        Command("debug.now", tr("Back to &now"), "Run", debugging.look_at_now, "Alt+End", "clock", tr("Look at the latest moment again"), enabled=steps.is_past, section="debug"),
        Command("debug.restart", tr("R&estart"), "Run", steps.restart, "Ctrl+Shift+F5", "debug-restart", tr("Begin again with the same input"), enabled=steps.can_restart, section="debug"),
        Command("debug.run_to", tr("R&un to here"), "Run", steps.run_to, icon="debug-to", about=tr("Go on until the selected step comes next"), enabled=steps.can_run_to, section="to"),
        Command("debug.rerun", tr("Run again from here"), "Run", steps.rerun, icon="debug-restart", about=tr("A new run from the selected step on, with recorded answers: nothing is paid twice"), enabled=steps.can_rerun, section="to"),
        Command("debug.compare", tr("Two runs side by side"), "Run", steps.compare, icon="beside", enabled=steps.can_compare, section="to"),
        Command("debug.breakpoint", tr("Brea&kpoint"), "Run", deeds.toggle, "F9", "breakpoint", tr("Let a rehearsal stop before the selected step, or on the selected wire"), enabled=deeds.can_toggle, checked=deeds.toggled, section="points"),
        Command("debug.condition", tr("Breakpoint with a &condition…"), "Run", deeds.edit_here, "Ctrl+F9", "breakpoint-if", enabled=deeds.can_edit, section="points"),
        Command("debug.tool", tr("Breakpoint before a tool…"), "Run", deeds.add_tool, icon="tool", enabled=here, section="points"),
        Command("debug.anywhere", tr("Stop when a condition holds…"), "Run", deeds.add_condition, icon="branch", enabled=here, section="points"),
    ]  # fmt: skip
    DebugBar.of(window).hold([one for one in made if one.section == "debug"])
    return made
