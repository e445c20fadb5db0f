"""The variables at the moment that is looked at: types, values, what changed; one can be changed."""

import json
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QMenu, QTreeWidgetItem, QWidget

from journeybuilder.gui.debug.moment import (
    Seen,
    change_words,
    inside,
    seen_at,
    sort_of_value,
    value_words,
)
from journeybuilder.gui.debug.row_tree import RowTree, fill
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import HEADER
from journeybuilder.gui.look.slots import weak
from journeybuilder.rehearse.debug.timeline import Timeline

SEEN = Qt.ItemDataRole.UserRole + 40


class VariableRows(QWidget):
    """The rows.

    Signals:
        change_asked: A `Seen` that is to get another value.
        watch_asked: An expression.
    """

    change_asked = Signal(object)
    watch_asked = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._shown: object = None
        self._open: set[str] = set()
        layout = column(self, spacing=4)
        self.words = label("", "muted", wrap=True)
        self.words.setContentsMargins(8, 0, 8, 0)
        layout.addWidget(self.words)
        self.tree = RowTree(
            look,
            tr("Variables at this moment"),
            tr("Enter or F2 changes a value and branches, Right opens a group, Ctrl+C copies."),
        )
        self.tree.setObjectName("debugger.variables")
        layout.addWidget(self.tree, 1)
        self.setFocusProxy(self.tree)
        self.tree.itemExpanded.connect(self._expanded)
        self.tree.itemCollapsed.connect(self._collapsed)
        self.tree.opened.connect(self._opened)
        self.tree.edit_asked.connect(self._ask_change)
        self.tree.switch_asked.connect(self._switch)
        self.tree.copy_asked.connect(self._copy)
        self.tree.menu_asked.connect(self._menu)
        self.tree.itemClicked.connect(self._clicked)

    # --- what is shown -----------------------------------------------------------------------------

    def show_moment(self, timeline: Timeline | None, moment: int) -> None:
        """Show the variables as they were then."""
        variables: Sequence[Seen] = ()
        others: Sequence[Seen] = ()
        if timeline is not None and len(timeline):
            variables, others = seen_at(timeline, moment)
        shown = (timeline is not None, [*variables], [*others])
        if shown == self._shown:
            return
        self._shown = shown
        self.words.setText(self._empty_words(timeline))
        self.words.setVisible(not variables)
        if not self._redress([*variables, *others]):
            self._build(variables, others)

    @staticmethod
    def _empty_words(timeline: Timeline | None) -> str:
        if timeline is None or not len(timeline):
            return tr("Start a rehearsal (F5): its variables are shown here as they change.")
        return tr("No variable has been set yet.")

    def _build(self, variables: Sequence[Seen], others: Sequence[Seen]) -> None:
        here = self.seen(self.tree.currentItem())
        place = self.tree.verticalScrollBar().value()
        self.tree.clear()
        for one in variables:
            self._add(self.tree.invisibleRootItem(), one)
        if others:
            head = QTreeWidgetItem([tr("Also there")])
            head.setData(0, HEADER, 1)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.tree.addTopLevelItem(head)
            for one in others:
                self._add(self.tree.invisibleRootItem(), one)
        if here is not None:
            self.choose(here.path)
        self.tree.verticalScrollBar().setValue(place)

    def _redress(self, seen: Sequence[Seen]) -> bool:
        """Give rows their values of another moment; False where there must be other rows."""
        items = [item for item in self.tree.lines() if self.seen(item) is not None]
        if [self._name_of(item) for item in items] != [one.path for one in seen]:
            return False
        for item, one in zip(items, seen, strict=True):
            before = self.seen(item)
            if before == one:
                continue
            if item.childCount() or (
                before is not None and bool(inside(before)) != bool(inside(one))
            ):
                return False  # what is below it may be other rows
            item.setData(0, SEEN, one)
            self._dress(item, one, opened=False)
        return True

    def _name_of(self, item: QTreeWidgetItem) -> str:
        seen = self.seen(item)
        return seen.path if seen is not None else ""

    def _add(self, parent: QTreeWidgetItem, seen: Seen) -> None:
        item = QTreeWidgetItem(parent)
        item.setData(0, SEEN, seen)
        holds = bool(inside(seen))
        if holds:
            policy = QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator
            item.setChildIndicatorPolicy(policy)
        opened = holds and seen.path in self._open
        self._dress(item, seen, opened=opened)
        if opened:
            self._fill(item)
            item.setExpanded(True)

    @staticmethod
    def _dress(item: QTreeWidgetItem, seen: Seen, *, opened: bool) -> None:
        icon, kind = sort_of_value(seen.value)
        sub = f"{kind} · {value_words(seen.value)}" if seen.value is not None else kind
        if inside(seen):
            sub = f"{'▾' if opened else '▸'} {sub}"
        tag = tr("● changed") if seen.changed else ""
        tip = "\n".join(
            one for one in (seen.path, json_of(seen.value, 2)[:2000], change_words(seen)) if one
        )
        fill(item, seen.path, icon, (seen.name, sub, tag), "accent" if tag else "muted", tip)

    def _fill(self, item: QTreeWidgetItem) -> None:
        seen = self.seen(item)
        if seen is not None and not item.childCount():
            for one in inside(seen):
                self._add(item, one)

    def _expanded(self, item: QTreeWidgetItem) -> None:
        seen = self.seen(item)
        if seen is not None:
            self._open.add(seen.path)
            self._fill(item)
            self._dress(item, seen, opened=True)

    def _collapsed(self, item: QTreeWidgetItem) -> None:
        seen = self.seen(item)
        if seen is not None:
            self._open.discard(seen.path)
            self._dress(item, seen, opened=False)

    def seen(self, item: QTreeWidgetItem | None) -> Seen | None:
        """What a row shows."""
        found = item.data(0, SEEN) if item is not None else None
        return found if isinstance(found, Seen) else None

    def choose(self, path: str) -> bool:
        """Make the row of a variable the current one; False where there is none."""
        for item in self.tree.lines():
            seen = self.seen(item)
            if seen is not None and seen.path == path:
                self.tree.setCurrentItem(item)
                return True
        return False

    def shown_values(self) -> dict[str, object]:
        """The variables of the journey as they are shown."""
        found = (self.seen(item) for item in self.tree.lines())
        return {one.name: one.value for one in found if one is not None and one.own}

    # --- what can be done --------------------------------------------------------------------------

    def _opened(self, item: QTreeWidgetItem) -> None:
        seen = self.seen(item)
        if seen is not None and seen.own and not inside(seen):
            self._ask_change(item)
        else:
            self._switch(item)

    def _switch(self, item: QTreeWidgetItem) -> None:
        seen = self.seen(item)
        if seen is not None and inside(seen):
            item.setExpanded(not item.isExpanded())

    def _clicked(self, item: QTreeWidgetItem) -> None:
        """A click on the arrow of a group opens it; the arrow stands before the second line."""
        seen = self.seen(item)
        if seen is None or not inside(seen):
            return
        box = self.tree.visualItemRect(item)
        at = self.tree.viewport().mapFromGlobal(self.tree.cursor().pos())
        if box.contains(at) and at.x() < box.left() + 56:
            self._switch(item)

    def _owner(self, item: QTreeWidgetItem) -> Seen | None:
        """The variable that a row belongs to."""
        while (parent := item.parent()) is not None:
            item = parent
        return self.seen(item)

    def _ask_change(self, item: QTreeWidgetItem) -> None:
        self._change(self._owner(item))

    def _change(self, owner: Seen | None) -> None:
        if owner is not None and owner.own:
            self.change_asked.emit(owner)

    def _copy(self, item: QTreeWidgetItem) -> None:
        seen = self.seen(item)
        if seen is not None:
            self._copy_value(seen.value)

    @staticmethod
    def _copy_value(value: object) -> None:
        QApplication.clipboard().setText(value if isinstance(value, str) else json_of(value))

    def _copy_text(self, seen: Seen) -> None:
        self._copy_value(seen.value)

    def _watch(self, path: str) -> None:
        self.watch_asked.emit(path)

    def _menu(self, item: QTreeWidgetItem, place: QPoint) -> None:
        """Its entries hold values and not rows: rows are made anew while a menu is open."""
        seen, owner = self.seen(item), self._owner(item)
        if seen is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        change = menu.addAction(tr("Change the value and branch…"))
        change.setEnabled(owner is not None and owner.own)
        change.triggered.connect(weak(self._change, owner))
        menu.addAction(tr("Watch it")).triggered.connect(weak(self._watch, seen.path))
        menu.addSeparator()
        menu.addAction(tr("Copy the value")).triggered.connect(weak(self._copy_text, seen))
        menu.popup(place)


def json_of(value: object, indent: int | None = None) -> str:
    """A value as text that can be read back."""
    return json.dumps(value, ensure_ascii=False, default=str, indent=indent)
