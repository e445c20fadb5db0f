"""Random campaigns: many generated runs of a journey, and what goes wrong in them."""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from journeybuilder.errors import AuthorError
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.campaigns.campaign_block import Block, Task
from journeybuilder.rehearse.campaigns.campaign_work import TELL_EVERY, Stop, Workers
from journeybuilder.rehearse.campaigns.seeds import Seeds
from journeybuilder.rehearse.coverage import Coverage, none_of
from journeybuilder.rehearse.expect import unknown_in
from journeybuilder.rehearse.scenario import Scenario

PARTS = 4
"""Parts of a round. They do not know of each other, so that the number of processes changes nothing."""
_FIRST = 50
_LARGEST = 1000


@dataclass(frozen=True)
class Found:
    """One bug, with the shortest scenario that shows it.

    Attributes:
        code: What kind of bug it is, such as `not_caught` or `waits_forever`.
        words: What goes wrong, in words.
        node: Where, as `node` or `journey/node`; empty where it is the whole journey.
        scenario: The data of a `*.scenario.yaml` that fails for the same reason.
        times: In how many runs it was met.
        run: The number of the first run that met it, from 0.
    """

    code: str
    words: str
    node: str
    scenario: dict[str, Any]
    times: int = 1
    run: int = 0


@dataclass(frozen=True)
class Progress:
    """How far a campaign is.

    Attributes:
        runs: Runs made so far.
        of: Runs wished for.
        found: Different bugs so far.
        edges: Edges taken so far.
        shrinking: Whether the runs are over and the bugs' scenarios are being made shorter.
    """

    runs: int
    of: int
    found: int
    edges: int
    shrinking: bool = False


@dataclass(frozen=True)
class CampaignResult:
    """What a campaign has found.

    Attributes:
        runs: Runs that were made; fewer than wished for when it was stopped.
        seed: What makes the same campaign again.
        coverage: What all of its runs together went through.
        found: The bugs, in the order of the runs that met them first.
        stopped: Whether somebody stopped it.
        seconds: How long the runs took, without the shrinking.
    """

    runs: int
    seed: int
    coverage: Coverage
    found: Sequence[Found]
    stopped: bool = False
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """As `jb simulate --random --json` prints it."""
        found = [
            {"code": one.code, "words": one.words, "node": one.node, "times": one.times,
             "run": one.run, "scenario": one.scenario}
            for one in self.found
        ]  # fmt: skip
        return {"runs": self.runs, "seed": self.seed, "stopped": self.stopped, "found": found,
                "coverage": self.coverage.as_json()}  # fmt: skip


def run_campaign(
    plan: Plan,
    *,
    runs: int,
    seed: int,
    invariants: Sequence[Mapping[str, Any]] = (),
    base: Scenario | None = None,
    jobs: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Stop | None = None,
) -> CampaignResult:
    """Make many generated runs of a journey and tell what goes wrong in them.

    The same plan, number of runs and seed give the same result on every machine, however many
    processes are used.

    Args:
        plan: The journey made ready.
        runs: How many runs.
        seed: What everything random comes from.
        invariants: Expectations, as a scenario's `expect`, that must hold in every run.
        base: What is fixed: input, tools, models and people that it gives are not made up.
        jobs: Processes to use; with 1 everything happens in this one.
        on_progress: Told now and then how far it is, in the caller's thread.
        stop: Asked between runs; True ends the campaign with what was found so far.

    Raises:
        AuthorError: When an invariant is none, or what is fixed holds what no generated run can follow.
        OperatorError: When a process of the campaign dies.
    """
    for wrong in unknown_in(invariants):
        raise AuthorError(f"this cannot hold in every run: {wrong}", where=plan.journey.id)
    if base is not None and (strange := _not_followed(base)):
        raise AuthorError(
            f"generated runs make everything up and follow no '{strange}'",
            where=base.name,
            hint="Take it out of the scenario, or rehearse that scenario without random.",
        )
    campaign = _Campaign(plan, seed, invariants, base, on_progress, stop or _never)
    with _workers(plan, base, jobs, campaign.seeds) as workers:
        return campaign.done(runs, workers)


