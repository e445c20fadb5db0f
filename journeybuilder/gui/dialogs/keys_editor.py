"""The keys of all commands: find one by its name or by its keys, give it others."""

from PySide6.QtCore import QEvent, QKeyCombination, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from journeybuilder.gui.commands import GROUPS, Command, Registry, default_keys, split_keys
from journeybuilder.gui.forms.base import column, label, restyle, row
from journeybuilder.gui.look.fuzzy import score
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.settings import UserSettings

_NATIVE = QKeySequence.SequenceFormat.NativeText
_ROLE = Qt.ItemDataRole.UserRole
_ROW = 28  # pixels
_ALONE = {
    Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr,
    Qt.Key.Key_unknown, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock,
}  # fmt: skip
_TYPES = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_LEAVES = {Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape}


def shown(keys: list[str]) -> str:
    """Keys as the system writes them."""
    return ", ".join(QKeySequence(key).toString(_NATIVE) for key in keys)


def pressed(event: QKeyEvent) -> str:
    """The keys of an event in Qt's portable form; "" while only Ctrl, Shift and the like are held."""
    key = Qt.Key(event.key())
    if key in _ALONE:
        return ""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if key == Qt.Key.Key_Backtab:
        key = Qt.Key.Key_Tab
    return QKeySequence(QKeyCombination(held, key)).toString()


class KeyField(QLineEdit):
    """Takes the next keys that are pressed as its value; Tab and Esc alone leave it.

    Signals:
        given: The keys in Qt's portable form.
    """

    given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.keys = ""

    def show_keys(self, keys: str) -> None:
        """Show keys without asking anybody."""
        self.keys = keys
        self.setText(QKeySequence(keys).toString(_NATIVE))

    @override
    def event(self, arg__1: QEvent) -> bool:
        kind = arg__1.type()
        if isinstance(arg__1, QKeyEvent) and kind in {
            QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress
        }:  # fmt: skip
            plain = not arg__1.modifiers() & ~_TYPES
            if plain and Qt.Key(arg__1.key()) in _LEAVES:
                return super().event(arg__1)
            arg__1.accept()
            keys = pressed(arg__1)
            if kind == QEvent.Type.KeyPress and keys:
                self.show_keys(keys)
                self.given.emit(keys)
            return True
        return super().event(arg__1)


