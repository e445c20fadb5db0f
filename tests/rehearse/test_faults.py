"""Faults on purpose act like the real ones: the journey takes the same way out, with the same error."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from journeybuilder.contract.services import ModelAsk, PromptGet, ResourceRead, ToolCall
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import Rehearsed, simulate
from journeybuilder.rehearse.world.cast import Cast
from journeybuilder.rehearse.world.clock import BEGIN, VirtualClock
from journeybuilder.rehearse.world.models import RehearsedModels
from journeybuilder.rehearse.world.tools import RehearsedTools
from journeybuilder.run.state import Event
from tests.fakes import bundle_of, plan_of, tool

FORM = {
    "type": "object",
    "properties": {
        "total": {"type": "number"},
        "lines": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["total", "lines"],
}
NODES = """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, timeout: 20s, save: order, next: z,
    on_error: sorry, on_timeout: late}
z: {kind: end, outcome: good}
late: {kind: end, outcome: late}
sorry: {kind: say, text: "${error.code}: ${error.message}", next: bad}
bad: {kind: end, outcome: bad}
"""


def rehearse(plan: Plan, cast: Cast | None = None, **script: Any) -> Rehearsed:
    data = {"scenario": "s", "journey": "test", **script}
    return asyncio.run(simulate(plan, scenario_of(data), cast=cast))


def errors(events: Sequence[Event]) -> list[Mapping[str, Any]]:
    return [event["error"] for event in events if event["event"] == "errored"]


def said(result: Rehearsed) -> str:
    asked = [event for event in result.events if event["event"] == "asked"]
    return " ".join(event["request"]["text"] for event in asked if event["effect"] == "say")


def with_form(nodes: str = NODES) -> Plan:
    """The plan where `orders/get_order` promises a form."""
    bundle = bundle_of(nodes)
    promising = tool("orders/get_order", output=FORM, order_id="string")
    tools = dict(bundle.data["tools"])
    tools[promising.id] = {"digest": promising.digest(), "definition": promising.definition()}
    return make_plan(replace(bundle, data={**bundle.data, "tools": tools}))


@pytest.mark.parametrize(
    ("kind", "code", "uncertain"),
    [
        ("unreachable", "unreachable", False),
        ("unauthorized", "unreachable", False),
        ("error", "tool_failed", False),
        ("the warehouse is closed", "tool_failed", False),
        ("bad_json", "bad_result", True),
        ("drifted", "denied", False),
    ],
)
def test_a_fault_of_a_tool_is_the_error_of_the_real_one(
    kind: str, code: str, uncertain: bool
) -> None:
    for plan in (plan_of(NODES), with_form()):
        result = rehearse(plan, tools={"orders/get_order": {"fails": kind}})
        assert (result.state.outcome, result.state.path) == ("bad", ["a", "sorry", "bad"])
        assert [(each["code"], each["uncertain"]) for each in errors(result.events)] == [
            (code, uncertain)
        ]
        assert code in said(result)
        other = rehearse(plan, Cast(faults={"orders/get_order": {"fails": kind}}))
        assert other.state.path == result.state.path
        (error,) = errors(other.events)
        assert (error["code"], error["uncertain"]) == (code, uncertain)
        assert "from the scenario" not in error["message"]


def test_a_time_out_takes_the_time_of_the_node_and_may_have_happened() -> None:
    result = rehearse(plan_of(NODES), tools={"orders/get_order": {"fails": "timeout"}})
    assert result.state.outcome == "late"
    (error,) = errors(result.events)
    assert (error["code"], error["uncertain"]) == ("timeout", True)
    assert "20s" in error["message"]
    assert result.events[-1]["at"] == BEGIN + 20


@pytest.mark.parametrize(
    ("slow", "outcome", "passed"), [("19s", "good", 19), ("20s", "late", 20), ("1h", "late", 20)]
)
def test_what_is_slow_takes_time_and_times_out_where_the_node_waits_less(
    slow: str, outcome: str, passed: int
) -> None:
    entry: dict[str, Any] = {"returns": {"total": 1, "lines": []}, "slow": slow}
    result = rehearse(with_form(), tools={"orders/get_order": entry})
    assert (result.state.outcome, result.events[-1]["at"]) == (outcome, BEGIN + passed)
    other = rehearse(with_form(), Cast(faults={"orders/get_order": {"slow": slow}}))
    assert (other.state.outcome, other.events[-1]["at"]) == (outcome, BEGIN + passed)


def test_an_empty_answer_is_the_emptiest_that_fits() -> None:
    result = rehearse(with_form(), tools={"orders/get_order": {"fails": "empty"}})
    assert result.state.variables["order"] == {"total": 0, "lines": []}
    result = rehearse(plan_of(NODES), tools={"orders/get_order": {"fails": "empty"}})
    assert result.state.variables["order"] is None


TWICE = """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, save: one, next: b, on_error: b}
b: {kind: tool, tool: orders/get_order, with: {order_id: O-2}, save: two, next: c, on_error: c}
c: {kind: tool, tool: orders/get_order, with: {order_id: O-3}, save: three, next: d, on_error: d}
d: {kind: tool, tool: orders/get_order, with: {order_id: O-4}, save: four, next: z, on_error: z}
z: {kind: end, outcome: good}
"""


def failing(result: Rehearsed) -> list[str]:
    return [event["node"] for event in result.events if event["event"] == "errored"]


@pytest.mark.parametrize(
    ("calls", "nodes"),
    [
        ([2, 3], "bc"),
        (1, "a"),
        ({"from": 3}, "cd"),
        ({"to": 2}, "ab"),
        ({"from": 2, "to": 3}, "bc"),
    ],
)
def test_an_outage_may_be_of_some_calls_only(calls: Any, nodes: str) -> None:
    entry = {"fails": "unreachable", "calls": calls}
    assert failing(rehearse(plan_of(TWICE), tools={"orders/get_order": entry})) == list(nodes)
    everybody = Cast(faults={"*": entry})
    assert failing(rehearse(plan_of(TWICE), everybody)) == list(nodes)


def test_answers_in_turn_are_not_used_up_by_an_outage_in_between() -> None:
    turns = [{"returns": 1}, {"fails": "error", "calls": [2]}, {"returns": 2}]
    result = rehearse(plan_of(TWICE), tools={"orders/get_order": turns})
    assert result.state.variables == {"one": 1, "three": 2, "four": 2}


def test_a_share_of_the_calls_fails_the_same_ones_for_the_same_seed() -> None:
    entry = {"fails": "unreachable", "share": 0.5}
    runs = {
        seed: failing(rehearse(plan_of(TWICE), tools={"orders/get_order": entry}, seed=seed))
        for seed in range(1, 40)
    }
    again = {
        seed: failing(rehearse(plan_of(TWICE), tools={"orders/get_order": entry}, seed=seed))
        for seed in range(1, 40)
    }
    assert runs == again
    number = sum(map(len, runs.values()))
    assert 39 * 4 * 0.3 < number < 39 * 4 * 0.7
    assert len({tuple(each) for each in runs.values()}) > 5
    always = {"fails": "unreachable", "share": 1}
    assert failing(rehearse(plan_of(TWICE), tools={"orders/get_order": always})) == list("abcd")


def test_a_drifted_tool_counts_as_a_call_and_may_be_itself_again() -> None:
    entry = [{"fails": "drifted", "calls": [1]}, {"returns": 7}]
    result = rehearse(plan_of(TWICE), tools={"orders/get_order": entry})
    assert failing(result) == ["a"]
    assert result.state.variables == {"two": 7, "three": 7, "four": 7}
    assert "no longer what was approved" in errors(result.events)[0]["message"]


RETRY = """
a: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, retry: {attempts: 3, wait: 10s}, save: order,
    next: z, on_error: bad}
