"""`jb test`: its exit status, its JSON, its files, what people read, and its end by Ctrl+C."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from journeybuilder.document.templates import make_workspace
from tests.cli.shell import Shell, program
from tests.fakes import write_files

pytestmark = pytest.mark.timeout(120)
LATE = """\
journeybuilder: 1
scenario: somebody is lost
journey: hello
input: {name: Bo}
customer: [{says: nothing}, {says: nothing}, {says: nothing}]
expect: [{outcome: lost}]
"""
WRONG = LATE.replace("somebody is lost", "somebody else").replace("lost}]", "good}]")
ENDLESS = """\
journeybuilder: 1
journey: endless
start: rest
input: {properties: {name: {type: string}}}
limits: {steps: 1000000000, duration: 36500000d}
nodes:
  rest: {kind: wait, for: 1s, next: over}
  over: {kind: branch, cases: [{when: input.name == "nobody", next: done}], otherwise: rest}
  done: {kind: end, outcome: over}
"""


@pytest.fixture
def lost(shop: Path) -> Path:
    return write_files(shop, {"scenarios/lost.scenario.yaml": LATE})


@pytest.fixture
def failing(shop: Path) -> Path:
    return write_files(shop, {"scenarios/wrong.scenario.yaml": WRONG})


# -- for programs ------------------------------------------------------------------------------


def test_the_json_has_the_promised_form(jb: Shell, lost: Path) -> None:
    value = jb("test", "--json", status=0).value
    assert set(value) == {"passed", "failed", "skipped", "scenarios", "coverage"}
    assert (value["passed"], value["failed"], value["skipped"]) == (2, 0, 0)
    assert [set(one) for one in value["scenarios"]] == [
        {"name", "journey", "passed", "failures", "path", "cost_usd", "ms"}
    ] * 2
    assert value["coverage"]["nodes"] == {"hit": 4, "all": 7}  # `decide` has no scenario
    assert value["coverage"]["edges"] == {"hit": 3, "all": 5}
    assert value["coverage"]["errors"] == {"hit": 1, "all": 1}
    assert value["coverage"]["cases"] == {"hit": 0, "all": 2}
    words = [gap["words"] for gap in value["coverage"]["missing"]]
    assert "decide: look → sent (decisions.approve)" in words


def test_one_failure_is_enough_for_the_answer_no(jb: Shell, failing: Path) -> None:
    value = jb("test", "--json", status=1).value
    assert (value["passed"], value["failed"]) == (1, 1)
    assert value["scenarios"][1]["failures"] == ["outcome: it was 'lost', not 'good'"]


def test_the_files_are_written_also_where_something_failed(jb: Shell, failing: Path) -> None:
    jb("test", "--junit", "out/junit.xml", "--coverage", "out/coverage.json", status=1)
    root = ET.parse(failing / "out/junit.xml").getroot()
    assert (root.get("tests"), root.get("failures")) == ("2", "1")
    value = json.loads((failing / "out/coverage.json").read_text(encoding="utf-8"))
    assert value["journeys"]["hello"]["visits"] == {"greet": 2, "which": 2, "done": 1, "lost": 1}
    assert value["journeys"]["hello"]["passed"]["which"] == {"next": 1, "on_invalid": 1}
    assert value["edges"] == {"hit": 3, "all": 5}
    assert [gap["node"] for gap in value["missing"]][:3] == ["look", "sent", "stopped"]


def test_a_file_that_cannot_be_written_is_told(jb: Shell, shop: Path) -> None:
    (shop / "full").write_text("", encoding="utf-8")
    told = jb("test", "--junit", "full/junit.xml", status=2)
    assert "full" in told.err
    assert "passed" in told.out  # what was found is not lost with it


@pytest.mark.parametrize(
    ("percent", "status"), [("0", 0), ("60", 0), ("60.1", 1), ("100", 1)]
)  # 3 of 5 edges
def test_fail_under_counts_percent_of_edges(
    jb: Shell, lost: Path, percent: str, status: int
) -> None:
    error = jb("test", "--fail-under", percent, status=status).err
    said = "too little is covered: 3 of 5 edges, which is 60.0 %, and --fail-under wants"
    assert (said in error) == bool(status)


def test_fail_under_counts_only_journeys_that_were_meant(jb: Shell, lost: Path) -> None:
    jb("test", "hello", "--fail-under", "100", status=0)
    jb("test", "-k", "hello", "--fail-under", "100", status=0)
    jb("test", "--fail-under", "101", status=2)


# -- which scenarios ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ((), ["somebody says hello", "somebody is lost"]),
        (("lost",), ["somebody is lost"]),
        (("scenarios/lost.scenario.yaml", "somebody says hello"),
         ["somebody says hello", "somebody is lost"]),
        (("scenarios",), ["somebody says hello", "somebody is lost"]),
        (("hello",), ["somebody says hello", "somebody is lost"]),
        (("-k", "says or nothing"), ["somebody says hello"]),
        (("scenarios", "-k", "not says"), ["somebody is lost"]),
    ],
)  # fmt: skip
def test_paths_and_words_choose(
    jb: Shell, lost: Path, words: tuple[str, ...], names: list[str]
) -> None:
    value = jb("test", *words, "--json", status=0).value
    assert [one["name"] for one in value["scenarios"]] == names


def test_a_path_finds_its_workspace_from_anywhere(
    jb: Shell, lost: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert jb("test", "shop", "--json", status=0).value["passed"] == 2
    assert jb("test", "shop/scenarios", "-k", "lost", "--json", status=0).value["passed"] == 1
    assert jb("test", "--workspace", "shop", "lost", "--json", status=0).value["passed"] == 1
    assert "journeybuilder.yaml" in jb("test", status=2).err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lsot",), "there is no scenario 'lsot'"),
        (("journeybuilder.yaml",), "'journeybuilder.yaml' holds no scenario of this workspace"),
        (("-k", "zzz"), "no scenario fits 'zzz'"),
        (("-k", "a and"), "a word is missing at the end"),
        (("--env", "prd"), "there is no environment 'prd'"),
        (("--jobs", "0"), "0 is not in the range"),
    ],
)
def test_wrong_use_is_told_with_what_to_do(
    jb: Shell, lost: Path, words: tuple[str, ...], told: str
) -> None:
    assert told in jb("test", *words, status=2).err


def test_a_workspace_without_scenarios_says_how_to_write_one(jb: Shell, shop: Path) -> None:
    (shop / "scenarios/hello.scenario.yaml").unlink()
    error = jb("test", status=2).err
    assert "there are no scenarios" in error
    assert "scenarios/NAME.scenario.yaml" in error


def test_a_workspace_whose_models_cannot_be_read_is_told(jb: Shell, shop: Path) -> None:
    (shop / "models.yaml").write_text("models: [", encoding="utf-8")
    assert "models.yaml:2: JB101" in jb("test", status=2).err


# -- for people --------------------------------------------------------------------------------


def test_people_read_what_failed_where_and_what_is_missing(jb: Shell, failing: Path) -> None:
    out = jb("test", status=1).out
    lines = out.splitlines()
    assert lines[:7] == [
        "hello",
        "  passed  somebody says hello",
        "  FAILED  somebody else",
        "      outcome: it was 'lost', not 'good'",
        "      scenarios/wrong.scenario.yaml:6  at lost",
        "      path: greet → which → lost",
        "",
    ]
    assert lines[7:][:4] == [
        "coverage  nodes      edges      errors, time-outs  cases",
        "decide    0/3 0 %    0/2 0 %    –                  0/2 0 %",
        "hello     4/4 100 %  3/3 100 %  1/1 100 %          –",
        "all       4/7 57 %   3/5 60 %   1/1 100 %          0/2 0 %",
    ]
    assert lines[12:16] == [
        "missing in decide",
        "  look  the journey starts there: write a scenario for 'decide'",
        "  sent  reached from look (decisions.approve)",
        "  stopped  reached from look (decisions.reject)",
    ]
    assert lines[-1].startswith("1 failed, 1 passed in ")


def test_many_that_passed_are_counted_unless_somebody_wants_to_see_them(
    jb: Shell, shop: Path
) -> None:
    text = (shop / "scenarios/hello.scenario.yaml").read_text(encoding="utf-8")
    for number in range(41):
        name = f"number {number}"
        write_files(
            shop,
            {f"scenarios/n{number}.scenario.yaml": text.replace("somebody says hello", name)},
        )
    out = jb("test", status=0).out
    assert "hello  42 of 42 passed" in out
    assert "number 7" not in out
    assert "  passed  number 7\n" in jb("test", "-v", status=0).out


def test_what_a_file_says_cannot_command_the_terminal(jb: Shell, shop: Path) -> None:
    write_files(
        shop,
        {"scenarios/x.scenario.yaml": WRONG.replace("somebody else", '"\\e[31mred\\a"')},
    )
    out = jb("test", status=1).out
    assert "\x1b" not in out
    assert "\x07" not in out


# -- scenarios that are many -------------------------------------------------------------------

SURE = """\
journeybuilder: 1
journey: sure
start: which
nodes:
  which: {kind: ask, text: Sure?, expect: {type: string, pattern: "^yes$"}, save: said, attempts: 1, timeout: 1h, next: done, on_invalid: lost, on_timeout: lost}
  done: {kind: end, outcome: good}
  lost: {kind: end, outcome: lost}