def _not_followed(base: Scenario) -> str:
    """The first key of a fixed scenario that a generated run cannot follow, or an empty text."""
    told = {"recording": base.recording, "sources": base.sources, "changes": base.changes}
    return next((key for key, value in told.items() if value), "")


def _never() -> bool:
    return False


class _Campaign:
    """A campaign in this process; the parts of its rounds may be done by others."""

    def __init__(
        self,
        plan: Plan,
        seed: int,
        invariants: Sequence[Mapping[str, Any]],
        base: Scenario | None,
        on_progress: Callable[[Progress], None] | None,
        stop: Stop,
    ) -> None:
        self.seeds = Seeds(plan, base)
        self._plan = plan
        self._seed = seed
        self._invariants = invariants
        self._on_progress = on_progress
        self._stop = stop
        self._whole = Block()
        self._wished = 0
        self._told = 0.0

    def done(self, runs: int, workers: "Workers") -> CampaignResult:
        """Round by round: what a round has reached is where the next one begins."""
        self._wished = runs
        begin = time.perf_counter()
        size = _FIRST
        while self._whole.runs < runs and not self._stop():
            self._round(min(size, -(-(runs - self._whole.runs) // PARTS)), workers)
            size = min(2 * size, _LARGEST)
        took = time.perf_counter() - begin
        stopped = self._whole.runs < runs
        found = self._shrunk(workers)
        coverage = self._whole.coverage or none_of(self._plan)
        return CampaignResult(self._whole.runs, self._seed, coverage, found, stopped, took)

    def _round(self, size: int, workers: "Workers") -> None:
        whole = self._whole
        first = whole.runs
        left = self._wished - first
        tasks = [
            Task(
                self._seed, first + number * size, min(size, left - number * size),
                list(whole.corpus), frozenset(whole.reached), self._invariants,
            )
            for number in range(PARTS)
            if left > number * size
        ]  # fmt: skip
        before = Block(runs=whole.runs, found=dict(whole.found), reached=set(whole.reached))

        def tell(part: Block) -> None:
            self._tell(before.runs + part.runs, len(before.found.keys() | part.found.keys()),
                       len(before.reached | part.reached))  # fmt: skip

        for block in workers.blocks(tasks, self._stop, tell):
            whole.add(block)
        self._tell(whole.runs, len(whole.found), len(whole.reached), now=True)

    def _tell(
        self, runs: int, found: int, edges: int, *, shrinking: bool = False, now: bool = False
    ) -> None:
        if self._on_progress is None:
            return
        moment = time.monotonic()
        if now or moment - self._told >= TELL_EVERY:
            self._told = moment
            self._on_progress(Progress(runs, self._wished, found, edges, shrinking))

    def _shrunk(self, workers: "Workers") -> list[Found]:
        sightings = sorted(self._whole.found.values(), key=lambda one: (one.run, one.trouble.key))
        if sightings:
            counts = (self._whole.runs, len(sightings), len(self._whole.reached))
            self._tell(*counts, shrinking=True, now=True)
        shorter = workers.shrunk(sightings, self._invariants, self._stop)
        return [
            Found(one.trouble.code, words, one.trouble.node, data, one.times, one.run)
            for one, (data, words) in zip(sightings, shorter, strict=True)
        ]


@contextmanager
def _workers(plan: Plan, base: Scenario | None, jobs: int, seeds: Seeds) -> Generator[Workers]:
    if jobs <= 1:
        yield Workers(seeds)
        return
    from journeybuilder.rehearse.campaigns.campaign_pool import pool  # noqa: PLC0415 - only where there are several

    with pool(plan, base, jobs) as workers:
        yield workers
