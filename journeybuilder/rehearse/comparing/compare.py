"""The same scenarios with several models, or with two versions of a journey: who does better.

Tools, customer and people are those of the scenarios, so that only what is compared differs. Runs are
taken in turn, one of every candidate, so that what is there after an early end can be set side by side.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.contract.services import Models
from journeybuilder.errors import AuthorError, ProgramError
from journeybuilder.rehearse.comparing.comparison import Comparison
from journeybuilder.rehearse.comparing.judge import RUBRIC, Judge, Judged
from journeybuilder.rehearse.comparing.player import Purse, Turnstile
from journeybuilder.rehearse.comparing.reckoning import (
    cells_of,
    differences_of,
    paired,
    summary_of,
    ways_of,
)
from journeybuilder.rehearse.comparing.trial import Bench, Candidate, Trial, try_once
from journeybuilder.rehearse.recorded.recording import Recording
from journeybuilder.rehearse.scenario import Scenario

GIVES_UP = 3
"""After so many runs in a row that a provider failed, a candidate is not tried any more."""
STOPPED = "stopped before its end"
OUT_OF_MONEY = "the money was spent"
_LOOK = 0.1
"""Seconds after which it is asked again whether somebody stops it."""


class _Stopped(Exception):  # noqa: N818 - nothing is wrong
    """Somebody has stopped it."""


@dataclass(frozen=True)
class Progress:
    """How far a comparison is; `trial` is the one that has just ended."""

    done: int
    planned: int
    spent_usd: float
    trial: Trial | None = None
    judging: bool = False


@dataclass(frozen=True)
class Options:
    """How to compare.

    Attributes:
        runs: How often each scenario is run with each candidate.
        jobs: Runs of each candidate at a time.
        max_cost: USD for all of it; None is no bound.
        judge: The alias of a model that judges; empty for none.
        stop: Asked before every run and several times a second; True ends it with what is there.
        turnstile: Holds calls to what providers allow.
    """

    runs: int = 1
    jobs: int = 4
    max_cost: float | None = None
    judge: str = ""
    rubric: Sequence[str] = RUBRIC
    stop: Callable[[], bool] | None = None
    on_progress: Callable[[Progress], None] | None = None
    turnstile: Turnstile = field(default_factory=Turnstile)


class Compare:
    """One comparison; whoever breaks it off by cancelling `run` finds in `result` what was done.

    Args:
        candidates: Who is compared, at least one; the others are set beside the first.
        scenarios: Those of the journey.
        models: Who really answers, by alias; None where all is the stand-in.
        entries: What stands behind each alias.
        options: How to compare.
        recordings: By name, for scenarios that replay one.

    Raises:
        AuthorError: When there is nothing to run, or the judge is the stand-in.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        scenarios: Sequence[Scenario],
        models: Models | None,
        entries: Mapping[str, Mapping[str, Any]],
        options: Options | None = None,
        recordings: Mapping[str, Recording] | None = None,
    ) -> None:
        self._options = options or Options()
        self._candidates = candidates
        self._scenarios = [each for each in scenarios if each.expect or not each.random]
        if not candidates or not self._scenarios:
            raise AuthorError(
                "there is no scenario to compare with",
                hint="Write one into scenarios/ with the journey's id and what is expected.",
            )
        self._purse = Purse(self._options.max_cost)
        turnstile = self._options.turnstile
        self._bench = Bench(models, entries, turnstile, self._purse, recordings or {})
        self._judge = None
        if self._options.judge:
            self._judge = Judge(
                self._options.judge, models, entries, turnstile, self._purse, self._options.rubric
            )
        self._trials: list[Trial] = []
        self._in_a_row: dict[str, int] = {}
        self._judged: Judged | None = None
        self._stopped = ""

    @property
    def planned(self) -> int:
        """How many runs there are to make."""
        return len(self._scenarios) * len(self._candidates) * self._options.runs

    async def run(self) -> Comparison:
        """Make all runs, then let the judge judge.

        Raises:
            ProgramError: When the program cannot go on; what was done is in `result`.
        """
        # places of its own for each, so that one that hangs does not hold up the others
        jobs = max(1, self._options.jobs)
        places = {each.name: asyncio.Semaphore(jobs) for each in self._candidates}

        async def one(scenario: Scenario, candidate: Candidate, number: int) -> None:
            async with places[candidate.name]:
                if self._goes_on(candidate):
                    self._keep(await try_once(candidate, scenario, number, self._bench))

        await self._together(
            one(scenario, candidate, number)
            for number in range(1, self._options.runs + 1)
            for scenario in self._scenarios
            for candidate in self._candidates
        )
        if self._judge is not None and not self._stopped:
            await self._together([self._let_judge(self._judge)])
        return self.result()

    async def _together(self, works: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Do all of it; what is under way when somebody stops it is broken off.

        Raises:
            ProgramError: When the program cannot go on.
        """
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(work) for work in works]
                group.create_task(self._watch(tasks))
        except ExceptionGroup as errors:
            ours = [error for error in errors.exceptions if isinstance(error, ProgramError)]
            if ours:
                raise ours[0] from None
            if errors.split(_Stopped)[1] is not None:
                raise

    async def _watch(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        stop = self._options.stop
        while stop is not None and (await asyncio.wait(tasks, timeout=_LOOK))[1]:
            if stop():
                self._stopped = STOPPED
                raise _Stopped

    async def _let_judge(self, judge: Judge) -> None:
        base, *others = self._candidates
        pairs = [pair for other in others for pair in paired(base.name, other.name, self._trials)]
        self._tell(None, judging=True)
        self._judged = await judge.judge(pairs, self._options.stop)

    def _goes_on(self, candidate: Candidate) -> bool:
        if self._options.stop is not None and self._options.stop():
            self._stopped = STOPPED
        elif self._purse.empty:
            self._stopped = self._stopped or OUT_OF_MONEY
        return not self._stopped and self._in_a_row.get(candidate.name, 0) < GIVES_UP

    def _keep(self, trial: Trial) -> None:
        self._trials.append(trial)
        if trial.verdict == "provider":
            self._in_a_row[trial.candidate] = self._in_a_row.get(trial.candidate, 0) + 1
        elif trial.counts:
            self._in_a_row[trial.candidate] = 0
        else:
            self._stopped = OUT_OF_MONEY
        self._tell(trial)

    def _tell(self, trial: Trial | None, *, judging: bool = False) -> None:
        if self._options.on_progress is not None:
            done = Progress(len(self._trials), self.planned, self._purse.spent, trial, judging)
            self._options.on_progress(done)

    def result(self) -> Comparison:
        """What there is by now."""
        order = {each.name: at for at, each in enumerate(self._candidates)}
        names = [each.name for each in self._scenarios]
        trials = sorted(
            self._trials,
            key=lambda trial: (names.index(trial.scenario), trial.number, order[trial.candidate]),
        )
        own = [[t for t in trials if t.candidate == each.name] for each in self._candidates]
        customers = [trial.customer_usd for trial in trials]
        known = [cost for cost in customers if cost is not None]
        unfinished = len(trials) < self.planned and not self._stopped and not self._gave_up()
        return Comparison(
            journey=self._candidates[0].plan.journey.id,
            scenarios=names,
            runs=self._options.runs,
            planned=self.planned,
            summaries=[summary_of(*each) for each in zip(self._candidates, own, strict=True)],
            cells=cells_of(self._candidates, names, trials),
            differences=differences_of(self._candidates, trials),
            ways=ways_of(self._candidates, names, trials),
            judged=self._judged,
            stopped=self._stopped or (STOPPED if unfinished else ""),
            notes=self._notes(),
            spent_usd=self._purse.spent,
            customer_usd=sum(known) if len(known) == len(customers) else None,
            trials=trials,
        )

    def _mute(self, name: str) -> int:
        return sum(
            trial.candidate == name and trial.counts and not trial.calls for trial in self._trials
        )

    def _gave_up(self) -> list[str]:
        return [name for name, times in self._in_a_row.items() if times >= GIVES_UP]

    def _notes(self) -> list[str]:
        out = [
            f"'{name}' was given up: its provider failed {GIVES_UP} runs in a row"
            for name in self._gave_up()
        ]
        if any(each.scripted for each in self._candidates):
            out.append(
                "the offline stand-in says what the scenarios lay out: "
                "it shows what should be, and tells nothing of a model"
            )
        out += [
            f"{mute} of the runs of '{each.name}' that count asked no model: they tell nothing of it"
            for each in self._candidates
            if not each.scripted and (mute := self._mute(each.name))
        ]
        if self._purse.unknown:
            out.append("some calls have no known price; add 'price' to their model in models.yaml")
        bare = [each.name for each in self._scenarios if not each.expect]
        if bare:
            out.append(f"nothing is expected in {', '.join(map(repr, bare))}: it passes if it ends")
        return out
