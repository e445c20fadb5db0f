"""The palette: node kinds and the tools of each server; drag onto the canvas or press Enter."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)
from typing_extensions import override

from journeybuilder.connect.catalog import ServerState
from journeybuilder.contract.tools import Risk, ToolDef
from journeybuilder.gui.canvas.model import NODE_MIME
from journeybuilder.gui.forms.base import column, label, row, sentence
from journeybuilder.gui.fuzzy import ranked
from journeybuilder.gui.look import Look
from journeybuilder.gui.panels.rows import (
    GROUP,
    HEADER,
    ICON,
    KEY,
    SUB,
    TAG,
    TONE,
    WRAP,
    RowDelegate,
)
from journeybuilder.gui.theme import GROUPS
from journeybuilder.kinds import KINDS

_STATE_WORDS = {
    "idle": "not started", "connecting": "connecting…", "ready": "ready", "failed": "failed",
    "stopped": "stopped", "disabled": "switched off",
}  # fmt: skip
_STATE_TONES = {"ready": "ok", "failed": "error", "connecting": "running", "stopped": "warning"}
_RISK_WORDS: Mapping[Risk, str] = {"read": "", "write": "writes", "irreversible": "irreversible"}
GROUP_WORDS: Mapping[str, str] = {
    "talk": "Talk with the customer", "tools": "Tools and data", "models": "Models",
    "flow": "Flow", "people": "People", "other": "Other",
}  # fmt: skip
"""The headings of the groups of kinds."""
_SETTLE = 80  # ms after the last key until the list is searched


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """Something that can be added to the journey."""

    kind: str
    settings: Mapping[str, Any]
    title: str
    sub: str
    icon: str
    group: str
    tag: str = ""
    about: str = ""
    words: tuple[str, ...] = ()


def kind_entries() -> list[PaletteEntry]:
    """Every kind; a tool is added by picking the tool."""
    return [
        PaletteEntry(
            name, {}, kind.title, kind.about, kind.icon, kind.group,
            about=kind.about, words=(kind.title, name, GROUP_WORDS[kind.group], kind.about),
        )
        for name, kind in KINDS.items()
    ]  # fmt: skip


def tool_entry(tool: ToolDef, risk: Risk) -> PaletteEntry:
    """A tool as a node that calls it."""
    about = " ".join(tool.description.split())
    return PaletteEntry(
        "tool", {"tool": tool.id}, tool.label, about or tool.id, "tool", "tools",
        tag=_RISK_WORDS[risk], about=f"{tool.id}\n{tool.description.strip()}",
        words=(tool.label, tool.name, tool.server, about, "tool"),
    )  # fmt: skip


class _Tree(QTreeWidget):
    """The tree; drags the entry of the row."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[str, PaletteEntry] = {}
        self.setHeaderHidden(True)
        self.setProperty("role", "rows")
        self.setRootIsDecorated(False)
        self.setIndentation(12)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setUniformRowHeights(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Steps and tools to add")
        self.itemActivated.connect(self._activated)
        self.itemClicked.connect(self._clicked)

    def entry_of(self, item: QTreeWidgetItem | None) -> PaletteEntry | None:
        """The entry behind a row; None for headings and servers."""
        key = item.data(0, KEY) if item is not None else None
        return self.entries.get(key) if isinstance(key, str) else None

    @override
    def mimeTypes(self) -> list[str]:
        return [NODE_MIME]

    @override
    def mimeData(self, items: Sequence[QTreeWidgetItem]) -> QMimeData:
        data = QMimeData()
        entry = self.entry_of(items[0]) if items else None
        if entry is not None:
            text = json.dumps(
                {"kind": entry.kind, "settings": dict(entry.settings), "title": entry.title}
            )
            data.setData(NODE_MIME, text.encode())
        return data

    def _activated(self, item: QTreeWidgetItem | None) -> None:
        entry = self.entry_of(item)
        if entry is not None:
            self.chosen.emit(entry)

    @staticmethod
    def _clicked(item: QTreeWidgetItem) -> None:
        if item.childCount():
            item.setExpanded(not item.isExpanded())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            item = self.currentItem()
            if item is not None and item.childCount():
                item.setExpanded(not item.isExpanded())
            else:
                self._activated(item)
            return
        super().keyPressEvent(event)


class PalettePanel(QWidget):
    """Search, steps and servers.

    Signals:
        chosen: A `PaletteEntry` to add.
        refresh: Ask the servers again.
    """

    chosen = Signal(object)
    refresh = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        layout = column(self, spacing=8, margins=(8, 8, 8, 8))
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search steps and tools")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search steps and tools")
        self.tree = _Tree()
        self.tree.setItemDelegate(self._keep(RowDelegate(look)))
        line = row(spacing=8)
        line.addWidget(self.search, 1)
        layout.addLayout(line)
        layout.addWidget(self.tree, 1)
        self._empty = label("", "muted", wrap=True)
        self._empty.hide()
        layout.addWidget(self._empty)
        self._refresh = QPushButton("Refresh servers")
        self._refresh.setToolTip("Ask every server again for its tools")
        self._refresh.clicked.connect(self.refresh)
        layout.addWidget(self._refresh)
        self._kinds = kind_entries()
        self._servers: Sequence[ServerState] = ()
        self._tools: Mapping[str, PaletteEntry] = {}
        self._open: dict[str, bool] = {}
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.rebuild)
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self._entered)
        self.search.installEventFilter(self)
        self.tree.chosen.connect(self.chosen)
        self.tree.itemExpanded.connect(self._expanded)
        self.tree.itemCollapsed.connect(self._collapsed)
        self.set_world((), {}, active=False)

    def _keep(self, delegate: RowDelegate) -> RowDelegate:
        self._delegate = delegate  # a view does not own its delegate
        return delegate

    @override
    def sizeHint(self) -> QSize:
        return QSize(272, 600)

    def set_world(
        self,
        servers: Sequence[ServerState],
        tools: Mapping[str, tuple[ToolDef, Risk]],
        *,
        active: bool,
    ) -> None:
        """Show these servers and tools; inactive where no workspace is open."""
        self._servers = servers
        self._tools = {name: tool_entry(tool, risk) for name, (tool, risk) in tools.items()}
        self._refresh.setEnabled(active and bool(servers))
        self.setEnabled(active)
        self._empty.setVisible(active and not servers)
        self._empty.setText(
            "No MCP servers yet. Add them to mcp.json in the workspace, then refresh."
        )
        self.rebuild()

    def _typed(self) -> None:
        self._settle.start()

    def _entered(self) -> None:
        self.rebuild()
        entry = self.tree.entry_of(self.tree.currentItem() or self.tree.topLevelItem(0))
        if entry is not None:
            self.chosen.emit(entry)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.tree.setFocus()
            if self.tree.currentItem() is None:
                self._select_first()
            return
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            return
        super().keyPressEvent(event)

    def _select_first(self) -> None:
        for index in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(index)
            if item is not None and self.tree.entry_of(item) is not None:
                self.tree.setCurrentItem(item)
                return

    def rebuild(self) -> None:
        """Fill the tree again: sections, or the hits of the search."""
        self._settle.stop()
        place = self.tree.verticalScrollBar().value()
        self.tree.clear()
        self.tree.entries = {}
        typed = self.search.text().strip()
        if typed:
            self._show_hits(typed)
            return
        self._show_kinds()
        self._show_servers()
        self.tree.verticalScrollBar().setValue(place)

    def _show_hits(self, typed: str) -> None:
        everything = [*self._kinds, *self._tools.values()]
        hits = ranked(typed, [(entry, entry.words) for entry in everything])
        for entry in hits[:60]:
            self.tree.addTopLevelItem(self._item(entry))
        if not hits:
            nothing = self._heading(f"Nothing fits “{typed}”")
            self.tree.addTopLevelItem(nothing)
        self._select_first()

    def _show_kinds(self) -> None:
        group = ""
        for entry in sorted(self._kinds, key=lambda one: GROUPS.index(one.group)):
            if entry.group != group:
                group = entry.group
                self.tree.addTopLevelItem(self._heading(GROUP_WORDS[group]))
            self.tree.addTopLevelItem(self._item(entry, with_sub=False))

    def _show_servers(self) -> None:
        if not self._servers:
            return
        self.tree.addTopLevelItem(self._heading("Servers and tools"))
        for state in self._servers:
            self._show_server(state)

    def _show_server(self, state: ServerState) -> None:
        item = QTreeWidgetItem([state.name])
        item.setData(0, ICON, "server")
        item.setData(0, TONE, _STATE_TONES.get(state.state, "muted"))
        mine = [entry for name, entry in self._tools.items() if name.startswith(f"{state.name}/")]
        words = _STATE_WORDS[state.state]
        item.setData(0, TAG, f"{len(mine)} tools" if state.ok else words)
        item.setData(0, KEY, f"server:{state.name}")
        if state.error:
            item.setData(0, SUB, f"{sentence(state.error)}\n{state.hint}".strip())
            item.setData(0, WRAP, 1)
        item.setToolTip(
            0, f"{state.name}: {words}" + (f"\n{state.error}\n{state.hint}" if state.error else "")
        )
        item.setData(
            0, Qt.ItemDataRole.AccessibleTextRole, f"Server {state.name}, {words} {state.error}"
        )
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDragEnabled)
        self.tree.addTopLevelItem(item)
        for entry in mine:
            item.addChild(self._item(entry))
        for name, reason in state.rejected:
            child = QTreeWidgetItem([name])
            child.setData(0, ICON, "warning")
            child.setData(0, TONE, "warning")
            child.setData(0, SUB, f"cannot be used: {reason}")
            child.setData(0, WRAP, 1)
            child.setFlags(child.flags() & ~Qt.ItemFlag.ItemIsDragEnabled)
            item.addChild(child)
        item.setExpanded(self._open.get(state.name, True))

    def _item(self, entry: PaletteEntry, *, with_sub: bool = True) -> QTreeWidgetItem:
        item = QTreeWidgetItem([entry.title])
        key = f"{entry.kind}:{entry.settings.get('tool', '')}"
        self.tree.entries[key] = entry
        item.setData(0, KEY, key)
        item.setData(0, ICON, entry.icon)
        item.setData(0, GROUP, entry.group)
        item.setData(0, TAG, entry.tag)
        if entry.tag:
            item.setData(0, TONE, "error" if entry.tag == "irreversible" else "warning")
        if with_sub:
            item.setData(0, SUB, entry.sub)
        item.setToolTip(0, f"{entry.about}\nDrag it onto the canvas or press Enter.")
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{entry.title}. {entry.about}")
        return item

    @staticmethod
    def _heading(text: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setData(0, HEADER, 1)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        return item

    def _expanded(self, item: QTreeWidgetItem) -> None:
        self._open[item.text(0)] = True

    def _collapsed(self, item: QTreeWidgetItem) -> None:
        self._open[item.text(0)] = False
