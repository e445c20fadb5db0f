"""Drives open lanes at the same time: starts them, lets them meet, stops those nobody waits for."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from journeybuilder.run.effects import Driven, Parked, Stopped
from journeybuilder.run.ends import Ending
from journeybuilder.run.tokens import Token
from journeybuilder.run.turns import Turns

MAX_PENDING = 64
"""Events of nodes without effects that may wait for the next commit."""

Waits = Sequence[Mapping[str, Any]]


class Lanes:
    """The open lanes of a driven run, each in a task of its own.

    A lane that waits has no task: what it waits for is remembered, and its node is entered again when
    that has come. Time is waited for only when no lane has anything to do, so that a virtual clock
    never runs ahead of a lane that works.
    """

    def __init__(self, driven: Driven, turns: Turns) -> None:
        self._driven = driven
        self._turns = turns
        self._ends = turns.ends
        self._state = driven.recorder.state
        self._clock = driven.services.clock
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._parks: dict[str, Parked] = {}
        self._endings: list[Ending] = []
        self._held: set[str] = set()
        self._broken_off: set[str] = set()
        self._bell: asyncio.Future[None] | None = None

    async def together(self) -> Waits:
        """Drive all lanes until one is left, the run is over, or every lane waits.

        Gives what the run waits for, or nothing when it goes on.

        Raises:
            ProgramError: When the store or the machine fails; the run stays where it was committed.
        """
        try:
            while self._state.status == "running" and self._state.forks:
                if self._endings:
                    await self._conclude(self._endings.pop(0))
                elif not await self._meet():
                    self._wake()
                    self._start()
                    if self._tasks:
                        await self._some()
                    elif waits := await self._rest():
                        return waits
        finally:
            await self._break_off(list(self._tasks))
        return ()

    def came(self, name: str) -> None:
        """Go on with lanes that wait for a named event."""
        for lane, park in list(self._parks.items()):
            if park.waiting_for["kind"] == "event" and park.waiting_for["name"] == name:
                del self._parks[lane]
        self._ring()

    # -- a lane ------------------------------------------------------------------------------

    def _start(self) -> None:
        """Give a task to every lane that has something to do."""
        for lane in self._state.tokens:
            if not (lane in self._tasks or lane in self._parks or lane in self._held):
                task = asyncio.create_task(self._lane(lane), name=lane)
                task.add_done_callback(self._ring)
                self._tasks[lane] = task

    async def _lane(self, lane: str) -> None:
        try:
            while (token := self._next(lane)) is not None:
                ending = await self._turns.turn(token)
                if ending is not None:
                    self._endings.append(ending)
                    self._held.add(lane)
                    return
                if self._driven.recorder.pending >= MAX_PENDING:
                    await self._driven.recorder.commit()
                if self._state.steps % MAX_PENDING == 0:  # a lane that spins can be stopped
                    await asyncio.sleep(0)
        except Parked as parked:
            self._parks[lane] = parked
        except Stopped:
            return
        except asyncio.CancelledError:
            if lane not in self._broken_off:
                raise

    def _next(self, lane: str) -> Token | None:
        """The token of a lane that may go on."""
        token = self._state.tokens.get(lane)
        if token is None or self._state.status != "running":
            return None
        if lane in self._driven.stopping and not self._turns.closing(token):
            return None
        name = self._ends.arrives(token)
        if name is None:
            return token
        self._driven.recorder.emit("arrived", lane=lane, node=token.node, name=name)
        return None

    # -- waiting -----------------------------------------------------------------------------

    async def _some(self) -> None:
        """Wait until a lane has come somewhere, or a moment has."""
        moments = self._moments()
        left = max(0.0, min(moments) - self._clock.now()) if moments else None
        loop = asyncio.get_running_loop()
        self._bell = bell = loop.create_future()
        timer = None if left is None else loop.call_later(left, self._ring)
        if any(task.done() for task in self._tasks.values()):
            self._ring()
        try:
            await bell
        finally:
            self._bell = None
            if timer is not None:
                timer.cancel()
        self._collect()

    def _ring(self, *_: object) -> None:
        """Wake whoever waits for a lane to come somewhere, or for a moment."""
        if self._bell is not None and not self._bell.done():
            self._bell.set_result(None)

    def _collect(self) -> None:
        """Forget the tasks that are done; what one of them raised is raised here."""
        for lane, task in list(self._tasks.items()):
            if task.done():
                del self._tasks[lane]
                task.result()

    def _moments(self) -> list[float]:
        """When something happens that nobody has to do anything for."""
        ends = [park.until for park in self._parks.values()]
        ends += [self._ends.deadline(fork) for fork in self._state.forks.values()]
        return [end for end in ends if end is not None]

    def _wake(self) -> None:
        """Let lanes go on whose moment has come."""
        now = self._clock.now()
        for lane, park in list(self._parks.items()):
            if park.until is not None and park.until <= now:
                del self._parks[lane]

    async def _rest(self) -> Waits:
        """Nobody has anything to do: sit through a short time, or give what the run waits for."""
        moments = self._moments()
        for_time = all(park.waiting_for["kind"] == "time" for park in self._parks.values())
        if for_time and moments and not self._held and await self._clock.wait(min(moments)):
            return ()
        waits: list[Mapping[str, Any]] = [park.as_wait() for park in self._parks.values()]
        for fork in self._state.forks.values():
            end = self._ends.deadline(fork)
            if end is not None and end > self._clock.now():
                join = self._ends.journey_of(fork.frame).joins[fork.node].node
                waits.append(
                    {"kind": "time", "node": join, "lane": fork.lane, "index": 0, "until": end}
                )
        return waits

    # -- what concerns more than one lane ----------------------------------------------------

    async def _meet(self) -> bool:
        """Let lanes meet where enough of them have come, or their time is over."""
        for fork in list(self._state.forks.values()):
            end = self._ends.deadline(fork)
            enough = self._ends.enough(fork)
            if not enough and (end is None or self._clock.now() < end):
                continue
            if await self._stop(self._ends.late(fork)):
                if self._state.forks.get(fork.lane) is fork:
                    self._ends.join(fork, timed_out=not enough)
                return True
        return False

    async def _conclude(self, ending: Ending) -> None:
        """Stop the other lanes of a journey, and bring it to its end or its `on_error`.

        Where it is not known what one of them has done, the run waits for a person first; what has led
        here is found again then.
        """
        if await self._stop(self._ends.others(ending)):
            self._held.discard(ending.lane)
            self._ends.conclude(ending)

    async def _stop(self, lanes: Iterable[str]) -> bool:
        """Stop lanes: what they wait for is broken off, a call that changes something is awaited.

        Gives False where it is not known what one of them has done; the run has to wait for that.
        """
        lanes = list(lanes)
        self._driven.stopping.update(lanes)
        own = [lane for lane in lanes if lane in self._tasks]
        for lane in own:
            if lane in self._driven.loose:
                self._broken_off.add(lane)
                self._tasks[lane].cancel()
        if own:
            await asyncio.wait([self._tasks[lane] for lane in own])
        self._collect()
        for lane in lanes:
            if lane not in own:
                await self._finish(lane)
        self._broken_off.clear()
        self._endings = [ending for ending in self._endings if ending.lane not in lanes]
        unknown = [lane for lane in lanes if _is_uncertain(self._parks.get(lane))]
        if unknown:
            self._held.update(lane for lane in lanes if lane not in unknown)
            return False
        for lane in lanes:
            self._parks.pop(lane, None)
        self._held.difference_update(lanes)
        self._driven.stopping.difference_update(lanes)
        return True

    async def _finish(self, lane: str) -> None:
        """Let a lane that waits finish what it has done already, so that this can be taken back."""
        token = self._state.tokens.get(lane)
        if token is None or not (token.effects or self._turns.closing(token)):
            return
        self._parks.pop(lane, None)
        try:
            await self._turns.turn(token)
        except Parked as parked:
            self._parks[lane] = parked
        except Stopped:
            return

    async def _break_off(self, lanes: Iterable[str]) -> None:
        """Nobody drives the run any more: no task is left behind."""
        tasks = [self._tasks.pop(lane) for lane in lanes]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.gather(*tasks, return_exceptions=True)


def _is_uncertain(park: Parked | None) -> bool:
    return park is not None and park.waiting_for["kind"] == "uncertain"
