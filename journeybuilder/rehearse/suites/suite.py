"""A suite: scenarios rehearsed side by side, what failed in each, and what they cover together."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from journeybuilder.checks.context import Known
from journeybuilder.checks.scenarios import check_scenario
from journeybuilder.connect.workspace_findings import known_of
from journeybuilder.document.findings import Finding, choices, near
from journeybuilder.document.source import Source
from journeybuilder.document.workspace import Workspace, read_workspace
from journeybuilder.errors import AuthorError, ProgramError
from journeybuilder.plan.bundle import SHARED, Bundle, and_more, build
from journeybuilder.plan.plan import make_plan
from journeybuilder.rehearse.coverage import Coverage, none_of
from journeybuilder.rehearse.real import World, wants
from journeybuilder.rehearse.suites.choosing import wrong_in
from journeybuilder.rehearse.suites.suite_crew import PATIENCE, Crew
from journeybuilder.rehearse.suites.suite_task import Outcome, Task, Wrong
from journeybuilder.rehearse.suites.vary import misplaced


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a scenario failed, and where to look.

    Attributes:
        words: What was not as expected.
        file: The scenario's file, from the workspace's root.
        line: Where the expectation stands in it, counted from 1; 0 where it stands nowhere.
        node: The node it concerns, as `node` or `journey/node`; empty where it is none.
        hint: What to do, where there is more to say.
    """

    words: str
    file: str
    line: int = 0
    node: str = ""
    hint: str = ""

    @property
    def place(self) -> str:
        """File and line, or the file alone."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class ScenarioResult:
    """How one scenario went.

    Attributes:
        name: As the workspace names it.
        journey: The journey that it is for, or an empty text where that is not known.
        wrong: Every failure with its place.
        path: The nodes that were visited, of its first run where it makes several.
        cost_usd: Of all its runs; None where a price is not known.
        ms: How long it took, in milliseconds of real time.
        runs: How many runs it made: several for `vary:` and `random:`, none where it could not begin.
        coverage: What its runs went through; empty where there was no run.
        skipped: Why it was not rehearsed, or an empty text.
        found: The shortest scenarios, as data of files, of what a campaign (`random:`) has found.
    """

    name: str
    journey: str
    file: str
    wrong: Sequence[Failure] = ()
    path: Sequence[str] = ()
    cost_usd: float | None = 0.0
    ms: float = 0.0
    runs: int = 0
    coverage: Coverage = field(default_factory=Coverage)
    skipped: str = ""
    found: Sequence[Mapping[str, Any]] = ()

    @property
    def failures(self) -> list[str]:
        """What was not as expected, in words."""
        return [one.words for one in self.wrong]

    @property
    def passed(self) -> bool:
        """Whether it was rehearsed and all was as expected."""
        return not self.wrong and not self.skipped

    def as_json(self) -> dict[str, Any]:
        """As `jb test --json` lists a scenario."""
        return {
            "name": self.name,
            "journey": self.journey,
            "passed": self.passed,
            "failures": self.failures,
            "path": list(self.path),
            "cost_usd": self.cost_usd,
            "ms": self.ms,
        }


@dataclass(frozen=True)
class SuiteResult:
    """How a suite went.

    Attributes:
        results: One for each scenario, in the order in which they were asked for.
        coverage: Of all runs together.
        ms: From beginning to end, in milliseconds of real time.
        uncounted: Journeys whose coverage is not known as they cannot be made ready, and why.
    """

    results: Sequence[ScenarioResult]
    coverage: Coverage
    ms: float = 0.0
    uncounted: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def passed(self) -> int:
        """How many scenarios passed."""
        return sum(1 for result in self.results if result.passed)

    @property
    def failed(self) -> int:
        """How many scenarios failed."""
        return sum(1 for result in self.results if result.wrong)

    @property
    def skipped(self) -> int:
        """How many scenarios were not rehearsed."""
        return sum(1 for result in self.results if result.skipped)

    def slowest(self, number: int) -> list[ScenarioResult]:
        """The scenarios that took longest, the slowest first."""
        return sorted(self.results, key=lambda result: -result.ms)[:number]

    def as_json(self) -> dict[str, Any]:
        """As `jb test --json` prints it."""
        return {
            "passed": self.passed,
            "failed": self.failed,
            "skipped": self.skipped,
            "scenarios": [result.as_json() for result in self.results],
            "coverage": self.coverage.as_json(),
        }


def _unheard(name: str, words: str) -> None:
    del name, words


@dataclass(frozen=True, slots=True)
class Manner:
    """How a suite is rehearsed.

    Attributes:
        whole: Whether journeys for which there is no scenario count as not covered.
        patience: Seconds without any sign of life after which a scenario is given up.
        on_sign: Told what a long scenario says of itself: its name, and words such as `120 of 200 runs`.
        world: Where real servers and models come from, for scenarios that want some under `sources:`;
            they are rehearsed one after another in a thread of this process. None: they fail.
    """

    whole: bool = False
    patience: float = PATIENCE
    on_sign: Callable[[str, str], None] = _unheard
    world: World | None = None


USUAL = Manner()


def run_suite(
    root: Path | Workspace,
    scenarios: Sequence[str],
    *,
    jobs: int,
    env: str = "",
    on_result: Callable[[ScenarioResult], None] | None = None,
    stop: Callable[[], bool] | None = None,
    apart: bool | None = None,
    manner: Manner = USUAL,
) -> SuiteResult:
    """Rehearse scenarios, several at the same time.

    A scenario that cannot be read, crashes its process or hangs fails; the others go on. Whatever
    interrupts the caller (Ctrl+C) ends all processes at once.

    Args:
        root: The workspace, or its folder.
        scenarios: The names of the scenarios; see `choosing` for other ways to say which.
        jobs: How many processes to use at the most.
        env: The environment to bind for.
        on_result: Told of every result as it comes, in the caller's thread.
        stop: Asked about five times a second; True ends all, and what has no result is skipped.
        apart: True for worker processes only, which a window needs; False for none; None for what is
            faster.
        manner: What is seldom asked for.

    Raises:
        AuthorError: When the folder is no workspace, a file that all journeys share has an error, there
            is no such environment, or no scenario of one of these names.
        OperatorError: When the workspace cannot be read.
    """
    workspace = root if isinstance(root, Workspace) else read_workspace(root)
    suite = _Suite(workspace, scenarios, env, on_result)
    begun = time.perf_counter()
    crew = Crew(
        suite.bundles,
        workspace.state_dir,
        jobs=jobs,
        apart=apart,
        patience=manner.patience,
        on_outcome=suite.take,
        on_sign=lambda number, words: manner.on_sign(suite.names[number], words),
        world=manner.world,
    )
    crew.work(suite.tasks(real=manner.world is not None), stop)
    if manner.whole:
        suite.count_the_rest()
    return suite.result(round((time.perf_counter() - begun) * 1000, 1))


class _Suite:
    """What becomes of the scenarios of one suite."""

    def __init__(
        self,
        workspace: Workspace,
        names: Sequence[str],
        env: str,
        on_result: Callable[[ScenarioResult], None] | None,
    ) -> None:
        _hold_shared(workspace)
        if env and env not in workspace.environments:
            known = workspace.environments
            hint = near(env, known) or f"Environments: {choices(known) or 'none'}."
            raise AuthorError(f"there is no environment '{env}'", where=workspace.name, hint=hint)
        self.names = list(dict.fromkeys(names))
        unknown = [name for name in self.names if name not in workspace.scenarios]
        if unknown:
            words, hint = (
                f"there is no scenario '{unknown[0]}'",
                near(unknown[0], workspace.scenarios),
            )
            raise AuthorError(words, where=workspace.name, hint=hint)
        self._workspace = workspace
        self._env = env
        self._on_result = on_result
        self._known: Known = known_of(workspace)
        self._results: dict[int, ScenarioResult] = {}
        self._digests: dict[str, str | ProgramError] = {}
        self._coverage = Coverage()
        self._uncounted: dict[str, str] = {}
        self.bundles: dict[str, Bundle] = {}

    def tasks(self, *, real: bool) -> list[Task]:
        """What there is to do; scenarios that cannot be rehearsed have failed already.

        Args:
            real: Whether there is a real world for those that want it.
        """
        out: list[Task] = []
        for number, name in enumerate(self.names):
            source = self._workspace.scenarios[name]
            wrong = [_failure_of(item) for item in wrong_in(self._workspace, source)]
            wrong = wrong or self._unknown_journey(source)
            made = "" if wrong else self._bundle(str(source.data.get("journey", "")))
            if isinstance(made, ProgramError):
                words = f"{made.where}: {made.what}" if made.where else made.what
                wrong = [
                    Failure(f"the journey cannot be run: {words}", source.file, hint=made.hint)
                ]
            if wrong or isinstance(made, ProgramError):
                self._settle(number, Outcome(number, [], runs=0), wrong)
            else:
                here = real and (wants(source.data, "tools") or wants(source.data, "models"))
                out.append(Task(number, source.data, made, here))
        return out

    def _unknown_journey(self, source: Source) -> list[Failure]:
        journey = source.data.get("journey")
        if journey in self._workspace.journeys:
            return []
        if not journey:
            hint = "Write the id of a journey after 'journey:'."
            return [Failure("it does not say which journey it is for", source.file, 1, hint=hint)]
        return self._findings(source)

    def _findings(self, source: Source, *, errors_only: bool = False) -> list[Failure]:
        """What the scenario names that is not there; where its journey is not, nothing but that."""
        found = [source.locate(problem) for problem in check_scenario(source.data, self._known)]
        told = [_failure_of(one) for one in found if one.severity == "error" or not errors_only]
        return told + [self._varied(source, *each) for each in misplaced(source.data, self._known)]

    def _varied(self, source: Source, attribute: str, words: str, hint: str) -> Failure:
        mark = source.place(("vary", attribute))
        words = f"vary: '{attribute}' changes nothing: {words}"
        return Failure(words, source.file, mark.line if mark else 0, hint=hint)

    def _bundle(self, journey: str) -> str | ProgramError:
        """The digest of a journey's bundle, or why there is none."""
        if journey not in self._digests:
            try:
                bundle = build(self._workspace, journey, self._known, self._env)
                self.bundles[bundle.digest] = bundle
                self._digests[journey] = bundle.digest
            except ProgramError as error:
                self._digests[journey] = error
        return self._digests[journey]

    def take(self, outcome: Outcome) -> None:
        """Take the outcome of a task."""
        source = self._workspace.scenarios[self.names[outcome.number]]
        wrong = [_failure(source, one) for one in outcome.wrong]
        if not outcome.found:
            wrong = [*self._findings(source, errors_only=not wrong), *wrong]
        self._settle(outcome.number, outcome, wrong)

    def _settle(self, number: int, outcome: Outcome, wrong: Sequence[Failure]) -> None:
        name = self.names[number]
        source = self._workspace.scenarios[name]
        result = ScenarioResult(
            name,
            str(source.data.get("journey", "")),
            source.file,
            wrong,
            outcome.path,
            outcome.cost_usd,
            outcome.ms,
            outcome.runs,
            outcome.coverage,
            found=outcome.found,
        )
        self._results[number] = result
        self._coverage = self._coverage.merged(outcome.coverage)
        if self._on_result is not None:
            self._on_result(result)

    def count_the_rest(self) -> None:
        """Count journeys that nobody has run as not covered."""
        for journey in self._workspace.journeys:
            if journey in self._coverage.journeys:
                continue
            made = self._bundle(journey)
            try:
                if isinstance(made, ProgramError):
                    raise made
                none = none_of(make_plan(self.bundles[made]))
                self._coverage = self._coverage.merged(none)
            except ProgramError as error:
                self._uncounted[journey] = str(error)

    def result(self, ms: float) -> SuiteResult:
        """All results so far; what has none was skipped."""
        results = [
            self._results.get(number) or self._skipped(name)
            for number, name in enumerate(self.names)
        ]
        return SuiteResult(results, self._coverage, ms, self._uncounted)

    def _skipped(self, name: str) -> ScenarioResult:
        source = self._workspace.scenarios[name]
        journey = str(source.data.get("journey", ""))
        return ScenarioResult(name, journey, source.file, skipped="it was stopped before")


def _hold_shared(workspace: Workspace) -> None:
    """See that the files that all journeys share can be used.

    Raises:
        AuthorError: When one of them has an error.
    """
    wrong = [
        item for item in workspace.findings if item.severity == "error" and item.file in SHARED
    ]
    if wrong:
        words = f"{wrong[0].code} {wrong[0].message}{and_more(wrong)}"
        hint = wrong[0].hint or "Run 'jb check' for all findings."
        raise AuthorError(words, where=wrong[0].place, hint=hint)


def _failure(source: Source, wrong: Wrong) -> Failure:
    mark = source.place(wrong.path) if wrong.path else None
    return Failure(wrong.words, source.file, mark.line if mark else 0, wrong.node)


def _failure_of(item: Finding) -> Failure:
    return Failure(f"{item.code} {item.message}", item.file, item.line, item.node, item.hint)
