import asyncio
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from journeybuilder.errors import OperatorError, StepError
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.debug.debugger import Debugger
from journeybuilder.rehearse.making.making import scenario_from
from journeybuilder.rehearse.scenario import Scenario, scenario_of
from journeybuilder.rehearse.simulate import Rehearsed, simulate
from journeybuilder.rehearse.world.sources import Cast
from journeybuilder.run.state import Event
from tests.fakes import FakeTools, journey_data, plan_of
from tests.rehearse.random_runs import Shop, Twenty, journey20, play, random_cast, retail

C17 = {"customer_id": "C-17"}
C100 = {"customer_id": "C-100200", "order_id": "O-1001"}


def again(plan: Plan, data: Mapping[str, Any]) -> Rehearsed:
    return asyncio.run(simulate(plan, scenario_of(data)))


def lanes_apart(events: list[Event]) -> list[str]:
    return [one["node"] for one in events if one["event"] == "entered" and "/" not in one["lane"]]


@pytest.mark.parametrize(
    ("journey", "given"),
    [
        ("order-return", C17),
        ("delivery-problem", C17),
        ("parcel-status", {"order_id": "O-1002"}),
        ("where-is-my-order", C17),
        ("", C100),
    ],
)
def test_the_scenario_of_a_random_run_passes_and_walks_the_same_path(
    journey: str, given: Mapping[str, Any]
) -> None:
    plan = retail(journey) if journey else journey20()
    for seed in range(40):
        chance = Random(seed)
        cast = random_cast(plan, chance) if journey else Cast()
        tools = Shop(chance) if journey else Twenty(chance)
        screen = Debugger(plan, cast=cast, tools=tools, on_event=lambda _: None)
        step = seed % 4 == 0
        stop = asyncio.run(play(screen, given, chance, step=step))
        assert stop.reason in {"ended", "failed"}
        run = screen.timelines[0]
        state = run.state(len(run))
        data = scenario_from(plan, run.events, name="made", cast=cast)
        result = again(plan, data)
        assert result.failures == [], (seed, data)
        assert (result.state.status, result.state.outcome) == (state.status, state.outcome)
        assert result.state.output == state.output
        if step:  # lanes that are held one by one come by in another order
            assert lanes_apart(list(result.events)) == lanes_apart(list(run.events))
        else:
            assert result.state.path == state.path


def made(plan: Plan, scenario: Scenario) -> dict[str, Any]:
    result = asyncio.run(simulate(plan, scenario))
    return scenario_from(plan, result.events, name="made")


TALK = """
a: {kind: ask, text: "Which order would it be? Its number begins with O.", again: Once more?, expect: {type: string, pattern: "^O"}, save: id, timeout: 10m, next: b, on_timeout: late}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, save: order, next: g, on_error: late}
g: {kind: generate, model: fast, prompt: "Sum up ${order}", save: text, next: r}
r: {kind: review, to: desk, decisions: {approve: z, reject: late}, save: decision, timeout: 4h, on_timeout: late}
z: {kind: end, outcome: good, output: {id: "${id}", text: "${text}"}}
late: {kind: end, outcome: late}
"""
SCRIPT = Scenario(
    "s",
    "test",
    customer=[{"says": "what?"}, {"says": "O-1", "after": "2m"}],
    tools={"orders/get_order": {"returns": {"total": 3}, "slow": "4s"}},
    models={"fast": [{"says": "All is well"}]},
    people={"r": {"decision": "approve", "after": "1h30m", "note": "fine"}},
)


def test_a_scenario_is_written_as_a_person_would() -> None:
    assert made(plan_of(TALK, facts={"orders/get_order": {"risk": "read"}}), SCRIPT) == {
        "journeybuilder": 1,
        "scenario": "made",
        "journey": "test",
        "customer": [
            {"hears": "Which order would it be", "says": "what?"},
            {"hears": "Which order would it be", "says": "O-1", "after": "2m"},
        ],
        "tools": {"orders/get_order": {"returns": {"total": 3}, "slow": "4s"}},
        "models": {"fast": [{"says": "All is well"}]},
        "people": {"r": {"decision": "approve", "after": "1h30m", "note": "fine"}},
        "expect": [
            {"path": ["a", "b", "g", "r", "z"]},
            {"called": {"tool": "orders/get_order", "with": {"order_id": "O-1"}, "times": 1}},
            {"outcome": "good"},
            {"output": {"id": "O-1", "text": "All is well"}},
        ],
    }


