"""The variables of the journey: type, sample, where each is set and used."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import (
    QHideEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QTreeWidgetItem,
    QWidget,
)
from typing_extensions import override

from journeybuilder.checks.wording import place_words
from journeybuilder.gui.expressions.samples import MISSING
from journeybuilder.gui.expressions.scope import Scope, type_words
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.journey.variable_index import Entry, Spot, VariableIndex
from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.gui.look.rows import HEADER, ICON, KEY, SUB, TAG, TONE
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.gui.panels.variable_tree import KEYS, MIME, SPOT, VariableTree
from journeybuilder.gui.workspace.scope import scopes_for

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

__all__ = ["MIME", "VariableTree", "VariablesPanel", "make_panel"]

_SETTLE = 150  # ms after the last edit until the list follows
_LONG = 60
_TITLES = {
    "variable": noop("Variables"),
    "input": noop("Given at the start (input)"),
    "output": noop("Given back at the end (output)"),
    "given": noop("Always there"),
}
_TYPE_ICONS = {
    "text": "type-text", "int": "type-number", "double": "type-number", "number": "type-number",
    "bool": "type-bool", "list": "type-list", "object": "type-object", "moment": "type-moment",
}  # fmt: skip


class VariablesPanel(Panel, QWidget):
    """Filter and tree."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self._model: JourneyModel | None = None
        self._space: WorkspaceModel | None = None
        self._index = VariableIndex()
        self._shown: object = None
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        layout = column(self, spacing=8, margins=(8, 8, 8, 8))
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Filter the variables"))
        self.line.setClearButtonEnabled(True)
        self.line.setAccessibleName(tr("Show only variables with these words"))
        self.tree = VariableTree(window.look)
        self.words = label("", "muted", wrap=True)
        layout.addWidget(self.line)
        layout.addWidget(self.words)
        layout.addWidget(self.tree, 1)
        layout.addWidget(label(tr(KEYS), "help", wrap=True))
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.refresh)
        self.line.textChanged.connect(self.refresh)
        self.tree.went.connect(self._go_to)
        self.tree.rename_asked.connect(self._rename)

    @override
    def sizeHint(self) -> QSize:
        return QSize(272, 600)

    # --- what is shown -----------------------------------------------------------------------------

    @override
    def show_world(self, space: "WorkspaceModel | None") -> None:
        self._space = space
        self._later()

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        if self._model is not None:
            self._model.edited.disconnect(self._later)
            self._model.findings_changed.disconnect(self._later)
        self._model = tab.model if tab is not None else None
        if self._model is not None:
            self._model.edited.connect(self._later)
            self._model.findings_changed.connect(self._later)
        self._index = VariableIndex()
        self.refresh()

    def _later(self) -> None:
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

    @override
    def go(self) -> None:
        """Put the focus into the tree."""
        self.tree.setFocus(BY_KEYS)
        if self.tree.currentItem() is None:
            first = self.tree.topLevelItem(0)
            child = first.child(0) if first is not None else None
            if child is not None:
                self.tree.setCurrentItem(child)

    def refresh(self) -> None:
        """Show the variables as they are now."""
        self._settle.stop()
        model = self._model
        entries = self._index.entries(model.journey) if model is not None else []
        typed = self.line.text().casefold().split()
        entries = [one for one in entries if all(word in one.name.casefold() for word in typed)]
        own = [one for one in entries if one.group != "given"]
        self.words.setText(self._empty_words(model, bool(typed), bool(own)))
        self.words.setVisible(not own)
        scope = scopes_for(model, self._space).at() if model is not None else Scope()
        rows = [(one, self._facts(one, scope)) for one in entries]
        shown = [(one.name, facts, one.sets, one.reads) for one, facts in rows]
        if shown == self._shown:
            return
        self._shown = shown
        self._build(rows)

    @staticmethod
    def _empty_words(model: JourneyModel | None, typed: bool, own: bool) -> str:
        if model is None:
            return tr("Open a journey to see its variables.")
        if own:
            return ""
        if typed:
            return tr("No variable has these words.")
        return tr(
            "This journey has no variables yet. A step that asks, calls a tool or sets a value keeps "
            "it under the name in “save as”."
        )

    def _facts(self, entry: Entry, scope: Scope) -> tuple[str, str, str, str]:
        """Type kind, second line, tag and tone of an entry."""
        name = entry.name.removeprefix("output.") if entry.group == "output" else entry.name
        kind = scope.type_at(name)
        sample = scope.sample(name)
        data = scope.data_at(name)
        parts = [type_words(kind), "" if sample is MISSING else _said(sample), data]
        tag, tone = _tag(entry)
        return kind.kind, " · ".join(part for part in parts if part), tag, tone

    def _build(self, rows: Sequence[tuple[Entry, tuple[str, str, str, str]]]) -> None:
        tree = self.tree
        here, opened = tree.name(tree.currentItem()), self._opened()
        tree.clear()
        heads: dict[str, QTreeWidgetItem] = {}
        for entry, facts in rows:
            head = heads.get(entry.group) or self._head(entry.group, heads)
            item = self._row(entry, facts)
            head.addChild(item)
            item.setExpanded(entry.name in opened)
            if entry.name == here:
                tree.setCurrentItem(item)

    def _head(self, group: str, heads: dict[str, QTreeWidgetItem]) -> QTreeWidgetItem:
        head = QTreeWidgetItem([tr(_TITLES[group])])
        head.setData(0, HEADER, 1)
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.tree.addTopLevelItem(head)
        head.setExpanded(True)
        heads[group] = head
        return head

    def _opened(self) -> set[str]:
        heads = [self.tree.topLevelItem(n) for n in range(self.tree.topLevelItemCount())]
        items = [
            head.child(n) for head in heads if head is not None for n in range(head.childCount())
        ]
        return {self.tree.name(one) for one in items if one is not None and one.isExpanded()}

    def _row(self, entry: Entry, facts: tuple[str, str, str, str]) -> QTreeWidgetItem:
        kind, sub, tag, tone = facts
        item = QTreeWidgetItem([entry.name])
        item.setData(0, KEY, entry.name)
        item.setData(0, ICON, _TYPE_ICONS.get(kind, "type-any"))
        item.setData(0, SUB, sub)
        item.setData(0, TAG, tag)
        item.setData(0, TONE, tone or "muted")
        spoken = ". ".join(one for one in (entry.name, sub, tag) if one)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setToolTip(0, f"{entry.name}\n{sub}\n{tag}".strip())
        for spots, what in ((entry.sets, tr("set")), (entry.reads, tr("used"))):
            for spot in spots:
                item.addChild(self._spot_row(entry, spot, what))
        return item

    def _spot_row(self, entry: Entry, spot: Spot, what: str) -> QTreeWidgetItem:
        node = self._model.settings_of(spot.node) if self._model is not None else None
        child = QTreeWidgetItem([title_of(node) if node is not None else spot.node])
        place = place_words(spot.path) if spot.path else ""
        child.setData(0, KEY, entry.name)
        child.setData(0, SPOT, spot)
        child.setData(0, ICON, "set" if what == tr("set") else "search")
        child.setData(0, TONE, "muted")
        child.setData(0, TAG, what)
        child.setData(0, SUB, f"{place}: {_cut(spot.text)}" if place else "")
        child.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{what}: {child.text(0)}, {place}")
        return child

    # --- going there ---------------------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """Go to the row of a variable and open it."""
        for index in range(self.tree.topLevelItemCount()):
            head = self.tree.topLevelItem(index)
            for n in range(head.childCount() if head is not None else 0):
                item = head.child(n) if head is not None else None
                if item is not None and self.tree.name(item) == name:
                    item.setExpanded(True)
                    self.tree.setCurrentItem(item)

    def _go_to(self, spot: object) -> None:
        if isinstance(spot, Spot) and self._window.tab is not None:
            self._window.tab.go_to(spot.node)
            self._window.docks.show("inspector")
            self._window.docks.inspector.reveal(spot.path)

    def _rename(self, name: str) -> None:
        if "." not in name:
            self._window.front.rename_what("rename_variable", name)


def _tag(entry: Entry) -> tuple[str, str]:
    """How often it is set and used; a mark where one of the two is missing."""
    if entry.group in {"input", "given"}:
        words = trn("used {n} time", "used {n} times", len(entry.reads)) if entry.reads else ""
        unused = entry.group == "input" and not entry.reads
        return (tr("⚠ never used"), "warning") if unused else (words, "")
    if not entry.sets:
        return tr("⚠ never set"), "warning"
    if entry.group == "variable" and not entry.reads:
        return tr("never used"), ""
    if entry.group == "output":
        return trn("set {n} time", "set {n} times", len(entry.sets)), ""
    return tr("set {sets} · used {reads}", sets=len(entry.sets), reads=len(entry.reads)), ""


def _said(value: Any) -> str:
    return _cut(json.dumps(value, ensure_ascii=False, default=str))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONG else line[: _LONG - 1] + "…"


def make_panel(window: "MainWindow") -> VariablesPanel:
    """The panel of a window."""
    return VariablesPanel(window)
