import pytest

from tests.fakes import TOOLS, failing, plan_of, world

LOOK = """
a:
  kind: tool
  tool: orders/get_order
  with: {order_id: "${input.id}"}
  save: order
  RETRY
  next: z
  on_error: sorry
  on_timeout: late
z: {kind: end, output: {order: "${order}"}}
sorry: {kind: end, outcome: sorry, output: {code: "${error.code}", says: "${error.message}", node: "${error.node}"}}
late: {kind: end, outcome: late}
"""
ONCE = LOOK.replace("  RETRY\n", "")
THRICE = LOOK.replace("RETRY", "retry: {attempts: 3, wait: 2s}")
IDEMPOTENT = {"orders/get_order": {"risk": "read", "idempotent": True}}
GIVEN = {"id": "O-1"}


def test_the_result_of_a_call_is_saved() -> None:
    around = world(tools={"orders/get_order": [{"total": 5}]})
    state = around.run(plan_of(ONCE), GIVEN)
    assert state.output == {"order": {"total": 5}}
    (call,) = around.tools.calls
    assert (call.tool, call.arguments, call.timeout) == (
        "orders/get_order",
        {"order_id": "O-1"},
        30.0,
    )


def test_a_failed_call_goes_to_on_error_with_its_code_and_words() -> None:
    around = world(tools={"orders/get_order": [failing("tool_failed", "no such order")]})
    state = around.run(plan_of(ONCE), GIVEN)
    assert state.outcome == "sorry"
    assert state.output == {"code": "tool_failed", "says": "no such order", "node": "a"}


def test_a_call_that_takes_too_long_goes_to_on_timeout() -> None:
    around = world(tools={"orders/get_order": [failing("timeout")]})
    assert around.run(plan_of(ONCE), GIVEN).outcome == "late"


def test_a_time_out_without_a_way_of_its_own_is_an_error() -> None:
    around = world(tools={"orders/get_order": [failing("timeout")]})
    state = around.run(plan_of(ONCE.replace("  on_timeout: late\n", "")), GIVEN)
    assert state.output["code"] == "timeout"


def test_a_failed_call_is_tried_again_with_doubling_waits() -> None:
    broken = failing("unreachable")
    around = world(tools={"orders/get_order": [broken, broken, {"total": 5}]})
    state = around.run(plan_of(THRICE), GIVEN)
    assert state.output == {"order": {"total": 5}}
    assert len(around.tools.calls) == 3
    assert around.clock.waits == [2, 4]


def test_after_the_last_attempt_the_last_error_counts() -> None:
    around = world(tools={"orders/get_order": [failing("unreachable", "gone")]})
    assert around.run(plan_of(THRICE), GIVEN).output["says"] == "gone"
    assert len(around.tools.calls) == 3


@pytest.mark.parametrize("code", ["bad_arguments", "denied", "limit"])
def test_what_no_repetition_can_mend_is_not_tried_again(code: str) -> None:
    around = world(tools={"orders/get_order": [failing(code)]})
    assert around.run(plan_of(THRICE), GIVEN).output["code"] == code
    assert len(around.tools.calls) == 1


def test_a_call_that_may_have_happened_is_repeated_only_when_that_does_no_harm() -> None:
    answers = {"orders/get_order": [failing("timeout", uncertain=True), {"total": 5}]}
    careful = world(tools=answers)
    assert careful.run(plan_of(THRICE), GIVEN).outcome == "late"
    assert len(careful.tools.calls) == 1
    free = world(tools=answers)
    assert free.run(plan_of(THRICE, facts=IDEMPOTENT), GIVEN).output == {"order": {"total": 5}}


def test_every_attempt_has_the_same_key_as_one_without_an_answer_may_have_happened() -> None:
    around = world(tools={"orders/get_order": [failing("timeout", uncertain=True)]})
    around.run(plan_of(THRICE, facts=IDEMPOTENT), GIVEN)
    assert [call.key for call in around.tools.calls] == ["r-1-1-0"] * 3


def test_arguments_that_do_not_fit_never_reach_the_tool() -> None:
    around = world()
    state = around.run(plan_of(ONCE), {"id": 5})
    assert state.output["code"] == "bad_arguments"
    assert state.output["says"] == (
        "'orders/get_order' does not take this: order_id: 5 is not of type string"
    )
    assert around.tools.calls == []


def test_a_tool_that_takes_a_key_gets_one() -> None:
    around = world()
    plan_of(ONCE)
    facts = {"orders/refund": {"risk": "irreversible", "key": "order_id"}}
    nodes = 'a: {kind: tool, tool: orders/refund, with: {order_id: "", amount: 5}, next: z}\nz: {kind: end}'
    around.run(plan_of(nodes, facts=facts))
    assert around.tools.calls[0].arguments == {"order_id": "r-1-1-0", "amount": 5}


