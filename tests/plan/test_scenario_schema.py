"""The JSON Schema of scenarios knows what the program knows: editors show the same mistakes."""

from collections.abc import Mapping
from typing import Any

import pytest

from journeybuilder.contract.schemas import violations
from journeybuilder.document.scenario_form import EXPECTATIONS, FAULTS, SOURCES
from journeybuilder.document.workspace import read_workspace
from journeybuilder.packaged import packaged
from journeybuilder.plan.schema import SCHEMAS

SCHEMA = SCHEMAS["scenario"]()
EVERY = [
    source.data
    for place in ("blank", "retail")
    for source in read_workspace(packaged("samples") / place).scenarios.values()
]
HEAD = {"journeybuilder": 1, "scenario": "s", "journey": "j"}


@pytest.mark.parametrize("data", EVERY, ids=lambda data: data["scenario"])
def test_the_scenarios_of_the_samples_fit_the_schema(data: Mapping[str, Any]) -> None:
    assert violations(SCHEMA, data) == []


@pytest.mark.parametrize(
    "data",
    [
        {"tools": {"a/b": {"retuns": 1}}},
        {"tools": {"a/b": {"fails": 5}}},
        {"tools": {"a/b": [{"fails": "timeout", "calls": ["one"]}]}},
        {"models": {"fast": {"says": "x"}}},
        {"customer": "nobody"},
        {"customer": [{"heers": "x"}]},
        {"customer": {"persona": "x", "turns": "many"}},
        {"people": {"a": {"decison": "x"}}},
        {"sources": {"tools": {"a/b": "mocked"}}},
        {"seed": "seven"},
        {"random": {"run": 5}},
        {"expect": [{"outcom": "x"}]},
        {"vary": {"customer.name": "Ana"}},
    ],
    ids=str,
)
def test_what_a_scenario_cannot_say_does_not_fit_the_schema(data: Mapping[str, Any]) -> None:
    assert violations(SCHEMA, HEAD) == []
    assert violations(SCHEMA, {**HEAD, **data}) != []


def test_the_schema_names_faults_sources_and_expectations_with_words_on_them() -> None:
    properties = SCHEMA["properties"]
    turn = properties["tools"]["additionalProperties"]["anyOf"][0]["properties"]
    assert turn["fails"]["examples"] == list(FAULTS)
    assert turn["fails"]["description"]
    assert properties["sources"]["properties"]["models"]["additionalProperties"]["enum"] == list(
        SOURCES
    )
    wanted = properties["expect"]["items"]["properties"]
    assert list(wanted) == list(EXPECTATIONS)
    assert all(each["description"] for each in wanted.values())