"""
ANY = """\
journeybuilder: 1
scenario: whatever is said
journey: sure
random: {runs: 60, seed: 2}
expect: [{outcome: good}]
"""


def test_a_campaign_that_finds_something_fails_and_writes_it_only_when_asked(
    jb: Shell, shop: Path
) -> None:
    write_files(shop, {"journeys/sure.journey.yaml": SURE, "scenarios/any.scenario.yaml": ANY})
    result = jb("test", "any", "--json", status=1)
    [one] = result.value["scenarios"]
    assert any("seed 2" in words for words in one["failures"])
    assert one["passed"] is False
    assert sorted(path.name for path in (shop / "scenarios").iterdir()) == [
        "any.scenario.yaml",
        "hello.scenario.yaml",
    ]
    for _ in range(2):  # what is there already is not written once more
        jb("test", "any", "--write-found", "scenarios", status=1)
    [found] = [each for each in (shop / "scenarios").iterdir() if "found" in each.name]
    assert found.name == "any-found-1.scenario.yaml"
    value = jb("test", str(found), "--json", status=1).value
    assert value["scenarios"][0]["failures"] == ["outcome: it was 'lost', not 'good'"]


def test_a_campaign_that_finds_nothing_passes_and_covers(jb: Shell, shop: Path) -> None:
    text = ANY.replace("expect: [{outcome: good}]", "expect: [{never: orders/refund}]")
    write_files(shop, {"journeys/sure.journey.yaml": SURE, "scenarios/any.scenario.yaml": text})
    value = jb("test", "any", "--json", "--fail-under", "100", status=0).value
    assert value["coverage"]["errors"] == {"hit": 2, "all": 2}


def test_variants_that_all_end_alike_pass_as_one_scenario(jb: Shell, shop: Path) -> None:
    text = LATE.replace("{says: nothing}, {says: nothing}, {says: nothing}", "{says: O-1}").replace(
        "outcome: lost", "outcome: good"
    )
    vary = f"{text}vary: {{input.name: [Ana, Bo]}}\n"
    write_files(shop, {"scenarios/v.scenario.yaml": vary})
    out = jb("test", "v", status=0).out
    assert "passed  somebody is lost  (3 runs)" in out


# -- real servers ------------------------------------------------------------------------------

REAL = """\
journeybuilder: 1
scenario: a real order
journey: order-return
input: {customer_id: C-17}
customer: [{says: O-1001}, {says: It is broken}]
sources: {tools: {orders/get_order: real}}
expect: [{when: order.order_id == "O-1001" && order.customer_id == "C-17"}, {outcome: resolved}]
"""


@pytest.mark.xdist_group("retail servers")
def test_a_tool_that_is_to_be_real_is_really_called(tmp_path: Path) -> None:
    place = make_workspace(tmp_path / "center", "retail")
    write_files(place, {"scenarios/real.scenario.yaml": REAL})
    result = program("test", "real", "--json", folder=place)
    assert result.status == 0, result
    assert result.value["scenarios"][0]["passed"]


# -- its end -----------------------------------------------------------------------------------


def children_of(pid: int) -> list[int]:
    """The processes that a process has started."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    pairs = [line.split() for line in listed.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def endless(shop: Path) -> Path:
    """A workspace with scenarios that never come to an end."""
    one = "journeybuilder: 1\nscenario: {}\njourney: endless\ninput: {{name: Bo}}\n"
    return write_files(
        shop,
        {
            "journeys/endless.journey.yaml": ENDLESS,
            **{f"scenarios/z{each}.scenario.yaml": one.format(f"z{each}") for each in range(6)},
        },
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("sent", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_no_process_is_left_behind(endless: Path, sent: signal.Signals, status: int) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "journeybuilder", "test", "--jobs", "2"],
        cwd=endless,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        while len(children := [c for c in children_of(running.pid) if is_there(c)]) < 2:
            assert running.poll() is None
            time.sleep(0.05)
        if sent == signal.SIGINT:
            os.killpg(running.pid, sent)  # as a terminal does it
        else:
            running.kill()
        _, error = running.communicate(timeout=20)
        assert running.returncode == status
        if sent == signal.SIGINT:
            assert "1 of 7 scenarios were rehearsed" in error
            assert error.endswith("interrupted\n")
            assert not any(is_there(child) for child in children)
        while any(is_there(child) for child in children):  # whose parent is gone end by themselves
            time.sleep(0.05)
    finally:
        if running.poll() is None:
            running.kill()
            running.communicate()


def test_it_runs_as_a_program_of_its_own(endless: Path) -> None:
    result = program("test", "hello", "--json", folder=endless)
    assert result.status == 0
    assert result.value["passed"] == 1
    assert result.err == ""


if sys.platform != "win32":
    from tests.cli.seat import Seat

    def test_a_terminal_sees_how_far_it_is(lost: Path) -> None:
        with Seat("test", folder=lost, env={"NO_COLOR": "1"}) as seat:
            assert seat.leaves() == 0
        assert "… 0 of 2 scenarios" in seat.seen
        assert "… 1 of 2 scenarios · somebody says hello" in seat.seen
        assert "2 passed in " in seat.seen