z: {kind: end, outcome: good}
bad: {kind: end, outcome: bad}
"""


def test_a_retry_gets_over_an_outage_that_ends() -> None:
    plan = plan_of(RETRY, facts={"orders/get_order": {"risk": "read"}})
    entry = {"fails": "timeout", "calls": [1, 2]}
    result = rehearse(plan, tools={"orders/get_order": entry})
    assert result.state.outcome == "good"
    assert [error["code"] for error in errors(result.events)] == ["timeout", "timeout"]
    lasting = rehearse(plan, tools={"orders/get_order": {"fails": "timeout"}})
    assert lasting.state.outcome == "bad"
    assert len(errors(lasting.events)) == 3


# -- models ----------------------------------------------------------------------------------

WRITES = """
a: {kind: generate, model: careful, prompt: Write, save: draft, next: z, on_error: sorry}
z: {kind: end, outcome: good}
sorry: {kind: say, text: "${error.code}: ${error.message}", next: bad}
bad: {kind: end, outcome: bad}
"""


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("timeout", "timeout", "did not answer within 1m"),
        ("unreachable", "model_failed", "cannot be reached"),
        ("unauthorized", "model_failed", "HTTP 401"),
        ("error", "model_failed", "fault of its own"),
        ("bad_json", "model_failed", "no answer of a model"),
        ("empty", "model_failed", "it is empty"),
        ("overloaded", "model_failed", "failed: overloaded"),
    ],
)
def test_a_fault_of_a_model_is_the_error_of_the_real_one(kind: str, code: str, words: str) -> None:
    result = rehearse(plan_of(WRITES), models={"careful": [{"fails": kind}]})
    assert result.state.outcome == "bad"
    assert code in said(result)
    assert words in said(result)
    other = rehearse(plan_of(WRITES), Cast(faults={"model:careful": {"fails": kind}}))
    assert other.events == result.events


def test_a_model_that_times_out_takes_its_time_and_a_slow_one_the_time_said() -> None:
    late = rehearse(plan_of(WRITES), models={"careful": [{"fails": "timeout"}]})
    assert late.events[-1]["at"] == BEGIN + 60
    slow = rehearse(plan_of(WRITES), models={"careful": [{"says": "Hello", "slow": "25s"}]})
    assert (slow.state.outcome, slow.events[-1]["at"]) == ("good", BEGIN + 25)
    assert slow.state.variables["draft"] == "Hello"
    too_slow = rehearse(plan_of(WRITES), models={"careful": [{"says": "Hello", "slow": "2m"}]})
    assert (too_slow.state.outcome, too_slow.events[-1]["at"]) == ("bad", BEGIN + 60)


def ask(models: RehearsedModels, words: str, alias: str = "careful", **more: Any) -> Any:
    question = ModelAsk("r", "n", alias, [{"role": "user", "content": words}], **more)
    return asyncio.run(models.ask(question))


def test_a_model_that_fails_is_replaced_by_its_fallback() -> None:
    entries = {
        "careful": {"model": "x/big", "fallbacks": ["fast"]},
        "fast": {"model": "x/small"},
    }
    scripts = {"careful": [{"fails": "timeout"}], "fast": [{"says": "In short"}]}
    answer = ask(RehearsedModels(scripts, entries), "Write")
    assert (answer.alias, answer.text) == ("fast", "In short")
    assert "'careful' did not answer" in answer.note
    scripts["fast"] = [{"fails": "unauthorized"}]
    with pytest.raises(StepError) as caught:
        ask(RehearsedModels(scripts, entries), "Write")
    assert caught.value.code == "model_failed"
    assert [each["alias"] for each in caught.value.detail["tried"]] == ["careful", "fast"]
    scripts["fast"] = [{"fails": "timeout"}]
    with pytest.raises(StepError) as caught:
        ask(RehearsedModels(scripts, entries), "Write")
    assert caught.value.code == "timeout"


def test_a_model_fails_where_its_words_are_found_or_at_some_questions_only() -> None:
    scripts = {
        "careful": [
            {"when": "summary", "says": "A summary"},
            {"fails": "error", "calls": [3]},
            {"when": "poem", "fails": "unreachable"},
            {"says": "Anything"},
        ]
    }
    models = RehearsedModels(scripts, {})
    assert ask(models, "a summary please").text == "A summary"
    with pytest.raises(StepError, match="cannot be reached"):
        ask(models, "a poem please")
    with pytest.raises(StepError, match="fault of its own"):
        ask(models, "a summary please")
    assert ask(models, "go on").text == "Anything"


def test_a_broken_value_of_a_model_is_refused_where_a_schema_is_wanted() -> None:
    models = RehearsedModels({"careful": [{"fails": "bad_json"}]}, {})
    with pytest.raises(StepError, match="no valid JSON"):
        ask(models, "go", schema={"type": "object"})


# -- resources and prompts -------------------------------------------------------------------


def world(cast: Cast | None = None, **data: Any) -> tuple[RehearsedTools, VirtualClock]:
    clock = VirtualClock()
    planned: Mapping[str, ToolDef] = {}
    return RehearsedTools(scenario_of(data), planned, cast=cast, clock=clock), clock


@pytest.mark.parametrize(
    ("kind", "code"),
    [("timeout", "timeout"), ("unauthorized", "unreachable"), ("gone", "tool_failed")],
)
def test_a_resource_and_a_prompt_fail_as_tools_do(kind: str, code: str) -> None:
    entry = {"fails": kind}
    tools, clock = world(resources={"kb/a://{x}": entry}, prompts={"kb/p": entry})
    with pytest.raises(StepError) as caught:
        asyncio.run(tools.read(ResourceRead("r", "n", "kb", "a://one", 5)))
    assert caught.value.code == code
    with pytest.raises(StepError) as caught:
        asyncio.run(tools.prompt(PromptGet("r", "n", "kb/p", {}, 5)))
    assert caught.value.code == code
    assert clock.now() == BEGIN + (10 if kind == "timeout" else 0)


def test_a_resource_may_fail_at_some_reads_only() -> None:
    turns = [{"fails": "unreachable", "calls": [2]}, {"returns": "Text"}]
    tools, _ = world(resources={"kb/a://{x}": turns})

    def read() -> Any:
        return asyncio.run(tools.read(ResourceRead("r", "n", "kb", "a://one", 5))).value

    assert read() == "Text"
    with pytest.raises(StepError):
        read()
    assert read() == "Text"


def test_a_length_that_is_none_is_told() -> None:
    tools, _ = world(tools={"kb/t": {"slow": "a while"}})
    with pytest.raises(StepError, match="no duration"):
        asyncio.run(tools.call(ToolCall("r", "n", "kb/t", {}, 5, "k")))


def test_a_call_in_an_outage_uses_up_no_turn_of_the_others() -> None:
    nodes = """
