import asyncio
from typing import Any

from typing_extensions import override

from journeybuilder.contract.services import ToolAnswer, ToolCall
from journeybuilder.contract.tools import ToolDef
from journeybuilder.rehearse.debug.debugger import Breakpoint, Debugger
from journeybuilder.rehearse.debug.timeline import Timeline
from journeybuilder.rehearse.scenario import Scenario
from tests.fakes import TOOLS, FakeTools, plan_of


def moment(timeline: Timeline, node: str) -> int:
    return next(
        number
        for number, event in enumerate(timeline.events)
        if event["event"] == "entered" and event["node"] == node
    )


def variables(screen: Debugger) -> Any:
    shown = screen.timelines[-1]
    return shown.variables(len(shown))


NUMBERS = """
a: {kind: set, values: {more: "1", last: "1"}, next: b}
b: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, save: one, next: c}
c: {kind: tool, tool: orders/get_order, with: {order_id: "${more}"}, save: two, next: d}
d: {kind: tool, tool: orders/get_order, with: {order_id: "${last}"}, save: three, next: z}
z: {kind: end}
"""
IN_TURN = {"orders/get_order": [{"returns": {"n": n}} for n in (1, 2, 3)]}


def test_an_answer_that_is_used_again_counts_as_a_turn_of_the_scenario() -> None:
    async def again() -> Any:
        screen = Debugger(
            plan_of(NUMBERS),
            scenario=Scenario("s", "t", tools=IN_TURN),
            on_event=lambda _: None,
        )
        await screen.start({})
        await screen.branch(moment(screen.timelines[0], "b"), {"last": "other"})
        return variables(screen)

    found = asyncio.run(again())
    assert [found[name]["n"] for name in ("one", "two", "three")] == [1, 2, 3]


def test_an_answer_out_of_the_cache_is_no_turn_of_the_scenario() -> None:
    async def again() -> Any:
        cached = NUMBERS.replace("save: two", "save: two, cache: 1h").replace(
            "save: one", "save: one, cache: 1h"
        )
        plan = plan_of(cached, facts={"orders/get_order": {"risk": "read"}})
        script = Scenario("s", "t", tools=IN_TURN)
        screen = Debugger(plan, scenario=script, on_event=lambda _: None)
        await screen.start({})
        await screen.branch(moment(screen.timelines[0], "d"), {"last": "other"})
        return variables(screen)

    found = asyncio.run(again())
    assert [found[name]["n"] for name in ("one", "two", "three")] == [1, 1, 2]


def test_a_model_answer_that_is_used_again_counts_as_a_question() -> None:
    nodes = """
a: {kind: set, values: {last: "1"}, next: b}
b: {kind: generate, model: fast, prompt: "one", save: one, next: c}
c: {kind: generate, model: fast, prompt: "say ${last}", save: two, next: z}
z: {kind: end}
"""

    async def again() -> Any:
        lines = [{"says": "first", "calls": 1}, {"says": "second", "calls": 2}, {"says": "else"}]
        script = Scenario("s", "t", models={"fast": lines})
        screen = Debugger(plan_of(nodes), scenario=script, on_event=lambda _: None)
        await screen.start({})
        await screen.branch(moment(screen.timelines[0], "b"), {"last": "other"})
        return variables(screen)

    found = asyncio.run(again())
    assert (found["one"], found["two"]) == ("first", "second")


class Drifting(FakeTools):
    """A server whose tool is another one at first, and later the approved one."""

    def __init__(self) -> None:
        super().__init__()
        self.drifted = True

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        there = TOOLS[tool]
        words = "changed" if self.drifted else there.description
        return ToolDef(there.server, there.name, description=words, input_schema=there.input_schema)

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        self.calls.append(call)
        return ToolAnswer({"n": 1})


def test_what_was_refused_before_it_was_asked_is_asked_anew() -> None:
    nodes = """
a: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, next: z, on_error: s}
z: {kind: end, outcome: good}
s: {kind: end, outcome: refused}
"""

    async def again() -> tuple[str, str]:
        tools = Drifting()
        screen = Debugger(plan_of(nodes), tools=tools, on_event=lambda _: None)
        first = (await screen.start({})).words
        tools.drifted = False
        return first, (await screen.rerun(1)).words

    assert asyncio.run(again()) == ("ended: refused", "ended: good")


def test_the_key_among_the_arguments_of_a_real_call_is_of_its_own_rehearsal_too() -> None:
    nodes = """
a: {kind: tool, tool: orders/refund, with: {order_id: "1", amount: 2}, next: z}
z: {kind: end}
"""
    plan = plan_of(nodes, facts={"orders/refund": {"risk": "write", "key": "order_id"}})

    async def keys() -> set[str]:
        tools = FakeTools()
        for _ in range(2):
            await Debugger(plan, tools=tools, on_event=lambda _: None).start({})
        assert len(tools.calls) == 2
        return {str(call.arguments["order_id"]) for call in tools.calls}

    assert len(asyncio.run(keys())) == 2


def test_a_breakpoint_before_an_answer_that_is_used_again_still_stops() -> None:
    async def again() -> str:
        script = Scenario("s", "t", tools=IN_TURN)
        screen = Debugger(plan_of(NUMBERS), scenario=script, on_event=lambda _: None)
        await screen.start({})
        screen.breakpoints.append(Breakpoint("tool", tool="orders/get_order"))
        return (await screen.rerun(1)).place

    assert asyncio.run(again()) == "b"
