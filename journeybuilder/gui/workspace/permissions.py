"""Who may be started: every command of a workspace needs its person's consent once, and anew when it changes."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from journeybuilder.document.servers import ServerSpec
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.workspace.consent import (
    ConsentDialog,
    commands_of,
    consent_digest,
    shown_commands,
)
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel


class Permissions(QObject):
    """Asks before something is started on this machine for the first time.

    A consent covers one command with its folder and environment, so that a new server of a known
    workspace asks for itself only.
    """

    def __init__(self, window: QWidget, settings: UserSettings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._dialog: ConsentDialog | None = None

    def missing(self, space: WorkspaceModel, names: Sequence[str] | None = None) -> list[str]:
        """The servers whose command nobody has allowed yet; those that start nothing are not among them."""
        root, servers = str(space.root), space.workspace.servers
        if self._settings.consented(consent_digest(root, servers)):
            self._keep(root, servers, list(commands_of(servers)))
        wanted = servers if names is None else names
        return [
            name
            for name in commands_of(servers)
            if name in wanted and not self._settings.consented(_digest(root, servers, name))
        ]

    def when_allowed(
        self,
        space: WorkspaceModel,
        then: Callable[[], object],
        names: Sequence[str] | None = None,
    ) -> bool:
        """Do something at once where all is allowed, else once it is; False where it has to wait.

        Args:
            space: The workspace.
            then: What starts its servers.
            names: Which of them; all by default.
        """
        missing = self.missing(space, names)
        if not missing:
            then()
            return True
        if self._dialog is None or not self._dialog.isVisible():
            shown = shown_commands(str(space.root), space.workspace.servers)
            new = {name: shown[name] for name in missing}
            known = len(commands_of(space.workspace.servers)) - len(new)
            self._dialog = ConsentDialog(space.workspace.name, new, self._window, known=known)
            self._dialog.accepted.connect(weak(self._allowed, space, missing, then))
            self._dialog.finished.connect(self._closed)
            self._dialog.open()
        return False

    def _allowed(
        self, space: WorkspaceModel, names: Sequence[str], then: Callable[[], object]
    ) -> None:
        self._keep(str(space.root), space.workspace.servers, names)
        then()

    def _closed(self) -> None:
        self._dialog = None

    def _keep(self, root: str, servers: Mapping[str, ServerSpec], names: Sequence[str]) -> None:
        for name in names:
            self._settings.consent(_digest(root, servers, name))


def _digest(root: str, servers: Mapping[str, ServerSpec], name: str) -> str:
    return consent_digest(root, {name: servers[name]})
