"""One generated run of a journey: the world is made up as the run asks for it, and kept as a scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from journeybuilder.connect.store_memory import MemoryFacts, MemoryJournal
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.services import (
    Channel,
    Listening,
    Message,
    ModelAnswer,
    ModelAsk,
    Models,
    People,
    PersonAnswer,
    PersonTask,
    PromptGet,
    ResourceRead,
    Services,
    ToolAnswer,
    ToolCall,
    Tools,
)
from journeybuilder.contract.tools import ToolDef
from journeybuilder.rehearse.campaigns.seeds import Genes, Seeds, Site, maker_for
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.simulate import RUN, driven
from journeybuilder.rehearse.world.clock import BEGIN, VirtualClock
from journeybuilder.rehearse.world.customers import MOODS, Mood
from journeybuilder.rehearse.world.faults import SCRIPTED_NOTE
from journeybuilder.rehearse.world.generate import NOTHING, Chance
from journeybuilder.rehearse.world.models import RehearsedModels
from journeybuilder.rehearse.world.origins import ITEM, SIZE, Origin, Spot
from journeybuilder.rehearse.world.services import ScriptedCustomer, ScriptedPeople, recall
from journeybuilder.rehearse.world.tools import RehearsedTools
from journeybuilder.run.engine import Engine
from journeybuilder.run.state import Event, RunState

_TOOL_FAULTS = ("timeout", "unreachable", "error", "unauthorized", "empty", "bad_json")
_MODEL_FAULTS = ("timeout", "error")
_COMES = 0.7
_KNOWN_BEFORE = 0.5


@dataclass(frozen=True, slots=True)
class Played:
    """One generated run.

    Attributes:
        genes: All that the world has answered.
    """

    state: RunState
    events: Sequence[Event]
    genes: Genes


class _Clock(VirtualClock):
    """A clock that can be set back for the next run."""

    def anew(self) -> None:
        """Back to the beginning."""
        self._now = BEGIN


class _LastRun(MemoryJournal):
    """A journal that holds one run only."""

    def anew(self) -> None:
        """Forget the run before."""
        self._rows.clear()
        self._events.clear()

    @property
    def last(self) -> Sequence[Event]:
        """The events of the run."""
        return self._events.get(RUN, [])


class World:
    """Plays the world for one run after another; what it says becomes a scenario.

    Args:
        seeds: What is the same for all runs.
    """

    def __init__(self, seeds: Seeds) -> None:
        self.seeds = seeds
        self._chance = Chance(0)
        self._mood = Mood()
        self._given: Mapping[Site, Any] = {}
        self.genes: Genes = {}
        self._values: dict[Origin, Any] = {}
        self._clock = _Clock()
        self._journal = _LastRun()
        self._engine: Engine | None = None
        self._calls: dict[str, int] = {}
        self.script = seeds.base
        self._tools = RehearsedTools(self.script, seeds.plan.tools)

    async def play(self, seed: int, given: Mapping[Site, Any]) -> Played:
        """Make one run.

        Args:
            seed: Of all that is left to chance.
            given: What the world answers, as far as that is fixed.
        """
        self._chance.anew(seed)
        self._mood = self._chance.pick(MOODS)
        self._given, self.genes = given, {}
        self._values, self._calls = {}, {}
        self._clock.anew()
        self._journal.anew()
        scenario = self._begin()
        engine = self._engine or self._made_engine()
        session: Mapping[str, Any] = {
            "channel": scenario.channel, "language": scenario.language, "tenant": "",
        }  # fmt: skip
        if scenario.remembered:
            session = await recall(self._memory, scenario, dict(session), scenario.input)
        state = await driven(engine, scenario, session, self._clock)
        return Played(state, self._journal.last, self.genes)

    def _made_engine(self) -> Engine:
        self._memory = MemoryFacts()
        services = Services(
            tools=_Tools(self), models=_Models(self), channel=_Customer(self), people=_People(self),
            clock=self._clock, memory=self._memory,
        )  # fmt: skip
        engine = Engine(self.seeds.plan, self._journal, services)
        if not self.seeds.remembers:  # nothing of a run is left for the next one
            self._engine = engine
        return engine

    def _begin(self) -> Scenario:
        """All that stands before the run begins."""
        seeds, base = self.seeds, self.seeds.base
        given = self.answer(("input",), self._input)
        self._values[Origin("input", "")] = given
        channel, language = self.answer(("session",), self._session)
        known = self.answer(("memory",), self._remembered) if seeds.facts else None
        remembered = as_object(known)
        events: dict[str, Any] = {}
        for name in seeds.events:
            entry = self.answer(("event", name), lambda name=name: self._event(name))
            if entry is not None:
                events[name] = entry
        self._people: dict[str, Any] = dict(base.people)
        self._customer = ScriptedCustomer(base.customer, self._clock)
        self._decides = ScriptedPeople(self._people, self._clock)
        self._lines: dict[str, list[Any]] = {
            name: list(as_list(one)) for name, one in base.models.items()
        }
        self._scripted = None
        self._silent: set[tuple[str, str, float | None]] = set()
        return Scenario(
            "", seeds.plan.journey.id, given, channel, language,
            events={**events, **base.events}, remembered={**remembered, **base.remembered},
        )  # fmt: skip

    def answer(self, site: Site, make: Any) -> Any:
        """What the world answers at a site: what is given, else something made up."""
        entry = self._given[site] if site in self._given else make()
        self.genes[site] = entry
        return entry

    # -- what is made up ---------------------------------------------------------------------

    def value_at(self, spot: Spot) -> Any:
        """The value at a place, as far as it is known in this run."""
        value = self._values.get(spot.origin, NOTHING)
        for part in spot.path:
            if part == ITEM:
                items = as_list(value)
                value = items[0] if items else NOTHING
            elif part == SIZE:
                value = len(value) if isinstance(value, str | list | dict) else NOTHING  # pyright: ignore[reportUnknownArgumentType]
            else:
                value = as_object(value).get(part, NOTHING)
            if value is NOTHING:
                break
        return value

    def _input(self) -> Mapping[str, Any]:
        schema = self.seeds.plan.journey.input
        if not schema and not self.seeds.hints.below(Origin("input", ""), ()):
            return dict(self.seeds.base.input)
        make = self.seeds.maker(Origin("input", ""), {"type": "object", **schema})
        made = {**as_object(make(self._chance, self)), **self.seeds.base.input}
        return made if self.seeds.takes(made) else dict(self.seeds.base.input)

    def _session(self) -> tuple[str, str]:
        journey, base = self.seeds.plan.journey, self.seeds.base
        channels = [base.channel] if base.name else list(journey.channels) or ["chat"]
        languages = [base.language] if base.language else list(journey.languages)
        return self._chance.pick(channels), self._chance.pick(languages)

    def _remembered(self) -> Mapping[str, Any]:
        out: dict[str, Any] = {}
        for name in self.seeds.facts:
            if self._chance.once_in(_KNOWN_BEFORE):
                schema = {"type": "boolean"} if name.startswith("consent.") else {}
                out[name] = self.seeds.maker(Origin("memory", name), schema)(self._chance, self)
        return out

    def _event(self, name: str) -> Mapping[str, Any] | None:
        if not self._chance.once_in(_COMES):
            return None
        entry: dict[str, Any] = {"after": self._chance.pick(("0s", "1m", "2h", "3d"))}
        origin = Origin("event", name)
        if self.seeds.hints.below(origin, ()):
            entry["data"] = self.seeds.maker(origin, {})(self._chance, self)
            self._values[origin] = entry["data"]
        return entry

    # -- tools -------------------------------------------------------------------------------

    async def call(self, call: ToolCall) -> ToolAnswer:
        """What a tool answers."""
        tool = call.tool
        if tool in self.script.tools:
            return await self._tools.call(call)
        number = self._calls.get(tool, 0)
        self._calls[tool] = number + 1
        entry = self.answer(("tool", tool, number), lambda: self._tool(tool))
        if "returns" in entry:
            value = entry["returns"]
            self._values[Origin("tool", tool)] = value
            return ToolAnswer(value, SCRIPTED_NOTE)
        return await self._failing(tool, entry).call(call)

    def _tool(self, tool: str) -> Mapping[str, Any]:
        if self._chance.once_in(self._mood.faulty):
            return {"fails": self._chance.pick(_TOOL_FAULTS)}
        planned = self.seeds.plan.tools.get(tool)
        schema = planned.output_schema if planned is not None else None
        return {"returns": self.seeds.maker(Origin("tool", tool), schema)(self._chance, self)}

    def _failing(self, tool: str, entry: Mapping[str, Any]) -> RehearsedTools:
        script = Scenario("", "", tools={tool: entry})
        return RehearsedTools(script, self.seeds.plan.tools, clock=self._clock)

    async def read(self, reading: ResourceRead) -> ToolAnswer:
        """What stands at an address."""
        place = f"{reading.server}/{reading.uri}"
        entry = self.answer(("resource", place), self._resource)
        script = Scenario("", "", resources={place: entry, **self.script.resources})
        return await RehearsedTools(script, {}, clock=self._clock).read(reading)

    def _resource(self) -> Mapping[str, Any]:
        if self._chance.once_in(self._mood.faulty):
            return {"fails": self._chance.pick(("timeout", "unreachable"))}
        return {"returns": self._chance.pick(("some text", ""))}

    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        """The messages of a prompt, as a scenario without a word about it gives them."""
        return await self._tools.prompt(getting)

    # -- models ------------------------------------------------------------------------------

    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        """What a model answers: one made-up answer for each node and alias."""
        if ask.alias not in self.script.models:
            site = ("model", ask.alias, ask.node)
            if site not in self.genes:
                lines = self.answer(site, lambda: self._model(ask))
                self._lines.setdefault(ask.alias, []).extend(lines)
                self._scripted = None
        if self._scripted is None:
            entries = self.seeds.plan.bundle.models
            self._scripted = RehearsedModels(self._lines, entries, clock=self._clock)
        return await self._scripted.ask(ask)

    def _model(self, ask: ModelAsk) -> list[Mapping[str, Any]]:
        chance, node = self._chance, {"node": ask.node}
        if chance.once_in(self._mood.faulty):
            return [{**node, "fails": chance.pick(_MODEL_FAULTS)}]
        lines: list[Mapping[str, Any]] = []
        if ask.tools and chance.once_in(0.6):
            tool = chance.pick(ask.tools)
            origin = Origin("argument", tool.name)
            given = self.seeds.maker(origin, tool.parameters)(chance, self)
            name = self.seeds.tool_named(tool.name)
            lines.append({**node, "calls": [{"tool": name, "with": given}]})
        place = self.seeds.answers.place(ask.node)
        origin = Origin("model", place)
        if ask.schema is None:
            wished = self.seeds.hints.at(origin, ())
            texts = [each for each in wished if isinstance(each, str)]
            said: Any = chance.pick([*texts, "A short answer.", "Here is what I found."])
        else:
            said = maker_for(self.seeds, origin, ask.schema)(chance, self)
        self._values[origin] = said
        return [*lines, {**node, "says": said}]

    # -- people ------------------------------------------------------------------------------

    async def say(self, message: Message) -> None:
        """The customer hears something."""
        await self._customer.say(message)

    async def listen(self, listening: Listening) -> str | None:
        """What the customer says."""
        wait = (listening.node, listening.lane, listening.until)
        if wait not in self._silent and not self.script.customer:
            place = self.seeds.answers.place(listening.node)
            number = self._calls.get(place, 0)
            self._calls[place] = number + 1
            site = ("customer", place, number)
            line = self.answer(site, lambda: self._said(place, listening))
            if line.get("silent"):
                self._silent.add(wait)
            self._customer.add(line)
        return await self._customer.listen(listening)

    def _said(self, place: str, listening: Listening) -> Mapping[str, Any]:
        said = self.seeds.answers.says(place, listening.choices, self._mood, self._chance, self)
        self._values[Origin("customer", place)] = said.value
        return said.line

    async def decide(self, task: PersonTask) -> PersonAnswer | None:
        """What a person decides."""
        if task.node not in self.script.people:
            turns = self._people.setdefault(task.node, [])
            site = ("person", task.node, len(turns))
            turns.append(
                self.answer(
                    site, lambda: self.seeds.answers.decides(task, self._mood, self._chance)
                )
            )
        return await self._decides.ask(task)


# -- the services ----------------------------------------------------------------------------


class _Tools(Tools):
    def __init__(self, world: World) -> None:
        self._world = world

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        return await self._world.call(call)

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        return None

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        return await self._world.read(reading)

    @override
    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        return await self._world.prompt(getting)


class _Models(Models):
    def __init__(self, world: World) -> None:
        self._world = world

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        return await self._world.ask(ask)


class _Customer(Channel):
    def __init__(self, world: World) -> None:
        self._world = world

    @override
    async def say(self, message: Message) -> None:
        await self._world.say(message)

    @override
    async def listen(self, listening: Listening) -> str | None:
        return await self._world.listen(listening)


class _People(People):
    def __init__(self, world: World) -> None:
        self._world = world

    @override
    async def ask(self, task: PersonTask) -> PersonAnswer | None:
        return await self._world.decide(task)
