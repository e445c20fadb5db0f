"""Lanes: they run at the same time, meet, are stopped and taken back, and end a journey together."""

import asyncio
from typing import Any

import pytest

from journeybuilder.errors import OperatorError
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.state import RunState
from tests.fakes import SESSION, World, bundle_of, decides, failing, plan_of, world
from tests.run.worlds import Impatient, Quiet, SlowTools

FAN = """
a: {kind: parallel, lanes: {left: l, right: r}}
l: {kind: tool, tool: orders/get_order, with: {order_id: L}, save: left, next: meet}
r: {kind: tool, tool: shipping/create_label, with: {order_id: R}, save: right, undo: {tool: shipping/void_label, with: {label_id: "${right.id}"}}, next: meet}
meet: {kind: join, JOIN save: met, next: done, on_timeout: late}
done: {kind: end, outcome: done, output: {met: "${met}"}}
late: {kind: end, outcome: late, output: {met: "${met}"}}
"""
READS = {"orders/get_order": {"risk": "read"}}
ANSWERS = {"orders/get_order": [{"n": 1}], "shipping/create_label": [{"id": "L-1"}]}


def fan(join: str = "", facts: Any = None) -> Any:
    return plan_of(FAN.replace("JOIN ", join), facts=facts or READS)


def slow(around: World, *names: str) -> SlowTools:
    around.tools = SlowTools(*names, answers=ANSWERS)
    return around.tools


def start(around: World, plan: Plan) -> "tuple[asyncio.Task[RunState], asyncio.Event]":
    """A run in a task of its own, and what is set when a lane has arrived."""
    arrived = asyncio.Event()

    def see(event: Any) -> None:
        if event["event"] == "arrived":
            arrived.set()

    engine = Engine(plan, around.journal, around.services(), see)
    return asyncio.create_task(engine.start({}, SESSION, "r-1")), arrived


def test_all_lanes_are_waited_for_and_share_the_variables() -> None:
    around = world(tools=ANSWERS)
    state = around.run(fan())
    met = {"arrived": ["left", "right"], "cancelled": [], "timed_out": False}
    assert (state.outcome, state.output) == ("done", {"met": met})
    assert (state.variables["left"], state.variables["right"]) == ({"n": 1}, {"id": "L-1"})
    assert sorted(state.path[1:3]) == ["l", "r"]
    assert state.path[3:] == ["meet", "done"]
    assert len({event["lane"] for event in around.events if event["event"] == "left"}) == 3


def test_lanes_run_at_the_same_time() -> None:
    around = world()
    tools = slow(around, "orders/get_order", "shipping/create_label")

    async def work() -> RunState:
        run, _ = start(around, fan())
        await tools.begun["orders/get_order"].wait()
        await tools.begun["shipping/create_label"].wait()  # the other one has not answered
        for event in tools.go.values():
            event.set()
        return await run

    assert asyncio.run(work()).outcome == "done"


def test_the_first_lane_is_enough_for_any_and_a_call_that_reads_is_broken_off() -> None:
    around = world()
    tools = slow(around, "orders/get_order")
    state = around.run(fan("wait_for: any, "))
    assert state.output["met"] == {
        "arrived": ["right"], "cancelled": ["left"], "timed_out": False,
    }  # fmt: skip
    assert tools.broken_off == ["orders/get_order"]
    assert "left" not in state.variables


def test_a_call_that_writes_is_awaited_before_its_lane_is_stopped() -> None:
    around = world()
    tools = slow(around, "shipping/create_label")

    async def work() -> RunState:
        run, arrived = start(around, fan("wait_for: any, cancel: undo, "))
        await tools.begun["shipping/create_label"].wait()
        await arrived.wait()
        assert not run.done()
        tools.go["shipping/create_label"].set()
        return await run

    state = asyncio.run(work())
    assert state.output["met"]["cancelled"] == ["right"]
    assert tools.broken_off == []
    assert [call.arguments for call in tools.calls if call.tool == "shipping/void_label"] == [
        {"label_id": "L-1"}
    ]
    assert state.undos == []


def test_what_a_stopped_lane_has_done_stays_done_where_the_join_does_not_say_undo() -> None:
    around = world()
    tools = slow(around, "shipping/create_label")

    async def work() -> RunState:
        run, _ = start(around, fan("wait_for: 1, "))
        await tools.begun["shipping/create_label"].wait()
        tools.go["shipping/create_label"].set()
        return await run

    state = asyncio.run(work())
    assert state.status == "ended"
    assert tools.called("shipping/void_label") == []
    assert [undo["tool"] for undo in state.undos] == ["shipping/void_label"]


def test_a_join_waits_no_longer_than_its_time_out() -> None:
    nodes = """
a: {kind: parallel, lanes: {fast: f, slow: s}}
f: {kind: tool, tool: orders/get_order, with: {order_id: L}, next: meet}
s: {kind: wait, for: 2h, next: meet}
meet: {kind: join, timeout: 30m, save: met, next: done, on_timeout: late}
done: {kind: end, outcome: done}
late: {kind: end, outcome: late, output: {met: "${met}"}}
"""
    around = world()
    begin = around.clock.moment
    state = around.run(plan_of(nodes, facts=READS))
    assert state.outcome == "late"
    assert state.output["met"] == {"arrived": ["fast"], "cancelled": ["slow"], "timed_out": True}
    assert around.clock.moment - begin == 1800


