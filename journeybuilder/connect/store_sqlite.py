"""The journal in one SQLite file (WAL), with one writer thread and group commit.

Everything that waits when the writer comes round shares one transaction and one fsync, so thousands of
runs cost hardly more than one. `synchronous=FULL` survives a power loss; `NORMAL` survives a killed
process but may lose the last commits when the power fails.
"""

import asyncio
import contextlib
import json
import queue
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Literal, TypeVar

from typing_extensions import override

from journeybuilder.contract.journal import Batch, Journal, NewRun, RunRow, RunStatus
from journeybuilder.errors import ConflictError, StoreError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]
Item = tuple[Work, asyncio.Future[Any]]
Result = tuple[asyncio.Future[Any], Any, BaseException | None]

_SCHEMA = """
CREATE TABLE plans (digest TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
  run TEXT PRIMARY KEY, journey TEXT NOT NULL, status TEXT NOT NULL, version INTEGER NOT NULL,
  epoch INTEGER NOT NULL, plan TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL,
  driver TEXT NOT NULL, due REAL, waiting_for TEXT) WITHOUT ROWID;
CREATE TABLE events (
  run TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run, seq)) WITHOUT ROWID;
CREATE INDEX runs_by_due ON runs (due) WHERE status = 'parked' AND due IS NOT NULL;
CREATE INDEX runs_by_update ON runs (status, updated);
PRAGMA user_version = 1;
"""
_COLUMNS = "run, journey, status, version, epoch, plan, created, updated, driver, due, waiting_for"
_MAX_GROUP = 512
_MAX_ROWS = 64


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
        self._path = path
        self._patience = patience
        self._synchronous = synchronous
        self._queue: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
        self._ready: Future[None] = Future()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()
        try:
            self._ready.result()
        except (sqlite3.Error, OSError, ValueError) as error:
            raise self._trouble(error) from None

    # -- the interface -----------------------------------------------------------------------

    @override
    async def save_plan(self, digest: str, body: str) -> None:
        await self._do(
            lambda db: db.execute("INSERT OR IGNORE INTO plans VALUES (?, ?)", (digest, body))
        )

    @override
    async def plan(self, digest: str) -> str | None:
        def look(db: sqlite3.Connection) -> str | None:
            found = db.execute("SELECT body FROM plans WHERE digest = ?", (digest,)).fetchone()
            return found[0] if found else None

        return await self._do(look)

    @override
    async def create(self, new: NewRun) -> None:
        bodies = [_text(event) for event in new.events]

        def work(db: sqlite3.Connection) -> None:
            row = (
                new.run,
                new.journey,
                "running",
                len(bodies),
                1,
                new.plan,
                new.at,
                new.at,
                new.driver,
            )
            cursor = db.execute(
                f"INSERT OR IGNORE INTO runs ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,NULL,NULL)",  # noqa: S608
                row,
            )
            if cursor.rowcount == 0:
                raise ConflictError("the run exists already", where=new.run)
            _insert(db, new.run, 0, bodies)

        await self._do(work)

    @override
    async def claim(self, run: str, driver: str = "") -> RunRow:
        def work(db: sqlite3.Connection) -> RunRow:
            db.execute("UPDATE runs SET epoch = epoch + 1, driver = ? WHERE run = ?", (driver, run))
            row = _one(db, run)
            if row is None:
                raise KeyError(run)
            return row

        return await self._do(work)

    @override
    async def append(self, batch: Batch) -> None:
        bodies = [_text(event) for event in batch.events]
        waiting = None if batch.waiting_for is None else _text(batch.waiting_for)

        def work(db: sqlite3.Connection) -> None:
            cursor = db.execute(
                "UPDATE runs SET version = version + ?, status = ?, updated = ?, due = ?, "
                "waiting_for = ? WHERE run = ? AND version = ? AND epoch = ?",
                (len(bodies), batch.status, batch.at, batch.due, waiting, batch.run,
                 batch.expected_version, batch.epoch),
            )  # fmt: skip
            if cursor.rowcount == 0:
                raise ConflictError(
                    "somebody else drives this run", where=batch.run, hint="Look at it again."
                )
            _insert(db, batch.run, batch.expected_version, bodies)

        await self._do(work)

    @override
    async def events(self, run: str, after: int = 0) -> Sequence[Mapping[str, Any]]:
        def look(db: sqlite3.Connection) -> list[str]:
            query = "SELECT body FROM events WHERE run = ? AND seq > ? ORDER BY seq"
            return [body for (body,) in db.execute(query, (run, after))]

        return [json.loads(body) for body in await self._do(look)]

    @override
    async def row(self, run: str) -> RunRow | None:
        return await self._do(lambda db: _one(db, run))

    @override
    async def rows(self, *, status: RunStatus | None = None, limit: int = 100) -> Sequence[RunRow]:
        where, values = ("WHERE status = ?", (status, limit)) if status else ("", (limit,))
        query = f"SELECT {_COLUMNS} FROM runs {where} ORDER BY updated DESC LIMIT ?"  # noqa: S608
        return await self._do(lambda db: [_row(found) for found in db.execute(query, values)])

    @override
    async def due(self, now: float, *, limit: int = 100) -> Sequence[RunRow]:
        query = (
            f"SELECT {_COLUMNS} FROM runs WHERE status = 'parked' AND due IS NOT NULL "  # noqa: S608
            "AND due <= ? ORDER BY due LIMIT ?"
        )
        return await self._do(lambda db: [_row(found) for found in db.execute(query, (now, limit))])

    @override
    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join)

    # -- the writer thread -------------------------------------------------------------------

    async def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._closed:
            raise StoreError("the store is closed", where=str(self._path))
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put((work, done))
        try:
            return await done
        except (sqlite3.Error, ValueError, TypeError, OverflowError) as error:
            raise self._trouble(error) from None

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, isolation_level=None, timeout=self._patience)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA synchronous = {self._synchronous}")
        db.execute("BEGIN IMMEDIATE")  # of two processes that make the file, one makes the tables
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > 1:
            raise sqlite3.DatabaseError(f"version {version} is newer than this program")
        if version == 0:
            if db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                raise sqlite3.DatabaseError("a database of something else, not a database of runs")
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
        db.execute("COMMIT")
        return db

    def _work(self) -> None:
        try:
            db = self._open()
        except BaseException as error:  # noqa: BLE001 - raised again by whoever opens the store
            self._ready.set_exception(error)
            return
        self._ready.set_result(None)
        try:
            while (first := self._queue.get()) is not None:
                group, more = self._gather(first)
                _commit_group(db, group)
                if not more:
                    break
        finally:
            self._closed = True
            self._refuse_rest()
            db.close()

    def _refuse_rest(self) -> None:
        """Whatever ended this thread: nobody shall wait for it for ever."""
        with contextlib.suppress(queue.Empty):
            while True:
                item = self._queue.get_nowait()
                if item is not None:
                    closed = StoreError("the store is closed", where=str(self._path))
                    _deliver([(item[1], None, closed)])

    def _gather(self, first: Item) -> tuple[list[Item], bool]:
        """All that waits now, and whether more may come."""
        group = [first]
        while len(group) < _MAX_GROUP:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return group, False
            group.append(item)
        return group, True

    def _trouble(self, error: Exception) -> StoreError:
        text = str(error).lower()
        place = str(self._path)
        if "full" in text or "disk i/o" in text:
            return StoreError("the disk is full or failing; nothing of this step was kept", where=place,
                              hint="Free some space, then 'jb runs resume'.")  # fmt: skip
        if "readonly" in text or "read-only" in text or isinstance(error, PermissionError):
            return StoreError("the run store cannot be written: it is read-only", where=place,
                              hint="Choose another with --store, or change its permissions.")  # fmt: skip
        if "locked" in text or "busy" in text:
            return StoreError("the run store is locked by another process", where=place,
                              hint="Wait until it is done, or use another store.")  # fmt: skip
        if "not a database" in text or "malformed" in text:
            return StoreError("this file is no run store, or it is damaged", where=place,
                              hint="Restore it from a backup, or move it away.")  # fmt: skip
        if "unable to open" in text or isinstance(error, FileExistsError | NotADirectoryError):
            return StoreError("the run store cannot be opened: something else stands in its place",
                              where=place, hint="Choose another with --store.")  # fmt: skip
        return StoreError(f"the run store cannot be used: {error}", where=place,
                          hint="Check the path and the disk.")  # fmt: skip


