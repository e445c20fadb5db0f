"""The one thread that touches a SQLite file of runs: group commit for whatever waits when it comes round.

All runs made and all appends of a group are two statements, not two for each: every statement lets the interpreter go and
has to win it back from a loop that is busy, which costs more than what it does.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, cast

from journeybuilder.connect.store_schema import prepare
from journeybuilder.errors import ConflictError, StoreError

T = TypeVar("T")
Work: TypeAlias = Callable[[sqlite3.Connection], Any]


class Creation(NamedTuple):
    """A run to make, with its first events."""

    run: str
    journey: str
    number: int
    plan: str
    at: float
    driver: str
    body: str

    @property
    def last(self) -> int:
        """The number of its last event."""
        return self.number


class Append(NamedTuple):
    """Events to append to a run at a version."""

    run: str
    version: int
    epoch: int
    number: int
    status: str
    at: float
    due: float | None
    waiting: str | None
    body: str

    @property
    def last(self) -> int:
        """The number of its last event."""
        return self.version + self.number


Rows: TypeAlias = Creation | Append
Item: TypeAlias = tuple[Work | Rows, asyncio.Future[Any]]
Result: TypeAlias = tuple[asyncio.Future[Any], Any, BaseException | None]

MAX_GROUP = 1024
_MAX_ROWS = 256
"""Rows of one statement; with the powers of two below it, nine statements serve every group."""


def EMPTY(db: sqlite3.Connection) -> None:  # noqa: N802 - a mark, not a deed
    """The work of emptying the log, done once the transaction is over."""
    del db


class Writer:
    """Does work on a SQLite file, everything that waits in one transaction.

    Args:
        path: The file; it and its folder are made when missing.
        synchronous: `FULL` survives a power loss, `NORMAL` only a killed process.
        patience: Seconds to wait for another process that holds the file.

    Raises:
        StoreError: When the file cannot be opened or is no store of ours.
    """

    def __init__(self, path: Path, synchronous: Literal["FULL", "NORMAL"], patience: float) -> None:
        self._path = path
        self._synchronous = synchronous
        self._patience = patience
        self._queue: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
        self._ready: Future[None] = Future()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)
        self._thread.start()
        try:
            self._ready.result()
        except (sqlite3.Error, OSError, ValueError) as error:
            raise trouble(error, self._path) from None

    async def do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do some work within a transaction.

        Raises:
            StoreError: When the file cannot be read or written; nothing of it was kept.
        """
        return await self._wait(work)

    async def write(self, rows: Rows) -> None:
        """Make a run, or append events to one.

        Raises:
            ConflictError: When the run exists, or version or epoch are not the expected ones.
            StoreError: When the file cannot be read or written; nothing of it was kept.
        """
        await self._wait(rows)

    async def empty_log(self) -> None:
        """Take what was deleted out of the write-ahead log too, where nobody else is reading now.

        Whoever reads just then keeps it from being emptied; the next time does it.

        Raises:
            StoreError: When the file cannot be written.
        """
        await self._wait(EMPTY)

    async def close(self) -> None:
        """Write what is pending and let go of the file."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            await asyncio.to_thread(self._thread.join)

    async def _wait(self, work: Work | Rows) -> Any:
        if self._closed:
            raise StoreError("the store is closed", where=str(self._path))
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._queue.put((work, done))
        try:
            return await done
        except (sqlite3.Error, ValueError, TypeError, OverflowError) as error:
            raise trouble(error, self._path) from None

    # -- in the thread -----------------------------------------------------------------------

    def _work(self) -> None:
        try:
            db = prepare(self._path, self._synchronous, self._patience)
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
        while len(group) < MAX_GROUP:
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                break
            if item is None:
                return group, False
            group.append(item)
        return group, True


def trouble(error: Exception, path: Path) -> StoreError:
    """What went wrong with the file, in words for whoever has to mend it."""
    text = str(error).lower()
    place = str(path)
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
    if isinstance(error, UnicodeEncodeError):
        return StoreError("the id of the run or the customer, or a text, holds half a character (a lone "
                          "surrogate), which cannot be stored", where=place,
                          hint="Correct whatever program hands it over.")  # fmt: skip
    return StoreError(f"the run store cannot be used: {error}", where=place,
                      hint="Check the path and the disk.")  # fmt: skip


def _commit_group(db: sqlite3.Connection, group: Sequence[Item]) -> None:
    """One transaction for all. A work that refuses does so before it changes anything.

    What cannot be stored (too big, no text) fails alone: the others are done again without it.
    """
    try:
        db.execute("BEGIN IMMEDIATE")
        results = list(_done(db, group))
        db.execute("COMMIT")
        if any(work is EMPTY for work, _ in group):  # not possible within a transaction
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
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


def _done(db: sqlite3.Connection, group: Sequence[Item]) -> Iterator[Result]:
    """Do the group; neighbors that write the same kind of rows do it together."""
    for kind, items in groupby(group, lambda item: type(item[0])):
        if kind in {Creation, Append}:
            yield from _written(db, cast("list[tuple[Rows, asyncio.Future[Any]]]", list(items)))
            continue
        for work, done in items:
            try:
                yield done, cast("Work", work)(db), None
            except (ConflictError, KeyError) as refusal:
                yield done, None, refusal


def _written(
    db: sqlite3.Connection, items: Sequence[tuple[Rows, asyncio.Future[Any]]]
) -> Iterator[Result]:
    if len(items) > 1 and _write_all(db, [rows for rows, _ in items]):
        yield from ((done, None, None) for _, done in items)
        return
    for rows, done in items:
        if _put(db, [rows]):
            _insert(db, [rows])
            yield done, None, None
        else:
            yield done, None, _refusal(rows)


def _refusal(rows: Rows) -> ConflictError:
    if isinstance(rows, Creation):
        return ConflictError("the run exists already", where=rows.run)
    return ConflictError("somebody else drives this run", where=rows.run, hint="Look at it again.")


def _write_all(db: sqlite3.Connection, all_rows: Sequence[Rows]) -> bool:
    """Write all or, where one does not fit, none."""
    if sqlite3.sqlite_version_info < (3, 33):  # has no UPDATE … FROM
        return False
    db.execute("SAVEPOINT rows")
    fits = all(_put(db, part) == len(part) for part in _parts(all_rows))
    if fits:
        for part in _parts(all_rows):
            _insert(db, part)
    else:
        db.execute("ROLLBACK TO rows")
    db.execute("RELEASE rows")
    return fits


def _parts(rows: Sequence[Rows]) -> Iterator[Sequence[Rows]]:
    """Portions whose lengths are powers of two, so that few different statements are prepared."""
    begin, size = 0, _MAX_ROWS
    while begin < len(rows):
        while size > len(rows) - begin:
            size //= 2
        yield rows[begin : begin + size]
        begin += size


_NEW = "(?,?,'running',?,1,?,?,?,?,NULL,NULL)"
_MOVE = (
    "UPDATE runs SET version = version + ?, status = ?, updated = ?, due = ?, waiting_for = ? "
    "WHERE run = ? AND version = ? AND epoch = ?"
)


def _put(db: sqlite3.Connection, part: Sequence[Rows]) -> int:
    """Make the runs or set them forward, all of one kind; for how many that was possible."""
    first = part[0]
    if isinstance(first, Creation):
        rows = ",".join([_NEW] * len(part))
        values = [value for new in cast("Sequence[Creation]", part) for value in
                  (new.run, new.journey, new.number, new.plan, new.at, new.at, new.driver)]  # fmt: skip
        return db.execute(f"INSERT OR IGNORE INTO runs VALUES {rows}", values).rowcount  # noqa: S608
    if len(part) == 1:
        run, version, epoch, *rest, _ = first
        return db.execute(_MOVE, (*rest, run, version, epoch)).rowcount
    rows = ",".join(["(?,?,?,?,?,?,?,?)"] * len(part))
    query = (
        "UPDATE runs SET version = version + column4, status = column5, updated = column6, "  # noqa: S608
        f"due = column7, waiting_for = column8 FROM (VALUES {rows}) "
        # the plus keeps the planner from looking the other way round, through all runs
        "WHERE run = +column1 AND version = +column2 AND epoch = +column3"
    )
    return db.execute(query, [value for append in part for value in append[:8]]).rowcount


def _insert(db: sqlite3.Connection, part: Sequence[Rows]) -> None:
    values = [value for rows in part if rows.number for value in (rows.run, rows.last, rows.body)]
    if values:
        marks = ",".join(["(?,?,?)"] * (len(values) // 3))
        db.execute(f"INSERT INTO events VALUES {marks}", values)  # noqa: S608 - only question marks


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