def test_time_passes_for_a_waiting_lane_only_when_no_other_has_anything_to_do() -> None:
    nodes = """
a: {kind: parallel, lanes: {first: w1, second: w2}}
w1: {kind: wait, for: 2h, next: b1}
b1: {kind: set, values: {one: 1}, next: meet}
w2: {kind: wait, for: 1h, next: b2}
b2: {kind: set, values: {two: 2}, next: meet}
meet: {kind: join, next: done}
done: {kind: end}
"""
    around = world()
    assert around.run(plan_of(nodes)).path == ["a", "w1", "w2", "b2", "b1", "meet", "done"]
    assert around.clock.waits == [3600, 3600]


def test_a_run_parks_when_every_lane_waits_and_takes_the_answers_one_by_one() -> None:
    nodes = """
a: {kind: parallel, lanes: {ask: q, decide: d}}
q: {kind: ask, text: Which?, save: which, next: meet}
d: {kind: review, to: desk, decisions: {yes: meet, no: bye}}
meet: {kind: join, next: done}
done: {kind: end, outcome: done, output: {which: "${which}"}}
bye: {kind: end, outcome: refused}
"""
    plan, around = plan_of(nodes), world()
    around.customer = Quiet()
    state = around.run(plan)
    assert state.status == "parked"
    assert [(wait["kind"], wait["node"]) for wait in state.waits] == [
        ("customer", "q"), ("review", "d"),
    ]  # fmt: skip
    assert state.waiting_for == state.waits[0]
    row = asyncio.run(around.journal.row("r-1"))
    assert row is not None
    assert row.waiting_for is not None
    assert len(row.waiting_for["waits"]) == 2
    engine = around.engine(plan)
    with pytest.raises(OperatorError, match="does not wait for a person at 'q'"):
        asyncio.run(engine.answer("r-1", {"decision": "yes", "by": "dana"}, "dana", "q"))
    answer = {"decision": "yes", "by": "dana", "value": None, "note": ""}
    state = asyncio.run(engine.answer("r-1", answer, "dana"))
    assert [wait["node"] for wait in state.waits] == ["q"]
    state = asyncio.run(engine.answer("r-1", {"text": "blue"}, "customer"))
    assert (state.outcome, state.output) == ("done", {"which": "blue"})
    assert around.said == ["Which?"]


def test_an_end_within_a_lane_ends_the_journey() -> None:
    nodes = """
a: {kind: parallel, lanes: {ask: q, stop: s}}
q: {kind: ask, text: Which?, save: which, next: meet}
s: {kind: end, outcome: stopped}
meet: {kind: join, wait_for: any, next: done}
done: {kind: end, outcome: done}
"""
    around = world()
    around.customer = Quiet()
    state = around.run(plan_of(nodes))
    assert (state.status, state.outcome, state.tokens, state.forks) == ("ended", "stopped", {}, {})


def test_an_error_that_nothing_catches_stops_the_other_lanes_and_is_taken_back() -> None:
    nodes = FAN.replace("JOIN ", "")
    around = world(tools={**ANSWERS, "orders/get_order": [failing("tool_failed")]})
    state = around.run(plan_of(nodes))
    assert state.status == "failed"
    assert state.error is not None
    assert state.error["node"] == "l"
    assert around.tools.called("shipping/void_label") == [{"label_id": "L-1"}]


def test_the_journeys_handler_goes_on_in_the_lane_that_was_forked() -> None:
    nodes = FAN.replace("JOIN ", "") + 'sorry: {kind: say, text: "${error.node}", next: late}'
    around = world(tools={**ANSWERS, "orders/get_order": [failing("tool_failed")]})
    nodes = nodes.replace('output: {met: "${met}"}', "output: {}")
    state = around.run(plan_of(nodes, head="on_error: sorry"))
    assert (state.outcome, around.said) == ("late", ["l"])
    caught = next(event for event in around.events if event["event"] == "caught")
    assert (caught["lane"], caught["by"]) == ("0", "journey")
    assert caught["from"].startswith("0/")


def test_an_error_belongs_to_its_lane() -> None:
    nodes = """
a: {kind: parallel, lanes: {bad: b, good: g}}
b: {kind: tool, tool: orders/get_order, with: {order_id: L}, next: meet, on_error: b2}
b2: {kind: set, values: {why: "${error.code}"}, next: meet}
g: {kind: tool, tool: shipping/create_label, with: {order_id: L}, next: meet}
meet: {kind: join, next: done}
done: {kind: end, output: {why: "${why}"}}
"""
    state = world(tools={"orders/get_order": [failing("tool_failed")]}).run(plan_of(nodes))
    assert state.output == {"why": "tool_failed"}
    assert "error" not in state.variables


