"""What: the lanes of a parallel meet in one join, and the body of a loop comes back to it.

Why: a join that waits for a lane which never comes holds the customer for ever.
Example: a `parallel` with a lane that leads to another place than the join of the others.
"""

from collections.abc import Iterable, Sequence

from journeybuilder.checks.context import Context
from journeybuilder.checks.regions import Lanes, Stack
from journeybuilder.checks.wording import listed
from journeybuilder.document.findings import Problem, Rule
from journeybuilder.document.model import Node

_FAN = "fan: {kind: parallel, lanes: {x: one, y: two}}\none: {kind: say, text: Hi, next: %s}\n"
NEVER_MEET = Rule(
    "JB308",
    "error",
    "a parallel whose lanes never meet",
    "The lane that ends first ends the run, and what the others do is lost.",
    "Lead every lane to the same 'join'.",
    _FAN % "done" + "two: {kind: say, text: Hi, next: done}",
)
NO_PARALLEL = Rule(
    "JB309",
    "error",
    "a join that no lane comes to",
    "There is nothing to bring together, so it would wait for nothing.",
    "Put a 'parallel' before it, or take the join out.",
    "meet: {kind: join, next: done}",
)
CROSSING = Rule(
    "JB310",
    "error",
    "a wire into or out of a lane",
    "Between a 'parallel' and its 'join', a lane has one way in and one way out. A node that is "
    "reached both inside and outside would be in two places of the journey at once.",
    "Give each lane nodes of its own; copy the node where both need it.",
    "pick: {kind: branch, cases: [{when: now > now, next: one}], otherwise: fan}\n"
    + _FAN % "meet" + "two: {kind: say, text: Hi, next: meet}\nmeet: {kind: join, next: done}",
)  # fmt: skip
TWO_JOINS = Rule(
    "JB311",
    "error",
    "lanes of one parallel that come to different joins",
    "Each join would wait for lanes that went to the other one.",
    "Lead all lanes to one of them.",
    _FAN % "meet" + "two: {kind: say, text: Hi, next: again}\nmeet: {kind: join, next: done}\n"
    "again: {kind: join, next: done}",
)
STUCK_JOIN = Rule(
    "JB312",
    "error",
    "a join that waits for more lanes than can come",
    "It never goes on.",
    "Lead the missing lanes to it, or wait for fewer.",
    _FAN % "meet" + "two: {kind: say, text: Hi, next: meet}\n"
    "meet: {kind: join, wait_for: 3, next: done}",
)
BOTH_SAVE = Rule(
    "JB313",
    "warning",
    "a variable that two lanes set",
    "Which of the two values it has afterwards depends on which lane was slower.",
    "Save under different names, and choose after the join.",
    "fan: {kind: parallel, lanes: {x: one, y: two}}\n"
    "one: {kind: set, values: {n: 1}, next: meet}\ntwo: {kind: set, values: {n: 2}, next: meet}\n"
    "meet: {kind: join, next: done}",
)
NO_WAY_BACK = Rule(
    "JB314",
    "error",
    "a loop whose body never comes back",
    "Only the first item would be done.",
    "Wire the last node of the body back to the loop.",
    "each: {kind: loop, each: '[1, 2]', body: one, next: done}\none: {kind: say, text: Hi, next: done}",
)
STRAY = Rule(
    "JB315",
    "warning",
    "a way back into a loop that is not its body's alone",
    "Who comes this way after the loop goes on with another item, as though a round were over.",
    "Give the body nodes of its own.",
    "each: {kind: loop, each: '[1, 2]', body: one, next: one}\n"
    "one: {kind: ask, text: Hi, save: x, next: pick}\n"
    "pick: {kind: branch, cases: [{when: x == '1', next: done}], otherwise: each}",
)
RULES: Sequence[Rule] = (
    NEVER_MEET, NO_PARALLEL, CROSSING, TWO_JOINS, STUCK_JOIN, BOTH_SAVE, NO_WAY_BACK, STRAY,
)  # fmt: skip


def check(context: Context) -> Iterable[Problem]:
    """Check every parallel, join and loop that a run reaches."""
    for loop, body in context.bodies.items():
        yield from _loop(context, loop, body.nodes, body.back, body.strays)
    lanes = context.lanes
    crossed = list(_crossings(context, lanes))
    yield from crossed
    for node in context.journey.nodes.values():
        if node.kind == "parallel" and node.id in lanes.stacks:
            yield from _parallel(context, node, lanes, crossed=bool(crossed))
        elif node.kind == "join" and not any(lanes.arrivals.get(node.id, {"": ""})):
            message = f"no lane of a 'parallel' comes to '{node.id}'"
            yield Problem(NO_PARALLEL, ("nodes", node.id), message, NO_PARALLEL.mend, at_key=True)


