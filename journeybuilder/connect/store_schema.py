"""The tables of a SQLite file of runs, and how a file comes to have them.

A row of `events` holds the events of one append as a JSON list, under the number of the last of them;
rows of version 1 hold one event each, as an object, and are read as they are. The rows of all runs lie in
the order of their writing, so that a group fills a few pages instead of touching one or two of every run;
files made before have them by run, and are read and written all the same. Indices of `runs` leave out
what runs: a run that goes on touches none of them.
"""

import contextlib
import sqlite3
import time
from pathlib import Path

VERSION = 2
_TABLES = """
CREATE TABLE plans (digest TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
  run TEXT PRIMARY KEY, journey TEXT NOT NULL, status TEXT NOT NULL, version INTEGER NOT NULL,
  epoch INTEGER NOT NULL, plan TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL,
  driver TEXT NOT NULL, due REAL, waiting_for TEXT) WITHOUT ROWID;
CREATE TABLE events (
  run TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run, seq));
CREATE INDEX runs_by_due ON runs (due) WHERE status = 'parked' AND due IS NOT NULL;
"""
_SECOND = """
DROP INDEX IF EXISTS runs_by_update;
CREATE INDEX runs_by_update ON runs (status, updated) WHERE status <> 'running';
CREATE INDEX runs_running ON runs (run) WHERE status = 'running';
CREATE TABLE facts (
  customer TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, purpose TEXT NOT NULL, until REAL,
  PRIMARY KEY (customer, name)) WITHOUT ROWID;
CREATE INDEX facts_by_end ON facts (until) WHERE until IS NOT NULL;
"""
_CACHE_KB = 32_768
_CHECKPOINT_PAGES = 4_000


def prepare(path: Path, synchronous: str, patience: float) -> sqlite3.Connection:
    """Open the file, made or brought to this version where needed.

    Raises:
        sqlite3.Error: When it is no file of runs, is newer than this program, or cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, isolation_level=None, timeout=patience)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA synchronous = {synchronous}")
        db.execute("PRAGMA secure_delete = ON")  # what is forgotten shall not lie in the file
        db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        db.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        db.execute("BEGIN IMMEDIATE")  # of two processes that make the file, one makes the tables
        _bring_up(db)
        db.execute("DELETE FROM facts WHERE until <= ?", (time.time(),))
        db.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            db.close()
        raise
    return db


def _bring_up(db: sqlite3.Connection) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise sqlite3.DatabaseError(f"version {version} is newer than this program")
    if version == 0:
        if db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise sqlite3.DatabaseError("a database of something else, not a database of runs")
        _run(db, _TABLES)
    if version < VERSION:
        _run(db, _SECOND)
        db.execute(f"PRAGMA user_version = {VERSION}")


def _run(db: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):
        db.execute(statement)
