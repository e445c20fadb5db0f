"""The run stores that keep the promises of `Journal` and `Memory`: one line for each.

The tests of `test_store` and `test_facts` run against every one of them; a further store joins by a
further line. `lasting` says whether what was written is there after closing and opening again.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from journeybuilder.connect.store_memory import MemoryJournal
from journeybuilder.connect.store_sqlite import SqliteJournal
from journeybuilder.contract.journal import Batch, Journal, NewRun
from journeybuilder.contract.services import Memory


class RunStore(Journal, Protocol):
    """A journal that remembers customers too and lets old runs go."""

    def memory(self) -> Memory: ...

    async def prune(self, before: float, *, limit: int = 500) -> int: ...


@dataclass(frozen=True)
class Kind:
    """A kind of store: how one is opened in a folder; the same folder gives the same store."""

    open: Callable[[Path], RunStore]
    lasting: bool = True


STORES: Mapping[str, Kind] = {
    "memory": Kind(lambda _: MemoryJournal(), lasting=False),
    "sqlite": Kind(lambda folder: SqliteJournal(folder / "sub" / "runs.db")),
    "sqlite-normal": Kind(lambda folder: SqliteJournal(folder / "runs.db", synchronous="NORMAL")),
}

on_every_store = pytest.mark.parametrize("kind", STORES.values(), ids=STORES)
on_every_lasting_store = pytest.mark.parametrize(
    "kind", [kind for kind in STORES.values() if kind.lasting],
    ids=[name for name, kind in STORES.items() if kind.lasting],
)  # fmt: skip


def new(run: str = "r-1", at: float = 100.0, **more: Any) -> NewRun:
    """A run with one event."""
    return NewRun(run, "test", "sha256:x", at, [{"event": "started", "n": 1}], **more)


def batch(version: int, *events: str, run: str = "r-1", epoch: int = 1, **rest: Any) -> Batch:
    """Events for a run at this version."""
    bodies = [{"event": name} for name in events]
    at = rest.pop("at", 101.0)
    return Batch(run, version, epoch, bodies, rest.pop("status", "running"), at, **rest)


@asynccontextmanager
async def opened(kind: Kind, folder: Path) -> AsyncIterator[RunStore]:
    """A store, closed at the end whatever happens."""
    store = kind.open(folder)
    try:
        yield store
    finally:
        await store.close()


async def names(journal: Journal, run: str = "r-1", after: int = 0) -> list[str]:
    """The names of a run's events."""
    return [event["event"] for event in await journal.events(run, after)]


def check(work: Callable[[], Awaitable[None]]) -> None:
    """Run a test's coroutine."""
    asyncio.run(work())  # pyright: ignore[reportArgumentType]
