import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from journeybuilder.document.workspace import read_workspace
from journeybuilder.host import known_of
from journeybuilder.packaged import packaged
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.expect import failures
from journeybuilder.rehearse.scenario import Scenario, scenario_of
from journeybuilder.rehearse.simulate import Rehearsed, simulate
from journeybuilder.rehearse.world.clock import BEGIN
from journeybuilder.run.tokens import RunState
from tests.fakes import FakeTools, plan_of

SAMPLES = packaged("samples")
EVERY = [
    (place.name, name)
    for place in sorted(SAMPLES.iterdir())
    if (place / "journeybuilder.yaml").exists()
    for name in read_workspace(place).scenarios
]


def rehearse(plan: Plan, **script: Any) -> Rehearsed:
    return asyncio.run(simulate(plan, scenario_of({"scenario": "s", "journey": "test", **script})))


@pytest.mark.parametrize(("sample", "name"), EVERY)
def test_the_scenarios_of_the_samples_pass(sample: str, name: str) -> None:
    workspace = read_workspace(SAMPLES / sample)
    scenario = scenario_of(workspace.scenarios[name].data)
    plan = make_plan(build(workspace, scenario.journey, known_of(workspace)))
    result = asyncio.run(simulate(plan, scenario))
    assert result.failures == []
    assert result.passed
    assert scenario.expect


def test_a_rehearsal_gives_the_same_events_every_time() -> None:
    workspace = read_workspace(SAMPLES / "retail")
    name = "a late return above the limit is approved by a person"
    scenario = scenario_of(workspace.scenarios[name].data)
    plan = make_plan(build(workspace, scenario.journey, known_of(workspace)))
    first, second = (asyncio.run(simulate(plan, scenario)).events for _ in range(2))
    assert first == second
    assert first[0]["at"] == BEGIN


NODES = """
a: {kind: ask, text: Which order?, save: id, timeout: 3d, next: b, on_timeout: late}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, save: order, next: c, on_error: sorry}
c: {kind: review, to: desk, decisions: {approve: d, reject: late}, timeout: 4h, on_timeout: late}
d: {kind: say, text: "Done for ${id}", next: z}
z: {kind: end, outcome: good, output: {id: "${id}"}}
late: {kind: end, outcome: late}
sorry: {kind: say, text: "Sorry: ${error.code}", next: late}
"""
KNOWN = "path, called, never, said, outcome, output, cost_usd, remembered, when, sound"
GOOD: Mapping[str, Any] = {
    "customer": [{"hears": "which ORDER", "says": "O-1"}],
    "people": {"c": {"decision": "approve", "after": "20m"}},
}


def good(**expect: Any) -> Rehearsed:
    return rehearse(plan_of(NODES), **GOOD, expect=[expect])


@pytest.mark.parametrize(
    "expect",
    [
        {"path": ["a", "b", "c", "d", "z"]},
        {"path": ["a", "z"]},
        {"path": ["test/a", "z"]},
        {"called": {"tool": "orders/get_order", "with": {"order_id": "O-1"}, "times": 1}},
        {"called": "orders/get_order"},
        {"never": {"tool": "orders/refund"}},
        {"never": {"tool": "orders/get_order", "with": {"order_id": "O-2"}}},
        {"said": {"matches": "done for o-1"}},
        {"said": "Done"},
        {"outcome": "good"},
        {"output": {"id": "O-1"}},
        {"cost_usd": {"below": 0.01}},
        {"when": "id == 'O-1'"},
    ],
)
def test_what_is_expected_and_happens_passes(expect: Mapping[str, Any]) -> None:
    assert good(**expect).failures == []


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ({"path": ["a", "c", "b"]}, "path: went a → b → c → d → z, without b in its place"),
        ({"path": "q"}, "path: went a → b → c → d → z, without q in its place"),
        ({"called": {"tool": "orders/get_order", "times": 2}},
         'called: orders/get_order was called once, not 2 times; calls: orders/get_order {"order_id":"O-1"}'),
        ({"called": {"tool": "orders/refund"}},
         'called: orders/refund was called 0 times, not at least once; calls: orders/get_order {"order_id":"O-1"}'),
        ({"called": {"tool": "orders/get_order", "times": 0}},
         'called: orders/get_order was called once, not 0 times; calls: orders/get_order {"order_id":"O-1"}'),
        ({"never": {"tool": "orders/get_order"}}, "never: orders/get_order was called once"),
        ({"said": {"matches": "bye"}}, "said: nothing said matches 'bye'; said was: Which order? | Done for O-1"),
        ({"said": {"matches": "("}},
         "said: '(' is no pattern: missing ) at position 1"),
        ({"said": {"matches": "(" * 5000}},
         f"said: '{'(' * 60}…' is no pattern: it is nested too deeply"),
        ({"outcome": "late"}, "outcome: it was 'good', not 'late'"),
        ({"output": {"id": "O-2"}}, "output: 'id' is \"O-1\", not \"O-2\""),
        ({"cost_usd": {"below": 0}}, "cost_usd: 0.0 USD is not below 0"),
        ({"cost_usd": 5}, "cost_usd: say 'below:' and an amount"),
        ({"when": "id == 'O-2'"}, "when: 'id == 'O-2'' does not hold"),
        ({"when": "nobody.x"}, "when: 'nobody.x': 'nobody' has no value here"),
        ({"outcom": "good"}, f"'outcom' is no expectation; known are {KNOWN}"),
    ],
)  # fmt: skip
def test_what_does_not_happen_as_expected_is_said_in_words(
    expect: Mapping[str, Any], words: str
) -> None:
    result = good(**expect)
    assert result.failures == [words]
    assert not result.passed


