"""The rows of the outline and their keys."""

from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QMenu, QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.rows import KEY, as_rows
from journeybuilder.gui.look.slots import weak

PORT = Qt.ItemDataRole.UserRole + 30
KEYS = noop(
    "Enter: settings or where a way leads · F2: rename · C: connect · Ins: add behind · "
    "Shift+Ins: add before · Del: remove · Shift+Del: remove and close the gap · "
    "G: go where it leads · Alt+Up, Alt+Down: order of cases · letters: find a step · Menu: all"
)
SHORT = noop(
    "Enter: settings · F2: rename · C: connect · Ins: add · Del: remove · Menu key: everything"
)
_TYPING = 900  # ms in which letters belong to a word that is looked for
_KEYS_OF = {
    (Qt.Key.Key_Return, ""): "open", (Qt.Key.Key_Enter, ""): "open",
    (Qt.Key.Key_Delete, ""): "remove", (Qt.Key.Key_Backspace, ""): "remove",
    (Qt.Key.Key_Delete, "Shift"): "bypass", (Qt.Key.Key_Insert, ""): "add",
    (Qt.Key.Key_Plus, ""): "add", (Qt.Key.Key_Insert, "Shift"): "before",
    (Qt.Key.Key_C, ""): "connect", (Qt.Key.Key_G, ""): "go",
    (Qt.Key.Key_Up, "Alt"): "up", (Qt.Key.Key_Down, "Alt"): "down", (Qt.Key.Key_F2, ""): "rename",
}  # fmt: skip
_MENU = (
    ("open", noop("Settings")), ("rename", noop("Rename")), ("", ""),
    ("add", noop("Add a step behind…")), ("before", noop("Add a step before…")),
    ("connect", noop("Connect…")), ("go", noop("Go where it leads")), ("", ""),
    ("remove", noop("Remove")), ("bypass", noop("Remove and close the gap")),
)  # fmt: skip
_PORT_MENU = (
    ("connect", noop("Connect…")), ("add", noop("Add a step here…")),
    ("go", noop("Go where it leads")), ("", ""), ("up", noop("Move up")), ("down", noop("Move down")),
    ("", ""), ("remove", noop("Disconnect")),
)  # fmt: skip
_TITLE_LEFT = 34  # px from the left of a row to its title


@dataclass(frozen=True, slots=True)
class Place:
    """A row: a node, or with `port` one of its ways out."""

    node: str
    port: str = ""


class OutlineTree(QTreeWidget):
    """The tree.

    Signals:
        asked: What a key asks for (`open`, `connect`, `add`, `before`, `remove`, `bypass`, `go`, `up`,
            `down`) and the `Place`.
        renamed: Id of a node and the title that was typed.
    """

    asked = Signal(str, object)
    renamed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        as_rows(self, 12)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(tr("Outline of the journey"))
        self.setAccessibleDescription(tr(KEYS))
        self._renaming = ""
        self._typed = QElapsedTimer()
        self.line = QLineEdit(self.viewport())
        self.line.setAccessibleName(tr("New title of the node"))
        self.line.hide()
        self.line.editingFinished.connect(self._finish)
        self.line.installEventFilter(self)

    def place(self, item: QTreeWidgetItem | None) -> Place | None:
        """What a row stands for; None for a heading."""
        name = item.data(0, KEY) if item is not None else None
        if item is None or not isinstance(name, str):
            return None
        return Place(name, str(item.data(0, PORT) or ""))

    def editing(self) -> bool:
        """Whether a title is being typed."""
        return self.line.isVisible()

    def rename(self, place: Place) -> None:
        """Let the person type another title into the row of a node."""
        item = self.currentItem()
        if item is None or place.port:
            return
        self._renaming = place.node
        self.line.setText(item.text(0))
        self.line.setGeometry(self.visualItemRect(item).adjusted(_TITLE_LEFT, 2, -4, -2))
        self.line.show()
        self.line.selectAll()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _finish(self) -> None:
        node, self._renaming = self._renaming, ""
        if node:
            self.line.hide()
            self.setFocus()
            self.renamed.emit(node, self.line.text().strip())

    @override
    def eventFilter(self, object: QObject, event: QEvent) -> bool:
        left = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if object is self.line and left and event.type() == QEvent.Type.KeyPress:
            self._renaming = ""
            self.line.hide()
            self.setFocus()
            return True
        return super().eventFilter(object, event)

    def wish(self, event: QKeyEvent) -> str:
        """What a key asks for; "" for one that moves or looks for a step by its first letters."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        names = {
            Qt.KeyboardModifier.NoModifier: "", Qt.KeyboardModifier.ShiftModifier: "Shift",
            Qt.KeyboardModifier.AltModifier: "Alt",
        }  # fmt: skip
        letters = bool(event.text()) and event.text().isalnum()
        if letters and self._typed.isValid() and self._typed.elapsed() < _TYPING:
            return ""
        return _KEYS_OF.get((Qt.Key(event.key()), names.get(held, "other")), "")

    @override
    def event(self, e: QEvent) -> bool:
        if isinstance(e, QKeyEvent) and e.type() == QEvent.Type.ShortcutOverride and self.wish(e):
            e.accept()  # of this tree, not of the window
            return True
        return super().event(e)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        place, asked = self.place(self.currentItem()), self.wish(event)
        if event.key() == Qt.Key.Key_Menu and place is not None:
            corner = self.visualItemRect(self.currentItem()).bottomLeft()  # pyright: ignore[reportArgumentType]
            self.open_menu(self.viewport().mapToGlobal(corner))
        elif asked and place is not None:
            self.ask(asked)
        else:
            if event.text().isalnum():
                self._typed.start()
            super().keyPressEvent(event)

    def ask(self, what: str) -> None:
        """Ask for something about the current row."""
        place = self.place(self.currentItem())
        if place is None:
            return
        if what == "rename":
            self.rename(place)
        else:
            self.asked.emit(what, place)

    def open_menu(self, at: QPoint) -> None:
        """All that can be done with the current row."""
        place = self.place(self.currentItem())
        if place is None:
            return
        menu = QMenu(self)
        menu.setObjectName("outline")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for what, words in _PORT_MENU if place.port else _MENU:
            if not what:
                menu.addSeparator()
                continue
            action = menu.addAction(tr(words))
            action.setObjectName(what)
            action.triggered.connect(weak(self.ask, what))
        menu.popup(at)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        item = self.itemAt(event.pos())
        if item is not None and event.reason() == QContextMenuEvent.Reason.Mouse:
            self.setCurrentItem(item)
            self.open_menu(event.globalPos())

    @override
    def mouseDoubleClickEvent(self, event: object) -> None:
        place = self.place(self.currentItem())
        if place is not None:
            self.asked.emit("open", place)
