"""`jb run` with a model that answers over HTTP: what it shows, keeps and never shows."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.fakes import write_files
from tests.fakes_openai import FakeOpenAI

pytestmark = [pytest.mark.xdist_group("litellm"), pytest.mark.timeout(120)]
KEY = "sk-very-secret-0815"
JOURNEY = """\
journeybuilder: 1
journey: advise
start: think
nodes:
  think: {kind: generate, model: fast, prompt: "What now?", save: text, next: tell, on_error: sorry}
  tell: {kind: say, text: "${text}", next: done}
  done: {kind: end, outcome: good}
  sorry: {kind: say, text: "${error.message}", next: bad}
  bad: {kind: end, outcome: bad}
"""


@pytest.fixture
def fake(jb: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeOpenAI]:
    """A provider, and a workspace whose model is there and may cost one call a day."""
    monkeypatch.setenv("SHOP_KEY", KEY)
    with FakeOpenAI() as server:
        entry = {
            "model": "openai/house-model",
            "api_base": server.url,
            "api_key": "${secret:SHOP_KEY}",
            "price": {"input_per_million": 1000, "output_per_million": 1000},
            "budget": {"usd": 1, "per": "month"},
        }
        files = {
            "models.yaml": "models: " + json.dumps({"fast": entry}) + "\n",
            "journeys/advise.journey.yaml": JOURNEY,
        }
        write_files(jb.folder, files)
        yield server


def test_a_budget_holds_from_one_run_to_the_next_and_keys_stay_inside(
    jb: Shell, fake: FakeOpenAI
) -> None:
    fake.says(f"My key is {KEY}")
    first = jb("run", "advise", "--json", status=0)
    assert first.lines[-1]["outcome"] == "good"
    assert first.lines[-1]["cost_usd"] == pytest.approx(1.5)
    second = jb("run", "advise", "--trace", status=0)
    assert "the budget of model 'fast' is spent: 1.5000 of 1 USD a month" in second.out
    assert fake.keys == [KEY]
    kept = [path.read_bytes() for path in Path(jb.folder, ".journeybuilder").rglob("*.*")]
    assert KEY not in first.out + first.err + second.out + second.err
    assert all(KEY.encode() not in data for data in kept)


def test_a_models_words_are_told_to_programs_while_it_writes_and_never_kept(
    jb: Shell, fake: FakeOpenAI
) -> None:
    fake.streams("Wait ", "for ", "a day.")
    lines = jb("run", "advise", "--live", "--json", status=0).lines
    written = [line for line in lines if line["event"] == "writing"]
    assert [line["text"] for line in written] == ["Wait ", "Wait for ", "Wait for a day."]
    assert {(line["node"], line["lane"], line["visit"]) for line in written} == {("think", "0", 1)}
    names = [line["event"] for line in lines]
    assert names.index("asked") < names.index("writing") < names.index("answered")
    assert fake.requests[0]["stream"] is True
    kept = jb("runs", "events", lines[-1]["run"], status=0).lines
    assert [event["event"] for event in kept] == [
        name for name in names[:-1] if name != "writing"
    ] + ["ended"]


def test_nothing_is_written_live_where_nobody_asked_for_it(jb: Shell, fake: FakeOpenAI) -> None:
    fake.says("Wait for a day.")
    lines = jb("run", "advise", "--json", status=0).lines
    assert "writing" not in [line["event"] for line in lines]
    assert not fake.requests[0].get("stream")


def test_nothing_is_written_live_where_nobody_would_see_it(jb: Shell, fake: FakeOpenAI) -> None:
    fake.streams("Wait ", "for a day.")
    result = jb("run", "advise", "--live", status=0)  # the error output of a test is no terminal
    assert result.err == ""
    assert "● Wait for a day." in result.out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no terminals of this kind")
def test_a_models_words_grow_on_one_line_of_the_terminal_which_is_empty_again_afterwards(
    jb: Shell, fake: FakeOpenAI
) -> None:
    from tests.cli.seat import Seat  # noqa: PLC0415 - cannot be imported on Windows

    fake.streams("Wait ", "for a good day.\n", "\x1b[2JIt 日本 comes.")
    with Seat("run", "advise", "--live", folder=jb.folder, columns=20) as seat:
        assert seat.leaves() == 0
    shown = [part for part in seat.seen.split("\r") if part.startswith("… ")]
    assert shown[0] == "… Wait"
    assert all(1 < len(part) < 20 for part in shown)
    assert shown[-1].endswith("日本 comes.")
    blank = re.search(r"\r( +)\r● Wait for a good day", seat.seen)
    assert blank is not None
    assert len(blank[1]) == len(shown[-1]) + 2  # two letters are two columns wide each


def test_a_recording_of_a_real_model_answers_without_it(jb: Shell, fake: FakeOpenAI) -> None:
    fake.says("Wait for a day.")
    jb("record", "advise", status=0)
    scenario = "journeybuilder: 1\nscenario: again\njourney: advise\nrecording: advise\n"
    expect = "expect: [{said: Wait for a day}, {cost_usd: {below: 2}}]\n"
    write_files(jb.folder, {"scenarios/again.scenario.yaml": scenario + expect})
    out = jb("simulate", "advise", "--scenario", "again", status=0).out
    assert "(openai/house-model; from the recording 'advise')" in out
    assert len(fake.requests) == 1
