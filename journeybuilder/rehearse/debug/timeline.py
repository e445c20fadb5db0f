"""The time line of a run: its state after any number of its events, and what happened at each.

States are folds of the events, so they are what the run really was; stored moments along the way keep
looking at one of them cheap, however long the run is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from journeybuilder.contract.json import as_object
from journeybuilder.rehearse.debug.rows import Row, row_of
from journeybuilder.run.state import EVENTS, FINAL, Event, apply
from journeybuilder.run.tokens import ROOT, RunState, Token

NodeState = Literal["running", "waiting", "done", "failed"]

_EVERY = 32
"""Events between two stored moments: each costs some memory, and looking folds as many at most."""
_STOPS = frozenset({"entered", "answered", "errored", *FINAL})


@dataclass(frozen=True, slots=True)
class _Mark:
    """What an event makes of a node."""

    index: int
    place: str
    made: NodeState


class Timeline:
    """One run, of which more events may come.

    A moment is a number of events: 0 is before the first, `len(timeline)` is now. One that lies outside
    is taken as the nearest there is. No method waits for anything; a `Timeline` belongs to one thread.

    Args:
        events: Those that there are already, from the first on.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._events: list[Event] = []
        self._head = RunState()
        self._moments: list[Mapping[str, Any]] = [self._head.as_json()]
        self._places: list[str] = []
        self._rows: list[Row] = []
        self._stops: list[int] = []
        self._marks: list[_Mark] = []
        self._wires: list[tuple[int, str, str]] = []
        self._asked: dict[tuple[int, int], Event] = {}
        self._seen: tuple[int, RunState] | None = None
        for event in events:
            self.add(event)

    def __len__(self) -> int:
        return len(self._events)

    @property
    def events(self) -> Sequence[Event]:
        """The events so far, to look at only."""
        return self._events

    @property
    def now(self) -> RunState:
        """The state after the last event, which changes with the next one; to look at only."""
        return self._head

    def standing(self, event: Event) -> str:
        """The node at which the lane stands that the next event is about, or an empty text."""
        token = self._head.tokens.get(event.get("from", event.get("lane", "")))
        return "" if token is None else place_of(self._head, token)

    def add(self, event: Event) -> None:
        """Take in the run's next event; what is only told and not kept (`writing`) is passed over."""
        name = event["event"]
        if name not in EVENTS:
            return
        index = len(self._events)
        before = self.standing(event)
        self._note(index, event, before)
        apply(self._head, event)
        self._events.append(event)
        place = self._place_after(event) or before
        self._places.append(place)
        if name == "entered":
            self._marks.append(_Mark(index, place, "done"))
        if name in _STOPS:
            self._stops.append(index + 1)
        self._rows.append(row_of(index, event, before or place, self._question(event)))
        if (index + 1) % _EVERY == 0:
            self._moments.append(self._head.as_json())

    def state(self, n: int) -> RunState:
        """The state after the first `n` events, to look at only."""
        n = self._inside(n)
        if self._seen is not None and self._seen[0] == n:
            return self._seen[1]
        nearest = n // _EVERY
        state = RunState.from_json(self._moments[nearest])
        for event in self._events[nearest * _EVERY : n]:
            apply(state, event)
        self._seen = (n, state)
        return state

    def before(self, n: int) -> int:
        """The next stop back from a moment: a node entered, an effect answered, the end; else 0."""
        at = bisect_left(self._stops, self._inside(n))
        return self._stops[at - 1] if at else 0

    def after(self, n: int) -> int:
        """The next stop forward from a moment; now, where no other follows."""
        at = bisect_right(self._stops, self._inside(n))
        return self._stops[at] if at < len(self._stops) else len(self._events)

    def visit(self, visit: int) -> int | None:
        """The moment just before a node visit of this number, or None where there is none."""
        for index, event in enumerate(self._events):
            if event["event"] == "entered" and event["visit"] == visit:
                return index
        return None

    def node_states(self, n: int) -> dict[str, NodeState]:
        """How each node stands that has been visited; those of called journeys as `journey/node`."""
        n = self._inside(n)
        out: dict[str, NodeState] = {}
        for mark in self._marks:
            if mark.index >= n:
                break
            out[mark.place] = mark.made
        state = self.state(n)
        for token in _standing(state):
            out[place_of(state, token)] = "running"
        for wait in state.waits:
            out[waiting_place(wait)] = "waiting"
        return out

    def wires(self, n: int) -> list[tuple[str, str]]:
        """The wires gone along so far, in that order: node (as in `node_states`) and port.

        The way to a journey's own `on_error` has an empty text for the node, or `journey/`.
        """
        n = self._inside(n)
        last = bisect_left(self._wires, (n, "", ""))
        return [(node, port) for _, node, port in self._wires[:last]]

    def variables(self, n: int) -> Mapping[str, Any]:
        """The variables of the journey that the run is in at that moment."""
        return dict(self.state(n).frames[self.frame(n)].variables)

    def frame(self, n: int, lane: str = "") -> str:
        """The journey in progress that the run, or a lane of it, is in at that moment."""
        token = self.token(n, lane)
        return token.frame if token is not None else ROOT

    def token(self, n: int, lane: str = "") -> Token | None:
        """Where a lane stands, or the one that the last event is about, else any; None where none does."""
        n, state = self._inside(n), self.state(n)
        lane = lane or (self._events[n - 1].get("lane", "") if n else "")
        return state.tokens.get(lane) or next(iter(state.tokens.values()), None)

    def at(self, n: int) -> float:
        """The time of a moment, in seconds since 1970; 0 before the first event."""
        n = self._inside(n)
        return float(self._events[n - 1]["at"]) if n else 0.0

    def place(self, n: int) -> str:
        """The node that the run is at, or comes to next; an empty text before the first."""
        n = self._inside(n)
        return self._places[n - 1] if n else ""

    def cost(self, n: int) -> float | None:
        """What models have cost by then, in USD; None where a price is not known."""
        state = self.state(n)
        return state.cost_usd if state.cost_known else None

    def rows(self) -> list[Row]:
        """What happened, one row for each event."""
        return list(self._rows)

    # -- taking in ---------------------------------------------------------------------------

    def _inside(self, n: int) -> int:
        return max(0, min(n, len(self._events)))

    def _place_after(self, event: Event) -> str:
        state = self._head
        if event["event"] == "parked":
            return waiting_place(event["waiting_for"])
        if state.status in FINAL:
            error = as_object(event.get("error"))
            return str(error.get("node") or (state.path[-1] if state.path else ""))
        token = state.tokens.get(event.get("lane", "")) or next(iter(state.tokens.values()), None)
        return "" if token is None else place_of(state, token)

    def _note(self, index: int, event: Event, before: str) -> None:
        """What the event says of nodes and wires; looked at before it changes the state."""
        name = event["event"]
        self._wires += [(index, *wire) for wire in wires_of(event, before)]
        if name == "caught":
            self._marks.append(_Mark(index, before, "failed"))
        elif name == "failed":
            self._marks.append(_Mark(index, str(event["error"].get("node", "")), "failed"))
        elif name == "asked":
            self._asked[event["visit"], event["index"]] = event

    def _question(self, event: Event) -> Event | None:
        if event["event"] not in {"answered", "errored"}:
            return None
        return self._asked.get((event["visit"], event["index"]))


