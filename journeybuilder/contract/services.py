"""What a run uses of the world, as protocols: tools, models, channel, people, clock, journal.

A rehearsal differs from a real run only in which of these are plugged in. Every answer that may take
longer than somebody wants to wait is `None`: *not now*; the engine then parks the run.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from journeybuilder.contract.tools import ToolDef


@dataclass(frozen=True, slots=True)
class Elicitation:
    """A question that a server asks in the middle of a call (MCP elicitation).

    Attributes:
        server: Who asks; whoever answers is told.
        schema: JSON Schema of the wanted answer: an object with plain fields.
        url: A page that the server wants visited instead of a form, or an empty text.
    """

    server: str
    message: str
    schema: Mapping[str, Any] = field(default_factory=dict[str, Any])
    url: str = ""


Elicit: TypeAlias = Callable[[Elicitation], Awaitable[Mapping[str, Any] | None]]
"""Asks whoever answers a server's questions; None where nobody is there or the answer is no."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of an MCP tool.

    Attributes:
        tool: `server/tool`.
        timeout: Seconds until the call is given up; time spent on an elicitation does not count.
        key: Idempotency key, the same at every repetition: run, node visit, effect index.
        elicit: Who answers the server's questions during the call; None declines them.
        progress: Told how far the call is (done, total or None, words); must not raise.
    """

    run: str
    node: str
    tool: str
    arguments: Mapping[str, Any]
    timeout: float
    key: str
    elicit: Elicit | None = None
    progress: Callable[[float, float | None, str], None] | None = None


@dataclass(frozen=True, slots=True)
class ResourceRead:
    """One read of an MCP resource.

    Attributes:
        server: The server's name in `mcp.json`.
        uri: The address with every variable of its template filled in.
        timeout: Seconds until the read is given up.
    """

    run: str
    node: str
    server: str
    uri: str
    timeout: float


@dataclass(frozen=True, slots=True)
class PromptGet:
    """One fetch of an MCP prompt.

    Attributes:
        prompt: `server/prompt`.
        arguments: The prompt's arguments; MCP takes texts only.
        timeout: Seconds until the fetch is given up.
    """

    run: str
    node: str
    prompt: str
    arguments: Mapping[str, str]
    timeout: float


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What a tool gave back.

    Attributes:
        value: The structured result; without one, the parsed or plain text of the content.
        note: What a person should know about this answer (cut, taken from a script), or "".
    """

    value: Any
    note: str = ""


class Tools(Protocol):
    """Calls tools; finds them by `server/tool`."""

    async def call(self, call: ToolCall) -> ToolAnswer:
        """Call the tool once.

        Raises:
            StepError: `timeout`, `unreachable`, `tool_failed`, `bad_arguments`, `bad_result`;
                `uncertain` is True where the tool may have done its work all the same.
        """
        ...

    async def definition(self, tool: str) -> ToolDef | None:
        """The definition that the server gives today; None where nothing stands behind the tool.

        Raises:
            StepError: `unreachable` when the server cannot be asked.
        """
        ...

    async def read(self, reading: ResourceRead) -> ToolAnswer:
        """Read a resource: its text, its parsed JSON, or a reference to bytes that are kept aside.

        Raises:
            StepError: `timeout`, `unreachable`, `tool_failed`, `bad_result`.
        """
        ...

    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        """The messages of a prompt, as `{"role": …, "content": text}`.

        Raises:
            StepError: `timeout`, `unreachable`, `tool_failed`, `bad_arguments`.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelTool:
    """A tool as a model sees it. `name` has only letters, digits, `_` and `-`."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ModelAsk:
    """One model call.

    Attributes:
        alias: The model's name in `models.yaml`.
        messages: `{"role": "system|user|assistant|tool", "content": …}` in the usual chat form.
        schema: JSON Schema of the wanted value, or None for text.
        tools: What the model may call.
        timeout: Seconds until the call is given up.
        on_text: Gets live text: every time all of the answer so far, as it would be shown; an empty
            text takes back what was shown (the model failed in the middle, another one begins). Not
            called where a schema is wanted; must not raise.
    """

    run: str
    node: str
    alias: str
    messages: Sequence[Mapping[str, Any]]
    schema: Mapping[str, Any] | None = None
    tools: Sequence[ModelTool] = ()
    timeout: float = 60.0
    on_text: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True)
