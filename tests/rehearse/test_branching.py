import asyncio
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest
from typing_extensions import override

from journeybuilder.contract.services import ModelAnswer, ModelAsk, Models, ToolAnswer, ToolCall
from journeybuilder.errors import OperatorError
from journeybuilder.rehearse.debug.debugger import Breakpoint, Debugger
from journeybuilder.rehearse.debug.known import AGAIN, ANEW
from journeybuilder.rehearse.debug.timeline import Timeline
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.world.sources import Cast
from journeybuilder.run.state import fold
from tests.fakes import FakeTools, journey_data, plan_of
from tests.rehearse.random_runs import Shop, Twenty, journey20, play, random_cast, retail

NODES = """
a: {kind: ask, text: Which order?, save: id, timeout: 3d, next: b, on_timeout: late}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, save: order, next: g}
g: {kind: generate, model: fast, prompt: "Sum up ${id}", save: text, next: fee}
fee: {kind: set, values: {fee: 0}, next: c}
c: {kind: branch, cases: [{when: fee > 3, next: dear}], otherwise: r}
r: {kind: review, to: desk, decisions: {approve: z, reject: late}}
dear: {kind: say, text: "It costs ${fee}", next: z}
z: {kind: end, outcome: good, output: {text: "${text}"}}
late: {kind: end, outcome: late}
"""
READS = {"orders/get_order": {"risk": "read"}}


class Paid(Models):
    """A model whose every answer costs something."""

    def __init__(self) -> None:
        self.asked: list[ModelAsk] = []

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        self.asked.append(ask)
        return ModelAnswer(f"answer {len(self.asked)}", "m", ask.alias, cost_usd=0.01)


class Numbering(FakeTools):
    """Tools that number their answers."""

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        self.calls.append(call)
        return ToolAnswer({"number": len(self.calls)})


async def played(**more: Any) -> tuple[Debugger, Numbering, Paid]:
    tools, models = Numbering(), Paid()
    screen = Debugger(
        plan_of(NODES, facts=more.pop("facts", READS)),
        tools=tools,
        models=models,
        on_event=lambda _: None,
        **more,
    )
    await screen.start({})
    await screen.reply("O-1")
    await screen.decide("approve")
    return screen, tools, models


def moment(timeline: Timeline, place: str) -> int:
    """The moment just before a node is entered."""
    return next(
        index
        for index, event in enumerate(timeline.events)
        if event["event"] == "entered" and event["node"] == place
    )


def events_of(timeline: Timeline, name: str) -> list[Mapping[str, Any]]:
    return [event for event in timeline.events if event["event"] == name]


def test_a_variable_is_changed_and_the_run_goes_another_way() -> None:
    async def branch() -> None:
        screen, tools, models = await played()
        first = list(screen.timelines[0].events)
        at = moment(screen.timelines[0], "c")
        stop = await screen.branch(at, {"fee": 9})
        assert (stop.reason, stop.place) == ("ended", "z")
        assert screen.state is not None
        assert screen.state.path == ["a", "b", "g", "fee", "c", "dear", "z"]
        assert (len(tools.calls), len(models.asked)) == (1, 1)
        again = screen.timelines[1]
        assert list(again.events[:at]) == first[:at]
        assert events_of(again, "branched")[0]["changed"] == {"fee": 9}
        assert list(screen.timelines[0].events) == first
        for n in range(len(again) + 1):
            assert again.state(n) == fold(again.events[:n])
        assert [event["seq"] for event in again.events] == list(range(1, len(again) + 1))

    asyncio.run(branch())


def test_a_past_wait_is_answered_differently() -> None:
    async def branch() -> None:
        screen, tools, _ = await played()
        parked = [
            n + 1
            for n, event in enumerate(screen.timelines[0].events)
            if event["event"] == "parked"
        ]
        stop = await screen.branch(parked[1])
        assert (stop.reason, stop.place) == ("waiting", "r")
        assert (await screen.decide("reject")).place == "late"
        stop = await screen.branch(parked[0], of=0)
        assert (stop.reason, stop.place) == ("waiting", "a")
        assert (await screen.reply("O-2")).place == "r"
        assert [call.arguments for call in tools.calls] == [
            {"order_id": "O-1"}, {"order_id": "O-2"},
        ]  # fmt: skip
        await screen.branch(parked[0], of=0)
        assert (await screen.let_time_pass()).place == "late"

    asyncio.run(branch())


