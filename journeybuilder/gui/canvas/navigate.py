"""Where the keyboard goes next: pure functions over the scene's items."""

from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import QPointF, QRectF

from journeybuilder.gui.canvas.items import NodeItem
from journeybuilder.gui.canvas.scene import CanvasScene

Direction = Literal["left", "right", "up", "down"]
_ASIDE = 2.2
"""How much more a step aside counts than one ahead."""


def nearest(nodes: Mapping[str, NodeItem], current: str, direction: Direction) -> str:
    """The nearest node in a direction, or an empty string where there is none."""
    if current not in nodes:
        return next(iter(nodes), "")
    here = nodes[current].card().center()
    best, best_cost = "", float("inf")
    for node_id, item in nodes.items():
        if node_id == current:
            continue
        ahead, aside = _apart(here, item.card().center(), direction)
        cost = ahead + _ASIDE * aside
        if ahead > 0 and aside <= 2 * ahead + item.height and cost < best_cost:
            best, best_cost = node_id, cost
    return best


def _apart(here: QPointF, there: QPointF, direction: Direction) -> tuple[float, float]:
    dx, dy = there.x() - here.x(), there.y() - here.y()
    ahead = {"left": -dx, "right": dx, "up": -dy, "down": dy}[direction]
    return ahead, abs(dy) if direction in ("left", "right") else abs(dx)


def following(board: CanvasScene, current: str) -> str:
    """The first node that a node's ports lead to, or an empty string."""
    item = board.nodes.get(current)
    ports = item.view.ports if item is not None else ()
    return next((port.target for port in ports if port.target in board.nodes), "")


def leading(board: CanvasScene, current: str) -> str:
    """The first node that leads to a node, or an empty string."""
    sources = {key[0] for key in board.arriving.get(current, ())}
    return next((node_id for node_id in board.nodes if node_id in sources), "")


def start_of(board: CanvasScene) -> str:
    """The node where the journey starts, else its first one, or an empty string."""
    starts = (i for i, item in board.nodes.items() if "start" in item.view.badges)
    return next(starts, next(iter(board.nodes), ""))


def free_place(board: CanvasScene, wanted: QRectF) -> QPointF:
    """A corner near the wanted one where a card covers no other card, looking downwards."""
    box = QRectF(wanted)
    while board.nodes_in(box.adjusted(-10, -10, 10, 10)):
        box.translate(0, 40)
    return box.topLeft()
