"""Runs that a process drives: not taken from it while it lives, gone on with when it has died."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from journeybuilder.host import is_alive, this_process
from tests.cli.shell import Shell
from tests.fakes import write_files

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="processes are not told apart there"
)

SERVER = """
import json, sys, time
from pathlib import Path

for line in sys.stdin:
    ask = json.loads(line)
    if "id" not in ask:
        continue
    method, answer = ask["method"], {}
    if method == "initialize":
        answer = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}},
                  "serverInfo": {"name": "s", "version": "1"}}
    elif method == "tools/list":
        answer = {"tools": [{"name": "book", "inputSchema": {"type": "object"}}]}
    elif method == "tools/call":
        Path(sys.argv[1]).write_text("called")
        time.sleep(3600)
    else:
        print(json.dumps({"jsonrpc": "2.0", "id": ask["id"],
              "error": {"code": -32601, "message": "no"}}), flush=True)
        continue
    print(json.dumps({"jsonrpc": "2.0", "id": ask["id"], "result": answer}), flush=True)
"""
JOURNEY = """\
journeybuilder: 1
journey: book
start: a
nodes:
  a: {kind: tool, tool: s/book, save: done, next: z}
  z: {kind: end, outcome: booked}
"""


def slow_shop(folder: Path) -> Path:
    arguments = f'["{(folder / "server.py").as_posix()}", "{(folder / "called").as_posix()}"]'
    return write_files(
        folder,
        {
            "server.py": SERVER,
            "journeybuilder.yaml": "journeybuilder: 1\nworkspace: shop\n",
            "mcp.json": f'{{"mcpServers": {{"s": {{"command": "${{python}}", "args": {arguments}}}}}}}',
            "journeys/book.journey.yaml": JOURNEY,
        },
    )


def test_this_process_is_alive_and_others_are_not_told() -> None:
    assert is_alive(this_process())
    assert not is_alive("another-machine:1")
    assert not is_alive("")


@pytest.mark.timeout(120)
def test_a_run_is_not_taken_from_a_living_process_and_doubt_is_decided_by_its_own_words(
    jb: Shell, tmp_path: Path
) -> None:
    shop = slow_shop(tmp_path / "shop")
    here = ("--workspace", str(shop))
    jb("tools", *here, status=0)
    driver = subprocess.Popen(
        [sys.executable, "-m", "journeybuilder", "run", "book", *here],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        while not (shop / "called").exists():
            assert driver.poll() is None
            time.sleep(0.05)
        run = jb("runs", "list", "--json", *here).lines[0]["runs"][0]["run"]
        error = jb("runs", "resume", run, *here, status=2).err
        assert f"process {driver.pid} on this machine drives this run" in error
        assert "--force" in error
        error = jb("runs", "rewind", run, "a", *here, status=2).err
        assert f"process {driver.pid} on this machine drives this run" in error
        assert "--copy" in error
    finally:
        os.killpg(driver.pid, signal.SIGKILL)
        driver.wait()
    assert f"broken off; 'jb runs resume {run}' goes on" in jb("runs", "list", *here).out
    out = jb("runs", "resume", run, *here, status=3).out
    assert "may or may not have happened: done, not_done or cancel" in out
    assert "make the call again" in out
    error = jb("reviews", "approve", run, "--as", "dana", *here, status=2).err
    assert "Choose one with --decision: done, not_done, cancel." in error
    edit = ("reviews", "edit", run, "--as", "dana", "--decision", "done", "--value", '{"ok": true}')
    assert "■ ended: booked" in jb(*edit, *here, status=0).out
