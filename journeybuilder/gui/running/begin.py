"""Puts a rehearsal together, in the loop: the plan of the journey as it is shown, and who plays what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from journeybuilder.checks import Known
from journeybuilder.contract.services import (
    PromptGet,
    ResourceRead,
    ToolAnswer,
    ToolCall,
    Tools,
)
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.workspace import Workspace
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.running.setup import Setup
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel
from journeybuilder.host import Host
from journeybuilder.plan.bundle import Bundle, build
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.recorded.recording import Recording, load_recording
from journeybuilder.rehearse.recorded.replay import Replay
from journeybuilder.rehearse.scenario import Scenario, scenario_of
from journeybuilder.rehearse.world.sources import SOURCES, Cast, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from journeybuilder.connect.model_process import ApartModels
    from journeybuilder.rehearse.debug.debugger import Debugger, Stop
    from journeybuilder.run.recorder import Observer


@dataclass(frozen=True)
class Beginning:
    """What a rehearsal is made of; gathered in the window's thread, used in the loop.

    Attributes:
        script: The scenario, or None.
        host: What has the real servers and models; None where nothing is really called.
    """

    workspace: Workspace
    journey: str
    known: Known
    given: Mapping[str, Any]
    setup: Setup
    script: Scenario | None
    host: Host | None

    @classmethod
    def of(
        cls, space: WorkspaceModel, model: JourneyModel, given: Mapping[str, Any], setup: Setup
    ) -> "Beginning":
        """The journey as it is shown, saved or not."""
        source = space.workspace.scenarios.get(setup.scenario)
        return cls(
            workspace=space.with_draft(model),
            journey=model.journey.id,
            known=space.known,
            given=dict(given),
            setup=setup,
            script=scenario_of(source.data) if source is not None else None,
            host=space.host if setup.calls_tools() or setup.calls_models() else None,
        )


@dataclass(frozen=True)
class Begun:
    """What came of it.

    Attributes:
        plan: The journey made ready.
        cast: Who plays what.
        channel, language: What it begins with.
    """

    plan: Plan
    cast: Cast
    debugger: "Debugger"
    channel: str
    language: str


def begin(beginning: Beginning, on_event: "Observer", on_stop: "Callable[[Stop], None]") -> Begun:
    """Make it ready to start.

    Raises:
        AuthorError: When the journey cannot be run, or a recording is missing or broken.
    """
    from journeybuilder.rehearse.debug.debugger import Debugger  # noqa: PLC0415 - the whole engine

    setup, script, host = beginning.setup, beginning.script, beginning.host
    if setup.player == "persona":
        blank = script or Scenario("", beginning.journey)
        script = replace(blank, customer=(), random_customer=False, persona=setup.persona)
    bundle = build(beginning.workspace, beginning.journey, beginning.known)
    plan = make_plan(bundle)
    recording = _recording(beginning)
    who = cast_for(setup, plan, script, recording)
    tools: Tools | None = None
    if host is not None and setup.calls_tools():
        tools = host.pool if setup.world != "made up" else ToolsOnly(host.pool)
    models = _models(host, bundle) if host is not None and setup.calls_models() else None
    debugger = Debugger(
        plan,
        scenario=script,
        cast=who,
        recording=recording,
        tools=tools,
        models=models,
        script=setup.player != "me",
        on_event=on_event,
        on_stop=on_stop,
    )
    journey = plan.journey
    first = script.channel if script is not None and script.channel else journey.channels[0]
    spoken = script.language if script is not None and script.language else journey.languages[0]
    return Begun(plan, who, debugger, setup.channel or first, setup.language or spoken)


def _recording(beginning: Beginning) -> Recording | None:
    script = beginning.script
    name = beginning.setup.recording or (script.recording if script is not None else "")
    return load_recording(beginning.workspace.state_dir, name) if name else None


def cast_for(
    setup: Setup, plan: Plan, script: Scenario | None, recording: Recording | None
) -> Cast:
    """Who plays what: as chosen, and nothing really called that is not chosen to be.

    Real servers are there as soon as one tool is really called; the others must not find them then.
    """
    tools: dict[str, Source] = _sources(setup.tools)
    models: dict[str, Source] = _sources(setup.models)
    scripted = script or Scenario("", "")
    replay = Replay(recording) if recording is not None else None
    if setup.world == "made up" and setup.calls_tools():
        tools = {**_unreal("tool", plan.tools, scripted.tools, replay), **tools}
    if setup.world != "all real" and setup.calls_models():
        models = {**_unreal("model", plan.bundle.models, scripted.models, replay), **models}
    return Cast(tools, models, dict(setup.faults), setup.seed)


def _sources(chosen: Mapping[str, str]) -> dict[str, Source]:
    return {name: one for name, one in chosen.items() if one in SOURCES}


def _unreal(
    kind: str, names: Iterable[str], scripted: Mapping[str, Any], replay: Replay | None
) -> dict[str, Source]:
    made: Source = "made"
    recorded: Source = "recording"
    return {
        name: recorded if replay is not None and replay.knows(kind, name) else made
        for name in names
        if name not in scripted
    }


def _models(host: Host, bundle: Bundle) -> "ApartModels":
    """Real models; their library begins to load while the rehearsal does."""
    models = host.models_apart(bundle)
    models.warm()
    return models


class ToolsOnly(Tools):
    """Real servers of which only tools are called: what they have to read is made up."""

    def __init__(self, real: Tools) -> None:
        self._real = real

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        return await self._real.call(call)

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        return await self._real.definition(tool)

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        return ToolAnswer(
            f"(what stands at {reading.uri})", "made up: the scenario has no such resource"
        )

    @override
    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        words = " ".join([getting.prompt, *map(str, getting.arguments.values())])
        return [{"role": "user", "content": words}]
