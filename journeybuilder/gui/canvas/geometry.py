"""Where everything on a card is, and how a wire runs, in scene units (1 unit is 1 px at 100 %)."""

from itertools import pairwise
from math import hypot

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from journeybuilder.gui.canvas.model import NodeView, PortView

GRID = 10.0
WIDTH = 240.0
HEAD = 60.0
ROW = 20.0
ROWS_TOP = 62.0
ROWS_PAD = 8.0
RADIUS = 10.0
MARGIN = 16.0
"""Around the card, for its shadow, ports, ring and state badge."""
AXIS = 30.0
"""Height at which wires enter a card, and leave it by its main way out."""
ARROW = 9.0
_REACH_MIN = 36.0
_REACH_MAX = 180.0
_LANE = 26.0
_LANE_STEP = 9.0
_LANES = 5
_BEND = 12.0
_NEAR_ROW = 1.0


def has_main(view: NodeView) -> bool:
    """True where the first port stands in the card's head, without a label."""
    return bool(view.ports) and view.ports[0].name == "next" and view.ports[0].style == "normal"


def rows(view: NodeView) -> tuple[PortView, ...]:
    """The ports that have a row of their own below the head."""
    return view.ports[1:] if has_main(view) else view.ports


def size(view: NodeView) -> tuple[float, float]:
    """Width and height of a node's card."""
    count = len(view.ports) - (1 if has_main(view) else 0)
    return WIDTH, HEAD + (count * ROW + ROWS_PAD if count else 0.0)


def port_y(view: NodeView, index: int) -> float:
    """Height of a port on the right edge, from the card's top."""
    if has_main(view):
        if index == 0:
            return AXIS
        index -= 1
    return ROWS_TOP + ROW * index + ROW / 2


def port_index(view: NodeView, name: str) -> int:
    """Place of a port among a node's ports; 0 for an unknown one."""
    return next((index for index, port in enumerate(view.ports) if port.name == name), 0)


def snapped(value: float) -> float:
    """The nearest grid line."""
    return round(value / GRID) * GRID


def wire_path(
    start: QPointF, end: QPointF, source: QRectF, target: QRectF, lane: int
) -> QPainterPath:
    """A wire from a port to a card; backward wires run around both cards.

    Args:
        start: The port.
        end: Where it enters, on the target's left edge.
        source: The card it leaves.
        target: The card it enters.
        lane: Keeps backward wires of one card apart.
    """
    tip = _tip(end)
    path = QPainterPath(start)
    gap = tip.x() - start.x()
    if gap >= 0:
        reach = min(max(gap / 2, min(_REACH_MIN, gap)), _REACH_MAX)
        path.cubicTo(start.x() + reach, start.y(), tip.x() - reach, tip.y(), tip.x(), tip.y())
        return path
    if not is_detour(start, end, source, target):
        reach = min(_REACH_MAX, 60 - gap / 3)
        path.cubicTo(start.x() + reach, start.y(), tip.x() - reach, tip.y(), tip.x(), tip.y())
        return path
    _around(path, start, tip, _detour(start, tip, source, target, lane), lane)
    return path


def _tip(end: QPointF) -> QPointF:
    return QPointF(end.x() - ARROW + 1, end.y())


def is_detour(start: QPointF, end: QPointF, source: QRectF, target: QRectF) -> bool:
    """True where a wire has to run back around the cards it joins."""
    return _tip(end).x() < start.x() and not _apart(source, target)


def detour_room(start: QPointF, end: QPointF, source: QRectF, target: QRectF) -> QRectF:
    """The band below or above two cards in which a wire would run back; cards in it are in the way."""
    level = _detour(start, _tip(end), source, target, 0)
    return QRectF(QPointF(end.x(), level - _LANE / 2), QPointF(start.x(), level + 2 * _LANE))


def _apart(source: QRectF, target: QRectF) -> bool:
    """True where a plain S between the two cards crosses neither and is not long."""
    above = target.top() - source.bottom()
    below = source.top() - target.bottom()
    return max(above, below) > HEAD / 2 and source.left() - target.right() < WIDTH / 4


def _detour(start: QPointF, tip: QPointF, source: QRectF, target: QRectF, lane: int) -> float:
    """Height of the way back: below both cards or above them, whichever is shorter."""
    shift = _LANE + _LANE_STEP * (lane % _LANES)
    below = max(source.bottom(), target.bottom()) + shift
    above = min(source.top(), target.top()) - shift
    down = abs(below - start.y()) + abs(below - tip.y())
    up = abs(above - start.y()) + abs(above - tip.y())
    return below if down <= up + HEAD else above


def _around(path: QPainterPath, start: QPointF, tip: QPointF, level: float, lane: int) -> None:
    """Right, up or down, back to the left, and in: with round corners."""
    shift = _LANE_STEP * (lane % _LANES)
    points = [
        QPointF(start.x() + 22 + shift, start.y()),
        QPointF(start.x() + 22 + shift, level),
        QPointF(tip.x() - 20 - shift, level),
        QPointF(tip.x() - 20 - shift, tip.y()),
    ]
    before = start
    for corner, after in zip(points, [*points[1:], tip], strict=True):
        radius = min(_BEND, _distance(before, corner) / 2, _distance(corner, after) / 2)
        path.lineTo(_toward(corner, before, radius))
        path.quadTo(corner, _toward(corner, after, radius))
        before = corner
    path.lineTo(tip)


def _distance(one: QPointF, other: QPointF) -> float:
    return hypot(one.x() - other.x(), one.y() - other.y())


def _toward(origin: QPointF, goal: QPointF, length: float) -> QPointF:
    whole = _distance(origin, goal)
    part = length / whole if whole > 0 else 0.0
    return origin + (goal - origin) * part


def distance_to(path: QPainterPath, point: QPointF) -> float:
    """How far a point is from a path, in scene units."""
    nearest = float("inf")
    for polygon in path.toSubpathPolygons():
        points = polygon.toList()
        for one, other in pairwise(points):
            nearest = min(nearest, _from_segment(point, one, other))
    return nearest


def _from_segment(point: QPointF, one: QPointF, other: QPointF) -> float:
    along = other - one
    square = along.x() ** 2 + along.y() ** 2
    if square == 0:
        return _distance(point, one)
    offset = point - one
    part = (offset.x() * along.x() + offset.y() * along.y()) / square
    return _distance(point, one + along * min(1.0, max(0.0, part)))


def crosses(path: QPainterPath, one: QPointF, other: QPointF) -> bool:
    """True where a straight stroke crosses a path."""
    for polygon in path.toSubpathPolygons():
        points = polygon.toList()
        if any(_cut(one, other, a, b) for a, b in pairwise(points)):
            return True
    return False


def _cut(a: QPointF, b: QPointF, c: QPointF, d: QPointF) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: QPointF, b: QPointF, c: QPointF) -> float:
    return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x())
