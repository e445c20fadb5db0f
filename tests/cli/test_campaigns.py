"""`jb simulate --random`: what it prints, what it writes, its exit status, its end by Ctrl+C."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.fakes import write_files

pytestmark = pytest.mark.timeout(120)
ROUND = """\
journeybuilder: 1
journey: round
start: rest
input: {properties: {name: {type: string}}, required: [name]}
limits: {steps: 1000000000, duration: 36500000d}
nodes:
  rest: {kind: wait, for: 1s, next: over}
  over: {kind: branch, cases: [{when: 'input.name == input.name + "x"', next: done}], otherwise: rest}
  done: {kind: end, outcome: over}
"""


def test_bugs_are_told_with_their_shortest_scenario_and_the_seed(jb: Shell) -> None:
    got = jb("simulate", "hello", "--random", "200", "--seed", "5", status=1)
    assert "found: the run waits for ever at 'which': the customer does not answer" in got.out
    assert "the shortest scenario:" in got.out
    assert "seed 5; the same again: jb simulate hello --random 200 --seed 5" in got.out
    assert "covered: 4 of 4 nodes" in got.out
    assert jb("simulate", "hello", "--random", "200", "--seed", "5").out.count(
        "found:"
    ) == got.out.count("found:")


def test_the_json_says_what_was_found(jb: Shell) -> None:
    value = jb("simulate", "decide", "--random", "100", "--json", status=1).value
    assert set(value) == {"runs", "seed", "stopped", "found", "coverage", "files"}
    assert (value["runs"], value["seed"], value["stopped"]) == (100, 1, False)
    [found] = value["found"]
    assert set(found) == {"code", "words", "node", "times", "run", "scenario"}
    assert (found["code"], found["node"]) == ("waits_forever", "look")
    assert found["scenario"]["expect"] == [{"sound": True}]
    assert value["coverage"]["nodes"] == {"hit": 3, "all": 3}


def test_a_scenario_of_a_bug_is_written_checks_and_fails_for_the_same_reason(
    jb: Shell, shop: Path
) -> None:
    arguments = ["simulate", "hello", "--random", "200", "--write", "scenarios"]
    value = jb(*arguments, "--json", status=1).value
    assert len(value["files"]) == len(value["found"]) > 0
    assert "scenarios/" not in jb("check").out
    for file, found in zip(value["files"], value["found"], strict=True):
        assert (shop / file).is_file()
        failed = jb("simulate", "hello", "--scenario", file, status=1)
        assert found["words"] in failed.out
    again = jb(*arguments, "--json", status=1).value
    assert again["files"] == value["files"]
    assert len(list((shop / "scenarios").iterdir())) == len(value["files"]) + 1


def test_a_scenario_that_somebody_has_changed_is_not_written_over(jb: Shell, shop: Path) -> None:
    arguments = ["simulate", "decide", "--random", "50", "--write", "scenarios", "--json"]
    [first] = jb(*arguments, status=1).value["files"]
    text = (shop / first).read_text(encoding="utf-8")
    (shop / first).write_text(f"# mine\n{text}", encoding="utf-8")
    [second] = jb(*arguments, status=1).value["files"]
    assert second == first.replace(".scenario.yaml", "-2.scenario.yaml")
    assert jb(*arguments, status=1).value["files"] == [second]
    assert (shop / first).read_text(encoding="utf-8").startswith("# mine")
    assert "(2)" in (shop / second).read_text(encoding="utf-8")
    assert "scenarios/" not in jb("check").out


def test_what_must_hold_is_read_from_a_file(jb: Shell, shop: Path) -> None:
    write_files(shop, {"hold.yaml": 'expect:\n  - when: outcome != "lost"\n'})
    got = jb("simulate", "hello", "--random", "200", "--expect", "hold.yaml", status=1)
    assert "found: when: 'outcome != \"lost\"' does not hold" in got.out
    assert "customer:" in got.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing: here\n", "there is no list of expectations in it"),
        ("- outcom: good\n", "'outcom' is no expectation"),
        ("- [unclosed\n", "hold.yaml"),
    ],
)
def test_expectations_that_are_none_are_refused(
    jb: Shell, shop: Path, text: str, words: str
) -> None:
    write_files(shop, {"hold.yaml": text})
    got = jb("simulate", "hello", "--random", "5", "--expect", "hold.yaml", status=2)
    assert words in got.err


def test_what_a_scenario_gives_is_fixed(jb: Shell) -> None:
    given = ["simulate", "hello", "--scenario", "scenarios/hello.scenario.yaml", "--random", "30"]
    value = jb(*given, "--json", status=0).value
    assert value["found"] == []
    assert value["coverage"]["nodes"]["hit"] == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["simulate", "hello"], "'--random N'"),
        (["simulate", "hello", "--scenario", "x", "--seed", "3"], "go with '--random N'"),
        (["simulate", "hello", "--random", "0"], "range"),
        (["simulate", "nothing", "--random", "1"], "nothing"),
    ],
)
def test_wrong_use_is_told(jb: Shell, words: list[str], told: str) -> None:
    got = jb(*words, status=2)
    assert told in got.err


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C reaches a whole console there")
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("journey", ["hello", "round"])
def test_ctrl_c_ends_a_campaign_with_what_was_found_so_far(
    shop: Path, jobs: str, journey: str
) -> None:
    write_files(shop, {"journeys/round.journey.yaml": ROUND})
    command = [
        sys.executable,
        "-u",
        "-c",
        _TELLING,
        "simulate",
        journey,
        "--random",
        "10000000",
        "--jobs",
        jobs,
    ]
    running = subprocess.Popen(
        command, cwd=shop, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}, start_new_session=True,
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline() == "begun\n"
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert "stopped after" in out
    assert "Traceback" not in err


_TELLING = """
import sys
from journeybuilder.cli import campaigns
from journeybuilder.cli.live import LiveLine

def show(self, text):
    print("begun", flush=True)
    LiveLine.show = lambda self, text: None

LiveLine.show = show
from journeybuilder.__main__ import main
sys.exit(main())
"""
"""`jb` that says when a campaign has made its first progress."""