def test_lanes_within_lanes_meet_in_their_own_joins() -> None:
    nodes = """
a: {kind: parallel, lanes: {x: in, y: s3}}
in: {kind: parallel, lanes: {p: s1, q: s2}}
s1: {kind: set, values: {one: 1}, next: inner}
s2: {kind: set, values: {two: 2}, next: inner}
inner: {kind: join, save: met_in, next: outer}
s3: {kind: set, values: {three: 3}, next: outer}
outer: {kind: join, save: met_out, next: done}
done: {kind: end, output: {inner: "${met_in.arrived}", outer: "${met_out.arrived}"}}
"""
    state = world().run(plan_of(nodes))
    assert state.output == {"inner": ["p", "q"], "outer": ["y", "x"]}
    assert state.forks == {}


def test_a_join_that_is_reached_without_lanes_is_an_error_of_the_run() -> None:
    plan = make_plan(bundle_of("a: {kind: join, next: b}\nb: {kind: end}"), begun=True)
    state = world().run(plan)
    assert state.error is not None
    assert (state.status, state.error["code"]) == ("failed", "no_lanes")


def test_what_nobody_knows_of_a_stopped_lane_is_asked_before_the_lanes_meet() -> None:
    tools = {**ANSWERS, "shipping/create_label": [failing("timeout", uncertain=True)]}
    around = world()
    held = SlowTools("shipping/create_label", answers=tools)
    around.tools = held
    plan = fan("wait_for: any, cancel: undo, ")

    async def work() -> RunState:
        run, arrived = start(around, plan)
        await held.begun["shipping/create_label"].wait()
        await arrived.wait()
        held.go["shipping/create_label"].set()
        return await run

    state = asyncio.run(work())
    assert state.status == "parked"
    assert [wait["kind"] for wait in state.waits] == ["uncertain"]
    answer = {"decision": "done", "by": "dana", "value": {"id": "L-9"}, "note": ""}
    state = asyncio.run(around.engine(plan).answer("r-1", answer, "dana"))
    assert (state.outcome, state.output["met"]["cancelled"]) == ("done", ["right"])
    assert held.called("shipping/void_label") == [{"label_id": "L-9"}]
    assert len(held.called("shipping/create_label")) == 1


def test_a_doubtful_call_of_a_stopped_lane_that_was_not_made_is_not_made_again() -> None:
    tools = {**ANSWERS, "shipping/create_label": [failing("timeout", uncertain=True)]}
    around = world()
    held = SlowTools("shipping/create_label", answers=tools)
    around.tools = held
    plan = fan("wait_for: any, cancel: undo, ")

    async def work() -> RunState:
        run, _ = start(around, plan)
        await held.begun["shipping/create_label"].wait()
        held.go["shipping/create_label"].set()
        return await run

    assert asyncio.run(work()).status == "parked"
    answer = {"decision": "not_done", "by": "dana", "value": None, "note": ""}
    state = asyncio.run(around.engine(plan).answer("r-1", answer, "dana"))
    assert state.outcome == "done"
    assert len(held.called("shipping/create_label")) == 1
    assert held.called("shipping/void_label") == []


def test_a_parked_run_with_lanes_is_due_at_the_earliest_of_its_moments() -> None:
    nodes = """
a: {kind: parallel, lanes: {x: w, y: d}}
w: {kind: wait, for: 2h, next: meet}
d: {kind: review, to: desk, decisions: {ok: meet}, timeout: 3h, on_timeout: meet}
meet: {kind: join, timeout: 4h, next: done, on_timeout: done}
done: {kind: end}
"""
    plan, around = plan_of(nodes), world()
    around.people._clock = None
    around.clock = Impatient()  # pyright: ignore[reportAttributeAccessIssue]
    begin = around.clock.now()
    state = around.run(plan)
    assert [wait["until"] - begin for wait in state.waits] == [3 * 3600, 2 * 3600, 4 * 3600]
    assert state.due == begin + 2 * 3600
    around.clock.moment = begin + 2 * 3600
    state = asyncio.run(around.engine(plan).resume("r-1"))
    assert state.due == begin + 3 * 3600


def test_a_store_that_fails_stops_every_lane() -> None:
    around = world()
    tools = slow(around, "orders/get_order")
    keep = around.journal.append

    async def append(batch: Any) -> None:
        if any(event["event"] == "answered" for event in batch.events):
            raise OperatorError("the disk is full")
        await keep(batch)

    around.journal.append = append  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(OperatorError, match="full"):
        around.run(fan())
    assert tools.broken_off == ["orders/get_order"]


def test_a_person_in_one_lane_and_the_work_of_another() -> None:
    nodes = """
a: {kind: parallel, lanes: {x: d, y: t}}
d: {kind: review, to: desk, decisions: {ok: meet}}
t: {kind: tool, tool: orders/refund, with: {order_id: O, amount: 1}, next: meet}
meet: {kind: join, next: done}
done: {kind: end, outcome: done}
"""
    around = world(people=[decides("ok")])
    assert around.run(plan_of(nodes)).outcome == "done"
    assert len(around.tools.called("orders/refund")) == 1
