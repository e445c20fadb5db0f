"""Rows of the debugger: keys and menu are the same in each of its lists."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import ICON, KEY, SUB, TAG, TONE, RowDelegate, as_rows

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OWN = (Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Space)
"""Keys that are this list's where it has the focus, whatever they do elsewhere in the window."""


def _is_own(event: QKeyEvent) -> bool:
    return event.key() in _OWN or event.matches(QKeySequence.StandardKey.Copy)


class RowTree(QTreeWidget):
    """A list whose rows can be opened, edited, switched and removed.

    Signals:
        opened: A row was double-clicked, or Enter pressed on it. `edit_asked`: F2.
        remove_asked: Delete. `switch_asked`: Space.
        menu_asked: A row, and where on the screen its menu belongs.
        copy_asked: Ctrl+C.
    """

    opened = Signal(object)
    edit_asked = Signal(object)
    remove_asked = Signal(object)
    switch_asked = Signal(object)
    copy_asked = Signal(object)
    menu_asked = Signal(object, QPoint)

    def __init__(self, look: Look, name: str, about: str) -> None:
        super().__init__()
        as_rows(self, 14)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setExpandsOnDoubleClick(False)
        self.setAccessibleName(name)
        self.setAccessibleDescription(about)
        self._delegate = RowDelegate(look, tiles=False)
        self.setItemDelegate(self._delegate)
        self.itemDoubleClicked.connect(self._double_clicked)

    def _double_clicked(self, item: QTreeWidgetItem) -> None:
        self.opened.emit(item)

    @override
    def event(self, e: QEvent) -> bool:
        if isinstance(e, QKeyEvent) and e.type() == QEvent.Type.ShortcutOverride and _is_own(e):
            e.accept()
            return True
        return super().event(e)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        signal = {
            Qt.Key.Key_F2: self.edit_asked,
            Qt.Key.Key_Delete: self.remove_asked,
            Qt.Key.Key_Space: self.switch_asked,
            **dict.fromkeys(_ENTER, self.opened),
        }.get(Qt.Key(event.key()))
        if item is None:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit(item)
        elif signal is not None:
            signal.emit(item)
        elif event.key() == Qt.Key.Key_Menu:
            corner = self.visualItemRect(item).bottomLeft()
            self.menu_asked.emit(item, self.viewport().mapToGlobal(corner))
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        item = self.currentItem() if by_keys else self.itemAt(event.pos())
        if item is None:
            return
        self.setCurrentItem(item)
        corner = self.visualItemRect(item).bottomLeft()
        place = self.viewport().mapToGlobal(corner) if by_keys else event.globalPos()
        self.menu_asked.emit(item, place)

    # --- rows --------------------------------------------------------------------------------------

    def lines(self) -> list[QTreeWidgetItem]:
        """The outermost rows."""
        found = (self.topLevelItem(n) for n in range(self.topLevelItemCount()))
        return [one for one in found if one is not None]

    def height_for(self, least: int, most: int) -> int:
        """Pixels that so many rows take, at least and at most."""
        rows = max(least, min(most, self.topLevelItemCount()))
        high = (
            self.sizeHintForRow(0) if self.topLevelItemCount() else 2 * self.fontMetrics().height()
        )
        return rows * high + 4


def fill(
    item: QTreeWidgetItem,
    key: object,
    icon: str,
    words: Sequence[str],
    tone: str = "muted",
    tip: str = "",
) -> None:
    """Give a row what it shows.

    Args:
        item: The row.
        key: What it stands for.
        icon: Name of an icon.
        words: Title, second line and tag.
        tone: Color of icon and tag.
        tip: The tooltip; the words where it is empty.
    """
    title, sub, tag = words
    item.setText(0, title)
    item.setData(0, KEY, key)
    item.setData(0, ICON, icon)
    item.setData(0, SUB, sub)
    item.setData(0, TAG, tag)
    item.setData(0, TONE, tone)
    told = [one for one in (title, sub, tag) if one]
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, ", ".join(told))
    item.setToolTip(0, tip or "\n".join(told))