BOOKED = """
a:
  kind: tool
  tool: shipping/create_label
  with: {order_id: O-1}
  save: label
  undo: {tool: shipping/void_label, with: {label_id: "${label.id}"}}
  next: b
b:
  kind: tool
  tool: orders/refund
  with: {order_id: O-1, amount: 5}
  undo: {tool: orders/get_order, with: {order_id: "${label.id}"}}
  next: c
c: LAST
z: {kind: end}
"""


def undone(last: str, **answers: list[object]) -> tuple[list[str], str, str]:
    tools = {
        "shipping/create_label": [{"id": "L-7"}],
        **{k.replace("__", "/"): v for k, v in answers.items()},
    }
    around = world(tools=tools)
    state = around.run(plan_of(BOOKED.replace("LAST", last)))
    return [call.tool for call in around.tools.calls], state.status, state.outcome


def test_an_end_that_takes_back_undoes_what_was_done_in_reverse_order() -> None:
    calls, status, outcome = undone("{kind: end, outcome: stopped, undo: true}")
    assert calls[2:] == ["orders/get_order", "shipping/void_label"]
    assert (status, outcome) == ("ended", "stopped")


def test_an_end_that_does_not_say_so_takes_nothing_back() -> None:
    calls, _, _ = undone("{kind: end}")
    assert calls == ["shipping/create_label", "orders/refund"]


def test_a_run_that_fails_takes_back_what_was_done() -> None:
    calls, status, _ = undone(
        '{kind: say, text: "${nobody.name}", next: z}'.replace("nobody", "input")
    )
    assert calls[2:] == ["orders/get_order", "shipping/void_label"]
    assert status == "failed"


def test_taking_back_uses_the_values_of_the_step_that_is_taken_back() -> None:
    around = world(tools={"shipping/create_label": [{"id": "L-7"}]})
    around.run(plan_of(BOOKED.replace("LAST", "{kind: end, undo: true}")))
    assert around.tools.called("shipping/void_label") == [{"label_id": "L-7"}]


def test_an_undo_that_fails_is_recorded_and_does_not_stop_the_others() -> None:
    around = world(
        tools={
            "shipping/create_label": [{"id": "L-7"}],
            "orders/get_order": [failing("tool_failed")],
        }
    )
    state = around.run(plan_of(BOOKED.replace("LAST", "{kind: end, outcome: x, undo: true}")))
    assert state.outcome == "x"
    assert around.tools.called("shipping/void_label") == [{"label_id": "L-7"}]
    assert [event["event"] for event in around.events].count("errored") == 1


def test_every_fake_tool_is_used_as_its_schema_says() -> None:
    assert all(tool.input_schema["required"] for tool in TOOLS.values())


JOURNEY_ERROR = """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, next: z}
z: {kind: end, outcome: done}
sorry: {kind: say, text: "Sorry: ${error.message}", next: again}
again: AGAIN
"""


def test_an_error_that_no_node_caught_goes_to_the_journeys_own_way() -> None:
    around = world(tools={"orders/get_order": [failing("tool_failed", "no luck")]})
    nodes = JOURNEY_ERROR.replace("AGAIN", "{kind: end, outcome: sorry}")
    state = around.run(plan_of(nodes, "on_error: sorry"))
    assert (state.outcome, around.said) == ("sorry", ["Sorry: no luck"])


def test_an_error_that_comes_back_to_the_same_node_fails_the_run_instead_of_going_round() -> None:
    around = world(tools={"orders/get_order": [failing("tool_failed", "no luck")]})
    nodes = JOURNEY_ERROR.replace(
        "AGAIN", "{kind: branch, cases: [{when: 1 > 2, next: z}], otherwise: a}"
    )
    state = around.run(plan_of(nodes, "on_error: sorry"))
    assert state.status == "failed"
    assert state.path == ["a", "sorry", "again", "a"]


def test_a_handler_of_errors_that_fails_itself_is_not_entered_again() -> None:
    around = world(tools={"orders/get_order": [failing("tool_failed", "no luck")]})
    nodes = JOURNEY_ERROR.replace("AGAIN", "{kind: end}").replace(
        "error.message", "error.detail.nothing"
    )
    state = around.run(plan_of(nodes, "on_error: sorry"))
    assert state.status == "failed"
    assert state.path == ["a", "sorry"]


def test_without_any_handler_the_run_fails_and_says_where_and_why() -> None:
    around = world(tools={"orders/get_order": [failing("tool_failed", "no luck")]})
    state = around.run(plan_of(JOURNEY_ERROR.replace("AGAIN", "{kind: end}")))
    assert state.status == "failed"
    assert {key: (state.error or {})[key] for key in ("code", "message", "node")} == {
        "code": "tool_failed",
        "message": "no luck",
        "node": "a",
    }


def test_a_result_that_json_does_not_have_is_refused_and_may_have_happened() -> None:
    around = world(tools={"orders/get_order": [float("nan")]})
    state = around.run(plan_of(ONCE), GIVEN)
    assert state.output["code"] == "bad_result"
    (told,) = (event["error"] for event in around.events if event["event"] == "errored")
    assert told["uncertain"]
