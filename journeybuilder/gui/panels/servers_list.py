"""The list of servers: one row each, with its state in words and an icon."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTime
from typing_extensions import override

from journeybuilder.gui.forms.base import sentence
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.gui.look.rows import ICON, KEY, SUB, TAG, TONE
from journeybuilder.gui.panels.palette_model import STATE_ICONS, STATE_TONES, STATE_WORDS
from journeybuilder.gui.workspace.palette_entries import line
from journeybuilder.gui.workspace.server_shelf import Shelf

Index = QModelIndex | QPersistentModelIndex
AUTH_WORDS: Mapping[str, str] = {"oauth": noop("logged in by OAuth"), "headers": noop("by headers")}


def facts(shelf: Shelf, heard: QTime | None) -> str:
    """What there is to know of a server in one line."""
    state, spec = shelf.state, shelf.spec
    if state.error:
        return sentence(said(line(state.error, 160)))
    parts = [state.transport or spec.transport]
    if state.ok:
        parts += [line(state.version, 60), f"{state.ms} ms"]
        parts.append(tr(AUTH_WORDS[state.auth]) if state.auth in AUTH_WORDS else "")
    if shelf.tools:
        parts.insert(0, trn("{n} tool", "{n} tools", len(shelf.tools)))
    if heard is not None:
        parts.append(tr("asked at {time}", time=heard.toString("HH:mm")))
    return " · ".join(part for part in parts if part)


class ServersModel(QAbstractListModel):
    """The servers of a workspace, in the order of `mcp.json`."""

    def __init__(self) -> None:
        super().__init__()
        self.shelves: list[Shelf] = []
        self._heard: Mapping[str, QTime] = {}

    def show(self, shelves: Sequence[Shelf], heard: Mapping[str, QTime]) -> None:
        """Show these servers; where they are the same ones, rows only change."""
        self._heard = heard
        if [one.name for one in shelves] != [one.name for one in self.shelves]:
            self.beginResetModel()
            self.shelves = list(shelves)
            self.endResetModel()
            return
        before, self.shelves = self.shelves, list(shelves)
        for number, (old, new) in enumerate(zip(before, self.shelves, strict=True)):
            if old is not new:
                self.dataChanged.emit(self.index(number), self.index(number))

    def row_of(self, name: str) -> int:
        """The row of a server; -1 where there is none."""
        return next((i for i, one in enumerate(self.shelves) if one.name == name), -1)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.shelves)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.shelves):
            return None
        shelf = self.shelves[index.row()]
        state = shelf.state.state
        drifted = len(shelf.drifted()) + len(shelf.gone()) if role in _TELLING else 0
        tag = tr(STATE_WORDS[state])
        if drifted and state == "ready":
            tag = trn("{n} changed", "{n} changed", drifted)
        sub = facts(shelf, self._heard.get(shelf.name))
        values = {
            Qt.ItemDataRole.DisplayRole: shelf.name, KEY: shelf.name, SUB: sub, TAG: tag,
            ICON: "warning" if drifted else STATE_ICONS[state],
            TONE: "warning" if drifted else STATE_TONES.get(state, "muted"),
            Qt.ItemDataRole.ToolTipRole: f"{shelf.name}: {tag}\n{sub}",
            _SPOKEN: tr("Server {name}", name=shelf.name) + f", {tag}, {sub}",
        }  # fmt: skip
        return values.get(role)


_SPOKEN = Qt.ItemDataRole.AccessibleTextRole
_TELLING = {TAG, TONE, ICON, _SPOKEN, Qt.ItemDataRole.ToolTipRole}
