"""Fakes that behave: a world for runs without a network, and journeys to run in it.

They keep what they were asked, so that a test can look; nothing in them waits or guesses.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typing_extensions import override

from journeybuilder.checks import Known
from journeybuilder.connect.scripted import Scripted
from journeybuilder.connect.store_memory import MemoryFacts, MemoryJournal
from journeybuilder.contract.services import (
    Channel,
    Clock,
    Listening,
    Memory,
    Message,
    ModelAnswer,
    ModelAsk,
    Models,
    ModelToolCall,
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
from journeybuilder.document.model import Journey
from journeybuilder.document.tree import load
from journeybuilder.errors import StepError
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.state import Event, RunState

SESSION = {"channel": "chat", "language": "en", "tenant": ""}
MODELS = {"fast": {"model": "scripted"}, "careful": {"model": "scripted"}}


def tool(name: str, *, output: Mapping[str, Any] | None = None, **arguments: str) -> ToolDef:
    """A tool by `server/tool`; arguments are `name="type"`, all of them required."""
    server, _, short = name.partition("/")
    schema = {
        "type": "object",
        "properties": {key: {"type": kind} for key, kind in arguments.items()},
        "required": list(arguments),
    }
    return ToolDef(
        server, short, description=f"does {short}", input_schema=schema, output_schema=output
    )


TOOLS: Mapping[str, ToolDef] = {
    each.id: each
    for each in (
        tool("orders/get_order", order_id="string"),
        tool("orders/refund", order_id="string", amount="number"),
        tool("shipping/create_label", order_id="string"),
        tool("shipping/void_label", label_id="string"),
    )
}
KNOWN = Known(
    tools=TOOLS,
    servers=("orders", "shipping"),
    discovered=("orders", "shipping"),
    models=MODELS,
    queues=("desk",),
)


def journey_of(text: str) -> Journey:
    """A journey from YAML that can be read."""
    tree = load(text, "test.journey.yaml")
    assert not tree.findings, tree.findings
    return Journey(tree.value)


def journey_data(name: str, nodes: str, head: str = "") -> Mapping[str, Any]:
    """A journey around nodes in YAML; it starts at `a`."""
    body = "\n".join(f"  {line}" for line in nodes.strip("\n").split("\n"))
    text = f"journeybuilder: 1\njourney: {name}\nstart: a\n{head}\nnodes:\n{body}\n"
    return journey_of(text).data


def bundle_of(
    nodes: str,
    head: str = "",
    facts: Mapping[str, Mapping[str, Any]] | None = None,
    others: Mapping[str, Mapping[str, Any]] | None = None,
) -> Bundle:
    """A bundle around nodes in YAML, with every tool and model of this module.

    `others` are journeys that it calls, as `journey_data` makes them.
    """
    known = facts or {}
    return Bundle(
        {
            "journeybuilder": 1,
            "bundle": "test",
            "journeys": {"test": journey_data("test", nodes, head), **(others or {})},
            "servers": {"orders": {"command": "x"}, "shipping": {"command": "x"}},
            "tools": {
                name: {
                    **known.get(name, {}),
                    "digest": each.digest(),
                    "definition": each.definition(),
                }
                for name, each in TOOLS.items()
            },
            "models": MODELS,
            "queues": ["desk"],
        }
    )


def plan_of(
    nodes: str,
    head: str = "",
    facts: Mapping[str, Mapping[str, Any]] | None = None,
    others: Mapping[str, Mapping[str, Any]] | None = None,
) -> Plan:
    """A plan of nodes in YAML; the run starts at `a`."""
    return make_plan(bundle_of(nodes, head, facts, others))


class FakeClock(Clock):
    """Stands still until something is waited for; remembers the waits in seconds."""

    def __init__(self, begin: float = 1_000_000.0) -> None:
        self.moment = begin
        self.waits: list[float] = []

    @override
    def now(self) -> float:
        return self.moment

    @override
    async def wait(self, until: float) -> bool:
        self.waits.append(until - self.moment)
        self.moment = max(self.moment, until)
        return True


class FakeTools(Tools):
    """Answers each tool's calls in turn, the last answer again; an error is raised."""

    def __init__(self, answers: Mapping[str, Sequence[Any]] | None = None) -> None:
        self._answers = answers or {}
        self.calls: list[ToolCall] = []

    def called(self, name: str) -> list[Mapping[str, Any]]:
        """The arguments of every call of one tool."""
        return [call.arguments for call in self.calls if call.tool == name]

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        number = len(self.called(call.tool))
        self.calls.append(call)
        answers = self._answers.get(call.tool) or [{}]
        answer = answers[min(number, len(answers) - 1)]
        if isinstance(answer, Exception):
            raise answer
        return ToolAnswer(answer)

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        return None

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        return ToolAnswer(self._given(reading.uri))

    @override
    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        return self._given(getting.prompt)

    def _given(self, name: str) -> Any:
        answers = self._answers.get(name)
        if not answers:
            raise StepError("tool_failed", f"there is no '{name}'")
        if isinstance(answers[0], Exception):
            raise answers[0]
        return answers[0]


