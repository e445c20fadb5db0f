import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from journeybuilder.document.workspace import read_workspace
from journeybuilder.errors import AuthorError
from journeybuilder.host import known_of
from journeybuilder.packaged import packaged
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.campaigns.solve import scenario_for
from journeybuilder.rehearse.coverage import Coverage, none_of
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import simulate
from tests.fakes import journey_data, plan_of
from tests.rehearse.planted import PLANTED

NODES = """
a: {kind: ask, text: Which order?, expect: {type: string, pattern: "^O-[0-9]{4}$"}, save: id, timeout: 5m, next: b, on_invalid: sorry, on_timeout: bye}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, save: order, next: c, on_error: sorry}
c:
  kind: branch
  cases:
    - {when: 'order.total * 2 > 1000 && order.country in ["DE", "FR"]', next: far}
    - {when: size(order.lines) == 7, next: many}
    - {when: order.owner == input.customer_id && !order.paid, next: mine}
    - {when: 'order.secret.startsWith("x-49-")', next: odd}
  otherwise: d
d: {kind: review, to: desk, decisions: {approve: good, reject: sorry}, timeout: 4h, on_timeout: bye}
far: {kind: end, outcome: far}
many: {kind: end, outcome: many}
mine: {kind: end, outcome: mine}
odd: {kind: end, outcome: odd}
good: {kind: end, outcome: good}
sorry: {kind: end, outcome: sorry}
bye: {kind: end, outcome: bye}
"""
HEAD = "input: {properties: {customer_id: {type: string}}, required: [customer_id]}"
WAYS = [
    (node.id, port)
    for node in plan_of(NODES, HEAD).nodes.values()
    for port in node.ways
]  # fmt: skip


def goes(plan: Plan, data: Mapping[str, Any]) -> Coverage:
    result = asyncio.run(simulate(plan, scenario_of(data)))
    assert result.failures == []
    return Coverage.of(plan, result.events)


@pytest.mark.parametrize(("node", "port"), WAYS)
def test_a_scenario_is_written_for_every_way_out(node: str, port: str) -> None:
    plan = plan_of(NODES, HEAD)
    solved = scenario_for(plan, node, port, budget_runs=500)
    assert solved.scenario is not None, solved.missing
    assert goes(plan, solved.scenario).edges[node, port] > 0
    assert solved.missing == ()


def test_the_scenario_of_a_way_is_the_shortest_one() -> None:
    plan = PLANTED[5].right_plan()
    solved = scenario_for(plan, "b", "otherwise")
    assert solved.scenario == {
        "journeybuilder": 1,
        "scenario": "test: b goes otherwise",
        "journey": "test",
        "tools": {"orders/get_order": {"returns": {"age_days": 31}}},
        "expect": [{"path": ["b", "late"]}, {"outcome": "late"}],
    }


def test_a_node_of_a_called_journey_is_reached() -> None:
    inner = journey_data(
        "inner",
        """
a: {kind: branch, cases: [{when: input.count > 41, next: b}], otherwise: z}
b: {kind: set, values: {much: true}, next: z}
z: {kind: end, outcome: done, output: {}}
""",
        "input: {properties: {count: {type: integer}}, required: [count]}",
    )
    plan = plan_of(
        """
a: {kind: journey, journey: inner, with: {count: "${input.number + 1}"}, save: inner, next: z}
z: {kind: end, outcome: done}
""",
        "input: {properties: {number: {type: integer}}, required: [number]}",
        others={"inner": inner},
    )
    solved = scenario_for(plan, "inner/b", "")
    assert solved.scenario is not None
    assert solved.scenario["input"]["number"] >= 41
    assert goes(plan, solved.scenario).nodes["inner/b"] == 1


def test_a_value_that_cannot_be_found_is_asked_for_and_taken_from_the_answer() -> None:
    nodes = """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: order, next: b, on_error: z}
b: {kind: branch, cases: [{when: 'order.code.matches("^[a-f]{3}7[x-z]{4}$") && order.code.endsWith("zy")', next: c}], otherwise: z}
c: {kind: end, outcome: found}
z: {kind: end, outcome: done}
"""
    plan = plan_of(nodes)
    solved = scenario_for(plan, "b", "cases.0", budget_runs=150)
    assert solved.scenario is None
    assert solved.runs == 150
    [question] = solved.missing
    assert question.node == "a"
    assert "'orders/get_order' return as 'code'" in question.words
    told = {"tools": {"orders/get_order": {"returns": {"code": "abc7xxzy"}}}}
    again = scenario_for(plan, "b", "cases.0", given=told)
    assert again.scenario is not None
    assert again.scenario["tools"] == told["tools"]
    assert goes(plan, again.scenario).edges["b", "cases.0"] == 1


def test_a_node_that_no_way_leads_to_is_told_at_once() -> None:
    nodes = """
a: {kind: say, text: Hello, next: z}
lost: {kind: say, text: Lost, next: z}
z: {kind: end, outcome: done}
"""
    solved = scenario_for(plan_of(nodes), "lost", "next")
    assert solved.scenario is None
    assert solved.runs == 0
    assert "no way leads from the start" in solved.why


@pytest.mark.parametrize(
    ("node", "port", "words"),
    [
        ("aa", "next", "no node 'aa'"),
        ("a", "left", "no way out 'left'"),
        ("x/a", "next", "no journey 'x'"),
    ],
)
def test_a_way_that_does_not_exist_is_refused(node: str, port: str, words: str) -> None:
    with pytest.raises(AuthorError, match=words):
        scenario_for(plan_of(NODES, HEAD), node, port)


def test_searching_stops_when_it_is_told_to() -> None:
    nodes = NODES.replace('startsWith("x-49-")', 'matches("^x{9}y{9}$")')
    asked = iter(range(100))
    solved = scenario_for(plan_of(nodes, HEAD), "c", "cases.3", stop=lambda: next(asked) >= 30)
    assert solved.scenario is None
    assert solved.runs == 30


def test_scenarios_are_written_for_nearly_all_ways_of_the_samples() -> None:
    workspace = read_workspace(packaged("samples") / "retail")
    plan = make_plan(build(workspace, "order-return", known_of(workspace)))
    not_found: list[str] = []
    for gap in none_of(plan).missing():
        if gap.port and gap.node:
            solved = scenario_for(plan, gap.node, gap.port, budget_runs=400)
            if solved.scenario is None:
                not_found.append(gap.words)
            else:
                assert goes(plan, solved.scenario).edges[gap.node, gap.port] > 0
    assert not_found == []
