"""A plan: the journeys of a bundle with validated settings and resolved ways, ready for the engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from journeybuilder.checks import check_journey
from journeybuilder.checks.context import Known
from journeybuilder.contract.durations import seconds
from journeybuilder.contract.fields import Settings
from journeybuilder.contract.json import as_object
from journeybuilder.contract.kind import NodeKind
from journeybuilder.contract.tools import ToolDef, ToolFacts
from journeybuilder.document.model import Journey
from journeybuilder.errors import AuthorError
from journeybuilder.kinds import KINDS
from journeybuilder.plan.bundle import Bundle, and_more
from journeybuilder.plan.lanes import Joining, Wiring, joinings, rounds

DEFAULT_STEPS = 500
DEFAULT_DURATION = "30d"


@dataclass(frozen=True, slots=True)
class PlannedNode:
    """A node as the engine runs it.

    Attributes:
        ways: The node that each wired port leads to.
    """

    id: str
    kind: NodeKind[Any]
    settings: Settings
    ways: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PlannedJourney:
    """A journey as the engine runs it.

    Attributes:
        joins: How the lanes of each `parallel` meet, by its id.
        rounds: The nodes from which one comes back to each `loop`, by its id.
    """

    journey: Journey
    nodes: Mapping[str, PlannedNode]
    joins: Mapping[str, Joining]
    rounds: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a run.

    Attributes:
        steps: Node visits.
        duration: Seconds from start to end, waits included.
        cost_usd: Sum of known model prices, or None for no bound.
    """

    steps: int
    duration: float
    cost_usd: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the engine needs of a bundle.

    Attributes:
        journey: The one that a run starts with; `nodes` are its nodes.
        journeys: All journeys by id: that one, and those that nodes call.
    """

    bundle: Bundle
    digest: str
    journey: Journey
    nodes: Mapping[str, PlannedNode]
    journeys: Mapping[str, PlannedJourney]
    tools: Mapping[str, ToolDef]
    facts: Mapping[str, ToolFacts]
    limits: Limits


def make_plan(bundle: Bundle, *, begun: bool = False) -> Plan:
    """Make a bundle ready to run.

    Args:
        bundle: What to run.
        begun: True for a run that has begun with it: it passed the checks of that day, and a check that
            a later version of the program adds must not keep the run from going on.

    Raises:
        AuthorError: When its journey has errors, of which the first is named, or a tool's definition
            is not the one whose digest it carries.
    """
    journey = bundle.journey
    _hold_digests(bundle)
    if not begun:
        for each in _journeys(bundle):
            _hold_checks(bundle, each)
    journeys = {each.id: _journey(each) for each in _journeys(bundle)}
    return Plan(
        bundle=bundle,
        digest=bundle.digest,
        journey=journey,
        nodes=journeys[journey.id].nodes,
        journeys=journeys,
        tools=bundle.tools,
        facts=bundle.facts,
        limits=_limits(journey),
    )


def _journeys(bundle: Bundle) -> Iterable[Journey]:
    """The journey that a run starts with, then the others."""
    yield bundle.journey
    for journey in bundle.journeys.values():
        if journey.id != bundle.journey.id:
            yield journey


def _journey(journey: Journey) -> PlannedJourney:
    nodes = {node.id: _node(node.id, node.kind, node.settings) for node in journey.nodes.values()}
    wired = {
        node.id: Wiring(node.kind, node.settings, nodes[node.id].ways)
        for node in journey.nodes.values()
    }
    back = rounds(wired, [journey.start, journey.on_error])
    try:
        return PlannedJourney(journey, nodes, joinings(wired), back)
    except AuthorError as error:
        where = f"{journey.id} {error.where}".strip()
        raise AuthorError(error.what, where=where, hint=error.hint) from None


def _hold_checks(bundle: Bundle, journey: Journey) -> None:
    known = Known(
        tools=bundle.tools,
        servers=list(bundle.servers),
        discovered=list(bundle.servers),
        models=bundle.models,
        journeys=bundle.journeys,
        keys={name: facts.key for name, facts in bundle.facts.items() if facts.key},
    )
    wrong = [item for item in check_journey(journey, known) if item.rule.severity == "error"]
    if wrong:
        place = ".".join(str(part) for part in wrong[0].path)
        name = journey.id or bundle.journey_id
        raise AuthorError(
            f"{wrong[0].rule.code} {wrong[0].message}{and_more(wrong)}",
            where=f"{name} at {place}" if place else name,
            hint=wrong[0].hint or "Run 'jb check' for all findings.",
        )


def _hold_digests(bundle: Bundle) -> None:
    for name, tool in bundle.tools.items():
        written = as_object(as_object(bundle.data.get("tools")).get(name)).get("digest")
        if written is not None and written != tool.digest():
            raise AuthorError(
                f"the definition of '{name}' is not the one whose digest the bundle carries",
                where=bundle.journey_id,
                hint="Somebody has changed the file; export it again.",
            )


def _node(node_id: str, kind_name: str, raw: Mapping[str, Any]) -> PlannedNode:
    kind = KINDS.get(kind_name)
    if kind is None:
        raise AuthorError(f"node '{node_id}' is of the kind '{kind_name}', which is not known")
    try:
        settings = kind.settings.model_validate(dict(raw))
    except ValidationError as error:  # the checks above have seen the same settings
        raise AuthorError(f"settings of node '{node_id}' are not valid: {error}") from error
    from_ports = {port.name: port.target for port in kind.ports(raw) if port.target}
    return PlannedNode(node_id, kind, settings, from_ports)


def _limits(journey: Journey) -> Limits:
    given = journey.limits
    steps, cost = given.get("steps"), given.get("cost_usd")
    try:
        duration = seconds(str(given.get("duration", DEFAULT_DURATION)))
    except ValueError as error:
        raise AuthorError(str(error), where=f"{journey.id} at limits.duration") from None
    return Limits(
        steps=steps if isinstance(steps, int) else DEFAULT_STEPS,
        duration=duration,
        cost_usd=float(cost) if isinstance(cost, int | float) else None,
    )
