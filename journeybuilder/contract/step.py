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
    """

    port: str
    save: Mapping[str, Any] = field(default_factory=dict[str, Any])
    undo: Undo | None = None


@dataclass(frozen=True, slots=True)
class Finish:
    """The run ends here."""

    outcome: str
    output: Mapping[str, Any] = field(default_factory=dict[str, Any])
    undo: bool = False


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

    def evaluate(self, expression: str) -> Any:
        """The value of a CEL expression.

        Raises:
            StepError: `expression`.
        """
        ...

    def render(self, template: Any) -> Any:
        """A value with every `${…}` in it replaced.

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
    ) -> ToolAnswer:
        """Call an MCP tool through the gate.

        Raises:
            StepError: See `Tools.call`; also `denied` by the gate.
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
