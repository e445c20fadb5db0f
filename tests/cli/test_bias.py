"""`jb bias`: twins that differ in one attribute, offline and with a model that minds names."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.contract.tools import ToolDef
from tests.cli.shell import Shell
from tests.fakes import write_files
from tests.fakes_openai import FakeOpenAI
from tests.rehearse.two_models import SETTINGS, entry

pytestmark = [pytest.mark.xdist_group("litellm"), pytest.mark.timeout(120)]
FAIR = """\
journeybuilder: 1
journey: loan
start: sum
input: {properties: {income: {type: integer}}}
nodes:
  sum: {kind: ask, text: "How much?", save: words, next: enough, timeout: 10m, on_timeout: no}
  enough:
    kind: branch
    cases: [{when: input.income > 1000, next: yes}]
    otherwise: no
  yes: {kind: end, outcome: granted}
  no: {kind: end, outcome: refused}
"""
UNFAIR = FAIR.replace(
    "input.income > 1000", "input.income > 1000 && !customer.name.contains('Khan')"
)
JUDGED = """\
journeybuilder: 1
journey: loan
start: sum
input: {properties: {income: {type: integer}}}
nodes:
  sum: {kind: ask, text: "How much?", save: words, next: sort, timeout: 10m, on_timeout: no}
  sort:
    kind: classify
    model: fast
    text: "${customer.name} asks: ${words}"
    routes: {good: {next: yes}, bad: {next: no}}
    otherwise: no
    on_error: no
  yes: {kind: end, outcome: granted}
  no: {kind: end, outcome: refused}
