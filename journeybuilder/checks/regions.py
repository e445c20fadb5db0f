"""Which lanes of which `parallel` a node stands in, and which nodes are a loop's body.

A *lane stack* is the lanes that a token has entered and not left: `(("fan", "stock"),)`. Where all lanes
that a node can stand in come to an end and never to a join, it does not matter in which it is: an `end`
in a lane ends the whole run.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from journeybuilder.checks.reach import Graph, backwards, reached_from
from journeybuilder.document.model import Node

Lane: TypeAlias = tuple[str, str]
Stack: TypeAlias = tuple[Lane, ...]
Way: TypeAlias = tuple[str, str]
"""A port's name and the node that it leads to."""
_DEEPEST = 8


@dataclass
class Lanes:
    """The lane stacks of a journey.

    Attributes:
        stacks: Of each node, those that it can be reached with; no more than two are kept.
        arrivals: The stacks with which each join is reached, and from which nodes.
        inside: Nodes that lead to the join of the lane that they stand in.
    """

    stacks: dict[str, list[Stack]] = field(default_factory=dict[str, list[Stack]])
    arrivals: dict[str, dict[Stack, list[str]]] = field(
        default_factory=dict[str, dict[Stack, list[str]]]
    )
    inside: frozenset[str] = frozenset()

    def joins_of(self, parallel: str) -> Mapping[str, set[str]]:
        """The joins that lanes of a parallel come to, each with those lanes."""
        out: dict[str, set[str]] = {}
        for join, arrivals in self.arrivals.items():
            for stack in arrivals:
                if stack and stack[-1][0] == parallel:
                    out.setdefault(join, set()).add(stack[-1][1])
        return out


def lanes_of(
    nodes: Mapping[str, Node], ways: Mapping[str, Sequence[Way]], roots: Sequence[str]
) -> Lanes:
    """Follow every way from the roots; empty where the journey has no lanes.

    Args:
        nodes: The journey's.
        ways: The wired ports of each node.
        roots: Where runs, and the handling of their errors, begin.
    """
    out = Lanes()
    if not any(node.kind in {"parallel", "join"} for node in nodes.values()):
        return out
    out.inside = _inside(nodes, ways)
    waiting: list[tuple[str, Stack, str]] = [(root, (), "") for root in roots]
    while waiting:
        node, stack, source = waiting.pop()
        if nodes[node].kind == "join":
            out.arrivals.setdefault(node, {}).setdefault(stack, []).append(source)
        known = out.stacks.setdefault(node, [])
        at_join = nodes[node].kind == "join"
        if stack in known or (known and not at_join and (node not in out.inside or len(known) > 1)):
            continue
        known.append(stack)
        waiting += [(target, after, node) for after, target in _onward(nodes[node], stack, ways)]
    return out


def _onward(
    node: Node, stack: Stack, ways: Mapping[str, Sequence[Way]]
) -> Iterator[tuple[Stack, str]]:
    for port, target in ways.get(node.id, ()):
        if node.kind == "parallel" and len(stack) < _DEEPEST:
            yield (*stack, (node.id, port.partition(".")[2] or port)), target
        elif node.kind == "join":
            yield stack[:-1], target
        else:
            yield stack, target


def _inside(nodes: Mapping[str, Node], ways: Mapping[str, Sequence[Way]]) -> frozenset[str]:
    """Nodes from which a join is reached that is not of a parallel on the way to it."""
    before: dict[str, list[str]] = {}
    for node, targets in ways.items():
        for _, target in targets:
            before.setdefault(target, []).append(node)
    seen: set[tuple[str, int]] = set()
    waiting = [(node.id, 1) for node in nodes.values() if node.kind == "join"]
    out: set[str] = {join for join, _ in waiting}
    while waiting:
        node, depth = waiting.pop()
        for source in before.get(node, ()):
            kind = nodes[source].kind
            deeper = depth + (kind == "join") - (kind == "parallel")
            if deeper <= 0 or deeper > _DEEPEST or (source, deeper) in seen:
                continue
            seen.add((source, deeper))
            out.add(source)
            waiting.append((source, deeper))
    return frozenset(out)


@dataclass(frozen=True)
class Body:
    """A loop's body.

    Attributes:
        nodes: What is reached from `body` before the loop is come to again.
        back: Those of them that lead back to the loop.
        strays: Nodes that `next` leads to as well, and that lead back to the loop.
    """

    nodes: frozenset[str]
    back: frozenset[str]
    strays: frozenset[str]


def body_of(loop: str, ways: Sequence[Way], graph: Graph) -> Body:
    """The body of one loop."""
    cut: Graph = {node: () if node == loop else targets for node, targets in graph.items()}
    starts = dict(ways)
    inner = reached_from([starts["body"]] if "body" in starts else [], cut) - {loop}
    back = frozenset(node for node in inner if loop in graph.get(node, ()))
    after = reached_from([starts["next"]] if "next" in starts else [], cut) - {loop}
    shared = inner & after
    leading = reached_from([loop], backwards(cut)) if shared else set[str]()
    return Body(frozenset(inner), back, frozenset(shared & leading))
