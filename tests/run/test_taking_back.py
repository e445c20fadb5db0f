"""What is taken back: each thing once, whatever journeys and lanes it was done in, and nothing forgotten."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from journeybuilder.errors import OperatorError
from journeybuilder.plan.plan import Plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.state import RunState, fold
from tests.fakes import SESSION, World, failing, journey_data, plan_of, world
from tests.run.worlds import Quiet, SlowTools

LABELS = {"shipping/create_label": [{"id": f"L-{number}"} for number in range(1, 9)]}
UNDO = 'save: label, undo: {tool: shipping/void_label, with: {label_id: "${label.id}"}}'
MAKES = journey_data(
    "makes",
    f"a: {{kind: tool, tool: shipping/create_label, with: {{order_id: X}}, {UNDO}, next: b}}\n"
    "b: {kind: ask, text: Well?, save: word, next: c}\n"
    "c: {kind: end}",
)


def voids(around: World) -> Sequence[Any]:
    return [call["label_id"] for call in around.tools.called("shipping/void_label")]


def stored(around: World, run: str = "r-1") -> Any:
    return asyncio.run(around.journal.events(run))


def silent(**tools: Any) -> World:
    around = world(tools={**LABELS, **tools})
    around.customer = Quiet()
    return around


def test_what_a_stopped_journey_has_done_is_taken_back_once() -> None:
    nodes = """
a: {kind: parallel, lanes: {x: s, y: t}}
s: {kind: journey, journey: makes, next: meet}
t: {kind: wait, event: go, next: meet}
meet: {kind: join, wait_for: any, cancel: undo, next: pay}
pay: {kind: tool, tool: orders/refund, with: {order_id: X, amount: 1}, next: z}
z: {kind: end}
"""
    plan = plan_of(nodes, others={"makes": MAKES})
    around = silent(**{"orders/refund": [failing("tool_failed")]})
    assert around.run(plan).status == "parked"
    state = asyncio.run(around.engine(plan).signal("r-1", "go"))
    assert (state.status, voids(around), state.undos) == ("failed", ["L-1"], [])
    assert fold(stored(around)) == state


def test_what_a_journey_within_one_that_is_undone_has_done_is_taken_back_once() -> None:
    between = journey_data(
        "between",
        """
a: {kind: parallel, lanes: {x: s, y: t}}
s: {kind: journey, journey: makes, next: meet}
t: {kind: wait, event: go, timeout: 5d, next: u, on_timeout: meet}
u: {kind: end, undo: true}
meet: {kind: join, next: z}
z: {kind: end}
""",
    )
    nodes = "a: {kind: journey, journey: between, next: b}\nb: {kind: end, undo: true}"
    plan = plan_of(nodes, others={"makes": MAKES, "between": between})
    around = silent()
    around.run(plan)
    state = asyncio.run(around.engine(plan).signal("r-1", "go"))
    assert (state.status, voids(around), state.undos) == ("ended", ["L-1"], [])


def test_a_join_takes_all_back_although_nobody_waits_for_its_own_lane_any_more() -> None:
    nodes = f"""
a: {{kind: parallel, lanes: {{x: in, y: go}}}}
in: {{kind: parallel, lanes: {{p: one, q: soon}}}}
one: {{kind: tool, tool: shipping/create_label, with: {{order_id: P}}, {UNDO}, next: two}}
two: {{kind: tool, tool: shipping/create_label, with: {{order_id: Q}}, {UNDO}, next: never}}
never: {{kind: ask, text: Well?, next: inner}}
soon: {{kind: wait, for: 1m, next: inner}}
inner: {{kind: join, wait_for: any, cancel: undo, next: later}}
later: {{kind: wait, for: 1d, next: outer}}
go: {{kind: wait, event: go, next: outer}}
outer: {{kind: join, wait_for: any, next: z}}
z: {{kind: end}}
"""
    plan, around = plan_of(nodes), silent()
    tools = around.tools = SlowTools("shipping/void_label", answers=LABELS)

    async def work() -> RunState:
        engine = around.engine(plan)
        await engine.start({}, SESSION, "r-1")
        around.clock.moment += 61
        run = asyncio.create_task(engine.resume("r-1"))
        await tools.begun["shipping/void_label"].wait()
        await engine.signal("r-1", "go")
        for _ in range(20):  # the outer join stops the lane meanwhile
            await asyncio.sleep(0)
        tools.go["shipping/void_label"].set()
        return await run

    state = asyncio.run(work())
    assert (state.status, voids(around), state.undos) == ("ended", ["L-2", "L-1"], [])


def test_a_call_that_was_begun_before_a_crash_is_known_before_its_lane_is_stopped() -> None:
    nodes = f"""
