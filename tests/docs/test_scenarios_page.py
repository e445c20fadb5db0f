"""The page on scenarios names every key, and its examples are scenarios without findings."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from journeybuilder.checks.scenarios import check_scenario
from journeybuilder.document.forms import SCENARIO, read_source
from journeybuilder.document.scenario_form import (
    EXPECTATIONS,
    FAULTS,
    SOURCES,
    CustomerLine,
    CustomerPlayed,
    EventLine,
    ModelTurn,
    PersonLine,
    ToolTurn,
)
from journeybuilder.document.workspace import read_workspace
from journeybuilder.host import known_of
from journeybuilder.packaged import packaged
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import make_plan
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import simulate

PAGE = (packaged("docs") / "scenarios.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
CODE = "\n".join([*BLOCKS, *re.findall(r"`([^`\n]+)`", PAGE)])
RETAIL = read_workspace(packaged("samples") / "retail")
HEAD = {
    "journeybuilder": "journeybuilder: 1\n",
    "scenario": "scenario: an example\n",
    "journey": "journey: order-return\n",
    "input": "input: {customer_id: C-17}\n",
}


def whole(block: str) -> str:
    """A scenario of a fragment, for the journey of the page where it names none."""
    keys = {line.partition(":")[0] for line in block.splitlines()}
    return "".join(text for key, text in HEAD.items() if key not in keys) + block


def data_of(block: str) -> Mapping[str, Any]:
    source = read_source(whole(block), "an.scenario.yaml", SCENARIO)
    assert list(source.findings) == []
    return source.data


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_an_example_of_the_page_is_a_scenario_without_findings(block: str) -> None:
    problems = check_scenario(data_of(block), known_of(RETAIL))
    assert [f"{each.path}: {each.message}" for each in problems] == []


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_an_example_of_the_page_can_be_rehearsed(block: str) -> None:
    scenario = scenario_of(data_of(block))
    plan = make_plan(build(RETAIL, scenario.journey, known_of(RETAIL)))
    result = asyncio.run(simulate(plan, scenario))
    wrong = ("tools:", "models:", "people:", "events:", "input:", "sources")
    assert [words for words in result.failures if words.startswith(wrong)] == []
    assert result.events


def test_every_key_of_a_scenario_has_an_example() -> None:
    used = {key for block in BLOCKS for key in data_of(block)}
    assert used == {"journeybuilder", *SCENARIO.keys}


@pytest.mark.parametrize(
    "kind", [CustomerLine, CustomerPlayed, ToolTurn, ModelTurn, PersonLine, EventLine]
)
def test_every_key_of_an_entry_stands_on_the_page(kind: Any) -> None:
    for each in fields(kind):
        assert re.search(rf"\b{each.name}\b", CODE), each.name


@pytest.mark.parametrize("words", [FAULTS, SOURCES, EXPECTATIONS])
def test_every_word_that_means_something_is_explained_in_a_table(words: tuple[str, ...]) -> None:
    for word in words:
        assert f"| `{word}` |" in PAGE, word


def test_the_first_example_passes() -> None:
    scenario = scenario_of(data_of(BLOCKS[0]))
    plan = make_plan(build(RETAIL, scenario.journey, known_of(RETAIL)))
    result = asyncio.run(simulate(plan, scenario))
    assert list(result.failures) == []
    assert result.state.outcome == "resolved"