def test_language_channel_and_what_is_remembered_are_written_where_they_matter() -> None:
    nodes = 'a: {kind: say, text: {en: "Hi ${customer.color}", es: Hola}, next: z}\nz: {kind: end}'
    plan = plan_of(nodes, "languages: [en, es]\nchannels: [chat, voice]")
    script = Scenario(
        "", "test", input={"customer_id": "C-1"}, channel="voice", language="es",
        remembered={"color": "blue", "consent.news": True},
    )  # fmt: skip
    data = made(plan, script)
    assert (data["channel"], data["language"]) == ("voice", "es")
    assert data["remembered"] == {"color": "blue", "consent.news": True}
    assert again(plan, data).passed


def test_a_customer_who_said_nothing_says_nothing_again() -> None:
    nodes = """
a: {kind: ask, text: One?, save: x, timeout: 10m, next: z, on_timeout: b}
b: {kind: ask, text: One?, save: y, timeout: 10m, next: z, on_timeout: late}
z: {kind: end, outcome: good, output: {y: "${y}"}}
late: {kind: end, outcome: late}
"""
    plan = plan_of(nodes)
    script = Scenario("", "test", customer=[{"silent": True}, {"says": "here"}])
    data = made(plan, script)
    assert data["customer"] == [
        {"hears": "One", "silent": True}, {"hears": "One", "says": "here"},
    ]  # fmt: skip
    assert again(plan, data).state.output == {"y": "here"}
    silent = made(plan, Scenario("", "test"))
    assert "customer" not in silent
    assert again(plan, silent).state.outcome == "late"


@pytest.mark.parametrize(
    "fault",
    ["timeout", "unreachable", "unauthorized", "error", "bad_json", "drifted", "out of paper"],
)
def test_a_fault_is_written_so_that_the_journey_meets_the_same_one(fault: str) -> None:
    nodes = """
a: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, save: o, retry: {attempts: 2, wait: 1s}, next: z, on_error: s}
s: {kind: end, outcome: sorry, output: {code: "${error.code}", words: "${error.message}"}}
z: {kind: end, outcome: good}
"""
    plan = plan_of(nodes, facts={"orders/get_order": {"risk": "read"}})
    first = asyncio.run(
        simulate(plan, Scenario("", "test", tools={"orders/get_order": {"fails": fault}}))
    )
    data = scenario_from(plan, first.events, name="made")
    assert data["tools"]["orders/get_order"] == {"fails": fault if fault != "error" else "the tool could not do it"}  # fmt: skip
    assert (first.state.outcome, again(plan, data).state.output) == ("sorry", first.state.output)


def test_calls_that_were_refused_or_cached_are_no_turns() -> None:
    nodes = """
a: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, save: x, cache: 1h, next: b}
b: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, save: y, cache: 1h, next: c}
c: {kind: tool, tool: orders/get_order, with: {order_id: "2"}, save: z, next: z}
z: {kind: end, output: {z: "${z.n}"}}
"""
    plan = plan_of(nodes, facts={"orders/get_order": {"risk": "read"}})
    turns = [{"returns": {"n": 1}}, {"returns": {"n": 2}}]
    data = made(plan, Scenario("", "test", tools={"orders/get_order": turns}))
    assert data["tools"]["orders/get_order"] == turns
    assert again(plan, data).state.output == {"z": 2}


MODELS = """
a: {kind: generate, model: fast, prompt: "Say ${input.x}", save: one, next: b}
b: {kind: generate, model: fast, prompt: "Say ${input.x}", save: two, next: c}
c: {kind: loop, each: "[1, 2, 2]", as: n, collect: {all: "${three}"}, body: d, next: z}
d: {kind: generate, model: fast, prompt: "Again", save: three, next: c}
z: {kind: end, output: {one: "${one}", two: "${two}", all: "${all}"}}
"""


class Numbered:
    """A model that says how often it was asked."""

    def __init__(self, *fails: int) -> None:
        self._number = 0
        self._fails = fails

    async def ask(self, ask: Any) -> Any:
        from journeybuilder.contract.services import ModelAnswer  # noqa: PLC0415

        self._number += 1
        if self._number in self._fails:
            raise StepError("model_failed", "no model answers")
        return ModelAnswer(f"answer {self._number}", "m", ask.alias)


def test_each_answer_of_a_model_is_given_where_it_was_given() -> None:
    plan = plan_of(MODELS)
    screen = Debugger(plan, models=Numbered(), on_event=lambda _: None)
    asyncio.run(screen.start({"x": "hello"}))
    run = screen.timelines[0]
    output = {"one": "answer 1", "two": "answer 2", "all": ["answer 3", "answer 4", "answer 5"]}
    assert run.state(len(run)).output == output
    data = scenario_from(plan, run.events, name="made")
    assert again(plan, data).state.output == output


