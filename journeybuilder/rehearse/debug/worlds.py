"""The worlds of a debugger's runs: the first one, and those of its branches."""

from collections.abc import Sequence
from dataclasses import replace

from journeybuilder.contract.services import Channel, Memory, Models, People, Tools
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.debug.known import Known, KnownModels, KnownTools
from journeybuilder.rehearse.debug.one_run import World
from journeybuilder.rehearse.debug.playing import (
    Again,
    Player,
    Screen,
    Script,
    hear,
    scripted_customer,
)
from journeybuilder.rehearse.recorded.recording import Recording
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.world.cast import Cast, Stage, stage
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.run.state import Event


class Worlds:
    """Makes the world of each run anew, so that no run sees what another one did.

    Args:
        plan: What is run.
        scenario: What the world does.
        cast: Who plays what.
        recording: Answers what the scenario does not, or None.
        tools: Real tools, or None.
        models: Real models, or None.
        script: Whether the scenario plays customer and people too.
    """

    def __init__(
        self,
        plan: Plan,
        scenario: Scenario,
        cast: Cast | None,
        recording: Recording | None,
        tools: Tools | None,
        models: Models | None,
        *,
        script: bool,
    ) -> None:
        self._plan = plan
        self._scenario = scenario
        self._cast = cast
        self._recording = recording
        self._tools = tools
        self._models = models
        self._script = script

    def first(self) -> tuple[World, Memory]:
        """The world of a run from the start, and what it remembers of customers.

        Raises:
            AuthorError: When the cast wants a recording or something real, and there is none.
        """
        clock = VirtualClock()
        if self._script:
            there = self._stage(clock, None, None)
            player: Player | None = Script(self._scenario, clock, ())
        else:
            screen = Screen(None)
            there, player = self._stage(clock, screen, screen), None
        return World(there.services, clock, player, None, there.misses), there.memory

    async def later(
        self, events: Sequence[Event], at: int, known: Known, *, answers: bool
    ) -> World:
        """The world of a run that begins with the first events of another.

        Args:
            events: All events of the other run.
            at: How many of them lie behind.
            known: What was answered then.
            answers: Whether people answer once more as they did then.
        """
        behind, clock = events[:at], VirtualClock()
        again = Again(events, at, clock) if answers else None
        player: Player | None = again
        if self._script and again is None:
            simulated = self._scenario.random_customer or bool(self._scenario.persona)
            customer: Channel | None = None
            if not simulated:
                customer = await scripted_customer(self._scenario, clock, behind)
            people: People | None = None
            player = Script(self._scenario, clock, behind)
        else:
            customer = people = Screen(again)
        clock.pass_to(float(behind[-1]["at"]))
        there = self._stage(clock, customer, people)
        if customer is None:
            await hear(there.services.channel, behind)
        services = replace(
            there.services,
            tools=KnownTools(self._plan, known, there.services.tools),
            models=KnownModels(self._plan, known, there.services.models),
        )
        return World(services, clock, player, known, there.misses)

    def _stage(self, clock: VirtualClock, customer: Channel | None, people: People | None) -> Stage:
        return stage(
            self._plan,
            self._scenario,
            self._cast or Cast(),
            recording=self._recording,
            tools=self._tools,
            models=self._models,
            customer=customer,
            people=people,
            clock=clock,
        )
