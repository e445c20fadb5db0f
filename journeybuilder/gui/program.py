"""The program around its windows: what is shared, how it starts, how a picture of it is drawn."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QProcess, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from journeybuilder.errors import OperatorError
from journeybuilder.gui.app_picture import Picture
from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.crash.crash_dialog import Deeds, EndedDialog
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.window import MainWindow
from journeybuilder.gui.windows import Windows

log = logging.getLogger(__name__)
_SIZE = (1360, 860)
_QUIET = 60  # ms without anything to do: what has settled
_PATIENCE = 15_000  # ms after which a picture is drawn of what there is


class Program:
    """One run of the editor.

    Args:
        app: Qt's application.
        settings: Those of the person.
        theme: Name of the theme, or `system`.
    """

    def __init__(self, app: QApplication, settings: UserSettings, theme: str) -> None:
        self._app = app
        self._settings = settings
        self.look = Look(app, theme, settings.text("motion"))
        self.bridge = Bridge()
        self.bridge.start()
        self.windows = Windows(self.look, settings, self.bridge)

    def front(self) -> MainWindow | None:
        """The window in front."""
        return self.windows.front

    def deeds(self) -> Deeds:
        """What can be done after a mistake of the program."""
        return Deeds(self.save_all, self.windows.restart)

    def save_all(self) -> None:
        """Write every journey of every window."""
        for window in self.windows.open:
            window.files.save_all()

    def end(self) -> None:
        """Let go of everything."""
        self.windows.dispose()
        self.bridge.stop()

    # --- a window ----------------------------------------------------------------------------------

    def show(self, path: Path | None, size: tuple[int, int] | None) -> None:
        """Open the first window, and what is to be seen in it."""
        window = self.windows.make()
        window.restore()
        if size is not None:
            window.resize(*size)
        if path is not None:
            window.files.open_path(path.absolute())
        window.show()

    def first_things(self, died: str | None) -> Callable[..., None]:
        """What comes once the first window is seen, as a slot."""
        return weak(self._first_things, died)

    def _first_things(self, died: str | None) -> None:
        window = self.front()
        if window is None:
            return
        if window.files.workspace is None and self._settings.flag("restore"):
            self.windows.restore()
        window.files.discover(fresh=True)
        if self._settings.set_aside is not None:
            window.say(
                tr(
                    "The settings were damaged; they are kept in {file}",
                    file=str(self._settings.set_aside),
                )
            )
        if died is not None:
            EndedDialog(died, self._recovered(), window).open()
        elif self._settings.get("tour") != "seen":
            window.journeys.currentChanged.connect(weak(self._soon, window))
            self._soon(window)

    def _soon(self, window: MainWindow) -> None:
        """Show around when everything has been asked that opening a workspace asks."""
        if self._settings.get("tour") != "seen":
            QTimer.singleShot(0, window, weak(self._first_journey, window))

    def _first_journey(self, window: MainWindow) -> None:
        """Show around once there is something to show, and no question is open."""
        asked = QApplication.activeModalWidget()
        if window.tab is None or self._settings.get("tour") == "seen":
            return
        if isinstance(asked, QDialog):
            asked.finished.connect(weak(self._soon, window))
        else:
            window.frame.tour()

    def _recovered(self) -> str:
        """Which journeys have changes that were not saved, in words."""
        tabs = [tab for window in self.windows.open for tab in window.tabs()]
        names = [tab.model.title for tab in tabs if not tab.model.saved]
        if names:
            return tr("What was not saved is here again: {names}.", names=", ".join(names))
        return tr(
            "What is saved is as it was. Changes that were not saved come back when you open their "
            "journey."
        )

    # --- a picture ---------------------------------------------------------------------------------

    def draw(self, path: Path | None, picture: Picture) -> int:
        """Draw the window as it looks when everything has settled.

        Raises:
            OperatorError: When the picture cannot be written, or what it is to show does not exist.
        """
        window = self.windows.make()
        window.resize(*(picture.size or _SIZE))
        if path is not None:
            window.files.open_path(path.absolute())
        window.show()
        self._wait(window)
        if picture.select:
            self._select(window, picture.select)
        if picture.panel:
            self._bring(window, picture.panel)
        self._wait(window)
        picture.file.parent.mkdir(parents=True, exist_ok=True)
        if not window.grab().save(str(picture.file)):
            raise OperatorError(
                "the picture cannot be written",
                where=str(picture.file),
                hint="Use a name that ends in .png.",
            )
        log.info("wrote %s", picture.file)
        return 0

    @staticmethod
    def _select(window: MainWindow, node: str) -> None:
        tab = window.tab
        if tab is None or node not in tab.model.journey.nodes:
            raise OperatorError(
                f"there is no step '{node}' to select",
                hint="Name a journey file, and a step of it by its id.",
            )
        tab.go_to(node)

    @staticmethod
    def _bring(window: MainWindow, panel: str) -> None:
        known = [spec.id for spec in window.docks.specs]
        if panel not in known:
            raise OperatorError(f"there is no panel '{panel}'", hint=f"Panels: {', '.join(known)}.")
        window.docks.show(panel)

    def _wait(self, window: MainWindow) -> None:
        """Until layouts and checks are done and nothing more is to be drawn."""
        waiting = QEventLoop()  # a quit of the application would close the window first
        last = QTimer()
        last.setSingleShot(True)
        last.timeout.connect(waiting.quit)
        last.start(_PATIENCE)
        while last.isActive():
            pause = QTimer()
            pause.setSingleShot(True)
            pause.timeout.connect(waiting.quit)
            pause.start(_QUIET)
            waiting.exec()
            pause.stop()
            if not window.status.line.jobs and all(_settled(tab) for tab in window.tabs()):
                break
        last.stop()


def _settled(tab: JourneyTab) -> bool:
    """Whether a journey is laid out, looked at and checked."""
    return tab.seen and not tab.model.is_checking()


def start_again() -> None:
    """Start the program anew; called when this one has let go of everything."""
    command = [sys.executable, "-m", "journeybuilder", "open"]
    if not QProcess.startDetached(command[0], command[1:])[0]:
        log.error("the program could not be started again")