def test_a_pattern_that_would_take_for_ever_is_a_failure_in_words() -> None:
    nodes = f"a: {{kind: say, text: {'a' * 60}, next: z}}\nz: {{kind: end}}"
    result = rehearse(plan_of(nodes), expect=[{"said": {"matches": "(a|aa)+$b|(a+a+)+c"}}])
    assert result.failures == [
        "said: it takes too long to find out whether '(a|aa)+$b|(a+a+)+c' matches; write it more simply"
    ]


def test_a_tool_that_is_to_fail_takes_the_way_of_the_error() -> None:
    for fails, said in [
        ("timeout", "timeout"),
        ("unreachable", "unreachable"),
        ("no stock", "tool_failed"),
    ]:
        result = rehearse(
            plan_of(NODES), **GOOD, tools={"orders/get_order": {"fails": fails}},
            expect=[{"path": ["a", "b", "sorry"]}, {"said": f"Sorry: {said}"}],
        )  # fmt: skip
        assert result.failures == []


def test_answers_given_as_a_list_are_used_in_turn_and_the_last_one_again() -> None:
    nodes = """
a: {kind: tool, tool: orders/get_order, with: {order_id: x}, save: one, retry: {attempts: 2, wait: 1h}, next: b}
b: {kind: tool, tool: orders/get_order, with: {order_id: x}, save: two, next: z}
z: {kind: end, output: {one: "${one}", two: "${two}"}}
"""
    answers = [{"fails": "unreachable"}, {"returns": 1}]
    result = rehearse(plan_of(nodes), tools={"orders/get_order": answers})
    assert result.state.output == {"one": 1, "two": 1}
    assert result.events[-1]["at"] - BEGIN == 3600


def test_days_pass_at_once_when_nobody_answers() -> None:
    silent = rehearse(plan_of(NODES), customer=[], expect=[{"outcome": "late"}])
    assert silent.passed
    assert silent.events[-1]["at"] - BEGIN == 3 * 86400
    undecided = rehearse(plan_of(NODES), customer=GOOD["customer"], expect=[{"outcome": "late"}])
    assert undecided.passed
    assert undecided.events[-1]["at"] - BEGIN == 4 * 3600


def test_a_decision_comes_after_the_time_it_takes_and_not_when_it_is_too_late() -> None:
    assert good(outcome="good").events[-1]["at"] - BEGIN == 20 * 60
    late = rehearse(
        plan_of(NODES), customer=GOOD["customer"], people={"c": {"decision": "approve", "after": "5h"}},
        expect=[{"outcome": "late"}],
    )  # fmt: skip
    assert late.passed


def test_an_answer_that_takes_long_lets_the_time_pass() -> None:
    customer = [{"says": "O-1", "after": "2d"}]
    result = rehearse(plan_of(NODES), customer=customer, people=GOOD["people"])
    assert result.events[-1]["at"] - BEGIN == 2 * 86400 + 20 * 60


def test_a_rehearsal_that_still_waits_at_its_end_has_failed() -> None:
    nodes = "a: {kind: review, to: desk, decisions: {ok: z}}\nz: {kind: end}"
    assert rehearse(plan_of(nodes)).failures == ["it still waits for a review at 'a'"]


