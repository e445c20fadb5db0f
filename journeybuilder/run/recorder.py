"""Writes a run's events: applies each to the state, tells observers, commits batches to the journal."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from journeybuilder.contract.journal import Batch, Journal, NewRun
from journeybuilder.contract.services import Clock
from journeybuilder.run.state import RunState, apply

_LOG = logging.getLogger(__name__)

Observer = Callable[[Mapping[str, Any]], None]


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

    @property
    def pending(self) -> int:
        """How many events wait for the next commit."""
        return len(self._pending)

    def emit(self, name: str, **body: Any) -> Mapping[str, Any]:
        """Let something have happened; durable with the next commit."""
        event: dict[str, Any] = {
            "event": name,
            "run": self.state.run,
            "seq": self.state.version + 1,
            "at": self._clock.now(),
            **body,
        }
        apply(self.state, event)
        self._pending.append(event)
        if self._observe is not None:
            try:
                self._observe(event)
            except Exception:  # noqa: BLE001 - whoever looks on must not change what the run does
                _LOG.exception(
                    "an observer of run %s failed; it is told nothing more", self.state.run
                )
                self._observe = None
        return event

    async def create(self, plan: str, driver: str) -> None:
        """Create the run in the journal with everything emitted so far.

        Raises:
            StoreError: When the store cannot be written.
            ConflictError: When the run exists.
        """
        events, self._pending = self._pending, []
        state = self.state
        await self._journal.create(
            NewRun(state.run, state.journey, plan, state.started, events, driver)
        )

    async def commit(self) -> None:
        """Make everything emitted so far durable, all or nothing.

        Raises:
            StoreError: When the store cannot be written; nothing of the batch is kept.
            ConflictError: When somebody else drives the run by now.
        """
        if not self._pending:
            return
        batch, self._pending = self._pending, []
        state = self.state
        await self._journal.append(
            Batch(
                run=state.run,
                expected_version=state.version - len(batch),
                epoch=self._epoch,
                events=batch,
                status=state.status,
                at=batch[-1]["at"],
                due=state.due,
                waiting_for=state.waiting_for,
            )
        )
