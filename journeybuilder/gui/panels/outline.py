"""The journey as a tree: every node in the order of its path, below it its ways out.

All that the canvas does by mouse is done here by keys; screen readers read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget
from typing_extensions import override

from journeybuilder.gui.canvas.model import NodeView
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.journey_model import JourneyModel
from journeybuilder.gui.look import Look
from journeybuilder.gui.panels.rows import GROUP, HEADER, ICON, KEY, SUB, TAG, TONE, RowDelegate
from journeybuilder.gui.search import Hit, find, path_order

_SETTLE = 80  # ms after the last edit until the tree follows
_PORT = Qt.ItemDataRole.UserRole + 30
_KEYS = (
    "Enter: settings or where a way leads · F2: rename · C: connect · Ins: add a step · "
    "Del: remove · G: go where it leads"
)
_TITLE_LEFT = 34  # px from the left of a row to its title
_TONES = {"error": "error", "timeout": "warning"}


@dataclass(frozen=True, slots=True)
class Place:
    """A row: a node, or with `port` one of its ways out."""

    node: str
    port: str = ""


class OutlineTree(QTreeWidget):
    """The tree.

    Signals:
        asked: What a key asks for (`open`, `connect`, `add`, `remove`, `go`) and the `Place`.
        renamed: Id of a node and the title that was typed.
    """

    asked = Signal(str, object)
    renamed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setProperty("role", "rows")
        self.setIndentation(12)
        self.setRootIsDecorated(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Outline of the journey")
        self.setAccessibleDescription(_KEYS)
        self._renaming = ""
        self.line = QLineEdit(self.viewport())
        self.line.setAccessibleName("New title of the node")
        self.line.hide()
        self.line.editingFinished.connect(self._finish)
        self.line.installEventFilter(self)

    def place(self, item: QTreeWidgetItem | None) -> Place | None:
        """What a row stands for; None for a heading."""
        name = item.data(0, KEY) if item is not None else None
        if item is None or not isinstance(name, str):
            return None
        return Place(name, str(item.data(0, _PORT) or ""))

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

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {
            Qt.Key.Key_Return: "open",
            Qt.Key.Key_Enter: "open",
            Qt.Key.Key_Delete: "remove",
            Qt.Key.Key_Backspace: "remove",
            Qt.Key.Key_Insert: "add",
            Qt.Key.Key_Plus: "add",
            Qt.Key.Key_C: "connect",
            Qt.Key.Key_G: "go",
        }
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        asked = keys.get(Qt.Key(event.key())) if plain else None
        place = self.place(self.currentItem())
        if place is not None and plain and event.key() == Qt.Key.Key_F2:
            self.rename(place)
            return
        if asked is not None and place is not None:
            self.asked.emit(asked, place)
            return
        super().keyPressEvent(event)

    @override
    def mouseDoubleClickEvent(self, event: object) -> None:
        place = self.place(self.currentItem())
        if place is not None:
            self.asked.emit("open", place)


class OutlinePanel(QWidget):
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
        layout = column(self, spacing=8, margins=(8, 8, 8, 8))
        self.line = QLineEdit()
        self.line.setPlaceholderText("Find in this journey")
        self.line.setClearButtonEnabled(True)
        self.line.setAccessibleName("Find in the names and texts of this journey")
        self.tree = OutlineTree()
        self._delegate = RowDelegate(look)
        self.tree.setItemDelegate(self._delegate)
        layout.addWidget(self.line)
        layout.addWidget(self.tree, 1)
        self._words = label(_KEYS, "help", wrap=True)
        layout.addWidget(self._words)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.refresh)
        self.line.textChanged.connect(self._searched)
        self.line.installEventFilter(self)
        self.tree.currentItemChanged.connect(self._current)
        self.tree.renamed.connect(self._renamed)
        self.tree.asked.connect(self.asked)

    @override
    def sizeHint(self) -> QSize:
        return QSize(272, 600)

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
        opened = {name for name, item in self._rows.items() if item.isExpanded()}
        self.tree.clear()
        self._rows, self._said = {}, {}
        for name in order:
            item = QTreeWidgetItem()
            if not name:
                if loose:
                    item.setText(0, "Not reached from the start")
                    item.setData(0, HEADER, 1)
                    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
                    self.tree.addTopLevelItem(item)
                continue
            item.setData(0, KEY, name)
            for port in views[name].ports:
                child = QTreeWidgetItem(item)
                child.setData(0, KEY, name)
                child.setData(0, _PORT, port.name)
            self._rows[name] = item
            self.tree.addTopLevelItem(item)
            item.setExpanded(name in opened)
        self._restore(here)

    def _restore(self, here: Place | None) -> None:
        item = self._rows.get(here.node) if here is not None else None
        if item is None or here is None:
            return
        ports = [one for one in _children(item) if one.data(0, _PORT) == here.port]
        self.tree.setCurrentItem(ports[0] if ports else item)

    @staticmethod
    def _target(name: str, model: JourneyModel) -> str:
        return model.node(name).title if name in model.journey.nodes else "nowhere yet"

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
        begins = "Start. " if "start" in view.badges else ""
        spoken = f"{begins}{view.title}, {view.kind}. {view.line}. {wired} of {len(view.ports)} ways out lead on"
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{spoken}. {worst}".strip(" ."))
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
