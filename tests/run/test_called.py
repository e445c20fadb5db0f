"""Journeys that call journeys: own variables, results, errors, limits, and taking back."""

import asyncio
from typing import Any

import pytest

from journeybuilder.plan.plan import make_plan
from tests.fakes import bundle_of, failing, journey_data, plan_of, world
from tests.run.worlds import Quiet

ASKS = journey_data(
    "asks",
    """
a: {kind: ask, text: "Which, ${input.name}?", save: which, next: done}
done: {kind: end, outcome: "told", output: {which: "${which}"}}
""",
    "input: {properties: {name: {type: string}}, required: [name]}",
)
CALL = """
a: {kind: set, values: {which: mine}, next: b}
b: {kind: journey, journey: asks, with: {name: Ana}, save: result, next: done, on_error: bad}
done: {kind: end, outcome: done, output: {result: "${result}", which: "${which}"}}
bad: {kind: end, outcome: bad, output: {error: "${error}"}}
"""


def test_a_called_journey_has_variables_of_its_own_and_gives_back_its_output() -> None:
    around = world("blue")
    state = around.run(plan_of(CALL, others={"asks": ASKS}))
    assert state.output == {"result": {"which": "blue"}, "which": "mine"}
    assert around.said == ["Which, Ana?"]
    assert state.path == ["a", "b", "asks/a", "asks/done", "done"]
    assert list(state.frames) == ["0"]


def test_a_called_journey_waits_for_days_like_any_other() -> None:
    around, plan = world(), plan_of(CALL, others={"asks": ASKS})
    around.customer = Quiet()
    state = around.run(plan)
    assert state.waiting_for is not None
    assert (state.status, state.waiting_for["node"]) == ("parked", "a")
    state = asyncio.run(around.engine(plan).answer("r-1", {"text": "red"}, "customer"))
    assert state.output["result"] == {"which": "red"}


def fails(head: str = "") -> Any:
    return journey_data(
        "asks",
        "a: {kind: tool, tool: shipping/create_label, with: {order_id: X}, undo: {tool: shipping/void_label, with: {label_id: X}}, next: b}\n"
        "b: {kind: tool, tool: orders/refund, with: {order_id: X, amount: 1}, next: done}\n"
        "sorry: {kind: end, outcome: sorry}\n"
        "done: {kind: end}",
        head,
    )


def test_an_error_that_a_called_journey_does_not_catch_is_its_callers() -> None:
    around = world(tools={"orders/refund": [failing("tool_failed", "no money")]})
    state = around.run(plan_of(CALL, others={"asks": fails()}))
    assert state.outcome == "bad"
    error = state.output["error"]
    assert (error["code"], error["message"], error["node"]) == ("tool_failed", "no money", "b")
    assert error["detail"] == {"node": "b", "journey": "asks"}
    assert around.tools.called("shipping/void_label") == []  # the run has not failed


def test_a_called_journeys_own_handler_comes_first() -> None:
    around = world(tools={"orders/refund": [failing("tool_failed")]})
    state = around.run(plan_of(CALL, others={"asks": fails("on_error: sorry")}))
    assert (state.outcome, state.output["result"]) == ("done", {})


def test_a_run_that_fails_takes_back_what_called_journeys_have_done() -> None:
    around = world(tools={"orders/refund": [failing("tool_failed")]})
    state = around.run(plan_of(CALL.replace(", on_error: bad", ""), others={"asks": fails()}))
    assert state.status == "failed"
    assert around.tools.called("shipping/void_label") == [{"label_id": "X"}]


def test_an_end_of_a_called_journey_takes_back_only_what_that_journey_has_done() -> None:
    inner = journey_data(
        "asks",
        "a: {kind: tool, tool: shipping/create_label, with: {order_id: IN}, undo: {tool: shipping/void_label, with: {label_id: IN}}, next: done}\n"
        "done: {kind: end, outcome: undone, undo: true}",
    )
    nodes = """
a: {kind: tool, tool: shipping/create_label, with: {order_id: OUT}, undo: {tool: shipping/void_label, with: {label_id: OUT}}, next: b}
b: {kind: journey, journey: asks, next: done}
done: {kind: end, outcome: done}
"""
    around = world()
    state = around.run(plan_of(nodes, others={"asks": inner}))
    assert state.outcome == "done"
    assert around.tools.called("shipping/void_label") == [{"label_id": "IN"}]
    assert [undo["arguments"] for undo in state.undos] == [{"label_id": "OUT"}]
    assert len({call.key for call in around.tools.calls}) == 3


def test_what_a_called_journey_does_not_take_is_an_error_of_the_caller() -> None:
    nodes = CALL.replace("{name: Ana}", '{name: "${5}"}')
    plan = make_plan(bundle_of(nodes, others={"asks": ASKS}), begun=True)
    state = world().run(plan)
    assert state.outcome == "bad"
    assert state.output["error"]["code"] == "bad_arguments"
    assert "'asks' does not take this" in state.output["error"]["message"]


def test_journeys_that_call_themselves_come_to_an_end() -> None:
    nodes = "a: {kind: journey, journey: test, next: done}\ndone: {kind: end}"
    state = world().run(plan_of(nodes))
    assert state.error is not None
    assert (state.status, state.error["code"]) == ("failed", "limit")
    assert "more than 16 journeys" in state.error["message"]
    assert state.steps == 16


def test_the_limits_of_a_run_count_over_all_of_its_journeys() -> None:
    spin = journey_data(
        "asks",
        "a: {kind: set, values: {n: 1}, next: b}\nb: {kind: branch, cases: [{when: n == 2, next: c}], otherwise: a}\nc: {kind: end}",
    )
    state = world().run(plan_of(CALL, head="limits: {steps: 9}", others={"asks": spin}))
    assert state.error is not None
    assert (state.status, state.error["code"], state.steps) == ("failed", "limit", 9)


@pytest.mark.parametrize(
    ("output", "status", "code"), [("{n: 1}", "ended", ""), ("{n: x}", "failed", "bad_output")]
)
def test_what_a_journey_gives_back_is_what_it_promises(output: str, status: str, code: str) -> None:
    head = "output: {properties: {n: {type: integer}}, required: [n]}"
    bundle = bundle_of(f"a: {{kind: end, output: {output}}}", head)
    state = world().run(make_plan(bundle, begun=True))
    assert (state.status, (state.error or {}).get("code", "")) == (status, code)