def test_a_model_that_failed_fails_again() -> None:
    nodes = """
a: {kind: generate, model: fast, prompt: Hi, save: t, next: z, on_error: s}
s: {kind: end, outcome: failed, output: {code: "${error.code}"}}
z: {kind: end, outcome: good}
"""
    plan = plan_of(nodes)
    screen = Debugger(plan, models=Numbered(1), on_event=lambda _: None)
    asyncio.run(screen.start({}))
    data = scenario_from(plan, screen.timelines[0].events, name="made")
    assert data["models"] == {"fast": [{"fails": "no model answers"}]}
    assert again(plan, data).state.output == {"code": "model_failed"}


def test_what_was_decided_at_a_node_twice_is_decided_so_again() -> None:
    nodes = """
a: {kind: review, to: desk, decisions: {again: a, done: z}, timeout: 4h, on_timeout: a}
z: {kind: end, outcome: good}
"""
    plan = plan_of(nodes)

    async def decide() -> list[Event]:
        screen = Debugger(plan, on_event=lambda _: None)
        await screen.start({})
        await screen.decide("again")
        await screen.let_time_pass()
        await screen.decide("done")
        return list(screen.timelines[0].events)

    data = scenario_from(plan, asyncio.run(decide()), name="made")
    assert data["people"]["a"] == [
        {"decision": "again"}, {"after": "4h"}, {"decision": "done"},
    ]  # fmt: skip
    result = again(plan, data)
    assert (result.failures, result.state.path) == ([], ["a", "a", "a", "z"])


def test_an_event_comes_as_late_as_it_came() -> None:
    nodes = """
a: {kind: wait, event: ready, timeout: 2h, save: came, next: z, on_timeout: late}
z: {kind: end, output: {n: "${came.n}"}}
late: {kind: end, outcome: late}
"""
    plan = plan_of(nodes)
    script = Scenario("", "test", events={"ready": {"after": "90m", "data": {"n": 3}}})
    data = made(plan, script)
    assert data["events"] == {"ready": {"after": "1h30m", "data": {"n": 3}}}
    assert again(plan, data).passed


OVERTAKING = """
a: {kind: parallel, lanes: {left: l0, right: r1}}
l0: {kind: tool, tool: shipping/create_label, with: {order_id: "1"}, next: l1}
l1: {kind: tool, tool: orders/refund, with: {order_id: "1", amount: 5}, save: l, next: m}
r1: {kind: tool, tool: orders/refund, with: {order_id: "2", amount: 5}, save: r, next: m}
m: {kind: join, wait_for: all, next: z}
z: {kind: end, output: {l: "${l.n}", r: "${r.n}"}}
"""


def test_answers_in_lanes_that_overtook_each_other_come_to_the_lane_that_had_them() -> None:
    plan = plan_of(OVERTAKING)

    async def step_through() -> list[Event]:
        tools = FakeTools({"orders/refund": [{"n": 1}, {"n": 2}]})
        screen = Debugger(plan, tools=tools, on_event=lambda _: None)
        stop = await screen.start({}, hold=True)
        while stop.reason == "step":
            stop = await screen.step()
        return list(screen.timelines[0].events)

    data = scenario_from(plan, asyncio.run(step_through()), name="made")
    assert data["tools"]["orders/refund"] == [
        {"given": {"order_id": "1"}, "returns": {"n": 1}},
        {"given": {"order_id": "2"}, "returns": {"n": 2}},
    ]
    result = again(plan, data)
    assert (result.failures, result.state.output) == ([], {"l": 1, "r": 2})


COMINGS = """
a: {kind: wait, event: step, timeout: 3d, save: one, next: b, on_timeout: b}
b: {kind: ask, text: Is it there?, save: there, next: c}
c: {kind: wait, event: step, timeout: 3d, save: two, next: d, on_timeout: late}
d: {kind: wait, event: step, timeout: 3d, save: three, next: z, on_timeout: late}
z: {kind: end, outcome: came, output: {two: "${two.n}", three: "${three.n}"}}
late: {kind: end, outcome: late}
"""


@pytest.mark.parametrize("early", [False, True])
def test_an_event_that_came_several_times_comes_so_again(early: bool) -> None:
    """Also one that came to nobody, after the wait for it was over."""
    plan = plan_of(COMINGS)

    async def play_it() -> list[Event]:
        screen = Debugger(plan, on_event=lambda _: None)
        await screen.start({})
        await screen.let_time_pass()
        if early:
            await screen.happen("step", {"n": 1})
            await screen.reply("yes")
        else:
            await screen.reply("yes")
            await screen.happen("step", {"n": 1})
        await screen.happen("step", {"n": 2})
        return list(screen.timelines[0].events)

    data = scenario_from(plan, asyncio.run(play_it()), name="twice")
    assert data["events"] == {"step": [{"after": "3d1ms", "data": {"n": 1}}, {"data": {"n": 2}}]}
    result = again(plan, data)
    assert (result.failures, result.state.output) == ([], {"two": 1, "three": 2})


