"""A debugger for tests, with a journey that talks and a tool that hangs."""

import asyncio
from collections.abc import Mapping
from typing import Any

from typing_extensions import override

from journeybuilder.contract.services import ToolAnswer, ToolCall
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.debug.debugger import Breakpoint, Debugger, Stop
from tests.fakes import FakeTools, plan_of

Events = list[Mapping[str, Any]]
TALK = """
a: {kind: ask, text: Which order?, save: id, timeout: 3d, next: b, on_timeout: late}
b: {kind: tool, tool: orders/get_order, with: {order_id: "${id}"}, save: order, next: fee}
fee: {kind: set, values: {fee: 5, late: false}, next: c}
c: {kind: review, to: desk, decisions: {approve: z, reject: late}, save: decision, draft: Hi, editable: true}
z: {kind: end, outcome: good, output: {draft: "${decision.value}", order: "${order}"}}
late: {kind: end, outcome: late}
"""


def debugger(plan: Plan | str = TALK, *points: Breakpoint, **more: Any) -> tuple[Debugger, Events]:
    events: Events = []
    made = Debugger(
        plan_of(plan) if isinstance(plan, str) else plan, on_event=events.append, **more
    )
    made.breakpoints += points
    return made, events


def at(stop: Stop) -> tuple[str, str]:
    return stop.reason, stop.place


class Hanging(FakeTools):
    """A tool that answers only when it is let."""

    def __init__(self, *, stubborn: bool = False) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.go = asyncio.Event()
        self.stubborn = stubborn
        self.broken_off = False

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        self.begun.set()
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.broken_off = True
            if self.stubborn:
                await self.go.wait()
            raise
        return ToolAnswer({"total": 1})


async def until_it_hangs(tools: Hanging, **more: Any) -> tuple[Debugger, Events, Any]:
    screen, events = debugger(tools=tools, **more)
    await screen.start({})
    running = asyncio.ensure_future(screen.reply("O-1"))
    await tools.begun.wait()
    return screen, events, running


LOOP = """
a: {kind: loop, each: "[1, 2, 3, 4]", as: n, collect: {all: "${n}"}, body: b, next: z}
b: {kind: set, values: {m: "${n * 2}"}, next: a}
z: {kind: end}
"""