def _loop(
    context: Context, loop: str, nodes: frozenset[str], back: frozenset[str], strays: frozenset[str]
) -> Iterable[Problem]:
    if not back and nodes and not any(context.is_open(node) for node in nodes):
        message = f"the body of '{loop}' never comes back to it"
        path = ("nodes", loop, "body")
        yield Problem(NO_WAY_BACK, path, message, f"Lead its last node to '{loop}'.")
    elif strays:
        first = next(node for node in context.journey.nodes if node in strays)
        message = (
            f"'{first}' is reached from 'body' and from 'next' of '{loop}', and leads back to it"
        )
        yield Problem(STRAY, ("nodes", first), message, STRAY.mend, at_key=True)


def _parallel(context: Context, node: Node, lanes: Lanes, *, crossed: bool) -> Iterable[Problem]:
    joins = lanes.joins_of(node.id)
    own = [port.name.partition(".")[2] for port in context.ports[node.id]]
    lost = any(context.is_open(each) for each in lanes.stacks)
    if not joins:
        if not lost:
            message = f"the lanes of '{node.id}' never meet"
            yield Problem(NEVER_MEET, ("nodes", node.id), message, NEVER_MEET.mend, at_key=True)
        return
    if len(joins) > 1 and not crossed:
        names = listed(name for name in context.journey.nodes if name in joins)
        message = f"the lanes of '{node.id}' come to different joins: {names}"
        yield Problem(TWO_JOINS, ("nodes", node.id), message, TWO_JOINS.mend, at_key=True)
        return
    join, arrived = next(iter(joins.items()))
    if not lost:
        yield from _waits(context.journey.nodes[join], node, own, arrived)
    yield from _saves(context, node, lanes)


def _waits(join: Node, parallel: Node, own: Sequence[str], arrived: set[str]) -> Iterable[Problem]:
    wanted = join.settings.get("wait_for", "all")
    path = ("nodes", join.id, "wait_for") if "wait_for" in join.settings else ("nodes", join.id)
    missing = listed(name for name in own if name not in arrived)
    if type(wanted) is int and wanted > len(own):
        message = f"'{join.id}' waits for {wanted} lanes; '{parallel.id}' has {len(own)}"
    elif wanted == "all" and missing:
        message = (
            f"'{join.id}' waits for all lanes, but {missing} of '{parallel.id}' never comes to it"
        )
    elif type(wanted) is int and wanted > len(arrived):
        message = f"'{join.id}' waits for {wanted} lanes, but {missing} never comes to it"
    else:
        return
    yield Problem(STUCK_JOIN, path, message, STUCK_JOIN.mend, at_key=len(path) == 2)  # noqa: PLR2004


def _crossings(context: Context, lanes: Lanes) -> Iterable[Problem]:
    crossed = {
        node: stacks
        for node, stacks in lanes.stacks.items()
        if node in lanes.inside and not _meet(context.journey.nodes[node], stacks)
    }
    after = {target for node in crossed for target in context.successors[node]}
    # what follows a crossing is reached both ways too
    for node in [name for name in crossed if name not in after] or list(crossed)[:1]:
        one, other = crossed[node][0], crossed[node][-1]
        message = f"'{node}' is reached {_where(one)} and {_where(other)}"
        yield Problem(CROSSING, ("nodes", node), message, CROSSING.mend, at_key=True)


def _meet(node: Node, stacks: Sequence[Stack]) -> bool:
    """Whether it is right that a node is reached so."""
    if node.kind == "join":
        return len({_holders(stack) for stack in stacks}) == 1
    return len(stacks) == 1


def _holders(stack: Stack) -> tuple[object, ...]:
    """What the lanes that meet have in common: all but the name of the last lane."""
    return (*stack[:-1], stack[-1][0]) if stack else ()


def _where(stack: Stack) -> str:
    return f"in lane '{stack[-1][1]}' of '{stack[-1][0]}'" if stack else "outside of any lane"


def _saves(context: Context, node: Node, lanes: Lanes) -> Iterable[Problem]:
    by_name: dict[str, dict[str, str]] = {}
    for other, stacks in lanes.stacks.items():
        lane = next((lane for stack in stacks for lane in stack if lane[0] == node.id), None)
        if lane is None or other not in lanes.inside or context.journey.nodes[other].kind == "join":
            continue
        for name in context.typed.saved_by(context.journey.nodes[other]):
            by_name.setdefault(name, {}).setdefault(lane[1], other)
    for name, savers in by_name.items():
        if len(savers) > 1:
            first, second = list(savers)[:2]
            message = (
                f"'{name}' is set in lane '{first}' by '{savers[first]}' and in lane '{second}' by "
                f"'{savers[second]}'"
            )
            yield Problem(BOTH_SAVE, ("nodes", node.id), message, BOTH_SAVE.mend, at_key=True)
