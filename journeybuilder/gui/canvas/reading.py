"""Tells screen readers what happens on the canvas: where the focus is, what is selected or gone."""

from typing import TYPE_CHECKING
from weakref import ReferenceType, ref

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent

from journeybuilder.gui.canvas.access import Crib
from journeybuilder.gui.canvas.model import WireKey
from journeybuilder.gui.canvas.telling import wire_words
from journeybuilder.gui.look.language import tr, trn

if TYPE_CHECKING:
    from journeybuilder.gui.canvas.view import CanvasView


class Reading(QObject):
    """Follows one canvas; costs nothing where nobody listens."""

    def __init__(self, view: "CanvasView") -> None:
        super().__init__(view)
        self._view: ReferenceType[CanvasView] = ref(view)
        self.crib = Crib(view)
        self._focused = ""
        self._wires: dict[WireKey, str] = {}
        self._titles: dict[str, str] = {}
        self._places: dict[str, tuple[float, float]] = {}
        self._selected: frozenset[str] = frozenset()
        view.destroyed.connect(self.crib.empty)
        view.board.changed_content.connect(self._on_content)
        view.board.selection_changed.connect(self._on_selection)

    def tell_focus(self) -> None:
        """The keyboard may be at another node now."""
        view = self._view()
        if view is None or not QAccessible.isActive():
            return
        current = view.board.current if view.hasFocus() else ""
        if current != self._focused:
            self._focused = current
            if current in view.board.nodes:
                self._tell(current, QAccessible.Event.Focus)

    def _tell(self, node_id: str, what: QAccessible.Event) -> None:
        QAccessible.updateAccessibility(QAccessibleEvent(self.crib.node(node_id), what))

    def say(self, words: str) -> None:
        """Let a screen reader say something that has happened."""
        view = self._view()
        if view is not None and words and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, words))

    def _on_selection(self, _ids: object) -> None:
        view = self._view()
        if view is None or not QAccessible.isActive():
            return
        now = frozenset(view.board.selection)
        came, went = now - self._selected, self._selected - now
        self._selected = now
        if len(came) == len(now) == 1:
            self._tell(next(iter(came)), QAccessible.Event.Selection)
            return
        for node_id in came:
            self._tell(node_id, QAccessible.Event.SelectionAdd)
        for node_id in went & view.board.nodes.keys():
            self._tell(node_id, QAccessible.Event.SelectionRemove)
        if len(now) > 1:
            self.say(trn("{n} step selected", "{n} steps selected", len(now)))

    def _on_content(self) -> None:
        view = self._view()
        if view is None:
            return
        self.crib.prune()
        if not QAccessible.isActive():
            self._titles.clear()
            return
        before_titles, before_wires, before_places = self._titles, self._wires, self._places
        board = view.board
        self._titles = {name: item.view.title for name, item in board.nodes.items()}
        self._wires = {key: wire.target for key, wire in board.wires.items()}
        self._places = {name: (item.x(), item.y()) for name, item in board.nodes.items()}
        if before_titles:
            self.say(self._changes(view, before_titles, before_wires))
            moved = [
                name
                for name, place in self._places.items()
                if name in before_places and before_places[name] != place
            ]
            for name in moved:
                self._tell(name, QAccessible.Event.LocationChanged)

    def _changes(
        self, view: "CanvasView", titles: dict[str, str], wires: dict[WireKey, str]
    ) -> str:
        """What has come or gone, in words; of many things only how many."""
        came = [title for name, title in self._titles.items() if name not in titles]
        gone = [title for name, title in titles.items() if name not in self._titles]
        if came or gone:
            parts = (_counted(came, tr("added")), _counted(gone, tr("removed")))
            return ", ".join(part for part in parts if part)
        new = [key for key, target in self._wires.items() if wires.get(key) != target]
        old = [key for key in wires if key not in self._wires]
        if len(new) == 1:
            return wire_words(view.board, new[0])
        parts = (
            trn("{n} way connected", "{n} ways connected", len(new)) if new else "",
            trn("{n} way disconnected", "{n} ways disconnected", len(old)) if old else "",
        )
        return ", ".join(part for part in parts if part)


def _counted(titles: list[str], verb: str) -> str:
    if len(titles) > 1:
        return tr("{n} steps {verb}", n=len(titles), verb=verb)
    return tr("{title} {verb}", title=titles[0], verb=verb) if titles else ""
