"""Commands about scenarios: running them, writing them, and what they have taken of the journey."""

from journeybuilder.gui.commands import Command, needs
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.panels.gray_branch import GrayBranches
from journeybuilder.gui.panels.scenario_deeds import ScenarioDeeds
from journeybuilder.gui.scenarios.heat import Heat
from journeybuilder.gui.scenarios.suite_book import SuiteBook
from journeybuilder.gui.window import MainWindow


class Scenarios:
    """What the commands do with the scenarios of a window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._book: SuiteBook | None = None
        self._heat: Heat | None = None

    @property
    def book(self) -> SuiteBook:
        """The runs of the window; made when first needed."""
        if self._book is None:
            self._book = SuiteBook.of(self._window)
        return self._book

    @property
    def deeds(self) -> ScenarioDeeds:
        """What can be done with scenarios."""
        return ScenarioDeeds.of(self._window)

    @needs(noop("This workspace has no scenarios yet."))
    def some(self) -> bool:
        """Whether there are scenarios that can be run now."""
        space = self._window.files.workspace
        return space is not None and bool(space.workspace.scenarios) and not self.book.running

    @needs(noop("No scenarios are running."))
    def running(self) -> bool:
        """Whether scenarios are being run."""
        return self._book is not None and self._book.running

    @needs(noop("Run scenarios first."))
    def ran(self) -> bool:
        """Whether there are results."""
        return self._book is not None and bool(self._book.results)

    def run_all(self) -> None:
        """Run the scenarios of the journey in front; of the workspace where none is."""
        tab = self._window.tab
        names = list(self.book.scenarios(tab.model.journey.id if tab is not None else ""))
        self._window.docks.show("scenarios")
        self.book.run(names or self.book.scenarios())

    def run_whole(self) -> None:
        """Run every scenario of the workspace."""
        self._window.docks.show("scenarios")
        self.book.run(self.book.scenarios())

    # --- coverage ----------------------------------------------------------------------------------

    def mapped(self) -> bool:
        """Whether the canvas shows what the scenarios took."""
        return self._heat is not None and self._heat.on

    def toggle_map(self) -> None:
        """Show it, or show it no longer."""
        if self._heat is None:
            self._heat = Heat.of(self._window)
            self._heat.changed.connect(self._window.registry.refresh)
        self._heat.toggle()

    @needs(noop("Select a step or a wire first."))
    def pointed(self) -> bool:
        """Whether a wire or one step is selected."""
        return GrayBranches.of(self._window).pointed()

    def write_branch(self) -> None:
        """Write a scenario for what is selected."""
        GrayBranches.of(self._window).ask_here()

    def campaign(self) -> None:
        """Try the journey with random customers."""
        from journeybuilder.gui.panels.campaign import (  # noqa: PLC0415 - when first needed
            show_campaign,
        )

        show_campaign(self._window)

    def compare(self) -> None:
        """Run the scenarios with several models."""
        from journeybuilder.gui.panels.compare_models import (  # noqa: PLC0415 - when first needed
            show_compare,
        )

        show_compare(self._window)


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    one = Scenarios(window)
    deeds = ScenarioDeeds.of(window)
    return [
        Command("scenarios.run", tr("Run the &scenarios of this journey"), "Run", one.run_all, "Ctrl+F7", "check", tr("Play every scenario of the journey through and see which pass"), enabled=one.some, section="scenarios"),
        Command("scenarios.run_whole", tr("Run &all scenarios of the workspace"), "Run", one.run_whole, icon="check", enabled=one.some, section="scenarios"),
        Command("scenarios.stop", tr("Stop the scenarios"), "Run", one.book.cancel, icon="stop", enabled=one.running, section="scenarios"),
        Command("scenarios.new", tr("&New scenario…"), "Run", deeds.ask_new, icon="add", about=tr("Write a scenario of this journey, from an example"), enabled=window.has_journey, section="scenarios"),
        Command("scenarios.map", tr("Show &coverage on the canvas"), "Run", one.toggle_map, "Ctrl+Alt+K", "eye", tr("Show on steps and wires how often the scenarios took them"), enabled=window.has_journey, checked=one.mapped, section="scenarios"),
        Command("scenarios.branch", tr("Write a scenario for &this…"), "Run", one.write_branch, icon="branch", about=tr("Look for a scenario that takes the selected wire or comes to the selected step"), enabled=one.pointed, section="scenarios"),
        Command("scenarios.campaign", tr("&Random customers…"), "Run", one.campaign, icon="samples", about=tr("Try the journey with hundreds of random customers and find bugs"), enabled=window.has_journey, section="scenarios"),
        Command("scenarios.compare", tr("Compare &models and cost…"), "Run", one.compare, icon="model", about=tr("Run the scenarios with several models, and forecast what contacts will cost"), enabled=window.has_journey, section="scenarios"),
        Command("scenarios.junit", tr("Export the results as &JUnit…"), "Run", deeds.ask_junit, icon="export", enabled=one.ran, section="scenarios"),
    ]  # fmt: skip
