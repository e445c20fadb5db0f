"""`jb compare` over real HTTP, with two providers that behave differently."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from tests.cli.shell import Shell
from tests.fakes import write_files
from tests.fakes_openai import FakeOpenAI
from tests.rehearse.two_models import JOURNEY, careful, entry, hasty, workspace

pytestmark = [pytest.mark.xdist_group("litellm"), pytest.mark.timeout(120)]


@pytest.fixture
def good() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        server.behaves(careful)
        yield server


@pytest.fixture
def quick() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        server.behaves(hasty)
        yield server


@pytest.fixture
def jb(
    tmp_path: Path,
    good: FakeOpenAI,
    quick: FakeOpenAI,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    models = {
        "fast": {"model": "scripted"},
        "writer": {"model": "scripted"},
        "good": entry(good),
        "quick": entry(quick, price=0.5),
    }
    place = workspace(tmp_path / "two", models)
    monkeypatch.chdir(place)
    return Shell(place, capsys)


def test_two_models_are_told_apart_by_what_was_expected(
    jb: Shell, good: FakeOpenAI, quick: FakeOpenAI
) -> None:
    result = jb("compare", "concern", "--models", "good,quick", "--runs", "5", "--json", status=0)
    value = result.value
    one, two = value["candidates"]
    assert (one["name"], one["model"], one["passed"], one["counted"]) == ("good", "openai/house-model", 20, 20)  # fmt: skip
    assert (two["passed"], two["counted"], two["provider"]) == (10, 20, 0)
    assert two["rate"]["low"] < 0.5 < two["rate"]["high"]
    # three of four contacts are answered in words as well
    assert len(good.requests) == 5 * (4 + 3)
    assert len(quick.requests) == 5 * (4 + 1)
    billed = sum(trial["cost_usd"] for trial in value["trials"])
    assert value["spent_usd"] == pytest.approx(billed)
    assert one["cost_usd"] == pytest.approx(one["total_usd"] / 20)
    assert one["latency_ms"] > 0
    assert one["latency_p95_ms"] >= one["latency_ms"]
    (passed,) = [each for each in value["differences"] if each["what"] == "passed"]
    assert (passed["pairs"], passed["one_more"], passed["other_more"]) == (20, 10, 0)
    assert passed["p"] == pytest.approx(2 / 2**10)
    assert passed["beyond_chance"]
    assert {(item["scenario"], item["expectation"], item["count"]) for item in two["failures"]} == {
        ("case 2", "outcome", 5),
        ("case 3", "outcome", 5),
    }
    way = next(each for each in value["ways"] if each["scenario"] == "case 2")
    assert (way["after"], way["base_next"], way["next"], way["same_path"]) == ("sort", "reply", "bye", 0)  # fmt: skip


def test_few_runs_are_not_enough_to_tell(jb: Shell) -> None:
    out = jb("compare", "concern", "--models", "good,quick", status=0).out
    assert "good / quick, passed: not enough to tell: 2 of 4 pairs differ" in out
    assert "so few pairs would not show any gap" in out
    assert "beyond chance" not in out
    assert "failed 1×  quick: case 2: outcome: it was 'parcel', not 'paid'" in out
    assert "after sort to bye, not to reply" in out


def test_one_role_alone_is_played_where_it_is_said(
    jb: Shell, good: FakeOpenAI, quick: FakeOpenAI
) -> None:
    value = jb("compare", "concern", "--for", "writer=good,quick", "--json", status=0).value
    assert [each["passed"] for each in value["candidates"]] == [4, 4]  # the stand-in sorts
    assert len(good.requests) == len(quick.requests) == 3
    asked = {call["asked"] for trial in value["trials"] for call in trial["calls"]}
    assert asked == {"writer"}


def test_the_stand_in_is_named_as_such_and_costs_no_call(jb: Shell, good: FakeOpenAI) -> None:
    result = jb("compare", "concern", "--models", "fast", status=0)
    assert "stand-in" in result.out
    assert "tells nothing of a model" in result.out
    assert good.requests == []


def test_a_provider_that_fails_is_no_failed_expectation(jb: Shell, quick: FakeOpenAI) -> None:
    quick.behaves(lambda _: 401)
    result = jb("compare", "concern", "--models", "good,quick", "--runs", "2", "--json", status=1)
    one, two = result.value["candidates"]
    assert (one["passed"], one["counted"]) == (8, 8)
    assert (two["counted"], two["failed"], two["rate"], two["failures"]) == (0, 0, None, [])
    assert two["provider"] >= 3
    (why,) = two["troubles"]
    assert "refused" in why
    assert "(HTTP 401)" in why
    assert any("'quick' was given up" in note for note in result.value["notes"])
    assert len(quick.requests) < 16  # nobody goes on asking for nothing
    people = jb("compare", "concern", "--models", "good,quick", status=1).out
    assert "not counted: the provider refused" in people


def test_a_candidate_that_is_given_up_on_the_way_is_no_whole_comparison(
    jb: Shell, quick: FakeOpenAI
) -> None:
    quick.behaves(lambda body: hasty(body) if len(quick.requests) <= 4 else 401)
    words = ("compare", "concern", "--models", "good,quick", "--runs", "4", "--json")
    value = jb(*words, status=1).value
    assert value["candidates"][1]["counted"] > 0
    assert value["done"] < value["planned"]


def test_it_ends_when_the_money_is_spent(jb: Shell, good: FakeOpenAI) -> None:
    words = ("compare", "concern", "--models", "good", "--runs", "50", "--max-cost", "0.002")
    value = jb(*words, "--parallel", "1", "--json", status=1).value
    assert value["stopped"] == "the money was spent"
    assert value["done"] < value["planned"] == 200
    assert 0.002 <= value["spent_usd"] < 0.003
    assert all(trial["verdict"] != "failed" for trial in value["trials"])


def test_a_bound_on_money_needs_prices(jb: Shell, good: FakeOpenAI) -> None:
    models = {"fast": {"model": "scripted"}, "writer": {"model": "scripted"},
              "good": {"model": "openai/house-model", "api_base": good.url}}  # fmt: skip
    write_files(jb.folder, {"models.yaml": "models: " + json.dumps(models) + "\n"})
    result = jb("compare", "concern", "--models", "good", "--max-cost", "1", status=2)
    assert "nobody knows the price of 'good'" in result.err
    unbound = jb("compare", "concern", "--models", "good", status=0).out
    assert "not known" in unbound
    assert "some calls have no known price" in unbound
    assert len(good.requests) == 7


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--models", "goo"), "there is no model 'goo'"),
        (("--models", "good", "--for", "fas"), "the journey uses no model 'fas'"),
        ((), "say what to compare"),
        (("--for", "fast"), "say who plays it"),
        (("--models", "good", "--scenario", "case 9"), "has no scenario 'case 9'"),
        (("--against", "no-such-commit"), "neither a file nor a commit"),
        (("--against", "no.yaml"), "there is no such file"),
        (
            ("--models", "good", "--judge", "fast"),
            "is the offline stand-in, which can judge nothing",
        ),
    ],
)
def test_slips_are_told(jb: Shell, words: tuple[str, ...], told: str) -> None:
    assert told in jb("compare", "concern", *words, status=2).err


def git(folder: Path, *words: str) -> None:
    named = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True)


def test_two_versions_of_a_journey_are_compared(jb: Shell, tmp_path: Path) -> None:
    git(jb.folder, "init", "-q")
    git(jb.folder, "add", ".")
    git(jb.folder, "commit", "-qm", "first")
    changed = JOURNEY.replace("parcel: {next: bye}", "parcel: {next: sorry}")
    write_files(jb.folder, {"journeys/concern.journey.yaml": changed})
    value = jb("compare", "concern", "--against", "HEAD", "--json", status=0).value
    assert [(each["name"], each["passed"]) for each in value["candidates"]] == [
        ("now", 3), ("HEAD", 4),
    ]  # fmt: skip
    old = write_files(tmp_path / "old", {"concern.journey.yaml": JOURNEY})
    words = ("--against", str(old / "concern.journey.yaml"), "--models", "good,quick")
    value = jb("compare", "concern", *words, "--json", status=0).value
    names = [each["name"] for each in value["candidates"]]
    assert names == ["good · now", "quick · now", "good · concern.journey.yaml",
                     "quick · concern.journey.yaml"]  # fmt: skip


class Page(HTMLParser):
    """What a browser would fetch, and whether tags are in order."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.addresses: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in {"meta", "line", "circle", "rect"}:
            self.open.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_is_one_page_without_a_network_and_text_of_others_stays_text(
    jb: Shell, quick: FakeOpenAI
) -> None:
    def rude(body: Any) -> tuple[str, int, int]:
        said = hasty(body)
        return said if "confidence" in said[0] else ("<script>alert(1)</script>", 10, 10)

    quick.behaves(rude)
    out = jb("compare", "concern", "--models", "good,quick", "--html", "r.html", status=0).out
    assert "report: r.html" in out
    text = Path("r.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert page.open == []
    assert page.addresses == []
    assert "script" not in page.tags
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert page.tags.count("svg") == 3
    assert text.count("<title id=") == text.count("<desc id=") == 3
    assert len(set(re.findall(r'<title id="(\w+)"', text))) == 3
    assert page.tags.count("caption") == page.tags.count("table")
    for words in ("prefers-color-scheme: dark", "@media print", "default-src 'none'"):
        assert words in text
    assert "url(" not in text
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


def test_what_was_compared_is_told_also_where_the_report_cannot_be_written(jb: Shell) -> None:
    write_files(jb.folder, {"full": ""})
    told = jb("compare", "concern", "--models", "good", "--html", "full/r.html", status=2)
    assert "the report cannot be written" in told.err
    assert "7 of 7 runs" in told.out or "4 of 4 runs" in told.out
    assert "report:" not in told.out


def test_a_judge_stands_beside_and_one_that_always_takes_the_first_is_found_out(
    jb: Shell, good: FakeOpenAI
) -> None:
    with FakeOpenAI() as court:
        seen: list[str] = []

        def judge(body: Any) -> tuple[str, int, int]:
            seen.append(json.dumps(body))
            shown = json.loads(body["messages"][-1]["content"])
            talk = {side: json.dumps(shown[side]) for side in ("first", "second")}
            plain = [side for side in talk if "today" in talk[side]]
            winner = plain[0] if len(plain) == 1 else "first"
            return json.dumps({"criteria": [winner] * 4, "winner": winner, "why": "so"}), 300, 30

        court.behaves(judge)
        text = Path("models.yaml").read_text(encoding="utf-8")
        models = json.loads(text.removeprefix("models: "))
        write_files(jb.folder, {"models.yaml": "models: " + json.dumps({**models, "court": entry(court)}) + "\n"})  # fmt: skip
        words = ("compare", "concern", "--models", "good,quick", "--runs", "3", "--judge", "court")
        value = jb(*words, "--json", status=0).value
    (preference,) = value["judge"]["preferences"]
    # the plain one wins where it answered; where both said the same the judge is unsure
    assert (preference["base_wins"], preference["candidate_wins"]) == (9, 0)
    assert (preference["unsure"], preference["ties"]) == (3, 0)
    assert preference["beyond_chance"]
    assert len(seen) == 2 * 12
    assert value["judge"]["cost_usd"] == pytest.approx(24 * (300 + 4 * 30) / 1e6)
    assert not any(word in text for text in seen for word in ("classify", "sort", "variables"))
    journeys = sum(trial["cost_usd"] for trial in value["trials"])
    assert value["spent_usd"] == pytest.approx(journeys + value["judge"]["cost_usd"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_whoever_interrupts_it_gets_what_was_done(
    jb: Shell, good: FakeOpenAI, quick: FakeOpenAI
) -> None:
    """The second model never answers, so that it would go on for minutes."""
    quick.hangs("house-model")
    far = threading.Event()

    def answer(body: Any) -> tuple[str, int, int]:
        if len(good.requests) == 4:  # one run at a time: the first one is over by now
            far.set()
        return careful(body)

    good.behaves(answer)
    words = ("-m", "journeybuilder", "compare", "concern", "--models", "good,quick",
             "--parallel", "1", "--runs", "20", "--json")  # fmt: skip
    started = subprocess.Popen(
        [sys.executable, *words], cwd=jb.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    try:
        assert far.wait(50)
        assert quick.asked.wait(50)
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=50)
    finally:
        started.kill()
        started.wait()
    assert started.returncode == 130
    assert b"interrupted" in err
    value = json.loads(out)
    assert value["stopped"] == "stopped before its end"
    assert 0 < value["done"] < value["planned"]
    assert value["candidates"][1]["runs"] == 0
