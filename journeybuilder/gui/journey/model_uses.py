"""Where model aliases are used: what moves when one line of models.yaml changes. Knows no Qt."""

from collections import Counter
from collections.abc import Iterable
from weakref import ref

from journeybuilder.document.model import Journey
from journeybuilder.kinds import KINDS


def used_models(journeys: Iterable[Journey]) -> Counter[str]:
    """In how many places each alias stands."""
    found: Counter[str] = Counter()
    for journey in journeys:
        found.update(_used_in(journey))
    return found


def _used_in(journey: Journey) -> Counter[str]:
    """The same for one journey, which never changes: every form asks for it several times."""
    known = _counted.get(id(journey))
    if known is not None and known[0]() is journey:
        return known[1]
    found: Counter[str] = Counter()
    for node in journey.nodes.values():
        kind = KINDS.get(node.kind)
        for use in kind.uses(node.settings) if kind is not None else ():
            if use.mark.role == "model" and isinstance(use.value, str) and use.value:
                found[use.value] += 1
    for key in [key for key, (there, _) in _counted.items() if there() is None]:
        del _counted[key]
    _counted[id(journey)] = (ref(journey), found)
    return found


_counted: dict[int, tuple[ref[Journey], Counter[str]]] = {}
"""What was counted of the journeys that are still there, by which object they are."""


def journeys_with(alias: str, journeys: Iterable[Journey]) -> list[tuple[str, int]]:
    """The titles of the journeys that use an alias, each with the number of places."""
    counted = [(one.title, used_models([one])[alias]) for one in journeys]
    return [(title, many) for title, many in counted if many]
