"""The SQLite store in trouble: every trouble is named, what was written stays, nothing is half written."""

import asyncio
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from journeybuilder.connect.store_sqlite import SqliteJournal
from journeybuilder.errors import StoreError
from tests.run.conformance import batch, check, names, new


def test_what_cannot_be_stored_fails_alone_and_the_store_goes_on(tmp_path: Path) -> None:
    async def work() -> None:
        journal = SqliteJournal(tmp_path / "runs.db")
        await journal.create(new())
        bad = journal.save_plan("sha256:bad", "cut \ud83d off")
        results = await asyncio.gather(
            journal.append(batch(1, "a")), bad, journal.save_plan("sha256:good", "x"),
            return_exceptions=True,
        )  # fmt: skip
        assert [type(result) for result in results] == [type(None), StoreError, type(None)]
        assert len(await journal.events("r-1")) == 2
        assert await journal.plan("sha256:good") == "x"
        await journal.close()

    check(work)


def test_a_value_that_is_none_of_json_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    async def work() -> None:
        journal = SqliteJournal(tmp_path / "runs.db")
        await journal.create(new())
        bad = batch(1, "a", waiting_for={"what": object()})
        with pytest.raises(StoreError, match="cannot be stored"):
            await journal.append(bad)
        assert await names(journal) == ["started"]
        await journal.close()

    check(work)


def test_half_a_character_in_a_customers_id_is_told_as_that(tmp_path: Path) -> None:
    async def work() -> None:
        journal = SqliteJournal(tmp_path / "runs.db")
        memory = journal.memory()
        for bad in (memory.recall("C-\ud800", 0.0), memory.forget("C-\ud800", None)):
            with pytest.raises(StoreError, match="holds half a character") as caught:
                await bad
            assert "disk" not in str(caught.value)
        await journal.close()

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


def test_a_store_of_the_first_version_is_read_and_goes_on(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "runs.db")
    db.executescript(_FIRST)
    db.execute("INSERT INTO runs VALUES ('r-1','test','parked',3,1,'x',1.0,2.0,'',5.0,NULL)")
    for seq, name in enumerate(("started", "a", "parked"), 1):
        body = json.dumps({"event": name})
        db.execute("INSERT INTO events VALUES ('r-1', ?, ?)", (seq, body))
    db.commit()
    db.close()

    async def work() -> None:
        for _ in range(2):  # the second time it is of this version
            journal = SqliteJournal(tmp_path / "runs.db")
            assert await names(journal, after=1) == ["a", "parked"]
            assert [row.run for row in await journal.due(6.0)] == ["r-1"]
            await journal.close()
        journal = SqliteJournal(tmp_path / "runs.db")
        await journal.append(batch(3, "resumed", "b", status="ended"))
        assert await names(journal) == ["started", "a", "parked", "resumed", "b"]
        assert await names(journal, after=2) == ["parked", "resumed", "b"]
        assert [row.run for row in await journal.rows(status="ended")] == ["r-1"]
        await journal.close()

    check(work)


_FIRST = """
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


def test_every_question_is_answered_through_an_index(tmp_path: Path) -> None:
    """No question may take longer in a store of ten million events."""

    async def work() -> list[str]:
        journal = SqliteJournal(tmp_path / "runs.db")
        asked: list[str] = []
        await journal._writer.do(lambda db: db.set_trace_callback(asked.append))
        await journal.save_plan("x", "y")
        await journal.plan("x")
        await asyncio.gather(*(journal.create(new(f"r-{number}")) for number in range(40)))
        tries = (journal.append(batch(1, "a", run=f"r-{number}")) for number in range(40))
        await asyncio.gather(*tries)
        await journal.append(batch(2, "a", run="r-1"))
        await journal.claim("r-1")
        await journal.events("r-1", 1)
        await journal.row("r-1")
        await journal.rows()
        await journal.rows(status="running")
        await journal.due(5.0)
        await journal.prune(5.0)
        memory = journal.memory()
        await memory.recall("C-1", 1.0)
        await memory.forget("C-1", ["a"])
        await memory.forget("C-1", None)
        await journal._writer.do(lambda db: db.set_trace_callback(None))
        await journal.close()
        return asked

    deeds = ("SELECT", "UPDATE", "DELETE")
    asked = {query for query in asyncio.run(work()) if query.startswith(deeds)}
    assert len(asked) > 12
    db = sqlite3.connect(tmp_path / "runs.db")
    for query in asked:
        steps = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}")]
        scans = [step for step in steps if _SCAN.match(step) and "runs_running" not in step]
        assert not scans, (query, steps)
    db.close()


_SCAN = re.compile(r"SCAN (TABLE )?(runs|events|plans|facts)")


def test_a_store_that_another_process_holds_is_said_to_be_locked(tmp_path: Path) -> None:
    async def work() -> None:
        journal = SqliteJournal(tmp_path / "runs.db", patience=0.05)
        await journal.create(new())
        other = sqlite3.connect(tmp_path / "runs.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            await journal.append(batch(1, "a"))
        other.execute("ROLLBACK")
        other.close()
        await journal.append(batch(1, "a"))  # nothing of the refused one was kept
        assert len(await journal.events("r-1")) == 2
        await journal.close()

    check(work)


def test_a_damaged_store_is_said_to_be_damaged(tmp_path: Path) -> None:
    async def work() -> None:
        path = tmp_path / "runs.db"
        journal = SqliteJournal(path)
        for number in range(300):
            await journal.create(new(f"r-{number}"))
        await journal.close()
        size = path.stat().st_size
        with path.open("r+b") as file:  # the first page stands: it opens
            file.seek(4096)
            file.write(b"\x5a" * (size - 4096))

        async def look() -> None:
            journal = SqliteJournal(path)
            try:
                await journal.events("r-7")
            finally:
                await journal.close()

        with pytest.raises(StoreError, match=r"runs\.db.*damaged") as caught:
            await look()
        assert "backup" in caught.value.hint

    check(work)


_READ_ONLY = """
import asyncio, os, sys
from pathlib import Path
from journeybuilder.connect.store_sqlite import SqliteJournal
from journeybuilder.connect import store_text
from journeybuilder.contract.journal import Batch, NewRun
from journeybuilder.errors import StoreError

store_text.json_text([])  # imports what it needs while this user may still read it
folder = Path(sys.argv[1])

async def make():
    journal = SqliteJournal(folder / "runs.db")
    await journal.create(NewRun("r-1", "test", "x", 1.0, [{"event": "started"}]))
    await journal.close()

async def use(path):
    try:
        journal = SqliteJournal(path)
        await journal.append(Batch("r-1", 1, 1, [{"event": "a"}], "running", 2.0))
    except StoreError as error:
        print(type(error).__name__, str(error).replace(chr(10), " "))

asyncio.run(make())
os.chmod(folder / "runs.db", 0o444)
os.chmod(folder, 0o555)
if os.geteuid() == 0:  # root may write everything
    os.setgid(65534)
    os.setuid(65534)
asyncio.run(use(folder / "runs.db"))
asyncio.run(use(folder / "sub" / "runs.db"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_a_read_only_file_or_folder_is_named(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    folder = tmp_path / "store"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", _READ_ONLY, str(folder)],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip
    folder.chmod(0o755)
    file, below = done.stdout.splitlines()
    for line in (file, below):
        assert line.startswith(f"StoreError {folder}"), done.stdout
        assert "read-only" in line
        assert "--store" in line


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