def test_a_run_that_fails_without_being_expected_to_has_failed() -> None:
    nodes = 'a: {kind: say, text: "${input.name}", next: z}\nz: {kind: end}'
    assert rehearse(plan_of(nodes)).failures == [
        "it failed: in a value of 'a': there is no field 'name'"
    ]


def test_an_input_that_a_real_run_would_refuse_is_a_failure() -> None:
    plan = plan_of(NODES, "input: {properties: {n: {type: integer}}, required: [n]}")
    assert rehearse(plan, **GOOD).failures == ["input: 'n' is missing"]
    assert rehearse(plan, **GOOD, input={"n": 5}).failures == []


def test_names_that_mean_nothing_in_the_journey_are_failures() -> None:
    result = rehearse(
        plan_of(NODES), customer=GOOD["customer"], tools={"orders/get_ordr": {"returns": {}}},
        people={**GOOD["people"], "decde": {"decision": "approve"}},
    )  # fmt: skip
    assert result.failures == [
        "tools: the journey does not use 'orders/get_ordr'. Did you mean 'orders/get_order'?",
        "people: the journey has no node 'decde'.",
    ]


def test_real_tools_are_called_for_what_is_not_scripted_and_only_for_that() -> None:
    real = FakeTools({"orders/get_order": [{"total": 1}]})
    script = Scenario("s", "test", customer=GOOD["customer"], people=GOOD["people"])
    result = asyncio.run(simulate(plan_of(NODES), script, tools=real))
    assert result.state.variables["order"] == {"total": 1}
    scripted = Scenario("s", "test", customer=GOOD["customer"], people=GOOD["people"],
                        tools={"orders/get_order": {"returns": {"total": 2}}})  # fmt: skip
    result = asyncio.run(simulate(plan_of(NODES), scripted, tools=real))
    assert result.state.variables["order"] == {"total": 2}
    assert len(real.calls) == 1


def test_a_result_of_a_rehearsal_has_the_fields_that_programs_read() -> None:
    assert good(outcome="good").as_json() == {
        "name": "s",
        "journey": "test",
        "passed": True,
        "failures": [],
        "path": ["a", "b", "c", "d", "z"],
        "cost_usd": 0.0,
    }


def test_the_language_of_the_scenario_is_the_customers() -> None:
    nodes = "a: {kind: say, text: {en: Hi, es: Hola}, next: z}\nz: {kind: end}"
    assert rehearse(plan_of(nodes), language="es", expect=[{"said": "Hola"}]).passed


def test_what_is_not_of_the_right_form_in_a_scenario_is_left_out() -> None:
    script = scenario_of(
        {"customer": {"persona": "angry"}, "tools": [], "expect": ["x"], "input": None}
    )
    assert (script.customer, script.tools, script.expect, script.input) == ([], {}, [{}], {})


def test_what_a_scenario_leaves_out_of_an_answer_is_made_from_the_schema_and_said() -> None:
    workspace = read_workspace(SAMPLES / "retail")
    plan = make_plan(build(workspace, "order-return", known_of(workspace)))
    script = {
        "scenario": "s", "journey": "order-return", "input": {"customer_id": "C-17"},
        "customer": [{"hears": "order", "says": "O-1001"}],
        "tools": {"orders/get_order": {"returns": {"age_days": 400}}},
    }  # fmt: skip
    result = asyncio.run(simulate(plan, scenario_of(script)))
    answers = [event["answer"] for event in result.events if event["event"] == "answered"]
    order = next(answer for answer in answers if "age_days" in str(answer.get("value")))
    assert order["value"]["age_days"] == 400
    assert order["value"]["customer_id"].startswith("C-")
    assert "made from the tool's schema: " in order["note"]
    assert "customer_id" in order["note"]


def test_a_cost_that_nobody_knows_is_not_below_anything() -> None:
    state = good(outcome="good").state
    state.cost_known = False
    assert failures([{"cost_usd": {"below": 5}}], state, []) == [
        "cost_usd: a model of unknown price was used"
    ]


def test_a_path_of_nothing_always_holds_and_one_of_strange_parts_is_a_failure_in_words() -> None:
    state = RunState(run="r", journey="j", path=["a", "b"])
    assert failures([{"path": []}, {"path": "b"}, {"path": ["a", "j/b"]}], state, []) == []
    assert "without ['a'] in its place" in failures([{"path": [["a"]]}], state, [])[0]
