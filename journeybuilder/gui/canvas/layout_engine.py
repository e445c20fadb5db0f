"""Layouts of a journey, left to right: graphlay's where it is there, else a plain one of ours.

Run as a program it reads one request as JSON from its input and writes the positions; so a large
layout runs in a process of its own, for graphlay holds the interpreter while it works.
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Sizes = Mapping[str, tuple[float, float]]
Edges = Sequence[tuple[str, str]]
Places = dict[str, tuple[float, float]]
Groups = Mapping[str, Sequence[str]]
"""What is directly in each group: nodes, and groups by their names."""
Layout = Callable[[Sizes, Edges, str], Places]
PAD, PAD_TOP = 24.0, 56.0
"""Room around what is in a group, and above it for the title."""
GAP_X, GAP_Y = 90.0, 50.0
_SWEEPS = 4


def tidy(nodes: Sizes, edges: Edges, start: str) -> Places:
    """Top left corners for nodes of these sizes, layered from the start to the right.

    Args:
        nodes: Width and height by id.
        edges: Source and target ids.
        start: The node to be in the first layer.
    """
    known = [(a, b) for a, b in edges if a in nodes and b in nodes and a != b]
    if find_spec("graphlay") is not None:
        places = _graphlay(nodes, known, start)
        if places.keys() == nodes.keys():
            return places
    return layered(nodes, known, start)


def grouped(
    nodes: Sizes, edges: Edges, start: str, groups: Groups, layout: Layout = tidy
) -> Places:
    """Top left corners of nodes where those of a group stay together and no other comes between.

    Args:
        nodes: Width and height by id.
        edges: Source and target ids.
        start: The node to be in the first layer.
        groups: What is in each group; a node is in one group at most.
        layout: Lays out what is on one level.
    """
    return _Grouped(nodes, edges, start, groups, layout).places()


class _Grouped:
    """One layout, from the innermost groups outwards: to its parent a group is one large node."""

    def __init__(
        self, nodes: Sizes, edges: Edges, start: str, groups: Groups, layout: Layout
    ) -> None:
        self._sizes = dict(nodes)
        self._edges = edges
        self._start = start
        self._groups = groups
        self._layout = layout
        self._parent = {child: group for group, inside in groups.items() for child in inside}
        self._inner: dict[str, Places] = {}

    def places(self) -> Places:
        everything = [*self._sizes, *self._groups]
        top = [name for name in everything if name not in self._parent]
        found: Places = {}
        self._flatten(self._level(top), (0.0, 0.0), found)
        return found

    def _level(self, names: Sequence[str]) -> Places:
        for name in names:
            if name in self._groups:
                self._shrink(name)
        level = set(names)
        ends = [(self._within(a, level), self._within(b, level)) for a, b in self._edges]
        edges = dict.fromkeys((a, b) for a, b in ends if a and b and a != b)
        start = self._within(self._start, level) or next(iter(names), "")
        return self._layout({name: self._sizes[name] for name in names}, list(edges), start)

    def _shrink(self, group: str) -> None:
        """Lay out what is in a group, and know how large the group is then."""
        inside = list(self._groups[group])
        places = self._level(inside)
        left = min((x for x, _ in places.values()), default=0.0)
        top = min((y for _, y in places.values()), default=0.0)
        right = max((places[i][0] + self._sizes[i][0] for i in places), default=0.0)
        bottom = max((places[i][1] + self._sizes[i][1] for i in places), default=0.0)
        self._inner[group] = {
            name: (x - left + PAD, y - top + PAD_TOP) for name, (x, y) in places.items()
        }
        self._sizes[group] = (right - left + 2 * PAD, bottom - top + PAD_TOP + PAD)

    def _within(self, name: str, level: set[str]) -> str:
        """What stands for a node on a level: itself or a group that it is in, else nothing."""
        while name and name not in level:
            name = self._parent.get(name, "")
        return name

    def _flatten(self, places: Places, by: tuple[float, float], found: Places) -> None:
        for name, (x, y) in places.items():
            at = (x + by[0], y + by[1])
            if name in self._inner:
                self._flatten(self._inner[name], at, found)
            else:
                found[name] = at


def _graphlay(nodes: Sizes, edges: Edges, start: str) -> Places:
    """By graphlay; empty where it refuses the graph."""
    library: Any = import_module("graphlay")
    graph: Any = library.Graph()
    order = _order(nodes, edges, start)
    for node_id in order:
        graph.node(node_id, width=nodes[node_id][0], height=nodes[node_id][1])
    back = _backward(nodes, edges, start)
    for source, target in edges:
        ends = (target, source) if (source, target) in back else (source, target)
        graph.edge(*ends)
    options = {"direction": "leftright"}
    try:
        centers: Mapping[str, tuple[float, float]] = library.layout(
            graph, options=options
        ).positions()
    except library.GraphlayError:
        return {}
    return {i: (x - nodes[i][0] / 2, y - nodes[i][1] / 2) for i, (x, y) in centers.items()}


def _order(nodes: Sizes, edges: Edges, start: str) -> list[str]:
    """Breadth first from the start, then what cannot be reached, as given."""
    after = _after(nodes, edges)
    seen = dict.fromkeys([start] if start in nodes else [])
    queue = list(seen)
    for node_id in queue:
        for target in after[node_id]:
            if target not in seen:
                seen[target] = None
                queue.append(target)
    return [*seen, *(node_id for node_id in nodes if node_id not in seen)]


def _after(nodes: Sizes, edges: Edges) -> dict[str, list[str]]:
    after: dict[str, list[str]] = {node_id: [] for node_id in nodes}
    for source, target in edges:
        after[source].append(target)
    return after


def _backward(nodes: Sizes, edges: Edges, start: str) -> set[tuple[str, str]]:
    """The edges that close a cycle on a depth-first way from the start: retries."""
    after = _after(nodes, edges)
    back: set[tuple[str, str]] = set()
    done: set[str] = set()
    for root in _order(nodes, edges, start):
        if root in done:
            continue
        path = [root]
        open_now = {root}
        ways = [iter(after[root])]
        while path:
            target = next(ways[-1], None)
            if target is None:
                done.add(path[-1])
                open_now.discard(path.pop())
                ways.pop()
            elif target in open_now:
                back.add((path[-1], target))
            elif target not in done:
                path.append(target)
                open_now.add(target)
                ways.append(iter(after[target]))
    return back


def layered(nodes: Sizes, edges: Edges, start: str) -> Places:
    """A plain layered layout: longest path, then barycenters; needs nothing but Python."""
    back = _backward(nodes, edges, start)
    forward = [edge for edge in edges if edge not in back]
    columns = _columns(nodes, forward, start)
    _untangle(columns, forward)
    places: Places = {}
    x = 0.0
    for column in columns:
        total = sum(nodes[i][1] + GAP_Y for i in column) - GAP_Y
        y = -total / 2
        for node_id in column:
            places[node_id] = (x, y)
            y += nodes[node_id][1] + GAP_Y
        x += max(nodes[i][0] for i in column) + GAP_X
    return places


def _columns(nodes: Sizes, forward: Edges, start: str) -> list[list[str]]:
    after = _after(nodes, forward)
    waiting = dict.fromkeys(nodes, 0)
    for _, target in forward:
        waiting[target] += 1
    ready = [node_id for node_id in _order(nodes, forward, start) if not waiting[node_id]]
    layer = dict.fromkeys(nodes, 0)
    for node_id in ready:
        for target in after[node_id]:
            layer[target] = max(layer[target], layer[node_id] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    columns: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for node_id in ready:
        columns[layer[node_id]].append(node_id)
    return [column for column in columns if column]


def _untangle(columns: list[list[str]], forward: Edges) -> None:
    """Order each column by the middle of its neighbors in the column before, then after."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for source, target in forward:
        before.setdefault(target, []).append(source)
        after.setdefault(source, []).append(target)
    for sweep in range(_SWEEPS):
        near = before if sweep % 2 == 0 else after
        place = {i: index for column in columns for index, i in enumerate(column)}
        for column in columns if sweep % 2 == 0 else reversed(columns):
            middle = {
                i: sum(place[n] for n in near[i]) / len(near[i]) if near.get(i) else place[i]
                for i in column
            }
            column.sort(key=middle.__getitem__)
            place.update({i: index for index, i in enumerate(column)})


def main() -> None:
    """Answer one request: `{"nodes": {id: [w, h]}, "edges": [[from, to]], "start": id, "groups": {}}`."""
    asked: Any = json.load(sys.stdin)
    nodes = {str(i): (float(w), float(h)) for i, (w, h) in asked["nodes"].items()}
    edges = [(str(a), str(b)) for a, b in asked["edges"]]
    json.dump(grouped(nodes, edges, str(asked["start"]), asked.get("groups", {})), sys.stdout)


if __name__ == "__main__":
    main()
