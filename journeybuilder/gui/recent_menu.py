"""File → Open recent: the workspaces of last time, those that are gone left out."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow


class RecentMenu(QObject):
    """A menu that is filled each time it opens."""

    def __init__(self, window: "MainWindow", menu: QMenu, after: QAction) -> None:
        super().__init__(window)
        self._window = window
        self.menu = QMenu(tr("Open &recent"), menu)
        self.menu.setObjectName("menu.recent")
        self.menu.setToolTipsVisible(True)
        actions = menu.actions()
        place = actions.index(after) + 1
        if place < len(actions):
            menu.insertMenu(actions[place], self.menu)
        else:
            menu.addMenu(self.menu)
        self.menu.aboutToShow.connect(self._fill)
        menu.aboutToShow.connect(self._enable)

    def _enable(self) -> None:
        self.menu.setEnabled(bool(self._window.frame.settings.recents))

    def _fill(self) -> None:
        self.menu.clear()
        settings = self._window.frame.settings
        gone = [folder for folder in settings.recents if not Path(folder).is_dir()]
        if gone:
            settings.forget(*gone)
        for number, folder in enumerate(settings.recents, start=1):
            name = Path(folder).name.replace("&", "&&")
            words = tr("{name} in {folder}", name=name, folder=shortened(Path(folder).parent))
            mark = f"&{number} " if number <= 9 else ""  # noqa: PLR2004 - keys have one digit
            action = self.menu.addAction(mark + words)
            action.setToolTip(folder)
            action.triggered.connect(weak(self._open, folder))
        if settings.recents:
            self.menu.addSeparator()
            self.menu.addAction(tr("&Clear this list")).triggered.connect(
                self._window.frame.clear_recents
            )
        else:
            self.menu.addAction(tr("No workspace was open before.")).setEnabled(False)

    def _open(self, folder: str) -> None:
        self._window.frame.open_recent(folder)


def shortened(folder: Path) -> str:
    """A folder as people read it: their own one as `~`."""
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except ValueError:
        return str(folder)
