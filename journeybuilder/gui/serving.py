"""What a person does with servers, from wherever in the window they ask for it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from journeybuilder.errors import ProgramError
from journeybuilder.gui.bridge import Failure, Job
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.workspace.server_files import ServerFiles
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

if TYPE_CHECKING:
    from journeybuilder.gui.files import Files
    from journeybuilder.gui.shell import Shell

_SAFE = ("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")


class Serving(QObject):
    """Starts, stops, logs in; knows the files in which servers stand.

    Signals:
        said: Words about what was done; and whether the person can take it back.
        wanted: Name of a server that shall be looked at in the servers panel.
    """

    said = Signal(str, bool)
    wanted = Signal(str)

    def __init__(self, window: "Shell", files: "Files") -> None:
        super().__init__(window)
        self._window = window
        self._files = files
        self._edits: ServerFiles | None = None
        self._login: Job | None = None

    @property
    def space(self) -> WorkspaceModel | None:
        """The open workspace."""
        return self._files.workspace

    @property
    def edits(self) -> ServerFiles | None:
        """The files of the open workspace in which servers stand."""
        space = self.space
        if space is None:
            self._edits = None
        elif self._edits is None or self._edits.space is not space:
            self._edits = ServerFiles(space)
        return self._edits

    def asked(self, what: str, server: str) -> None:
        """Do something about a server: `retry`, `restart`, `stop`, `on`, `off`, `doctor`.

        An empty name with `stop` means every server that is being asked.
        """
        space = self.space
        if space is None:
            return
        if what == "stop" and not server:
            space.cancel()
        elif what == "stop":
            space.stop([server])
        elif what == "retry":
            self._files.discover([server])
        elif what == "restart":
            self._files.permissions.when_allowed(space, partial(space.restart, server), [server])
        elif what in {"on", "off"}:
            self.switch(server, on=what == "on")
        elif what == "doctor":
            self.wanted.emit(server)

    def switch(self, server: str, *, on: bool) -> None:
        """Switch a server on and ask it, or off."""
        edits = self.edits
        if edits is None:
            return
        try:
            edits.switch(server, on=on)
        except ProgramError as error:
            self.said.emit(str(error), False)
            return
        words = (
            tr("Switched on {name}", name=server) if on else tr("Switched off {name}", name=server)
        )
        self.said.emit(words, True)
        if on:
            self._files.discover([server])

    # --- logging in ------------------------------------------------------------------------------

    @property
    def logging_in(self) -> bool:
        """Whether a browser is open for a login."""
        return self._login is not None and not self._login.done

    def log_in(self, server: str) -> None:
        """Let the person log in with the browser; the login goes into the keyring."""
        space = self.space
        if space is None or self.logging_in:
            return
        work = space.host.pool.login(server, self._open_page)
        self.said.emit(tr("The browser opens: log in there, then come back."), False)
        self._login = space.bridge.submit(work, partial(self._logged_in, server), self._not_in)

    def cancel_login(self) -> None:
        """Wait for the browser no longer."""
        if self._login is not None:
            self._login.cancel()
            self._login = None
            self.said.emit(tr("The login is called off."), False)

    def _open_page(self, address: str) -> None:
        """Called in the loop or a thread of it."""
        space = self.space
        if space is not None and address.startswith(_SAFE):
            space.bridge.post(QDesktopServices.openUrl, QUrl(address))

    def _logged_in(self, server: str, where: str) -> None:
        self._login = None
        self.said.emit(tr("Logged in at {where}", where=where), False)
        self._files.discover([server])

    def _not_in(self, failure: Failure) -> None:
        self._login = None
        self.said.emit(str(failure), False)

    def log_out(self, server: str) -> None:
        """Forget the login at a server."""
        space = self.space
        if space is not None:
            work = space.host.pool.logout(server)
            space.bridge.submit(work, partial(self._logged_out, server), self._not_in)

    def _logged_out(self, server: str, done: bool) -> None:
        words = tr("The login at {name} is forgotten", name=server)
        self.said.emit(words if done else tr("Nobody was logged in at {name}", name=server), False)
        self._files.discover([server])
