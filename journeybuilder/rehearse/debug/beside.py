"""Lays two runs side by side: where they part, and what differs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal

from journeybuilder.contract.json import canonical
from journeybuilder.rehearse.debug.rows import words_of
from journeybuilder.rehearse.debug.timeline import Timeline
from journeybuilder.run.state import Event

Sameness = Literal["same", "differs", "left", "right"]
_ENDS = frozenset({"left", "forked", "caught", "ended", "failed", "returned"})


@dataclass(frozen=True)
class Visited:
    """One node visit of a run.

    Attributes:
        place: The node, in a called journey `journey/node`.
        index: The moment at which the node was entered: `Timeline.state(index)` is the state then.
        end: The moment at which the visit was over, or the last of the run.
        port: The way out that was taken, or an empty text.
        asked: What the effects asked, in their order, as rows say it in words.
        answers: What came back, in the same order.
        said: The words to the customer.
        saved: Variables that the visit set.
        cost: USD, None where a price is not known.
        latency: Seconds that its answers took.
    """

    place: str
    index: int
    end: int
    port: str = ""
    asked: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    saved: Mapping[str, Any] = field(default_factory=dict[str, Any])
    cost: float | None = 0.0
    latency: float = 0.0


@dataclass(frozen=True)
class Beside:
    """One row: a visit of one run beside the same visit of the other, or beside nothing.

    Attributes:
        sameness: `left` and `right` stand for visits that only that run made.
        differing: What differs, of `port`, `asked`, `answers`, `said`, `variables`.
        variables: The variables that the two visits set differently: left and right value; None is also
            one that was not set.
    """

    left: Visited | None
    right: Visited | None
    sameness: Sameness
    differing: tuple[str, ...] = ()
    variables: Mapping[str, tuple[Any, Any]] = field(default_factory=dict[str, tuple[Any, Any]])


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side.

    Attributes:
        rows: In the order of the runs.
        first: The number of the first row that is not the same, or None.
        cost: USD of both, None where a price is not known.
        outcome: Outcome, else error or status, of both.
    """

    rows: tuple[Beside, ...]
    first: int | None
    cost: tuple[float | None, float | None]
    outcome: tuple[str, str]


def beside(left: Timeline, right: Timeline) -> Comparison:
    """Compare two runs, aligned by their node visits.

    Args:
        left: One run, to its end or as far as it has come.
        right: The other.
    """
    rows = tuple(_aligned(visits_of(left), visits_of(right)))
    first = next((at for at, row in enumerate(rows) if row.sameness != "same"), None)
    cost = left.cost(len(left)), right.cost(len(right))
    return Comparison(rows, first, cost, (_outcome(left), _outcome(right)))


def _outcome(timeline: Timeline) -> str:
    state = timeline.state(len(timeline))
    return str(state.outcome or (state.error or {}).get("message") or state.status)


def _aligned(left: Sequence[Visited], right: Sequence[Visited]) -> list[Beside]:
    """Visits of the same node beside each other: the first beside the first, and so on in order."""
    matcher = SequenceMatcher(None, _counted(left), _counted(right), autojunk=False)
    rows: list[Beside] = []
    for kind, begin, end, other, last in matcher.get_opcodes():
        if kind == "equal":
            rows += map(_row, left[begin:end], right[other:last])
        else:
            rows += [Beside(one, None, "left") for one in left[begin:end]]
            rows += [Beside(None, one, "right") for one in right[other:last]]
    return rows


def _counted(visits: Sequence[Visited]) -> list[tuple[str, int]]:
    """Each place with how often it was visited by then: a round too many is one round too many."""
    seen: Counter[str] = Counter()
    out: list[tuple[str, int]] = []
    for visit in visits:
        seen[visit.place] += 1
        out.append((visit.place, seen[visit.place]))
    return out


def _row(left: Visited, right: Visited) -> Beside:
    names = [*left.saved, *(name for name in right.saved if name not in left.saved)]
    variables = {
        name: (left.saved.get(name), right.saved.get(name))
        for name in names
        if canonical([left.saved.get(name)]) != canonical([right.saved.get(name)])
    }
    differing = [
        name
        for name in ("port", "asked", "answers", "said")
        if getattr(left, name) != getattr(right, name)
    ]
    if variables:
        differing.append("variables")
    return Beside(left, right, "differs" if differing else "same", tuple(differing), variables)


# -- the visits of a run ---------------------------------------------------------------------


@dataclass
class _Visit:
    """A visit while its events are read."""

    place: str
    index: int
    end: int
    port: str = ""
    asked: dict[int, str] = field(default_factory=dict[int, str])
    answers: dict[int, str] = field(default_factory=dict[int, str])
    said: list[str] = field(default_factory=list[str])
    saved: dict[str, Any] = field(default_factory=dict[str, Any])
    cost: float | None = 0.0
    latency: float = 0.0

    def whole(self) -> Visited:
        """What is known of it in the end."""
        return Visited(
            self.place,
            self.index,
            self.end,
            self.port,
            tuple(self.asked.values()),
            tuple(self.answers.values()),
            tuple(self.said),
            self.saved,
            self.cost,
            self.latency,
        )


def visits_of(timeline: Timeline) -> list[Visited]:
    """The node visits of a run in their order."""
    visits: dict[int, _Visit] = {}
    rows = timeline.rows()
    for row, event in zip(rows, timeline.events, strict=True):
        if event["event"] == "entered":
            visits[event["visit"]] = _Visit(row.node, row.index + 1, len(rows))
            continue
        visit = visits.get(event.get("visit", 0))
        if visit is None:
            continue
        _take(visit, event)
        visit.latency += row.latency
        if row.cost is None or visit.cost is None:
            visit.cost = None
        else:
            visit.cost += row.cost
        if event["event"] in _ENDS:
            visit.end = row.index + 1
    return [visit.whole() for visit in visits.values()]


def _take(visit: _Visit, event: Event) -> None:
    name = event["event"]
    if name == "asked":
        visit.asked[event["index"]] = f"{event['effect']} {_asked(event)}"
        if event["effect"] == "say":
            visit.said.append(str(event["request"]["text"]))
    elif name in {"answered", "errored"}:
        visit.answers[event["index"]] = words_of(event)
    elif name in {"left", "caught"}:
        visit.port = str(event.get("port", "on_error"))
        visit.saved |= event.get("save", {})
    elif name == "forked":
        visit.port = "lanes"


def _asked(event: Event) -> str:
    """What was asked; of a model all that it was told, not only its name."""
    if event["effect"] == "model":
        return canonical([event["request"]["model"], event["request"]["messages"]])
    return words_of(event)