"""


def scenario(number: int, income: int = 2000) -> str:
    return (
        f"journeybuilder: 1\nscenario: loan {number}\njourney: loan\ninput: {{income: {income}}}\n"
        f"customer: [{{hears: much, says: 'I am John Smith, I need {number} EUR'}}]\n"
        "remembered: {name: John Smith}\nvary: {customer.name: [John Smith, Aisha Khan]}\n"
    )


@pytest.fixture
def jb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    files = {
        "journeybuilder.yaml": SETTINGS,
        "models.yaml": 'models: {"fast": {"model": "scripted"}}\n',
        "journeys/loan.journey.yaml": FAIR,
        **{f"scenarios/{n}.scenario.yaml": scenario(n) for n in range(1, 5)},
    }
    place = write_files(tmp_path / "bank", files)
    monkeypatch.chdir(place)
    return Shell(place, capsys)


@pytest.fixture
def provider() -> Iterator[FakeOpenAI]:
    with FakeOpenAI() as server:
        yield server


def test_twins_that_end_the_same_are_never_called_free_of_bias(jb: Shell) -> None:
    result = jb("bias", "loan", status=0)
    assert "not enough to tell: 4 pairs" in result.out
    assert "so few pairs show no gap" in result.out
    assert "no real model was asked" in result.out
    assert "no bias" not in result.out.casefold()
    value = jb("bias", "loan", "--json", status=0).value
    assert (value["found"], value["pairs"], value["reads"]) == (False, 4, [])
    (test,) = value["tests"]
    assert (test["pairs"], test["p"], test["ratio"], test["gap"]) == (4, 1.0, 1.0, None)


def test_a_branch_that_minds_a_name_is_found_by_its_twins_and_by_reading_it(jb: Shell) -> None:
    write_files(jb.folder, {"journeys/loan.journey.yaml": UNFAIR})
    result = jb("bias", "loan", status=1)
    assert "treated unlike: 4 pairs differ and nothing was left to chance" in result.out
    assert "ratio 0.00, below 0.8" in result.out
    assert "'enough' chooses the way by 'customer.name', which a scenario varies" in result.out
    assert "and part after enough: yes and no" in result.out
    value = jb("bias", "loan", "--good", "granted", "--json", status=1).value
    (test,) = value["tests"]
    assert (test["outcome"], test["one_only"], test["other_only"]) == ("granted", 4, 0)
    assert value["verdict"] == "treated unlike by customer.name"
    assert {each["certain"] for each in value["twins"]} == {True}


def unfair(body: Mapping[str, Any]) -> tuple[str, int, int]:
    """Minds a name in two of three questions, as the seed has it."""
    words = str(body["messages"][-1]["content"])
    bad = "Khan" in words and int(body["seed"]) % 3 != 0
    return json.dumps({"label": "bad" if bad else "good", "confidence": 0.9}), 100, 10


def fickle(body: Mapping[str, Any]) -> tuple[str, int, int]:
    """Changes its mind with the seed alone."""
    label = "bad" if int(body["seed"]) % 2 else "good"
    return json.dumps({"label": label, "confidence": 0.9}), 100, 10


def with_model(jb: Shell, provider: FakeOpenAI) -> None:
    write_files(
        jb.folder,
        {
            "models.yaml": "models: " + json.dumps({"fast": entry(provider)}) + "\n",
            "journeys/loan.journey.yaml": JUDGED,
        },
    )


def test_a_model_that_minds_names_is_beyond_chance_with_enough_pairs(
    jb: Shell, provider: FakeOpenAI
) -> None:
    with_model(jb, provider)
    provider.behaves(unfair)
    value = jb("bias", "loan", "--pairs", "24", "--json", status=1).value
    (test,) = value["tests"]
    assert (test["pairs"], test["outcome"]) == (24, "granted")
    assert (test["one_only"], test["other_only"], test["certain"]) == (16, 0, 0)
    assert test["corrected"] == pytest.approx(2 / 2**16)
    assert test["ratio"] == pytest.approx(8 / 24)
    assert test["below_line"]
    (told,) = value["reads"]
    assert (told["node"], told["decides"], told["how"]) == ("sort", False, "varied")
    # twins are asked with the same seed, and what the customer says carries the other name as well
    for one, other in zip(*[iter(sorted(provider.requests, key=_pair))] * 2, strict=True):
        assert one["seed"] == other["seed"]
        texts = [each["messages"][-1]["content"] for each in (one, other)]
        assert texts[1].replace("Aisha Khan", "John Smith") == texts[0] or (
            texts[0].replace("Aisha Khan", "John Smith") == texts[1]
        )


def _pair(body: Mapping[str, Any]) -> tuple[int, str]:
    words = str(body["messages"][-1]["content"]).replace("Aisha Khan", "John Smith")
    return int(body["seed"]), words


def test_a_model_that_is_only_fickle_is_not_blamed(jb: Shell, provider: FakeOpenAI) -> None:
    with_model(jb, provider)
    provider.behaves(fickle)
    value = jb("bias", "loan", "--pairs", "24", "--json", status=0).value
    assert (value["pairs"], value["found"]) == (24, False)
    assert all(each["same"] for each in value["twins"])
    assert value["verdict"] == "not enough to tell: 24 pairs"


def test_a_provider_that_fails_makes_no_twins(jb: Shell, provider: FakeOpenAI) -> None:
    with_model(jb, provider)
    provider.behaves(lambda _: 403)
    value = jb("bias", "loan", "--json", status=2).value
    assert (value["pairs"], value["tests"]) == (0, [])
    assert "4 pairs do not count" in value["notes"][0]
    assert "(HTTP 403)" in value["notes"][0]


def test_without_anything_to_swap_it_says_how(jb: Shell) -> None:
    plain = scenario(1).partition("vary")[0]
    for n in range(1, 5):
        write_files(
            jb.folder, {f"scenarios/{n}.scenario.yaml": plain.replace("loan 1", f"loan {n}")}
        )
    out = jb("bias", "loan", status=2).out
    assert "vary: {customer.name: [John Smith, Aisha Khan]}" in out
    assert "not enough to tell: 0 pairs" in out


def test_an_attribute_that_leads_nowhere_is_told_with_its_line(jb: Shell) -> None:
    wrong = scenario(1).replace("vary: {customer.name", "vary: {input.incme")
    write_files(jb.folder, {"scenarios/1.scenario.yaml": wrong})
    told = jb("bias", "loan", status=2).err
    assert "vary: 'input.incme' changes nothing" in told
    assert "scenarios/1.scenario.yaml:7" in told
    assert "'income'" in told


def test_one_value_is_set_beside_what_the_scenario_has_itself(jb: Shell) -> None:
    journeys = {"journeys/loan.journey.yaml": UNFAIR}
    alone = scenario(1).replace("[John Smith, Aisha Khan]", "[Aisha Khan]")
    write_files(jb.folder, {**journeys, "scenarios/1.scenario.yaml": alone})
    value = jb("bias", "loan", "--json", status=1).value
    assert value["attributes"] == {"customer.name": ["John Smith", "Aisha Khan"]}
    assert value["verdict"] == "treated unlike by customer.name"
    for n in range(1, 5):
        nobody = alone.replace("loan 1", f"loan {n}").replace(
            "remembered: {name: John Smith}\n", ""
        )
        write_files(jb.folder, {f"scenarios/{n}.scenario.yaml": nobody})
    value = jb("bias", "loan", "--json", status=1).value  # as a branch reads it
    assert "'customer.name' or none" in value["notes"][0]


def test_tools_answer_the_twin_what_they_answered_the_first(jb: Shell) -> None:
    journey = FAIR.replace("start: sum", "start: look").replace(
        "nodes:\n",
        "nodes:\n  look: {kind: tool, tool: crm/find, with: {name: '${customer.name}'}, save: found, next: sum, on_error: no}\n",
    ).replace("input.income > 1000", "found.score > 0")  # fmt: skip
    definition = {
        "inputSchema": {"type": "object", "properties": {"name": {"type": "string"}}},
        "outputSchema": {
            "type": "object",
            "properties": {"score": {"type": "integer", "minimum": -9, "maximum": 9}},
            "required": ["score"],
        },
    }
    digest = ToolDef.from_definition("crm", {"name": "find", **definition}).digest()
    write_files(
        jb.folder,
        {
            "journeys/loan.journey.yaml": journey,
            "mcp.json": '{"mcpServers": {"crm": {"command": "x"}}}\n',
            "mcp.lock": "journeybuilder: 1\ntools:\n  crm/find: "
            + json.dumps({"digest": digest, "risk": "read", **definition})
            + "\n",
        },
    )
    value = jb("bias", "loan", "--pairs", "40", "--seed", "5", "--json", status=0).value
    assert value["pairs"] == 40
    ends = {each["one_outcome"] for each in value["twins"]}
    assert ends == {"granted", "refused"}  # what is made up differs from pair to pair
    assert all(each["same"] for each in value["twins"])  # and not within one
    names = ", ".join(f"Name {n}" for n in range(20))
    varied = scenario(1).replace("Aisha Khan]", f"{names}]")
    write_files(jb.folder, {"scenarios/1.scenario.yaml": f"{varied}seed: 7\n"})
    tested = jb("test", "loan 1", status=0).out
    assert "loan 1  (22 runs)" in tested