class FakeModels(Models):
    """The offline stand-in, remembering what it was asked."""

    def __init__(self, answers: Mapping[str, Sequence[Mapping[str, Any]]] | None = None) -> None:
        self._scripted = Scripted(answers or {})
        self.asked: list[ModelAsk] = []

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        self.asked.append(ask)
        return await self._scripted.ask(ask)


class TurnModels(FakeModels):
    """Gives prepared answers in turn, also ones that no honest script would give."""

    def __init__(self, *answers: ModelAnswer) -> None:
        super().__init__()
        self._answers = list(answers)

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        self.asked.append(ask)
        return self._answers.pop(0)


def calling(*calls: tuple[str, Mapping[str, Any]]) -> ModelAnswer:
    """A model's answer that calls tools by the names it was offered."""
    made = [ModelToolCall(f"call_{index}", *call) for index, call in enumerate(calls)]
    return ModelAnswer("", "scripted", "fast", tool_calls=made, cost_usd=0.0)


def saying(text: str) -> ModelAnswer:
    """A model's answer in words."""
    return ModelAnswer(text, "scripted", "fast", cost_usd=0.0)


class FakeCustomer(Channel):
    """Says lines in turn, then nothing until the time is up; None is silence for one wait."""

    def __init__(self, *lines: str | None, clock: FakeClock | None = None) -> None:
        self._lines = list(lines)
        self._clock = clock
        self.heard: list[Message] = []

    @override
    async def say(self, message: Message) -> None:
        self.heard.append(message)

    @override
    async def listen(self, listening: Listening) -> str | None:
        words = self._lines.pop(0) if self._lines else None
        if words is None and listening.until is not None and self._clock is not None:
            self._clock.moment = listening.until
        return words


class FakePeople(People):
    """Decides in turn; with nothing left to say lets the time run out, or the run parks."""

    def __init__(self, *answers: PersonAnswer, clock: FakeClock | None = None) -> None:
        self._answers = list(answers)
        self._clock = clock
        self.tasks: list[PersonTask] = []

    @override
    async def ask(self, task: PersonTask) -> PersonAnswer | None:
        self.tasks.append(task)
        if self._answers:
            return self._answers.pop(0)
        if task.until is not None and self._clock is not None:
            self._clock.moment = task.until
        return None


def decides(decision: str, value: Any = None, by: str = "dana") -> PersonAnswer:
    """A person's decision."""
    return PersonAnswer(decision, by, value, "")


def failing(code: str, message: str = "it broke", *, uncertain: bool = False) -> StepError:
    """What a tool raises."""
    return StepError(code, message, uncertain=uncertain)


@dataclass
class World:
    """Everything around a run, with what happened in it."""

    tools: FakeTools = field(default_factory=FakeTools)
    models: FakeModels = field(default_factory=FakeModels)
    customer: FakeCustomer = field(default_factory=FakeCustomer)
    people: FakePeople = field(default_factory=FakePeople)
    clock: FakeClock = field(default_factory=FakeClock)
    events: list[Event] = field(default_factory=list[Event])
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    memory: Memory = field(default_factory=MemoryFacts)

    @property
    def said(self) -> list[str]:
        """Everything the customer was told."""
        return [message.text for message in self.customer.heard]

    def services(self) -> Services:
        """The world as the engine takes it."""
        return Services(
            self.tools, self.models, self.customer, self.people, self.clock, self.memory
        )

    def engine(self, plan: Plan) -> Engine:
        """An engine in this world."""
        return Engine(plan, self.journal, self.services(), self.events.append)

    def run(self, plan: Plan, given: Mapping[str, Any] | None = None, **session: str) -> RunState:
        """Drive a run of the plan until it parks or is over."""
        engine = self.engine(plan)
        return asyncio.run(engine.start(given or {}, {**SESSION, **session}, "r-1"))


def world(
    *says: str | None,
    tools: Mapping[str, Sequence[Any]] | None = None,
    models: FakeModels | Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    people: Sequence[PersonAnswer] = (),
) -> World:
    """A world with a customer who says these lines, and tools, models and people who answer so."""
    clock = FakeClock()
    return World(
        tools=FakeTools(tools),
        models=models if isinstance(models, FakeModels) else FakeModels(models),
        customer=FakeCustomer(*says, clock=clock),
        people=FakePeople(*people, clock=clock),
        clock=clock,
    )


def write_files(root: Path, files: Mapping[str, str]) -> Path:
    """Files below a folder, which is made when missing."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
