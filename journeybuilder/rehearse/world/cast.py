"""Puts the services of a rehearsal together: the one place where it is said who plays what."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from journeybuilder.connect.store_memory import MemoryFacts
from journeybuilder.contract.services import Channel, Memory, Models, People, Services, Tools
from journeybuilder.errors import AuthorError
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.recorded.recording import Recording
from journeybuilder.rehearse.recorded.replay import Replay
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.rehearse.world.customers import RandomCustomer
from journeybuilder.rehearse.world.models import RehearsedModels
from journeybuilder.rehearse.world.persona import PersonaCustomer, persona_of
from journeybuilder.rehearse.world.services import ScriptedCustomer, ScriptedPeople
from journeybuilder.rehearse.world.sources import SOURCES, Cast, Source, cast_of
from journeybuilder.rehearse.world.tools import RehearsedTools

__all__ = ["SOURCES", "Cast", "Source", "Stage", "cast_of", "stage"]


@dataclass(frozen=True)
class Stage:
    """All of the world that one rehearsed run gets.

    Attributes:
        services: What the engine is given.
        clock: Its clock, which stands still until something is waited for.
        memory: What is known of customers; `recall` fills it before the run begins.
        misses: What the recording was asked and does not have, in words; grows during the run.
    """

    services: Services
    clock: VirtualClock
    memory: Memory
    misses: list[str]


def stage(  # noqa: PLR0913 - one for each role
    plan: Plan,
    scenario: Scenario,
    cast: Cast | None = None,
    *,
    recording: Recording | None = None,
    tools: Tools | None = None,
    models: Models | None = None,
    customer: Channel | None = None,
    people: People | None = None,
    clock: VirtualClock | None = None,
) -> Stage:
    """The services of one rehearsed run; nothing of it may be used for a second one.

    Args:
        plan: The journey made ready.
        scenario: What the world does; an empty one leaves everything to the other sources.
        cast: Who plays what; takes precedence over what the scenario says under `sources:`.
        recording: Answers what the scenario does not, as far as it can.
        tools: Real tools; None where there are none.
        models: Real models; None where there are none.
        customer: Who answers; None is the scenario's script or simulated customer.
        people: Who decides; None is the scenario's script.
        clock: None is a new one.

    Raises:
        AuthorError: When the cast wants a recording or something real, and there is none.
    """
    who = (cast or Cast()).over(cast_of(scenario.sources, scenario.seed))
    _there("tools", who.tools, real=tools is not None, recording=recording is not None)
    _there("models", who.models, real=models is not None, recording=recording is not None)
    clock = clock or VirtualClock()
    replay = None if recording is None else Replay(recording)
    memory = MemoryFacts()
    services = Services(
        tools=RehearsedTools(scenario, plan.tools, tools, cast=who, clock=clock, replay=replay),
        models=RehearsedModels(
            scenario.models, plan.bundle.models, models, cast=who, clock=clock, replay=replay
        ),
        channel=customer or _customer(plan, replace(scenario, seed=who.seed), models, clock),
        people=people or ScriptedPeople(scenario.people, clock),
        clock=clock,
        memory=memory,
    )
    return Stage(services, clock, memory, [] if replay is None else replay.misses)


def _customer(
    plan: Plan, scenario: Scenario, models: Models | None, clock: VirtualClock
) -> Channel:
    """The customer of the scenario: its script, chance, or the person whom a model plays."""
    if scenario.random_customer:
        return RandomCustomer(plan, scenario.seed, clock)
    if not scenario.persona:
        return ScriptedCustomer(scenario.customer, clock)
    language = scenario.language or plan.journey.languages[0]
    return PersonaCustomer(persona_of(scenario.persona, language), models, clock)


def _there(what: str, wanted: Mapping[str, Source], *, real: bool, recording: bool) -> None:
    """See that the sources a cast names exist.

    Raises:
        AuthorError: When one does not.
    """
    for name, source in wanted.items():
        if source == "real" and not real:
            raise AuthorError(
                f"'{name}' is to be real, and this rehearsal has no real {what}",
                where="sources",
                hint="Rehearse against the real world (jb record, or the editor), or choose 'made'.",
            )
        if source == "recording" and not recording:
            raise AuthorError(
                f"'{name}' is to answer from a recording, and there is none",
                where="sources",
                hint="Name one after 'recording:', or make one with 'jb record'.",
            )
