"""One suite for every run store: whoever stores runs keeps these promises."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.connect.store_memory import MemoryJournal
from journeybuilder.connect.store_sqlite import SqliteJournal
from journeybuilder.contract.journal import Batch, Journal, NewRun
from journeybuilder.errors import ConflictError, StoreError

Opened = Callable[[], Journal]


@pytest.fixture(params=["memory", "sqlite"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    if request.param == "memory":
        return MemoryJournal
    return lambda: SqliteJournal(tmp_path / "sub" / "runs.db")


@asynccontextmanager
async def journal_with_run(opened: Opened) -> AsyncIterator[Journal]:
    journal = opened()
    await journal.create(NewRun("r-1", "test", "sha256:x", 100.0, [{"event": "started", "n": 1}]))
    yield journal
    await journal.close()


def batch(version: int, *events: str, epoch: int = 1, **rest: Any) -> Batch:
    bodies = [{"event": name} for name in events]
    return Batch("r-1", version, epoch, bodies, rest.pop("status", "running"), 101.0, **rest)


def check(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(work())  # pyright: ignore[reportArgumentType]


def test_events_come_back_in_the_order_of_appending(opened: Opened) -> None:
    async def work() -> None:
        async with journal_with_run(opened) as journal:
            await journal.append(batch(1, "a", "b"))
            await journal.append(batch(3, "ü"))
            assert [event["event"] for event in await journal.events("r-1")] == [
                "started",
                "a",
                "b",
                "ü",
            ]
            assert [event["event"] for event in await journal.events("r-1", after=2)] == ["b", "ü"]
            row = await journal.row("r-1")
            assert row is not None
            assert (row.version, row.status, row.updated) == (4, "running", 101.0)

    check(work)


def test_an_append_at_another_version_is_refused_and_keeps_nothing(opened: Opened) -> None:
    async def work() -> None:
        async with journal_with_run(opened) as journal:
            with pytest.raises(ConflictError):
                await journal.append(batch(0, "a"))
            assert len(await journal.events("r-1")) == 1

    check(work)


def test_whoever_drove_a_run_before_it_was_claimed_can_write_no_more(opened: Opened) -> None:
    async def work() -> None:
        async with journal_with_run(opened) as journal:
            row = await journal.claim("r-1")
            with pytest.raises(ConflictError):
                await journal.append(batch(1, "by the old driver", epoch=1))
            await journal.append(batch(1, "by the new driver", epoch=row.epoch))
            assert [event["event"] for event in await journal.events("r-1", 1)] == [
                "by the new driver"
            ]

    check(work)


def test_of_many_appends_at_once_only_the_fitting_ones_are_kept(opened: Opened) -> None:
    async def work() -> None:
        async with journal_with_run(opened) as journal:
            tries = [journal.append(batch(1, f"try {number}")) for number in range(20)]
            results = await asyncio.gather(*tries, return_exceptions=True)
            refused = [result for result in results if isinstance(result, ConflictError)]
            assert (len(refused), len(await journal.events("r-1"))) == (19, 2)

    check(work)


def test_a_run_is_created_once(opened: Opened) -> None:
    async def work() -> None:
        async with journal_with_run(opened) as journal:
            with pytest.raises(ConflictError):
                await journal.create(NewRun("r-1", "test", "sha256:x", 1.0, []))
            with pytest.raises(KeyError):
                await journal.claim("r-2")
            assert await journal.row("r-2") is None

    check(work)


def test_parked_runs_are_found_when_their_moment_has_come(opened: Opened) -> None:
    async def work() -> None:
        async with journal_with_run(opened) as journal:
            waiting = {"kind": "customer", "node": "a"}
            await journal.append(
                batch(1, "parked", status="parked", due=500.0, waiting_for=waiting)
            )
            assert await journal.due(499.0) == []
            (row,) = await journal.due(500.0)
            assert (row.run, row.waiting_for) == ("r-1", waiting)
            assert [row.run for row in await journal.rows(status="parked")] == ["r-1"]
            assert await journal.rows(status="ended") == []

    check(work)


def test_half_a_character_is_stored_as_it_is(opened: Opened) -> None:
    async def work() -> None:
        async with journal_with_run(opened) as journal:
            await journal.append(batch(1, "cut \ud83d off", "\U0001f600"))
            events = await journal.events("r-1", 1)
            assert [event["event"] for event in events] == ["cut \ud83d off", "\U0001f600"]

    check(work)


def test_what_cannot_be_stored_fails_alone_and_the_store_goes_on(tmp_path: Path) -> None:
    async def work() -> None:
        async with journal_with_run(lambda: SqliteJournal(tmp_path / "runs.db")) as journal:
            bad = journal.save_plan("sha256:bad", "cut \ud83d off")
            results = await asyncio.gather(
                journal.append(batch(1, "a")), bad, journal.save_plan("sha256:good", "x"),
                return_exceptions=True,
            )  # fmt: skip
            assert [type(result) for result in results] == [type(None), StoreError, type(None)]
            assert len(await journal.events("r-1")) == 2
            assert await journal.plan("sha256:good") == "x"

    check(work)


def test_a_plan_is_kept_under_its_digest(opened: Opened) -> None:
    async def work() -> None:
        async with journal_with_run(opened) as journal:
            await journal.save_plan("sha256:x", "first")
            await journal.save_plan("sha256:x", "second")
            assert await journal.plan("sha256:x") == "first"
            assert await journal.plan("sha256:y") is None

    check(work)


def test_what_was_appended_is_there_after_reopening(tmp_path: Path) -> None:
    async def work() -> None:
        async with journal_with_run(lambda: SqliteJournal(tmp_path / "runs.db")) as journal:
            await journal.append(batch(1, "a"))
        again = SqliteJournal(tmp_path / "runs.db")
        assert [event["event"] for event in await again.events("r-1")] == ["started", "a"]
        await again.close()

    check(work)


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    (tmp_path / "runs.db").write_text(
        "this is a letter, not a database, and long enough to be read so"
    )
    with pytest.raises(StoreError, match="no run store"):
        SqliteJournal(tmp_path / "runs.db")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "runs.db")
    db.execute("CREATE TABLE songs (title TEXT)")
    with pytest.raises(StoreError, match="no run store"):
        SqliteJournal(tmp_path / "runs.db")
    assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]
    db.close()


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "runs.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="newer"):
        SqliteJournal(tmp_path / "runs.db")


def test_a_store_that_another_process_holds_is_said_to_be_locked(tmp_path: Path) -> None:
    async def work() -> None:
        async with journal_with_run(
            lambda: SqliteJournal(tmp_path / "runs.db", patience=0.05)
        ) as journal:
            other = sqlite3.connect(tmp_path / "runs.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked"):
                await journal.append(batch(1, "a"))
            other.execute("ROLLBACK")
            other.close()
            await journal.append(batch(1, "a"))  # nothing of the refused one was kept
            assert len(await journal.events("r-1")) == 2

    check(work)


_FULL = """
import asyncio, resource, signal, sys
from pathlib import Path
from journeybuilder.connect.store_sqlite import SqliteJournal
from journeybuilder.contract.journal import Batch, NewRun
from journeybuilder.errors import StoreError

async def main():
    journal = SqliteJournal(Path(sys.argv[1]))
    await journal.create(NewRun("r-1", "test", "x", 1.0, [{"event": "started"}]))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
    try:
        await journal.append(Batch("r-1", 1, 1, [{"event": "big", "text": "x" * 500_000}], "running", 2.0))
    except StoreError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    print(len(await journal.events("r-1")))
    await journal.append(Batch("r-1", 1, 1, [{"event": "small"}], "running", 3.0))
    print(len(await journal.events("r-1")))
    await journal.close()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
def test_when_the_disk_takes_no_more_it_is_said_and_nothing_is_half_written(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path / "runs.db")],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    message, *numbers = done.stdout.splitlines()[0], *done.stdout.splitlines()[-2:]
    assert "disk" in message
    assert numbers == ["1", "2"]
