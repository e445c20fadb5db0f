"""What came from outside in a run, call by call: what a scenario of it has to bring again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.run.reading import whole_requests
from journeybuilder.run.state import Event, apply
from journeybuilder.run.tokens import RunState


@dataclass(frozen=True, slots=True)
class Effected:
    """An effect of a run that is known to have gone one way or the other.

    Attributes:
        index: The number of the event that settled it.
        asked: When it was asked, in seconds since 1970.
        settled: When it was settled.
        heard: The words said in its lane since the customer was heard last, for a `listen`.
    """

    index: int
    kind: str
    node: str
    lane: str
    request: Mapping[str, Any]
    asked: float
    settled: float
    answer: Mapping[str, Any] | None
    error: Mapping[str, Any] | None

    @property
    def took(self) -> float:
        """How long it took in the run's own time, in seconds."""
        return max(0.0, self.settled - self.asked)


@dataclass(frozen=True, slots=True)
class Changed:
    """Variables that somebody changed by hand.

    Attributes:
        before: The node that came next, or in which the run was; in a called journey `journey/node`.
        visit: Which of its visits, from 1.
        values: The variables.
    """

    before: str
    visit: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Story:
    """A run that is over, as far as the outside had a part in it.

    Attributes:
        state: Its state in the end.
        effects: In the order in which they were asked.
        open: Effects that were asked and never answered: a lane was stopped.
        changes: What was changed by hand.
        signals: Named events that came: name, data, and how long the run had waited for them.
        known: What was known of the customer when it began.
    """

    state: RunState
    effects: Sequence[Effected]
    open: Sequence[Event]
    changes: Sequence[Changed]
    signals: Sequence[tuple[str, Any, float]]
    known: Mapping[str, Mapping[str, Any]]

    def of(self, *kinds: str) -> list[Effected]:
        """The effects of some kinds."""
        return [effect for effect in self.effects if effect.kind in kinds]


def story_of(events: Iterable[Event]) -> Story:
    """Read a run's events."""
    state = RunState()
    asked: dict[tuple[int, int], Event] = {}
    order: list[tuple[float, Effected]] = []
    changes: list[Changed] = []
    signals: list[tuple[str, Any, float]] = []
    known: Mapping[str, Mapping[str, Any]] = {}
    waits = _EventWaits()
    for index, event in enumerate(whole_requests(events)):
        name = event["event"]
        if name == "started":
            known = event.get("customer", {})
        elif name == "asked":
            asked[event["visit"], event["index"]] = {**event, "number": index}
        elif name in {"answered", "errored"}:
            question = asked.pop((event["visit"], event["index"]), None)
            if question is not None:
                order.append((question["number"], _effected(index, question, event)))
        elif name == "signaled":
            signals.append((event["name"], event["data"], waits.until(event, state)))
        elif name == "branched" and event.get("changed"):
            changes.append(_changed(state, event))
        apply(state, event)
        if name == "parked":
            waits.begin(event, state)
    effects = [effect for _, effect in sorted(order, key=lambda one: one[0])]
    return Story(state, effects, list(asked.values()), changes, signals, known)


def _effected(index: int, question: Event, event: Event) -> Effected:
    return Effected(
        index,
        question["effect"],
        question["node"],
        question["lane"],
        question["request"],
        question["at"],
        event["at"],
        event.get("answer"),
        event.get("error"),
    )


class _EventWaits:
    """How long events took to come, as a scenario counts: from the first wait since the last coming."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._ends: dict[str, set[float]] = {}

    def begin(self, event: Event, state: RunState) -> None:
        """The run waits."""
        for wait in _for_events(state):
            self._since.setdefault(wait["name"], event["at"])
            if wait.get("until") is not None:
                self._ends.setdefault(wait["name"], set()).add(wait["until"])

    def until(self, event: Event, state: RunState) -> float:
        """How long the event has taken to come, in seconds."""
        name, at = event["name"], event["at"]
        waited = at - self._since.pop(name, at)
        now = {wait.get("until") for wait in _for_events(state) if wait["name"] == name}
        missed = at in self._ends.pop(name, set()) - now
        return waited + _JUST_AFTER if missed else waited


def _for_events(state: RunState) -> list[Mapping[str, Any]]:
    return [wait for wait in state.waits if wait["kind"] == "event"]


_JUST_AFTER = 0.001
"""An event that came when the time for it was just up must not come before that."""


def _changed(state: RunState, event: Event) -> Changed:
    token = state.tokens.get(event.get("lane", "")) or next(iter(state.tokens.values()))
    journey = state.frames[token.frame]
    place = (
        f"{journey.journey}/{token.node}" if journey.parent or token.frame != "0" else token.node
    )
    visit = state.path.count(place) + (1 if token.visit == 0 else 0)
    return Changed(place, max(visit, 1), event["changed"])
