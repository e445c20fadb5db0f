"""How much of its journeys a run, a suite or a campaign has gone through, counted from the events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from journeybuilder.contract.fields import PortStyle
from journeybuilder.plan.plan import Plan, PlannedJourney, PlannedNode
from journeybuilder.run.state import Event
from journeybuilder.run.tokens import ROOT

ON_ERROR = "on_error"
"""The port of a journey's own `on_error`, which leaves no node: the node of that edge is an empty text."""
_DECIDING = frozenset({"branch", "split", "classify", "review"})
_KEPT_GROUNDS = 64

GapKind = Literal["node", "edge", "case", "error", "timeout"]


class Place(NamedTuple):
    """A node of a journey."""

    journey: str
    node: str


class Edge(NamedTuple):
    """A wired way out of a node; see `ON_ERROR` for the one that a journey itself has."""

    journey: str
    node: str
    port: str


class Way(NamedTuple):
    """What an edge is.

    Attributes:
        kind: The kind of its node.
        style: `error` and `timeout` are the ways of what goes wrong.
        case: Whether a decision chooses it: a case of a branch, `otherwise`, a route, a share.
        target: The node that it leads to.
    """

    kind: str
    style: PortStyle
    case: bool
    target: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that no run has gone through.

    Attributes:
        port: An empty text where the node itself was never visited.
        target: Where the edge leads.
    """

    journey: str
    node: str
    port: str
    kind: GapKind
    target: str = ""

    @property
    def words(self) -> str:
        """The gap in a few words: `look_up → sorry (on_error)`."""
        if not self.port:
            return self.node
        return f"{self.node or 'the journey itself'} → {self.target} ({self.port})"

    def as_json(self) -> dict[str, str]:
        """As `jb test --json` lists what is missing."""
        return {
            "journey": self.journey,
            "node": self.node,
            "port": self.port,
            "kind": self.kind,
            "to": self.target,
            "words": f"{self.journey}: {self.words}",
        }


class Count(NamedTuple):
    """How many of all."""

    hit: int
    all: int

    @property
    def percent(self) -> float:
        """Of a hundred; 100 where there is nothing to hit."""
        return 100.0 * self.hit / self.all if self.all else 100.0

    def as_json(self) -> dict[str, int]:
        """`{hit, all}`."""
        return {"hit": self.hit, "all": self.all}


@dataclass(frozen=True)
class Coverage:
    """How often each node was visited and each edge gone; what was never is there with 0.

    Attributes:
        journey: The journey whose names stand without prefix in `nodes` and `edges`; an empty text
            after runs of several journeys were merged.
        visits: By node, those of called journeys included.
        passed: By edge.
        ways: What each edge is.
    """

    journey: str = ""
    visits: Mapping[Place, int] = field(default_factory=dict[Place, int])
    passed: Mapping[Edge, int] = field(default_factory=dict[Edge, int])
    ways: Mapping[Edge, Way] = field(default_factory=dict[Edge, Way])

    @classmethod
    def of(cls, plan: Plan, events: Iterable[Event]) -> "Coverage":
        """Count the events of one run of a plan, the journeys that it calls included.

        Args:
            plan: What was run.
            events: All of the run's events in their order; none gives a coverage of nothing.
        """
        counter = Counter(plan)
        for event in events:
            counter.see(event)
        return counter.coverage()

    def merged(self, other: "Coverage") -> "Coverage":
        """Both together; the counts add up."""
        if not self.ways and not self.visits:
            return other
        same = self.journey == other.journey or not (other.ways or other.visits)
        return Coverage(
            self.journey if same else "",
            _sum(self.visits, other.visits),
            _sum(self.passed, other.passed),
            {**self.ways, **other.ways},
        )

    def of_journey(self, journey: str) -> "Coverage":
        """The part that concerns one journey, however its runs came to it."""
        return Coverage(
            journey,
            {place: count for place, count in self.visits.items() if place.journey == journey},
            {edge: count for edge, count in self.passed.items() if edge.journey == journey},
            {edge: way for edge, way in self.ways.items() if edge.journey == journey},
        )

    @property
    def journeys(self) -> list[str]:
        """The journeys that it speaks of, in the order of coming."""
        return list(dict.fromkeys(place.journey for place in self.visits))

    @property
    def nodes(self) -> dict[str, int]:
        """Visits by node; the nodes of other journeys than `journey` as `journey/node`."""
        return {self.name(place.journey, place.node): n for place, n in self.visits.items()}

    @property
    def edges(self) -> dict[tuple[str, str], int]:
        """How often each edge was gone, by node and port; nodes are named as in `nodes`."""
        return {(self.name(one.journey, one.node), one.port): n for one, n in self.passed.items()}

    def name(self, journey: str, node: str) -> str:
        """A node as this coverage names it."""
        return node if journey == self.journey else f"{journey}/{node}"

    @property
    def node_count(self) -> Count:
        """Nodes visited of all."""
        return _count(self.visits.values())

    @property
    def edge_count(self) -> Count:
        """Edges gone of all that are wired."""
        return _count(self.passed.values())

    @property
    def error_count(self) -> Count:
        """Edges of errors and time-outs gone of all that are wired."""
        return _count(n for edge, n in self.passed.items() if self.ways[edge].style != "normal")

    @property
    def case_count(self) -> Count:
        """Cases of decisions taken of all, each `otherwise` included."""
        return _count(n for edge, n in self.passed.items() if self.ways[edge].case)

    def missing(self) -> list[Gap]:
        """What no run has gone through: nodes first, then edges, each in the order of the journey."""
        nodes = [
            Gap(place.journey, place.node, "", "node")
            for place, count in self.visits.items()
            if not count
        ]
        edges = [
            Gap(edge.journey, edge.node, edge.port, _gap_kind(way), way.target)
            for edge, way in self.ways.items()
            if not self.passed[edge]
        ]
        return nodes + edges

    def as_json(self) -> dict[str, Any]:
        """As `jb test --json` has it."""
        return {
            "nodes": self.node_count.as_json(),
            "edges": self.edge_count.as_json(),
            "errors": self.error_count.as_json(),
            "cases": self.case_count.as_json(),
            "missing": [gap.as_json() for gap in self.missing()],
        }


class Counter:
    """Counts the events of one run as they come, for whoever shows it live.

    Args:
        plan: What is run.
    """

    def __init__(self, plan: Plan) -> None:
        self._ground = _ground(plan)
        self._visits = dict.fromkeys(self._ground.places, 0)
        self._passed = dict.fromkeys(self._ground.ways, 0)
        self._journeys: dict[int, str] = {}

    def see(self, event: Event) -> None:
        """Count one event."""
        name = event["event"]
        if name == "entered":
            journey = event.get("journey", self._ground.journey)
            self._journeys[event["visit"]] = journey
            _add(self._visits, Place(journey, event["node"]))
        elif name == "left":
            self._pass(event, event["port"])
        elif name == "caught":
            node = event["node"] if event["by"] == "node" else ""
            _add(self._passed, Edge(self._journey_of(event), node, ON_ERROR))
        elif name == "forked":
            self._fork(event)
        elif "state" in event:
            self._go_on_from(event["state"])

    def coverage(self) -> Coverage:
        """What was counted so far."""
        ground = self._ground
        return Coverage(ground.journey, dict(self._visits), dict(self._passed), ground.ways)

    def _pass(self, event: Event, port: str) -> None:
        _add(self._passed, Edge(self._journey_of(event), event["node"], port))

    def _journey_of(self, event: Event) -> str:
        return self._journeys.get(event["visit"], self._ground.journey)

    def _fork(self, event: Event) -> None:
        journey = self._journey_of(event)
        ports = self._ground.lanes.get(Place(journey, event["node"]), {})
        for lane in event["lanes"]:
            _add(self._passed, Edge(journey, event["node"], ports.get(lane, lane)))

    def _go_on_from(self, state: Mapping[str, Any]) -> None:
        """A run that begins in the middle: its visits in progress were entered before."""
        frames = {frame["id"]: frame["journey"] for frame in state["frames"]}
        callers = [frame["caller"] for frame in state["frames"] if frame["caller"] is not None]
        for token in (*state["tokens"], *callers):
            if token["frame"] != ROOT:
                self._journeys.setdefault(token["visit"], frames[token["frame"]])


def none_of(plan: Plan) -> Coverage:
    """The coverage of a plan that nobody has run: everything is missing."""
    return Coverage.of(plan, ())


class _Ground(NamedTuple):
    """What there is to cover in a plan; `lanes` has the ports of a `parallel` by the lanes' names."""

    journey: str
    places: Sequence[Place]
    ways: Mapping[Edge, Way]
    lanes: Mapping[Place, Mapping[str, str]]


