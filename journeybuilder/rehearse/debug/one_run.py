"""One run in a debugger: its engine in a store of its own, its time line, and who holds it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from journeybuilder.connect.store_memory import MemoryJournal
from journeybuilder.contract.journal import Batch, NewRun
from journeybuilder.contract.services import Services
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.debug.breakpoints import Breakpoint, Stop, StopReason
from journeybuilder.rehearse.debug.holding import Held, Holder, stop_of
from journeybuilder.rehearse.debug.known import Known
from journeybuilder.rehearse.debug.playing import RUN, Player
from journeybuilder.rehearse.debug.timeline import Timeline, place_of, waiting_place
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.run.engine import Engine
from journeybuilder.run.recorder import Observer
from journeybuilder.run.state import EVENTS, FINAL, Event
from journeybuilder.run.tokens import RunState

Begin = Callable[[], Awaitable[RunState]]
"""Begins something of the engine: called only when it is really to begin."""
_LOG = logging.getLogger(__name__)
_PATIENCE = 1.0
"""Seconds that services get to notice that a run was stopped; it is over before that already."""
_CALLS = frozenset({"tool", "model", "resource", "prompt"})


@dataclass(frozen=True)
class World:
    """What one run lives in.

    Attributes:
        player: Who moves it on when it waits, before the person at the screen; or None.
        known: What is used again of an earlier run, or None.
        misses: What a recording was asked and does not have, in words; grows during the run.
    """

    services: Services
    clock: VirtualClock
    player: Player | None = None
    known: Known | None = None
    misses: Sequence[str] = ()


class OneRun:
    """A run that goes on until it is held, waits or is over.

    Args:
        plan: What is run.
        world: What it lives in.
        breakpoints: Those that there are now.
        on_event: Told of every event.
        on_stop: Told whenever it stands still.
        behind: The events that it begins with; none for a run from the start.
    """

    def __init__(
        self,
        plan: Plan,
        world: World,
        breakpoints: Callable[[], Sequence[Breakpoint]],
        on_event: Observer,
        on_stop: Callable[[Stop], None],
        behind: Sequence[Event] = (),
    ) -> None:
        self.world = world
        self.timeline = Timeline(behind)
        self.holder = Holder(breakpoints, self._held, world.clock.now)
        self.last: Stop | None = None
        self._on_event = on_event
        self._on_stop = on_stop
        self._journal = MemoryJournal()
        self._driver: asyncio.Task[RunState] | None = None
        self._next: asyncio.Future[Stop] | None = None
        self._begun: dict[tuple[int, int], float] = {}
        self._over = False
        self.engine = Engine(
            plan, self._journal, world.services, self._see, live=True, pace=self.holder
        )

    @property
    def state(self) -> RunState:
        """Its state now, to look at only."""
        return self.timeline.state(len(self.timeline))

    @property
    def driving(self) -> bool:
        """Whether it is under way, held included; not while it waits for somebody."""
        return self._driver is not None and not self._driver.done()

    def tell(self, event: Event) -> None:
        """Let the run begin with an event that the engine does not make."""
        self._see(event)

    async def stay(self) -> RunState:
        """Do nothing: the run waits where it is."""
        return self.state

    async def keep(self) -> None:
        """Let the engine find the events that it begins with, as if it had made them."""
        events, state = list(self.timeline.events), self.state
        at = float(events[-1]["at"])
        await self._journal.create(NewRun(RUN, state.journey, state.plan, at, events))
        if state.status == "parked":
            waiting = self.waiting_for
            await self._journal.append(
                Batch(RUN, len(events), 1, [], "parked", at, state.due, waiting)
            )

    @property
    def waiting_for(self) -> Mapping[str, Any] | None:
        """What it waits for, with all the others as a store has them; None when it does not wait."""
        state = self.state
        waiting = state.waiting_for
        if waiting is not None and len(state.waits) > 1:
            return {**waiting, "waits": list(state.waits)}
        return waiting

    # -- going on ----------------------------------------------------------------------------

    async def drive(self, begin: Begin) -> Stop:
        """Let the engine do something; gives where the run stands still after it.

        Args:
            begin: What it does, called once the run is driven: one that is left before never begins.

        Raises:
            ProgramError: When the engine refuses or its services break down.
        """
        stopped = self._expect()
        self._driver = self.holder.driver = asyncio.create_task(self._drive(begin))
        self._driver.add_done_callback(self._driven)
        return await asyncio.shield(stopped)

    async def on(self, let: Callable[[], None]) -> Stop:
        """Let go of what is held; gives where the run stands still next."""
        stopped = self._expect()
        let()
        return await asyncio.shield(stopped)

    def pause(self) -> None:
        """Hold it; where a call is in progress, that is told at once."""
        if not self.driving or self.holder.shown is not None:
            return
        self.holder.pause()
        place, words = self._in_progress()
        if words:
            self._stand(Stop("paused", place, words, len(self.timeline), in_call=True))

    def stand_again(self) -> Stop:
        """Tell once more where it stands, with what has happened since.

        The run must have stood before.
        """
        shown = self.holder.shown
        if shown is None or self.last is None:
            return self._stand(self._where())
        reason = self.last.reason
        return self._stand(stop_of(reason, shown, self.last.words, len(self.timeline)))

    async def end(self) -> None:
        """End it where it stands, and tell so; nothing happens when it is over."""
        if self._over or self.state.status in FINAL:
            await self.leave()
            return
        self._see(
            {
                "event": "cancelled",
                "run": RUN,
                "seq": len(self.timeline) + 1,
                "at": self.world.clock.now(),
                "by": RUN,
                "path": list(self.state.path),
            }
        )
        self._over = True
        self._stand(self._where())
        await self.leave()

    async def leave(self) -> None:
        """Let nobody drive it any more; what a service still does is not heard of."""
        self._over = True
        driver = self._driver
        if driver is None or driver.done():
            return
        driver.cancel()
        _, late = await asyncio.wait([driver], timeout=_PATIENCE)
        if late:
            _LOG.warning("a service does not let go of a rehearsal that was stopped")

    async def _drive(self, begin: Begin) -> RunState:
        state, player = await begin(), self.world.player
        while state.status == "parked" and player is not None:
            moved = await player.move(self.engine, state)
            if moved is None:
                break
            state = moved
        return state

    def _driven(self, driver: "asyncio.Task[RunState]") -> None:
        """The engine has done what it could."""
        if self._over or driver.cancelled():
            if self._next is not None and not self._next.done():
                self._next.cancel()
            return
        error = driver.exception()
        if error is None:
            self.holder.parked()
            self._stand(self._where())
        elif self._next is not None and not self._next.done():
            self._next.set_exception(error)
        else:
            _LOG.error("a rehearsal broke off", exc_info=error)

    # -- standing still ----------------------------------------------------------------------

    def _expect(self) -> "asyncio.Future[Stop]":
        if self._next is None or self._next.done():
            self._next = asyncio.get_running_loop().create_future()
        return self._next

    def _held(self, reason: StopReason, held: Held, words: str) -> None:
        self._stand(stop_of(reason, held, words, len(self.timeline)))

    def _stand(self, stop: Stop) -> Stop:
        self.last = stop
        if self._next is not None and not self._next.done():
            self._next.set_result(stop)
        self._on_stop(stop)
        return stop

    def _where(self) -> Stop:
        """Where a run stands that nobody drives."""
        state, index = self.state, len(self.timeline)
        place = self.timeline.place(index)
        if state.status == "parked" and state.waiting_for is not None:
            waiting = state.waiting_for
            words = f"waits for {_WHOM.get(waiting['kind'], 'a person')}"
            return Stop("waiting", waiting_place(waiting), words, index, lane=waiting["lane"])
        if state.status == "failed":
            error = state.error or {}
            return Stop("failed", place, str(error.get("message", "")), index)
        if state.status == "ended":
            return Stop("ended", place, f"ended: {state.outcome}", index)
        return Stop("ended", place, "stopped", index)

    def _in_progress(self) -> tuple[str, str]:
        state = self.state
        for token in state.tokens.values():
            for effect in token.effects.values():
                if not effect.settled and effect.kind in _CALLS:
                    request = effect.request
                    named = (request.get(key) for key in ("tool", "model", "uri", "prompt"))
                    name = next(filter(None, named), "")
                    return place_of(state, token), f"paused while '{name}' is asked"
        return "", ""

    # -- events ------------------------------------------------------------------------------

    def _see(self, event: Event) -> None:
        if self._over:
            return
        if event["event"] in EVENTS:
            event = self._timed(event)
            place = self.timeline.standing(event)
            self.timeline.add(event)
            self.holder.told(event, place, self.timeline.now)
        self._on_event(event)

    def _timed(self, event: Event) -> Event:
        """The event, with the seconds that an answer really took."""
        name = event["event"]
        if name == "asked" and event["effect"] in _CALLS:
            self._begun[event["visit"], event["index"]] = monotonic()
        elif name in {"answered", "errored"}:
            begun = self._begun.pop((event["visit"], event["index"]), None)
            if begun is not None:
                return {**event, "took": round(monotonic() - begun, 4)}
        return event


_WHOM: Mapping[str, str] = {
    "customer": "the customer",
    "event": "an event",
    "time": "a time",
    "review": "a decision",
    "handoff": "a colleague",
}
