"""Where a rehearsed run is to stop: at a node, on a wire, before a tool, or when something holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from journeybuilder.contract.expressions import ExpressionError, compile_expression

BreakpointKind = Literal["node", "edge", "condition", "tool"]
StopReason = Literal["breakpoint", "step", "waiting", "ended", "failed", "paused"]


@dataclass(frozen=True)
class Breakpoint:
    """One place, or one condition, at which a run stops.

    Attributes:
        kind: `node` stops before the node is entered; `edge` when a run goes along a wire;
            `tool` before a call; `condition` when an expression holds.
        node: The node, in a called journey `journey/node`. For a condition: where it is looked at; an
            empty text is anywhere, and then the run stops when it begins to hold.
        port: The way out of the node that is the wire, as events name it (`next`, `lanes.order`).
            The way to a journey's own `on_error` has no node.
        tool: `server/tool`, or `model:ALIAS` to stop before a model is asked.
        when: CEL over the names that the node can use; for a tool also `arguments`. For other kinds
            than `condition` an empty text means always.
        enabled: Whether it is looked at.
    """

    kind: BreakpointKind
    node: str = ""
    port: str = ""
    tool: str = ""
    when: str = ""
    enabled: bool = True

    @property
    def problem(self) -> str:
        """What is wrong with it, in words; an empty text when it can be used."""
        if self.kind == "condition" and not self.when.strip():
            return "a condition wants an expression, for example: fee > 0"
        if self.when.strip():
            try:
                compile_expression(self.when)
            except ExpressionError as error:
                return error.message
        return ""


@dataclass(frozen=True)
class Stop:
    """A run stands still.

    Attributes:
        reason: Why.
        place: The node, in a called journey `journey/node`; that which comes next, or is in progress.
        words: Why, for a person who reads English; the parts below say the same for other words.
        index: How many events of the run there are: the moment that a `Timeline` shows.
        breakpoint: The one that it has come to, or None.
        tool: The tool that is about to be called, or `model:ALIAS`; else an empty text.
        arguments: What the call gets.
        lane: The lane that has stopped.
        in_call: Whether a call is in progress, which comes to its end first.
    """

    reason: StopReason
    place: str
    words: str
    index: int
    breakpoint: Breakpoint | None = None
    tool: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    lane: str = ""
    in_call: bool = False