def test_what_was_answered_is_used_again_and_what_was_not_is_asked_anew_and_says_so() -> None:
    async def branch() -> None:
        screen, tools, models = await played()
        at = moment(screen.timelines[0], "b")
        await screen.branch(at)
        assert (len(tools.calls), len(models.asked)) == (1, 1)
        notes = [one["answer"].get("note") for one in events_of(screen.timelines[1], "answered")]
        assert notes.count(AGAIN) == 2
        assert screen.timelines[1].cost(len(screen.timelines[1])) == 0.01
        await screen.branch(at, {"id": "O-7"}, of=0)
        assert (len(tools.calls), len(models.asked)) == (2, 2)
        notes = [one["answer"].get("note") for one in events_of(screen.timelines[2], "answered")]
        assert notes.count(ANEW) == 2

    asyncio.run(branch())


def test_a_run_is_gone_through_again_from_a_visit_with_all_its_answers() -> None:
    async def again() -> None:
        screen, tools, models = await played()
        stop = await screen.rerun(1)
        assert (stop.reason, stop.place) == ("ended", "z")
        assert (len(tools.calls), len(models.asked)) == (1, 1)
        first, second = (timeline.state(len(timeline)) for timeline in screen.timelines)
        assert (first.path, first.output) == (second.path, second.output)
        stop = await screen.rerun(3, hold=True)
        assert (stop.reason, stop.place) == ("step", "g")
        assert (await screen.step()).place == "fee"
        with pytest.raises(OperatorError, match="the run has no step 77"):
            await screen.rerun(77)

    asyncio.run(again())


TWICE = """
a: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, save: one, next: b}
b: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, save: two, next: c}
c: {kind: branch, cases: [{when: input.more, next: d}], otherwise: z}
d: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, save: three, next: z}
z: {kind: end}
"""


@pytest.mark.parametrize(("risk", "calls"), [("read", 2), ("write", 3)])
def test_answers_come_in_order_and_only_a_reading_one_is_given_twice(risk: str, calls: int) -> None:
    async def again() -> None:
        tools = Numbering()
        plan = plan_of(
            TWICE.replace("input.more", "one.number < 0"),
            facts={"orders/get_order": {"risk": risk}},
        )
        screen = Debugger(plan, tools=tools, on_event=lambda _: None)
        await screen.start({})
        await screen.rerun(1)
        variables = screen.timelines[1].variables(len(screen.timelines[1]))
        assert (variables["one"], variables["two"]) == ({"number": 1}, {"number": 2})
        at = moment(screen.timelines[1], "c")
        await screen.branch(at, {"one": {"number": -1}})
        assert len(tools.calls) == calls

    asyncio.run(again())


def test_answers_that_a_branch_did_not_come_to_are_there_for_the_next_one() -> None:
    async def again() -> None:
        screen, tools, models = await played()
        screen.breakpoints.append(Breakpoint("node", "g"))
        stop = await screen.rerun(2)
        assert stop.place == "g"
        screen.breakpoints.clear()
        await screen.branch(
            stop.index
        )  # the model was not asked in this run, but in the one before
        assert (len(tools.calls), len(models.asked)) == (1, 1)

    asyncio.run(again())


def test_real_calls_of_two_rehearsals_never_have_the_same_key() -> None:
    async def keys() -> Sequence[str]:
        _, tools, _ = await played()
        screen, others, _ = await played()
        await screen.branch(moment(screen.timelines[0], "b"), {"id": "O-9"})
        return [call.key for call in [*tools.calls, *others.calls]]

    made = asyncio.run(keys())
    assert len(made) == 3
    assert made[0] != made[1]
    assert len({key.rpartition("rehearsal")[0] for key in made}) == 2


def test_a_scenario_counts_its_answers_on_in_a_branch() -> None:
    async def again() -> Any:
        script = Scenario(
            "s", "t", tools={"orders/get_order": [{"returns": {"n": n}} for n in (1, 2, 3)]}
        )
        plan = plan_of(TWICE.replace("input.more", "one.n < 0"))
        screen = Debugger(plan, scenario=script, on_event=lambda _: None)
        await screen.start({})
        await screen.branch(moment(screen.timelines[0], "c"), {"one": {"n": -1}})
        return screen.timelines[1].variables(len(screen.timelines[1]))["three"]

    assert asyncio.run(again()) == {"n": 3}