class ModelToolCall:
    """A tool call that a model asks for."""

    id: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What a model said.

    Attributes:
        text: Its words.
        value: The value where a schema was given, already checked against it.
        model: The model that really answered, as `provider/name`; `scripted` for the stand-in.
        alias: The alias that answered; differs from the one asked after a fallback.
        cost_usd: Price of the call; None where no price is known (never 0 for unknown).
        scripted: True where the offline stand-in answered.
        note: What a person should know about this answer (models that failed or were skipped before
            it, an answer that was cut, a replay), or "".
    """

    text: str
    model: str
    alias: str
    value: Any = None
    tool_calls: Sequence[ModelToolCall] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    cost_usd: float | None = None
    scripted: bool = False
    note: str = ""


class Models(Protocol):
    """Asks models by alias."""

    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        """Ask once, with the alias' fallbacks.

        Raises:
            StepError: `model_failed` or `timeout`, when every model of the ladder failed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """Words to the customer. `key` is stable, so that a channel can drop a repetition.

    Attributes:
        lane: The lane of the run that they come from; an empty text where that is not known.
    """

    run: str
    node: str
    text: str
    choices: Sequence[str] = ()
    key: str = ""
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Listening:
    """A wait for the customer's next words; `until` is a moment in seconds since 1970, or None."""

    run: str
    node: str
    until: float | None = None
    choices: Sequence[str] = ()
    lane: str = ""


class Channel(Protocol):
    """The way to the customer."""

    async def say(self, message: Message) -> None:
        """Give words to the customer."""
        ...

    async def listen(self, listening: Listening) -> str | None:
        """The customer's next words; None when nothing is there now (the run parks)."""
        ...


@dataclass(frozen=True, slots=True)
class PersonTask:
    """Something a person has to decide.

    Attributes:
        kind: `review`, `handoff` or `uncertain` (an effect that may or may not have happened).
        to: The queue.
        decisions: The words one may answer with.
        show: What the person sees.
        editable: Names in `show` that the person may change.
    """

    run: str
    node: str
    kind: str
    to: str
    decisions: Sequence[str]
    show: Mapping[str, Any] = field(default_factory=dict[str, Any])
    editable: Sequence[str] = ()
    until: float | None = None


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """What a person decided."""

    decision: str
    by: str
    value: Any = None
    note: str = ""


class People(Protocol):
    """The people who review and take over."""

    async def ask(self, task: PersonTask) -> PersonAnswer | None:
        """A decision at once, or None: the run parks and waits for one."""
        ...


class Clock(Protocol):
    """The time of a run; a rehearsal's clock is virtual."""

    def now(self) -> float:
        """Seconds since 1970."""
        ...

    async def wait(self, until: float) -> bool:
        """Wait until the moment; False when that is too far away to sit through (the run parks)."""
        ...


@dataclass(frozen=True, slots=True)
class Fact:
    """Something remembered of a customer.

    Attributes:
        purpose: What it may be used for, in words.
        until: The moment (seconds since 1970) at which it is forgotten, or None.
    """

    name: str
    value: Any
    purpose: str = ""
    until: float | None = None


class Memory(Protocol):
    """What is remembered of customers between runs.

    All methods raise `StoreError` when the store cannot be read or written.
    """

    async def recall(self, customer: str, now: float) -> Mapping[str, Fact]:
        """The facts about a customer that are not past their time, by name."""
        ...

    async def remember(self, customer: str, facts: Sequence[Fact]) -> None:
        """Keep facts, each in place of the one with its name; doing it twice changes nothing."""
        ...

    async def forget(self, customer: str, names: Sequence[str] | None) -> None:
        """Forget these facts, or with None every one."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """All of the world that one run gets."""

    tools: Tools
    models: Models
    channel: Channel
    people: People
    clock: Clock
    memory: Memory | None = None
