"""Scenarios that want something real: `sources: {tools: {orders/get_order: real}}`."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from typing_extensions import override

from journeybuilder.contract.json import as_object
from journeybuilder.contract.services import (
    Models,
    PromptGet,
    ResourceRead,
    ToolAnswer,
    ToolCall,
    Tools,
)
from journeybuilder.contract.tools import ToolDef
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.recorded.recording import Recording
from journeybuilder.rehearse.recorded.replay import Replay
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.simulate import Rehearsed, simulate
from journeybuilder.rehearse.world.sources import OTHERS, Cast, Source
from journeybuilder.rehearse.world.tools import RehearsedTools
from journeybuilder.run.recorder import Observer


class World(Protocol):
    """Where real servers and models come from; used in one event loop only."""

    async def open(self, bundle: Bundle) -> tuple[Tools, Models]:
        """The servers and models of a bundle; the same ones when asked again."""
        ...

    async def close(self) -> None:
        """Stop everything that was opened."""
        ...


def wants(data: Mapping[str, Any], what: str) -> bool:
    """Whether a scenario's data wants real `tools` or `models`."""
    return "real" in as_object(as_object(data.get("sources")).get(what)).values()


async def rehearse(
    plan: Plan,
    scenario: Scenario,
    world: World | None,
    *,
    recording: Recording | None = None,
    observe: Observer | None = None,
) -> Rehearsed:
    """Rehearse a scenario, with what it wants to be real, and nothing else real.

    Args:
        plan: The journey made ready.
        scenario: What the rest of the world does, and what is expected.
        world: Where what is real comes from; None where nothing is, which fails such a scenario.
        recording: Answers what the scenario does not script and the recording has.
        observe: Called with every event as it happens.
    """
    data = {"sources": scenario.sources}
    tools_wanted, models_wanted = wants(data, "tools"), wants(data, "models")
    if world is None or not (tools_wanted or models_wanted):
        return await simulate(plan, scenario, recording=recording, observe=observe)
    tools, models = await world.open(plan.bundle)
    return await simulate(
        plan,
        scenario,
        cast=_nothing_else(plan, scenario, recording),
        tools=_ToolsOnly(tools, plan) if tools_wanted else None,
        models=models if models_wanted else None,
        recording=recording,
        observe=observe,
    )


def _nothing_else(plan: Plan, scenario: Scenario, recording: Recording | None) -> Cast:
    """Who plays what is not named: a real world at hand must not be found by it."""
    named = {key: as_object(scenario.sources.get(key)) for key in ("tools", "models")}
    replay = Replay(recording) if recording is not None else None

    def unreal(kind: str, names: Iterable[str], scripted: Mapping[str, Any]) -> dict[str, Source]:
        chosen = named[f"{kind}s"]
        if OTHERS in chosen:
            return {}
        recorded: Source = "recording"
        made: Source = "made"
        return {
            name: recorded if replay is not None and replay.knows(kind, name) else made
            for name in names
            if name not in scripted and name not in chosen
        }

    return Cast(
        unreal("tool", plan.tools, scenario.tools),
        unreal("model", plan.bundle.models, scenario.models),
        seed=scenario.seed,
    )


class _ToolsOnly(Tools):
    """Real servers of which only tools are called: what they have to read is made up."""

    def __init__(self, real: Tools, plan: Plan) -> None:
        self._real = real
        self._made = RehearsedTools(Scenario("", plan.journey.id), plan.tools)

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        return await self._real.call(call)

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        return await self._real.definition(tool)

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        return await self._made.read(reading)

    @override
    async def prompt(self, getting: PromptGet) -> Any:
        return await self._made.prompt(getting)
