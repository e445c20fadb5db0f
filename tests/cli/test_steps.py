"""Events told to a run, steps taken back, and runs that wait for several things at once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.fakes import write_files

PARCEL = """\
journeybuilder: 1
journey: parcel
start: pause
nodes:
  pause: {kind: wait, event: delivered, timeout: 3d, save: parcel, next: told, on_timeout: late}
  told: {kind: say, text: "It lies ${parcel.where}.", next: which}
  which: {kind: ask, text: "All well?", save: word, next: done}
  late: {kind: end, outcome: late}
  done: {kind: end, outcome: good, output: {word: "${word}"}}
"""
LANES = """\
journeybuilder: 1
journey: lanes
start: fan
nodes:
  fan: {kind: parallel, lanes: {money: refund, goods: replace}}
  refund: {kind: review, to: desk, decisions: {approve: meet, reject: meet}, save: money}
  replace: {kind: review, to: other, decisions: {approve: meet, reject: meet}, save: goods}
  meet: {kind: join, wait_for: all, next: done}
  done: {kind: end, outcome: "good", output: {money: "${money.by}", goods: "${goods.by}"}}
"""


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody sits in front of a test."""
    with Path(os.devnull).open(encoding="utf-8") as nobody:
        monkeypatch.setattr("sys.stdin", nobody)
        yield


@pytest.fixture(autouse=True)
def more(shop: Path) -> None:
    files = {"journeys/parcel.journey.yaml": PARCEL, "journeys/lanes.journey.yaml": LANES}
    write_files(shop, files)


def parked(jb: Shell, journey: str) -> str:
    return str(jb("run", journey, "--json", status=3).lines[-1]["run"])


def test_a_run_that_waits_for_an_event_says_how_it_is_told(jb: Shell) -> None:
    out = jb("run", "parcel", status=3).out
    assert "parked: waits for the event 'delivered' at 'pause' until " in out
    assert "Tell it: jb runs signal r-" in out


def test_a_signal_wakes_the_run_with_its_data(jb: Shell) -> None:
    run = parked(jb, "parcel")
    out = jb("runs", "signal", run, "delivered", "--data", '{"where": "by the door"}', status=3).out
    assert "It lies by the door." in out
    jb("runs", "reply", run, "yes", status=0)


def test_a_signal_that_nobody_waits_for_yet_is_kept(jb: Shell) -> None:
    run = parked(jb, "parcel")
    jb("runs", "signal", run, "something_else", status=3)
    assert jb("runs", "list", "--json").value["runs"][0]["waiting_for"]["name"] == "delivered"


@pytest.mark.parametrize(
    ("data", "message"),
    [("{", "--data is no JSON from line 1"), ("[]", "--data has to be a JSON object")],
)
def test_data_of_a_signal_that_is_no_object_is_refused(jb: Shell, data: str, message: str) -> None:
    run = parked(jb, "parcel")
    assert message in jb("runs", "signal", run, "delivered", "--data", data, status=2).err


def finished(jb: Shell) -> str:
    run = parked(jb, "parcel")
    jb("runs", "signal", run, "delivered", "--data", '{"where": "here"}', status=3)
    jb("runs", "reply", run, "yes", status=0)
    return run


def test_a_run_goes_back_to_before_a_step_and_on_from_there(jb: Shell) -> None:
    run = finished(jb)
    out = jb("runs", "rewind", run, "which", status=3).out
    assert "parked: waits for the customer at 'which'" in out
    ended = jb("runs", "reply", run, "no", "--json", status=0).lines[-1]
    assert ended["output"] == {"word": "no"}
    assert ended["path"] == ["pause", "told", "which", "done"]


def test_a_copy_leaves_the_run_as_it_is(jb: Shell) -> None:
    run = finished(jb)
    made = jb("runs", "rewind", run, "#3", "--copy", "--json", status=3).lines[-1]["run"]
    assert made != run
    assert jb("runs", "reply", made, "no", "--json", status=0).lines[-1]["output"] == {"word": "no"}
    rows = {row["run"]: row["status"] for row in jb("runs", "list", "--json").value["runs"]}
    assert rows == {run: "ended", made: "ended"}


