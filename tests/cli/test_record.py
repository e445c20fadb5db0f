"""`jb record`, and a scenario that replays what it kept."""

import json
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.fakes import write_files

JOURNEY = """\
journeybuilder: 1
journey: advise
start: ask_model
input: {properties: {name: {type: string, data: personal}}, required: [name]}
nodes:
  ask_model: {kind: generate, model: fast, prompt: "Advise ${input.name}", save: text, next: tell}
  tell: {kind: say, text: "${text}", next: done}
  done: {kind: end, outcome: good}
"""
SCENARIO = """\
journeybuilder: 1
scenario: as recorded
journey: advise
input: {name: Hildegard}
recording: advise
expect: [{said: rehearsed}]
"""


@pytest.fixture
def advising(jb: Shell) -> Shell:
    write_files(jb.folder, {"journeys/advise.journey.yaml": JOURNEY,
                            "scenarios/advise.scenario.yaml": SCENARIO})  # fmt: skip
    return jb


def recording(folder: Path, name: str = "advise") -> Path:
    return folder / ".journeybuilder" / "recordings" / f"{name}.jsonl"


def test_it_runs_as_run_does_and_says_what_it_kept_and_took_out(advising: Shell) -> None:
    out = advising("record", "advise", "--set", "name=Hildegard", status=0).out
    assert "recorded 1 call as 'advise'" in out
    assert "taken out: input name (personal), 1 value" in out
    assert "What stays: true and false" in out
    assert "look through the file" in out
    assert "Hildegard" not in recording(advising.folder).read_text(encoding="utf-8")


def test_json_has_the_events_then_the_recording_then_how_the_run_stands(advising: Shell) -> None:
    result = advising("record", "advise", "--set", "name=Hildegard", "--json", status=0)
    *_, told, last = result.lines
    assert told == {
        "event": "recorded",
        "recording": "advise",
        "file": str(recording(advising.folder)),
        "calls": 1,
        "removed": [{"where": "input", "field": "name", "class": "personal", "values": 1}],
        "secrets": False,
    }
    assert (last["event"], last["outcome"]) == ("ended", "good")


def test_a_scenario_replays_it_also_for_somebody_else(advising: Shell) -> None:
    advising("record", "advise", "--set", "name=Wilhelmina", status=0)
    out = advising("simulate", "advise", "--scenario", "as recorded", status=0).out
    assert "passed: as recorded" in out


def test_a_scenario_whose_recording_is_not_there_says_how_to_make_it(advising: Shell) -> None:
    err = advising("simulate", "advise", "--scenario", "as recorded", status=2).err
    assert "there is no recording 'advise'" in err
    assert "jb record --name advise" in err


def test_it_can_have_a_name_of_its_own_and_is_a_file_of_json_lines(advising: Shell) -> None:
    advising("record", "advise", "--set", "name=X", "--name", "first-try", status=0)
    lines = recording(advising.folder, "first-try").read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[0])["recording"] == "first-try"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--name", "../x"], "'../x' is no name for a recording"),
        (["--server", "ordres"], "the journey uses no server 'ordres'"),
    ],
)
def test_wrong_use_is_said_before_anything_runs(
    advising: Shell, words: list[str], told: str
) -> None:
    result = advising("record", "advise", "--set", "name=X", *words, status=2)
    assert told in result.err
    assert not recording(advising.folder).exists()


def test_a_parked_run_is_recorded_as_far_as_it_came(jb: Shell) -> None:
    out = jb("record", "hello", "--set", "name=Ana", status=3).out
    assert "recorded 0 calls as 'hello'" in out
    assert "nothing was taken out: no field is declared as personal" in out


def test_a_recording_is_only_written_over_when_that_is_wished(advising: Shell) -> None:
    advising("record", "advise", "--set", "name=Wilhelmina", status=0)
    before = recording(advising.folder).read_bytes()
    result = advising("record", "advise", "--set", "name=Otto", status=2)
    assert "there is a recording 'advise' already" in result.err
    assert "--replace" in result.err
    assert recording(advising.folder).read_bytes() == before
    advising("record", "advise", "--set", "name=Otto", "--replace", status=0)
