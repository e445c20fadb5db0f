"""The debugger's buttons beside the toolbar, while there is a rehearsal to step through."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolBar

from journeybuilder.gui.commands import Command
from journeybuilder.gui.look.language import tr

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_SIDE = 20


class DebugBar(QToolBar):
    """Shown from the start of a rehearsal until it is let go of; a button that cannot work says why."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(tr("Debugger"), window)
        self._window = window
        self._commands: Sequence[Command] = ()
        self.setObjectName("debug.bar")
        self.setMovable(False)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.toggleViewAction().setVisible(False)
        window.addToolBar(self)
        self.hide()
        window.rehearsing.phase_changed.connect(self.refresh)

    @classmethod
    def of(cls, window: "MainWindow") -> "DebugBar":
        """The one of a window."""
        return window.findChild(cls) or cls(window)

    def hold(self, commands: Sequence[Command]) -> None:
        """Have these as buttons; they are made when the bar is first shown."""
        self._commands = commands

    def refresh(self, *_signal: object) -> None:
        """Be seen or not, and say of each button what it does and why it cannot be pressed."""
        phase = self._window.rehearsing.phase
        if phase != "off" and not self.actions():
            self._fill()
        self.setVisible(phase != "off")
        self.tell()

    def _fill(self) -> None:
        registry = self._window.registry
        for command in self._commands:
            action = registry.action(command.id)
            self.addAction(action)
            button = self.widgetForAction(action)
            button.setAccessibleName(command.plain)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def tell(self) -> None:
        """Tooltips: what a button does with its keys, and why it cannot be pressed now."""
        registry = self._window.registry
        for command in self._commands if self.actions() else ():
            action = registry.action(command.id)
            button = self.widgetForAction(action)
            lines = [command.plain, command.about, *registry.keys(command.id)]
            if not action.isEnabled():
                lines.append(command.reason)
            button.setToolTip("\n".join(line for line in lines if line))
            button.setAccessibleDescription(lines[-1] if not action.isEnabled() else command.about)
