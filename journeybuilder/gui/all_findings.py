"""The findings of the whole workspace, worked out beside the window's thread."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from journeybuilder.checks import Known
from journeybuilder.connect.workspace_findings import findings_of
from journeybuilder.document.findings import Finding
from journeybuilder.document.workspace import Workspace
from journeybuilder.gui.bridge import Failure, Job

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_SETTLE = 250  # ms after the last change until the workspace is checked again


class AllFindings(QObject):
    """Checks the files that are not open; what is open is checked by its own model.

    Signals:
        changed: Other findings, or whether it is still at work.
    """

    changed = Signal()

    def __init__(self, window: "MainWindow", parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._found: Sequence[Finding] = ()
        self._job: Job | None = None
        self._again = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self._begin)

    @property
    def busy(self) -> bool:
        """Whether the workspace is being checked."""
        return self._settle.isActive() or (self._job is not None and not self._job.done)

    @property
    def findings(self) -> Sequence[Finding]:
        """Those of open journeys as they are shown now, then those of all other files."""
        root = self._window.files.workspace
        if root is None:
            return ()
        open_files = {tab.model.disk.source.file for tab in self._window.tabs()}
        here = [one for tab in self._window.tabs() for one in tab.model.findings]
        return [*here, *(one for one in self._found if one.file not in open_files)]

    def later(self) -> None:
        """Check the workspace soon; however much changes, it is checked once."""
        self._settle.start()

    def stop(self) -> None:
        """Check no more."""
        self._settle.stop()
        self._again = False
        if self._job is not None:
            self._job.cancel()
        self._job = None

    def _begin(self) -> None:
        space = self._window.files.workspace
        if space is None:
            self._found = ()
            self.changed.emit()
            return
        if self._job is not None and not self._job.done:
            self._again = True
            return
        workspace = space.workspace
        self._job = space.bridge.submit(_check(workspace, space.known), self._done, self._failed)

    def _done(self, found: Sequence[Finding]) -> None:
        self._found = found
        self._job = None
        if self._again:
            self._again = False
            self._settle.start()
        self.changed.emit()

    def _failed(self, failure: Failure) -> None:
        self._job = None
        self._window.say(str(failure))
        self.changed.emit()


async def _check(workspace: Workspace, known: Known) -> Sequence[Finding]:
    """In a thread of its own: the loop goes on with what servers say."""
    return await asyncio.to_thread(findings_of, workspace, known)
