"""Several windows of one program: each has its own workspace; settings, look and bridge are shared."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal

from journeybuilder.gui.actions import commands_of
from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.window import MainWindow

_NEXT_TO = 32  # pixels that a further window is off the one before


class Windows(QObject):
    """Makes windows and knows which are open.

    Signals:
        empty: The last window was closed.
    """

    empty = Signal()

    def __init__(self, look: Look, settings: UserSettings, bridge: Bridge) -> None:
        super().__init__()
        self.look = look
        self.settings = settings
        self.bridge = bridge
        self._open: list[MainWindow] = []
        self._leaving = False
        self.restarts = False
        settings.changed.connect(self._changed)

    @property
    def open(self) -> Sequence[MainWindow]:
        """The windows, in the order in which they were opened."""
        return list(self._open)

    @property
    def front(self) -> MainWindow | None:
        """The window that the person works in, else the first."""
        active = [window for window in self._open if window.isActiveWindow()]
        return (active or self._open or [None])[0]

    def _changed(self, option: str) -> None:
        if option == "theme":
            self.look.choose(self.settings.text("theme"))
        elif option == "motion":
            self.look.set_motion(self.settings.text("motion"))

    def make(self) -> MainWindow:
        """A window that is not shown yet."""
        window = MainWindow(self.look, self.settings, self.bridge, self)
        window.take_commands(commands_of(window))
        self._open.append(window)
        return window

    def open_new(self, path: Path | None = None) -> MainWindow:
        """Show another window beside the one in front, with a workspace where one is given."""
        before = self.front
        window = self.make()
        window.restore()
        if before is not None:
            window.move(before.pos() + QPoint(_NEXT_TO, _NEXT_TO))
        window.show()
        window.activateWindow()
        if path is not None:
            window.files.visit(path)
        return window

    def with_workspace(self, root: Path) -> MainWindow | None:
        """The window in which a workspace is open."""
        for window in self._open:
            space = window.files.workspace
            if space is not None and space.root == root:
                return window
        return None

    def closed(self, window: MainWindow) -> None:
        """A window was closed; it is deleted once Qt has nothing more to say to it."""
        if window not in self._open:
            return
        self._open.remove(window)
        window.deleteLater()
        if not self._open:
            self.empty.emit()
        else:
            self.keep_session()

    # --- from one time to the next -----------------------------------------------------------------

    def keep_session(self) -> None:
        """Remember what is open in which window."""
        if self._leaving:
            return
        spaces = [window.files.workspace for window in self._open]
        self.settings.keep_session([str(space.root) for space in spaces if space is not None])

    def restore(self) -> None:
        """Open the workspaces of last time again, each in a window of its own."""
        for index, folder in enumerate(self.settings.session):
            if not Path(folder).is_dir():
                continue
            window = self._open[0] if index == 0 and self._open else self.open_new()
            window.files.visit(Path(folder))

    def quit(self) -> bool:
        """Close every window, asking about changes; False when the person cancels."""
        self.keep_session()
        self._leaving = True
        try:
            return all(window.close() for window in self.open)
        finally:
            self._leaving = False

    def restart(self) -> None:
        """End the program and start it anew with what is open; changes wait in the journals."""
        self.keep_session()
        self._leaving = True
        self.restarts = True
        for window in self.open:
            window.leave()

    def dispose(self) -> None:
        """Close what is open without asking: the program ends."""
        self._leaving = True
        for window in self.open:
            window.leave()
        self.let_go()

    def let_go(self) -> None:
        """Follow the settings no longer."""
        self.settings.changed.disconnect(self._changed)
        self.deleteLater()