def _commit_group(db: sqlite3.Connection, group: list[Item]) -> None:
    """One transaction for all. A work that refuses does so before it changes anything.

    What cannot be stored (too big, no text) fails alone: the others are done again without it.
    """
    results: list[Result] = []
    try:
        db.execute("BEGIN IMMEDIATE")
        for work, done in group:
            try:
                results.append((done, work(db), None))
            except (ConflictError, KeyError) as refusal:
                results.append((done, None, refusal))
        db.execute("COMMIT")
    except Exception as error:  # noqa: BLE001 - the thread must live on; the waiting task raises it
        with contextlib.suppress(sqlite3.Error):
            if db.in_transaction:
                db.execute("ROLLBACK")
        if len(group) > 1 and not _is_of_the_file(error):
            for item in group:
                _commit_group(db, [item])
            return
        results = [(done, None, error) for _, done in group]
    _deliver(results)


def _is_of_the_file(error: Exception) -> bool:
    """Whether the trouble is that of the file or the disk, and not of one work."""
    return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError


def _deliver(results: Sequence[Result]) -> None:
    """Wake those who wait: one call into each loop, as each is a system call."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Result]] = {}
    for result in results:
        by_loop.setdefault(result[0].get_loop(), []).append(result)
    for loop, own in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, own)


def _settle(results: Sequence[Result]) -> None:
    for done, value, failure in results:
        if done.cancelled():
            continue
        if failure is None:
            done.set_result(value)
        else:
            done.set_exception(failure)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
"""For trees made by us; looking for circles takes a third of the time."""


_ESCAPING = json.JSONEncoder(separators=(",", ":"), check_circular=False)
"""For text with half a character in it (a lone surrogate), which UTF-8 does not have."""


def _text(value: object) -> str:
    text = _ENCODER.encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _ESCAPING.encode(value)
    return text


def _insert(db: sqlite3.Connection, run: str, version: int, bodies: Sequence[str]) -> None:
    """Add events; one statement for many, as the interpreter is let go and won back at each."""
    for begin in range(0, len(bodies), _MAX_ROWS):
        some = bodies[begin : begin + _MAX_ROWS]
        values = [part for index, body in enumerate(some, version + begin + 1)
                  for part in (run, index, body)]  # fmt: skip
        rows = ",".join(["(?,?,?)"] * len(some))
        db.execute(f"INSERT INTO events VALUES {rows}", values)  # noqa: S608 - only question marks


def _row(found: Sequence[Any]) -> RunRow:
    *most, driver, due, waiting = found
    waiting_for = json.loads(waiting) if waiting else None
    return RunRow(*most, due=due, waiting_for=waiting_for, driver=driver)


def _one(db: sqlite3.Connection, run: str) -> RunRow | None:
    found = db.execute(f"SELECT {_COLUMNS} FROM runs WHERE run = ?", (run,)).fetchone()  # noqa: S608
    return _row(found) if found else None
