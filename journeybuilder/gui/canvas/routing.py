"""Wires of very many moved nodes find their way in slices, so that the window goes on meanwhile."""

from collections.abc import Callable, Iterable, Mapping
from math import floor
from time import monotonic

from PySide6.QtCore import QObject, QRectF, QTimer

from journeybuilder.gui.canvas.items import NodeItem
from journeybuilder.gui.canvas.model import WireKey

MANY = 300
"""So many wires are not led anew at once."""
_SLICE = 0.006
_W, _H = 480.0, 240.0


class CardGrid:
    """Which cards are near a place; made at once, for questions that follow each other."""

    def __init__(self, nodes: Mapping[str, NodeItem]) -> None:
        self._tiles: dict[tuple[int, int], list[QRectF]] = {}
        for item in nodes.values():
            card = item.card()
            for place in _places(card):
                self._tiles.setdefault(place, []).append(card)

    def cards_in(self, area: QRectF) -> list[QRectF]:
        """The cards that meet an area; one may come more than once."""
        tiles = self._tiles
        near = (card for place in _places(area) for card in tiles.get(place, ()))
        return [card for card in near if card.intersects(area)]


def _places(area: QRectF) -> list[tuple[int, int]]:
    left, right = floor(area.left() / _W), floor(area.right() / _W)
    top, bottom = floor(area.top() / _H), floor(area.bottom() / _H)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


class Rerouting(QObject):
    """Holds the wires that have yet to be led anew.

    Attributes:
        grid: The cards, while it works.
    """

    def __init__(
        self,
        nodes: Mapping[str, NodeItem],
        route: Callable[[WireKey], object],
        over: Callable[[], object],
        parent: QObject,
    ) -> None:
        """Prepare it.

        Args:
            nodes: The items of the scene.
            route: Leads a wire anew, if it still exists.
            over: Called when all are led.
            parent: The scene.
        """
        super().__init__(parent)
        self._nodes = nodes
        self._route = route
        self._over = over
        self._keys: dict[WireKey, None] = {}
        self.grid: CardGrid | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    def add(self, keys: Iterable[WireKey]) -> None:
        """These wires are to be led anew soon."""
        self._keys.update(dict.fromkeys(keys))
        self.grid = None
        self._timer.start()

    def stop(self) -> None:
        """Forget them all."""
        self._timer.stop()
        self._keys.clear()
        self.grid = None

    def _go_on(self) -> None:
        until = monotonic() + _SLICE
        if self.grid is None:
            self.grid = CardGrid(self._nodes)
        while self._keys and monotonic() < until:
            key, _ = self._keys.popitem()
            self._route(key)
        if not self._keys:
            self.stop()
            self._over()
