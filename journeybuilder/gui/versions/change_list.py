"""A list of what differs between two versions, in words; used wherever versions are compared."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidget, QListWidgetItem

from journeybuilder.document.diff import Change
from journeybuilder.gui.forms.base import sentence
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import ICON, SUB, TAG, TONE, WRAP, RowDelegate
from journeybuilder.gui.versions.diff_marks import LOOKS, OTHER

_CHANGE = Qt.ItemDataRole.UserRole + 20


class ChangeList(QListWidget):
    """The changes, one a row.

    Signals:
        chosen: The node of a change, when its row is looked at; "" where it is none's.
        opened: Likewise, when the row is clicked twice or Enter is pressed on it.
    """

    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "rows")
        self.setMouseTracking(True)
        self.setAccessibleName(tr("What differs"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)  # rows that wrap are as high as they need
        self._delegate = RowDelegate(look, tiles=False)
        self.setItemDelegate(self._delegate)
        self._shown: Sequence[Change] = ()
        self.currentItemChanged.connect(self._looked_at)
        self.itemActivated.connect(self._opened)

    @property
    def changes(self) -> Sequence[Change]:
        """What is listed."""
        return self._shown

    def show_changes(self, changes: Sequence[Change]) -> None:
        """List these."""
        if list(changes) == list(self._shown):
            return
        self._shown = list(changes)
        self.clear()
        for change in changes:
            icon, word, tone = LOOKS.get(change.what, OTHER)
            item = QListWidgetItem(change.node or tr("The journey itself"))
            item.setData(SUB, sentence(said(change.words)))
            item.setData(WRAP, True)
            item.setData(ICON, icon)
            item.setData(TONE, tone)
            item.setData(TAG, tr(word))
            item.setData(_CHANGE, change)
            item.setToolTip(sentence(said(change.words)))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{tr(word)}: {change.words}")
            self.addItem(item)
        self.scheduleDelayedItemsLayout()

    def chosen_change(self) -> Change | None:
        """The change whose row is looked at."""
        row = self.currentRow()
        found = self.item(row).data(_CHANGE) if row >= 0 else None
        return found if isinstance(found, Change) else None

    def _looked_at(self) -> None:
        change = self.chosen_change()
        self.chosen.emit(change.node if change is not None else "")

    def _opened(self) -> None:
        change = self.chosen_change()
        if change is not None:
            self.opened.emit(change.node)
