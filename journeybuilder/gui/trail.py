"""The places where one was, across journeys: back and forward; and the numbered bookmarks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from journeybuilder.gui.canvas.layers import Badge, Layer, NodeMark
from journeybuilder.gui.commands import needs
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak_with

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_MOST = 200
_LAYER = "bookmarks"


@dataclass(frozen=True, slots=True)
class Visit:
    """A node, or a journey as a whole, that was looked at."""

    journey: str
    node: str


class Trail(QObject):
    """Follows where one goes in a window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._places: list[Visit] = []
        self._at = -1
        self._going = False
        self._known: set[int] = set()
        window.journeys.currentChanged.connect(self._front_changed)
        self._front_changed()

    @classmethod
    def of(cls, window: "MainWindow") -> "Trail":
        """The one of a window."""
        return window.findChild(cls) or cls(window)

    @property
    def places(self) -> list[Visit]:
        """Where one was, the oldest first."""
        return list(self._places)

    # --- following ---------------------------------------------------------------------------------

    def _front_changed(self) -> None:
        for tab in self._window.tabs():
            if id(tab) not in self._known:
                self._known.add(id(tab))
                tab.selected.connect(weak_with(self._selected, tab))
                tab.model.edited.connect(weak_with(self._mark, tab))
                tab.destroyed.connect(weak_with(self._gone, id(tab)))
                self._mark(tab)
        tab = self._window.tab
        if tab is not None:
            self._visit(tab, tab.canvas.selected())

    def _gone(self, key: int, *_: object) -> None:
        self._known.discard(key)

    def _selected(self, tab: JourneyTab, ids: object) -> None:
        if tab is self._window.tab:
            self._visit(tab, cast("tuple[str, ...]", ids))

    def _visit(self, tab: JourneyTab, ids: tuple[str, ...] | list[str]) -> None:
        if self._going or len(ids) > 1:
            return
        place = Visit(tab.model.journey.id, ids[0] if ids else "")
        if self._at >= 0:
            here = self._places[self._at]
            if here == place or (not place.node and here.journey == place.journey):
                return  # clicking on nothing is no place
        del self._places[self._at + 1 :]
        self._places.append(place)
        del self._places[:-_MOST]
        self._at = len(self._places) - 1

    # --- going -----------------------------------------------------------------------------------

    @needs(noop("There is no place before this one."))
    def can_go_back(self) -> bool:
        """Whether there is a place before."""
        return self._next(-1) is not None

    @needs(noop("There is no place after this one."))
    def can_go_on(self) -> bool:
        """Whether one has gone back."""
        return self._next(1) is not None

    def back(self) -> None:
        """Go where one was before."""
        self._go(self._next(-1))

    def forward(self) -> None:
        """Go where one was before going back."""
        self._go(self._next(1))

    def _next(self, by: int) -> int | None:
        """The nearest place that still exists."""
        at = self._at + by
        while 0 <= at < len(self._places):
            if self._exists(self._places[at]):
                return at
            at += by
        return None

    def _exists(self, place: Visit) -> bool:
        for tab in self._window.tabs():
            if tab.model.journey.id == place.journey:
                return not place.node or place.node in tab.model.journey.nodes
        space = self._window.files.workspace
        file = space.workspace.journeys.get(place.journey) if space is not None else None
        return file is not None and (not place.node or place.node in file.journey.nodes)

    def _go(self, at: int | None) -> None:
        if at is None:
            return
        place = self._places[at]
        self._going = True
        try:
            self.show(place.journey, place.node)
        finally:
            self._going = False
        self._at = at
        self._window.registry.refresh()

    def show(self, journey: str, node: str) -> bool:
        """Show a node of a journey of the workspace; False where there is no such journey."""
        tab = self._window.files.open_journey(journey)
        if tab is None:
            return False
        if node in tab.model.journey.nodes:
            tab.go_to(node)
        return True

    # --- bookmarks ---------------------------------------------------------------------------------

    def _mark(self, tab: JourneyTab) -> None:
        """Show the bookmarks on the canvas."""
        marks = tab.model.bookmarks()
        nodes: dict[str, list[str]] = {}
        for number, node in sorted(marks.items()):
            nodes.setdefault(node, []).append(number)
        shown = {
            node: NodeMark(badges=tuple(Badge("star-full", one, "accent", tip=tr("Bookmark {n}: Alt+{n} goes here", n=one)) for one in numbers))
            for node, numbers in nodes.items()
        }  # fmt: skip
        if shown:
            tab.canvas.set_layer(_LAYER, Layer(nodes=shown, priority=5))
        else:
            tab.canvas.clear_layer(_LAYER)

    def set_bookmark(self, number: str) -> None:
        """Put a bookmark at the selected node; where it is there already, take it away."""
        tab = self._window.tab
        chosen = tab.canvas.selected() if tab is not None else ()
        if tab is None or len(chosen) != 1 or chosen[0] not in tab.model.journey.nodes:
            self._window.say(tr("Select one step first; the bookmark is put there."))
            return
        here = tab.model.bookmarks().get(number) == chosen[0]
        if tab.model.set_bookmark(number, "" if here else chosen[0]):
            words = (
                tr("Bookmark {n} was removed.")
                if here
                else tr("Bookmark {n} is here: Alt+{n} comes back.")
            )
            self._window.say(words.format(n=number))

    def go_bookmark(self, number: str) -> None:
        """Go to a bookmark of the journey in front, or of another open one."""
        tabs = self._window.tabs()
        front = self._window.tab
        for tab in sorted(tabs, key=lambda one: one is not front):
            node = tab.model.bookmarks().get(number)
            if node is not None:
                self._window.show_tab(tab)
                tab.go_to(node)
                return
        self._window.say(
            tr("There is no bookmark {n}. Select a step and press Alt+Shift+{n}.", n=number)
        )