a: {{kind: parallel, lanes: {{one: l, two: t, made: r, other: u}}}}
l: {{kind: tool, tool: orders/get_order, with: {{order_id: L}}, next: meet}}
t: {{kind: tool, tool: orders/get_order, with: {{order_id: T}}, next: meet}}
r: {{kind: tool, tool: shipping/create_label, with: {{order_id: R}}, {UNDO}, next: meet}}
u: {{kind: tool, tool: orders/refund, with: {{order_id: L, amount: 1}}, next: meet}}
meet: {{kind: join, wait_for: 2, cancel: undo, next: z}}
z: {{kind: end}}
"""
    same = {"idempotent": True}
    facts = {"orders/get_order": {"risk": "read"}, "shipping/create_label": same, "orders/refund": same}  # fmt: skip
    plan, around = plan_of(nodes, facts=facts), silent()
    tools = around.tools = SlowTools("shipping/create_label", "orders/refund", answers=LABELS)

    async def die() -> None:
        left = asyncio.Event()

        def see(event: Any) -> None:
            if event["event"] == "left" and event["node"] == "u":
                left.set()

        engine = Engine(plan, around.journal, around.services(), see)
        run = asyncio.create_task(engine.start({}, SESSION, "r-1"))
        for begun in tools.begun.values():
            await begun.wait()
        tools.go["orders/refund"].set()  # its commit takes along that two lanes have arrived
        await left.wait()
        for _ in range(9):
            await asyncio.sleep(0)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)

    asyncio.run(die())
    assert [event["name"] for event in stored(around) if event["event"] == "arrived"] == [
        "one", "two",
    ]  # fmt: skip
    tools.go["shipping/create_label"].set()
    state = asyncio.run(around.engine(plan).resume("r-1"))
    keys = {call.key for call in tools.calls if call.tool == "shipping/create_label"}
    assert (state.status, len(keys), len(voids(around)), state.undos) == ("ended", 1, 1, [])


def test_lanes_whose_names_begin_alike_are_told_apart() -> None:
    nodes = f"""
a: {{kind: parallel, lanes: {{"a": l, "a/b": t}}}}
l: {{kind: ask, text: Well?, next: meet}}
t: {{kind: tool, tool: shipping/create_label, with: {{order_id: R}}, {UNDO}, next: meet}}
meet: {{kind: join, wait_for: any, cancel: undo, save: met, next: z}}
z: {{kind: end, output: {{gone: "${{met.cancelled}}"}}}}
"""
    around = silent()
    state = around.run(plan_of(nodes))
    assert (state.output, voids(around)) == ({"gone": ["a"]}, [])


# -- going back ------------------------------------------------------------------------------


def test_going_back_into_a_called_journey_leaves_what_it_had_done_before() -> None:
    plan = plan_of("a: {kind: journey, journey: makes, next: b}\nb: {kind: end}", others={"makes": MAKES})  # fmt: skip
    around = world("one", "two", tools=LABELS)
    assert around.run(plan).path == ["a", "makes/a", "makes/b", "makes/c", "b"]
    state = asyncio.run(around.engine(plan).rewind("r-1", 3, "dana"))
    assert (state.status, voids(around), len(state.undos)) == ("ended", [], 1)


def test_of_calls_that_are_alike_those_made_since_are_taken_back() -> None:
    nodes = """
a: {kind: loop, each: "[1, 2]", body: make, next: z}
make: {kind: tool, tool: shipping/create_label, with: {order_id: X}, undo: {tool: shipping/void_label, with: {label_id: SAME}}, next: a}
z: {kind: end}
"""
    plan, around = plan_of(nodes), world(tools=LABELS)
    around.run(plan)
    state = asyncio.run(around.engine(plan).rewind("r-1", 4, "dana"))
    assert (state.status, voids(around), len(state.undos)) == ("ended", ["SAME"], 2)
    assert len(around.tools.called("shipping/create_label")) == 3


def test_a_failed_run_goes_back_to_before_what_it_has_taken_back_and_not_behind_it() -> None:
    nodes = f"""
