import asyncio
from typing import Any

import pytest

from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import simulate
from journeybuilder.rehearse.soundness import Trouble, hole, troubles
from tests.fakes import plan_of


def looked_at(plan: Plan, **script: Any) -> list[Trouble]:
    scenario = scenario_of({"scenario": "s", "journey": "test", **script})
    done = asyncio.run(simulate(plan, scenario))
    return troubles(plan, done.state, done.events)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Order O-1 costs 5 EUR.", None),
        ("Order  costs 5 EUR.", "order.id"),
        ("Order O-1 costs null EUR.", "order.price"),
        ('Order O-1 costs {"amount":null} EUR.', "order.price"),
        ("Order O-1 costs    EUR.", "order.price"),
        ("Something else that the node says.", None),
    ],
)
def test_a_value_that_is_missing_in_words_is_found(text: str, missing: str | None) -> None:
    assert hole("Order ${order.id} costs ${order.price} EUR.", text) == missing


def test_words_are_compared_with_the_text_of_the_language_and_channel() -> None:
    plan = plan_of(
        """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: order, next: b, on_error: z}
b: {kind: say, text: {en: "Hello", de: {chat: "Hallo ${order.name}", voice: "Guten Tag"}}, next: z}
z: {kind: end, outcome: done}
""",
        "languages: [en, de]\nchannels: [chat, voice]",
    )
    tools = {"orders/get_order": {"returns": {"name": ""}}}
    assert looked_at(plan, tools=tools) == []
    assert looked_at(plan, tools=tools, language="de", channel="voice") == []
    [found] = looked_at(plan, tools=tools, language="de")
    assert found.key == ("hole", "b", "order.name")
    assert "'Hallo '" in found.words


def test_an_expression_without_a_value_is_told_even_where_its_error_is_caught() -> None:
    plan = plan_of(
        """
a: {kind: set, values: {count: "${missing + 1}"}, next: z}
z: {kind: end, outcome: done}
sorry: {kind: say, text: Sorry, next: z}
""".replace("${missing + 1}", "${input.number + 1}"),
        "on_error: sorry\ninput: {properties: {number: {type: integer}}}",
    )
    [found] = looked_at(plan)
    assert (found.code, found.node) == ("unset", "a")
    assert "error way" in found.words
    assert looked_at(plan, input={"number": 1}) == []


def test_an_error_from_outside_that_is_caught_is_sound() -> None:
    nodes = """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, next: z, on_error: z}
z: {kind: end, outcome: done}
"""
    tools = {"orders/get_order": {"fails": "unreachable"}}
    assert looked_at(plan_of(nodes), tools=tools) == []
    [found] = looked_at(plan_of(nodes.replace(", on_error: z", "")), tools=tools)
    assert found.key == ("not_caught", "a", "outside")


def test_lanes_of_which_one_waits_for_ever_never_meet() -> None:
    nodes = """
a: {kind: parallel, lanes: {one: ask, two: track}}
ask: {kind: ask, text: Why?, save: reason, next: meet, on_invalid: meet}
track: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, next: meet, on_error: meet}
meet: {kind: join, wait_for: all, next: z}
z: {kind: end, outcome: done}
"""
    [found] = looked_at(plan_of(nodes))
    assert found.key == ("never_meets", "ask", "meet")
    assert looked_at(plan_of(nodes), customer=[{"says": "It broke"}]) == []
    with_end = nodes.replace("wait_for: all,", "wait_for: all, timeout: 1h, on_timeout: z,")
    assert looked_at(plan_of(with_end)) == []


def test_a_handoff_that_nobody_has_taken_yet_is_sound() -> None:
    nodes = """
a: {kind: handoff, to: desk, next: z}
z: {kind: end, outcome: done}
"""
    assert looked_at(plan_of(nodes), people={"a": {"decision": "nothing"}}) == []


def test_a_run_that_goes_round_is_told_of_the_first_node_of_its_round() -> None:
    nodes = """
a: {kind: set, values: {begun: true}, next: b}
b: {kind: ask, text: Again?, save: again, timeout: 1m, next: c, on_invalid: c, on_timeout: c}
c: {kind: branch, cases: [{when: 'begun == false', next: z}], otherwise: b}
z: {kind: end, outcome: done}
"""
    [found] = looked_at(plan_of(nodes, "limits: {steps: 51}"))
    assert found.key == ("limit", "b", "steps")
    assert "51 steps: b → c" in found.words or "51 steps: c → b" in found.words


def test_a_scenario_may_ask_for_a_sound_run() -> None:
    nodes = """
a: {kind: say, text: "Hello ${input.name}", next: z}
z: {kind: end, outcome: done}
"""
    plan = plan_of(nodes, "input: {properties: {name: {type: string}}}")
    script = {"scenario": "s", "journey": "test", "expect": [{"sound": True}]}
    good = asyncio.run(simulate(plan, scenario_of({**script, "input": {"name": "Dana"}})))
    assert good.passed
    bad = asyncio.run(simulate(plan, scenario_of({**script, "input": {"name": ""}})))
    assert bad.failures == ["sound: 'a' says 'Hello ', with nothing for ${input.name}"]
