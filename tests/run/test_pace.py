import asyncio
from collections.abc import Mapping
from typing import Any

from typing_extensions import override

from journeybuilder.run.engine import Engine
from journeybuilder.run.pace import Pace
from journeybuilder.run.tokens import RunState, Token
from tests.fakes import SESSION, plan_of, world

NODES = """
a: {kind: tool, tool: orders/get_order, with: {order_id: "1"}, save: order, retry: {attempts: 2, wait: 1s}, next: b}
b: {kind: say, text: "Hi ${order.n}", next: z}
z: {kind: end}
"""


class Noting(Pace):
    """Notes where a run could have been held, and how much of it was recorded then."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, int]] = []
        self.requests: list[Mapping[str, Any]] = []

    @override
    async def before_node(self, state: RunState, token: Token) -> None:
        assert token.visit == 0
        self.asked.append(("node", token.node, state.version))

    @override
    async def before_effect(
        self, state: RunState, token: Token, kind: str, request: Mapping[str, Any]
    ) -> None:
        assert token.visit > 0
        self.asked.append((kind, token.node, state.version))
        self.requests.append(request)


def test_somebody_is_asked_before_each_node_and_each_effect() -> None:
    place, pace = world(tools={"orders/get_order": [{"n": 1}]}), Noting()
    engine = Engine(plan_of(NODES), place.journal, place.services(), place.events.append, pace=pace)
    asyncio.run(engine.start({}, SESSION, "r-1"))
    assert pace.asked == [
        ("node", "a", 1), ("tool", "a", 2), ("node", "b", 5), ("say", "b", 6), ("node", "z", 9),
    ]  # fmt: skip
    for kind, node, version in pace.asked:
        event = place.events[version]
        assert event["event"] == ("entered" if kind == "node" else "asked")
        assert event["node"] == node
    assert pace.requests[0]["arguments"] == {"order_id": "1"}
    assert pace.requests[1]["text"] == "Hi 1"


def test_a_pace_that_holds_nothing_changes_nothing() -> None:
    def run(pace: Pace | None) -> Any:
        place = world(tools={"orders/get_order": [{"n": 1}]})
        engine = Engine(
            plan_of(NODES), place.journal, place.services(), place.events.append, pace=pace
        )
        asyncio.run(engine.start({}, SESSION, "r-1"))
        return place.events

    assert run(Noting()) == run(None)


def test_what_was_asked_before_a_restart_is_not_held_again() -> None:
    nodes = "a: {kind: ask, text: Which?, save: id, next: z}\nz: {kind: end}"
    place, pace = world(None), Noting()
    engine = Engine(plan_of(nodes), place.journal, place.services(), pace=pace)
    asyncio.run(engine.start({}, SESSION, "r-1"))
    pace.asked.clear()
    asyncio.run(engine.answer("r-1", {"text": "O-1"}, "customer"))
    assert [(kind, node) for kind, node, _ in pace.asked] == [("node", "z")]


LANES = """
a: {kind: parallel, lanes: {left: l, right: r}}
l: {kind: set, values: {x: 1}, next: m}
r: {kind: set, values: {y: 1}, next: r2}
r2: {kind: say, text: never, next: m}
m: {kind: join, wait_for: any, next: z}
z: {kind: end}
"""


class Holding(Noting):
    """Holds one node for ever."""

    def __init__(self, node: str) -> None:
        super().__init__()
        self.node = node
        self.let_go = False

    @override
    async def before_node(self, state: RunState, token: Token) -> None:
        if token.node == self.node:
            try:
                await asyncio.Event().wait()
            finally:
                self.let_go = True


def test_a_lane_that_is_held_is_broken_off_when_nobody_waits_for_it() -> None:
    place, pace = world(), Holding("r2")
    engine = Engine(plan_of(LANES), place.journal, place.services(), place.events.append, pace=pace)
    state = asyncio.run(engine.start({}, SESSION, "r-1"))
    assert state.status == "ended"
    assert pace.let_go
    assert "r2" not in state.path
    assert place.said == []
