"""The rows of the palette: kinds, favorites, each server with what it offers; or the hits of a search.

Rows are made when they are seen first; of a server that offers thousands of tools a bounded number.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from typing_extensions import override

from journeybuilder.gui.canvas.model import NODE_MIME
from journeybuilder.gui.forms.base import sentence
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.gui.look.rows import GROUP, HEADER, ICON, KEY, SUB, TAG, TONE, WRAP
from journeybuilder.gui.look.theme import GROUPS
from journeybuilder.gui.workspace.palette_entries import (
    DRIFT_WORDS,
    GROUP_WORDS,
    RISK_WORDS,
    PaletteEntry,
    line,
    offered,
)
from journeybuilder.gui.workspace.palette_habits import Habits
from journeybuilder.gui.workspace.server_shelf import Shelf

Index = QModelIndex | QPersistentModelIndex
ENTRY = Qt.ItemDataRole.UserRole + 20
"""The `PaletteEntry` of a row, or None."""
STARRED = Qt.ItemDataRole.UserRole + 22
SHOWN = 100
"""How many rows a server has at most; a search finds the others."""
FEW_SERVERS = 6
STATE_WORDS: Mapping[str, str] = {
    "idle": noop("not started"), "connecting": noop("connecting…"), "ready": noop("ready"),
    "failed": noop("failed"), "stopped": noop("stopped"), "disabled": noop("switched off"),
}  # fmt: skip
STATE_TONES = {"ready": "ok", "failed": "error", "connecting": "running", "stopped": "warning"}
STATE_ICONS = {
    "ready": "check", "failed": "problem", "connecting": "clock", "stopped": "stop",
    "disabled": "cross", "idle": "server",
}  # fmt: skip
Settings = Callable[[PaletteEntry], Mapping[str, Any]]


@dataclass(eq=False)
class Row:
    """One row.

    Attributes:
        action: What it does when it is chosen: `retry`, `stop`, `on`, `doctor`, `more`, with its server
            behind a colon.
        roles: What it shows beside its title.
        tip: Its tooltip.
    """

    title: str
    key: str = ""
    entry: PaletteEntry | None = None
    action: str = ""
    roles: dict[int, Any] = field(default_factory=dict[int, Any])
    children: "list[Row]" = field(default_factory=list["Row"])
    tip: str = ""


def heading(text: str) -> Row:
    """A row that only parts others."""
    return Row(text, roles={HEADER: 1})


def entry_row(entry: PaletteEntry, *, with_sub: bool = True, with_server: bool = False) -> Row:
    """The row of something that can be added."""
    sub = entry.why or entry.sub
    if entry.drift:
        sub = f"\u26a0 {tr(DRIFT_WORDS[entry.drift])} · {sub}"
    if with_server and entry.shelf is not None:
        sub = f"{entry.shelf.name} · {sub}"
    roles: dict[int, Any] = {
        ICON: "warning" if entry.why and entry.kind != "legacy" else entry.icon,
        GROUP: entry.group,
        TONE: "warning" if entry.why else "",
    }
    if with_sub or entry.why or entry.drift:
        roles[SUB] = sub
    return Row(entry.title, entry.key, entry, roles=roles, tip=_tip(entry))


def _tip(entry: PaletteEntry) -> str:
    parts = [entry.title if not entry.about else entry.about]
    if entry.risk:
        parts.append(tr(RISK_WORDS[entry.risk]))
    if entry.drift:
        parts.append(tr("It is not as it was approved: {what}", what=tr(DRIFT_WORDS[entry.drift])))
    if entry.why:
        parts.append(entry.why)
    else:
        parts.append(tr("Drag it onto the canvas or press Enter."))
    return "\n".join(parts)


def server_row(shelf: Shelf) -> Row:
    """A server with what it offers, how it is, and what can be done about it."""
    state = shelf.state
    words = tr(STATE_WORDS[state.state])
    count = trn("{n} tool", "{n} tools", len(shelf.tools))
    tag = words
    if state.ok or (state.state == "idle" and shelf.tools):
        tag = count
    drifted = len(shelf.drifted()) + len(shelf.gone())
    row = Row(
        shelf.name, f"server:{shelf.name}",
        roles={
            ICON: STATE_ICONS[state.state], TONE: STATE_TONES.get(state.state, "muted"), TAG: tag,
            KEY: f"server:{shelf.name}",
        },
        tip="\n".join(
            part for part in (f"{shelf.name}: {words}", state.error, state.hint[:600]) if part
        ),
    )  # fmt: skip
    if drifted:
        row.roles[SUB] = trn(
            "{n} tool is not as it was approved", "{n} tools are not as they were approved", drifted
        )
    row.children = [*_about_state(shelf), *_offered_rows(shelf)]
    return row


def _about_state(shelf: Shelf) -> list[Row]:
    state, name = shelf.state, shelf.name
    out: list[Row] = []
    if state.error:
        sub = f"{line(state.hint)}"
        why = Row(
            sentence(said(line(state.error))), f"why:{name}", roles={ICON: "problem", TONE: "error"}
        )
        why.roles |= {SUB: sub, WRAP: 1} if sub else {}
        why.tip = f"{state.error[:600]}\n{state.hint[:1200]}".strip()
        out.append(why)
    actions = {
        "failed": ("retry", tr("Try again"), "redo"),
        "stopped": ("retry", tr("Start it again"), "play"),
        "idle": ("retry", tr("Start it and ask for its tools"), "play"),
        "connecting": ("stop", tr("Stop asking"), "stop"),
        "disabled": ("on", tr("Switch it on"), "play"),
    }
    if state.state in actions:
        what, words, icon = actions[state.state]
        if state.state != "idle" or not shelf.tools:
            out.append(_action(what, name, words, icon))
    if state.state == "failed":
        out.append(_action("doctor", name, tr("What can I do?"), "settings"))
    return out


def _action(what: str, server: str, words: str, icon: str) -> Row:
    row = Row(
        words, f"{what}:{server}", action=f"{what}:{server}", roles={ICON: icon, TONE: "accent"}
    )
    row.tip = tr("{words}: {server}. Press Enter or click.", words=words, server=server)
    return row


def _offered_rows(shelf: Shelf) -> list[Row]:
    made = list(islice(offered(shelf), SHOWN + 1))
    out: list[Row] = []
    kind = "tool"
    for entry in made[:SHOWN]:
        group = entry.key.partition(":")[0]
        if group in {"resource", "prompt"} and group != kind:
            kind = group
            out.append(heading(tr("Resources") if group == "resource" else tr("Prompts")))
        out.append(entry_row(entry))
    offers = shelf.offers
    number = len(shelf.tools) + len(shelf.gone()) + len(shelf.state.rejected)
    number += len(offers.templates) + len(offers.resources) + len(offers.prompts)
    if number > SHOWN:
        left = f"{number - SHOWN:,}"
        out.append(
            _action("more", shelf.name, tr("and {n} more: search to narrow", n=left), "search")
        )
    return out


class PaletteModel(QAbstractItemModel):
    """Two levels: sections and servers, and what a server offers.

    Args:
        habits: Favorites, and what is used often.
        settings: What a dragged entry begins with in the journey in front.
    """

    def __init__(self, habits: Habits, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._habits = habits
        self._settings = settings
        self.rows: list[Row] = []
        self._servers: dict[str, tuple[Shelf, Row]] = {}

    # --- filling -----------------------------------------------------------------------------------

    def show(self, rows: list[Row]) -> None:
        """Show these rows in place of what was there."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def browse(
        self, kinds: Sequence[PaletteEntry], shelves: Sequence[Shelf], liked: Sequence[PaletteEntry],
        often: Sequence[PaletteEntry],
    ) -> None:  # fmt: skip
        """Everything in its sections; a server whose shelf is the same keeps its rows."""
        rows: list[Row] = []
        for title, entries in ((tr("Favorites"), liked), (tr("Often used"), often)):
            if entries:
                rows += [heading(title), *(entry_row(one, with_server=True) for one in entries)]
        group = ""
        for entry in sorted(kinds, key=lambda one: GROUPS.index(one.group)):
            if entry.group != group:
                group = entry.group
                rows.append(heading(tr(GROUP_WORDS[group])))
            rows.append(entry_row(entry, with_sub=False))
        if shelves:
            rows.append(heading(tr("Servers and tools")))
        known, self._servers = self._servers, {}
        for shelf in shelves:
            old = known.get(shelf.name)
            made = old if old is not None and old[0] is shelf else (shelf, server_row(shelf))
            self._servers[shelf.name] = made
            rows.append(made[1])
        self.show(rows)

    def hits(self, entries: Sequence[PaletteEntry], more: int, nothing: str) -> None:
        """The hits of a search, best first; `nothing` is what it says where there is none."""
        rows = [entry_row(one, with_server=True) for one in entries]
        if more > 0:
            rows.append(heading(tr("and {n} more: type more to narrow", n=f"{more:,}")))
        self.show(rows or [heading(nothing)])

    def row_of(self, index: Index) -> Row | None:
        """The row behind an index."""
        if not index.isValid():
            return None
        parent = int(index.internalId())
        rows = self.rows if parent == 0 else self.rows[parent - 1].children
        return rows[index.row()] if index.row() < len(rows) else None

    def find(self, key: str) -> QModelIndex:
        """The first row with this key; invalid where there is none."""
        for number, row in enumerate(self.rows):
            if row.key == key:
                return self.index(number, 0)
            for inner, child in enumerate(row.children):
                if child.key == key:
                    return self.index(inner, 0, self.index(number, 0))
        return QModelIndex()

    def starred(self) -> None:
        """Stars have changed."""
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    # --- what views ask --------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        if not parent.isValid():
            return len(self.rows)
        row = self.row_of(parent)
        return len(row.children) if row is not None and int(parent.internalId()) == 0 else 0

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 1

    @override
    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if not 0 <= row < self.rowCount(parent) or column != 0:
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    @override
    def parent(self, child: Index) -> QModelIndex:  # type: ignore[override]  # Qt has two of them
        above = int(child.internalId()) if child.isValid() else 0
        return self.createIndex(above - 1, 0, 0) if above else QModelIndex()

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row_of(index)
        if row is None or row.roles.get(HEADER):
            return Qt.ItemFlag.ItemIsEnabled if row is not None else Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        entry = row.entry
        if entry is not None and entry.kind and entry.kind != "legacy":
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_of(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        if role == STARRED:
            return row.entry is not None and self._habits.is_favorite(row.entry.key)
        return {ENTRY: row.entry, KEY: row.key}.get(role) or row.roles.get(role)

    def _spoken(self, row: Row) -> str:
        parts = [row.title]
        if row.key.startswith("server:"):
            parts = [tr("Server {name}", name=row.title), str(row.roles.get(TAG, ""))]
        if row.entry is not None:
            risk = row.entry.risk
            parts += [tr(RISK_WORDS[risk])] if risk else []
            parts += [tr(DRIFT_WORDS[row.entry.drift])] if row.entry.drift else []
            parts += [tr("favorite")] if self._habits.is_favorite(row.entry.key) else []
            parts.append(row.entry.why or row.entry.about)
        elif row.roles.get(SUB):
            parts.append(str(row.roles[SUB]))
        return ", ".join(part for part in parts if part)

    @override
    def mimeTypes(self) -> list[str]:
        return [NODE_MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        row = self.row_of(indexes[0]) if indexes else None
        entry = row.entry if row is not None else None
        if entry is not None and entry.kind:
            settings = dict(self._settings(entry))
            text = json.dumps({"kind": entry.kind, "settings": settings, "title": entry.title})
            data.setData(NODE_MIME, text.encode())
        return data
