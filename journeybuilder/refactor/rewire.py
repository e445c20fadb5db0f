"""Changes of what leads where around nodes that exist, as pure functions over a journey."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from journeybuilder.contract.fields import Port
from journeybuilder.document.edit import connect, remove_nodes, set_value
from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey, Node
from journeybuilder.errors import AuthorError

PortsOf: TypeAlias = Callable[[Node], Sequence[Port]]


def splice(
    journey: Journey, source: str, port_path: Path, node: str, out_path: Path, ports_of: PortsOf
) -> Journey:
    """The journey with a node of it in the middle of a wire.

    Args:
        journey: The journey before.
        source: The node whose wire is cut.
        port_path: The way out of it.
        node: The node that comes in between.
        out_path: Its way out that leads on.
        ports_of: The ways out of a node, which the node kinds know.

    Raises:
        AuthorError: When one of the nodes or the wire does not exist.
    """
    first = journey.nodes.get(source)
    ports = ports_of(first) if first is not None else ()
    target = next((port.target for port in ports if tuple(port.path) == port_path), "")
    if not target or node in (source, target):
        raise AuthorError("This wire does not exist any more.")
    return connect(connect(journey, source, port_path, node), node, out_path, target)


def bypass(journey: Journey, ids: Collection[str], ports_of: PortsOf) -> Journey:
    """The journey without some nodes; what led to one leads to where its first normal way out led.

    Raises:
        AuthorError: When there is no such node.
    """
    for name in ids:
        node = journey.nodes.get(name)
        if node is None:
            raise AuthorError(f"There is no node '{name}'.")
        ways = [port.target for port in ports_of(node) if port.style == "normal"]
        onward = next((target for target in ways if target and target != name), "")
        if onward:
            journey = _led(journey, name, onward, ports_of)
        journey = remove_nodes(journey, [name], ports_of)
    return journey


def _led(journey: Journey, old: str, new: str, ports_of: PortsOf) -> Journey:
    """All wires to one node lead to another; a node's wire to itself stays away."""
    arriving = [
        (node.id, port.path)
        for node in journey.nodes.values()
        for port in ports_of(node)
        if port.target == old and node.id != old
    ]
    for source, path in arriving:
        journey = connect(journey, source, path, new)
    for key in ("start", "on_error"):
        if journey.data.get(key) == old:
            journey = set_value(journey, (key,), new)
    return journey