def test_a_customer_of_the_script_goes_on_where_the_branch_begins() -> None:
    async def again() -> Any:
        nodes = """
a: {kind: ask, text: One?, save: x, next: b}
b: {kind: ask, text: Two?, save: y, next: z}
z: {kind: end, output: {x: "${x}", y: "${y}"}}
"""
        lines = [{"says": "1", "after": "5m"}, {"hears": "two", "says": "2", "after": "5m"}]
        script = Scenario("s", "t", customer=lines)
        screen = Debugger(plan_of(nodes), scenario=script, script=True, on_event=lambda _: None)
        await screen.start({})
        first = screen.timelines[0]
        await screen.branch(moment(first, "b"), {"x": "other"})
        second = screen.timelines[1]
        assert second.at(len(second)) == first.at(len(first))
        assert screen.state is not None
        return screen.state.output

    assert asyncio.run(again()) == {"x": "other", "y": "2"}


def test_a_customer_who_answers_at_random_goes_on_in_a_branch() -> None:
    async def again() -> Any:
        nodes = """
a: {kind: ask, text: One?, choices: [left, right], save: x, next: b}
b: {kind: ask, text: Two?, choices: [up, down], save: y, next: z}
z: {kind: end, output: {x: "${x}", y: "${y}"}}
"""
        script = Scenario("s", "t", random_customer=True, seed=3)
        screen = Debugger(plan_of(nodes), scenario=script, script=True, on_event=lambda _: None)
        assert (await screen.start({})).reason == "ended"
        stop = await screen.branch(moment(screen.timelines[0], "b"), {"x": "other"})
        assert stop.reason == "ended"
        assert screen.state is not None
        return screen.state.output

    output = asyncio.run(again())
    assert output["x"] == "other"
    assert output["y"] in {"up", "down"}


def test_events_and_times_that_passed_come_again() -> None:
    nodes = """
a: {kind: wait, event: ready, timeout: 2h, save: came, next: b, on_timeout: late}
b: {kind: wait, event: more, timeout: 2h, next: late, on_timeout: z}
z: {kind: end, outcome: good, output: {n: "${came.n}"}}
late: {kind: end, outcome: late}
"""

    async def again() -> None:
        screen = Debugger(plan_of(nodes), on_event=lambda _: None)
        await screen.start({})
        await screen.happen("ready", {"n": 3})
        await screen.let_time_pass()
        stop = await screen.rerun(1)
        assert (stop.reason, stop.place) == ("ended", "z")
        assert screen.state is not None
        assert screen.state.output == {"n": 3}
        first, second = screen.timelines
        assert first.at(len(first)) == second.at(len(second))

    asyncio.run(again())


def test_an_event_of_the_script_that_has_come_does_not_come_again_in_a_branch() -> None:
    nodes = """
a: {kind: wait, event: ready, timeout: 2h, save: came, next: b, on_timeout: late}
b: {kind: wait, event: ready, timeout: 2h, save: came, next: c, on_timeout: late}
c: {kind: wait, event: ready, timeout: 2h, next: z, on_timeout: late}
z: {kind: end, outcome: good}
late: {kind: end, outcome: late, output: {n: "${came.n}"}}
"""

    async def again(at: str) -> Any:
        lines = [{"after": "1h", "data": {"n": 1}}, {"after": "1h", "data": {"n": 2}}]
        script = Scenario("s", "t", events={"ready": lines})
        screen = Debugger(plan_of(nodes), scenario=script, script=True, on_event=lambda _: None)
        assert (await screen.start({})).words == "ended: late"
        await screen.branch(moment(screen.timelines[0], at), {"came": {"n": 0}})
        assert screen.state is not None
        return screen.state.output["n"], screen.state.path

    path = ["a", "b", "c", "late"]
    assert asyncio.run(again("b")) == (2, path)
    assert asyncio.run(again("c")) == (0, path)


def test_a_variable_of_a_called_journey_is_changed_in_it() -> None:
    sub = journey_data(
        "sub",
        "a: {kind: set, values: {n: 1}, next: b}\n"
        'b: {kind: say, text: "n is ${n}", next: z}\n'
        'z: {kind: end, output: {n: "${n}"}}',
    )
    nodes = """
a: {kind: set, values: {n: 7}, next: b}
b: {kind: journey, journey: sub, save: back, next: z}
z: {kind: end, output: {inner: "${back.n}", outer: "${n}"}}
"""

    async def change() -> Any:
        screen = Debugger(plan_of(nodes, others={"sub": sub}), on_event=lambda _: None)
        await screen.start({}, hold=True)
        stop = await screen.run_to("sub/b")
        assert stop.place == "sub/b"
        await screen.branch(stop.index, {"n": 5})
        assert screen.state is not None
        return screen.state.output

    assert asyncio.run(change()) == {"inner": 5, "outer": 7}


