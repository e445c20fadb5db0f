"""The run with everything in it, in a world where calls fail, answers get lost and nobody is quick."""

import asyncio
import random
from typing import Any

import pytest
from typing_extensions import override

from journeybuilder.contract.services import ToolAnswer, ToolCall
from journeybuilder.plan.plan import Plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.replay import replay
from journeybuilder.run.state import FINAL, RunState, fold
from tests.fakes import SESSION, World, failing, plan_of, world
from tests.run.test_survival import BREAKS, NODES, PACK
from tests.run.worlds import Impatient, Quiet, ShuffledTools

FACTS = {"orders/get_order": {"risk": "read"}, "shipping/void_label": {"idempotent": True}}


class Faulty(ShuffledTools):
    """Fails now and then, with and without having done its work; notes what it really did."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.really: list[tuple[str, str]] = []

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        dice = self._random.random()
        if dice < 0.1:
            raise failing("tool_failed")
        answer = await super().call(call)
        self.really.append((call.tool, call.key))
        if dice < 0.2 and call.tool != "orders/get_order":
            raise failing("timeout", uncertain=True)
        return answer


class Person:
    """Drives a run to its end: decides, finds out, and lets time pass."""

    def __init__(self, around: World, plan: Plan, seed: int) -> None:
        self.around = around
        self._plan = plan
        self._random = random.Random(seed)

    async def to_the_end(self) -> RunState:
        engine = self._engine()
        state = await engine.start({}, SESSION, "r-1")
        for _ in range(200):
            if state.status in FINAL:
                return state
            state = await self._answer(state)
        raise AssertionError(state)

    def _engine(self) -> Engine:
        return self.around.engine(self._plan)  # each time a new process

    async def _answer(self, state: RunState) -> RunState:
        assert state.waits
        assert state.due is not None
        deciding = [wait for wait in state.waits if "decisions" in wait]
        if not deciding:
            assert state.due > self.around.clock.now()
            self.around.clock.moment = state.due
            return await self._engine().resume("r-1")
        wait = self._random.choice(deciding)
        decision = {"review": "ok"}.get(wait["kind"]) or self._found_out(wait)
        value = {"id": "found"} if decision == "done" else None
        answer = {"decision": decision, "by": "dana", "value": value, "note": ""}
        return await self._engine().answer("r-1", answer, "dana", wait["node"])

    def _found_out(self, wait: Any) -> str:
        """What a person finds out of a call that may have been made."""
        return "done" if self._random.random() < 0.5 else "not_done"


@pytest.fixture(scope="module")
def plan() -> Plan:
    nodes = NODES.replace("pack: p, pay: t", "ask: q, pack: p, pay: t")
    nodes += "q: {kind: ask, text: Well?, timeout: 10d, next: meet, on_timeout: sorry}\n"
    nodes += "sorry: {kind: set, values: {sorry: 1}, next: done2}\ndone2: {kind: end, outcome: sorry, undo: true}\n"
    return plan_of(nodes, "on_error: sorry", FACTS, {"pack": PACK, "breaks": BREAKS})


@pytest.mark.parametrize("seed", range(40))
def test_every_run_comes_to_an_end_that_its_record_explains(plan: Plan, seed: int) -> None:
    around = world()
    around.tools = tools = Faulty(seed)
    around.customer = Quiet()
    around.clock = Impatient()  # pyright: ignore[reportAttributeAccessIssue]
    state = asyncio.run(Person(around, plan, seed).to_the_end())
    stored = asyncio.run(around.journal.events("r-1"))
    assert stored == around.events
    assert state == fold(stored)
    assert (state.tokens, state.forks, list(state.frames)) == ({}, {}, ["0"])
    entered = [event["visit"] for event in stored if event["event"] == "entered"]
    assert len(entered) == len(set(entered))
    done = asyncio.run(replay(plan, stored))
    assert done.difference == ""
    asked = {event["request"]["key"] for event in stored if event["event"] == "asked" and event["effect"] == "tool"}  # fmt: skip
    assert {key for _, key in tools.really} <= asked
    if state.status == "ended" and state.outcome == "sorry":
        assert state.undos == []
