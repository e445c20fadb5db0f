"""Rehearses one scenario from its start to its end, in no time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.connect.scripted import Scripted
from journeybuilder.connect.store_memory import MemoryJournal
from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.contract.services import Services, Tools
from journeybuilder.document.findings import choices, near
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.clock import VirtualClock
from journeybuilder.rehearse.expect import failures
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.services import RehearsedTools, ScriptedCustomer, ScriptedPeople
from journeybuilder.run.engine import Engine
from journeybuilder.run.recorder import Observer
from journeybuilder.run.state import Event, RunState


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
    plan: Plan, scenario: Scenario, *, tools: Tools | None = None, observe: Observer | None = None
) -> Rehearsed:
    """Rehearse a scenario on the real engine with virtual time.

    Args:
        plan: The journey made ready.
        scenario: What the world does, and what is expected.
        observe: Called with every event as it happens.
        tools: Real tools for what the scenario does not script; None makes answers from schemas.
    """
    clock = VirtualClock()
    events: list[Event] = []

    def see(event: Event) -> None:
        events.append(event)
        if observe is not None:
            observe(event)

    services = Services(
        tools=RehearsedTools(scenario.tools, plan.tools, tools),
        models=Scripted(scenario.models),
        channel=ScriptedCustomer(scenario.customer, clock),
        people=ScriptedPeople(scenario.people, clock),
        clock=clock,
    )
    engine = Engine(plan, MemoryJournal(), services, see)
    language = scenario.language or plan.journey.languages[0]
    session = {"channel": scenario.channel, "language": language, "tenant": ""}
    state = await engine.start(scenario.input, session, "rehearsal")
    wrong = [*_not_fitting(plan, scenario), *failures(scenario.expect, state, events)]
    if state.status == "parked" and state.waiting_for is not None:
        waiting = state.waiting_for
        kind = "the customer" if waiting["kind"] == "customer" else f"a {waiting['kind']}"
        wrong.insert(0, f"it still waits for {kind} at '{waiting['node']}'")
    if state.status == "failed" and not scenario.expect:
        wrong.append(f"it failed: {(state.error or {}).get('message', '')}")
    return Rehearsed(scenario.name, plan.journey.id, state, events, wrong)


def _not_fitting(plan: Plan, scenario: Scenario) -> list[str]:
    """What a real run would refuse before it starts, and names that mean nothing here."""
    schema = plan.journey.input
    try:
        wrong = violations({"type": "object", **schema}, scenario.input) if schema else []
    except BadSchema as error:
        wrong = [f"'input' of the journey is no JSON Schema: {error}"]
    out = [f"input: {words}" for words in wrong]
    for name in scenario.tools:
        if name not in plan.tools:
            hint = near(name, plan.tools) or f"It uses {choices(plan.tools) or 'no tools'}."
            out.append(f"tools: the journey does not use '{name}'. {hint}")
    for name in scenario.people:
        if name not in plan.nodes:
            hint = near(name, plan.nodes)
            out.append(f"people: the journey has no node '{name}'. {hint}".rstrip())
    return out
