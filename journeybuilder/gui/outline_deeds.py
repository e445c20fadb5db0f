"""What keys in the outline do with the journey in front."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QPointF

from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.panels.outline_tree import Place

if TYPE_CHECKING:
    from journeybuilder.gui.front import Front

_BESIDE = 60.0  # between a node and one that is added behind it
_BEFORE = 280.0


class OutlineDeeds:
    """The deeds by their names; what is not among them connects."""

    def __init__(self, front: "Front") -> None:
        self._front = front

    def do(self, what: str, tab: JourneyTab, place: Place) -> None:
        """Do what a key asks for."""
        deeds: Mapping[str, Callable[[JourneyTab, Place], None]] = {
            "remove": self._take_away, "bypass": self._close_gap, "go": self._follow,
            "add": self._add_after, "before": self._add_before,
            "up": self._earlier, "down": self._later,
        }  # fmt: skip
        deeds.get(what, self._connect)(tab, place)

    @staticmethod
    def _take_away(tab: JourneyTab, place: Place) -> None:
        if place.port:
            tab.model.disconnect_port(place.node, place.port)
        else:
            tab.model.remove((place.node,))

    @staticmethod
    def _close_gap(tab: JourneyTab, place: Place) -> None:
        """Remove a node; what led to it leads to where it led."""
        title = tr("Remove {step} and close the gap", step=tab.model.node(place.node).title)
        tab.model.apply(title, Edit("bypass", {"ids": [place.node]}))

    def _follow(self, tab: JourneyTab, place: Place) -> None:
        ports = tab.model.node(place.node).ports
        wanted = [port for port in ports if place.port in {"", port.name} and port.target]
        if wanted:
            self._front.go_to(wanted[0].target)

    def _add_after(self, tab: JourneyTab, place: Place) -> None:
        """What to add: on the way out, or behind the first that is free; else beside."""
        self._front.go_to(place.node)
        wired = {port.name: port.target for port in tab.model.node(place.node).ports}
        only = next(iter(wired)) if len(wired) == 1 else ""
        free = place.port or next((name for name, target in wired.items() if not target), only)
        card = tab.canvas.board.nodes[place.node].card()
        at = QPointF(card.right() + _BESIDE, card.top())
        if wired.get(free):
            tab.canvas.menus.ask_insert(at, (place.node, free))
        else:
            tab.canvas.menus.ask_kind(at, place.node if free else "", free)

    def _add_before(self, tab: JourneyTab, place: Place) -> None:
        """What to add on the first wire that leads to a node."""
        self._front.go_to(place.node)
        wires = tab.model.incoming(place.node)
        if not wires:
            self._front.say(tr("Nothing leads to this step; add one and connect it (C)."))
            return
        card = tab.canvas.board.nodes[place.node].card()
        tab.canvas.menus.ask_insert(QPointF(card.left() - _BEFORE, card.top()), wires[0])

    def _connect(self, tab: JourneyTab, place: Place) -> None:
        self._front.go_to(place.node)
        if place.port:
            tab.canvas.menus.ask_target(place.node, place.port)
        else:
            tab.canvas.menus.ask_port(place.node)

    def _earlier(self, tab: JourneyTab, place: Place) -> None:
        self._moved(tab, place, -1)

    def _later(self, tab: JourneyTab, place: Place) -> None:
        self._moved(tab, place, 1)

    def _moved(self, tab: JourneyTab, place: Place, by: int) -> None:
        """Move a case among the cases: the first that holds is taken, so the order matters."""
        key, _, number = place.port.partition(".")
        node = tab.model.settings_of(place.node)
        raw = node.settings.get(key) if node is not None else None
        if not isinstance(raw, list) or not number.isdigit():
            self._front.say(tr("Only cases have an order; steps follow their wires."))
            return
        items = list(cast("list[Any]", raw))
        at = int(number)
        if not 0 <= at + by < len(items):
            return
        items[at], items[at + by] = items[at + by], items[at]
        path = ["nodes", place.node, key]
        tab.model.apply(
            tr("Change the order of the cases"), Edit("set", {"path": path, "value": items})
        )
