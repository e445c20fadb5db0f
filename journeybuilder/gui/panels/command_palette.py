"""The command palette: every action, journey, step and option by a few letters."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem
from typing_extensions import override

from journeybuilder.gui.commands import Command
from journeybuilder.gui.forms.base import column, label
from journeybuilder.gui.look.fuzzy import ranked
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.rows import ICON, KEY, SUB, TAG, RowDelegate
from journeybuilder.gui.options import OPTIONS
from journeybuilder.kinds import KINDS

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_WIDTH, _HEIGHT, _TOP = 600, 440, 72
_MOST = 80  # rows that are made for one search
_NATIVE = QKeySequence.SequenceFormat.NativeText
_STEPS = {
    Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be done.

    Attributes:
        id: Stable name; of commands their id.
        title: What it is called.
        tag: Words at the right: keys, or what kind of thing it is.
        words: More words by which it is found.
        run: Does it; None where it cannot be done now.
        reason: Why it cannot be done, "" where it can or that is not known.
    """

    id: str
    title: str
    icon: str
    tag: str
    words: Sequence[str]
    run: Callable[[], object] | None
    reason: str = ""


class CommandPalette(QFrame):
    """A box over the window; Enter does what is chosen, Esc closes."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._window = window
        self._entries: dict[str, Entry] = {}
        layout = column(self, spacing=0)
        self.line = QLineEdit()
        self.line.setPlaceholderText(
            tr("Type what you want to do, or the name of a journey or step")
        )
        self.line.setAccessibleName(tr("Search commands, journeys, steps and preferences"))
        self.list = QListWidget()
        self.list.setProperty("role", "rows")
        self.list.setAccessibleName(tr("What was found"))
        self.list.setMouseTracking(True)
        self._delegate = RowDelegate(window.look, tiles=False)
        self.list.setItemDelegate(self._delegate)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.nothing = label("", "muted", wrap=True)
        self.nothing.setMargin(12)
        layout.addWidget(self.line)
        layout.addWidget(self.nothing)
        layout.addWidget(self.list, 1)
        layout.addStretch()
        self.line.textChanged.connect(self._search)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._give)
        self.list.currentItemChanged.connect(self._tell)

    def open_over(self) -> None:
        """Show it in the upper middle of its window."""
        window = self._window
        self._entries = {one.id: one for one in self._collect()}
        self.line.clear()
        self._search("")
        width = min(_WIDTH, window.width() - 32)
        corner = window.mapToGlobal(QPoint((window.width() - width) // 2, _TOP))
        self.setGeometry(corner.x(), corner.y(), width, min(_HEIGHT, window.height() - _TOP - 16))
        self.show()
        self.line.setFocus()

    # --- what there is -----------------------------------------------------------------------------

    def _collect(self) -> list[Entry]:
        return [*self._commands(), *self._journeys(), *self._nodes(), *self._options()]

    def _commands(self) -> list[Entry]:
        registry = self._window.registry
        recent = list(self._window.frame.settings.recent_commands)
        order = {name: place for place, name in enumerate(recent)}
        known = sorted(registry.commands, key=lambda one: order.get(one.id, len(order)))
        return [self._command(one) for one in known if one.id != "help.commands"]

    def _command(self, command: Command) -> Entry:
        registry = self._window.registry
        able = command.enabled()
        return Entry(
            command.id,
            command.plain,
            command.icon or "run",
            registry.action(command.id).shortcut().toString(_NATIVE),
            (command.about, command.id),
            partial(registry.run, command.id) if able else None,
            "" if able else command.reason or tr("Not possible now."),
        )

    def _journeys(self) -> list[Entry]:
        space = self._window.files.workspace
        return [
            Entry(
                f"journey:{name}", title, "journey", tr("Journey"), (name, about),
                partial(self._window.files.open_journey, name),
            )
            for name, title, about in (space.listed() if space is not None else ())
        ]  # fmt: skip

    def _nodes(self) -> list[Entry]:
        tab = self._window.tab
        if tab is None:
            return []
        return [
            Entry(
                f"node:{name}", str(node.settings.get("title") or name),
                node.kind if node.kind in KINDS else "unknown", tr("Step"), (name, node.kind),
                partial(self._go_to, name),
            )
            for name, node in tab.model.journey.nodes.items()
        ]  # fmt: skip

    def _go_to(self, node: str) -> None:
        tab = self._window.tab
        if tab is not None and node in tab.model.journey.nodes:
            tab.go_to(node)
            tab.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _options(self) -> list[Entry]:
        return [
            Entry(
                f"option:{one.id}", tr(one.title), "settings", tr("Preferences"),
                (tr(one.about), tr(one.words)), partial(self._window.frame.show_settings, one.id),
            )
            for one in OPTIONS
        ]  # fmt: skip

    # --- searching ---------------------------------------------------------------------------------

    def _search(self, typed: str) -> None:
        """Commands alone where nothing is typed: those that can be given before those that cannot."""
        entries = list(self._entries.values())
        if typed.strip():
            found = ranked(typed, [(one, (one.title, *one.words)) for one in entries])
        else:
            found = [one for one in entries if ":" not in one.id]
        found.sort(key=lambda one: one.run is None)
        self.list.clear()
        for one in found[: max(_MOST, len(self._window.registry.commands))]:
            self.list.addItem(_item(one))
        self.list.setCurrentRow(0)
        self.nothing.setVisible(not found)
        self.list.setVisible(bool(found))
        self.nothing.setText(tr("Nothing is called so. Try fewer letters, or another word."))
        if not found:
            self.line.setAccessibleDescription(self.nothing.text())

    def _tell(self, item: QListWidgetItem | None) -> None:
        """Say for screen readers what is chosen, for the focus stays in the field."""
        if item is not None:
            place = trn("{n} found", "{n} found", self.list.count())
            words = item.data(Qt.ItemDataRole.AccessibleTextRole)
            self.line.setAccessibleDescription(f"{words}. {place}")

    def _give(self, item: QListWidgetItem | None) -> None:
        entry = self._entries.get(str(item.data(KEY))) if item is not None else None
        if entry is None or entry.run is None:
            return
        self.hide()
        if ":" not in entry.id:
            self._window.frame.settings.gave(entry.id)
        entry.run()

    @override
    def eventFilter(self, o: QObject, e: QEvent) -> bool:
        if o is self.line and e.type() == QEvent.Type.KeyPress and isinstance(e, QKeyEvent):
            if e.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._give(self.list.currentItem())
                return True
            step = _STEPS.get(Qt.Key(e.key()))
            if step is not None:
                row = max(0, min(self.list.count() - 1, self.list.currentRow() + step))
                self.list.setCurrentRow(row)
                return True
        return super().eventFilter(o, e)


def _item(entry: Entry) -> QListWidgetItem:
    item = QListWidgetItem(entry.title)
    item.setData(TAG, entry.tag)
    item.setData(ICON, entry.icon)
    item.setData(KEY, entry.id)
    spoken = [entry.title, entry.tag, entry.reason]
    item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(part for part in spoken if part))
    if entry.run is None:
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
        item.setData(SUB, entry.reason)
    return item
