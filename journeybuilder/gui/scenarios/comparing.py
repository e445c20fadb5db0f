"""Compares models and forecasts cost in the bridge's loop; models are asked in a process of their own."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from journeybuilder import __version__
from journeybuilder.checks import Known
from journeybuilder.document.workspace import Workspace
from journeybuilder.document.write import save
from journeybuilder.errors import ProgramError
from journeybuilder.gui.bridge import Failure
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.scenarios.suite_book import SuiteBook
from journeybuilder.gui.work import Job

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.host import Host
    from journeybuilder.rehearse.comparing.compare import Progress
    from journeybuilder.rehearse.comparing.comparison import Comparison
    from journeybuilder.rehearse.comparing.cost import Forecast

_AT_ONCE = 4  # calls of one model at a time
Tell = Callable[["Progress"], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What to compare.

    Attributes:
        models: Aliases of `models.yaml`; none takes those that are bound.
        against: Another version of the journey, a file or a commit, or "".
        runs: How often each scenario is run with each candidate.
    """

    journey: str
    models: Sequence[str]
    against: str
    runs: int


class Comparing(QObject):
    """One comparison or forecast at a time.

    Signals:
        progressed: A `Progress`.
        compared: A `Comparison`; after a stop, with what was done by then.
        forecasted: A `Forecast`.
        failed: Why it could not be done, in words.
        over: It has ended, in whatever way.
    """

    progressed = Signal(object)
    compared = Signal(object)
    forecasted = Signal(object)
    failed = Signal(str)
    over = Signal()

    def __init__(self, window: "MainWindow", parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._number = 0
        self._stop = threading.Event()
        self._line: Job | None = None
        self.result: Comparison | None = None
        self.cost: Forecast | None = None
        window.files.workspace_changed.connect(self.drop)

    @property
    def running(self) -> bool:
        """Whether something is under way."""
        return self._line is not None

    def drop(self) -> None:
        """End it; nothing more is told."""
        self.stop()
        self._number += 1
        self.result, self.cost = None, None
        self._end()

    def stop(self) -> None:
        """End it; what was done by then is told."""
        self._stop.set()

    def compare(self, wish: Wish) -> None:
        """Run the scenarios of a journey with several models, or with two versions of it."""
        space = self._window.files.workspace
        if space is None:
            return
        tell = partial(self._window.bridge.post, self._told, self._number + 1)
        shown = self._begin(tr("Comparing models"))
        if shown is None:
            return
        work = _compare(shown, wish, space.host, self._stop, tell)
        self._submit(work, self._compared)

    def forecast(self, journey: str, contacts: int) -> None:
        """Say what so many contacts of a journey will cost."""
        space = self._window.files.workspace
        if space is None:
            return
        shown = self._begin(tr("Forecasting cost"))
        if shown is None:
            return
        work = _forecast(shown, space.known, journey, contacts, space.host)
        self._submit(work, self._forecasted)

    def _begin(self, title: str) -> Workspace | None:
        if self.running or not self._window.bridge.running:
            return None
        self._number += 1
        self._stop = threading.Event()
        self._window.take_typing()
        self._line = self._window.status.work(title, self.stop)
        return SuiteBook.of(self._window).shown()

    def _submit(self, work: Any, done: Callable[[int, Any], None]) -> None:
        number = self._number
        self._window.bridge.submit(work, partial(done, number), partial(self._broken, number))

    def _told(self, number: int, progress: "Progress") -> None:
        if number == self._number:
            if self._line is not None:
                self._line.tell(done=progress.done / max(1, progress.planned))
            self.progressed.emit(progress)

    def _compared(self, number: int, result: "Comparison") -> None:
        if number == self._number:
            self.result = result
            self._end()
            self.compared.emit(result)

    def _forecasted(self, number: int, result: "Forecast") -> None:
        if number == self._number:
            self.cost = result
            self._end()
            self.forecasted.emit(result)

    def _broken(self, number: int, failure: Failure) -> None:
        if number == self._number:
            self._end()
            self.failed.emit(said(str(failure)))

    def _end(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.end()
            self.over.emit()

    def export(self, file: str) -> bool:
        """Write the last comparison as one page; False when that failed, which was told."""
        from journeybuilder.rehearse.comparing.report import html_report  # noqa: PLC0415 - when first needed

        if self.result is None:
            return False
        moment = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
        try:
            save(
                Path(file), html_report(self.result, made=f"journeybuilder {__version__}, {moment}")
            )
        except ProgramError as error:
            self.failed.emit(said(str(error)))
            return False
        return True


async def _compare(
    space: Workspace, wish: Wish, host: "Host", stop: threading.Event, tell: Tell
) -> "Comparison":
    from journeybuilder.plan.bundle import Bundle  # noqa: PLC0415 - the whole engine
    from journeybuilder.rehearse.comparing.compare import Compare, Options  # noqa: PLC0415
    from journeybuilder.rehearse.comparing.lineup import prepared  # noqa: PLC0415
    from journeybuilder.rehearse.comparing.player import Turnstile  # noqa: PLC0415
    from journeybuilder.rehearse.comparing.trial import is_scripted  # noqa: PLC0415

    ready = prepared(space, wish.journey, models=wish.models, against=wish.against)
    entries = ready.lineup.entries
    data = ready.lineup.candidates[0].plan.bundle.data
    bundle = Bundle({**data, "models": dict(entries)})
    real = any(not is_scripted(entry) for entry in entries.values())
    models = host.models_apart(bundle) if real else None
    if models is not None:
        models.warm()
    options = Options(
        runs=wish.runs,
        jobs=_AT_ONCE * len(ready.lineup.candidates),
        stop=stop.is_set,
        on_progress=tell,
        turnstile=Turnstile(_AT_ONCE),
    )
    compare = Compare(
        ready.lineup.candidates, ready.scenarios, models, entries, options, ready.recordings
    )
    return await compare.run()


async def _forecast(
    space: Workspace, known: Known, journey: str, contacts: int, host: "Host"
) -> "Forecast":
    """From the finished runs of the store, else from recordings, else from the scenarios."""
    from journeybuilder.contract.json import as_object  # noqa: PLC0415 - the whole engine
    from journeybuilder.plan.bundle import build  # noqa: PLC0415
    from journeybuilder.plan.plan import make_plan  # noqa: PLC0415
    from journeybuilder.rehearse.comparing.cost import forecast  # noqa: PLC0415
    from journeybuilder.rehearse.comparing.gathering import (  # noqa: PLC0415
        of_recordings,
        of_rehearsal,
        of_runs,
        recordings_of,
    )
    from journeybuilder.rehearse.comparing.lineup import scenarios_of  # noqa: PLC0415
    from journeybuilder.rehearse.comparing.player import Purse, Turnstile  # noqa: PLC0415
    from journeybuilder.rehearse.comparing.trial import Bench, Candidate  # noqa: PLC0415

    plan = make_plan(build(space, journey, known))
    store = str(as_object(plan.bundle.data.get("environment")).get("store", ""))
    journal = host.journal(store, create=False)
    seen = await of_runs(journal, plan) or of_recordings(space.state_dir, journey)
    if seen is None:
        scenarios = scenarios_of(space, journey)
        recordings = recordings_of(space.state_dir, scenarios)
        bench = Bench(None, plan.bundle.models, Turnstile(), Purse(None), recordings)
        candidate = Candidate(journey, plan, scripted=True)
        seen = await of_rehearsal(candidate, scenarios, bench, {})
    return forecast(journey, contacts, seen, plan.bundle.models, space.models)
