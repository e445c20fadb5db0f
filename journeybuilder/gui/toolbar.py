"""The buttons above the journeys: few, the two that matter with their words."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolBar, QToolButton, QWidget

from journeybuilder.gui.commands import Registry
from journeybuilder.gui.look.language import tr

_SIDE = 20
_WITH_WORDS = ("run.rehearse", "file.export")


class Toolbar(QToolBar):
    """Buttons of the commands that ask for one."""

    def __init__(self, registry: Registry) -> None:
        super().__init__(tr("Toolbar"))
        self._registry = registry
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    def fill(self) -> None:
        """Make the buttons."""
        self._registry.fill_toolbar(self)
        for name in _WITH_WORDS:
            button = self.button_of(name)
            if isinstance(button, QToolButton):
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def button_of(self, command: str) -> QWidget:
        """The button of a command, or the whole bar where it has none."""
        return self.widgetForAction(self._registry.action(command)) or self
