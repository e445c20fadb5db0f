import asyncio
from typing import Any

from journeybuilder.rehearse.debug.debugger import Breakpoint, Debugger, Stop
from journeybuilder.rehearse.scenario import Scenario
from tests.fakes import FakeTools, failing, journey_data, plan_of
from tests.rehearse.at_screen import LOOP, TALK, at, debugger


def test_a_breakpoint_stops_before_its_node() -> None:
    async def play() -> None:
        point = Breakpoint("node", "fee")
        stops: list[Stop] = []
        screen, events = debugger(TALK, point, on_stop=stops.append)
        await screen.start({})
        stop = await screen.reply("O-1")
        assert (at(stop), stop.breakpoint) == (("breakpoint", "fee"), point)
        assert stop.index == len(events)
        assert screen.timelines[0].place(stop.index) == "fee"
        assert "fee" not in screen.timelines[0].variables(stop.index)
        assert at(await screen.go_on()) == ("waiting", "c")
        assert [at(one) for one in stops] == [
            ("waiting", "a"), ("breakpoint", "fee"), ("waiting", "c"),
        ]  # fmt: skip

    asyncio.run(play())


def test_a_breakpoint_that_is_off_stops_nobody_and_one_that_comes_later_does() -> None:
    async def play() -> None:
        screen, _ = debugger(TALK, Breakpoint("node", "b", enabled=False))
        await screen.start({})
        screen.breakpoints.append(Breakpoint("node", "test/fee"))
        assert at(await screen.reply("O-1")) == ("breakpoint", "fee")

    asyncio.run(play())


def test_a_breakpoint_on_a_wire_stops_only_whoever_comes_along_it() -> None:
    nodes = """
a: {kind: branch, cases: [{when: input.n > 1, next: b}], otherwise: b}
b: {kind: end}
"""
    screen, _ = debugger(nodes, Breakpoint("edge", "a", port="otherwise"))
    assert at(asyncio.run(screen.start({"n": 2}))) == ("ended", "b")
    stop = asyncio.run(screen.start({"n": 1}))
    assert at(stop) == ("breakpoint", "b")
    assert stop.words == "came along 'otherwise' of 'a', before 'b'"


def test_a_breakpoint_on_the_way_of_errors_stops() -> None:
    nodes = """
a: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, next: z}
z: {kind: end}
s: {kind: end, outcome: sorry}
"""
    script = Scenario("s", "test", tools={"orders/get_order": {"fails": "no"}})
    plan = plan_of(nodes, "on_error: s")
    screen, _ = debugger(plan, Breakpoint("edge", "", port="on_error"), scenario=script)
    assert at(asyncio.run(screen.start({}))) == ("breakpoint", "s")
    assert screen.evaluate("error.code").value == "tool_failed"


def test_a_breakpoint_on_a_tool_shows_the_arguments_before_the_call() -> None:
    async def play() -> None:
        real = FakeTools({"orders/get_order": [{"total": 1}]})
        point = Breakpoint("tool", tool="orders/get_order", when="arguments.order_id == 'O-2'")
        screen, _ = debugger(TALK, point, tools=real)
        await screen.start({})
        assert at(await screen.reply("O-1")) == ("waiting", "c")
        await screen.start({})
        stop = await screen.reply("O-2")
        assert at(stop) == ("breakpoint", "b")
        assert (stop.tool, stop.arguments) == ("orders/get_order", {"order_id": "O-2"})
        assert len(real.calls) == 1  # that of the first run
        await screen.go_on()
        assert len(real.calls) == 2

    asyncio.run(play())


def test_a_breakpoint_can_stop_before_a_model() -> None:
    nodes = 'a: {kind: generate, model: fast, prompt: "Hi", save: t, next: z}\nz: {kind: end}'
    screen, _ = debugger(nodes, Breakpoint("tool", tool="model:fast"))
    stop = asyncio.run(screen.start({}))
    assert (at(stop), stop.tool) == (("breakpoint", "a"), "model:fast")


