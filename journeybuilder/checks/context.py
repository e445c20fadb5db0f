"""What a check looks at: one journey, its wiring, and what is known of the world around it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NamedTuple

from journeybuilder.checks.reach import Graph
from journeybuilder.checks.regions import Body, Lanes, Way, body_of, lanes_of
from journeybuilder.checks.typed import Typed
from journeybuilder.contract.fields import Port, Role, Use, ports_among
from journeybuilder.contract.kind import NodeKind
from journeybuilder.contract.offers import Offers
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.findings import Path, Problem
from journeybuilder.document.model import Journey, Node, mapping
from journeybuilder.kinds import KINDS


@dataclass(frozen=True)
class Known:
    """The workspace around a journey, as far as it is known without starting anything.

    Attributes:
        tools: Definitions by `server/tool`, from the lock and the last discovery.
        servers: Names in `mcp.json`.
        discovered: Servers whose tools are known; of the others nothing can be said.
        locked: Digest by tool as approved in `mcp.lock`.
        found: Digest by tool as last discovered.
        models: Entries of `models.yaml` by alias.
        queues: Queues of people.
        keys: The argument in which a tool takes an idempotency key, by `server/tool`; runs fill it in.
        unread: Names of files that could not be read, e.g. `mcp.json`; that they could not is a
            finding of its own, so nothing is said to be missing that may stand in them.
        unusable: Servers of `mcp.json` with something wrong that is reported there.
        journeys: The journeys of the workspace by id, this one too; None where they are not known.
        offers: Resources and prompts of the servers that were asked for them, by server.
    """

    tools: Mapping[str, ToolDef] = field(default_factory=dict[str, ToolDef])
    servers: Collection[str] = ()
    discovered: Collection[str] = ()
    locked: Mapping[str, str] = field(default_factory=dict[str, str])
    found: Mapping[str, str] = field(default_factory=dict[str, str])
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    queues: Collection[str] = ()
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    unread: Collection[str] = ()
    unusable: Collection[str] = ()
    journeys: Mapping[str, Journey] | None = None
    offers: Mapping[str, Offers] = field(default_factory=dict[str, Offers])


class Edge(NamedTuple):
    """A wire: a port of a node and the node it leads to."""

    source: str
    port: Port
    target: str

    @property
    def path(self) -> Path:
        """Where the target is written in the file."""
        return ("nodes", self.source, *self.port.path)


@dataclass(slots=True)
class Remembered:
    """What follows from one node alone: true for as long as the node is this very object.

    Attributes:
        raw: The node as the journey's data has it.
        problems: What is wrong with its settings.
    """

    raw: object
    uses: Sequence[Use] | None = None
    ports: Sequence[Port] | None = None
    problems: Sequence[Problem] | None = None


@dataclass(frozen=True)
class Context:
    """One journey to check; what several checks need is worked out once.

    Attributes:
        made: What checks work out for others than themselves, by their names.
        memory: What is known of nodes from the context before this one, by id, where a journey is
            checked again and again as it is edited; it is brought up to date. None remembers nothing.
    """

    journey: Journey
    known: Known
    made: dict[str, object] = field(default_factory=dict[str, object], compare=False, repr=False)
    memory: dict[str, Remembered] | None = field(default=None, compare=False, repr=False)

    def remembered(self, node_id: str) -> Remembered:
        """What is known of a node by itself; a fresh one where nothing is."""
        raw = mapping(self.journey.data.get("nodes")).get(node_id)
        found = self.memory.get(node_id) if self.memory is not None else None
        if found is None or found.raw is not raw:
            found = Remembered(raw)
            if self.memory is not None:
                self.memory[node_id] = found
        return found

    @cached_property
    def kinds(self) -> Mapping[str, NodeKind[Any]]:
        """The kind of each node that has a known one."""
        return {
            node.id: KINDS[node.kind] for node in self.journey.nodes.values() if node.kind in KINDS
        }

    @cached_property
    def ports(self) -> Mapping[str, Sequence[Port]]:
        """The ways out of each node."""
        return {
            node.id: self._ports(node) if node.id in self.kinds else ()
            for node in self.journey.nodes.values()
        }

    def _ports(self, node: Node) -> Sequence[Port]:
        known = self.remembered(node.id)
        if known.ports is None:
            kind = self.kinds[node.id]
            known.ports = (
                ports_among(self._uses[node.id])
                if _says_the_usual(type(kind))
                else kind.ports(node.settings)
            )
        return known.ports

    @cached_property
    def edges(self) -> Sequence[Edge]:
        """Every wire whose target exists."""
        nodes = self.journey.nodes
        return [
            Edge(node, port, port.target)
            for node, ports in self.ports.items()
            for port in ports
            if port.target in nodes
        ]

    @cached_property
    def uses(self) -> Sequence[tuple[Node, Use]]:
        """Every marked value of every node."""
        nodes = self.journey.nodes
        return [(nodes[node], use) for node, uses in self._uses.items() for use in uses]

    @cached_property
    def by_role(self) -> Mapping[Role, Sequence[tuple[Node, Use]]]:
        """Every marked value by its role; most checks look at few of them."""
        out: dict[Role, list[tuple[Node, Use]]] = {}
        for pair in self.uses:
            role = pair[1].mark.role
            if role in out:
                out[role].append(pair)
            else:
                out[role] = [pair]
        return out

    def having(self, *roles: Role) -> Sequence[tuple[Node, Use]]:
        """The marked values of these roles, in the order of the nodes."""
        if len(roles) == 1:
            return self.by_role.get(roles[0], ())
        if not any(role in self.by_role for role in roles):
            return ()
        return [pair for pair in self.uses if pair[1].mark.role in roles]

    @cached_property
    def _uses(self) -> Mapping[str, Sequence[Use]]:
        return {node: self._uses_of(node, kind) for node, kind in self.kinds.items()}

    def _uses_of(self, node_id: str, kind: NodeKind[Any]) -> Sequence[Use]:
        known = self.remembered(node_id)
        if known.uses is None:
            known.uses = list(kind.uses(self.journey.nodes[node_id].settings))
        return known.uses

    @cached_property
    def typed(self) -> Typed:
        """The types of the variables, and every expression."""
        known = self.known
        return Typed(self.journey, self.kinds, self.uses, known.tools, known.journeys or {})

    @cached_property
    def successors(self) -> Graph:
        """The nodes that the ways out of each node lead to."""
        graph: dict[str, list[str]] = {node: [] for node in self.journey.nodes}
        for edge in self.edges:
            graph[edge.source].append(edge.target)
        return graph

    @cached_property
    def ways(self) -> Mapping[str, Sequence[Way]]:
        """The wired ports of each node, with where they lead."""
        out: dict[str, list[Way]] = {node: [] for node in self.journey.nodes}
        for edge in self.edges:
            out[edge.source].append((edge.port.name, edge.target))
        return out

    @cached_property
    def roots(self) -> Sequence[str]:
        """Where runs begin, and where errors go that no node catches."""
        journey = self.journey
        return [node for node in (journey.start, journey.on_error) if node in journey.nodes]

    @cached_property
    def lanes(self) -> Lanes:
        """Which lanes each node stands in."""
        return lanes_of(self.journey.nodes, self.ways, self.roots)

    @cached_property
    def bodies(self) -> Mapping[str, Body]:
        """The body of each loop."""
        return {
            node.id: body_of(node.id, self.ways[node.id], self.successors)
            for node in self.journey.nodes.values()
            if node.kind == "loop"
        }

    @cached_property
    def open(self) -> frozenset[str]:
        """The nodes of which it is not known where they lead: the kind is unknown, or a way out wrong."""
        nodes, kinds = self.journey.nodes, self.kinds
        wrong = {
            node
            for node, ports in self.ports.items()
            for port in ports
            if port.target not in nodes and (port.required or port.target)
        }
        return frozenset(wrong.union(node for node in nodes if node not in kinds))

    def is_open(self, node: str) -> bool:
        """Whether it is not known where a node leads."""
        return node in self.open


@cache
def _says_the_usual(kind: type[NodeKind[Any]]) -> bool:
    """Whether the ways out of a kind are what is marked so."""
    usual: Any = NodeKind
    return kind.ports is usual.ports and kind.uses is usual.uses