a: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, save: one, next: b, on_error: b}
b: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, save: two, next: c}
c: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, save: three, next: z}
z: {kind: end, output: {two: "${two.n}", three: "${three.n}"}}
"""
    answers = [{"returns": {"n": n}} for n in (1, 2, 3)]
    script = {"orders/get_order": [{"fails": "error", "calls": 1}, *answers]}
    assert rehearse(plan_of(nodes), tools=script).state.output == {"two": 1, "three": 2}


def test_a_model_that_takes_as_long_as_it_may_is_too_late() -> None:
    nodes = """
a: {kind: generate, model: fast, prompt: Hi, save: t, next: z, on_error: late}
z: {kind: end, outcome: good}
late: {kind: end, outcome: late}
"""
    for slow, outcome in (("59s", "good"), ("60s", "late"), ("61s", "late")):
        result = rehearse(plan_of(nodes), models={"fast": [{"says": "Hi", "slow": slow}]})
        assert (slow, result.state.outcome) == (slow, outcome)


def test_an_answer_may_be_for_calls_with_certain_arguments() -> None:
    nodes = """
a: {kind: loop, each: input.orders, as: id, collect: {found: "${order.n}"}, body: b, next: z}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, save: order, next: a}
z: {kind: end, output: {found: "${found}"}}
"""
    orders = {
        "orders/get_order": [
            {"returns": {"n": 1}},
            {"given": {"order_id": "B"}, "returns": {"n": 20}},
            {"returns": {"n": 2}},
            {"given": {"order_id": "B"}, "returns": {"n": 21}},
            {"given": {"order_id": "B"}, "calls": 6, "returns": {"n": 66}},
            {"given": {"order_id": "A"}, "calls": 7, "returns": {"n": 77}},
        ]
    }
    given = {"orders": ["A", "B", "A", "B", "B", "B", "B", "A"]}
    result = rehearse(plan_of(nodes), tools=orders, input=given)
    assert result.state.output == {"found": [1, 20, 2, 21, 21, 66, 21, 2]}


def test_where_all_answers_are_for_other_arguments_the_answer_is_made_up() -> None:
    script = {"orders/get_order": {"given": {"order_id": "O-2"}, "fails": "error"}}
    assert rehearse(plan_of(NODES), tools=script).state.outcome == "good"
    cast = Cast(faults={"orders/get_order": {"given": {"order_id": "O-1"}, "fails": "error"}})
    assert rehearse(plan_of(NODES), cast).state.outcome == "bad"
