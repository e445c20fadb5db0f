"""Which variables surely have a value where: a forward walk over the wires of a journey."""

from collections.abc import Collection, Mapping

from journeybuilder.contract.fields import Port
from journeybuilder.document.model import Journey, Node
from journeybuilder.kinds import ports_of
from journeybuilder.refactor.places import written_by

Names = frozenset[str]


def set_on(node: Node, port: Port) -> Names:
    """What a node has surely set where it is left by a way out.

    A failure, a time-out or whatever else is named `on_…` promises nothing, and neither does a loop,
    which may have had no round.
    """
    sure = port.style == "normal" and not port.name.startswith("on_") and node.kind != "loop"
    return frozenset(written_by(node)) if sure else frozenset()


def surely_set(
    journey: Journey, start: str, given: Collection[str] = (), within: Collection[str] | None = None
) -> Mapping[str, Names]:
    """The variables that have a value whenever a run enters a node, by node.

    Args:
        journey: The journey.
        start: The node where a run begins.
        given: Variables that have a value then.
        within: The nodes to look at; all of them when None.
    """
    inside = set(journey.nodes if within is None else within)
    out: dict[str, Names] = {start: frozenset(given)}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        node = journey.nodes.get(name)
        if node is None:
            continue
        before = out[name]
        for port in ports_of(node):
            if port.target not in inside:
                continue
            sure = before | set_on(node, port)
            known = out.get(port.target)
            merged = sure if known is None else known & sure
            if merged != known:
                out[port.target] = frozenset(merged)
                waiting.append(port.target)
    return out
