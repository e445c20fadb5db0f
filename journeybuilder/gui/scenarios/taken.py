"""What many runs took of the journeys together, kept up to date as results come and go.

Adding hundreds of coverages anew with every result would hold the window up. Knows no Qt.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from journeybuilder.rehearse.coverage import Coverage, Edge, Place, Way

_K = TypeVar("_K")


class Taken:
    """The sum of the coverages of scenarios, by name."""

    def __init__(self) -> None:
        self._of: dict[str, Coverage] = {}
        self._visits: dict[Place, tuple[int, int]] = {}
        self._passed: dict[Edge, tuple[int, int]] = {}
        self._ways: dict[Edge, Way] = {}

    def follow(self, coverages: Mapping[str, "Coverage"]) -> None:
        """Count exactly these; only what differs from before is worked out."""
        for name in [name for name in self._of if self._of[name] is not coverages.get(name)]:
            self._count(self._of.pop(name), -1)
        for name, one in coverages.items():
            if name not in self._of:
                self._of[name] = one
                self._count(one, 1)

    def _count(self, one: "Coverage", sign: int) -> None:
        _add(self._visits, one.visits, sign)
        _add(self._passed, one.passed, sign)
        if sign > 0:
            self._ways.update(one.ways)

    def of(self, journey: str) -> "Coverage | None":
        """What was taken of a journey; None where nothing of it ran."""
        from journeybuilder.rehearse.coverage import Coverage  # noqa: PLC0415 - the whole engine

        visits = {place: n for place, (_, n) in self._visits.items() if place.journey == journey}
        if not visits:
            return None
        passed = {edge: n for edge, (_, n) in self._passed.items() if edge.journey == journey}
        return Coverage(journey, visits, passed, {edge: self._ways[edge] for edge in passed})


def _add(known: dict[_K, tuple[int, int]], counts: Mapping[_K, int], sign: int) -> None:
    """Add counts, or take them away; what no coverage speaks of any more is gone.

    Args:
        known: How many coverages speak of it, and how often it was taken in all.
        counts: Those of one coverage.
        sign: 1 or -1.
    """
    for key, count in counts.items():
        mentions, total = known.get(key, (0, 0))
        mentions += sign
        if mentions:
            known[key] = (mentions, total + sign * count)
        else:
            known.pop(key, None)
