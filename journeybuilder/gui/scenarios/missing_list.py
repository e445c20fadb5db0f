"""What no scenario takes of a journey, as a list by kind."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import HEADER, ICON, SUB, TAG, TONE, RowDelegate, as_rows

if TYPE_CHECKING:
    from journeybuilder.rehearse.coverage import Gap

GAP = Qt.ItemDataRole.UserRole + 20
_ICONS = {
    "error": "problem",
    "timeout": "clock",
    "case": "branch",
    "node": "journey",
    "edge": "split",
}
_TONES = {"error": "error", "timeout": "waiting"}


class MissingList(QTreeWidget):
    """What no scenario takes, by its kind.

    Signals:
        menu_asked: Where on the screen to offer what can be done with the current row.
    """

    menu_asked = Signal(QPoint)

    def __init__(self, look: Look) -> None:
        super().__init__()
        as_rows(self, 0)
        self.setAccessibleName(tr("What no scenario takes"))
        self.setAccessibleDescription(
            tr("Enter goes there; the menu key offers to write a scenario.")
        )
        self.setMinimumWidth(160)
        self._delegate = RowDelegate(look, tiles=False)
        self.setItemDelegate(self._delegate)
        self._shown: object = None

    def show_gaps(self, groups: Sequence[tuple[str, Sequence[tuple["Gap", str, str]]]]) -> None:
        """Show these; the current one stays current where it is still there."""
        if groups == self._shown:
            return
        self._shown = groups
        here = self.gap()
        self.clear()
        for words, gaps in groups:
            head = QTreeWidgetItem([f"{words}  ({len(gaps)})"])
            head.setData(0, HEADER, 1)
            self.addTopLevelItem(head)
            for gap, title, port in gaps:
                item = QTreeWidgetItem([title])
                _fill(item, gap, title, port)
                head.addChild(item)
                if gap == here:
                    self.setCurrentItem(item)
            head.setExpanded(True)

    def rows(self) -> list[QTreeWidgetItem]:
        """The rows of what is missing, in their order."""
        heads = [self.topLevelItem(place) for place in range(self.topLevelItemCount())]
        found = [
            head.child(place)
            for head in heads
            if head is not None
            for place in range(head.childCount())
        ]
        return [one for one in found if one is not None]

    def gap(self) -> "Gap | None":
        """That of the current row."""
        item = self.currentItem()
        return item.data(0, GAP) if item is not None else None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and item is not None:
            self.itemActivated.emit(item, 0)
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        item = self.currentItem()
        keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        if keys and item is not None:
            place = self.viewport().mapToGlobal(self.visualItemRect(item).bottomLeft())
            self.menu_asked.emit(place)
            return
        under = self.itemAt(event.pos())
        if not keys and under is not None:
            self.setCurrentItem(under)
            self.menu_asked.emit(event.globalPos())


def _fill(item: QTreeWidgetItem, gap: "Gap", title: str, port: str) -> None:
    data: Mapping[int, object] = {
        ICON: _ICONS[gap.kind],
        TONE: _TONES.get(gap.kind, "muted"),
        TAG: port,
        SUB: "",
        GAP: gap,
        Qt.ItemDataRole.AccessibleTextRole: ", ".join(one for one in (title, port) if one),
        Qt.ItemDataRole.ToolTipRole: f"{title}\n{port}".strip(),
    }
    for role, value in data.items():
        item.setData(0, role, value)
