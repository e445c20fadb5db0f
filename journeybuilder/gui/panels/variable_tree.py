"""The rows of the variables: keys, menu, and giving a variable away to a field."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from journeybuilder.gui.journey.variable_index import Spot
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import KEY, TAG, RowDelegate, as_rows
from journeybuilder.gui.look.slots import weak

MIME = "application/x-journeybuilder-variable"
SPOT = Qt.ItemDataRole.UserRole + 30
KEYS = noop(
    "Enter: open, or go there · F2: rename everywhere · Ctrl+C: copy as text · drag into a field"
)


class VariableTree(QTreeWidget):
    """The rows; a variable can be dragged into a field.

    Signals:
        went: The `Spot` to show.
        rename_asked: Name of a variable.
    """

    went = Signal(object)
    rename_asked = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        as_rows(self, 14)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setAccessibleName(tr("Variables of the journey"))
        self.setAccessibleDescription(tr(KEYS))
        self._delegate = RowDelegate(look, tiles=False)
        self.setItemDelegate(self._delegate)
        self.itemActivated.connect(self._go)
        self.itemDoubleClicked.connect(self._go)

    def name(self, item: QTreeWidgetItem | None) -> str:
        """The variable that a row is about, or ""."""
        found = item.data(0, KEY) if item is not None else None
        return found if isinstance(found, str) else ""

    def _go(self, item: QTreeWidgetItem) -> None:
        spot = item.data(0, SPOT)
        if isinstance(spot, Spot):
            self.went.emit(spot)
        elif self.name(item):
            item.setExpanded(not item.isExpanded())

    # --- giving a variable away --------------------------------------------------------------------

    @override
    def mimeTypes(self) -> list[str]:
        return [MIME, "text/plain"]

    @override
    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        data = QMimeData()
        name = next((self.name(one) for one in items if self.name(one)), "")
        if name:
            data.setData(MIME, name.encode())
            data.setText(f"${{{name}}}")
        return data

    def copy(self) -> None:
        """Put the variable on the clipboard as a text that fills it in: `${order.total}`."""
        name = self.name(self.currentItem())
        if name:
            QApplication.clipboard().setMimeData(self.mimeData([self.currentItem()]))  # pyright: ignore[reportArgumentType]

    def first_spot(self, what: str) -> Spot | None:
        """The first place that sets or reads the current variable."""
        item = self.currentItem()
        for index in range(item.childCount() if item is not None else 0):
            child = item.child(index) if item is not None else None
            spot = child.data(0, SPOT) if child is not None else None
            if child is not None and isinstance(spot, Spot) and child.data(0, TAG) == what:
                return spot
        return None

    @override
    def event(self, e: QEvent) -> bool:
        if isinstance(e, QKeyEvent) and e.type() == QEvent.Type.ShortcutOverride:
            copies = e.matches(QKeySequence.StandardKey.Copy)
            if copies or e.key() == Qt.Key.Key_F2:
                e.accept()  # of this list, not of the canvas
                return True
        return super().event(e)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = self.name(self.currentItem())
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif name and event.key() == Qt.Key.Key_F2:
            self.rename_asked.emit(name)
        elif name and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._go(self.currentItem())  # pyright: ignore[reportArgumentType]
        elif name and event.key() == Qt.Key.Key_Menu:
            item = self.currentItem()
            corner = self.visualItemRect(item).bottomLeft()  # pyright: ignore[reportArgumentType]
            self.open_menu(self.viewport().mapToGlobal(corner))
        else:
            super().keyPressEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.name(self.itemAt(event.pos())):
            self.open_menu(event.globalPos())

    def open_menu(self, place: QPoint) -> None:
        """What can be done with the current variable."""
        name = self.name(self.currentItem())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, what in (
            (tr("Go to where it is set"), "set"),
            (tr("Go to where it is used"), "used"),
        ):
            action = menu.addAction(words)
            spot = self.first_spot(tr(what))
            action.setEnabled(spot is not None)
            action.triggered.connect(weak(self._show, spot))
        menu.addSeparator()
        copied: QAction = menu.addAction(tr("Copy as text: {value}", value=f"${{{name}}}"))
        copied.triggered.connect(weak(self.copy))
        renamed = menu.addAction(tr("Rename everywhere…"))
        renamed.setEnabled("." not in name)
        renamed.triggered.connect(weak(self._rename, name))
        menu.popup(place)

    def _show(self, spot: Spot | None) -> None:
        if spot is not None:
            self.went.emit(spot)

    def _rename(self, name: str) -> None:
        self.rename_asked.emit(name)
