"""Random runs in a debugger: a person who answers anything, tools that fail, time that passes."""

from collections.abc import Mapping
from random import Random
from typing import Any

from typing_extensions import override

from benchmarks.engine_ours import bundle
from benchmarks.journey20 import RESULTS
from journeybuilder.contract.services import ToolAnswer, ToolCall
from journeybuilder.document.workspace import read_workspace
from journeybuilder.errors import StepError
from journeybuilder.host import known_of
from journeybuilder.packaged import packaged
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.debug.debugger import Debugger, Stop
from journeybuilder.rehearse.world.sources import Cast, Source
from tests.fakes import FakeTools
from tests.run.sample import ORDER

FAULTS = ("timeout", "unreachable", "unauthorized", "error", "bad_json", "empty", "drifted", "no")
WORDS = (*["O-1002"] * 6, *["1234"] * 4, "no", "Yes, please", "It arrived broken", "", "x", "2")
MOVES = 60
REAL = ("orders/get_order", "shipping/track", "crm/check_code", "orders/check_stock")


def retail(journey: str) -> Plan:
    workspace = read_workspace(packaged("samples") / "retail")
    return make_plan(build(workspace, journey, known_of(workspace)))


def journey20() -> Plan:
    """The journey of the benchmarks, whose tools are not real."""
    return make_plan(bundle())


class Shop(FakeTools):
    """Orders of which most are the customer's own; what else there is, is made up."""

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._chance = chance

    @override
    async def definition(self, tool: str) -> None:
        return None

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        self.calls.append(call)
        chance = self._chance
        if call.tool == "crm/check_code":
            return ToolAnswer({"valid": chance.random() < 0.8})
        if call.tool == "orders/check_stock":
            return ToolAnswer({"sku": call.arguments["sku"], "in_stock": chance.randrange(4)})
        if call.tool == "shipping/track":
            status = chance.choice(["in transit", "in transit", "delivered", "lost"])
            steps = [{"on": "2026-01-04", "place": "Hub Lyon", "what": "sorted"}]
            return ToolAnswer(
                {"order_id": "O-1002", "status": status, "carrier": "Flecha", "tracking": "FL1",
                 "due_on": "2026-01-06", "steps": steps}
            )  # fmt: skip
        own = chance.choice(["C-17", "C-17", "C-17", "C-4"])
        age, total = chance.choice([5, 40, 90]), chance.choice([30.5, 349.0])
        return ToolAnswer({**ORDER, "customer_id": own, "age_days": age, "total": total})


class Twenty(FakeTools):
    """The tools of that journey; some orders are somebody else's, or too old."""

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._chance = chance

    @override
    async def definition(self, tool: str) -> None:
        return None

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        if self._chance.random() < 0.05:
            raise StepError("tool_failed", "the tool could not do it")
        value = dict(RESULTS[call.tool])
        if call.tool == "orders/get_order":
            value["age_days"] = self._chance.choice([3, 12, 90])
        return ToolAnswer(value)


def random_cast(plan: Plan, chance: Random) -> Cast:
    """Some tools and models fail, at some calls or at all."""
    names = [*plan.tools, *(f"model:{alias}" for alias in plan.bundle.models)]
    faults: dict[str, Any] = {}
    for name in names:
        if chance.random() < 0.15:
            partial = chance.choice([{}, {"calls": [1]}, {"calls": [2]}, {"share": 0.5}])
            faults[name] = {"fails": chance.choice(FAULTS), **partial}
        elif chance.random() < 0.1:
            faults[name] = {"slow": "3s"}
    real: dict[str, Source] = dict.fromkeys(("orders/get_order", "shipping/track"), "real")
    return Cast({**real, "*": "made"}, faults=faults, seed=chance.randrange(1, 1000))


async def play(
    debugger: Debugger, given: Mapping[str, Any], chance: Random, *, step: bool = False
) -> Stop:
    """Play a run to its end."""
    stop = await debugger.start(given, hold=step)
    for _ in range(MOVES * (5 if step else 1)):
        if stop.reason in {"ended", "failed"}:
            break
        if stop.reason != "waiting":
            command = chance.choice([debugger.step, debugger.step_over, debugger.go_on])
            stop = await (command() if step else debugger.go_on())
        else:
            stop = await move(debugger, chance)
    return stop


async def move(debugger: Debugger, chance: Random) -> Stop:
    """One answer of a person who answers anything."""
    state = debugger.state
    assert state is not None
    wait = chance.choice(list(state.waits))
    ends = any(one.get("until") is not None for one in state.waits)
    if ends and (chance.random() < 0.15 or wait["kind"] == "time"):
        return await debugger.let_time_pass()
    place = str(wait.get("lane", ""))
    if wait["kind"] == "customer":
        words = [*map(str, wait["choices"]), *WORDS]
        return await debugger.reply(chance.choice(words), place)
    if wait["kind"] == "event":
        return await debugger.happen(str(wait["name"]), {"place": "Lyon", "n": 3})
    return await debugger.decide(chance.choice(list(wait["decisions"])), node=place)
