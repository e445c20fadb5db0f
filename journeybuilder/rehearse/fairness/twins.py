"""Counterfactual twins: the same scenario with one attribute swapped, run side by side.

Twins share the seed and what tools answer, so that only the attribute differs.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.services import Models
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.comparing.player import Purse, Turnstile
from journeybuilder.rehearse.comparing.trial import Bench, Candidate, Trial, is_scripted, try_once
from journeybuilder.rehearse.recorded.recording import Recording
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.suites.vary import beside, swapped, with_answers

Data = Mapping[str, Any]
_WORDING = frozenset({"language", "channel"})
"""With these the journey itself says other words, which a scripted customer may not expect."""


@dataclass(frozen=True)
class Twins:
    """Two runs that differ in one attribute.

    Attributes:
        certain: Whether nothing was left to chance: no real model was asked.
        after: The last node that both visited; then where `one` and the `other` went.
        why: Why the pair does not count, or empty.
    """

    scenario: str
    number: int
    attribute: str
    one: str
    other: str
    one_outcome: str
    other_outcome: str
    same_path: bool
    certain: bool
    after: str = ""
    one_next: str = ""
    other_next: str = ""
    why: str = ""

    @property
    def same(self) -> bool:
        """Whether both ended the same."""
        return self.one_outcome == self.other_outcome

    def as_json(self) -> dict[str, Any]:
        """Its fields as JSON values."""
        return {**asdict(self), "same": self.same}


@dataclass(frozen=True)
class Asking:
    """How twins are run.

    Attributes:
        models: Who really answers, for a seed; None where all is the stand-in.
        entries: What stands behind each alias.
        pairs: How many pairs of each attribute and value are wanted; 0 is one of each scenario.
        good: Outcomes that count as good.
        stop: Asked before every pair; True ends it with what is there.
        on_progress: Told how many of how many pairs are done.
    """

    models: Callable[[int], Models] | None
    entries: Mapping[str, Mapping[str, Any]]
    pairs: int = 0
    good: Sequence[str] = ()
    seed: int = 1
    jobs: int = 4
    turnstile: Turnstile = field(default_factory=Turnstile)
    purse: Purse = field(default_factory=Purse)
    recordings: Mapping[str, Recording] = field(default_factory=dict[str, Recording])
    stop: Callable[[], bool] | None = None
    on_progress: Callable[[int, int], None] | None = None


@dataclass(frozen=True)
class _Pair:
    data: Data
    attribute: str
    one: Any
    other: Any
    number: int


async def twins_of(plan: Plan, scenarios: Sequence[Data], asking: Asking) -> list[Twins]:
    """Run all twins of scenarios that vary something; none where none does.

    Args:
        plan: The journey made ready.
        scenarios: What their files say.
        asking: How they are run.
    """
    work = _planned(plan, scenarios, asking)
    done: list[Twins] = []
    gate = asyncio.Semaphore(asking.jobs)

    async def one(pair: _Pair) -> Twins | None:
        async with gate:
            stopped = asking.stop is not None and asking.stop()
            if stopped or asking.purse.empty:
                return None
            twins = await _twins(plan, pair, asking)
            done.append(twins)
            if asking.on_progress is not None:
                asking.on_progress(len(done), len(work))
            return twins

    found = await asyncio.gather(*(one(pair) for pair in work))
    return [each for each in found if each is not None]


def _planned(plan: Plan, scenarios: Sequence[Data], asking: Asking) -> list[_Pair]:
    """Every pair; the first value is the one that the others are set beside."""
    varying = [data for data in scenarios if as_object(data.get("vary"))]
    out: list[_Pair] = []
    for attribute in attributes_of(varying):
        own = [data for data in varying if attribute in as_object(data["vary"])]
        times = max(1, -(-asking.pairs // len(own))) if repeats_tell(plan, own, asking) else 1
        for number in range(1, times + 1):
            for data in own:
                first, *others = beside(data)[attribute] or [None]
                out += [_Pair(data, attribute, first, other, number) for other in others]
    return out


def attributes_of(scenarios: Sequence[Data]) -> dict[str, list[str]]:
    """What scenarios vary, with all values, as words."""
    out: dict[str, list[str]] = {}
    for data in scenarios:
        for attribute, values in beside(data).items():
            known = out.setdefault(attribute, [])
            known += [str(value) for value in values if str(value) not in known]
    return out


def repeats_tell(plan: Plan, scenarios: Sequence[Data], asking: Asking) -> bool:
    """Whether running a pair again may end otherwise: a real model plays, or tools are made up."""
    real = any(not is_scripted(asking.entries.get(alias)) for alias in plan.bundle.models)
    if asking.models is not None and real:
        return True
    return any(set(plan.tools) - set(as_object(data.get("tools"))) for data in scenarios)


async def _twins(plan: Plan, pair: _Pair, asking: Asking) -> Twins:
    """Run one, then the other with the same seed and what the tools answered the first."""
    seed = asking.seed + pair.number - 1
    models = asking.models(seed) if asking.models is not None else None
    bench = Bench(models, asking.entries, asking.turnstile, asking.purse, asking.recordings)
    candidate = Candidate(plan.journey.id, plan)
    data = {**swapped(pair.data, pair.attribute, pair.one), **_seeded(pair, seed)}
    first = await try_once(candidate, scenario_of(data), pair.number, bench)
    other = swapped(with_answers(data, first.events), pair.attribute, pair.other)
    second = await try_once(candidate, scenario_of(other), pair.number, bench)
    after = _parting(first.path, second.path)
    return Twins(
        str(pair.data.get("scenario", "")), pair.number, pair.attribute,
        str(pair.one), str(pair.other), first.outcome, second.outcome,
        list(first.path) == list(second.path),
        not first.calls and not second.calls, *after, _why(first, second, pair),
    )  # fmt: skip


def _seeded(pair: _Pair, seed: int) -> dict[str, Any]:
    """The seed of what is made up; the first pair has the scenario's own."""
    return {"seed": seed} if pair.number > 1 else {}


def _why(first: Trial, second: Trial, pair: _Pair) -> str:
    """Why a pair says nothing; empty where it does."""
    for trial in (first, second):
        if not trial.counts:
            return trial.why
        if not trial.path:
            return next(iter(trial.failures), "it did not begin")
    unheard = _silences(first) != _silences(second)
    if pair.attribute in _WORDING and as_list(pair.data.get("customer")) and unheard:
        return (
            f"the customer's lines wait for words of another {pair.attribute}: take 'hears' out of "
            "them, or simulate the customer"
        )
    return ""


def _silences(trial: Trial) -> int:
    """How often the customer was waited for in vain."""
    return sum(
        event["event"] == "answered"
        and event["effect"] == "listen"
        and event["answer"]["text"] is None
        for event in trial.events
    )


def _parting(one: Sequence[str], two: Sequence[str]) -> tuple[str, str, str]:
    at = 0
    while at < min(len(one), len(two)) and one[at] == two[at]:
        at += 1
    if at == len(one) == len(two):
        return "", "", ""
    before = one[at - 1] if at else ""
    return before, one[at] if at < len(one) else "", two[at] if at < len(two) else ""