def place_of(state: RunState, token: Token) -> str:
    """Where a token stands: the node, in a called journey `journey/node`."""
    if token.frame == ROOT:
        return token.node
    return f"{state.frames[token.frame].journey}/{token.node}"


def wires_of(event: Event, place: str) -> list[tuple[str, str]]:
    """The wires that an event goes along: node and port.

    Args:
        event: What happened.
        place: The node where the lane stood before, in a called journey `journey/node`.
    """
    name = event["event"]
    if name == "left":
        return [(place, event["port"])]
    if name == "forked":
        return [(place, f"lanes.{lane}") for lane in event["lanes"]]
    if name == "caught":
        journey = place.rpartition("/")[0]
        general = f"{journey}/" if journey else ""
        return [(place if event["by"] == "node" else general, "on_error")]
    return []


def _standing(state: RunState) -> Sequence[Token]:
    """The tokens of all lanes, and those of the visits that have called a journey in progress."""
    callers = [frame.caller for frame in state.frames.values() if frame.caller is not None]
    return [*callers, *state.tokens.values()]


def waiting_place(wait: Mapping[str, Any]) -> str:
    """Where a run waits: the node, in a called journey `journey/node`."""
    return f"{wait['journey']}/{wait['node']}" if "journey" in wait else str(wait["node"])
