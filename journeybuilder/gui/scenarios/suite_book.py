"""The runs of scenarios in a window: what came of each, and what they took of the journeys."""

import asyncio
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from journeybuilder.checks.journeys import called_from
from journeybuilder.document.model import Journey
from journeybuilder.document.source import JourneyFile, Source
from journeybuilder.document.workspace import Workspace
from journeybuilder.errors import AuthorError
from journeybuilder.gui.bridge import Failure
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.scenarios.scenario_files import ScenarioFiles
from journeybuilder.gui.scenarios.taken import Taken
from journeybuilder.gui.work import Job

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.gui.workspace.workspace_model import WorkspaceModel
    from journeybuilder.rehearse.coverage import Coverage
    from journeybuilder.rehearse.suites.suite import ScenarioResult, SuiteResult

State = Literal["new", "waiting", "passed", "failed", "skipped", "changed", "broken"]
Journeys = Mapping[str, Mapping[str, Any]]
"""What journeys say, by id."""
_MOST_JOBS = 4


@dataclass(frozen=True)
class Ran:
    """A result with what it is of, so that one can tell whether it still holds."""

    result: "ScenarioResult"
    scenario: Mapping[str, Any]
    journeys: Journeys
    models: Mapping[str, Any]


class _Seen:
    """What is shown at a moment, compared with what ran: every pair once, for many ran on the same."""

    def __init__(self, journeys: Mapping[str, Journey]) -> None:
        self._journeys = journeys
        self._now: dict[str, Journeys] = {}
        self._known: dict[tuple[int, int], bool] = {}

    def same(self, one: object, other: object) -> bool:
        """Whether two values say the same; both live as long as this does."""
        key = (id(one), id(other))
        if key not in self._known:
            self._known[key] = one is other or one == other
        return self._known[key]

    def holds(self, journey: str, ran: Journeys) -> bool:
        """Whether a journey and those that it calls say what they said when it ran."""
        if journey not in self._now:
            self._now[journey] = _said_by(journey, self._journeys)
        return self.same(ran, self._now[journey])


def _said_by(journey: str, journeys: Mapping[str, Journey]) -> Journeys:
    """What a journey and those that it calls say."""
    first = journeys.get(journey)
    among = called_from(first, journeys) if first is not None else ()
    return {one.id: one.data for one in among}


