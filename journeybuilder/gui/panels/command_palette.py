"""The command palette: every action by a few letters."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget
from typing_extensions import override

from journeybuilder.gui.commands import Registry
from journeybuilder.gui.forms.base import column
from journeybuilder.gui.look import Look
from journeybuilder.gui.panels.rows import ICON, KEY, TAG, RowDelegate

_WIDTH, _HEIGHT, _TOP = 560, 400, 72


class CommandPalette(QFrame):
    """A box over the window; Enter gives the command, Esc closes."""

    def __init__(self, registry: Registry, look: Look, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._registry = registry
        layout = column(self, spacing=0)
        self.line = QLineEdit()
        self.line.setPlaceholderText("Type what you want to do")
        self.line.setAccessibleName("Search all commands")
        self.list = QListWidget()
        self.list.setProperty("role", "rows")
        self.list.setAccessibleName("Commands")
        self.list.setMouseTracking(True)
        self._delegate = RowDelegate(look, tiles=False)
        self.list.setItemDelegate(self._delegate)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(self.line)
        layout.addWidget(self.list, 1)
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._give)

    def open_over(self, window: QWidget) -> None:
        """Show it in the upper middle of a window."""
        self.line.clear()
        self._search("")
        corner = window.mapToGlobal(QPoint((window.width() - _WIDTH) // 2, _TOP))
        self.setGeometry(corner.x(), corner.y(), _WIDTH, min(_HEIGHT, window.height() - _TOP - 16))
        self.show()
        self.line.setFocus()

    def _search(self, typed: str) -> None:
        self.list.clear()
        for command in self._registry.search(typed):
            item = QListWidgetItem(command.title.replace("&", "").replace("…", ""))
            keys = self._registry.action(command.id).shortcut()
            item.setData(
                TAG, keys.toString(QKeySequence.SequenceFormat.NativeText) or command.group
            )
            item.setData(ICON, command.icon or "run")
            item.setData(KEY, command.id)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _give(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        command = str(item.data(KEY))
        self.hide()
        self._registry.run(command)

    @override
    def eventFilter(self, o: QObject, e: QEvent) -> bool:
        if o is self.line and e.type() == QEvent.Type.KeyPress and isinstance(e, QKeyEvent):
            if e.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._give(self.list.currentItem())
                return True
            steps = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 8,
                Qt.Key.Key_PageUp: -8,
            }
            step = steps.get(Qt.Key(e.key()))
            if step is not None:
                row = max(0, min(self.list.count() - 1, self.list.currentRow() + step))
                self.list.setCurrentRow(row)
                return True
        return super().eventFilter(o, e)