async def stops_of(screen: Debugger) -> list[tuple[str, Any]]:
    stop, out = await screen.start({}), list[tuple[str, Any]]()
    while stop.reason == "breakpoint":
        out.append((stop.place, screen.evaluate("n").value))
        stop = await screen.go_on()
    return out


def test_a_condition_at_a_node_stops_whenever_it_holds_there() -> None:
    screen, _ = debugger(LOOP, Breakpoint("condition", "b", when="n > 2"))
    assert asyncio.run(stops_of(screen)) == [("b", 3), ("b", 4)]


def test_a_condition_anywhere_stops_when_it_begins_to_hold() -> None:
    screen, _ = debugger(LOOP, Breakpoint("condition", when="has(m) && m >= 4"))
    assert [place for place, _ in asyncio.run(stops_of(screen))] == ["a"]


def test_a_condition_that_goes_on_holding_behind_a_called_journey_stops_once() -> None:
    nodes = """
a: {kind: set, values: {n: 1}, next: b}
b: {kind: journey, journey: sub, next: c}
c: {kind: set, values: {n: 2}, next: z}
z: {kind: end}
"""
    sub = journey_data("sub", "a: {kind: set, values: {k: 1}, next: z}\nz: {kind: end}")
    plan = plan_of(nodes, others={"sub": sub})
    screen, _ = debugger(plan, Breakpoint("condition", when="n > 0"))
    assert asyncio.run(stops_of(screen)) == [("b", 1)]


def test_a_breakpoint_on_a_tool_of_one_node_passes_the_others_by() -> None:
    nodes = """
a: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, next: b}
b: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, next: z}
z: {kind: end}
"""
    screen, _ = debugger(nodes, Breakpoint("tool", "b", tool="orders/get_order"))
    assert [place for place, _ in asyncio.run(stops_of(screen))] == ["b"]


def test_a_breakpoint_on_a_wire_may_have_a_condition() -> None:
    screen, _ = debugger(LOOP, Breakpoint("edge", "a", port="body", when="n == 3"))
    assert asyncio.run(stops_of(screen)) == [("b", 3)]


def test_a_condition_that_has_no_value_or_is_none_stops_nobody_and_says_so() -> None:
    nothing = Breakpoint("condition", when="nobody.knows > 1")
    broken = Breakpoint("condition", when="1 +")
    screen, _ = debugger(LOOP, nothing, broken, Breakpoint("node", "b", when="n == 4"))
    assert asyncio.run(stops_of(screen)) == [("b", 4)]
    assert nothing.problem == ""
    assert broken.problem
    assert "wants an expression" in Breakpoint("condition").problem
    assert Breakpoint("node", "b").problem == ""


UNDO = """
a: {kind: tool, tool: shipping/create_label, with: {order_id: "1"}, save: label, undo: {tool: shipping/void_label, with: {label_id: "L-1"}}, next: b}
b: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, next: z}
z: {kind: end}
"""


def test_what_is_taken_back_can_be_stopped_at_and_branched_in() -> None:
    async def undo() -> None:
        real = FakeTools(
            {
                "shipping/create_label": [{"id": "L-1"}],
                "orders/get_order": [failing("tool_failed", "no")],
            }
        )
        point = Breakpoint("tool", tool="shipping/void_label")
        screen, _ = debugger(UNDO, point, tools=real)
        stop = await screen.start({})
        assert (stop.reason, stop.tool) == ("breakpoint", "shipping/void_label")
        assert stop.arguments == {"label_id": "L-1"}
        assert (await screen.go_on()).reason == "failed"
        calls = [call.tool for call in real.calls]
        assert calls == ["shipping/create_label", "orders/get_order", "shipping/void_label"]
        screen.breakpoints.clear()
        again = await screen.branch(stop.index, of=0)
        assert again.reason == "failed"
        assert [call.tool for call in real.calls] == calls

    asyncio.run(undo())
