"""Every action of the editor as data; menus, toolbar, keys and command palette follow from it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from journeybuilder.gui.fuzzy import ranked
from journeybuilder.gui.slots import weak

GROUPS = ("File", "Edit", "View", "Journey", "Run", "Help")


NODE_MENU = (
    "edit.cut", "edit.copy", "edit.duplicate", "edit.remove", "edit.rename", "edit.extract",
    "edit.start_here", "journey.tidy_selected",
)  # fmt: skip
"""What the menu of a node on the canvas has, by id."""
CANVAS_MENU = (
    "edit.paste", "edit.undo", "edit.redo", "view.fit", "journey.tidy", "journey.settings",
)  # fmt: skip
"""What every menu on the canvas has."""


def always() -> bool:
    """For commands that can be given at any time."""
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """One action.

    Attributes:
        id: Stable name, e.g. `file.save`; settings and tests use it.
        group: The menu it stands in; one of `GROUPS`.
        run: What it does.
        shortcut: Keys in Qt's portable form, several ones joined with `; `.
        icon: Name in `resources/icons`, or "".
        about: What it does in one sentence, where the title does not say it.
        enabled: Whether it can be given now.
        checked: Whether it is on, for commands that switch something; else None.
        section: Commands of one menu with different sections are parted by a line.
        toolbar: Whether it is a button.
    """

    id: str
    title: str
    group: str
    run: Callable[[], object]
    shortcut: str = ""
    icon: str = ""
    about: str = ""
    enabled: Callable[[], bool] = always
    checked: Callable[[], bool] | None = None
    section: str = ""
    toolbar: bool = False


class Registry(QObject):
    """Holds the commands and the one QAction that each of them has."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}

    @property
    def commands(self) -> Sequence[Command]:
        """All of them, in the order in which they were added."""
        return list(self._commands.values())

    def add(self, commands: Iterable[Command]) -> None:
        """Add commands and make their keys work in the owner's window.

        Raises:
            ValueError: When an id or a key is taken already; a mistake of ours.
        """
        taken = {key: one.id for one in self._commands.values() for key in _keys(one)}
        for command in commands:
            if command.id in self._commands:
                raise ValueError(f"the command {command.id} exists already")
            for key in _keys(command):
                if key in taken:
                    raise ValueError(f"{key} is a key of {taken[key]} already")
                taken[key] = command.id
            self._commands[command.id] = command
            self._actions[command.id] = self._make(command)

    def _make(self, command: Command) -> QAction:
        action = QAction(command.title, self._owner)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(key) for key in _keys(command)])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(command.checked is not None)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        plain = command.title.replace("…", "").replace("&", "")
        words = command.about or plain
        action.setToolTip(f"{words} ({keys})" if keys else words)
        action.triggered.connect(weak(self.run, command.id))
        self._owner.addAction(action)
        return action

    def action(self, command: str) -> QAction:
        """The QAction of a command, by its id."""
        return self._actions[command]

    def run(self, command: str) -> None:
        """Give a command by its id, if it can be given now."""
        wanted = self._commands[command]
        if wanted.enabled():
            wanted.run()
        self.refresh()

    def refresh(self) -> None:
        """Ask every command again whether it can be given and whether it is on."""
        for name, command in self._commands.items():
            action = self._actions[name]
            action.setEnabled(command.enabled())
            if command.checked is not None:
                action.setChecked(command.checked())

    def search(self, typed: str) -> list[Command]:
        """The commands that can be given now and fit what is typed, best first."""
        able = [command for command in self._commands.values() if command.enabled()]
        return ranked(typed, [(one, (one.title, one.group, one.about, one.id)) for one in able])

    def fill_menus(self, bar: QMenuBar) -> dict[str, QMenu]:
        """One menu per group; gives them by group."""
        menus: dict[str, QMenu] = {}
        for group in GROUPS:
            mine = [one for one in self._commands.values() if one.group == group]
            if not mine:
                continue
            menu = bar.addMenu(f"&{group}")
            menu.setObjectName(f"menu.{group}")
            section = mine[0].section
            for command in mine:
                if command.section != section:
                    menu.addSeparator()
                    section = command.section
                menu.addAction(self._actions[command.id])
            menus[group] = menu
        return menus

    def popup(self, names: Iterable[str], place: QPoint) -> None:
        """Open a menu of these commands at a place on the screen."""
        menu = QMenu(self._owner)
        for name in names:
            menu.addAction(self._actions[name])
        self.refresh()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def fill_toolbar(self, bar: QToolBar) -> None:
        """The buttons, groups parted by a line."""
        section = ""
        for command in self._commands.values():
            if not command.toolbar:
                continue
            place = f"{command.group}/{command.section}"
            if section and section != place:
                bar.addSeparator()
            section = place
            bar.addAction(self._actions[command.id])

    def set_icons(self, icon: Callable[[str], QIcon]) -> None:
        """Give every action its icon, again after the theme has changed."""
        for name, command in self._commands.items():
            if command.icon:
                self._actions[name].setIcon(icon(command.icon))

    def clear(self) -> None:
        """Let go of everything; the callbacks hold the window."""
        for action in self._actions.values():
            self._owner.removeAction(action)
            action.deleteLater()
        self._commands.clear()
        self._actions.clear()


def _keys(command: Command) -> list[str]:
    return [key for key in command.shortcut.split("; ") if key]
