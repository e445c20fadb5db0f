"""Finds a scenario that takes one way out of one node: for the gray branches of a coverage.

The graph says from which nodes the way can be reached. Runs come closer to it step by step: the answers
of the run that came closest are changed so that it goes on in the right direction, conditions solved
where that is possible; what is not simple is left to chance.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from journeybuilder.document.findings import choices, near
from journeybuilder.errors import AuthorError
from journeybuilder.plan.plan import Plan, PlannedJourney
from journeybuilder.rehearse.campaigns.explore import Played, World
from journeybuilder.rehearse.campaigns.seeds import Genes, Seeds, scenario_data
from journeybuilder.rehearse.campaigns.shrink import shrink
from journeybuilder.rehearse.campaigns.ways_out import FAILS, WaysOut
from journeybuilder.rehearse.coverage import ON_ERROR, Coverage, Edge, Place
from journeybuilder.rehearse.scenario import Scenario, scenario_of
from journeybuilder.rehearse.simulate import Rehearsed, simulate
from journeybuilder.rehearse.world.generate import Chance, seed_for
from journeybuilder.rehearse.world.origins import Origin

_AFRESH = 0.25
_CHANGED = 0.25
_BASES = 6
"""So many runs that end at the same place are steered on from."""
_FAILING = frozenset({
    "tool", "resource", "generate", "classify", "agent", "guard", "verify", "journey", "memory",
    "handoff", "ask", "branch", "set", "loop", "say",
})  # fmt: skip


@dataclass(frozen=True)
class Question:
    """A value that a person must give before a way can be taken.

    Attributes:
        expression: What must hold, or whose value is wished for, such as `order.total < 200`.
        node: Which node asks, calls or decides; where the value comes from.
        words: The question, in words.
    """

    expression: str
    node: str
    words: str


@dataclass(frozen=True)
class Solved:
    """A scenario for one way, or what is missing for it.

    Attributes:
        scenario: The data of a `*.scenario.yaml` that passes and takes the way; None when none was found.
        missing: What a person must tell, where none was found.
        runs: Runs that were tried.
        why: Why there is none and nobody can help: no way leads there.
    """

    scenario: dict[str, Any] | None
    missing: Sequence[Question] = ()
    runs: int = 0
    why: str = ""


def scenario_for(
    plan: Plan,
    node: str,
    port: str,
    *,
    budget_runs: int = 2000,
    seed: int = 0,
    given: Mapping[str, Any] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Solved:
    """Write a scenario that takes a way out of a node.

    Args:
        plan: The journey made ready.
        node: The node, as `node` or, in a journey that is called, `journey/node`; an empty text for
            the journey's own `on_error`.
        port: Its way out, as the event `left` names it: `next`, `cases.0`, `on_timeout` …; empty for
            any way, so that the node is reached.
        budget_runs: How many runs to try at the most.
        seed: What everything random comes from.
        given: Parts of a scenario (`input`, `tools`, `customer` …) that a person has told.
        stop: Asked between runs; True gives up.

    Raises:
        AuthorError: When the journey has no such node or way.
    """
    goal = _goal(plan, node, port)
    graph = Graph(plan, goal)
    start = Place(plan.journey.id, plan.journey.start)
    if start not in graph.far:
        words = f"no way leads from the start of the journey to {_named(plan, goal)}"
        return Solved(None, why=words)
    search = _Search(plan, goal, graph, _base(plan, given), seed)
    found = asyncio.run(search.done(budget_runs, stop or (lambda: False)))
    if found is None:
        return Solved(None, search.missing(), search.runs)
    return Solved(_written(plan, goal, search.seeds, found, stop), (), search.runs)


def _base(plan: Plan, given: Mapping[str, Any] | None) -> Scenario:
    parts = dict(given or {})
    name = "given" if "channel" in parts else ""
    return scenario_of({**parts, "scenario": name, "journey": plan.journey.id})


def _goal(plan: Plan, node: str, port: str) -> Edge:
    """The edge that is meant.

    Raises:
        AuthorError: When there is none.
    """
    journey, _, name = node.rpartition("/")
    planned = plan.journeys.get(journey or plan.journey.id)
    if planned is None:
        raise AuthorError(f"there is no journey '{journey}' in this one", where=plan.journey.id)
    own = planned.journey.id
    if not name and port == ON_ERROR and planned.journey.on_error:
        return Edge(own, "", port)
    if name not in planned.nodes:
        hint = near(name, planned.nodes) or f"It has {choices(planned.nodes)}."
        raise AuthorError(f"there is no node '{name}'", where=own, hint=hint)
    ways = planned.nodes[name].ways
    if port and port not in ways:
        hint = f"Its ways out are {choices(ways)}." if ways else "It has no way out."
        raise AuthorError(f"'{name}' has no way out '{port}'", where=f"{own}/{name}", hint=hint)
    return Edge(own, name, port)


def _named(plan: Plan, goal: Edge) -> str:
    place = goal.node if goal.journey == plan.journey.id else f"{goal.journey}/{goal.node}"
    if not goal.node:
        return "the journey's own 'on_error'"
    return f"'{place}'" + (f" and out of it by '{goal.port}'" if goal.port else "")


# -- the graph -------------------------------------------------------------------------------


class Graph:
    """How far every node is from an edge.

    Attributes:
        far: Steps from a node until the edge is taken; nodes from which it cannot be are not in it.
    """

    def __init__(self, plan: Plan, goal: Edge) -> None:
        self._steps: dict[Place, list[tuple[str, Place]]] = {}
        for journey in plan.journeys.values():
            for place, port, target in _steps(plan, journey):
                self._steps.setdefault(place, []).append((port, target))
        self._goal = goal
        self.far: dict[Place, int] = {}
        rest = deque((place, 0) for place in self._last(plan))
        while rest:
            place, far = rest.popleft()
            if place not in self.far:
                self.far[place] = far
                before = [
                    one for one, steps in self._steps.items() if any(to == place for _, to in steps)
                ]
                rest.extend((one, far + 1) for one in before)

    def _last(self, plan: Plan) -> list[Place]:
        """The nodes of which one is left by the edge itself."""
        goal = self._goal
        if goal.node:
            return [Place(goal.journey, goal.node)]
        planned = plan.journeys[goal.journey]
        return [Place(goal.journey, node) for node in planned.nodes if _may_fail(planned, node)]

    def ports(self, place: Place) -> Iterator[str]:
        """The ways out of a node that lead closer."""
        far = self.far[place]
        if far == 0:
            yield self._goal.port if self._goal.node else FAILS
            return
        for port, target in self._steps.get(place, ()):
            if self.far.get(target, far) < far:
                yield port


def _steps(plan: Plan, journey: PlannedJourney) -> Iterator[tuple[Place, str, Place]]:
    name = journey.journey.id
    for node in journey.nodes.values():
        place = Place(name, node.id)
        for port, target in node.ways.items():
            yield place, port, Place(name, target)
        called = plan.journeys.get(str(journey.journey.nodes[node.id].settings.get("journey", "")))
        if node.kind.name == "journey" and called is not None:
            yield place, "", Place(called.journey.id, called.journey.start)
        if journey.journey.on_error and _may_fail(journey, node.id):
            yield place, FAILS, Place(name, journey.journey.on_error)


def _may_fail(journey: PlannedJourney, node: str) -> bool:
    planned = journey.nodes[node]
    return planned.kind.name in _FAILING and ON_ERROR not in planned.ways


# -- the search ------------------------------------------------------------------------------


class _Search:
    def __init__(self, plan: Plan, goal: Edge, graph: Graph, base: Scenario, seed: int) -> None:
        self.seeds = Seeds(plan, base)
        self.runs = 0
        self._plan = plan
        self._goal = goal
        self._graph = graph
        self._seed = seed
        self._world = World(self.seeds)
        self._chance = Chance(seed)
        self._ways = WaysOut(self.seeds)
        self._next: deque[Genes] = deque()
        self._bases: dict[tuple[Place, str], int] = {}
        self._closest: Genes = {}
        self._at = Place(plan.journey.id, plan.journey.start)
        self._far = len(graph.far) + 1
        self._fallback: Genes | None = None

    async def done(self, budget: int, stop: Callable[[], bool]) -> Genes | None:
        """The answers of a run that takes the edge; None where none was found."""
        while self.runs < budget and not stop():
            genes = self._begin()
            played = await self._world.play(seed_for(self._seed, self.runs), genes)
            self.runs += 1
            if self._takes(played):
                if played.state.status == "ended":
                    return played.genes
                if played.state.status == "failed":
                    self._fallback = self._fallback or played.genes
            self._look(played)
        return self._fallback

    def _takes(self, played: Played) -> bool:
        return takes(self._plan, self._goal, played.events)

    def _begin(self) -> Genes:
        if self._next:
            return self._next.popleft()
        chance = self._chance
        if not self._closest or chance.once_in(_AFRESH):
            return {}
        return {site: one for site, one in self._closest.items() if not chance.once_in(_CHANGED)}

    def _look(self, played: Played) -> None:
        """Where the run came closest, and how it may go on from there."""
        far, place = self._nearest(played)
        if far > self._far:
            return
        if far < self._far:
            self._next.clear()  # what led to places that are farther away
        self._far, self._at, self._closest = far, place, played.genes
        for port in self._graph.ports(place):
            known = self._bases.get((place, port), 0)
            if known < _BASES:
                self._bases[place, port] = known + 1
                self._next.extend(self._ways.answers(played.genes, place, port))

    def _nearest(self, played: Played) -> tuple[int, Place]:
        home = self._plan.journey.id
        visited = [
            Place(event.get("journey", home), event["node"])
            for event in played.events
            if event["event"] == "entered"
        ]
        reached = [(self._graph.far[place], place) for place in visited if place in self._graph.far]
        return min(reached, key=lambda one: one[0], default=(len(self._graph.far) + 1, self._at))

    # -- what a person must tell -------------------------------------------------------------

    def missing(self) -> list[Question]:
        """What nobody could find out by trying: the values behind the way that was never taken."""
        out: list[Question] = []
        if not self._goal.node:
            nodes = ", ".join(
                self._name(place) for place, far in self._graph.far.items() if far == 0
            )
            words = f"What makes one of these nodes fail, which have no error way of their own: {nodes}?"
            return [Question("", self._name(self._at), words)]
        for port in self._graph.ports(self._at):
            condition = self._ways.condition(self._at, port)
            origins = (
                self._ways.solver(self._at.journey).origins(condition, self._at.node)
                if condition
                else []
            )
            for spot in origins:
                expression = ".".join(spot.path) or spot.origin.key
                out.append(
                    Question(
                        condition,
                        self._giver(spot.origin),
                        _asks(spot.origin, expression, condition),
                    )
                )
            if not origins:
                words = f"What has to happen at '{self._at.node}' so that it goes on by '{port}'?"
                out.append(Question(condition, self._name(self._at), words))
        return list(dict.fromkeys(out))

    def _name(self, place: Place) -> str:
        return (
            place.node
            if place.journey == self._plan.journey.id
            else f"{place.journey}/{place.node}"
        )

    def _giver(self, origin: Origin) -> str:
        """The node where a value comes from, else the tool or event itself."""
        if origin.kind != "tool":
            return origin.key or origin.kind
        for journey in self._plan.journeys.values():
            for node in journey.journey.nodes.values():
                if node.settings.get("tool") == origin.key:
                    return self._name(Place(journey.journey.id, node.id))
        return origin.key


def _asks(origin: Origin, expression: str, condition: str) -> str:
    who = {
        "tool": f"What does '{origin.key}' return as '{expression}'",
        "customer": f"What does the customer say at '{origin.key}'",
        "person": f"What does the person decide at '{origin.key}'",
        "model": f"What does the model answer at '{origin.key}' as '{expression}'",
        "event": f"What comes with the event '{origin.key}' as '{expression}'",
        "input": f"What is '{expression}' in the input",
        "memory": f"What is remembered of the customer as '{origin.key}'",
        "session": f"What is '{expression}' of the session",
    }.get(origin.kind, f"What is '{expression}'")
    return f"{who}, so that this holds: {condition}?"


def takes(plan: Plan, goal: Edge, events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a run takes an edge, or comes to its node where it names no port."""
    coverage = Coverage.of(plan, events)
    if not goal.port:
        return coverage.visits.get(Place(goal.journey, goal.node), 0) > 0
    return coverage.passed.get(goal, 0) > 0


