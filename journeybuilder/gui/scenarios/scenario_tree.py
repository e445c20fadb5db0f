"""The list of scenarios, by journey, each with what came of its last run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem
from typing_extensions import override

from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import HEADER, ICON, SUB, TAG, TONE, RowDelegate, as_rows
from journeybuilder.gui.scenarios.suite_book import State, state_words

NAME = Qt.ItemDataRole.UserRole + 20
_ICONS: Mapping[State, str] = {
    "new": "samples", "waiting": "clock", "passed": "check", "failed": "problem",
    "skipped": "split", "changed": "pencil", "broken": "warning",
}  # fmt: skip
_TONES: Mapping[State, str] = {
    "new": "muted", "waiting": "running", "passed": "ok", "failed": "error",
    "skipped": "muted", "changed": "waiting", "broken": "warning",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario as it is listed."""

    name: str
    state: State
    about: str


Groups = Sequence[tuple[str, Sequence[Row]]]


class ScenarioTree(QTreeWidget):
    """The list.

    Signals:
        asked: What a key or the mouse asks for: `edit`, `run`, `rename`, `duplicate`, `delete`, `undo`.
        menu_asked: Where on the screen to open the menu of what is chosen.
        picked: Another scenario is the current one.
    """

    asked = Signal(str)
    menu_asked = Signal(QPoint)
    picked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        as_rows(self, 0)
        self.setUniformRowHeights(False)
        self.setExpandsOnDoubleClick(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName(tr("Scenarios"))
        self.setAccessibleDescription(
            tr("Enter edits, Ctrl+Enter runs, F2 renames, Ctrl+D duplicates, Delete deletes.")
        )
        self._delegate = RowDelegate(look, tiles=False)
        self.setItemDelegate(self._delegate)
        self._folded: set[str] = set()
        self._quiet = False
        self._shown: Groups = []
        self._items: list[QTreeWidgetItem] = []
        self.itemDoubleClicked.connect(self._opened)
        self.currentItemChanged.connect(self._pointed)
        self.itemCollapsed.connect(self._fold)
        self.itemExpanded.connect(self._unfold)

    # --- rows ------------------------------------------------------------------------------------

    def show_groups(self, groups: Groups) -> None:
        """Show these; what is current and chosen stays so where it is still there."""
        before, self._shown = self._shown, [(words, list(rows)) for words, rows in groups]
        if before == self._shown:
            return
        self._quiet = True
        try:
            if _names(before) == _names(self._shown):
                rows = zip(self._items, _all(before), _all(self._shown), strict=True)
                for item, old, new in rows:
                    if old != new:
                        _fill(item, new)
            else:
                self._make(groups)
                self._items = self.rows()
        finally:
            self._quiet = False

    def _make(self, groups: Groups) -> None:
        here, chosen = self.current(), set(self.chosen())
        self.clear()
        for words, rows in groups:
            head = QTreeWidgetItem([f"{words}  ({len(rows)})"])
            head.setData(0, HEADER, 1)
            head.setData(0, NAME + 1, words)
            spoken = trn("{n} scenario", "{n} scenarios", len(rows))
            head.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{words}, {spoken}")
            self.addTopLevelItem(head)
            for row in rows:
                item = QTreeWidgetItem()
                _fill(item, row)
                head.addChild(item)
                item.setSelected(row.name in chosen)
            head.setExpanded(words not in self._folded)
        for item in self.rows():
            if item.data(0, NAME) == here:
                self.setCurrentItem(item)
                return

    def rows(self) -> list[QTreeWidgetItem]:
        """The rows of scenarios, in their order."""
        heads = (self.topLevelItem(index) for index in range(self.topLevelItemCount()))
        return [row for head in heads if head is not None for row in _below(head)]

    def current(self) -> str:
        """The name of the current scenario, or ""."""
        item = self.currentItem()
        return str(item.data(0, NAME) or "") if item is not None else ""

    def chosen(self) -> list[str]:
        """The names of the selected scenarios; of a group, all that are in it."""
        out: list[str] = []
        for item in self.selectedItems():
            out += [str(one.data(0, NAME)) for one in (_below(item) or [item])]
        return list(dict.fromkeys(name for name in out if name and name != "None"))

    def choose(self, name: str) -> bool:
        """Make a scenario the current one; False where it is not listed."""
        for item in self.rows():
            if item.data(0, NAME) == name:
                parent = item.parent()
                if parent is not None:
                    parent.setExpanded(True)
                self.setCurrentItem(item)
                self.scrollToItem(item)
                return True
        return False

    # --- what the person does -------------------------------------------------------------------

    def _opened(self, item: QTreeWidgetItem) -> None:
        if item.data(0, NAME):
            self.asked.emit("edit")
        else:
            item.setExpanded(not item.isExpanded())

    def _pointed(self) -> None:
        if not self._quiet:
            self.picked.emit()

    def _fold(self, item: QTreeWidgetItem) -> None:
        self._folded.add(str(item.data(0, NAME + 1)))

    def _unfold(self, item: QTreeWidgetItem) -> None:
        self._folded.discard(str(item.data(0, NAME + 1)))

    @staticmethod
    def _wish(event: QKeyEvent) -> str:
        """What a key asks for."""
        keys, control = event.modifiers(), Qt.KeyboardModifier.ControlModifier
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if enter:
            return "run" if keys & control else "edit"
        if event.matches(QKeySequence.StandardKey.Undo):
            return "undo"
        if event.key() == Qt.Key.Key_D and keys & control:
            return "duplicate"
        plain = {Qt.Key.Key_F2: "rename", Qt.Key.Key_Delete: "delete", Qt.Key.Key_Menu: "menu"}
        return plain.get(Qt.Key(event.key()), "")

    @override
    def event(self, e: QEvent) -> bool:
        if isinstance(e, QKeyEvent) and e.type() == QEvent.Type.ShortcutOverride and self._wish(e):
            e.accept()  # of this list, not of the canvas
            return True
        return super().event(e)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        wish, item = self._wish(event), self.currentItem()
        if wish == "menu":
            self._ask_menu()
        elif wish == "edit" and item is not None and not item.data(0, NAME):
            item.setExpanded(not item.isExpanded())
        elif wish:
            self.asked.emit(wish)
        else:
            super().keyPressEvent(event)

    def _ask_menu(self) -> None:
        item = self.currentItem()
        box = self.visualItemRect(item) if item is not None else self.viewport().rect()
        corner = box.bottomLeft() if item is not None else box.center()
        self.menu_asked.emit(self.viewport().mapToGlobal(corner))

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self._ask_menu()
        else:
            self.menu_asked.emit(event.globalPos())


def _all(groups: Groups) -> list[Row]:
    return [row for _, rows in groups for row in rows]


def _names(groups: Groups) -> list[tuple[str, list[str]]]:
    return [(words, [row.name for row in rows]) for words, rows in groups]


def _below(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (item.child(index) for index in range(item.childCount()))
    return [one for one in found if one is not None]


def _fill(item: QTreeWidgetItem, row: Row) -> None:
    words = state_words(row.state)
    data: Mapping[int, object] = {
        Qt.ItemDataRole.DisplayRole: row.name,
        NAME: row.name,
        ICON: _ICONS[row.state],
        TONE: _TONES[row.state],
        TAG: words,
        SUB: row.about,
        Qt.ItemDataRole.AccessibleTextRole: ". ".join(
            one for one in (row.name, words, row.about) if one
        ),
        Qt.ItemDataRole.ToolTipRole: f"{row.name}\n{row.about}".strip(),
    }
    for role, value in data.items():
        if item.data(0, role) != value:
            item.setData(0, role, value)
