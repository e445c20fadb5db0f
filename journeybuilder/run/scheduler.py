"""Goes on with parked runs when their moment has come, and with those that a dead process has left."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from journeybuilder.contract.journal import Journal, RunRow
from journeybuilder.contract.services import Clock
from journeybuilder.errors import ConflictError
from journeybuilder.run.engine import Engine

_LOG = logging.getLogger(__name__)

EngineOf = Callable[[RunRow], Awaitable[Engine]]
BACK_OFF = 60.0
"""Seconds until a run that could not be driven is tried again."""
LEFT_EVERY = 60.0
"""Seconds between two looks for runs that a dead process has left."""
_ALL = 10_000
"""Runs that are looked through for those; as many at most are driven at one time."""


class Scheduler:
    """Drives the due runs of a journal until it is stopped.

    Args:
        engine_of: The engine for a run, with the plan that it began with.
        is_left: Whether the process that drove a running run is certainly dead; such runs are taken
            over. Without it, none is.
        concurrency: How many runs are driven at the same time.
        pause: Seconds between two looks into the journal.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        engine_of: EngineOf,
        *,
        concurrency: int = 50,
        pause: float = 1.0,
        is_left: Callable[[RunRow], bool] | None = None,
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._engine_of = engine_of
        self._concurrency = concurrency
        self._pause = pause
        self._is_left = is_left
        self._look_for_left = clock.now()
        self._driven: dict[str, asyncio.Task[None]] = {}
        self._not_before: dict[str, float] = {}
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """Begin no more runs; `run` returns when those in progress have parked or are over."""
        self._stop.set()

    async def run(self) -> None:
        """Drive due runs until `stop` is called.

        Raises:
            StoreError: When the journal cannot be read.
        """
        try:
            while not self._stop.is_set():
                await self._look()
                await self._rest()
            if self._driven:
                await asyncio.wait(self._driven.values())
        finally:
            for task in self._driven.values():
                task.cancel()
            await asyncio.gather(*self._driven.values(), return_exceptions=True)

    async def _look(self) -> None:
        """Begin with the runs that are due, as many as there is room for."""
        now = self._clock.now()
        self._not_before = {run: at for run, at in self._not_before.items() if at > now}
        wanted = self._concurrency + len(self._driven) + len(self._not_before)
        for row in [*await self._left(now), *await self._journal.due(now, limit=wanted)]:
            if len(self._driven) >= self._concurrency:
                return
            if row.run not in self._driven and row.run not in self._not_before:
                task = asyncio.create_task(self._drive(row), name=f"run {row.run}")
                self._driven[row.run] = task
                task.add_done_callback(lambda _, run=row.run: self._driven.pop(run, None))

    async def _left(self, now: float) -> Sequence[RunRow]:
        """The runs that somebody drove who is dead."""
        if self._is_left is None or now < self._look_for_left:
            return ()
        self._look_for_left = now + LEFT_EVERY
        running = await self._journal.rows(status="running", limit=_ALL)
        return [row for row in running if self._is_left(row)]

    async def _rest(self) -> None:
        """Wait until it is time to look again, a run has made room, or all is to stop."""
        stop = asyncio.create_task(self._stop.wait())
        full = len(self._driven) >= self._concurrency
        waiting = [stop, *(self._driven.values() if full else ())]
        try:
            await asyncio.wait(waiting, timeout=self._pause, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()

    async def _drive(self, row: RunRow) -> None:
        try:
            engine = await self._engine_of(row)
            await engine.resume(row.run)
        except ConflictError:
            _LOG.info("somebody else drives run %s", row.run)
        except Exception:  # noqa: BLE001 - one run that cannot be driven keeps no other from going on
            _LOG.exception("run %s cannot be driven; it is tried again later", row.run)
            self._not_before[row.run] = self._clock.now() + BACK_OFF
