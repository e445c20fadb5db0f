"""What: every way out leads to a node, every node is reached, and every run can come to an end.

Why: a customer in a dead end or an endless loop is a customer lost.
Example: `next: dne` where the node is `done`.
"""

from collections.abc import Iterable, Sequence

from journeybuilder.checks.context import Context
from journeybuilder.checks.reach import Graph, backwards, cycles, reached_from
from journeybuilder.checks.wording import listed, place_words
from journeybuilder.document.findings import Path, Problem, Rule, choices, near

NO_START = Rule(
    "JB301",
    "error",
    "no start node",
    "A run does not know where to begin.",
    "Write the id of the first node after 'start:'.",
    "start: wich",
)
NO_TARGET = Rule(
    "JB302",
    "error",
    "a way out leads to a node that does not exist",
    "The run would fail when it comes here.",
    "Correct the name, or add the node.",
    "greet: {kind: say, text: Hi, next: dne}",
)
UNREACHED = Rule(
    "JB303",
    "warning",
    "a node that no run reaches",
    "It does nothing, and whoever reads the journey is misled.",
    "Wire a way to it, or delete it.",
    "lonely: {kind: end}",
)
NO_END = Rule(
    "JB304",
    "error",
    "a node from which no run comes to an end",
    "A customer who gets here is never finished.",
    "Wire a way out to a node that leads to an 'end'.",
    "a: {kind: say, text: Hi, next: a}",
)
SPIN = Rule(
    "JB305",
    "warning",
    "a cycle in which nobody is waited for",
    "It goes round as fast as it can until the limit of steps stops the run.",
    "Put an 'ask' or a 'review' into the cycle, or take the way back out.",
    "a: {kind: set, values: {n: 1}, next: b}\n"
    "b: {kind: branch, cases: [{when: n > 3, next: done}], otherwise: a}",
)
BAD_WAY = Rule(
    "JB306",
    "error",
    "the journey's on_error leads to a node that does not exist",
    "Errors that no node catches would end the run without a word to the customer.",
    "Correct the name after 'on_error:'.",
    "on_error: sory",
)
RULES: Sequence[Rule] = (NO_START, NO_TARGET, UNREACHED, NO_END, SPIN, BAD_WAY)


def check(context: Context) -> Iterable[Problem]:
    """Check the wiring."""
    return (piece for piece in pieces(context) if piece is not None)


def pieces(context: Context) -> Iterable[Problem | None]:
    """The same, with None wherever something else may be done in between."""
    journey = context.journey
    nodes = journey.nodes
    if not nodes:
        yield Problem(NO_START, ("nodes",), "the journey has no nodes", "Add the first node.")
        return
    if journey.start not in nodes:
        yield _no_start(context)
    if journey.on_error and journey.on_error not in nodes:
        message = f"'on_error' leads to '{journey.on_error}', which does not exist"
        yield Problem(BAD_WAY, ("on_error",), message, near(journey.on_error, nodes))
    yield from _targets(context)
    yield None
    graph = context.successors
    stuck = _stuck(context, graph)
    if journey.start in nodes:
        yield from _reach(context, graph, stuck)
    yield None
    yield from _spins(context, graph, stuck)


def _no_start(context: Context) -> Problem:
    start, nodes = context.journey.start, context.journey.nodes
    if not start:
        return Problem(NO_START, (), "the journey has no 'start'", f"Nodes: {choices(nodes)}.")
    hint = near(start, nodes) or f"Nodes: {choices(nodes)}."
    return Problem(NO_START, ("start",), f"'start' names '{start}', which does not exist", hint)


def _targets(context: Context) -> Iterable[Problem]:
    nodes = context.journey.nodes
    for node, ports in context.ports.items():
        for port in ports:
            if port.target and port.target not in nodes:
                path: Path = ("nodes", node, *port.path)
                message = f"{place_words(port.path)} leads to '{port.target}', which does not exist"
                hint = near(port.target, nodes) or f"Add the node; there are {choices(nodes)}."
                yield Problem(NO_TARGET, path, message, hint)


def _reach(context: Context, graph: Graph, stuck: set[str]) -> Iterable[Problem]:
    journey = context.journey
    reached = reached_from(context.roots, graph)
    # a broken wire or an unknown kind is reported where it is; where it would lead is not known,
    # so nothing is said of what might lie behind it
    lost = journey.on_error and journey.on_error not in journey.nodes
    if not lost and not any(context.is_open(node) for node in reached):
        for node in journey.nodes:
            if node not in reached:
                message = f"no run reaches '{node}'"
                yield Problem(UNREACHED, ("nodes", node), message, UNREACHED.mend, at_key=True)
    for members in cycles({node: graph[node] for node in reached & stuck}):
        names = [node for node in journey.nodes if node in members]
        message = f"from {listed(names)} no run comes to an end"
        yield Problem(NO_END, ("nodes", names[0]), message, NO_END.mend, at_key=True)


def _stuck(context: Context, graph: Graph) -> set[str]:
    """Nodes from which every way goes round for ever."""
    nodes = context.journey.nodes.values()
    ends = [node.id for node in nodes if node.kind == "end" or context.is_open(node.id)]
    return set(graph) - reached_from(ends, backwards(graph))


def _spins(context: Context, graph: Graph, stuck: set[str]) -> Iterable[Problem]:
    nodes = context.journey.nodes
    resting = {
        node for node, kind in context.kinds.items() if kind.bounds_cycle(nodes[node].settings)
    }
    resting |= stuck  # these have a finding already
    busy = {
        node: [target for target in targets if target not in resting]
        for node, targets in graph.items()
        if node not in resting
    }
    for members in cycles(busy):
        names = [node for node in context.journey.nodes if node in members]
        message = f"nobody is waited for in the cycle of {listed(names)}"
        yield Problem(SPIN, ("nodes", names[0]), message, SPIN.mend, at_key=True)
