"""Smart guides: edges and middles of neighbors that something on the move keeps to."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF

_OVER = 12.0
"""How far a guide reaches beyond what it joins, in scene units."""
Side = tuple[float, int]


@dataclass(frozen=True, slots=True)
class Snap:
    """Where something goes.

    Attributes:
        by: How far from where it was to be. `lines`: the guides it keeps to.
        across, down: Whether a guide holds it in this direction.
    """

    by: QPointF
    lines: list[QLineF]
    across: bool
    down: bool


class Guides:
    """The places that neighbors give, found fast however many there are.

    Args:
        neighbors: What stands still.
    """

    def __init__(self, neighbors: Sequence[QRectF]) -> None:
        self._boxes = neighbors
        self._columns = [
            sorted((place(box), index) for index, box in enumerate(neighbors))
            for place in (QRectF.left, _middle_x, QRectF.right)
        ]
        self._rows = [
            sorted((place(box), index) for index, box in enumerate(neighbors))
            for place in (QRectF.top, _middle_y, QRectF.bottom)
        ]

    def snap(self, box: QRectF, reach: float) -> Snap:
        """Where a box goes: edge to edge or middle to middle with a neighbor within reach."""
        column = _nearest(self._columns, (box.left(), _middle_x(box), box.right()), reach)
        row = _nearest(self._rows, (box.top(), _middle_y(box), box.bottom()), reach)
        by = QPointF(column[0] if column else 0.0, row[0] if row else 0.0)
        lines: list[QLineF] = []
        shown = box.translated(by)
        if column:
            other = self._boxes[column[1]]
            both = shown.united(other)
            lines.append(QLineF(column[2], both.top() - _OVER, column[2], both.bottom() + _OVER))
        if row:
            other = self._boxes[row[1]]
            both = shown.united(other)
            lines.append(QLineF(both.left() - _OVER, row[2], both.right() + _OVER, row[2]))
        return Snap(by, lines, column is not None, row is not None)


def _middle_x(box: QRectF) -> float:
    return box.center().x()


def _middle_y(box: QRectF) -> float:
    return box.center().y()


def _nearest(
    places: Sequence[Sequence[Side]], wanted: Sequence[float], reach: float
) -> tuple[float, int, float] | None:
    """The smallest step that brings a side to a neighbor's: the step, the neighbor, the line."""
    best: tuple[float, int, float] | None = None
    for sides, at in zip(places, wanted, strict=True):
        index = bisect_left(sides, (at, -1))
        for place, box in sides[max(index - 1, 0) : index + 1]:
            step = place - at
            if abs(step) <= reach and (best is None or abs(step) < abs(best[0])):
                best = (step, box, place)
    return best
