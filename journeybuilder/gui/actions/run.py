"""Commands of the Run menu: rehearsals."""

from journeybuilder.gui.commands import Command, needs
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.window import MainWindow


class Rehearsals:
    """What the commands do with the rehearsal of a window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    @needs(noop("Let a rehearsal come to its end first."))
    def can_make(self) -> bool:
        """Whether a scenario can be made of the run that is looked at."""
        from journeybuilder.gui.panels.making_scenario import (  # noqa: PLC0415 - when first needed
            MakingScenario,
        )

        running = self._window.rehearsing
        return running.timeline is not None and MakingScenario.of(self._window).possible()

    def make(self) -> None:
        """Make a scenario of the run that is looked at."""
        from journeybuilder.gui.panels.making_scenario import (  # noqa: PLC0415 - when first needed
            MakingScenario,
        )

        MakingScenario.of(self._window).ask()

    @needs(noop("The rehearsal does not wait for anything that has an end."))
    def can_pass(self) -> bool:
        """Whether a wait has an end that time can go to."""
        return any(one.get("until") is not None for one in self._window.rehearsing.waits)

    def answer(self) -> None:
        """Go to where the customer's answer is typed."""
        self._window.docks.show("rehearsal")
        self._window.docks.rehearsal.answering.take_focus()

    @needs(noop("The rehearsal does not wait for the customer."))
    def can_answer(self) -> bool:
        """Whether the customer is waited for."""
        return any(one.get("kind") == "customer" for one in self._window.rehearsing.waits)


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    here = Rehearsals(window)
    return [
        Command("run.rehearse", tr("&Rehearse"), "Run", window.rehearse, "F5", "play", tr("Play the journey through, as the customer"), enabled=window.has_journey, section="run", toolbar=True),
        Command("run.stop", tr("&Stop the rehearsal"), "Run", window.stop_rehearsal, "Shift+F5", "stop", enabled=window.is_rehearsing, section="run", toolbar=True),
        Command("run.answer", tr("Answer as the customer"), "Run", here.answer, "Shift+F7", "chat", enabled=here.can_answer, section="run"),
        Command("run.pass_time", tr("Nobody answers: let time pass"), "Run", window.rehearsing.let_time_pass, icon="clock", about=tr("Go to the end of the wait"), enabled=here.can_pass, section="run"),
        Command("run.make_scenario", tr("&Make a scenario of this run…"), "Run", here.make, "Ctrl+Shift+F9", "save", tr("Write a scenario that goes this way again and expects this outcome"), enabled=here.can_make, section="run"),
    ]  # fmt: skip
