"""Rehearses one scenario from its start to its end, in no time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.connect.scripted import script_problems
from journeybuilder.connect.store_memory import MemoryJournal
from journeybuilder.contract.durations import seconds
from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.contract.services import Channel, Models, Tools
from journeybuilder.document.findings import choices, near
from journeybuilder.errors import AuthorError
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.changing import with_changes
from journeybuilder.rehearse.debug.debugger import Debugger
from journeybuilder.rehearse.debug.playing import Script
from journeybuilder.rehearse.expect import failures
from journeybuilder.rehearse.recorded.recording import Recording
from journeybuilder.rehearse.scenario import Scenario, lines_of
from journeybuilder.rehearse.soundness import unsound
from journeybuilder.rehearse.world.cast import Cast, stage
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.rehearse.world.persona import PersonaCustomer
from journeybuilder.rehearse.world.services import recall
from journeybuilder.run.engine import Engine
from journeybuilder.run.recorder import Observer
from journeybuilder.run.state import Event, RunState

RUN = "rehearsal"
"""The id of every rehearsed run."""


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


async def simulate(  # noqa: PLR0913 - one for each role
    plan: Plan,
    scenario: Scenario,
    *,
    cast: Cast | None = None,
    tools: Tools | None = None,
    models: Models | None = None,
    customer: Channel | None = None,
    observe: Observer | None = None,
    recording: Recording | None = None,
    clock: VirtualClock | None = None,
) -> Rehearsed:
    """Rehearse a scenario on the real engine with virtual time.

    Args:
        plan: The journey made ready.
        scenario: What the world does, and what is expected.
        cast: Who plays what, before what the scenario says of it.
        tools: Real tools for what the scenario does not script; None makes answers from schemas.
        models: Real models for what the scenario does not script; None is the offline stand-in.
        customer: Who answers instead of the scenario's customer.
        observe: Called with every event as it happens.
        recording: Answers what the scenario does not script and the recording has.
        clock: None is a new one.
    """
    if refused := _refused(plan, scenario):
        wrong = [*refused, *_strange_names(plan, scenario)]
        return Rehearsed(scenario.name, plan.journey.id, RunState(run=RUN), [], wrong)
    if scenario.changes and customer is None:
        debugger = Debugger(
            plan,
            scenario=scenario,
            cast=cast,
            recording=recording,
            tools=tools,
            models=models,
            script=True,
            on_event=observe or _nobody,
        )
        return await _changed(plan, scenario, debugger)
    events: list[Event] = []

    def see(event: Event) -> None:
        events.append(event)
        if observe is not None:
            observe(event)

    try:
        world = stage(
            plan,
            scenario,
            cast,
            recording=recording,
            tools=tools,
            models=models,
            customer=customer,
            clock=clock,
        )
    except AuthorError as error:
        return Rehearsed(scenario.name, plan.journey.id, RunState(run=RUN), [], [str(error)])
    language = scenario.language or plan.journey.languages[0]
    given = {"channel": scenario.channel, "language": language, "tenant": ""}
    session = await recall(world.memory, scenario, given, scenario.input)
    engine = Engine(plan, MemoryJournal(), world.services, see)
    state = await driven(engine, scenario, session, world.clock)
    channel = world.services.channel
    trouble = channel.trouble if isinstance(channel, PersonaCustomer) else ""
    missed = [f"customer: {trouble}"] if trouble else []
    return _judged(plan, scenario, state, events, world.misses, missed)


async def _changed(plan: Plan, scenario: Scenario, debugger: Debugger) -> Rehearsed:
    """Rehearse what is changed by hand on the way."""
    try:
        missed = await with_changes(debugger, scenario)
    except AuthorError as error:
        return Rehearsed(scenario.name, plan.journey.id, RunState(run=RUN), [], [str(error)])
    timeline = debugger.timelines[-1]
    return _judged(plan, scenario, timeline.now, list(timeline.events), debugger.misses, missed)


def _nobody(event: Event) -> None:
    del event


def _judged(
    plan: Plan,
    scenario: Scenario,
    state: RunState,
    events: Sequence[Event],
    misses: Sequence[str],
    missed: Sequence[str] = (),
) -> Rehearsed:
    """What is to be said of a run.

    Args:
        plan: What was run.
        scenario: What was expected.
        state: The state in the end.
        events: All of its events.
        misses: What the recording does not have.
        missed: Further complaints.
    """
    wrong = [*_strange_names(plan, scenario), *failures(scenario.expect, state, events)]
    wrong += unsound(plan, scenario.expect, state, events)
    wrong += [f"recording: {words}" for words in misses]
    if state.status == "parked" and state.waiting_for is not None:
        wrong.insert(0, _still_waits(state.waiting_for))
    if state.status == "failed" and not scenario.expect:
        wrong.append(f"it failed: {(state.error or {}).get('message', '')}")
    wrong += missed
    return Rehearsed(scenario.name, plan.journey.id, state, events, wrong)


async def driven(
    engine: Engine, scenario: Scenario, session: Mapping[str, Any], clock: VirtualClock
) -> RunState:
    """Start, and let time pass and events come until it is over or waits for somebody without end.

    Raises:
        OperatorError: When the journey does not take the scenario's input.
    """
    state = await engine.start(scenario.input, session, RUN)
    script = Script(scenario, clock)
    while state.status == "parked":
        moved = await script.move(engine, state)
        if moved is None:
            break
        state = moved
    return state


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
    out += [f"customer: {words}" for words in _bad_times(scenario.customer)]
    for part, entries in (("people", scenario.people), ("events", scenario.events)):
        for name, entry in entries.items():
            out += [f"{part}: '{name}': {words}" for words in _bad_times(lines_of(entry))]
    return out


def _bad_times(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """What stands behind `after:` and is no duration."""
    out: list[str] = []
    for line in lines:
        try:
            seconds(str(line.get("after", "0s")))
        except ValueError as error:
            out.append(str(error))
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
