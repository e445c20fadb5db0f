"""`jb cost`: forecasts, and whether what came later was as forecast."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from typing_extensions import override

from journeybuilder.contract.services import Channel, Listening, Message
from journeybuilder.document.workspace import read_workspace
from journeybuilder.host import Host, known_of
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import make_plan
from journeybuilder.run.engine import Engine
from tests.cli.shell import Shell
from tests.fakes import write_files
from tests.fakes_openai import FakeOpenAI
from tests.rehearse.two_models import WORDS, careful, entry, hasty, workspace

pytestmark = [pytest.mark.xdist_group("litellm"), pytest.mark.timeout(180)]
SHARES = (0.45, 0.2, 0.05, 0.3)
Behavior = Callable[[Mapping[str, Any]], tuple[str, int, int]]


def scattered(behavior: Behavior, seed: int) -> Behavior:
    """The same answers, with tokens that differ from one to the next by up to a half."""
    chance = Random(seed)

    def answer(body: Mapping[str, Any]) -> tuple[str, int, int]:
        text, into, out = behavior(body)
        return text, round(into * chance.uniform(0.5, 1.5)), round(out * chance.uniform(0.5, 1.5))

    return answer


@pytest.fixture
def sorting() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        server.behaves(scattered(careful, 3))
        yield server


@pytest.fixture
def writing() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        server.behaves(scattered(hasty, 4))
        yield server


@pytest.fixture
def jb(
    tmp_path: Path,
    sorting: FakeOpenAI,
    writing: FakeOpenAI,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    models = {
        "fast": entry(sorting),
        "writer": entry(writing, price=10.0),
        "cheap": entry(sorting, price=0.1),
    }
    place = workspace(tmp_path / "two", models)
    monkeypatch.chdir(place)
    return Shell(place, capsys)


class Crowd(Channel):
    """Customers who come with what they have on their minds, in the proportions of `SHARES`."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)

    @override
    async def say(self, message: Message) -> None:
        return

    @override
    async def listen(self, listening: Listening) -> str | None:
        words, _ = self._chance.choices(WORDS, SHARES)[0]
        return words


def sessions(folder: Path, number: int, seed: int) -> float:
    """Let customers come, for real; gives what the store says of their cost."""
    found = read_workspace(folder)
    bundle = build(found, "concern", known_of(found))

    async def work() -> float:
        host = Host.of_workspace(found)
        try:
            journal = host.journal()
            engine = Engine(make_plan(bundle), journal, host.services(bundle, Crowd(seed)))
            session = {"channel": "chat", "language": "en", "tenant": ""}
            runs = [f"s{seed}-{n}" for n in range(number)]
            for begin in range(0, number, 25):
                some = runs[begin : begin + 25]
                await asyncio.gather(*(engine.start({"name": "Ana"}, session, run) for run in some))
            costs = [
                event["answer"]["cost_usd"]
                for run in runs
                for event in await journal.events(run)
                if event["event"] == "answered" and event["effect"] == "model"
            ]
            return sum(costs)
        finally:
            await host.close()

    return asyncio.run(work())


def test_forecasts_are_within_15_percent_of_the_ledger_of_200_later_sessions(jb: Shell) -> None:
    mix = [word for n, share in enumerate(SHARES, 1) for word in ("--mix", f"case {n}={share}")]
    asked = jb("cost", "concern", "--contacts", "200", "--ask-models", "--runs", "8", *mix,
               "--json", status=0).value  # fmt: skip
    assert (asked["origin"], asked["seen"], asked["guessed"]) == ("rehearsal", 32, False)
    sessions(jb.folder, 60, seed=1)
    stored = jb("cost", "concern", "--contacts", "200", "--json", status=0).value
    assert (stored["origin"], stored["seen"]) == ("runs", 60)
    ledger = sessions(jb.folder, 200, seed=2)
    for forecast in (asked, stored):
        assert forecast["total"]["value"] == pytest.approx(ledger, rel=0.15)
        assert forecast["total"]["low"] <= ledger <= forecast["total"]["high"]
        assert forecast["total"]["low"] > 0.5 * ledger
        assert forecast["usd"]["value"] * 200 == pytest.approx(forecast["total"]["value"])
        parts = [line["usd"] for line in forecast["nodes"]]
        assert sum(parts) == pytest.approx(forecast["usd"]["value"])
    shares = {line["alias"]: line["share"] for line in stored["models"]}
    assert shares["writer"] > 0.8 > shares["fast"]
    other = {(each["alias"], each["plays"]): each for each in stored["alternatives"]}
    assert other["writer", "cheap"]["change"] < -0.7
    assert other["*", "fast"]["total"]["value"] > other["*", "cheap"]["total"]["value"]


def test_offline_it_guesses_and_says_so(jb: Shell, sorting: FakeOpenAI) -> None:
    result = jb("cost", "concern", "--contacts", "1000", status=0)
    assert "1,000 contacts: " in result.out
    assert "from 4 rehearsals of the scenarios" in result.out
    assert "tokens are guessed from the length of texts" in result.out
    assert "it rests on 4 contacts: the spread is a guess" in result.out
    assert "every scenario counts the same" in result.out
    assert sorting.requests == []
    one, two = (jb("cost", "concern", "--contacts", "9", "--json").value for _ in range(2))
    assert one == two  # the seed is the same


def test_an_unknown_price_is_said_and_is_never_nothing(jb: Shell, writing: FakeOpenAI) -> None:
    models = json.loads(Path("models.yaml").read_text(encoding="utf-8").removeprefix("models: "))
    del models["writer"]["price"]
    write_files(jb.folder, {"models.yaml": "models: " + json.dumps(models) + "\n"})
    result = jb("cost", "concern", "--contacts", "1000", status=1)
    assert "no total: the price of writer is not known" in result.out
    assert "add 'price' to it in models.yaml" in result.out
    value = jb("cost", "concern", "--contacts", "1000", "--json", status=1).value
    assert (value["total"], value["usd"], value["unknown"]) == (None, None, ["writer"])
    assert value["known_total"] > 0
    assert [line["usd"] for line in value["models"] if line["alias"] == "writer"] == [None]
    known = [each for each in value["alternatives"] if each["total"] is not None]
    assert {(each["alias"], each["plays"]) for each in known} == {
        ("*", "cheap"), ("writer", "cheap"), ("*", "fast"),
    }  # fmt: skip


def test_recordings_are_taken_where_there_are_no_runs(jb: Shell) -> None:
    for n in range(3):
        jb(
            "record",
            "concern",
            "--store",
            "memory:",
            "--say",
            "my money",
            "--name",
            f"r{n}",
            status=0,
        )
    value = jb("cost", "concern", "--contacts", "10", "--json", status=0).value
    assert (value["origin"], value["seen"], value["guessed"]) == ("recordings", 3, False)
    assert value["total"]["value"] > 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--mix", "case 9=1"), "Did you mean 'case "),
        (("--mix", "case 1=-1"), "is not of the form NAME=SHARE"),
        (("--mix", "case 1=0"), "all scenarios weigh nothing"),
        (("--from", "runs"), "too few runs"),
        (("--models", "chep"), "there is no model 'chep'"),
        (("--contacts", "0"), "0 is not in the range"),
    ],
)
def test_slips_are_told(jb: Shell, words: tuple[str, ...], told: str) -> None:
    assert told in jb("cost", "concern", "--contacts", "10", *words, status=2).err
