"""Reachability and cycles in a directed graph.

Importing networkx takes longer than all the rest of a check (0.3 s against 0.2 s), and a check uses no
more of it than this; the graph is a mapping from each node to the nodes that its ways lead to.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Graph: TypeAlias = Mapping[str, Sequence[str]]


def reached_from(roots: Iterable[str], graph: Graph) -> set[str]:
    """The roots and every node that some path from them leads to."""
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting.extend(graph.get(node, ()))
    return reached


def backwards(graph: Graph) -> Graph:
    """The same graph with every edge turned round."""
    turned: dict[str, list[str]] = {node: [] for node in graph}
    for node, targets in graph.items():
        for target in targets:
            turned.setdefault(target, []).append(node)
    return turned


@dataclass
class _Search:
    """Tarjan's search for strongly connected components (SIAM J. Comput. 1, 1972), without recursion."""

    graph: Graph
    index: dict[str, int] = field(default_factory=dict[str, int])
    low: dict[str, int] = field(default_factory=dict[str, int])
    stack: list[str] = field(default_factory=list[str])
    on_stack: set[str] = field(default_factory=set[str])

    def open(self, node: str) -> Iterator[str]:
        self.index[node] = self.low[node] = len(self.index)
        self.stack.append(node)
        self.on_stack.add(node)
        return iter(self.graph.get(node, ()))

    def from_node(self, root: str) -> Iterator[set[str]]:
        work = [(root, self.open(root))]
        while work:
            node, targets = work[-1]
            target = next(targets, None)
            if target is None:
                work.pop()
                if work:
                    parent = work[-1][0]
                    self.low[parent] = min(self.low[parent], self.low[node])
                if self.low[node] == self.index[node]:
                    yield self.close(node)
            elif target not in self.index:
                work.append((target, self.open(target)))
            elif target in self.on_stack:
                self.low[node] = min(self.low[node], self.index[target])

    def close(self, node: str) -> set[str]:
        members: set[str] = set()
        while node not in members:
            member = self.stack.pop()
            self.on_stack.discard(member)
            members.add(member)
        return members


def _pruned(graph: Graph) -> Graph:
    """The graph without the nodes that lead to no cycle, which are most of them or all."""
    before = backwards(graph)
    left = {node: len(targets) for node, targets in graph.items()}
    waiting = [node for node in before if not left.get(node)]
    gone = set(waiting)
    while waiting:
        for source in before.get(waiting.pop(), ()):
            left[source] -= 1
            if not left[source]:
                gone.add(source)
                waiting.append(source)
    return {node: targets for node, targets in graph.items() if node not in gone}


def cycles(graph: Graph) -> list[set[str]]:
    """The groups of nodes in which every node can come back to itself."""
    graph = _pruned(graph)
    search = _Search(graph)
    groups = [
        members for node in graph if node not in search.index for members in search.from_node(node)
    ]
    return [
        members
        for members in groups
        if len(members) > 1 or any(node in graph.get(node, ()) for node in members)
    ]
