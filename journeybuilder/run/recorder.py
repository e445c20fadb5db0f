"""Writes a run's events: applies each to the state, tells observers, commits batches to the journal."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from journeybuilder.contract.journal import Batch, Journal, NewRun
from journeybuilder.contract.services import Clock
from journeybuilder.run.state import apply
from journeybuilder.run.tokens import RunState

_LOG = logging.getLogger(__name__)

Observer = Callable[[Mapping[str, Any]], None]

SNAPSHOT_EVERY = 500
"""The version of a run that is a multiple of this is a `snapshot`, from which a reader can begin."""


class Recorder:
    """The one writer of a claimed run.

    Observers see an event as it happens, which may be just before it is durable: the journal is the
    truth, observers are for looking.

    Attributes:
        state: The state after the last event emitted.
    """

    def __init__(
        self,
        state: RunState,
        epoch: int,
        journal: Journal,
        clock: Clock,
        observe: Observer | None = None,
    ) -> None:
        self.state = state
        self._epoch = epoch
        self._journal = journal
        self._clock = clock
        self._observe = observe
        self._pending: list[Mapping[str, Any]] = []
        self._taken = state.version
        self._turn = asyncio.Lock()
        self._broken: Exception | None = None

    @property
    def pending(self) -> int:
        """How many events wait for the next commit."""
        return len(self._pending)

    def emit(self, name: str, /, **body: Any) -> None:
        """Let something have happened; durable with the next commit."""
        state = self.state
        event: dict[str, Any] = {
            "event": name,
            "run": state.run,
            "seq": state.version + 1,
            "at": self._clock.now(),
            **body,
        }
        apply(state, event)
        self._pending.append(event)
        if self._observe is not None:
            self._tell(event)
        if (state.version + 1) % SNAPSHOT_EVERY == 0:
            self.emit("snapshot", state=state.as_json())

    def tell(self, name: str, /, **body: Any) -> None:
        """Let observers know of something that is not worth keeping."""
        self._tell({"event": name, "run": self.state.run, "at": self._clock.now(), **body})

    def _tell(self, event: Mapping[str, Any]) -> None:
        if self._observe is not None:
            try:
                self._observe(event)
            except Exception:  # noqa: BLE001 - whoever looks on must not change what the run does
                _LOG.exception(
                    "an observer of run %s failed; it is told nothing more", self.state.run
                )
                self._observe = None

    async def create(self, plan: str, driver: str) -> None:
        """Create the run in the journal with everything emitted so far.

        Raises:
            StoreError: When the store cannot be written.
            ConflictError: When the run exists.
        """
        events, self._pending = self._pending, []
        state = self.state
        self._taken = state.version
        await self._journal.create(
            NewRun(state.run, state.journey, plan, events[0]["at"], events, driver)
        )

    async def commit(self) -> None:
        """Make everything emitted so far durable, all or nothing.

        Lanes that commit at the same time take turns, so that versions come in order. Once a commit
        has failed, none succeeds: what the state says is no longer what is stored.

        Raises:
            StoreError: When the store cannot be written; nothing of the batch is kept.
            ConflictError: When somebody else drives the run by now.
        """
        own = self.state.version
        if self._taken == own and not self._turn.locked():
            return
        async with self._turn:
            if self._broken is not None:
                raise self._broken
            if self._taken >= own:  # another lane has taken them along
                return
            if self.state.forks:  # lanes that come here at the same moment share one append
                await asyncio.sleep(0)
            batch, self._pending = self._pending, []
            self._taken += len(batch)
            try:
                await self._journal.append(self._batch(batch))
            except Exception as error:
                self._broken = error
                raise

    def _batch(self, events: list[Mapping[str, Any]]) -> Batch:
        state = self.state
        waiting = state.waiting_for
        if waiting is not None and len(state.waits) > 1:  # a store shows no other part of a state
            waiting = {**waiting, "waits": list(state.waits)}
        return Batch(
            run=state.run,
            expected_version=state.version - len(events),
            epoch=self._epoch,
            events=events,
            status=state.status,
            at=events[-1]["at"],
            due=state.due,
            waiting_for=waiting,
        )