_grounds: dict[str, _Ground] = {}


def _ground(plan: Plan) -> _Ground:
    """Worked out once for each plan: a campaign counts thousands of runs of the same one."""
    known = _grounds.get(plan.digest)
    if known is None:
        if len(_grounds) >= _KEPT_GROUNDS:
            _grounds.clear()
        known = _grounds[plan.digest] = _make_ground(plan)
    return known


def _make_ground(plan: Plan) -> _Ground:
    places: list[Place] = []
    ways: dict[Edge, Way] = {}
    lanes: dict[Place, Mapping[str, str]] = {}
    for name, planned in plan.journeys.items():
        places += [Place(name, node) for node in planned.nodes]
        for node in planned.nodes.values():
            ways.update(_ways(planned, node))
            ports = node.ways
            lanes[Place(name, node.id)] = {port.partition(".")[2] or port: port for port in ports}
        if planned.journey.on_error:
            way = Way("", "error", False, planned.journey.on_error)
            ways[Edge(name, "", ON_ERROR)] = way
    return _Ground(plan.journey.id, places, ways, lanes)


def _ways(planned: PlannedJourney, node: PlannedNode) -> Iterable[tuple[Edge, Way]]:
    raw = planned.journey.nodes[node.id].settings
    for port in node.kind.ports(raw):
        if port.target:
            case = node.kind.name in _DECIDING and port.style == "normal"
            edge = Edge(planned.journey.id, node.id, port.name)
            yield edge, Way(node.kind.name, port.style, case, port.target)


def _gap_kind(way: Way) -> GapKind:
    if way.style != "normal":
        return way.style
    return "case" if way.case else "edge"


def _add(counts: dict[Any, int], key: Any) -> None:
    """One more; what the plan does not have (an older version ran) is not counted."""
    if key in counts:
        counts[key] += 1


def _sum(one: Mapping[Any, int], other: Mapping[Any, int]) -> dict[Any, int]:
    out = dict(one)
    for key, count in other.items():
        out[key] = out.get(key, 0) + count
    return out


def _count(counts: Iterable[int]) -> Count:
    numbers = list(counts)
    return Count(sum(1 for number in numbers if number), len(numbers))
