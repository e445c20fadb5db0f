"""What somebody meets who sees the program for the first time and makes the usual slips."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import HELLO
from tests.cli.shell import Shell
from tests.fakes import write_files


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody sits in front of a test."""
    with Path(os.devnull).open(encoding="utf-8") as nobody:
        monkeypatch.setattr("sys.stdin", nobody)
        yield


@pytest.mark.parametrize("command", [("servers",), ("servers", "--doctor"), ("tools",), ("lock",)])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"mcpServers": {"a": {"command": "x"}', "mcp.json:1:38: error JB120"),
        ('{"mcpServers": {"a": {"comand": "x"}}}', "Did you mean 'command'?"),
    ],
)
def test_servers_that_cannot_be_read_are_not_taken_for_none(
    jb: Shell, command: tuple[str, ...], text: str, words: str
) -> None:
    write_files(jb.folder, {"mcp.json": text})
    result = jb(*command)
    assert words in result.err
    assert "No servers are configured" not in result.out
    if command != ("lock",):  # no journey here uses a tool, so nothing is left to approve
        assert result.status == 1


def test_a_tool_of_a_server_that_is_not_configured_is_not_called_withdrawn(jb: Shell) -> None:
    lock = "journeybuilder: 1\ntools:\n  gone/x: {digest: 'sha256:0', risk: read}\n"
    write_files(jb.folder, {"mcp.lock": lock})
    assert jb("lock", "--check", status=1).out == "gone/x: there is no server 'gone' in mcp.json\n"
    assert "error: there is no server 'gone' in mcp.json." in jb("lock", "gone/x", status=1).err


def test_a_command_line_in_the_place_of_a_command_is_explained(jb: Shell) -> None:
    write_files(jb.folder, {"mcp.json": '{"mcpServers": {"a": {"command": "git --version"}}}'})
    assert "Write only 'git' as the command" in jb("servers", status=1).out


def test_a_field_that_the_input_does_not_name_is_refused(jb: Shell) -> None:
    err = jb("run", "hello", "--set", "nmae=Ana", status=2).err
    assert "the input of 'hello' has no field 'nmae'. Did you mean 'name'?" in err
    err = jb("run", "hello", "--set", "name=Ana", "--set", "shoe=7", status=2).err
    assert "has no field 'shoe'. Fields: age, name." in err


def test_a_field_is_taken_where_the_input_is_open(jb: Shell) -> None:
    text = HELLO.replace("required: [name]", "required: [name], additionalProperties: true")
    write_files(jb.folder, {"journeys/hello.journey.yaml": text})
    jb("run", "hello", "--set", "name=Ana", "--set", "shoe=7", "--say", "O-1", status=0)


def test_a_run_that_was_started_from_outside_tells_where_it_goes_on(
    jb: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = jb.folder / "journeys" / "hello.journey.yaml"
    out = jb("run", str(file), "--set", "name=Ana", status=3).out
    words = out.strip().splitlines()[-1].partition("jb ")[2].split()
    assert words[-2:] == ["--workspace", str(jb.folder)]
    jb(*("O-5" if word == "TEXT" else word for word in words), status=0)


def test_a_scenario_can_be_called_by_its_file(jb: Shell) -> None:
    assert "passed" in jb("simulate", "hello", "--scenario", "hello", status=0).out


def test_a_run_that_is_over_cannot_be_canceled_in_silence(jb: Shell) -> None:
    lines = jb("run", "hello", "--set", "name=Ana", "--say", "O-1", "--json", status=0).lines
    err = jb("runs", "cancel", str(lines[-1]["run"]), status=2).err
    assert "the run is over: ended" in err


def test_no_number_of_runs_hides_them_all(jb: Shell) -> None:
    jb("run", "hello", "--set", "name=Ana", "--say", "O-1", status=0)
    assert "0 is not in the range" in jb("runs", "list", "--limit", "0", status=2).err


def test_the_file_that_cannot_be_read_is_the_one_named(jb: Shell) -> None:
    write_files(jb.folder, {"bad.yaml": "a: ["})
    good = "journeys/hello.journey.yaml"
    assert jb("diff", "bad.yaml", good, status=2).err.startswith("error: bad.yaml: line")
    assert jb("diff", good, "bad.yaml", status=2).err.startswith("error: bad.yaml: line")
    merge = ("merge", good, good, "bad.yaml", "-o", "out.yaml")
    assert jb(*merge, status=2).err.startswith("error: bad.yaml: line")
    err = jb(*merge, "--path", good, status=2).err
    assert err.startswith(f"error: {good} (theirs): line")


def test_a_file_that_is_wrong_as_a_whole_has_no_line_zero(jb: Shell) -> None:
    write_files(jb.folder, {"journeybuilder.yaml": ""})
    err = jb("run", "hello", "--set", "name=Ana", status=2).err
    assert err.startswith("error: journeybuilder.yaml: JB115")


REMEMBERS = """\
journeybuilder: 1
journey: notes
start: ok
nodes:
  ok: {kind: consent, purpose: marketing, text: May we write?, "yes": keep, "no": keep}
  keep: {kind: memory, remember: {size: 42}, purpose: service, next: drop}
  drop: {kind: memory, forget: [size], next: hold}
  hold: {kind: wait, event: parcel, next: done}
  done: {kind: end}
"""


def test_the_trace_says_in_words_what_is_remembered_and_waited_for(jb: Shell) -> None:
    write_files(jb.folder, {"journeys/notes.journey.yaml": REMEMBERS})
    words = ("run", "notes", "--customer", "C-1", "--say", "yes", "--trace")
    lines = jb(*words, status=3).out.splitlines()
    for line in (
        "    consent  'marketing' given",
        '    keeps    {"size": 42}',
        "    forgets  size",
        "    waits    for the event 'parcel'",
    ):
        assert line in lines
