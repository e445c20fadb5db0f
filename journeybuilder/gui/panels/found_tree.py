"""The places that were found, in groups by journey."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from journeybuilder.gui.journey.seek import Match
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import RowDelegate, as_rows

MATCH = Qt.ItemDataRole.UserRole + 20


@dataclass(frozen=True, slots=True)
class Place:
    """A match and the journey it is in."""

    journey: str
    match: Match


class FoundTree(QTreeWidget):
    """The places.

    Signals:
        went: The `Place` to show.
    """

    went = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        as_rows(self, 0)
        self.setAccessibleName(tr("What was found"))
        self._delegate = RowDelegate(look, tiles=False)
        self.setItemDelegate(self._delegate)
        self.itemClicked.connect(self._go)
        self.itemActivated.connect(self._go)

    def place(self) -> Place | None:
        """That of the current row."""
        item = self.currentItem()
        found = item.data(0, MATCH) if item is not None else None
        return found if isinstance(found, Place) else None

    def rows(self) -> list[QTreeWidgetItem]:
        """The rows of places."""
        heads = (self.topLevelItem(n) for n in range(self.topLevelItemCount()))
        rows = [
            head.child(n) for head in heads if head is not None for n in range(head.childCount())
        ]
        return [one for one in rows if one is not None]

    def step(self, by: int) -> None:
        """Go to the next place or the one before, around at the end."""
        rows = self.rows()
        if not rows:
            return
        here = next((n for n, item in enumerate(rows) if item is self.currentItem()), None)
        at = (0 if by > 0 else len(rows) - 1) if here is None else (here + by) % len(rows)
        self.setCurrentItem(rows[at])
        self._go(rows[at])

    def _go(self, item: QTreeWidgetItem) -> None:
        place = item.data(0, MATCH)
        if isinstance(place, Place):
            self.went.emit(place)
        else:
            item.setExpanded(not item.isExpanded())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
            self._go(item)
        else:
            super().keyPressEvent(event)
