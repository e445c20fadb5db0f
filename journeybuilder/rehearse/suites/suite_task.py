"""One scenario of a suite, from its data to its outcome; in this process or in a worker's."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as File
from typing import Any

from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.document.findings import Path
from journeybuilder.errors import ProgramError
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.campaigns.campaign import CampaignResult, Progress, run_campaign
from journeybuilder.rehearse.coverage import Coverage
from journeybuilder.rehearse.expect import failures
from journeybuilder.rehearse.real import World, rehearse
from journeybuilder.rehearse.recorded.recording import Recording, load_recording
from journeybuilder.rehearse.scenario import Scenario, scenario_of
from journeybuilder.rehearse.simulate import Rehearsed
from journeybuilder.rehearse.suites.vary import own_values, variants
from journeybuilder.run.state import Event

DEFAULT_RUNS = 200
_SIGN_EVERY = 0.5
"""Seconds between two signs of life."""

Alive = Callable[[str], None]
"""Told that a scenario goes on; with words where there is something to say."""


@dataclass(frozen=True, slots=True)
class Task:
    """A scenario to rehearse.

    Attributes:
        number: Its place in the suite.
        data: What its file says.
        bundle: The digest of the bundle of its journey.
        here: Whether it must be rehearsed in this process, where the real world is.
    """

    number: int
    data: Mapping[str, Any]
    bundle: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that was not as expected.

    Attributes:
        words: What, in words.
        path: Where it stands in the scenario's file; empty where it stands nowhere.
        node: The node it concerns, as `node` or `journey/node`; empty where it is none.
    """

    words: str
    path: Path = ()
    node: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a scenario went.

    Attributes:
        number: That of its task.
        path: The nodes that were visited, of the first run where there were several.
        cost_usd: Of all its runs; None where a price is not known.
        ms: How long it took, in milliseconds.
        runs: How many runs it was.
        found: The shortest scenarios of what a campaign has found.
    """

    number: int
    wrong: Sequence[Wrong]
    path: Sequence[str] = ()
    cost_usd: float | None = 0.0
    ms: float = 0.0
    runs: int = 1
    coverage: Coverage = field(default_factory=Coverage)
    found: Sequence[Mapping[str, Any]] = ()


class Bench:
    """Rehearses one scenario after the other; makes each journey ready only once.

    Belongs to the thread that made it.

    Args:
        state_dir: Where recordings lie.
        world: Where real servers and models come from, for scenarios that want some.
    """

    def __init__(self, state_dir: File, world: World | None = None) -> None:
        self._state_dir = state_dir
        self._world = world
        self._bundles: dict[str, Bundle] = {}
        self._plans: dict[str, Plan] = {}
        self._recordings: dict[str, Recording] = {}
        self._runner = asyncio.Runner()

    def learn(self, bundle: Bundle) -> None:
        """Take over a bundle that tasks name by its digest."""
        self._bundles[bundle.digest] = bundle

    def close(self) -> None:
        """Stop what is real, and let go of the event loop."""
        if self._world is not None:
            self._runner.run(self._world.close())
        self._runner.close()

    def perform(self, task: Task, alive: Alive) -> Outcome:
        """Rehearse a scenario; whatever goes wrong is in the outcome."""
        begun = time.perf_counter()
        signs = _Signs(alive)
        try:
            outcome = self._performed(task, signs)
        except ProgramError as error:
            hint = f" {error.hint}" if error.hint else ""
            place = f"{error.where}: " if error.where else ""
            outcome = Outcome(task.number, [Wrong(f"{place}{error.what}{hint}")])
        except Exception as error:  # noqa: BLE001 - a bug fails its scenario, not the suite
            words = f"something is wrong inside the program: {type(error).__name__}: {error}"
            outcome = Outcome(task.number, [Wrong(words)])
        ms = (time.perf_counter() - begun) * 1000
        return replace(outcome, ms=round(ms, 1))

    def _performed(self, task: Task, signs: "_Signs") -> Outcome:
        plan, scenario = self._plan(task.bundle), scenario_of(task.data)
        if scenario.random:
            return _campaign(task, plan, scenario, signs)
        first = self._rehearsed(plan, scenario, signs)
        several = variants(task.data, first.events)
        wrong, coverage = _wrong(scenario, first), Coverage.of(plan, first.events)
        ended = {attribute: (own, _end(first)) for attribute, own in own_values(task.data).items()}
        cost, known = first.state.cost_usd, first.state.cost_known
        for variant in several:
            result = self._rehearsed(plan, scenario_of(variant.data), signs)
            coverage = coverage.merged(Coverage.of(plan, result.events))
            cost, known = cost + result.state.cost_usd, known and result.state.cost_known
            end = _end(result)
            value, wanted = ended.setdefault(variant.attribute, (variant.value, end))
            if end != wanted:
                wrong.append(_differs(variant.attribute, variant.value, end, value, wanted))
        return Outcome(
            task.number, wrong, list(first.state.path), cost if known else None,
            runs=1 + len(several), coverage=coverage,
        )  # fmt: skip

    def _rehearsed(self, plan: Plan, scenario: Scenario, signs: "_Signs") -> Rehearsed:
        recording = self._recording(scenario.recording)
        work = rehearse(plan, scenario, self._world, recording=recording, observe=signs.see)
        return self._runner.run(work)

    def _plan(self, digest: str) -> Plan:
        if digest not in self._plans:
            self._plans[digest] = make_plan(self._bundles[digest])
        return self._plans[digest]

    def _recording(self, name: str) -> Recording | None:
        if name and name not in self._recordings:
            self._recordings[name] = load_recording(self._state_dir, name)
        return self._recordings.get(name)


class _Signs:
    """Says now and then that something happens."""

    def __init__(self, alive: Alive) -> None:
        self._alive = alive
        self._next = {True: 0.0, False: 0.0}

    def see(self, event: Event) -> None:
        del event
        self.say("")

    def say(self, words: str) -> None:
        """Pass it on, but not too often; what has words is not held up by what has none."""
        now = time.monotonic()
        if now >= self._next[bool(words)]:
            self._next[bool(words)] = now + _SIGN_EVERY
            self._alive(words)

    def asked(self) -> bool:
        """For whoever asks now and then whether to stop: never, but it is alive."""
        self.say("")
        return False


# -- one run ---------------------------------------------------------------------------------


def _wrong(scenario: Scenario, result: Rehearsed) -> list[Wrong]:
    """What was not as expected, each with its place in the file and the node it concerns."""
    places: dict[str, Path] = {}
    for index, item in enumerate(scenario.expect):
        for words in failures([item], result.state, result.events):
            places.setdefault(words, ("expect", index))
    return [
        Wrong(
            words, places.get(words) or _part_of(words), _node_of(words, scenario, result, places)
        )
        for words in result.failures
    ]


def _part_of(words: str) -> Path:
    """The part of the file that a failure names at its front: `people: the journey has no …`."""
    part = words.partition(":")[0]
    return (part,) if part in {"input", "tools", "models", "people", "events", "recording"} else ()


def _node_of(words: str, scenario: Scenario, result: Rehearsed, places: Mapping[str, Path]) -> str:
    """The node to look at: the one that was missed, else the one where it failed or came to its end."""
    place = places.get(words)
    path = list(result.state.path)
    if place is not None:
        item = scenario.expect[int(place[1])]
        rest = iter(path)
        wanted = item.get("path")
        missed = [node for node in as_list(wanted) or [wanted] if node and node not in rest]
        if missed:
            return str(missed[0])
    if result.state.error is not None:
        return str(result.state.error.get("node", ""))
    return path[-1] if path else ""


def _end(result: Rehearsed) -> str:
    """How a run ended, in a word or two."""
    state = result.state
    if state.status == "ended":
        return f"'{state.outcome}'"
    reason = (state.error or {}).get("message", "") or "; ".join(result.failures[:1])
    return f"{state.status} ({reason})" if reason else state.status


def _differs(attribute: str, value: Any, end: str, other: Any, wanted: str) -> Wrong:
    words = (
        f"vary: with {attribute} {canonical(value)} it ended {end}, "
        f"and with {canonical(other)} {wanted}"
    )
    return Wrong(words, ("vary", attribute))


# -- a campaign ------------------------------------------------------------------------------


def _campaign(task: Task, plan: Plan, scenario: Scenario, signs: _Signs) -> Outcome:
    settings = as_object(scenario.random)
    if _number(settings, "runs", DEFAULT_RUNS) < 1:
        words = "random: no run is made, which shows nothing: write for example runs: 200"
        return Outcome(task.number, [Wrong(words, ("random",))], runs=0)
    runs, seed = _number(settings, "runs", DEFAULT_RUNS), _number(settings, "seed", scenario.seed)
    result = run_campaign(
        plan,
        runs=runs,
        seed=seed,
        invariants=scenario.expect,
        base=scenario,
        on_progress=lambda now: signs.say(_how_far(now)),
        stop=signs.asked,
    )
    return Outcome(
        task.number,
        [_found(result, index) for index in range(len(result.found))],
        runs=result.runs,
        coverage=result.coverage,
        found=[dict(found.scenario) for found in result.found],
    )


def _how_far(now: Progress) -> str:
    if now.shrinking:
        return f"{now.runs} runs, looking for the shortest scenarios"
    return f"{now.runs} of {now.of} runs"


def _found(result: CampaignResult, index: int) -> Wrong:
    found = result.found[index]
    how_often = f"in {found.times} of {result.runs} runs, seed {result.seed}"
    return Wrong(f"{found.words} ({how_often})", ("random",), found.node)


def _number(settings: Mapping[str, Any], name: str, usual: int) -> int:
    value = settings.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else usual
