"""The breakpoints of the journey in front: switched, edited, removed, gone to."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QTreeWidgetItem, QWidget

from journeybuilder.gui.debug.breakpoint_deeds import BreakpointDeeds
from journeybuilder.gui.debug.marks import icon_of
from journeybuilder.gui.debug.row_tree import RowTree, fill
from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.rows import KEY
from journeybuilder.gui.look.slots import weak
from journeybuilder.rehearse.debug.breakpoints import Breakpoint


class BreakpointRows(QWidget):
    """The rows, and the button that adds one."""

    def __init__(self, deeds: BreakpointDeeds) -> None:
        super().__init__()
        self._deeds = deeds
        self._shown: object = None
        layout = column(self, spacing=4)
        line: QHBoxLayout = row(spacing=4, margins=(8, 0, 8, 0))
        self.add_button = QPushButton(tr("Add"))
        self.add_button.setObjectName("debugger.breakpoint.add")
        self.add_button.setAccessibleName(tr("Add a breakpoint"))
        self.add_button.clicked.connect(self._ask_add)
        self.more_button = QPushButton(tr("All…"))
        self.more_button.setAccessibleName(tr("All breakpoints: switch or remove them"))
        self.more_button.clicked.connect(self._ask_all)
        line.addWidget(self.add_button)
        line.addWidget(self.more_button)
        line.addStretch(1)
        layout.addLayout(line)
        self.words = label("", "muted", wrap=True)
        self.words.setContentsMargins(8, 0, 8, 0)
        layout.addWidget(self.words)
        self.tree = RowTree(
            deeds.window.look,
            tr("Breakpoints"),
            tr(
                "Enter goes there, Space switches it off or on, F2 edits its condition, Delete removes it."
            ),
        )
        self.tree.setObjectName("debugger.breakpoints")
        layout.addWidget(self.tree, 1)
        self.setFocusProxy(self.tree)
        self.tree.opened.connect(self._go)
        self.tree.edit_asked.connect(self._edit)
        self.tree.remove_asked.connect(self._remove)
        self.tree.switch_asked.connect(self._switch)
        self.tree.menu_asked.connect(self._menu)

    def refresh(self) -> None:
        """Show them as they are now."""
        model = self._deeds.model
        points = self._deeds.points()
        shown = [(one, self._deeds.where(one), self._deeds.missing(one)) for one in points]
        self.add_button.setEnabled(model is not None)
        self.more_button.setEnabled(bool(points))
        if (model is not None, shown) == self._shown:
            return
        self._shown = (model is not None, shown)
        self.words.setVisible(not points)
        self.words.setText(
            tr("Select a step and press F9: a rehearsal stops before it.")
            if model is not None
            else tr("Open a journey to set breakpoints in it.")
        )
        here = self.index(self.tree.currentItem())
        self.tree.clear()
        for number, (point, where, missing) in enumerate(shown):
            item = QTreeWidgetItem(self.tree)
            self._dress(item, number, point, where, missing=missing)
            if number == here:
                self.tree.setCurrentItem(item)

    @staticmethod
    def _dress(
        item: QTreeWidgetItem, number: int, point: Breakpoint, where: str, *, missing: bool
    ) -> None:
        tag = tr("off") if not point.enabled else tr("⚠ gone") if missing else ""
        sub = tr("when {condition}", condition=point.when) if point.when else ""
        tone = "muted" if missing or not point.enabled else "error"
        tip = tr("This step or way out is not there any more.") if missing else ""
        fill(item, number, icon_of(point), (where, sub, tag), tone, tip)

    @staticmethod
    def index(item: QTreeWidgetItem | None) -> int | None:
        """Which breakpoint a row shows."""
        found = item.data(0, KEY) if item is not None else None
        return found if isinstance(found, int) else None

    # --- what can be done --------------------------------------------------------------------------

    def _go(self, item: QTreeWidgetItem) -> None:
        self._deeds.go(self.index(item))

    def _edit(self, item: QTreeWidgetItem) -> None:
        self._deeds.edit(self.index(item))

    def _remove(self, item: QTreeWidgetItem) -> None:
        self._deeds.remove(self.index(item))

    def _switch(self, item: QTreeWidgetItem) -> None:
        self._deeds.switch(self.index(item))

    def _menu(self, item: QTreeWidgetItem, place: QPoint) -> None:
        number = self.index(item)
        point = self._deeds.point(number)
        if point is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries = (
            (tr("Go there"), self._deeds.go, bool(point.node)),
            (tr("Switch off") if point.enabled else tr("Switch on"), self._deeds.switch, True),
            (tr("Edit the condition…"), self._deeds.edit, True),
            (tr("Remove"), self._deeds.remove, True),
        )
        for words, deed, able in entries:
            action = menu.addAction(words)
            action.setEnabled(able)
            action.triggered.connect(weak(deed, number))
        menu.popup(place)

    def _ask_add(self) -> None:
        self._deeds.ask_add(self.add_button)

    def _ask_all(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        on = menu.addAction(tr("Switch all on"))
        on.triggered.connect(weak(self._deeds.switch_all, True))
        off = menu.addAction(tr("Switch all off"))
        off.triggered.connect(weak(self._deeds.switch_all, False))
        menu.addAction(tr("Remove all")).triggered.connect(weak(self._deeds.remove_all))
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))
