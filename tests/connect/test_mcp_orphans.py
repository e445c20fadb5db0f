"""Nothing that we have started outlives us, even where we are ended without being asked."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from journeybuilder.connect.mcp_orphans import WATCH
from tests.connect.pools import (
    appears,
    bad,
    becomes,
    good,
    lives,
    opened,
    pids,
    run,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="job objects do this on Windows")
ROOT = Path(__file__).parents[2]

HOLD = """
import asyncio, sys
from pathlib import Path
from tests.connect.pools import bad, good, web, free_port
from journeybuilder.connect.mcp_pool import Pool
from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.variables import Variables

async def work():
    folder = Path(sys.argv[1])
    specs = [bad(sys.argv[2], folder)] if sys.argv[2] != "web" else [web(folder, free_port())]
    pool = Pool(
        {spec.name: spec for spec in specs},
        variables=Variables(folder, Secrets({}, keyring=lambda: None), {}),
        log_dir=folder / "logs",
    )
    states = await pool.discover()
    assert states[0].ok, states
    (folder / "ready").touch()
    await asyncio.Event().wait()

asyncio.run(work())
"""


def holder(folder: Path, kind: str) -> "subprocess.Popen[bytes]":
    """Another program of ours that uses a server."""
    return subprocess.Popen([sys.executable, "-c", HOLD, str(folder), kind], cwd=ROOT)


@pytest.mark.parametrize("kind", ["chatty", "ignores_the_end", "leaves_a_grandchild", "web"])
@pytest.mark.parametrize("signal_", [signal.SIGKILL, signal.SIGTERM])
def test_servers_and_their_children_end_with_a_program_that_is_killed(
    tmp_path: Path, kind: str, signal_: signal.Signals
) -> None:
    async def work() -> None:
        program = holder(tmp_path, kind)
        try:
            await appears(tmp_path / "ready")
            started = pids(tmp_path)
            assert len(started) == (2 if kind == "leaves_a_grandchild" else 1)
            assert all(lives(pid) for pid in started)
            program.send_signal(signal_)
            await asyncio.to_thread(program.wait)
            await becomes(lambda: not any(lives(pid) for pid in started))
        finally:
            program.kill()
            program.wait()

    run(work())


def test_what_watches_is_there_only_as_long_as_it_is_needed(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, good(tmp_path), bad("chatty", tmp_path)) as it:
            await it.pool.discover()
            assert WATCH._shell is not None
            watching = WATCH._shell.pid
            assert lives(watching)
        assert WATCH._shell is None
        assert not lives(watching)

    run(work())


def test_a_watch_that_was_killed_is_started_again_and_knows_all(tmp_path: Path) -> None:
    async def work() -> None:
        async with opened(tmp_path, bad("chatty", tmp_path), good(tmp_path)) as it:
            await it.pool.discover(["chatty"])
            assert WATCH._shell is not None
            first = WATCH._shell
            os.kill(first.pid, signal.SIGKILL)
            first.wait()
            await it.pool.discover(["good"])
            assert WATCH._shell is not None
            assert WATCH._shell.pid != first.pid
            assert len(WATCH._live) == 2

    run(work())


def test_the_watch_ends_only_what_is_still_there() -> None:
    """A process that was taken out may have given its number to another by now."""
    stays = subprocess.Popen(["sleep", "60"], start_new_session=True)
    goes = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        code = (
            "import os, sys; from journeybuilder.connect.mcp_orphans import WATCH\n"
            "a, b = map(int, sys.argv[1:]); WATCH.add(a); WATCH.add(b); WATCH.drop(a); os._exit(0)"
        )
        words = [sys.executable, "-c", code, str(stays.pid), str(goes.pid)]
        subprocess.run(words, cwd=ROOT, check=True)
        assert goes.wait(30) == -signal.SIGTERM
        assert stays.poll() is None
    finally:
        for process in (stays, goes):
            process.kill()
            process.wait()
