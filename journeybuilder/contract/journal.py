"""The store of runs as an interface: a journal of events per run, appended in atomic batches.

The state of a run is the fold of its events; nothing else is the truth. Whoever drives a run claims it
first and so gets an epoch; every append demands that epoch and the version it builds on, so a driver
that is believed dead cannot write.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from journeybuilder.contract.services import Memory

RunStatus = Literal["running", "parked", "ended", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class RunRow:
    """What a store can say of a run without reading its events.

    Attributes:
        version: Number of events.
        due: The moment (seconds since 1970) at which a parked run goes on by itself, or None.
        waiting_for: What a parked run waits for (`kind`, `node`, …), or None.
        plan: Digest of the bundle that the run executes.
        driver: Who claimed it last, for example `machine:pid`; an empty text where nobody said.
    """

    run: str
    journey: str
    status: RunStatus
    version: int
    epoch: int
    plan: str
    created: float
    updated: float
    due: float | None = None
    waiting_for: Mapping[str, Any] | None = None
    driver: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events of one run to append at once, and what becomes of the run by them."""

    run: str
    expected_version: int
    epoch: int
    events: Sequence[Mapping[str, Any]]
    status: RunStatus
    at: float
    due: float | None = None
    waiting_for: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run to create, with its first events; its epoch is 1 and belongs to the creator."""

    run: str
    journey: str
    plan: str
    at: float
    events: Sequence[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    driver: str = ""


class Journal(Protocol):
    """Append, read, claim, list. Every method is safe to call from many tasks of one loop.

    All methods raise `StoreError` when the store cannot be read or written (full, locked, read-only).
    """

    async def save_plan(self, digest: str, body: str) -> None:
        """Keep the text of a bundle under its digest; a second time changes nothing."""
        ...

    async def plan(self, digest: str) -> str | None:
        """The text of a bundle."""
        ...

    async def create(self, new: NewRun) -> None:
        """Create a run.

        Raises:
            ConflictError: When the run exists.
        """
        ...

    async def claim(self, run: str, driver: str = "") -> RunRow:
        """Take the next epoch of a run; whoever drove it before can write no more.

        Raises:
            KeyError: When there is no such run.
        """
        ...

    async def append(self, batch: Batch) -> None:
        """Append all events or none, durably when this returns.

        Raises:
            ConflictError: When version or epoch are not the expected ones.
        """
        ...

    async def events(self, run: str, after: int = 0) -> Sequence[Mapping[str, Any]]:
        """The events of a run in order, from the one behind version `after`."""
        ...

    async def row(self, run: str) -> RunRow | None:
        """What is known of one run."""
        ...

    async def rows(self, *, status: RunStatus | None = None, limit: int = 100) -> Sequence[RunRow]:
        """Runs, the last changed first."""
        ...

    async def due(self, now: float, *, limit: int = 100) -> Sequence[RunRow]:
        """Parked runs whose moment has come."""
        ...

    async def prune(self, before: float, *, limit: int = 500) -> int:
        """Delete runs that are over and were last changed before a moment (seconds since 1970).

        The oldest go first, and no more than `limit`; gives how many went.
        """
        ...

    def memory(self) -> Memory:
        """What is remembered of customers, in the same store; closed with it."""
        ...

    async def close(self) -> None:
        """Write what is pending and let go of the store."""
        ...
