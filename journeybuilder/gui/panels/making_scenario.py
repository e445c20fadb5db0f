"""A run of the rehearsal becomes a scenario: asks for its name, writes it, shows it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from journeybuilder.gui.bridge import Failure
from journeybuilder.gui.look import questions
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.panels.scenario_deeds import ScenarioDeeds
from journeybuilder.gui.running.begin import Begun
from journeybuilder.run.state import FINAL, Event

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow


class MakingScenario(QObject):
    """Of one window; lives as long as it."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @classmethod
    def of(cls, window: "MainWindow") -> "MakingScenario":
        """The one of a window."""
        return window.findChild(cls) or cls(window)

    def possible(self) -> bool:
        """Whether the run that is looked at has come to its end, so that something can be expected."""
        rehearsing = self._window.rehearsing
        timeline = rehearsing.timeline
        if timeline is None or rehearsing.begun is None or not len(timeline):
            return False
        return timeline.events[-1]["event"] in FINAL

    def ask(self) -> None:
        """Ask for a name, and make it."""
        rehearsing, timeline = self._window.rehearsing, self._window.rehearsing.timeline
        begun = rehearsing.begun
        if timeline is None or begun is None or not self.possible():
            return
        name = questions.ask_name(
            self._window, tr("Make a scenario of this run"), tr("What happens in it?"),
            self._proposed(timeline.events),
        )  # fmt: skip
        if name:
            work = _made(begun, list(timeline.events), name)
            self._window.bridge.submit(work, self._write, self._failed)

    def _proposed(self, events: Sequence[Event]) -> str:
        """A name that says how it ended."""
        last, title = events[-1], self._window.rehearsing.shown
        space = self._window.files.workspace
        file = space.workspace.journeys.get(title) if space is not None else None
        title = file.journey.title if file is not None and file.journey.title else title
        if last["event"] == "ended":
            return f"{title}: {last.get('outcome') or ''}".rstrip(": ")
        return tr("{title}: it fails", title=title)

    def _write(self, data: Mapping[str, Any]) -> None:
        ScenarioDeeds.of(self._window).write(data)

    def _failed(self, failure: Failure) -> None:
        title = tr("No scenario can be made of this run")
        questions.tell(self._window, title, f"{said(failure.what)} {said(failure.hint)}".strip())


async def _made(begun: Begun, events: Sequence[Event], name: str) -> Mapping[str, Any]:
    from journeybuilder.rehearse.making.making import scenario_from  # noqa: PLC0415 - when first needed

    return scenario_from(begun.plan, events, name=name, cast=begun.cast)
