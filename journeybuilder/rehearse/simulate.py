"""Rehearses one scenario from its start to its end, in no time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.connect.scripted import Scripted, script_problems
from journeybuilder.connect.store_memory import MemoryFacts, MemoryJournal
from journeybuilder.contract.durations import seconds
from journeybuilder.contract.json import as_object
from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.contract.services import Models, Services, Tools
from journeybuilder.document.findings import choices, near
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.clock import VirtualClock
from journeybuilder.rehearse.expect import failures
from journeybuilder.rehearse.recording import Recording
from journeybuilder.rehearse.replay import Replay, ReplayedModels, ReplayedTools
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.services import (
    RehearsedTools,
    ScriptedCustomer,
    ScriptedPeople,
    recall,
)
from journeybuilder.run.engine import Engine
from journeybuilder.run.recorder import Observer
from journeybuilder.run.state import Event, RunState

_RUN = "rehearsal"


@dataclass(frozen=True)
class Rehearsed:
    """How a rehearsal went.

    Attributes:
        failures: Every expectation that did not hold, in words.
    """

    scenario: str
    journey: str
    state: RunState
    events: Sequence[Event]
    failures: Sequence[str]

    @property
    def passed(self) -> bool:
        """Whether all that was expected holds."""
        return not self.failures

    def as_json(self) -> dict[str, Any]:
        """As `jb test --json` lists a scenario."""
        return {
            "name": self.scenario,
            "journey": self.journey,
            "passed": self.passed,
            "failures": list(self.failures),
            "path": list(self.state.path),
            "cost_usd": self.state.cost_usd if self.state.cost_known else None,
        }


async def simulate(
    plan: Plan,
    scenario: Scenario,
    *,
    tools: Tools | None = None,
    observe: Observer | None = None,
    recording: Recording | None = None,
) -> Rehearsed:
    """Rehearse a scenario on the real engine with virtual time.

    Args:
        plan: The journey made ready.
        scenario: What the world does, and what is expected.
        observe: Called with every event as it happens.
        tools: Real tools for what the scenario does not script; None makes answers from schemas.
        recording: Answers what the scenario does not script and the recording has.
    """
    if refused := _refused(plan, scenario):
        wrong = [*refused, *_strange_names(plan, scenario)]
        return Rehearsed(scenario.name, plan.journey.id, RunState(run=_RUN), [], wrong)
    clock = VirtualClock()
    events: list[Event] = []

    def see(event: Event) -> None:
        events.append(event)
        if observe is not None:
            observe(event)

    models: Models = Scripted(scenario.models)
    replay = None if recording is None else Replay(recording)
    if replay is not None:
        made_up = RehearsedTools(Scenario("", plan.journey.id), plan.tools, tools)
        tools = ReplayedTools(replay, made_up)
        models = ReplayedModels(replay, models, scenario.models)
    language = scenario.language or plan.journey.languages[0]
    session = {"channel": scenario.channel, "language": language, "tenant": ""}
    memory = MemoryFacts()
    session = await recall(memory, scenario, session, scenario.input)
    services = Services(
        tools=RehearsedTools(scenario, plan.tools, tools),
        models=models,
        channel=ScriptedCustomer(scenario.customer, clock),
        people=ScriptedPeople(scenario.people, clock),
        clock=clock,
        memory=memory,
    )
    engine = Engine(plan, MemoryJournal(), services, see)
    state = await _driven(engine, scenario, session, clock)
    wrong = [*_strange_names(plan, scenario), *failures(scenario.expect, state, events)]
    wrong += [f"recording: {words}" for words in (replay.misses if replay is not None else ())]
    if state.status == "parked" and state.waiting_for is not None:
        wrong.insert(0, _still_waits(state.waiting_for))
    if state.status == "failed" and not scenario.expect:
        wrong.append(f"it failed: {(state.error or {}).get('message', '')}")
    return Rehearsed(scenario.name, plan.journey.id, state, events, wrong)


async def _driven(
    engine: Engine, scenario: Scenario, session: Mapping[str, Any], clock: VirtualClock
) -> RunState:
    """Start, and let time pass and events come until it is over or waits for somebody without end."""
    state = await engine.start(scenario.input, session, _RUN)
    coming = dict(scenario.events)
    moments: dict[str, float] = {}
    while state.status == "parked":
        for wait in state.waits:
            name = str(wait.get("name", ""))
            if wait["kind"] == "event" and name in coming and name not in moments:
                moments[name] = clock.now() + _after(coming[name])
        ends = [float(wait["until"]) for wait in state.waits if wait.get("until") is not None]
        event = min(moments, key=lambda name: moments[name], default=None)
        if event is not None and moments[event] <= min(ends, default=moments[event]):
            clock.pass_to(moments.pop(event))
            data = as_object(coming.pop(event)).get("data")
            state = await engine.signal(_RUN, event, data, "scenario")
        elif ends:
            clock.pass_to(min(ends))
            state = await engine.resume(_RUN)
        else:
            break
    return state


def _after(entry: Any) -> float:
    return seconds(str(as_object(entry).get("after", "0s")))


def _still_waits(waiting: Mapping[str, Any]) -> str:
    kind = waiting["kind"]
    what = {"customer": "the customer", "event": f"the event '{waiting.get('name', '')}'"}
    return f"it still waits for {what.get(kind, f'a {kind}')} at '{waiting['node']}'"


def _refused(plan: Plan, scenario: Scenario) -> list[str]:
    """Why a real run would not start with this input, and what cannot be rehearsed."""
    schema = plan.journey.input
    try:
        wrong = violations({"type": "object", **schema}, scenario.input) if schema else []
    except BadSchema as error:
        wrong = [f"'input' of the journey is no JSON Schema: {error}"]
    out = [f"input: {words}" for words in wrong]
    out += [f"models: {words}" for words in script_problems(scenario.models)]
    for name, entry in scenario.events.items():
        try:
            _after(entry)
        except ValueError as error:
            out.append(f"events: '{name}': {error}")
    return out


def _strange_names(plan: Plan, scenario: Scenario) -> list[str]:
    """Names in the scenario that mean nothing in the journey."""
    out: list[str] = []
    for name in scenario.tools:
        if name not in plan.tools:
            hint = near(name, plan.tools) or f"It uses {choices(plan.tools) or 'no tools'}."
            out.append(f"tools: the journey does not use '{name}'. {hint}")
    nodes = {
        node: each for journey in plan.journeys.values() for node, each in journey.nodes.items()
    }
    for name in scenario.people:
        if name not in nodes:
            hint = near(name, nodes)
            out.append(f"people: the journey has no node '{name}'. {hint}".rstrip())
    awaited = [
        str(node.settings["event"])
        for journey in plan.bundle.journeys.values()
        for node in journey.nodes.values()
        if node.kind == "wait" and node.settings.get("event")
    ]
    out += [
        f"events: no node waits for '{name}'. {near(name, awaited)}".rstrip()
        for name in scenario.events
        if name not in awaited
    ]
    return out
