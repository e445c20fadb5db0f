"""Every action of the editor as data; menus, toolbar, keys and command palette follow from it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QIcon, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from journeybuilder.gui.look.fuzzy import ranked
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak

GROUPS = {
    "File": noop("&File"), "Edit": noop("&Edit"), "View": noop("&View"),
    "Journey": noop("&Journey"), "Run": noop("&Run"), "Help": noop("&Help"),
}  # fmt: skip
"""The menus by their id, in order."""
_SOME, _FRAME = 6, 16
"""So many icons are drawn in so many ms while the program opens."""
Asked = TypeVar("Asked", bound=Callable[..., bool])

PARTED = ""
"""Stands for a line in a menu."""
NODE_MENU = (
    "edit.cut", "edit.copy", "edit.duplicate", "edit.remove", "arrange.bypass", PARTED,
    "arrange.write", "edit.rename", "edit.start_here", "edit.extract", "problems.fix",
    "scenarios.branch", PARTED,
    "debug.breakpoint", "debug.condition", "debug.run_to", "debug.rerun", PARTED,
    "arrange.group", "arrange.ungroup", "journey.tidy_selected",
    "arrange.select_downstream", "arrange.select_upstream", "arrange.select_connected",
    "arrange.align_left", "arrange.align_center", "arrange.align_right", "arrange.align_top",
    "arrange.align_middle", "arrange.align_bottom", "arrange.distribute_across",
    "arrange.distribute_down", "arrange.row", "arrange.column",
    "arrange.color_gray", "arrange.color_yellow", "arrange.color_green", "arrange.color_teal",
    "arrange.color_blue", "arrange.color_violet", "arrange.color_pink", "arrange.color_red",
    "arrange.color_none", PARTED,
)  # fmt: skip
"""What the menu of a node on the canvas has, by id."""
WIRE_MENU = ("debug.breakpoint", "debug.condition", "scenarios.branch", PARTED)
"""What the menu of a wire on the canvas has before that of the canvas."""
CANVAS_MENU = (
    "edit.paste", "edit.undo", "edit.redo", PARTED, "arrange.note", "arrange.frame", PARTED,
    "view.fit", "journey.tidy", "journey.settings",
)  # fmt: skip
"""What every menu on the canvas has."""


def _no_icon(name: str) -> QIcon:
    del name
    return QIcon()


def always() -> bool:
    """For commands that can be given at any time."""
    return True


def needs(reason: str) -> Callable[[Asked], Asked]:
    """Marks a condition of commands with what is missing where it does not hold.

    Args:
        reason: A sentence, marked with `noop`; the command palette shows it.
    """

    def mark(asked: Asked) -> Asked:
        asked.__dict__["reason"] = reason
        return asked

    return mark


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
        under: Title of the menu inside of the menu in which it stands, or "".
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
    under: str = ""

    @property
    def plain(self) -> str:
        """Its title without marks for keys and dots."""
        return self.title.replace("&", "").replace("…", "")

    @property
    def reason(self) -> str:
        """What is missing where it cannot be given, if its condition says so."""
        return tr(str(getattr(self.enabled, "reason", "")))


class Registry(QObject):
    """Holds the commands and the one QAction that each of them has."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        self._given: Mapping[str, str] = {}
        self._icon: Callable[[str], QIcon] = _no_icon
        self._bare: list[str] = []
        self._drawing = QTimer(self)
        self._drawing.setInterval(_FRAME)
        self._drawing.timeout.connect(self._draw_icons)

    @property
    def commands(self) -> Sequence[Command]:
        """All of them, in the order in which they were added."""
        return list(self._commands.values())

    def add(self, commands: Iterable[Command]) -> None:
        """Add commands and make their keys work in the owner's window.

        Raises:
            ValueError: When an id or a key is taken already; a mistake of ours.
        """
        taken = {key: one.id for one in self._commands.values() for key in default_keys(one)}
        for command in commands:
            if command.id in self._commands:
                raise ValueError(f"the command {command.id} exists already")
            for key in default_keys(command):
                if key in taken:
                    raise ValueError(f"{key} is a key of {taken[key]} already")
                taken[key] = command.id
            self._commands[command.id] = command
            self._actions[command.id] = self._make(command)
        self.use_keys(self._given)

    def _make(self, command: Command) -> QAction:
        action = QAction(command.title, self._owner)
        action.setObjectName(command.id)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setCheckable(command.checked is not None)
        action.setIconVisibleInMenu(command.checked is None)  # it would stand where the mark is
        action.triggered.connect(weak(self.run, command.id))
        self._owner.addAction(action)
        return action

    def use_keys(self, given: Mapping[str, str]) -> None:
        """Let commands have other keys than those that they come with.

        Args:
            given: Keys by command, joined with `; `; a key that is given here is nobody else's.
        """
        self._given = given
        taken = {key for name in given if name in self._commands for key in split_keys(given[name])}
        for name, command in self._commands.items():
            mine = split_keys(given[name]) if name in given else default_keys(command)
            keys = [key for key in mine if name in given or key not in taken]
            action = self._actions[name]
            wanted = [QKeySequence(key) for key in keys]
            if action.shortcuts() != wanted:
                action.setShortcuts(wanted)
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            words = command.about or command.plain
            action.setToolTip(f"{words} ({shown})" if shown else words)

    def keys(self, command: str) -> list[str]:
        """The keys that a command has now, in Qt's portable form."""
        return [key.toString() for key in self._actions[command].shortcuts()]

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
        for group, title in GROUPS.items():
            mine = [one for one in self._commands.values() if one.group == group]
            if mine:
                menus[group] = bar.addMenu(tr(title))
                menus[group].setObjectName(f"menu.{group}")
                self._fill(menus[group], mine)
        return menus

    def _fill(self, menu: QMenu, commands: Sequence[Command]) -> None:
        section = commands[0].section
        inner: dict[str, QMenu] = {}
        for command in commands:
            if command.section != section:
                menu.addSeparator()
                section = command.section
            place = menu
            if command.under:
                place = inner.get(command.under) or menu.addMenu(command.under)
                inner[command.under] = place
            place.addAction(self._actions[command.id])

    def popup(self, names: Iterable[str], place: QPoint) -> None:
        """Open a menu of these commands at a place on the screen."""
        menu = QMenu(self._owner)
        inner: dict[str, QMenu] = {}
        for name in names:
            if name == PARTED:
                menu.addSeparator()
                continue
            under = self._commands[name].under
            if under and under not in inner:
                inner[under] = menu.addMenu(under)
            (inner[under] if under else menu).addAction(self._actions[name])
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
        """Give every action its icon, again after the theme has changed.

        Before the window is seen, only those of the toolbar; the others a few at a time afterwards.
        """
        self._icon = icon
        self._bare = [name for name, command in self._commands.items() if command.icon]
        if self._owner.isVisible():
            self._draw_icons(len(self._bare))
            return
        self._bare.sort(key=lambda name: not self._commands[name].toolbar)
        self._draw_icons(sum(self._commands[name].toolbar for name in self._bare))
        self._drawing.start()

    def _draw_icons(self, many: int = _SOME) -> None:
        now, self._bare = self._bare[:many], self._bare[many:]
        for name in now:
            self._actions[name].setIcon(self._icon(self._commands[name].icon))
        if not self._bare:
            self._drawing.stop()

    def clear(self) -> None:
        """Let go of everything; the callbacks hold the window."""
        for action in self._actions.values():
            self._owner.removeAction(action)
            action.deleteLater()
        self._drawing.stop()
        self._bare = []
        self._commands.clear()
        self._actions.clear()


def split_keys(keys: str) -> list[str]:
    """Single keys out of what is joined with `; `."""
    return [key for key in keys.split("; ") if key]


def default_keys(command: Command) -> list[str]:
    """The keys that a command comes with."""
    return split_keys(command.shortcut)
