"""A workspace over MCP servers that other people wrote: discovered, checked, locked, exported and run."""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.contract.services import Elicitation, PromptGet, ResourceRead, ToolCall
from journeybuilder.document.servers import ServerSpec
from tests.connect.pools import opened

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".peers"
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"
NODE = shutil.which("node")
TIME = PEERS / "time" / SCRIPTS / "mcp-server-time"
GIT = PEERS / "git" / SCRIPTS / "mcp-server-git"
MODULES = PEERS / "node" / "node_modules" / "@modelcontextprotocol"
FILES = MODULES / "server-filesystem" / "dist" / "index.js"
MEMORY = MODULES / "server-memory" / "dist" / "index.js"
EVERYTHING = MODULES / "server-everything" / "dist" / "index.js"
FROM_NPM = (FILES, MEMORY, EVERYTHING)

pytestmark = pytest.mark.timeout(120)
needs_time = pytest.mark.skipif(
    not TIME.exists(), reason="'make test' installs mcp-server-time into .peers"
)
needs_files = pytest.mark.skipif(
    NODE is None or not FILES.exists(),
    reason="server-filesystem needs node; 'make test' installs it where npm is",
)
needs_all = pytest.mark.skipif(
    NODE is None or not all(each.exists() for each in (TIME, GIT, *FROM_NPM)),
    reason="servers from npm need node; 'make test' installs them where npm is",
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
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
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


EVERY = """\
journeybuilder: 1
journey: everybody
start: now
nodes:
  now: {kind: tool, tool: time/get_current_time, with: {timezone: Europe/Madrid}, save: moment, next: remember}
  remember:
    kind: tool
    tool: memory/create_entities
    with: {entities: [{name: Ada, entityType: customer, observations: [likes tea]}]}
    save: made
    next: look
  look: {kind: tool, tool: memory/search_nodes, with: {query: Ada}, save: graph, next: note}
  note: {kind: tool, tool: files/read_text_file, with: {path: "@SHELF@/note.txt"}, save: text, next: log}
  log: {kind: tool, tool: git/git_log, with: {repo_path: "@REPO@"}, save: commits, next: weather}
  weather: {kind: tool, tool: everything/get-structured-content, with: {location: Chicago}, save: weather, next: picture}
  picture: {kind: tool, tool: everything/get-tiny-image, save: picture, next: done}
  done:
    kind: end
    outcome: told
    output:
      zone: "${moment.timezone}"
      who: "${graph.entities[0].name}"
      text: "${text.content}"
      commits: "${commits}"
      conditions: "${weather.conditions}"
      picture: "${picture}"
"""


def everybody(folder: Path) -> Path:
    """All five servers in one `mcp.json`, written as other clients write it."""
    shelf, repo = folder / "shelf", folder / "repo"
    shelf.mkdir()
    repo.mkdir()
    (shelf / "note.txt").write_text("a return label")
    (repo / "readme").write_text("hello")
    identity = ["-c", "user.name=Dana", "-c", "user.email=dana@example.com"]
    for words in (["init", "--quiet"], ["add", "."], [*identity, "commit", "-qm", "first steps"]):
        subprocess.run(["git", *words], cwd=repo, check=True, timeout=30)
    servers = {
        "time": {"command": str(TIME), "args": ["--local-timezone", "UTC"]},
        "git": {"type": "stdio", "command": str(GIT), "args": ["--repository", str(repo)]},
        "files": {"command": "node", "args": [str(FILES), str(shelf)]},
        "memory": {
            "command": "node",
            "args": [str(MEMORY)],
            "env": {"MEMORY_FILE_PATH": str(folder / "memory.jsonl")},
            "autoApprove": ["search_nodes"],
        },
        "everything": {"command": "node", "args": [str(EVERYTHING), "stdio"]},
    }
    journeys = folder / "w" / "journeys"
    journeys.mkdir(parents=True)
    (folder / "w" / "journeybuilder.yaml").write_text("journeybuilder: 1\nworkspace: peers\n")
    comment = "// dropped in from another client\n"
    text = comment + json.dumps({"mcpServers": servers}, indent=2)
    (folder / "w" / "mcp.json").write_text(text)
    words = EVERY.replace("@SHELF@", shelf.as_posix()).replace("@REPO@", repo.as_posix())
    (journeys / "everybody.journey.yaml").write_text(words)
    return folder / "w"


@needs_all
@pytest.mark.timeout(400)
def test_five_servers_of_others_are_discovered_checked_locked_and_used_in_one_journey(
    tmp_path: Path,
) -> None:
    folder = everybody(tmp_path)
    status, out, err = jb(folder, "servers", "--json")
    assert status == 0, out + err
    servers = {each["name"]: each for each in json.loads(out)["servers"]}
    assert {name: each["tools"] >= 1 for name, each in servers.items()} == dict.fromkeys(
        ("time", "git", "files", "memory", "everything"), True
    )
    assert servers["everything"]["resources"] > 0
    assert servers["everything"]["templates"] > 0
    assert servers["everything"]["prompts"] > 0
    assert {servers["time"]["protocol"], servers["files"]["protocol"]} == {
        "2026-07-28",
        "2025-11-25",
    }
    status, out, err = jb(folder, "servers", "--doctor")
    assert status == 0, out + err
    assert "tool 'simulate-research-query' cannot be used: it can only be run as an MCP task" in out

    path = folder / "journeys" / "everybody.journey.yaml"
    good = path.read_text()
    for right, wrong, words in (
        ("repo_path", "repo_pth", "has no argument 'repo_pth'"),
        ("weather.conditions", "weather.condition", "'condition'"),
        ("moment.timezone", "moment.timezon", "'timezon'"),
    ):
        path.write_text(good.replace(right, wrong))
        status, out, err = jb(folder, "check")
        assert (status, words in out) == (1, True), out + err
    path.write_text(good)
    for arguments in (
        ["check"],
        ["lock"],
        ["lock", "--check"],
        ["export", "everybody", "-o", "b.yaml"],
    ):
        status, out, err = jb(folder, *arguments)
        assert status == 0, out + err
    status, out, err = jb(folder, "run", "b.yaml", "--json")
    last = json.loads(out.splitlines()[-1])
    assert (status, last["event"], last["outcome"]) == (0, "ended", "told"), out + err
    output = last["output"]
    assert (output["zone"], output["who"], output["text"]) == (
        "Europe/Madrid", "Ada", "a return label",
    )  # fmt: skip
    assert "first steps" in json.dumps(output["commits"])
    assert output["conditions"]
    image = next(each for each in output["picture"] if isinstance(each, dict))
    assert (image["kind"], image["mime"]) == ("image", "image/png")
    assert (folder / image["file"]).read_bytes().startswith(b"\x89PNG")


@needs_all
def test_what_the_server_for_everything_asks_and_gives_is_answered_and_read(tmp_path: Path) -> None:
    async def answer(question: Elicitation) -> Mapping[str, Any]:
        wanted = question.schema["properties"]
        values = {"boolean": True, "string": "Ada", "integer": 30, "number": 1.5}
        given = {
            name: values[wanted[name]["type"]] for name in question.schema.get("required") or ()
        }
        asked.append(question)
        return given

    asked: list[Elicitation] = []

    async def work() -> None:
        spec = ServerSpec("everything", "stdio", command="node", args=(str(EVERYTHING), "stdio"))
        async with opened(tmp_path, spec) as it:
            state = await it.discover()
            told: list[float] = []
            call = ToolCall(
                "r", "n", "everything/trigger-long-running-operation",
                {"duration": 1, "steps": 2}, 30, "k", None, lambda done, *_: told.append(done),
            )  # fmt: skip
            await it.pool.call(call)
            assert told
            question = ToolCall(
                "r", "n", "everything/trigger-elicitation-request", {}, 30, "k", answer
            )
            words = json.dumps((await it.pool.call(question)).value)
            assert asked[0].server == "everything"
            assert "accept" in words or "provided" in words
            uri = state.offers.resources[0].uri
            assert (await it.pool.read(ResourceRead("r", "n", "everything", uri, 30))).value
            name = next(each for each in state.offers.prompts if not each.arguments).name
            messages = await it.pool.prompt(PromptGet("r", "n", f"everything/{name}", {}, 30))
            assert messages[0]["role"] == "user"

    asyncio.run(work())
