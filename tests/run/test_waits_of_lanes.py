"""Several lanes that wait for the same node, and a run that is cancelled while it is driven."""

import asyncio
from typing import Any

import pytest

from journeybuilder.errors import OperatorError
from journeybuilder.run.state import RunState
from journeybuilder.run.waiting import lane_name, meant, place_of
from tests.fakes import SESSION, journey_data, plan_of, world
from tests.run.worlds import Quiet, SlowTools

ASKS = journey_data(
    "asks",
    'a: {kind: ask, text: "Of ${input.what}?", save: word, next: z}\nz: {kind: end, output: {word: "${word}"}}',
    "input: {properties: {what: {type: string}}}",
)
TWICE = """
a: {kind: parallel, lanes: {left: l, right: r}}
l: {kind: journey, journey: asks, with: {what: left}, save: one, next: meet}
r: {kind: journey, journey: asks, with: {what: right}, save: two, next: meet}
meet: {kind: join, next: z}
z: {kind: end, output: {left: "${one.word}", right: "${two.word}"}}
"""


def test_of_two_lanes_that_wait_at_the_same_node_one_is_named_by_its_lane() -> None:
    plan, around = plan_of(TWICE, others={"asks": ASKS}), world()
    around.customer = Quiet()
    waits = around.run(plan).waits
    assert [(wait["journey"], wait["node"]) for wait in waits] == [("asks", "a"), ("asks", "a")]
    assert [place_of(wait, waits) for wait in waits] == ["left", "right"]
    assert place_of(waits[0], waits[:1]) == "a"
    engine = around.engine(plan)
    asyncio.run(engine.answer("r-1", {"text": "blue"}, "customer", "right"))
    with pytest.raises(OperatorError, match="does not wait for the customer at 'right'"):
        asyncio.run(engine.answer("r-1", {"text": "red"}, "customer", "right"))
    state = asyncio.run(engine.answer("r-1", {"text": "red"}, "customer", "asks/a"))
    assert state.output == {"left": "red", "right": "blue"}


def test_a_node_comes_before_a_lane_of_its_name() -> None:
    waits: list[Any] = [
        {"kind": "customer", "node": "right", "lane": "0/1.left"},
        {"kind": "customer", "node": "left", "lane": "0/1.right/4.left"},
    ]
    assert meant(waits, "left") == waits[1:]
    assert meant(waits, "right/left") == waits[1:]
    assert meant(waits, "0/1.left") == waits[:1]
    assert [lane_name(wait["lane"]) for wait in waits] == ["left", "right/left"]
    assert lane_name("0") == ""


def test_who_drives_a_run_that_is_cancelled_meanwhile_gets_its_end() -> None:
    nodes = """
a: {kind: parallel, lanes: {x: l, y: t}}
l: {kind: tool, tool: shipping/create_label, with: {order_id: L}, next: meet}
t: {kind: ask, text: Well?, next: meet}
meet: {kind: join, next: z}
z: {kind: end}
"""
    plan, around = plan_of(nodes), world()
    around.customer = Quiet()
    tools = around.tools = SlowTools("shipping/create_label")

    async def work() -> RunState:
        engine = around.engine(plan)
        run = asyncio.create_task(engine.start({}, SESSION, "r-1"))
        await tools.begun["shipping/create_label"].wait()
        await engine.cancel("r-1", "dana")
        tools.go["shipping/create_label"].set()
        return await run

    assert asyncio.run(work()).status == "cancelled"
    row = asyncio.run(around.journal.row("r-1"))
    assert row is not None
    assert row.status == "cancelled"
