"""The list of the palette as a widget: Enter chooses, Space gives a star, a drag takes an entry along."""

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QTreeView
from typing_extensions import override

from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.rows import as_rows
from journeybuilder.gui.panels.palette_model import ENTRY, Index
from journeybuilder.gui.workspace.palette_entries import PaletteEntry

_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class PaletteTree(QTreeView):
    """The rows; Enter chooses, Space gives a star.

    Signals:
        taken: Index of a row that was chosen by key or click.
        star: Index of a row that gets a star or loses it.
        dragged: Index of a row that is being dragged.
    """

    taken = Signal(object)
    star = Signal(object)
    dragged = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        as_rows(self, 12)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setExpandsOnDoubleClick(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(tr("Steps and tools to add"))
        self.clicked.connect(self._clicked)
        self.doubleClicked.connect(self._doubled)

    @override
    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Nothing: rows are indented, and the selection ends where they begin."""

    def _clicked(self, index: QModelIndex) -> None:
        if self.model().rowCount(index):
            self.setExpanded(index, not self.isExpanded(index))
        elif index.data(ENTRY) is None:
            self.taken.emit(index)  # rows that do something do it at one click

    def _doubled(self, index: QModelIndex) -> None:
        if index.data(ENTRY) is not None:
            self.taken.emit(index)

    @override
    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        self.dragged.emit(self.currentIndex())
        super().startDrag(supportedActions)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in _ENTER and index.isValid():
            if self.model().rowCount(index):
                self.setExpanded(index, not self.isExpanded(index))
            else:
                self.taken.emit(index)
            return
        if event.key() == Qt.Key.Key_Space and isinstance(index.data(ENTRY), PaletteEntry):
            self.star.emit(index)
            return
        super().keyPressEvent(event)
