"""A workspace over MCP servers that other people wrote: discovered, checked, locked, exported and run."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".peers"
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"
TIME = PEERS / "time" / SCRIPTS / "mcp-server-time"
FILES = (
    PEERS
    / "node"
    / "node_modules"
    / "@modelcontextprotocol"
    / "server-filesystem"
    / "dist"
    / "index.js"
)

pytestmark = pytest.mark.timeout(120)
needs_time = pytest.mark.skipif(
    not TIME.exists(), reason="'make test' installs mcp-server-time into .peers"
)
needs_files = pytest.mark.skipif(
    not FILES.exists(), reason="server-filesystem needs npm; 'make test' installs it"
)

JOURNEY = """\
journeybuilder: 1
journey: {name}
start: a
nodes:
  a: {{kind: tool, tool: {tool}, with: {arguments}, save: found, next: done, on_error: broken}}
  done: {{kind: end, outcome: found, output: {{found: "${{found}}"}}}}
  broken: {{kind: end, outcome: broken, output: {{why: "${{error.message}}"}}}}
"""


def jb(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "journeybuilder", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def workspace(folder: Path, servers: dict[str, Any], name: str, tool: str, arguments: str) -> Path:
    (folder / "journeys").mkdir(parents=True)
    (folder / "journeybuilder.yaml").write_text("journeybuilder: 1\nworkspace: peers\n")
    (folder / "mcp.json").write_text(json.dumps({"mcpServers": servers}))
    text = JOURNEY.format(name=name, tool=tool, arguments=arguments)
    (folder / "journeys" / f"{name}.journey.yaml").write_text(text)
    return folder


def found_and_run(folder: Path, name: str, misspelled: tuple[str, str]) -> dict[str, Any]:
    """Discover, find a misspelled argument, mend it, lock, export, run; the last event."""
    status, out, err = jb(folder, "tools")
    assert status == 0, out + err
    right, wrong = misspelled
    path = folder / "journeys" / f"{name}.journey.yaml"
    good = path.read_text()
    path.write_text(good.replace(right, wrong))
    status, out, err = jb(folder, "check")
    assert (status, f"has no argument '{wrong}'" in out, f"Did you mean '{right}'?" in out) == (
        1,
        True,
        True,
    ), out
    path.write_text(good)
    for arguments in (["check"], ["lock"], ["lock", "--check"], ["export", name, "-o", "b.yaml"]):
        status, out, err = jb(folder, *arguments)
        assert status == 0, out + err
    status, out, err = jb(folder, "run", "b.yaml", "--json")
    assert status == 0, out + err
    return json.loads(out.splitlines()[-1])


@needs_time
def test_the_time_server_is_discovered_checked_and_run(tmp_path: Path) -> None:
    folder = workspace(
        tmp_path / "w",
        {"time": {"command": str(TIME), "args": ["--local-timezone", "UTC"]}},
        "clock", "time/get_current_time", "{timezone: Europe/Madrid}",
    )  # fmt: skip
    last = found_and_run(folder, "clock", ("timezone", "timezon"))
    assert (last["event"], last["outcome"], last["path"]) == ("ended", "found", ["a", "done"])
    assert last["output"]["found"]["timezone"] == "Europe/Madrid"


@needs_time
def test_an_error_of_the_time_server_takes_the_error_port(tmp_path: Path) -> None:
    folder = workspace(
        tmp_path / "w", {"time": {"command": str(TIME)}},
        "clock", "time/get_current_time", "{timezone: Mars/Olympus}",
    )  # fmt: skip
    assert jb(folder, "tools")[0] == 0
    status, out, err = jb(folder, "run", "clock", "--json")
    last = json.loads(out.splitlines()[-1])
    assert (status, last["outcome"]) == (0, "broken"), out + err
    assert "Mars/Olympus" in last["output"]["why"]


@needs_files
def test_the_filesystem_server_is_discovered_checked_and_run(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "note.txt").write_text("a return label")
    folder = workspace(
        tmp_path / "w",
        {"files": {"command": "node", "args": [str(FILES), str(shelf)]}},
        "look", "files/read_text_file", f'{{path: "{(shelf / "note.txt").as_posix()}"}}',
    )  # fmt: skip
    last = found_and_run(folder, "look", ("path", "pth"))
    assert (last["event"], last["outcome"]) == ("ended", "found")
    assert "a return label" in json.dumps(last["output"])
