"""The state of a run: the fold of its events, and nothing else.

`apply` is the one place where events become state; the engine, the trace, the editor and the tests all
go through it, so any moment of a run can be rebuilt from its events.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.contract.journal import RunStatus

Event = Mapping[str, Any]


@dataclass(slots=True)
class Effect:
    """An effect of the node visit in progress.

    Attributes:
        kind: `tool`, `model`, `say`, `listen`, `person` or `sleep`.
        request: What was asked.
        answer: What came back, or None.
        error: Why it failed, or None.
    """

    kind: str
    request: Mapping[str, Any]
    answer: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None

    @property
    def settled(self) -> bool:
        """Whether it is known how it went."""
        return self.answer is not None or self.error is not None


@dataclass(slots=True)
class Token:
    """Where a lane of the run stands.

    Attributes:
        visit: Number of this node visit in the run; 0 until the node has been entered.
        effects: The effects of this visit by index.
    """

    lane: str
    node: str
    visit: int = 0
    effects: dict[int, Effect] = field(default_factory=dict[int, Effect])


@dataclass(slots=True)
class RunState:
    """Everything that is known of a run.

    Attributes:
        version: Number of events.
        path: Nodes in the order of their visits.
        undos: Calls that take back what was done, in the order of doing.
        closing: The last event of the run, held back while undos are made.
        caught: Nodes whose error has already gone to the journey's `on_error`.
    """

    run: str = ""
    journey: str = ""
    status: RunStatus = "running"
    version: int = 0
    input: Mapping[str, Any] = field(default_factory=dict[str, Any])
    session: Mapping[str, Any] = field(default_factory=dict[str, Any])
    started: float = 0.0
    tokens: dict[str, Token] = field(default_factory=dict[str, Token])
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    path: list[str] = field(default_factory=list[str])
    steps: int = 0
    cost_usd: float = 0.0
    cost_known: bool = True
    waiting_for: Mapping[str, Any] | None = None
    due: float | None = None
    outcome: str = ""
    output: Mapping[str, Any] = field(default_factory=dict[str, Any])
    error: Mapping[str, Any] | None = None
    undos: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    closing: Mapping[str, Any] | None = None
    caught: set[str] = field(default_factory=set[str])


def fold(events: Iterable[Event]) -> RunState:
    """The state after these events."""
    state = RunState()
    for event in events:
        apply(state, event)
    return state


def apply(state: RunState, event: Event) -> None:
    """Change the state by one event.

    Raises:
        KeyError: When the event is of a kind that this version does not know.
    """
    _REDUCERS[event["event"]](state, event)
    state.version += 1


def _started(state: RunState, event: Event) -> None:
    state.run, state.journey = event["run"], event["journey"]
    state.input, state.session = event["input"], event["session"]
    state.started = event["at"]
    state.tokens["0"] = Token("0", event["node"])


def _entered(state: RunState, event: Event) -> None:
    token = state.tokens[event["lane"]]
    token.node, token.visit, token.effects = event["node"], event["visit"], {}
    state.steps = event["visit"]
    state.path.append(event["node"])


def _asked(state: RunState, event: Event) -> None:
    effects = state.tokens[event["lane"]].effects
    effects[event["index"]] = Effect(event["effect"], event["request"])


def _answered(state: RunState, event: Event) -> None:
    state.tokens[event["lane"]].effects[event["index"]].answer = event["answer"]
    if event["effect"] == "model":
        cost = event["answer"].get("cost_usd")
        state.cost_usd += cost or 0.0
        state.cost_known = state.cost_known and cost is not None


def _errored(state: RunState, event: Event) -> None:
    state.tokens[event["lane"]].effects[event["index"]].error = event["error"]


def _repeated(state: RunState, event: Event) -> None:
    del state.tokens[event["lane"]].effects[event["index"]]


def _left(state: RunState, event: Event) -> None:
    state.variables.update(event["save"])
    if "undo" in event:
        state.undos.append(event["undo"])
    state.tokens[event["lane"]] = Token(event["lane"], event["target"])


def _caught(state: RunState, event: Event) -> None:
    state.variables["error"] = event["error"]
    state.tokens[event["lane"]] = Token(event["lane"], event["target"])
    if event["by"] == "journey":
        state.caught.add(event["node"])


def _parked(state: RunState, event: Event) -> None:
    state.status = "parked"
    state.waiting_for, state.due = event["waiting_for"], event.get("due")


def _resumed(state: RunState, event: Event) -> None:
    del event
    state.status, state.waiting_for, state.due = "running", None, None


def _closing(state: RunState, event: Event) -> None:
    state.closing = event["then"]
    # a visit of its own: an undo must not share an idempotency key with the last node's calls
    state.tokens = {"undo": Token("undo", event["node"], state.steps + 1)}


def _ended(state: RunState, event: Event) -> None:
    state.status, state.tokens = "ended", {}
    state.outcome, state.output = event["outcome"], event["output"]


def _failed(state: RunState, event: Event) -> None:
    state.status, state.tokens, state.error = "failed", {}, event["error"]


def _cancelled(state: RunState, event: Event) -> None:
    del event
    state.status, state.tokens = "cancelled", {}
    state.waiting_for, state.due = None, None


_REDUCERS = {
    "started": _started,
    "entered": _entered,
    "asked": _asked,
    "answered": _answered,
    "errored": _errored,
    "repeated": _repeated,
    "left": _left,
    "caught": _caught,
    "parked": _parked,
    "resumed": _resumed,
    "closing": _closing,
    "ended": _ended,
    "failed": _failed,
    "cancelled": _cancelled,
}
"""Every event there is; a new one gets its line here and a way to be made in `engine` or `step`."""

EVENTS = frozenset(_REDUCERS)
FINAL = frozenset({"ended", "failed", "cancelled"})