def test_a_step_that_was_never_made_is_said_with_the_nearest(jb: Shell) -> None:
    run = finished(jb)
    result = jb("runs", "rewind", run, "wich", status=2)
    assert "the run has made no step 'wich'" in result.err
    assert "Did you mean 'which'?" in result.err


def test_the_trace_numbers_the_steps_and_tells_what_happened(jb: Shell) -> None:
    run = finished(jb)
    jb("runs", "rewind", run, "2", status=3)
    out = jb("runs", "show", run).out
    assert "▸ which  #3" in out
    assert "event 'delivered'" in out
    assert "↩ back to before step #2, by operator" in out


def test_reviews_of_two_lanes_are_listed_and_decided_one_by_one(jb: Shell) -> None:
    run = parked(jb, "lanes")
    out = jb("reviews").out
    assert "'refund'" in out
    assert "'replace'" in out
    refused = jb("reviews", "approve", run, "--as", "dana", status=2)
    assert "Say which one with --node: refund, replace." in refused.err
    jb("reviews", "approve", run, "--as", "dana", "--node", "refund", status=3)
    ended = jb("reviews", "approve", run, "--as", "otto", "--json", status=0).lines[-1]
    assert ended["output"] == {"money": "dana", "goods": "otto"}


TWINS = """\
journeybuilder: 1
journey: twins
start: fan
nodes:
  fan: {kind: parallel, lanes: {left: l, right: r}}
  l: {kind: journey, journey: one, with: {what: left}, save: left, next: meet}
  r: {kind: journey, journey: one, with: {what: right}, save: right, next: meet}
  meet: {kind: join, next: done}
  done: {kind: end, outcome: "good", output: {left: "${left.word}", right: "${right.word}"}}
"""
ONE = """\
journeybuilder: 1
journey: one
input: {properties: {what: {type: string}}, required: [what]}
start: q
nodes:
  q: {kind: ask, text: "Of ${input.what}?", save: word, next: d}
  d: {kind: review, to: desk, show: {word: "${word}"}, decisions: {approve: done, reject: done}}
  done: {kind: end, outcome: "good", output: {word: "${word}"}}
"""


def test_lanes_that_wait_at_the_same_node_are_answered_by_their_names(
    jb: Shell, shop: Path
) -> None:
    write_files(shop, {"journeys/twins.journey.yaml": TWINS, "journeys/one.journey.yaml": ONE})
    out = jb("run", "twins", status=3).out
    assert "waits for the customer at 'one/q' in lane left" in out
    assert "TEXT --node right" in out
    run = str(jb("runs", "list", "--json").lines[0]["runs"][0]["run"])
    jb("runs", "reply", run, "blue", "--node", "right", status=3)
    out = jb("runs", "reply", run, "red", status=3).out
    assert f"jb reviews approve {run} --as NAME --node left" in out
    refused = jb("reviews", "approve", run, "--as", "dana", "--node", "d", status=2)
    assert "Say which one with --node: right, left." in refused.err
    jb("reviews", "approve", run, "--as", "dana", "--node", "right", status=3)
    ended = jb("reviews", "approve", run, "--as", "dana", "--json", status=0).lines[-1]
    assert ended["output"] == {"left": "red", "right": "blue"}


def test_a_signal_that_wakes_nobody_shows_what_the_run_waits_for(jb: Shell) -> None:
    run = parked(jb, "parcel")
    out = jb("runs", "signal", run, "elsewhere", status=3).out
    assert "parked: waits for the event 'delivered' at 'pause'" in out


def test_a_run_that_is_over_is_not_resumed_without_a_word(jb: Shell) -> None:
    run = parked(jb, "parcel")
    jb("runs", "cancel", run)
    refused = jb("runs", "resume", run, status=2).err
    assert "the run is over: cancelled" in refused
    assert f"jb runs rewind {run} STEP" in refused


def test_a_list_of_runs_of_one_status_does_not_say_that_there_are_none_at_all(jb: Shell) -> None:
    parked(jb, "parcel")
    assert jb("runs", "list", "--status", "failed").out.strip() == "There are no failed runs."
