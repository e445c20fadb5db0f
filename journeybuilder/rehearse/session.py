"""An interactive rehearsal: a person at the screen plays customer and colleague."""

from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from journeybuilder.connect.scripted import Scripted
from journeybuilder.connect.store_memory import MemoryFacts, MemoryJournal
from journeybuilder.contract.json import as_object
from journeybuilder.contract.services import (
    Channel,
    Listening,
    Message,
    Models,
    People,
    PersonAnswer,
    PersonTask,
    Services,
    Tools,
)
from journeybuilder.errors import OperatorError
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.clock import VirtualClock
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.services import RehearsedTools, recall
from journeybuilder.run.engine import Engine
from journeybuilder.run.recorder import Observer
from journeybuilder.run.state import RunState

_RUN = "rehearsal"


class _Screen(Channel, People):
    """Nobody answers at once: the run parks, and the screen shows what it waits for."""

    @override
    async def say(self, message: Message) -> None:
        del message  # the event shows it

    @override
    async def listen(self, listening: Listening) -> str | None:
        del listening
        return None

    @override
    async def ask(self, task: PersonTask) -> PersonAnswer | None:
        del task
        return None


class Rehearsal:
    """One run that goes on as the person at the screen answers.

    Every method drives the run until it waits again or is over; events go to `on_event` meanwhile.

    Args:
        tools: Real tools for what the scenario does not script; None makes answers from schemas.
        models: Real models; None is the offline stand-in, named `scripted` in every event.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        on_event: Observer,
        tools: Tools | None = None,
        models: Models | None = None,
        scenario: Scenario | None = None,
    ) -> None:
        self._clock = VirtualClock()
        scripts = scenario or Scenario("", plan.journey.id)
        screen = _Screen()
        services = Services(
            tools=RehearsedTools(scripts, plan.tools, tools),
            models=models or Scripted(scripts.models),
            channel=screen,
            people=screen,
            clock=self._clock,
            memory=MemoryFacts(),
        )
        self._services, self._scripts = services, scripts
        self._plan = plan
        self._engine = Engine(plan, MemoryJournal(), services, on_event)
        self.state: RunState | None = None

    @property
    def waiting_for(self) -> Mapping[str, Any] | None:
        """What the run waits for (`kind` is `customer`, `review`, `handoff` …), or None."""
        return self.state.waiting_for if self.state is not None else None

    async def start(
        self, given: Mapping[str, Any], *, channel: str = "chat", language: str = ""
    ) -> RunState:
        """Begin."""
        session = {
            "channel": channel,
            "language": language or self._plan.journey.languages[0],
            "tenant": "",
        }
        if self._services.memory is not None:
            session = await recall(self._services.memory, self._scripts, session, given)
        self.state = await self._engine.start(given, session, _RUN)
        return self.state

    async def reply(self, text: str) -> RunState:
        """Say something as the customer.

        Raises:
            OperatorError: When the run does not wait for the customer.
        """
        self.state = await self._engine.answer(_RUN, {"text": text}, "customer")
        return self.state

    async def decide(self, decision: str, value: Any = None, note: str = "") -> RunState:
        """Decide as the person whom the run waits for.

        Raises:
            OperatorError: When the run does not wait for a person, or not for this decision.
        """
        answer = {"decision": decision, "by": "rehearsal", "value": value, "note": note}
        self.state = await self._engine.answer(_RUN, answer, "rehearsal")
        return self.state

    async def happen(self, event: str, data: Any = None) -> RunState:
        """Let a named event come, as the scenario has it or with other data.

        Raises:
            OperatorError: When the run is over.
        """
        given = as_object(self._scripts.events.get(event)).get("data") if data is None else data
        self.state = await self._engine.signal(_RUN, event, given, "rehearsal")
        return self.state

    async def let_time_pass(self) -> RunState:
        """Go to the end of the wait that ends first, as if nobody had answered.

        Raises:
            OperatorError: When no wait has an end.
        """
        waits: Sequence[Mapping[str, Any]] = self.state.waits if self.state is not None else ()
        ends = [float(wait["until"]) for wait in waits if wait.get("until") is not None]
        until = min(ends, default=None)
        if until is None:
            raise OperatorError("this wait has no time-out", hint="Answer, or stop the rehearsal.")
        self._clock.pass_to(until)
        self.state = await self._engine.resume(_RUN)
        return self.state

    async def stop(self) -> None:
        """End it where it stands; nothing happens when it is over."""
        if self.state is not None and self.state.status in {"running", "parked"}:
            self.state = await self._engine.cancel(_RUN, "rehearsal")
