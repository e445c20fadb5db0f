"""What to do next for what is not covered: doing it covers it."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from journeybuilder.document.tree import load
from journeybuilder.rehearse.advice import advice
from journeybuilder.rehearse.coverage import Coverage, Gap, none_of
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import simulate
from tests.fakes import plan_of

NODES = """
a: {kind: ask, text: Which?, save: id, timeout: 1h, attempts: 1, expect: {type: string, pattern: "^O"}, next: b, on_invalid: z, on_timeout: z}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, save: order, next: c, on_error: z}
c: {kind: classify, model: fast, text: "${id}", routes: {good: {next: d}, bad: {next: d}}, otherwise: d, on_error: z}
d: {kind: branch, cases: [{when: 'id == "O1"', next: e}, {when: 'id == "O2"', next: e}], otherwise: e}
e: {kind: review, to: desk, decisions: {approve: z, reject: z}, timeout: 4h, on_timeout: z}
f: {kind: say, text: Never, next: z}
z: {kind: end, outcome: done}
"""
PLAN = plan_of(NODES, "on_error: z")
GAPS = {(gap.node, gap.port): gap for gap in none_of(PLAN).missing()}
BASE = {"journey": "test", "customer": [{"says": "O1"}], "people": {"e": {"decision": "approve"}}}


@pytest.mark.parametrize(
    ("node", "port"),
    [
        ("b", "on_error"), ("c", "on_error"), ("c", "routes.good"), ("c", "routes.bad"),
        ("c", "otherwise"), ("e", "decisions.reject"),
    ],
)  # fmt: skip
def test_what_is_to_be_written_into_the_scenario_covers_it(node: str, port: str) -> None:
    lines = load(advice(GAPS[node, port], PLAN.journey), "advice").value
    scenario: Mapping[str, Any] = {**BASE, **lines}
    result = asyncio.run(simulate(PLAN, scenario_of(scenario)))
    assert Coverage.of(PLAN, result.events).edges[node, port] == 1


INVALID = "let the customer answer something that is not allowed, as often as it is asked"


@pytest.mark.parametrize(
    ("node", "port", "words"),
    [
        ("a", "", "the journey starts there: write a scenario for 'test'"),
        ("c", "", "reached from b (next)"),
        ("f", "", "no way leads to it"),
        ("a", "on_timeout", "leave this question out of 'customer:', so that nobody answers"),
        ("a", "on_invalid", INVALID),
        ("d", "cases.0", 'let this hold: id == "O1"'),
        ("d", "cases.1", 'let this hold and no case before it: id == "O2"'),
        ("d", "otherwise", "let none of its conditions hold"),
        ("e", "on_timeout", "leave the node out of 'people:', so that nobody decides in time"),
        ("", "on_error", "let a tool fail at a node that has no 'on_error' of its own"),
    ],
)  # fmt: skip
def test_people_are_told(node: str, port: str, words: str) -> None:
    assert advice(GAPS[node, port], PLAN.journey) == words


def test_every_gap_of_a_journey_that_is_not_there_any_more_has_words() -> None:
    assert advice(Gap("test", "gone", "next", "edge"), PLAN.journey)
