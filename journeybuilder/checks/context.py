"""What a check looks at: one journey, its wiring, and what is known of the world around it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from journeybuilder.contract.fields import Port, Use
from journeybuilder.contract.kind import NodeKind
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey, Node
from journeybuilder.kinds import KINDS, ports_of


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


@dataclass(frozen=True)
class Edge:
    """A wire: a port of a node and the node it leads to."""

    source: str
    port: Port
    target: str

    @property
    def path(self) -> Path:
        """Where the target is written in the file."""
        return ("nodes", self.source, *self.port.path)


@dataclass(frozen=True)
class Context:
    """One journey to check; what several checks need is worked out once."""

    journey: Journey
    known: Known

    @cached_property
    def kinds(self) -> Mapping[str, NodeKind[Any]]:
        """The kind of each node that has a known one."""
        return {
            node.id: KINDS[node.kind] for node in self.journey.nodes.values() if node.kind in KINDS
        }

    @cached_property
    def ports(self) -> Mapping[str, Sequence[Port]]:
        """The ways out of each node."""
        return {node.id: ports_of(node) for node in self.journey.nodes.values()}

    @cached_property
    def edges(self) -> Sequence[Edge]:
        """Every wire whose target exists."""
        return [
            Edge(node, port, port.target)
            for node, ports in self.ports.items()
            for port in ports
            if port.target in self.journey.nodes
        ]

    @cached_property
    def uses(self) -> Sequence[tuple[Node, Use]]:
        """Every marked value of every node."""
        return [
            (node, use)
            for node in self.journey.nodes.values()
            if node.id in self.kinds
            for use in self.kinds[node.id].uses(node.settings)
        ]
