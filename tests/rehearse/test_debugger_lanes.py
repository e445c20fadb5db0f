import asyncio
from collections.abc import Mapping
from typing import Any

from journeybuilder.rehearse.debug.debugger import Breakpoint, Debugger, Stop
from journeybuilder.run.state import fold
from tests.fakes import plan_of
from tests.rehearse.at_screen import Hanging

LANES = """
a: {kind: parallel, lanes: {left: l1, right: r1}}
l1: {kind: set, values: {x: 1}, next: l2}
l2: {kind: say, text: left, next: m}
r1: {kind: say, text: right, next: r2}
r2: {kind: set, values: {y: 2}, next: m}
m: {kind: join, wait_for: all, next: z}
z: {kind: end}
"""


def debugger(nodes: str, *points: Breakpoint, **more: Any) -> Debugger:
    made = Debugger(plan_of(nodes), **{"on_event": lambda _: None, **more})
    made.breakpoints += points
    return made


async def walk(screen: Debugger, command: str, stop: Stop) -> list[str]:
    places = [stop.place]
    while stop.reason in {"step", "breakpoint"}:
        stop = await getattr(screen, command)()
        places.append(stop.place)
        shown = screen.timelines[-1]
        assert stop.index == len(shown)
        assert shown.state(stop.index) == fold(shown.events)
    return places


def test_steps_follow_one_lane_to_its_end_and_then_the_next() -> None:
    async def play() -> None:
        screen = debugger(LANES)
        places = await walk(screen, "step", await screen.start({}, hold=True))
        assert places == ["a", "l1", "l2", "r1", "r2", "m", "z", "z"]

    asyncio.run(play())


def test_stepping_over_a_parallel_stops_where_its_lanes_meet() -> None:
    async def play() -> None:
        screen = debugger(LANES)
        places = await walk(screen, "step_over", await screen.start({}, hold=True))
        assert places == ["a", "m", "z", "z"]

    asyncio.run(play())


def test_stepping_over_within_a_lane_leaves_the_others_where_they_are() -> None:
    async def play() -> None:
        screen = debugger(LANES)
        await screen.start({}, hold=True)
        await screen.step()
        stop = await screen.step_over()
        assert (stop.place, stop.lane) == ("l2", "0/1.left")
        shown = screen.timelines[0]
        assert shown.node_states(stop.index)["r1"] == "running"
        assert "r1" not in shown.state(stop.index).path

    asyncio.run(play())


def test_breakpoints_of_two_lanes_are_both_shown() -> None:
    async def play() -> None:
        screen = debugger(LANES, Breakpoint("node", "l2"), Breakpoint("node", "r1"))
        places = await walk(screen, "go_on", await screen.start({}))
        assert sorted(places) == ["l2", "r1", "z"]

    asyncio.run(play())


def test_a_breakpoint_of_another_lane_is_not_lost_by_a_step() -> None:
    async def play() -> None:
        screen = debugger(LANES, Breakpoint("node", "r1"))
        stop, places = await screen.start({}, hold=True), list[str]()
        while stop.reason in {"step", "breakpoint"}:
            places.append(f"{stop.reason} {stop.place}")
            stop = await screen.step()
        assert "breakpoint r1" in places
        assert stop.reason == "ended"

    asyncio.run(play())


def test_a_wire_into_a_join_stops_the_run() -> None:
    async def play() -> None:
        screen = debugger(LANES, Breakpoint("edge", "r2", port="next"))
        stop = await screen.start({})
        assert stop.reason == "breakpoint"
        assert stop.breakpoint == screen.breakpoints[0]
        assert (await screen.go_on()).reason == "ended"

    asyncio.run(play())


TALKING = """
a: {kind: parallel, lanes: {left: l1, right: r1}}
l1: {kind: ask, text: Left?, save: x, next: m}
r1: {kind: ask, text: Right?, save: y, next: r2}
r2: {kind: set, values: {n: 1}, next: m}
m: {kind: join, wait_for: all, next: z}
z: {kind: end, output: {x: "${x}", y: "${y}"}}
"""


def test_each_lane_can_be_answered_while_stepping() -> None:
    async def play() -> None:
        screen = debugger(TALKING)
        stop = await screen.start({}, hold=True)
        while stop.reason == "step":
            stop = await screen.step()
        assert stop.reason == "waiting"
        stop = await screen.reply("R", "right")
        assert (stop.reason, stop.place) == ("step", "r2")
        assert (await screen.step()).reason == "waiting"
        await screen.go_on()
        assert (await screen.reply("L")).reason == "ended"
        assert screen.state is not None
        assert screen.state.output == {"x": "L", "y": "R"}

    asyncio.run(play())


RACE = """
a: {kind: parallel, lanes: {left: l1, right: r1}}
l1: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, next: m}
r1: {kind: set, values: {y: 2}, next: r2}
r2: {kind: set, values: {y: 3}, next: m}
m: {kind: join, wait_for: any, next: z}
z: {kind: end}
"""


def test_a_lane_that_is_held_is_let_go_when_nobody_waits_for_it_any_more() -> None:
    async def play() -> None:
        tools, joined = Hanging(), asyncio.Event()

        def on_event(event: Mapping[str, Any]) -> None:
            if event["event"] == "joined":
                joined.set()

        screen = debugger(RACE, Breakpoint("node", "r1"), tools=tools, on_event=on_event)
        stop = await screen.start({})
        assert (stop.reason, stop.place) == ("breakpoint", "r1")
        await tools.begun.wait()
        tools.go.set()
        await joined.wait()
        assert screen.state is not None
        assert "r1" not in screen.state.path
        assert (await screen.go_on()).reason == "ended"

    asyncio.run(play())


def test_a_step_waits_for_the_call_of_its_own_lane() -> None:
    async def play() -> None:
        tools = Hanging()
        screen = debugger(RACE, tools=tools)
        await screen.start({}, hold=True)
        assert (await screen.step()).place == "l1"
        going = asyncio.ensure_future(screen.step())
        await tools.begun.wait()
        assert not going.done()
        tools.go.set()
        stop = await going
        assert screen.state is not None
        assert "l1" in screen.state.path
        while stop.reason == "step":
            stop = await screen.step()
        assert stop.reason == "ended"

    asyncio.run(play())