a: {{kind: tool, tool: shipping/create_label, with: {{order_id: A}}, {UNDO}, next: b}}
b: {{kind: tool, tool: orders/refund, with: {{order_id: A, amount: 1}}, next: c}}
c: {{kind: end}}
"""
    plan, around = plan_of(nodes), silent(**{"orders/refund": [failing("unreachable"), {}]})
    assert around.run(plan).status == "failed"
    with pytest.raises(OperatorError, match="that what 'a' did was taken back") as caught:
        asyncio.run(around.engine(plan).rewind("r-1", 2, "dana"))
    assert "refund" not in caught.value.what  # it was refused, and so not made
    state = asyncio.run(around.engine(plan).rewind("r-1", 1, "dana"))
    assert (state.status, voids(around)) == ("ended", ["L-1"])
    assert [undo["arguments"] for undo in state.undos] == [{"label_id": "L-2"}]


def test_going_back_to_a_join_does_not_take_back_again_what_it_took_back() -> None:
    nodes = f"""
a: {{kind: parallel, lanes: {{x: l, y: t}}}}
l: {{kind: tool, tool: shipping/create_label, with: {{order_id: L}}, {UNDO}, next: l2}}
l2: {{kind: ask, text: Well?, next: meet}}
t: {{kind: wait, for: 1m, next: meet}}
meet: {{kind: join, wait_for: any, cancel: undo, next: z}}
z: {{kind: end}}
"""
    plan, around = plan_of(nodes), silent()
    engine = around.engine(plan)
    around.run(plan)
    around.clock.moment += 61
    assert asyncio.run(engine.resume("r-1")).status == "ended"
    step = next(event["visit"] for event in stored(around) if event.get("node") == "meet" and event["event"] == "entered")  # fmt: skip
    with pytest.raises(OperatorError, match="that what 'l' did was taken back"):
        asyncio.run(engine.rewind("r-1", step, "dana"))
    assert asyncio.run(engine.rewind("r-1", step, "dana", force=True)).status == "ended"
    assert voids(around) == ["L-1"]


IN_PROGRESS = """
a: {kind: parallel, lanes: {made: t, asked: s}}
t: {kind: tool, tool: shipping/create_label, with: {order_id: Y}, save: label, UNDO next: meet}
s: {kind: tool, tool: orders/get_order, with: {order_id: X}, next: q}
q: {kind: ask, text: Well?, save: word, next: meet}
meet: {kind: join, next: z}
z: {kind: end, output: {label: "${label.id}", word: "${word}"}}
"""


def in_progress(undo: str) -> tuple[World, Plan, int]:
    """A run that is over, and its step at which another lane's call was in progress."""
    around = world("one", "two", tools=LABELS)
    tools = around.tools = SlowTools("shipping/create_label", answers=LABELS)
    nodes = IN_PROGRESS.replace("UNDO ", undo)
    plan = plan_of(nodes, facts={"orders/get_order": {"risk": "read"}})

    async def work() -> None:
        heard = asyncio.Event()

        def see(event: Any) -> None:
            around.events.append(event)
            if event["event"] == "answered" and event["effect"] == "listen":
                heard.set()

        engine = Engine(plan, around.journal, around.services(), see)
        run = asyncio.create_task(engine.start({}, SESSION, "r-1"))
        await heard.wait()
        tools.go["shipping/create_label"].set()
        await run

    asyncio.run(work())
    entered = [event for event in around.events if event["event"] == "entered"]
    return around, plan, next(event["visit"] for event in entered if event["node"] == "q")


def keys(around: World) -> list[str]:
    return [call.key for call in around.tools.calls if call.tool == "shipping/create_label"]


def test_a_call_that_another_lane_was_at_is_known_when_a_run_goes_back() -> None:
    around, plan, step = in_progress("")
    state = asyncio.run(around.engine(plan).rewind("r-1", step, "dana"))
    assert (state.status, state.output) == ("ended", {"label": "L-1", "word": "two"})
    assert keys(around) == ["r-1-2-0"]


def test_a_call_that_another_lane_was_at_and_that_is_taken_back_is_made_anew() -> None:
    around, plan, step = in_progress(UNDO.removeprefix("save: label, ") + ", ")
    state = asyncio.run(around.engine(plan).rewind("r-1", step, "dana"))
    assert (state.status, state.output) == ("ended", {"label": "L-2", "word": "two"})
    assert (voids(around), len(set(keys(around)))) == (["L-1"], 2)


def test_a_branch_makes_calls_of_its_own_where_one_was_in_progress() -> None:
    around, plan, step = in_progress("")
    engine = around.engine(plan)
    asyncio.run(engine.branch("r-1", step, "r-2"))
    state = asyncio.run(engine.resume("r-2"))
    assert (state.status, state.output) == ("ended", {"label": "L-2", "word": "two"})
    assert [key.partition("-")[2][:1] for key in keys(around)] == ["1", "2"]