def test_variables_that_were_changed_by_hand_are_changed_again() -> None:
    sub = {
        "sub": journey_data(
            "sub", "a: {kind: set, values: {k: 1}, next: z}\nz: {kind: end, output: {k: '${k}'}}"
        )
    }
    nodes = """
a: {kind: set, values: {fee: 0}, next: b}
b: {kind: say, text: "It costs ${fee}", next: s}
s: {kind: journey, journey: sub, save: back, next: c}
c: {kind: loop, each: "[1, 2, 3]", as: n, collect: {all: "${n}"}, body: d, next: z}
d: {kind: set, values: {m: "${n}"}, next: c}
z: {kind: end, output: {fee: "${fee}", k: "${back.k}", all: "${all}"}}
"""  # fmt: skip
    plan = plan_of(nodes, others=sub)

    async def change() -> Debugger:
        screen = Debugger(plan, on_event=lambda _: None)
        await screen.start({}, hold=True)
        stop = await screen.run_to("b")
        await screen.branch(stop.index, {"fee": 9}, hold=True)
        stop = await screen.run_to("sub/z")
        await screen.branch(stop.index, {"k": 5}, hold=True)
        await screen.run_to("d")
        await screen.run_to("d")
        stop = await screen.run_to("c")
        await screen.branch(stop.index, {"n": 20})
        return screen

    screen = asyncio.run(change())
    run = screen.timelines[-1]
    state = run.state(len(run))
    assert (state.output["fee"], state.output["k"]) == (9, 5)
    assert 20 in state.output["all"]
    data = scenario_from(plan, run.events, name="made")
    assert data["changes"] == [
        {"before": "b", "set": {"fee": 9}},
        {"before": "sub/z", "set": {"k": 5}},
        {"before": "c", "visit": 3, "set": {"n": 20}},
    ]
    result = again(plan, data)
    assert (result.failures, result.state.output) == ([], state.output)
    assert [one["event"] for one in result.events].count("branched") == 3


def test_a_node_to_change_something_at_may_be_written_with_its_journey() -> None:
    plan = plan_of(
        "a: {kind: set, values: {n: 1}, next: b}\nb: {kind: set, values: {m: '${n}'}, next: z}\n"
        "z: {kind: end, output: {m: '${m}'}}"
    )
    change = {"before": "test/b", "set": {"n": 5}}
    data: dict[str, Any] = {
        "journey": "test",
        "changes": [change],
        "expect": [{"output": {"m": 5}}],
    }
    assert again(plan, data).failures == []


def test_a_change_that_the_run_does_not_come_to_is_told() -> None:
    plan = plan_of("a: {kind: set, values: {n: 1}, next: z}\nz: {kind: end}")
    data: dict[str, Any] = {
        "scenario": "s",
        "journey": "test",
        "changes": [{"before": "z", "visit": 2, "set": {}}],
    }
    assert again(plan, data).failures == ["changes: the run did not come to 'z' 2 times"]


def test_only_a_run_that_is_over_becomes_a_scenario() -> None:
    screen = Debugger(plan_of(TALK), on_event=lambda _: None)
    asyncio.run(screen.start({}))
    with pytest.raises(OperatorError, match="come to its end, and this one has not"):
        scenario_from(plan_of(TALK), screen.timelines[0].events, name="made")


def test_a_long_path_is_told_by_its_nodes_and_long_values_are_left_out() -> None:
    nodes = """
a: {kind: loop, each: "input.items", as: n, collect: {all: "${n}"}, body: b, next: c}
b: {kind: set, values: {m: "${n}"}, next: a}
c: {kind: tool, tool: orders/get_order, with: {order_id: "${input.long}"}, next: z}
z: {kind: end, output: {long: "${input.long}", m: "${m}"}}
"""
    plan = plan_of(nodes)
    given = {"items": list(range(60)), "long": "x" * 200}
    data = made(plan, Scenario("", "test", input=given))
    assert data["expect"] == [
        {"path": ["a", "b", "c", "z"]},
        {"called": {"tool": "orders/get_order", "times": 1}},
        {"outcome": "done"},
        {"output": {"m": 59}},
    ]
    assert again(plan, data).passed


def test_real_tools_are_not_needed_any_more() -> None:
    plan = plan_of(TALK)

    async def run() -> Debugger:
        tools = FakeTools({"orders/get_order": [{"total": 8, "deep": {"list": [1, {"x": None}]}}]})
        screen = Debugger(plan, tools=tools, on_event=lambda _: None)
        await screen.start({})
        await screen.reply("O-1")
        await screen.decide("approve")
        return screen

    screen = asyncio.run(run())
    data = scenario_from(plan, screen.timelines[0].events, name="made")
    result = again(plan, data)
    assert result.failures == []
    assert result.state.variables["order"] == {"total": 8, "deep": {"list": [1, {"x": None}]}}