class KeysEditor(QWidget):
    """The list of commands with their keys, and below it the keys of the chosen one."""

    def __init__(self, registry: Registry, settings: UserSettings, look: Look) -> None:
        super().__init__()
        self._registry = registry
        self._settings = settings
        self._look = look
        self._commands = {one.id: one for one in registry.commands}
        self._before: list[str] = []
        layout = column(self, spacing=8, margins=(8, 12, 8, 8))
        layout.addLayout(self._top())
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderLabels([tr("Command"), tr("Keys")])
        self.tree.setAccessibleName(tr("Commands and their keys"))
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.currentItemChanged.connect(self._chosen)
        self.tree.itemActivated.connect(self._begin)
        layout.addWidget(self.tree, 1)
        self._bottom(layout)
        self.words: QLabel = label("", "help", wrap=True)
        layout.addWidget(self.words)
        self.take = QPushButton()
        self.take.setObjectName("take")
        self.take.setAutoDefault(False)
        self.take.clicked.connect(self._take)
        layout.addWidget(self.take)
        self.take.hide()
        self.filter.textChanged.connect(self._fill)
        self.by_keys.given.connect(self._fill)
        settings.changed.connect(self._changed)
        self._fill()

    def _top(self) -> QHBoxLayout:
        line = row(spacing=8)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(tr("Find a command by its name"))
        self.filter.setAccessibleName(tr("Find a command by its name"))
        self.filter.setClearButtonEnabled(True)
        self.by_keys = KeyField()
        self.by_keys.setPlaceholderText(tr("or press its keys here"))
        self.by_keys.setAccessibleName(tr("Find a command by pressing its keys"))
        self.clear = self._button(tr("Show all"), self._show_all)
        line.addWidget(self.filter, 3)
        line.addWidget(self.by_keys, 2)
        line.addWidget(self.clear)
        return line

    def _bottom(self, layout: QVBoxLayout) -> None:
        line, below = row(spacing=8), row(spacing=8)
        self.field = KeyField()
        self.field.setPlaceholderText(tr("Press new keys here"))
        self.field.setAccessibleName(tr("New keys of the chosen command"))
        self.field.given.connect(self._given)
        self.add = self._button(tr("Add as further keys"), self._add)
        self.none = self._button(tr("No keys"), self._none)
        self.reset = self._button(tr("Reset"), self._reset)
        self.reset_all = self._button(tr("Reset all keys"), self._reset_all)
        line.addWidget(self.field, 1)
        line.addWidget(self.add)
        below.addWidget(self.none)
        below.addWidget(self.reset)
        below.addStretch(1)
        below.addWidget(self.reset_all)
        layout.addLayout(line)
        layout.addLayout(below)

    @staticmethod
    def _button(words: str, slot: object) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    # --- the list ----------------------------------------------------------------------------------

    @property
    def found(self) -> int:
        """How many commands are listed."""
        return self.tree.topLevelItemCount()

    @property
    def chosen(self) -> Command | None:
        """The command that is chosen in the list."""
        found = self.tree.selectedItems()
        return self._commands.get(str(found[0].data(0, _ROLE))) if found else None

    def choose(self, command: str) -> None:
        """Choose a command by its id."""
        for index in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(index)
            if item is not None and item.data(0, _ROLE) == command:
                self.tree.setCurrentItem(item)

    def _fill(self) -> None:
        kept = self.chosen
        self.tree.clear()
        typed, keys = self.filter.text(), self.by_keys.keys
        for one in self._commands.values():
            mine = self._registry.keys(one.id)
            words = (one.plain, tr(GROUPS[one.group]), one.about, one.id)
            if score(typed, words) <= 0 or (keys and keys not in mine):
                continue
            item = QTreeWidgetItem([one.plain, shown(mine)])
            item.setData(0, _ROLE, one.id)
            item.setSizeHint(0, QSize(0, _ROW))
            item.setToolTip(0, one.about)
            if one.id in self._settings.keys:
                font = item.font(1)
                font.setBold(True)
                item.setFont(1, font)
                item.setText(1, f"{shown(mine) or tr('none')} \u270e")
                item.setToolTip(1, tr("Changed by you"))
            self.tree.addTopLevelItem(item)
        if kept is not None:
            self.choose(kept.id)
        first = self.tree.topLevelItem(0)
        if self.chosen is None and first is not None:
            self.tree.setCurrentItem(first)
        self._chosen()

    def _show_all(self) -> None:
        self.by_keys.show_keys("")
        self.filter.clear()
        self._fill()

    def _changed(self, option: str) -> None:
        if option == "keys":
            self._registry.use_keys(self._settings.keys)
            self._fill()

    def _begin(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _chosen(self) -> None:
        command = self.chosen
        self.field.show_keys("")
        self.take.hide()
        for button in (self.field, self.add, self.none, self.reset):
            button.setEnabled(command is not None)
        self.add.setEnabled(False)
        self.reset_all.setEnabled(bool(self._settings.keys))
        if command is None:
            self._say(tr("No command has this name or these keys."))
            return
        self.none.setEnabled(bool(self._registry.keys(command.id)))
        self.reset.setEnabled(command.id in self._settings.keys)
        usual = shown(default_keys(command)) or tr("none")
        self._say(tr("{title}: comes with {keys}.", title=command.plain, keys=usual))

    def _say(self, words: str, *, wrong: bool = False) -> None:
        self.words.setText(words)
        restyle(self.words, "role", "wrong" if wrong else "help")
        self.field.setAccessibleDescription(words)

    # --- changing ----------------------------------------------------------------------------------

    def owner_of(self, keys: str) -> Command | None:
        """The command that has these keys now."""
        return next(
            (one for one in self._commands.values() if keys in self._registry.keys(one.id)), None
        )

    def _given(self, keys: str) -> None:
        """Keys were pressed for the chosen command: take them, or say why not."""
        command = self.chosen
        self.take.hide()
        self.add.setEnabled(False)
        if command is None:
            return
        if types(keys):
            self._say(
                "\u2716 "
                + tr(
                    "{keys} types a letter. Add Ctrl or Alt, or use F1 to F12.", keys=_native(keys)
                ),
                wrong=True,
            )
            return
        other = self.owner_of(keys)
        if other is not None and other.id != command.id:
            words = tr("{keys} belongs to “{title}”.", keys=_native(keys), title=other.plain)
            self._say("\u26a0 " + words, wrong=True)
            self.take.setText(
                tr("Take {keys} from “{title}”", keys=_native(keys), title=other.plain)
            )
            self.take.show()
            return
        before = [one for one in self._registry.keys(command.id) if one != keys]
        self._set({command.id: [keys]})
        self.field.show_keys(keys)
        self._say(tr("{title} has {keys} now.", title=command.plain, keys=_native(keys)))
        self._before = before
        self.add.setEnabled(bool(before))

    def _add(self) -> None:
        """Keep the keys from before as well."""
        command, keys = self.chosen, self.field.keys
        if command is not None and keys:
            self._set({command.id: [*self._before, keys]})

    def _take(self) -> None:
        """Give the pressed keys to the chosen command, and leave the other one what else it has."""
        command, keys = self.chosen, self.field.keys
        other = self.owner_of(keys)
        if command is None or other is None:
            return
        rest = [key for key in self._registry.keys(other.id) if key != keys]
        self._set({other.id: rest, command.id: [keys]})
        self._say(tr("{title} has {keys} now.", title=command.plain, keys=_native(keys)))
        self.field.setFocus()

    def _none(self) -> None:
        command = self.chosen
        if command is not None:
            self._set({command.id: []})

    def _set(self, changes: dict[str, list[str]]) -> None:
        keys = dict(self._settings.keys)
        for name, mine in changes.items():
            if mine == default_keys(self._commands[name]):
                keys.pop(name, None)
            else:
                keys[name] = "; ".join(mine)
        self._settings.set_keys(keys)

    def _reset(self) -> None:
        """Give the chosen command its own keys back, unless others were given one of them."""
        command = self.chosen
        if command is not None:
            keys = {name: mine for name, mine in self._settings.keys.items() if name != command.id}
            mine = set(default_keys(command))
            held = [name for name, one in keys.items() if mine & set(split_keys(one))]
            self._settings.set_keys(keys)
            if held:
                title = self._commands[held[0]].plain
                self._say(
                    "\u26a0 " + tr("Some of its keys belong to “{title}” now.", title=title),
                    wrong=True,
                )

    def _reset_all(self) -> None:
        self._settings.set_keys({})


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(_NATIVE)


def types(keys: str) -> bool:
    """Whether these keys write something in a field, or move the focus, so that no command can have them."""
    *held, key = keys.split("+") if not keys.endswith("+") else [*keys[:-2].split("+"), "+"]
    function = len(key) > 1 and key[0] == "F" and key[1:].isdecimal()
    return not function and not {"Ctrl", "Alt", "Meta"} & set(held)
