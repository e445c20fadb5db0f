"""The journey as a tree: every node in the order of its path, below it its ways out.

All that the canvas does by mouse is done here by keys; screen readers read it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QTreeWidgetItem, QWidget
from typing_extensions import override

from journeybuilder.gui.canvas.model import NodeView
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.search import Hit, find, path_order
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.rows import GROUP, HEADER, ICON, KEY, SUB, TAG, TONE, RowDelegate
from journeybuilder.gui.panels.outline_tree import PORT, SHORT, OutlineTree, Place
from journeybuilder.gui.panels.panel import BY_KEYS, Panel

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow

__all__ = ["OutlinePanel", "OutlineTree", "Place", "make_panel"]

_EMPTY = noop(
    "This journey has no steps yet. Drag one from “Steps and tools” onto the canvas, or press Tab there."
)
_CLOSED = noop("Open a journey to see its steps as a list.")
_SETTLE = 80  # ms after the last edit until the tree follows
_TONES = {"error": "error", "timeout": "warning"}


class OutlinePanel(Panel, QWidget):
    """Find field and tree.

    Signals:
        chosen: Id of the node of the current row, when the person went there.
        found: A `Hit` to show.
        asked: See `OutlineTree.asked`.
    """

    chosen = Signal(str)
    found = Signal(object)
    asked = Signal(str, object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._model: JourneyModel | None = None
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._said: dict[str, tuple[NodeView, list[str]]] = {}  # what the rows show
        self._shape: object = None
        self._hits: Sequence[Hit] = ()
        self._quiet = False
        self._opened: dict[str, set[str]] = {}  # the nodes that show their ways, by journey
        layout = column(self, spacing=8, margins=(8, 8, 8, 8))
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Find in this journey"))
        self.line.setClearButtonEnabled(True)
        self.line.setAccessibleName(tr("Find in the names and texts of this journey"))
        self.tree = OutlineTree()
        self._delegate = RowDelegate(look)
        self.tree.setItemDelegate(self._delegate)
        layout.addWidget(self.line)
        self._none = label(tr(_EMPTY), "help", wrap=True)
        self._none.hide()
        layout.addWidget(self._none)
        layout.addWidget(self.tree, 1)
        self._words = label(tr(SHORT), "help", wrap=True)
        layout.addWidget(self._words)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.refresh)
        self.line.textChanged.connect(self._searched)
        self.line.installEventFilter(self)
        self.tree.currentItemChanged.connect(self._current)
        self.tree.renamed.connect(self._renamed)
        self.tree.itemExpanded.connect(self._fold)
        self.tree.itemCollapsed.connect(self._fold)
        self.tree.asked.connect(self.asked)

    @override
    def sizeHint(self) -> QSize:
        return QSize(272, 600)

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        self.set_model(tab.model if tab is not None else None)

    @override
    def show_selection(self, ids: Sequence[str]) -> None:
        self.select(ids)

    @override
    def go(self) -> None:
        """Put the focus into the tree."""
        self.tree.setFocus(BY_KEYS)
        first = self.tree.topLevelItem(0)
        if first is not None and self.tree.currentItem() is None:
            self.tree.setCurrentItem(first)

    def set_model(self, model: JourneyModel | None) -> None:
        """Show another journey, or none."""
        if self._model is not None:
            self._model.edited.disconnect(self._later)
            self._model.findings_changed.disconnect(self._later)
        self._model = model
        self._shape = None
        if model is not None:
            model.edited.connect(self._later)
            model.findings_changed.connect(self._later)
        self.refresh()

    def _later(self) -> None:
        """However much happens, the tree follows once, and only where it can be seen."""
        if self.isVisible():
            self._settle.start()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle.stop()

    # --- rows ------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the journey as it is now; where only words differ, the rows stay."""
        self._settle.stop()
        model = self._model
        empty = model is None or not model.journey.nodes
        self._none.setText(tr(_CLOSED if model is None else _EMPTY))
        self._none.setVisible(empty)
        self._words.setHidden(empty)
        if self.tree.editing():
            self._settle.start()  # rows must not go from under the cursor
            return
        if model is None:
            self._quiet = True
            self.tree.clear()
            self._quiet = False
            self._rows = {}
            return
        self._hits = find(model.journey, self.line.text())
        searching = bool(self.line.text().strip())
        reached, loose = path_order(model.journey)
        order = [hit.node for hit in self._hits] if searching else [*reached, "", *loose]
        views = {name: model.node(name) for name in order if name}
        shape = [
            (name, [port.name for port in views[name].ports] if name else []) for name in order
        ]
        self._quiet = True
        try:
            if shape != self._shape or searching:
                self._shape = None if searching else shape
                self._build(order, views, loose=bool(loose) and not searching)
            for name, view in views.items():
                leads = [self._target(port.target, model) for port in view.ports]
                if self._said.get(name) != (view, leads):
                    self._said[name] = (view, leads)
                    self._fill(self._rows[name], view, leads)
            for hit in self._hits:
                if hit.path:
                    self._rows[hit.node].setData(0, SUB, f"{hit.path[0]}: {hit.text}")
        finally:
            self._quiet = False

    def _build(self, order: Sequence[str], views: dict[str, NodeView], *, loose: bool) -> None:
        here = self.tree.place(self.tree.currentItem())
        opened = self._opened.setdefault(self._model.journey.id if self._model else "", set())
        self.tree.clear()
        self._rows, self._said = {}, {}
        for name in order:
            item = QTreeWidgetItem()
            if not name:
                if loose:
                    item.setText(0, tr("Not reached from the start"))
                    item.setData(0, HEADER, 1)
                    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
                    self.tree.addTopLevelItem(item)
                continue
            item.setData(0, KEY, name)
            for port in views[name].ports:
                child = QTreeWidgetItem(item)
                child.setData(0, KEY, name)
                child.setData(0, PORT, port.name)
            self._rows[name] = item
            self.tree.addTopLevelItem(item)
            item.setExpanded(name in opened)
        self._restore(here)

    def _restore(self, here: Place | None) -> None:
        item = self._rows.get(here.node) if here is not None else None
        if item is None or here is None:
            return
        ports = [one for one in _children(item) if one.data(0, PORT) == here.port]
        self.tree.setCurrentItem(ports[0] if ports else item)

    @staticmethod
    def _target(name: str, model: JourneyModel) -> str:
        return model.node(name).title if name in model.journey.nodes else tr("nowhere yet")

    @staticmethod
    def _fill(item: QTreeWidgetItem, view: NodeView, leads: Sequence[str]) -> None:
        worst = next((one for one in view.badges if one in {"error", "warning"}), "")
        item.setText(0, view.title)
        item.setData(0, ICON, view.icon)
        item.setData(0, GROUP, view.group)
        item.setData(0, SUB, view.line)
        item.setData(0, TAG, {"error": "✖", "warning": "⚠"}.get(worst, ""))
        item.setData(0, TONE, worst)
        wired = sum(1 for port in view.ports if port.target)
        begins = tr("Start.") + " " if "start" in view.badges else ""
        leads_on = tr("{n} of {all} ways out lead on", n=wired, all=len(view.ports))
        spoken = f"{begins}{view.title}, {view.kind}. {view.line}. {leads_on}"
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{spoken}. {tr(worst)}".strip(" ."))
        for child, port, target in zip(_children(item), view.ports, leads, strict=True):
            child.setText(0, f"{port.label} → {target}")
            child.setData(0, ICON, "branch")
            child.setData(0, TONE, _TONES.get(port.style, "muted"))

    def select(self, ids: Sequence[str]) -> None:
        """Go where the canvas is."""
        here = self.tree.place(self.tree.currentItem())
        if len(ids) == 1 and ids[0] in self._rows and (here is None or here.node != ids[0]):
            self._quiet = True
            self.tree.setCurrentItem(self._rows[ids[0]])
            self._quiet = False

    def _current(self, item: QTreeWidgetItem | None) -> None:
        place = self.tree.place(item)
        if place is not None and not self._quiet:
            self.chosen.emit(place.node)

    def _fold(self, item: QTreeWidgetItem) -> None:
        """Remember which nodes show their ways, for when the rows are made anew."""
        place = self.tree.place(item)
        if place is None or self._quiet or self._model is None:
            return
        opened = self._opened.setdefault(self._model.journey.id, set())
        if item.isExpanded():
            opened.add(place.node)
        else:
            opened.discard(place.node)

    def _renamed(self, node: str, title: str) -> None:
        """F2 and a new title; an empty one takes the title away."""
        if self._model is not None:
            self._model.retitle(node, title)

    # --- find ------------------------------------------------------------------------------------

    def go_find(self) -> None:
        """Put the cursor into the find field."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def _searched(self) -> None:
        self._shape = None
        self.refresh()

    def step(self, by: int) -> None:
        """Go to the next hit, or back to the one before; around at the end."""
        if not self._hits:
            return
        here = self.tree.place(self.tree.currentItem())
        names = [hit.node for hit in self._hits]
        first = -1 if by > 0 else 0
        at = names.index(here.node) if here is not None and here.node in names else first
        hit = self._hits[(at + by) % len(names)]
        self._quiet = True
        self.tree.setCurrentItem(self._rows[hit.node])
        self._quiet = False
        self.found.emit(hit)

    @override
    def eventFilter(self, o: QObject, e: QEvent) -> bool:
        if o is self.line and e.type() == QEvent.Type.KeyPress and isinstance(e, QKeyEvent):
            key, shift = e.key(), bool(e.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.step(-1 if shift else 1)
                return True
            if key == Qt.Key.Key_Down:
                self.tree.setFocus()
                return True
            if key == Qt.Key.Key_Escape and self.line.text():
                self.line.clear()
                return True
        return super().eventFilter(o, e)


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = [item.child(index) for index in range(item.childCount())]
    return [one for one in found if one is not None]


def make_panel(window: "MainWindow") -> OutlinePanel:
    """The panel of a window."""
    panel = OutlinePanel(window.look)
    panel.chosen.connect(window.front.go_to)
    panel.found.connect(window.show_hit)
    panel.asked.connect(window.outline_asked)
    return panel