class SuiteBook(QObject):
    """Runs scenarios in other processes, on what is shown, and keeps what came of them.

    Signals:
        changed: A state, a result or a coverage is another one.
        told: Words: a run could not be made.
        over: A run has ended, in whatever way.
    """

    changed = Signal()
    told = Signal(str)
    over = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._ran: dict[str, Ran] = {}
        self._waiting: set[str] = set()
        self._number = 0
        self._stop = threading.Event()
        self._line: Job | None = None
        self._world: dict[str, Any] = {}
        self._taken = Taken()
        self.total = self.done = 0
        self._files: ScenarioFiles | None = None
        window.files.workspace_changed.connect(self._workspace_changed)

    @classmethod
    def of(cls, window: "MainWindow") -> "SuiteBook":
        """The one of a window."""
        return window.findChild(cls) or cls(window)

    def _workspace_changed(self) -> None:
        self.cancel()
        self._ran = {}
        self._taken = Taken()
        self._files = None
        self.changed.emit()

    # --- what there is -----------------------------------------------------------------------------

    @property
    def space(self) -> "WorkspaceModel | None":
        """The open workspace."""
        return self._window.files.workspace

    @property
    def files(self) -> ScenarioFiles | None:
        """Writes its scenarios."""
        space = self.space
        if space is not None and (self._files is None or self._files.root != space.root):
            self._files = ScenarioFiles(space.root)
        return self._files if space is not None else None

    def scenarios(self, journey: str = "") -> dict[str, Source]:
        """The scenarios by name: all, or those of a journey."""
        space = self.space
        if space is None:
            return {}
        return {
            name: source
            for name, source in space.workspace.scenarios.items()
            if not journey or source.data.get("journey") == journey
        }

    def journeys(self) -> dict[str, Journey]:
        """The journeys as they are shown, saved or not."""
        space = self.space
        if space is None:
            return {}
        out = {name: file.journey for name, file in space.workspace.journeys.items()}
        for tab in self._window.tabs():
            out[tab.model.journey.id] = tab.model.journey
        return out

    # --- results -----------------------------------------------------------------------------------

    def state(self, name: str) -> State:
        """What is known of a scenario."""
        return self.states([name])[name]

    def states(self, names: Iterable[str]) -> dict[str, State]:
        """What is known of several scenarios, by name."""
        known, seen = self.scenarios(), _Seen(self.journeys())
        return {name: self._state(name, known.get(name), seen) for name in names}

    def _state(self, name: str, source: Source | None, seen: "_Seen") -> State:
        if name in self._waiting:
            return "waiting"
        if source is not None and any(one.severity == "error" for one in source.findings):
            return "broken"
        ran = self._ran.get(name)
        if ran is None:
            return "new"
        if source is None or not self._holds(ran, source, seen):
            return "changed"
        if ran.result.skipped:
            return "skipped"
        return "passed" if ran.result.passed else "failed"

    def _holds(self, ran: Ran, source: Source, seen: "_Seen") -> bool:
        """Whether what ran is still what is shown."""
        space = self.space
        return (
            space is not None
            and (ran.scenario is source.data or ran.scenario == source.data)
            and seen.same(ran.models, space.workspace.models)
            and seen.holds(str(source.data.get("journey")), ran.journeys)
        )

    def result(self, name: str) -> "ScenarioResult | None":
        """What came of the last run of a scenario, whether it still holds or not."""
        ran = self._ran.get(name)
        return ran.result if ran is not None else None

    @property
    def results(self) -> list["ScenarioResult"]:
        """The results of the scenarios that are still there."""
        known = self.scenarios()
        return [ran.result for name, ran in self._ran.items() if name in known]

    def coverage(self, journey: str) -> "Coverage | None":
        """What the scenarios took of a journey, however they came to it; None where none ran."""
        known = self.scenarios()
        self._taken.follow(
            {name: ran.result.coverage for name, ran in self._ran.items() if name in known}
        )
        return self._taken.of(journey)

    def is_stale(self, journey: str) -> bool:
        """Whether something was edited since the runs whose coverage is shown."""
        known, seen = self.scenarios(), _Seen(self.journeys())
        return any(
            journey in ran.journeys and not self._holds(ran, known[name], seen)
            for name, ran in self._ran.items()
            if name in known
        )

    def stale(self, journey: str = "") -> list[str]:
        """The scenarios that were run and would have to be run anew."""
        states = self.states(self.scenarios(journey))
        return [name for name, state in states.items() if state == "changed"]

    # --- running -----------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether scenarios are being run."""
        return self._line is not None

    def run(self, names: Iterable[str]) -> bool:
        """Run scenarios on what is shown, saved or not; False where none can be run now."""
        space = self.space
        wanted = [name for name in names if name in self.scenarios()]
        if space is None or self.running or not wanted or not self._window.bridge.running:
            return False
        self._window.take_typing()
        shown = self.shown()
        journeys, known = self.journeys(), self.scenarios()
        models = space.workspace.models
        self._world = {}
        expected: dict[str, Journeys] = {}
        for name in wanted:
            journey = str(known[name].data.get("journey"))
            if journey not in expected:
                expected[journey] = _said_by(journey, journeys)
            self._world[name] = (known[name].data, expected[journey], models)
        self._waiting = set(wanted)
        self.total, self.done = len(wanted), 0
        self._number += 1
        self._stop = threading.Event()
        self._line = self._window.status.work(self._title(), self.cancel)
        self._line.tell(done=0.0)
        number = self._number
        work = asyncio.to_thread(
            _run, shown, wanted, self._stop,
            partial(self._post, number), partial(self._post_sign, number),
        )  # fmt: skip
        self._window.bridge.submit(
            work, partial(self._ended, number), partial(self._failed, number)
        )
        self.changed.emit()
        return True

    def shown(self) -> Workspace:
        """The workspace with its journeys as they are shown, saved or not.

        Raises:
            AuthorError: When no workspace is open.
        """
        space = self.space
        if space is None:
            raise AuthorError("No workspace is open.", hint="Open one.")
        drafts = {
            tab.model.journey.id: JourneyFile(
                tab.model.disk.source, tab.model.journey, None, tab.model.draft.layout
            )
            for tab in self._window.tabs()
        }
        return replace(space.workspace, journeys={**space.workspace.journeys, **drafts})

    def _post(self, number: int, result: "ScenarioResult") -> None:
        """Called in the thread that waits for the processes."""
        self._window.bridge.post(self._arrived, number, result)

    def _post_sign(self, number: int, name: str, words: str) -> None:
        self._window.bridge.post(self._heard, number, name, words)

    def _heard(self, number: int, name: str, words: str) -> None:
        """A long scenario says how far it is."""
        if number == self._number and self._line is not None:
            self._line.tell(f"{name}: {said(words)}", self.done / self.total)

    def _arrived(self, number: int, result: "ScenarioResult") -> None:
        if number != self._number or result.name not in self._world:
            return
        scenario, journeys, models = self._world[result.name]
        self._ran[result.name] = Ran(result, scenario, journeys, models)
        self._waiting.discard(result.name)
        self.done += 1
        if self._line is not None:
            self._line.tell(self._title(), self.done / self.total)
        self.changed.emit()

    def _title(self) -> str:
        return trn(
            "Running {n} scenario ({done} done)",
            "Running {n} scenarios ({done} done)",
            self.total,
            done=self.done,
        )

    def _ended(self, number: int, result: "SuiteResult") -> None:
        del result
        if number == self._number:
            self._end()

    def _failed(self, number: int, failure: Failure) -> None:
        if number == self._number:
            self.told.emit(said(str(failure)))
            self._end()

    def cancel(self) -> None:
        """Stop the run; what was done so far is kept."""
        self._stop.set()
        if self.running:
            self._number += 1
            self._end()

    def _end(self) -> None:
        line, self._line = self._line, None
        self._waiting = set()
        if line is not None:
            line.end()
        self.changed.emit()
        self.over.emit()

    def renamed(self, old: str, new: str) -> None:
        """A scenario has another name: what came of it still holds."""
        ran = self._ran.pop(old, None)
        source = self.scenarios().get(new)
        if ran is not None and source is not None:
            result = replace(ran.result, name=new)
            same = {**ran.scenario, "scenario": new}
            self._ran[new] = replace(ran, result=result, scenario=same)
        self.changed.emit()

    def junit(self) -> str:
        """The results as `jb test --junit` writes them."""
        from journeybuilder.rehearse.coverage import Coverage  # noqa: PLC0415 - the whole engine
        from journeybuilder.rehearse.suites.junit import junit  # noqa: PLC0415
        from journeybuilder.rehearse.suites.suite import SuiteResult  # noqa: PLC0415

        results, coverage = self.results, Coverage()
        for one in results:
            coverage = coverage.merged(one.coverage)
        return junit(SuiteResult(results, coverage, sum(one.ms for one in results)))

    # --- for the panels ------------------------------------------------------------------------------

    def reread(self) -> None:
        """The files of scenarios have changed by our hand."""
        self._window.files.reread()
        self.changed.emit()


def state_words(state: State) -> str:
    """A state in a word or two."""
    words: Mapping[State, str] = {
        "new": tr("not run yet"),
        "waiting": tr("running"),
        "passed": tr("passed"),
        "failed": tr("failed"),
        "skipped": tr("skipped"),
        "changed": tr("changed since"),
        "broken": tr("cannot be run"),
    }
    return words[state]


def _run(
    space: Workspace,
    names: Sequence[str],
    stop: threading.Event,
    tell: Callable[["ScenarioResult"], None],
    sign: Callable[[str, str], None],
) -> "SuiteResult":
    """Run scenarios in other processes; in a thread of its own."""
    from journeybuilder.rehearse.suites.suite import Manner, run_suite  # noqa: PLC0415 - the whole engine

    jobs = max(1, min(_MOST_JOBS, os.cpu_count() or 1, len(names)))
    manner = Manner(on_sign=sign)
    return run_suite(
        space, names, jobs=jobs, on_result=tell, stop=stop.is_set, apart=True, manner=manner
    )
