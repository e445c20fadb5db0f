"""Drives a claimed run from node to node until it parks or is over."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from journeybuilder.run.effects import Driven, Parked
from journeybuilder.run.lanes import MAX_PENDING, Lanes
from journeybuilder.run.tokens import RunState
from journeybuilder.run.turns import Turns

_ORDER = ("customer", "review", "handoff", "uncertain", "event", "time")
"""Whom a run waits for first: a customer before a person before an event before a time."""


class Drive:
    """One driving of a run.

    Attributes:
        over: Set when it is done.
    """

    def __init__(self, driven: Driven) -> None:
        self._driven = driven
        self._recorder = driven.recorder
        self._turns = Turns(driven)
        self._lanes = Lanes(driven, self._turns)
        self.over = asyncio.Event()

    @property
    def state(self) -> RunState:
        """The state of the run."""
        return self._recorder.state

    async def on(self) -> RunState:
        """Drive until the run parks or is over.

        Raises:
            StoreError: When the store cannot be written; the run stays where it was committed.
        """
        state, recorder = self.state, self._recorder
        try:
            while state.status == "running":
                if state.forks:
                    waits = await self._lanes.together()
                else:
                    waits = await self._alone()
                if waits:
                    self._park(waits)
                    await recorder.commit()
                if recorder.pending >= MAX_PENDING:
                    await recorder.commit()
                if state.steps % MAX_PENDING == 0:  # a run that spins in memory can be stopped
                    await asyncio.sleep(0)
            await recorder.commit()
        finally:
            self.over.set()
        return state

    async def _alone(self) -> Sequence[Mapping[str, Any]]:
        """The next turn of the only lane."""
        token = next(iter(self.state.tokens.values()))
        try:
            ending = await self._turns.turn(token)
        except Parked as parked:
            return [parked.as_wait()]
        if ending is not None:
            self._turns.ends.conclude(ending)
        return ()

    def _park(self, waits: Sequence[Mapping[str, Any]]) -> None:
        waits = sorted(waits, key=_place)
        last = self.state.started + self._driven.plan.limits.duration
        due = min([last, *(wait["until"] for wait in waits if wait["until"] is not None)])
        self._recorder.emit("parked", waiting_for=waits[0], waits=waits, due=due)

    async def signal(self, name: str, data: Any, by: str) -> None:
        """Let a named event come to the run while it is driven.

        Raises:
            StoreError: When the store cannot be written.
        """
        self._recorder.emit("signaled", name=name, data=data, by=by)
        self._lanes.came(name)
        await self._recorder.commit()


def _place(wait: Mapping[str, Any]) -> tuple[int, float]:
    kind = wait["kind"]
    place = _ORDER.index(kind) if kind in _ORDER else _ORDER.index("review")
    return place, wait["until"] or float("inf")
