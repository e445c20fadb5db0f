"""The tools of one server: their risk, changed in place, and what differs from what was approved."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from journeybuilder.contract.tools import ToolDef
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.theme import icon
from journeybuilder.gui.panels.servers_drift import drift_text
from journeybuilder.gui.workspace.palette_entries import RISK_WORDS, line
from journeybuilder.gui.workspace.server_shelf import Shelf

Index = QModelIndex | QPersistentModelIndex
OWN = Qt.ItemDataRole.UserRole + 1
_LEAST = 44  # pixels that the table and what is said of a tool have at least
MOST = 500
_CHOICES: Sequence[tuple[str, str]] = (
    ("", noop("as the server says")), ("read", noop("reads")), ("write", noop("writes")),
    ("irreversible", noop("irreversible")),
)  # fmt: skip
_SHORT = {"breaking": noop("breaking"), "widening": noop("wider"), "wording": noop("reworded")}
_RISK_ICONS = {"read": "eye", "write": "pencil", "irreversible": "risk"}
_RISK_TONES = {"read": "muted", "write": "warning", "irreversible": "error"}


class ToolsModel(QAbstractTableModel):
    """Tool, risk and how it fits what was approved.

    Signals:
        risk_chosen: A `server/tool` and the risk that the person gives it.
    """

    risk_chosen = Signal(str, str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.shelf: Shelf | None = None
        self.tools: list[ToolDef] = []
        self.more = 0
        self._gone: set[str] = set()
        self._drifted: Mapping[str, Any] = {}

    def show(self, shelf: Shelf | None, typed: str = "") -> None:
        """Show the tools of a server that fit what is typed; what has changed comes first."""
        self.beginResetModel()
        self.shelf = shelf
        gone = [] if shelf is None else shelf.gone()
        self._gone = {tool.id for tool in gone}
        self._drifted = {} if shelf is None else shelf.drifted()
        every = [] if shelf is None else [*gone, *shelf.tools]
        words = typed.casefold().split()
        fits = [tool for tool in every if _fits(tool, words)]
        fits.sort(key=lambda tool: not (tool.id in self._gone or tool.id in self._drifted))
        self.tools, self.more = fits[:MOST], max(0, len(fits) - MOST)
        self.endResetModel()

    def changed(self) -> list[ToolDef]:
        """The tools that are there and not as they were approved."""
        return [] if self.shelf is None else [t for t in self.shelf.tools if t.id in self._drifted]

    def is_gone(self, tool: ToolDef) -> bool:
        """Whether the server no longer offers it."""
        return tool.id in self._gone

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.tools)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 3

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (tr("Tool"), tr("Risk"), tr("Approved"))[section]
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 1 else flags

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.shelf is None or index.row() >= len(self.tools):
            return None
        tool = self.tools[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(tool, index.column())
        if role == Qt.ItemDataRole.DecorationRole:
            return self._icon(tool, index.column())
        own = index.column() == 1 and self.shelf.own_risk(tool.id)
        if own and role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return tr("{risk}, set here", risk=tr(RISK_WORDS[self.shelf.risk(tool)]))
        if role == Qt.ItemDataRole.ToolTipRole:
            return line(tool.description) or tool.id
        if role == OWN:
            return self.shelf.own_risk(tool.id)
        return None

    def _words(self, tool: ToolDef, part: int) -> str:
        shelf = self.shelf
        if part == 0 or shelf is None:
            return line(tool.name, 120)
        if part == 1:
            return tr(RISK_WORDS[shelf.risk(tool)])
        if tool.id in self._gone:
            return tr("gone")
        if tool.id not in shelf.lock:
            return tr("not yet")
        drifts = self._drifted.get(tool.id)
        return tr(_SHORT[drifts[0].kind]) if drifts else tr("yes")

    def _icon(self, tool: ToolDef, part: int) -> Any:
        shelf, theme = self.shelf, self._look.theme
        if shelf is None or part == 0:
            return None
        if part == 1:
            risk = shelf.risk(tool)
            return icon(_RISK_ICONS[risk], theme.color(_RISK_TONES[risk]).name())
        if tool.id in self._gone or tool.id in self._drifted:
            return icon("warning", theme.warning)
        return icon("lock", theme.ok) if tool.id in shelf.lock else None

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        tool = self.tools[index.row()]
        if value == index.data(OWN):
            return False
        self.risk_chosen.emit(tool.id, str(value))
        return True


def _fits(tool: ToolDef, words: Sequence[str]) -> bool:
    text = f"{tool.name} {tool.title} {tool.description[:400]}".casefold()
    return all(word in text for word in words)


class RiskDelegate(QStyledItemDelegate):
    """A list of risks in the cell."""

    @override
    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        box = QComboBox(parent)
        box.setAccessibleName(tr("Risk"))
        for value, words in _CHOICES:
            box.addItem(tr(words), value)
        box.activated.connect(self._chosen)
        return box

    def _chosen(self) -> None:
        box = self.sender()
        if isinstance(box, QComboBox):
            self.commitData.emit(box)
            self.closeEditor.emit(box)

    @override
    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(index.data(OWN))))

    @override
    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())


class ToolsPage(QWidget):
    """Search, table, and what there is to say about the tool in front.

    Signals:
        risk_chosen: A `server/tool` and its risk.
        approve: Tools to approve as they are now.
        forget: Names of approved tools that are gone.
        node_wanted: Id of a journey and of a step in it.
    """

    risk_chosen = Signal(str, str)
    approve = Signal(object)
    forget = Signal(object)
    node_wanted = Signal(str, str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._steps: Mapping[str, Sequence[tuple[str, str]]] = {}
        layout = column(self, spacing=6, margins=(8, 8, 8, 8))
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search its tools"))
        self.search.setAccessibleName(tr("Search its tools"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._refill)
        layout.addWidget(self.search)
        layout.addWidget(self._make_middle(), 1)
        self.note = label("", "muted", wrap=True)
        layout.addWidget(self.note)
        deeds = QVBoxLayout()
        deeds.setSpacing(6)
        self.accept = QPushButton(tr("Accept and pin"))
        self.accept.setToolTip(tr("Approve the tool in front as it is now (mcp.lock)"))
        self.accept.clicked.connect(self._accept)
        self.accept_all = QPushButton(tr("Accept all changes"))
        self.accept_all.clicked.connect(self._accept_all)
        for button in (self.accept, self.accept_all):
            deeds.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(deeds)

    def _make_middle(self) -> QWidget:
        self.model = ToolsModel(self._look)
        self.model.risk_chosen.connect(self.risk_chosen)
        self.table = QTableView()
        self.table.setModel(self.model)
        self._delegate = RiskDelegate()
        self.table.setItemDelegateForColumn(1, self._delegate)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.setIconSize(QSize(16, 16))
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setMinimumSectionSize(72)
        self.table.setProperty("role", "rows")
        self.table.setAccessibleName(tr("Tools of the server"))
        self.table.selectionModel().currentChanged.connect(self._show_tool)
        self.about = QTextBrowser()
        self.about.setOpenLinks(False)
        self.about.setAccessibleName(tr("About the tool"))
        self.about.anchorClicked.connect(self._link)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.table)
        split.addWidget(self.about)
        for part in (self.table, self.about):
            part.setMinimumHeight(_LEAST)
        split.setSizes([220, 130])
        return split

    def show_shelf(
        self, shelf: Shelf | None, steps: Mapping[str, Sequence[tuple[str, str]]]
    ) -> None:
        """Show the tools of a server.

        Args:
            shelf: The server.
            steps: Journey and step that use a tool, by `server/tool`.
        """
        self._steps = steps
        if shelf is self.model.shelf:
            self._show_tool()
            return
        key = self._current()
        self.model.show(shelf, self.search.text())
        names = [tool.id for tool in self.model.tools]
        if key is not None and key.id in names:
            self.table.selectRow(names.index(key.id))
        elif names:
            self.table.selectRow(0)
        self._after()

    def _refill(self) -> None:
        self.model.show(self.model.shelf, self.search.text())
        if self.model.tools:
            self.table.selectRow(0)
        self._after()

    def _after(self) -> None:
        self._show_tool()
        more = self.model.more
        self.note.setText(tr("and {n} more: search to narrow", n=f"{more:,}") if more else "")
        self.note.setVisible(bool(more))
        changed = self.model.changed()
        self.accept_all.setVisible(len(changed) > 1)
        self.accept_all.setText(trn("Accept {n} change", "Accept all {n} changes", len(changed)))

    def _current(self) -> ToolDef | None:
        number = self.table.currentIndex().row()
        return self.model.tools[number] if 0 <= number < len(self.model.tools) else None

    def _show_tool(self) -> None:
        tool, shelf = self._current(), self.model.shelf
        if tool is None or shelf is None:
            none = "" if shelf is None else tr("It offers no tools, or was not asked for them yet.")
            self.about.setPlainText(none if not self.search.text() else tr("Nothing fits."))
            self.accept.setEnabled(False)
            return
        gone = self.model.is_gone(tool)
        drifts = () if gone else shelf.drift(tool)
        pinned = tool.id in shelf.lock
        self.about.setHtml(
            drift_text(tool, drifts, shelf.lock.get(tool.id), self._look.theme, gone=gone,
                       steps=self._steps.get(tool.id, ()))
        )  # fmt: skip
        self.accept.setText(tr("Forget it") if gone else tr("Accept and pin"))
        self.accept.setEnabled(gone or bool(drifts) or not pinned)

    def _link(self, url: Any) -> None:
        journey, _, node = url.toString().partition("#")
        self.node_wanted.emit(journey, node)

    def _accept(self) -> None:
        tool = self._current()
        if tool is None:
            return
        if self.model.is_gone(tool):
            self.forget.emit([tool.id])
        else:
            self.approve.emit([tool])

    def _accept_all(self) -> None:
        self.approve.emit(self.model.changed())