def test_there_is_no_way_on_from_the_end_nor_from_a_run_that_is_not_there() -> None:
    async def branch() -> None:
        screen, _, _ = await played()
        with pytest.raises(OperatorError, match="the run was over by then"):
            await screen.branch(10_000)
        with pytest.raises(OperatorError, match="there is no such run"):
            await screen.branch(1, of=5)
        assert (await screen.branch(0, hold=True)).place == "a"

    asyncio.run(branch())


@pytest.mark.parametrize(
    ("journey", "given"),
    [
        ("order-return", {"customer_id": "C-17"}),
        ("delivery-problem", {"customer_id": "C-17"}),
        ("where-is-my-order", {"customer_id": "C-17"}),
        ("", {"customer_id": "C-100200", "order_id": "O-1001"}),
    ],
)
def test_every_moment_of_a_random_run_leads_to_the_same_end_without_a_new_call(
    journey: str, given: Mapping[str, Any]
) -> None:
    plan = retail(journey) if journey else journey20()
    for seed in range(10):
        chance = Random(seed)
        cast = random_cast(plan, chance) if journey else Cast()
        tools = Shop(chance) if journey else Twenty(chance)
        screen = Debugger(plan, cast=cast, tools=tools, on_event=lambda _: None)
        asyncio.run(_compare(screen, given, chance))


async def _compare(screen: Debugger, given: Mapping[str, Any], chance: Random) -> None:
    last = await play(screen, given, chance)
    assert last.reason in {"ended", "failed"}
    first = screen.timelines[0]
    end = first.state(len(first))
    for at in chance.sample(range(1, len(first)), 4):
        stop = await screen.branch(at, answers=True, of=0)
        branch = screen.timelines[-1]
        state = branch.state(len(branch))
        assert (stop.reason, state.path, state.outcome) == (last.reason, end.path, end.outcome)
        anew = [
            one
            for one in events_of(branch, "answered")
            if ANEW in str(one["answer"].get("note", ""))
        ]
        assert not anew
        for n in range(len(branch) + 1):
            assert branch.state(n) == fold(branch.events[:n])


ASKING = """
a: {kind: loop, each: "[1, 2, 3]", as: n, collect: {all: "${v}"}, body: b, next: z}
b: {kind: ask, text: "Value ${n}?", expect: {type: integer, minimum: 5}, attempts: 2, save: v, timeout: 5m, next: a, on_invalid: z, on_timeout: a}
z: {kind: end, outcome: good, output: {all: "${all}"}}
"""
SAME_TIME = """
a: {kind: parallel, lanes: {left: l1, right: r1}}
l1: {kind: wait, for: 5m, next: l2}
l2: {kind: set, values: {l: 1}, next: m}
r1: {kind: ask, text: Name?, save: r, timeout: 5m, next: m, on_timeout: r2}
r2: {kind: wait, event: go, timeout: 5m, next: m, on_timeout: m}
m: {kind: join, wait_for: all, next: z, timeout: 5m, on_timeout: t}
z: {kind: end, outcome: good}
t: {kind: end, outcome: late}
"""


@pytest.mark.parametrize(
    ("nodes", "says"), [(ASKING, ["7", None, "3", "8"]), (SAME_TIME, [None]), (SAME_TIME, ["x"])]
)
def test_every_moment_leads_to_the_same_end_also_where_time_has_passed(
    nodes: str, says: Sequence[str | None]
) -> None:
    async def again() -> None:
        screen = Debugger(plan_of(nodes), on_event=lambda _: None)
        stop = await screen.start({})
        for words in says:
            stop = await (screen.let_time_pass() if words is None else screen.reply(words))
        if stop.reason == "waiting":
            stop = await screen.let_time_pass()
        first = screen.timelines[0]
        end = first.now
        for at in range(1, len(first)):
            if first.state(at).status == "ended":
                break
            branch = await screen.branch(at, answers=True, of=0)
            now = screen.timelines[-1].now
            assert (at, branch.reason, branch.words) == (at, stop.reason, stop.words)
            assert (sorted(now.path), now.output) == (sorted(end.path), end.output)

    asyncio.run(again())
