"""What a running node may do: the one object through which its kind reaches the world.

Every method that reaches the world is an *effect*: it is recorded as asked and as answered, so that
after a crash the node is entered again and gets the recorded answers. A kind's `run` must therefore
ask the same effects in the same order when it gets the same answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from journeybuilder.contract.services import ModelAnswer, ModelTool, PersonAnswer, ToolAnswer


@dataclass(frozen=True, slots=True)
class Undo:
    """A call that takes back what a node did; made when the run fails or an end asks for it."""

    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leave:
    """A node is done and the run goes on through a port.

    Attributes:
        port: The port's name; one that is not wired is an error unless it may stand open.
        save: Variables to set.
        undo: `undo` of the node's settings, unrendered: it may use what was just saved.
        keep: What this node finds as `Step.kept` when this lane comes to it again; None for nothing.
    """

    port: str
    save: Mapping[str, Any] = field(default_factory=dict[str, Any])
    undo: Undo | None = None
    keep: Any = None


@dataclass(frozen=True, slots=True)
class Fork:
    """The run goes on in lanes: one for each of these ports, all at once."""

    ports: Sequence[str]


@dataclass(frozen=True, slots=True)
class Meeting:
    """How the lanes met that a join waited for.

    Attributes:
        arrived: Names of the lanes that came, in the order of their coming.
        cancelled: Names of the lanes that were not waited for.
        timed_out: True where the time passed before enough of them had come.
        undos: What takes back what the cancelled lanes had done, the last done first.
    """

    arrived: Sequence[str]
    cancelled: Sequence[str] = ()
    timed_out: bool = False
    undos: Sequence[Undo] = ()


@dataclass(frozen=True, slots=True)
class Finish:
    """The run ends here."""

    outcome: str
    output: Mapping[str, Any] = field(default_factory=dict[str, Any])
    undo: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """A fact to remember; `keep_for` in seconds, or None for no end."""

    name: str
    value: Any
    purpose: str = ""
    keep_for: float | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """How often and how far apart (seconds) a failed call is tried again; the wait doubles."""

    attempts: int = 1
    wait: float = 1.0


ONCE = Retry()


class Step(Protocol):
    """One visit of a node."""

    @property
    def node(self) -> str:
        """The node's id."""
        ...

    @property
    def journey(self) -> str:
        """The id of the journey that the node belongs to."""
        ...

    @property
    def kept(self) -> Any:
        """What the node's last visit in this lane left in `Leave.keep`, or None."""
        ...

    @property
    def meeting(self) -> Meeting:
        """How the lanes met; a `join` only."""
        ...

    @property
    def run_key(self) -> str:
        """A text that is this run's own and does not change: what a stable choice can be made of."""
        ...

    def evaluate(self, expression: str, names: Mapping[str, Any] | None = None) -> Any:
        """The value of a CEL expression; `names` are known besides the usual ones.

        Raises:
            StepError: `expression`.
        """
        ...

    def render(self, template: Any, names: Mapping[str, Any] | None = None) -> Any:
        """A value with every `${…}` in it replaced; `names` are known besides the usual ones.

        Raises:
            StepError: `expression`.
        """
        ...

    def words(self, text: str | Mapping[str, Any]) -> str:
        """The text for this customer's language and channel, rendered.

        Raises:
            StepError: `expression`.
        """
        ...

    def wired(self, port: str) -> bool:
        """Whether a port leads anywhere."""
        ...

    def tool(self, name: str) -> ModelTool:
        """A tool's definition in the form a model takes.

        Raises:
            StepError: `bad_arguments` when the plan does not hold the tool.
        """
        ...

    async def call_tool(
        self,
        tool: str,
        arguments: Mapping[str, Any],
        *,
        timeout: float | None = None,
        retry: Retry = ONCE,
        cache: float | None = None,
    ) -> ToolAnswer:
        """Call an MCP tool through the gate.

        `cache` lets an answer to the same arguments be used again that is at most so many seconds
        old; only for a tool that reads.

        Raises:
            StepError: See `Tools.call`; also `denied` by the gate.
        """
        ...

    async def read_resource(
        self, resource: str, arguments: Mapping[str, Any], *, timeout: float | None = None
    ) -> ToolAnswer:
        """Read an MCP resource, `server/uri-template`, with the template's variables filled in.

        Raises:
            StepError: See `Tools.read`; `bad_arguments` when a variable is missing.
        """
        ...

    async def get_prompt(
        self, prompt: str, arguments: Mapping[str, Any], *, timeout: float | None = None
    ) -> Sequence[Mapping[str, Any]]:
        """The messages of an MCP prompt, `server/prompt`.

        Raises:
            StepError: See `Tools.prompt`.
        """
        ...

    async def ask_model(
        self,
        model: str,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: Mapping[str, Any] | None = None,
        tools: Sequence[ModelTool] = (),
        timeout: float | None = None,
    ) -> ModelAnswer:
        """One model call.

        Raises:
            StepError: `model_failed`, `timeout`, `limit`.
        """
        ...

    async def say(self, text: str, *, choices: Sequence[str] = ()) -> None:
        """Words to the customer."""
        ...

    async def listen(
        self, *, timeout: float | None = None, choices: Sequence[str] = ()
    ) -> str | None:
        """The customer's words; None when the time-out passed. May park the run for days."""
        ...

    async def ask_person(
        self,
        kind: str,
        to: str,
        decisions: Sequence[str],
        *,
        show: Mapping[str, Any],
        editable: Sequence[str] = (),
        timeout: float | None = None,
    ) -> PersonAnswer | None:
        """A person's decision; None when the time-out passed. May park the run for days."""
        ...

    async def sleep(self, length: float) -> None:
        """Let time pass, in seconds. May park the run."""
        ...

    async def sleep_until(self, moment: str) -> None:
        """Wait for a moment in ISO 8601 (`2026-01-31T08:00:00Z`); one that is past is now.

        Raises:
            StepError: `expression` when the text is no moment.
        """
        ...

    async def sleep_until_open(self, hours: Mapping[str, Any]) -> None:
        """Wait until business hours (`days`, `from`, `to`, `zone`, `closed`); not at all within them.

        Raises:
            StepError: `expression` when they can never be open or the zone is not known.
        """
        ...

    async def wait_event(
        self, name: str, *, timeout: float | None = None
    ) -> Mapping[str, Any] | None:
        """What came with a named event (`jb runs signal`); None when the time-out passed."""
        ...

    async def start_journey(self, journey: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run another journey of the plan within this run; `{"outcome": …, "output": …}`.

        Raises:
            StepError: What no node of that journey caught; `limit` when they are nested too deeply;
                `bad_arguments` when `given` is not what it takes.
        """
        ...

    async def remember(self, facts: Sequence[Remembered]) -> None:
        """Remember facts about this customer; `customer.NAME` has them from now on.

        Raises:
            StepError: `nobody` when it is not known who the customer is.
        """
        ...

    async def forget(self, names: Sequence[str] | None) -> None:
        """Forget these facts about this customer, or with None all.

        Raises:
            StepError: `nobody` when it is not known who the customer is.
        """
        ...

    async def record_consent(self, purpose: str, *, given: bool, asked: str, said: str) -> None:
        """Put on record whether the customer agreed, to what words, in what words.

        `customer.consent.PURPOSE` tells it from now on; beyond this run where the customer is known.
        """
        ...
