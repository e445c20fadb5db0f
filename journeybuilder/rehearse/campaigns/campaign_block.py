"""A part of a random campaign: a number of generated runs in one process, with feedback of coverage."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from journeybuilder.contract.json import canonical
from journeybuilder.rehearse.campaigns.explore import Played, World
from journeybuilder.rehearse.campaigns.seeds import Genes, Seeds, scenario_data
from journeybuilder.rehearse.coverage import Coverage
from journeybuilder.rehearse.soundness import CODES, Trouble, troubles
from journeybuilder.rehearse.world.generate import Chance, seed_for
from journeybuilder.run.state import Event

Key: TypeAlias = tuple[str, str, str]
MUTATED = 0.5
"""How often a run begins with answers of an earlier one that has reached something new."""
_CHANGED = 0.25
_MOST_PATHS = 4000
_CAN_OFFEND = frozenset({"caught", "returned"})


@dataclass
class Sighting:
    """A trouble, with the answers of the world that have led to it first.

    Attributes:
        data: The values of a scenario's file.
        size: How many answers that took: the fewer, the less there is to shrink.
    """

    trouble: Trouble
    data: dict[str, Any]
    size: int
    run: int
    times: int = 1


@dataclass
class Block:
    """What some runs have come to; parts of a campaign are put together in their order.

    Attributes:
        corpus: Answers that have reached something new.
        reached: What has been reached, as `Way` of this module.
    """

    runs: int = 0
    coverage: Coverage | None = None
    found: dict[Key, Sighting] = field(default_factory=dict[Key, Sighting])
    corpus: list[Genes] = field(default_factory=list[Genes])
    reached: set[Any] = field(default_factory=set[Any])

    def add(self, other: "Block") -> None:
        """Put the part that comes next behind this one."""
        self.runs += other.runs
        if other.coverage is not None:
            own = self.coverage
            self.coverage = other.coverage if own is None else own.merged(other.coverage)
        for key, one in other.found.items():
            self.meet(key, one)
        self.corpus += other.corpus
        self.reached |= other.reached

    def meet(self, key: Key, one: Sighting) -> None:
        """A trouble was met, for the first time or again."""
        known = self.found.get(key)
        if known is None:
            self.found[key] = one
            return
        known.times += one.times
        if one.size < known.size:
            known.data, known.size, known.trouble = one.data, one.size, one.trouble


@dataclass(frozen=True)
class Task:
    """What a part of a campaign is to do.

    Attributes:
        first: The number of its first run in the campaign.
        corpus: Answers to begin with.
        reached: What is nothing new any more.
    """

    seed: int
    first: int
    runs: int
    corpus: Sequence[Genes] = ()
    reached: frozenset[Any] = frozenset()
    invariants: Sequence[Mapping[str, Any]] = ()


async def run_block(
    seeds: Seeds,
    task: Task,
    stop: Callable[[], bool],
    on_run: Callable[[Block], None] | None = None,
) -> Block:
    """Make the runs of a part.

    Args:
        seeds: The journey made ready for generated runs.
        task: What is to be done.
        stop: Asked before each run; True ends it with what there is.
        on_run: Told of what there is after each run.
    """
    return await _Work(seeds, task).done(stop, on_run)


class _Work:
    def __init__(self, seeds: Seeds, task: Task) -> None:
        self._seeds = seeds
        self._task = task
        self._world = World(seeds)
        self._chance = Chance(0)
        self._block = Block()
        self._corpus: list[Genes] = list(task.corpus)
        self._reached = set(task.reached)
        self._paths: dict[tuple[Any, ...], list[Any]] = {}

    async def done(self, stop: Callable[[], bool], on_run: Callable[[Block], None] | None) -> Block:
        watching = asyncio.create_task(_watch(asyncio.current_task(), stop))
        try:
            await self._runs(stop, on_run)
        except asyncio.CancelledError:  # in the middle of a long run
            if not stop():
                raise
        finally:
            watching.cancel()
        self._count()
        return self._block

    async def _runs(self, stop: Callable[[], bool], on_run: Callable[[Block], None] | None) -> None:
        task, block = self._task, self._block
        for number in range(task.first, task.first + task.runs):
            if stop():
                return
            seed = seed_for(task.seed, number)
            self._chance.anew(seed_for(seed, 1))
            played = await self._world.play(seed, self._beginning())
            block.runs += 1
            self._look(played, number)
            if on_run is not None:
                on_run(block)

    def _beginning(self) -> Genes:
        """Nothing, or most of what an earlier run was answered."""
        chance = self._chance
        if not self._corpus or not chance.once_in(MUTATED):
            return {}
        genes = chance.pick(self._corpus)
        anew = chance.pick(list(genes))
        return {
            site: one
            for site, one in genes.items()
            if site != anew and not chance.once_in(_CHANGED)
        }

    def _look(self, played: Played, number: int) -> None:
        """See what a run has reached and whether it is sound."""
        path, suspicious = trail(played.events)
        known = self._paths.get(path)
        if known is not None:
            known[1] += 1
        else:
            self._new_path(path, played)
        if suspicious or played.state.status != "ended" or self._task.invariants:
            self._judge(played, number)

    def _new_path(self, path: tuple[Any, ...], played: Played) -> None:
        if len(self._paths) >= _MOST_PATHS:
            self._count()
        coverage = Coverage.of(self._seeds.plan, played.events)
        self._paths[path] = [coverage, 1]
        ways = {edge for edge, times in coverage.passed.items() if times}
        if not ways <= self._reached:
            self._reached |= ways
            self._block.reached |= ways
            self._corpus.append(played.genes)
            self._block.corpus.append(played.genes)

    def _judge(self, played: Played, number: int) -> None:
        task, plan = self._task, self._seeds.plan
        for trouble in troubles(plan, played.state, played.events, task.invariants):
            known = self._block.found.get(trouble.key)
            if known is not None and len(played.genes) >= known.size:
                known.times += 1
                continue
            data = found_scenario(self._seeds, played.genes, trouble, task.invariants)
            self._block.meet(trouble.key, Sighting(trouble, data, len(played.genes), number))

    def _count(self) -> None:
        """Add up what the paths have gone through, each so often as it was gone."""
        if not self._paths:
            return
        whole = [times(coverage, number) for coverage, number in self._paths.values()]
        total = whole[0]
        visits, passed = dict(total.visits), dict(total.passed)
        for one in whole[1:]:
            for place, count in one.visits.items():
                visits[place] += count
            for edge, count in one.passed.items():
                passed[edge] += count
        counted = Coverage(total.journey, visits, passed, total.ways)
        before = self._block.coverage
        self._block.coverage = counted if before is None else before.merged(counted)
        self._paths.clear()


async def _watch(work: "asyncio.Task[Any] | None", stop: Callable[[], bool]) -> None:
    """Break off a run that goes on and on when somebody wants to stop."""
    while work is not None:
        await asyncio.sleep(_LOOK_EVERY)
        if stop():
            work.cancel()
            return


_LOOK_EVERY = 0.1


def times(coverage: Coverage, number: int) -> Coverage:
    """The coverage of so many runs that all went the same way."""
    return Coverage(
        coverage.journey,
        {place: count * number for place, count in coverage.visits.items()},
        {edge: count * number for edge, count in coverage.passed.items()},
        coverage.ways,
    )


def trail(events: Sequence[Event]) -> tuple[tuple[Any, ...], bool]:
    """Which way a run has gone, and whether something happened that needs a closer look."""
    out: list[Any] = []
    suspicious = False
    for event in events:
        name = event["event"]
        if name == "left":
            out.append((event["node"], event["port"]))
        elif name == "entered":
            out.append((event["node"], event.get("journey")))
        elif name == "asked":
            suspicious = suspicious or event["effect"] == "say"
        elif name in _CAN_OFFEND:
            out.append((name, event.get("node"), event.get("by")))
            suspicious = True
        elif name == "forked":
            out.append((name, event["node"], *event["lanes"]))
    return tuple(out), suspicious


def found_scenario(
    seeds: Seeds, genes: Genes, trouble: Trouble, invariants: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The scenario of a run in trouble, with the expectation that it does not fulfil."""
    title = CODES[trouble.code]
    name = f"{seeds.plan.journey.id}: {title}" + (f" at {trouble.node}" if trouble.node else "")
    if trouble.code == "invariant":
        expect: Any = invariants[int(trouble.about)]
        name = f"{seeds.plan.journey.id}: {canonical(expect)}"
    else:
        expect = {"sound": True}
    return {**scenario_data(seeds, genes, name), "expect": [expect]}
