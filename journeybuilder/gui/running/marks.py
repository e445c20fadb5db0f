"""What a run marks in one journey: the run tells places in called journeys as `journey/node`."""

from collections.abc import Mapping, Sequence

Wire = tuple[str, str]


def in_journey(
    name: str, run_of: str, states: Mapping[str, str], taken: Sequence[Wire]
) -> tuple[dict[str, str], list[Wire]]:
    """The states of nodes and the wires taken in a journey, by its own names.

    Args:
        name: Id of the journey that is looked at.
        run_of: Id of the journey that the run began with.
        states: State by place.
        taken: Place and port, in the order in which they were taken.
    """
    before = f"{name}/"
    nodes: dict[str, str] = {}
    wires: list[Wire] = []
    for place, state in states.items():
        node = _node_of(place, before, own=name == run_of)
        if node is not None:
            nodes[node] = state
    for place, port in taken:
        node = _node_of(place, before, own=name == run_of)
        if node is not None:
            wires.append((node, port))
    return nodes, wires


def _node_of(place: str, before: str, *, own: bool) -> str | None:
    if place.startswith(before):
        return place.removeprefix(before)
    return place if own and "/" not in place else None
