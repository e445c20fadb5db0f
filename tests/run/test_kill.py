"""A run survives SIGKILL at every commit point, and no tool effect happens twice."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.connect.store_sqlite import SqliteJournal
from journeybuilder.run.engine import Engine
from journeybuilder.run.state import RunState, fold
from tests.run.sample import Ledger, drive, retail_plan, services

PROGRAM = Path(__file__).with_name("sample.py")
ROOT = Path(__file__).parents[2]
COMMITS = 19
"""Commits of the sample run; a test below says so when that changes."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")


def play(folder: Path, n: int, when: str) -> subprocess.CompletedProcess[str]:
    arguments = [folder / "runs.db", folder / "ledger", "r-1", n, when]
    return subprocess.run(
        [sys.executable, PROGRAM, *map(str, arguments)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def finish(folder: Path) -> tuple[RunState, list[dict[str, Any]]]:
    """Go on with what the killed process left behind, as another process would."""

    async def work() -> RunState:
        journal = SqliteJournal(folder / "runs.db")
        engine = Engine(retail_plan(), journal, services(Ledger(folder / "ledger")))
        await drive(engine, "r-1", journal)
        state = fold(await journal.events("r-1"))
        await journal.close()
        return state

    return asyncio.run(work()), Ledger(folder / "ledger").effects()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunState, list[dict[str, Any]]]:
    return finish(tmp_path_factory.mktemp("undisturbed"))


def test_the_sample_run_has_as_many_commits_as_are_tested(tmp_path: Path) -> None:
    done = play(tmp_path, 0, "never")
    assert json.loads(done.stdout) == {"commits": COMMITS, "outcome": "resolved"}, done.stderr


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("n", range(1, COMMITS + 1))
def test_a_run_killed_at_any_commit_ends_the_same_with_each_effect_once(
    tmp_path: Path, undisturbed: tuple[RunState, list[dict[str, Any]]], n: int, when: str
) -> None:
    killed = play(tmp_path, n, when)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    state, effects = finish(tmp_path)
    wanted, wanted_effects = undisturbed
    assert (state.status, state.outcome, state.output) == ("ended", "resolved", wanted.output)
    assert state.path == wanted.path
    assert state.variables == wanted.variables
    assert [effect["tool"] for effect in effects] == [effect["tool"] for effect in wanted_effects]