# -- the scenario ----------------------------------------------------------------------------


def _written(
    plan: Plan, goal: Edge, seeds: Seeds, genes: Genes, stop: Callable[[], bool] | None
) -> dict[str, Any]:
    """The shortest scenario that takes the edge, with what is to be expected of it."""
    way = goal.node or "any error"
    name = f"{plan.journey.id}: {way}" + (f" goes {goal.port}" if goal.port else " is reached")
    data = scenario_data(seeds, genes, name)
    whole = asyncio.run(simulate(plan, scenario_of(data)))
    status = whole.state.status

    def shows(done: Rehearsed) -> bool:
        return done.state.status == status and takes(plan, goal, done.events)

    short = shrink(plan, data, shows, stop=stop)
    done = asyncio.run(simulate(plan, replace(scenario_of(short), expect=({"path": []},))))
    return {**short, "expect": _expected(goal, plan, done)}


def _expected(goal: Edge, plan: Plan, done: Rehearsed) -> list[dict[str, Any]]:
    prefix = "" if goal.journey == plan.journey.id else f"{goal.journey}/"
    planned = plan.journeys[goal.journey]
    target = (
        planned.journey.on_error
        if not goal.node
        else planned.nodes[goal.node].ways.get(goal.port, "")
    )
    path = [f"{prefix}{node}" for node in (goal.node, target) if node]
    out: list[dict[str, Any]] = [{"path": path}]
    if done.state.status == "ended":
        out.append({"outcome": done.state.outcome})
    return out
