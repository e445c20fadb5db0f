"""Where a run stands: its state with the tokens of lanes, frames of journeys, and open lanes.

All of it is plain data that goes to JSON and back, so that a moment of a run can be stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.contract.journal import RunStatus

ROOT = "0"
"""The first lane, and the frame of the journey that the run started with."""


def within(lane: str, outer: str) -> bool:
    """Whether a lane is another one or lies below it."""
    return lane == outer or lane.startswith(f"{outer}/")


@dataclass(slots=True)
class Effect:
    """An effect of the node visit in progress.

    Attributes:
        kind: `tool`, `model`, `say`, `listen`, `person`, `sleep`, `event`, `journey`, `memory`,
            `consent`, `resource` or `prompt`.
        request: What was asked.
        at: When it was asked or settled, the later of the two.
        answer: What came back, or None.
        error: Why it failed, or None.
    """

    kind: str
    request: Mapping[str, Any]
    at: float = 0.0
    answer: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None

    @property
    def settled(self) -> bool:
        """Whether it is known how it went."""
        return self.answer is not None or self.error is not None

    def as_json(self) -> dict[str, Any]:
        """As a stored moment has it."""
        return {"kind": self.kind, "request": self.request, "at": self.at, "answer": self.answer,
                "error": self.error}  # fmt: skip


@dataclass(slots=True)
class Token:
    """Where a lane of the run stands.

    Attributes:
        frame: The journey within the run that it stands in.
        visit: Number of this node visit in the run; 0 until the node has been entered.
        at: When the node was entered.
        effects: The effects of this visit by index.
        error: The error that this lane has come from, as expressions see it.
        meeting: How the lanes met, at a join.
    """

    lane: str
    node: str
    frame: str = ROOT
    visit: int = 0
    at: float = 0.0
    effects: dict[int, Effect] = field(default_factory=dict[int, Effect])
    error: Mapping[str, Any] | None = None
    meeting: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """As a stored moment has it."""
        effects = [[index, effect.as_json()] for index, effect in self.effects.items()]
        return {"lane": self.lane, "node": self.node, "frame": self.frame, "visit": self.visit,
                "at": self.at, "effects": effects, "error": self.error, "meeting": self.meeting}  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Token":
        """The inverse of `as_json`."""
        effects = {index: Effect(**effect) for index, effect in data["effects"]}
        whole: dict[str, Any] = {**data, "effects": effects}
        return cls(**whole)


@dataclass(slots=True)
class Frame:
    """A journey within the run: the one it started with, or one that a node has called.

    Attributes:
        lane: The lane that it runs in; lanes that it opens lie below.
        kept: What loops and the like keep between visits, by lane and node.
        caught: Nodes whose error has already gone to the journey's `on_error`.
        parent: The frame that called it, or an empty text.
        caller: The token of the visit that called it.
        index: The effect of that visit that it answers.
        closing: What comes when the undos of its end have been made: `then`, and the `undos`.
    """

    id: str = ROOT
    journey: str = ""
    lane: str = ROOT
    input: Mapping[str, Any] = field(default_factory=dict[str, Any])
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    kept: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    caught: set[str] = field(default_factory=set[str])
    parent: str = ""
    caller: Token | None = None
    index: int = 0
    closing: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """As a stored moment has it."""
        return {
            "id": self.id,
            "journey": self.journey,
            "lane": self.lane,
            "input": self.input,
            "variables": dict(self.variables),
            "kept": {lane: dict(nodes) for lane, nodes in self.kept.items()},
            "caught": sorted(self.caught),
            "parent": self.parent,
            "caller": None if self.caller is None else self.caller.as_json(),
            "index": self.index,
            "closing": self.closing,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Frame":
        """The inverse of `as_json`."""
        caller = None if data["caller"] is None else Token.from_json(data["caller"])
        kept = {lane: dict(nodes) for lane, nodes in data["kept"].items()}
        own = {"caller": caller, "caught": set(data["caught"]), "kept": kept}
        whole: dict[str, Any] = {**data, **own, "variables": dict(data["variables"])}
        return cls(**whole)


@dataclass(slots=True)
class Opened:
    """The open lanes of one `parallel`.

    Attributes:
        lane: The lane that was forked; it goes on at the join.
        at: When the lanes began.
        join: The node in which they meet, or an empty text where each comes to an end.
        lanes: The lanes by their names.
        arrived: Names of the lanes that have come to the join, in that order.
        error: The error that the forked lane had come from.
    """

    lane: str
    node: str
    frame: str
    at: float
    join: str
    lanes: Mapping[str, str]
    arrived: list[str] = field(default_factory=list[str])
    error: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """As a stored moment has it."""
        return {"lane": self.lane, "node": self.node, "frame": self.frame, "at": self.at,
                "join": self.join, "lanes": self.lanes, "arrived": list(self.arrived),
                "error": self.error}  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Opened":
        """The inverse of `as_json`."""
        whole: dict[str, Any] = {**data, "arrived": list(data["arrived"])}
        return cls(**whole)


def _first_frame() -> dict[str, Frame]:
    return {ROOT: Frame()}


@dataclass(slots=True)
class RunState:
    """Everything that is known of a run.

    Attributes:
        version: Number of events.
        plan: Digest of the bundle that it executes.
        tokens: Where each lane stands; a lane that has opened others has none until they meet.
        frames: The journeys in progress, by their ids.
        forks: The lanes that are open, by the lane that opened them.
        path: Nodes in the order of their visits; in a called journey `journey/node`.
        steps: How many visits there were, for the limit.
        visits: The highest number that a visit had; it never goes back.
        undos: Calls that take back what was done, in the order of doing; each with lane and frame.
        customer: What is known of the customer: `value`, `purpose` and `until` by name.
        signals: Named events that came and were not waited for yet.
        waits: All that a parked run waits for; `waiting_for` is the first of them.
    """

    run: str = ""
    journey: str = ""
    plan: str = ""
    status: RunStatus = "running"
    version: int = 0
    session: Mapping[str, Any] = field(default_factory=dict[str, Any])
    started: float = 0.0
    tokens: dict[str, Token] = field(default_factory=dict[str, Token])
    frames: dict[str, Frame] = field(default_factory=_first_frame)
    forks: dict[str, Opened] = field(default_factory=dict[str, Opened])
    path: list[str] = field(default_factory=list[str])
    steps: int = 0
    visits: int = 0
    cost_usd: float = 0.0
    cost_known: bool = True
    waiting_for: Mapping[str, Any] | None = None
    waits: Sequence[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    due: float | None = None
    outcome: str = ""
    output: Mapping[str, Any] = field(default_factory=dict[str, Any])
    error: Mapping[str, Any] | None = None
    undos: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    customer: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    signals: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])

    @property
    def input(self) -> Mapping[str, Any]:
        """What the run started with."""
        return self.frames[ROOT].input

    @property
    def variables(self) -> Mapping[str, Any]:
        """The variables of the journey that the run started with."""
        return self.frames[ROOT].variables

    def fork_of(self, token: Token) -> tuple[Opened, str] | None:
        """The open lanes that a token runs in one of, in its own journey, and the lane's name."""
        outer = token.lane.rpartition("/")[0]
        while outer:  # in records of old, a lane's name may have a slash in it
            fork = self.forks.get(outer)
            if fork is not None:
                name = next((name for name, lane in fork.lanes.items() if lane == token.lane), None)
                return (fork, name) if name is not None and fork.frame == token.frame else None
            outer = outer.rpartition("/")[0]
        return None

    def as_json(self) -> dict[str, Any]:
        """The whole state as JSON values, for a stored moment."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "tokens": [token.as_json() for token in self.tokens.values()],
            "frames": [frame.as_json() for frame in self.frames.values()],
            "forks": [fork.as_json() for fork in self.forks.values()],
            "path": list(self.path),
            "waits": list(self.waits),
            "undos": list(self.undos),
            "customer": dict(self.customer),
            "signals": {name: list(came) for name, came in self.signals.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "RunState":
        """The inverse of `as_json`."""
        return cls(
            **{name: data[name] for name in _PLAIN},
            tokens={one["lane"]: Token.from_json(one) for one in data["tokens"]},
            frames={one["id"]: Frame.from_json(one) for one in data["frames"]},
            forks={one["lane"]: Opened.from_json(one) for one in data["forks"]},
            path=list(data["path"]),
            waits=list(data["waits"]),
            undos=list(data["undos"]),
            customer=dict(data["customer"]),
            signals={name: list(came) for name, came in data["signals"].items()},
        )


_PLAIN = (
    "run", "journey", "plan", "status", "version", "session", "started", "steps", "visits",
    "cost_usd", "cost_known", "waiting_for", "due", "outcome", "output", "error",
)  # fmt: skip
