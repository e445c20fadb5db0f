"""The journal in one SQLite file (WAL), with one writer thread and group commit.

Everything that waits when the writer comes round shares one transaction and one fsync, so thousands of
runs cost hardly more than one. `synchronous=FULL` survives a power loss; `NORMAL` survives a killed
process but may lose the last commits when the power fails.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from typing_extensions import override

from journeybuilder.connect.store_facts import SqliteFacts
from journeybuilder.connect.store_text import json_text
from journeybuilder.connect.store_writer import Append, Creation, Writer
from journeybuilder.contract.journal import Batch, Journal, NewRun, RunRow, RunStatus
from journeybuilder.contract.services import Memory

_COLUMNS = "run, journey, status, version, epoch, plan, created, updated, driver, due, waiting_for"
_OVER = ("ended", "failed", "cancelled")


class SqliteJournal(Journal):
    """Runs in a SQLite file.

    Args:
        path: The file; it and its folder are made when missing.
        synchronous: `FULL` survives a power loss, `NORMAL` only a killed process.
        patience: Seconds to wait for another process that holds the file.

    Raises:
        StoreError: When the file cannot be opened or is no store of ours.
    """

    def __init__(
        self,
        path: Path,
        *,
        synchronous: Literal["FULL", "NORMAL"] = "FULL",
        patience: float = 10.0,
    ) -> None:
        self._writer = Writer(path, synchronous, patience)

    @override
    async def save_plan(self, digest: str, body: str) -> None:
        await self._writer.do(
            lambda db: db.execute("INSERT OR IGNORE INTO plans VALUES (?, ?)", (digest, body))
        )

    @override
    async def plan(self, digest: str) -> str | None:
        def look(db: sqlite3.Connection) -> str | None:
            found = db.execute("SELECT body FROM plans WHERE digest = ?", (digest,)).fetchone()
            return found[0] if found else None

        return await self._writer.do(look)

    @override
    async def create(self, new: NewRun) -> None:
        body = json_text(new.events)
        creation = Creation(
            new.run, new.journey, len(new.events), new.plan, new.at, new.driver, body
        )
        await self._writer.write(creation)

    @override
    async def claim(self, run: str, driver: str = "") -> RunRow:
        def work(db: sqlite3.Connection) -> RunRow:
            db.execute("UPDATE runs SET epoch = epoch + 1, driver = ? WHERE run = ?", (driver, run))
            row = _one(db, run)
            if row is None:
                raise KeyError(run)
            return row

        return await self._writer.do(work)

    @override
    async def append(self, batch: Batch) -> None:
        waiting = None if batch.waiting_for is None else json_text(batch.waiting_for)
        append = Append(
            batch.run,
            batch.expected_version,
            batch.epoch,
            len(batch.events),
            batch.status,
            batch.at,
            batch.due,
            waiting,
            json_text(batch.events),
        )
        await self._writer.write(append)

    @override
    async def events(self, run: str, after: int = 0) -> Sequence[Mapping[str, Any]]:
        def look(db: sqlite3.Connection) -> list[tuple[int, str]]:
            query = "SELECT seq, body FROM events WHERE run = ? AND seq > ? ORDER BY seq"
            return db.execute(query, (run, after)).fetchall()

        rows = await self._writer.do(look)
        events = [event for _, body in rows for event in _events(body)]
        before = rows[-1][0] - len(events) if rows else after  # the first row may begin earlier
        return events[after - before :]

    @override
    async def row(self, run: str) -> RunRow | None:
        return await self._writer.do(lambda db: _one(db, run))

    @override
    async def rows(self, *, status: RunStatus | None = None, limit: int = 100) -> Sequence[RunRow]:
        wanted = (status,) if status else ("running", "parked", *_OVER)

        def look(db: sqlite3.Connection) -> list[RunRow]:
            return [row for one in wanted for row in _last(db, one, limit)]

        found = await self._writer.do(look)
        return sorted(found, key=lambda row: -row.updated)[:limit]

    @override
    async def due(self, now: float, *, limit: int = 100) -> Sequence[RunRow]:
        query = (
            f"SELECT {_COLUMNS} FROM runs WHERE status = 'parked' AND due IS NOT NULL "  # noqa: S608
            "AND due <= ? ORDER BY due LIMIT ?"
        )
        return await self._writer.do(
            lambda db: [_row(found) for found in db.execute(query, (now, limit))]
        )

    @override
    async def prune(self, before: float, *, limit: int = 500) -> int:
        """Delete runs that are over and were last changed before a moment, the oldest first.

        Args:
            before: The moment, in seconds since 1970.
            limit: How many at most; whoever deletes more calls again, and others write between.

        Returns:
            How many were deleted.

        Raises:
            StoreError: When the store cannot be written; then nothing is deleted.
        """
        query = (
            "SELECT run FROM runs WHERE status = ? AND status <> 'running' AND updated < ? "
            "ORDER BY updated LIMIT ?"
        )

        def work(db: sqlite3.Connection) -> int:
            runs = [
                run for one in _OVER for run in db.execute(query, (one, before, limit)).fetchall()
            ][:limit]
            db.executemany("DELETE FROM events WHERE run = ?", runs)
            db.executemany("DELETE FROM runs WHERE run = ?", runs)
            return len(runs)

        return await self._writer.do(work)

    @override
    def memory(self) -> Memory:
        """What is remembered of customers, in the same file; closed with the journal."""
        return SqliteFacts(self._writer)

    @override
    async def close(self) -> None:
        await self._writer.close()


def _events(body: str) -> list[Mapping[str, Any]]:
    """The events of a row; see `store_schema`."""
    found: Any = json.loads(body)
    return found if body.startswith("[") else [found]


def _last(db: sqlite3.Connection, status: str, limit: int) -> list[RunRow]:
    """The last changed runs with a status.

    No index knows when a running one was changed, as it would be written at every step; these few are
    sorted.
    """
    # the condition of the index stands in the text, else the planner does not see that it may use it
    of_index = "" if status == "running" else "AND status <> 'running'"
    query = (
        f"SELECT {_COLUMNS} FROM runs WHERE status = '{status}' {of_index} "  # noqa: S608
        "ORDER BY updated DESC LIMIT ?"
    )
    return [_row(found) for found in db.execute(query, (limit,))]


def _row(found: Sequence[Any]) -> RunRow:
    *most, driver, due, waiting = found
    waiting_for = json.loads(waiting) if waiting else None
    return RunRow(*most, due=due, waiting_for=waiting_for, driver=driver)


def _one(db: sqlite3.Connection, run: str) -> RunRow | None:
    found = db.execute(f"SELECT {_COLUMNS} FROM runs WHERE run = ?", (run,)).fetchone()  # noqa: S608
    return _row(found) if found else None
