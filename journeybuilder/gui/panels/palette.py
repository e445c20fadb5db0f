"""The palette: node kinds and what each server offers; drag onto the canvas or press Enter."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QMenu,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QWidget,
)
from typing_extensions import override

from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.panels.palette_details import details
from journeybuilder.gui.panels.palette_model import ENTRY, FEW_SERVERS, PaletteModel, Row
from journeybuilder.gui.panels.palette_rows import PaletteDelegate
from journeybuilder.gui.panels.palette_search import PaletteSearch
from journeybuilder.gui.panels.palette_tree import PaletteTree
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.gui.workspace.palette_entries import (
    PaletteEntry,
    kind_entries,
    offered,
    tool_entry,
)
from journeybuilder.gui.workspace.palette_habits import Habits
from journeybuilder.gui.workspace.scope import names_of
from journeybuilder.gui.workspace.server_shelf import Shelf
from journeybuilder.gui.workspace.tool_defaults import begun

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

__all__ = ["PaletteEntry", "PalettePanel", "make_panel"]

_SETTLE = 80  # ms after the last key until the list is searched
_OFTEN = 5


class PalettePanel(Panel, QWidget):
    """Search, steps and servers.

    Signals:
        chosen: A `PaletteEntry` to add.
        refresh: Ask the servers again.
        asked: What shall be done about a server (`retry`, `stop`, `on`, `doctor`) and its name.
    """

    chosen = Signal(object)
    refresh = Signal()
    asked = Signal(str, str)

    def __init__(self, look: Look, habits: Habits) -> None:
        super().__init__()
        self._look = look
        self._habits = habits
        self._space: WorkspaceModel | None = None
        self._tab: JourneyTab | None = None
        self._kinds = kind_entries()
        self._shelves: Sequence[Shelf] = ()
        self._open: dict[str, bool] = {}
        self._hits: list[Row] = []
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self.model = PaletteModel(habits, self.settings_of, self)
        self.finder = PaletteSearch(self)
        self.finder.found.connect(self._found)
        self._build()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.rebuild)
        look.changed.connect(self._recolor)
        self.show_world(None)

    def _build(self) -> None:
        layout = column(self, spacing=8, margins=(8, 8, 8, 8))
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search steps and tools"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(tr("Search steps and tools"))
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self._entered)
        self.search.installEventFilter(self)
        self.tree = PaletteTree()
        self.tree.setModel(self.model)
        self._delegate = PaletteDelegate(self._look)  # a view does not own its delegate
        self._delegate.star_clicked.connect(self._star)
        self.tree.setItemDelegate(self._delegate)
        self.tree.taken.connect(self._taken)
        self.tree.star.connect(self._star)
        self.tree.dragged.connect(self._dragged)
        self.tree.expanded.connect(self._expanded)
        self.tree.collapsed.connect(self._collapsed)
        self.tree.customContextMenuRequested.connect(self._menu)
        self.tree.selectionModel().currentChanged.connect(self._show_details)
        self.about = QTextBrowser()
        self.about.setOpenLinks(False)
        self.about.setAccessibleName(tr("About the selected entry"))
        self.about.setProperty("role", "about")
        self.about.setMinimumHeight(72)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.addWidget(self.tree)
        self._split.addWidget(self.about)
        self._split.setStretchFactor(0, 1)
        self._split.setCollapsible(0, False)
        self._split.setSizes([460, 150])
        layout.addWidget(self.search)
        layout.addWidget(self._split, 1)
        self._empty = label(
            tr("No MCP servers yet. Add them in the servers panel, or to mcp.json of the workspace."),
            "muted", wrap=True,
        )  # fmt: skip
        layout.addWidget(self._empty)
        self.progress = label("", "muted", wrap=True)
        layout.addWidget(self.progress)
        line = row(spacing=8)
        self.refresh_button = QPushButton(tr("Refresh servers"))
        self.refresh_button.setToolTip(tr("Ask every server again for its tools"))
        self.refresh_button.clicked.connect(self.refresh)
        self.stop_button = QPushButton(tr("Stop"))
        self.stop_button.setToolTip(tr("Stop asking; what has answered stays"))
        self.stop_button.setAccessibleName(tr("Stop asking the servers"))
        self.stop_button.clicked.connect(weak(self.ask_for, "stop", ""))
        line.addWidget(self.refresh_button, 1)
        line.addWidget(self.stop_button)
        layout.addLayout(line)

    @override
    def sizeHint(self) -> QSize:
        return QSize(272, 600)

    # --- what it is told ---------------------------------------------------------------------------

    @override
    def show_world(self, space: "WorkspaceModel | None") -> None:
        shelves = [] if space is None else space.shelves()
        other = space is not self._space
        self._space = space
        self.setEnabled(space is not None)
        asking = 0 if space is None else len(space.asking)
        self.refresh_button.setEnabled(bool(shelves) and not asking)
        self.stop_button.setVisible(bool(asking))
        self.progress.setVisible(bool(asking))
        if space is not None and asking:
            done, every = space.asked - asking, space.asked
            self.progress.setText(
                tr("Asking the servers: {done} of {every}", done=done, every=every)
            )
        self._empty.setVisible(space is not None and not shelves)
        same = len(shelves) == len(self._shelves)
        if same and not other and all(a is b for a, b in zip(shelves, self._shelves, strict=True)):
            return
        self._shelves = shelves
        self.rebuild()

    @override
    def show_journey(self, tab: JourneyTab | None) -> None:
        self._tab = tab

    @override
    def go(self) -> None:
        """Put the cursor into the search."""
        self.search.setFocus(BY_KEYS)
        self.search.selectAll()

    def settings_of(self, entry: PaletteEntry) -> Mapping[str, Any]:
        """What an entry begins with in the journey in front."""
        if entry.tool is None or self._tab is None or entry.kind != "tool":
            return entry.settings
        model = self._tab.model
        names = names_of(model.journey, model.known.tools)
        return begun(entry.tool, names, {one.path.partition(".")[0] for one in names})

    # --- rows --------------------------------------------------------------------------------------

    def rebuild(self) -> None:
        """Fill the list again: sections, or the hits of the search."""
        self._settle.stop()
        typed = self.search.text().strip()
        if typed:
            self.finder.start(typed, self._everything(), self._habits.weight)
            return
        self.finder.stop()
        bar = self.tree.verticalScrollBar()
        place, key = bar.value(), self._current_key()
        liked = [one for name in self._habits.favorites if (one := self._by_key(name))]
        often = [one for name in self._habits.often(_OFTEN) if (one := self._by_key(name))]
        self.model.browse(self._kinds, self._shelves, liked, often)
        self._expand()
        self._select(key)
        bar.setValue(place)

    def _everything(self) -> Iterator[PaletteEntry]:
        yield from self._kinds
        for shelf in self._shelves:
            yield from offered(shelf)

    def _by_key(self, key: str) -> PaletteEntry | None:
        """What was liked or used before, where it is still there."""
        what, _, name = key.partition(":")
        if what == "kind":
            return next((one for one in self._kinds if one.key == key), None)
        server = name.partition("/")[0]
        shelf = next((one for one in self._shelves if one.name == server), None)
        if shelf is None:
            return None
        if what == "tool":
            tool = next((one for one in shelf.tools if one.id == name), None)
            return None if tool is None else tool_entry(shelf, tool)
        return next((one for one in offered(shelf, len(shelf.tools)) if one.key == key), None)

    def _expand(self) -> None:
        few = len(self._shelves) <= FEW_SERVERS
        for number, line in enumerate(self.model.rows):
            if line.children:
                wanted = self._open.get(line.key, few or line.title in self._failed())
                self.tree.setExpanded(self.model.index(number, 0), wanted)

    def _failed(self) -> set[str]:
        return {one.name for one in self._shelves if one.state.state == "failed"}

    def _current_key(self) -> str:
        line = self.model.row_of(self.tree.currentIndex())
        return line.key if line is not None else ""

    def _select(self, key: str) -> None:
        index = self.model.find(key) if key else QModelIndex()
        if index.isValid():
            self.tree.setCurrentIndex(index)
        else:
            self._show_details()

    def _found(self, entries: Sequence[PaletteEntry], number: int, done: bool) -> None:
        key = self._current_key()
        typed = self.search.text().strip()
        nothing = tr("Nothing fits “{typed}”", typed=typed) if done else tr("Searching…")
        self.model.hits(entries, number - len(entries), nothing)
        if self.tree.hasFocus() and self.model.find(key).isValid():
            self._select(key)
        elif entries:
            self.tree.setCurrentIndex(self.model.index(0, 0))

    def _typed(self) -> None:
        self._settle.start()

    def _entered(self) -> None:
        if self._settle.isActive() or self.finder.running:
            typed = self.search.text().strip()
            if typed:
                self._settle.stop()
                self.finder.start(typed, self._everything(), self._habits.weight)
        index = self.tree.currentIndex()
        if not index.isValid() and self.search.text().strip():
            index = self.model.index(0, 0)
        if isinstance(index.data(ENTRY), PaletteEntry):
            self._taken(index)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.tree.setFocus()
                if not self.tree.currentIndex().isValid():
                    self._select_first()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _select_first(self) -> None:
        for number, line in enumerate(self.model.rows):
            if line.entry is not None:
                self.tree.setCurrentIndex(self.model.index(number, 0))
                return

    # --- what the person does ------------------------------------------------------------------------

    def _taken(self, index: QModelIndex) -> None:
        line = self.model.row_of(index)
        if line is None:
            return
        if line.entry is not None:
            self._choose(line.entry)
        elif line.action.startswith("more:"):
            self.search.setFocus(BY_KEYS)
            self.search.setText(f"{line.action.partition(':')[2]} ")
        elif line.action:
            what, _, server = line.action.partition(":")
            self.asked.emit(what, server)

    def _choose(self, entry: PaletteEntry) -> None:
        if entry.kind and entry.kind != "legacy":
            self._habits.used(entry.key)
            self.chosen.emit(replace(entry, settings=self.settings_of(entry)))

    def _dragged(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY)
        if isinstance(entry, PaletteEntry):
            self._habits.used(entry.key)

    def _star(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY)
        if not isinstance(entry, PaletteEntry):
            return
        self._habits.star(entry.key)
        if self.search.text().strip():
            self.model.starred()
            self.tree.viewport().update()
        else:
            self.rebuild()

    def _menu(self, place: QPoint) -> None:
        index = self.tree.indexAt(place)
        if not index.isValid():
            index = self.tree.currentIndex()
        entry = index.data(ENTRY)
        if not isinstance(entry, PaletteEntry):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.tree.setCurrentIndex(index)
        if entry.kind and entry.kind != "legacy":
            menu.addAction(tr("Add to the journey")).triggered.connect(weak(self._take_current))
        liked = self._habits.is_favorite(entry.key)
        words = tr("Remove from favorites") if liked else tr("Add to favorites")
        menu.addAction(words).triggered.connect(weak(self._star_current))
        if entry.shelf is not None:
            name = entry.shelf.name
            action = menu.addAction(tr("Show its server"))
            action.triggered.connect(weak(self.ask_for, "doctor", name))
        menu.popup(self.tree.viewport().mapToGlobal(place))

    def ask_for(self, what: str, server: str) -> None:
        """Tell what shall be done about a server."""
        self.asked.emit(what, server)

    def _take_current(self) -> None:
        self._taken(self.tree.currentIndex())

    def _star_current(self) -> None:
        self._star(self.tree.currentIndex())

    def _expanded(self, index: QModelIndex) -> None:
        self._remember(index, opened=True)

    def _collapsed(self, index: QModelIndex) -> None:
        self._remember(index, opened=False)

    def _remember(self, index: QModelIndex, *, opened: bool) -> None:
        line = self.model.row_of(index)
        if line is not None:
            self._open[line.key] = opened

    # --- what it says ----------------------------------------------------------------------------

    def _show_details(self) -> None:
        line = self.model.row_of(self.tree.currentIndex())
        name = line.key.partition(":")[2] if line is not None else ""
        shelf = next((one for one in self._shelves if one.name == name), None)
        text = details(line, shelf, self._look.theme)
        self.about.setHtml(text)
        self.about.setVisible(bool(text))

    def _recolor(self) -> None:
        self.tree.viewport().update()
        self._show_details()


def make_panel(window: "MainWindow") -> PalettePanel:
    """The panel of a window."""
    panel = PalettePanel(window.look, Habits(window.files.settings))
    panel.chosen.connect(window.add)
    panel.refresh.connect(window.files.discover)
    panel.asked.connect(window.serving.asked)
    return panel
