"""What goes on behind a window, told in its status line: servers that are asked, layouts, checks."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.slots import weak, weak_with
from journeybuilder.gui.work import Job
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow


class WindowWork(QObject):
    """Follows the background work of one window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._space: WorkspaceModel | None = None
        self._servers: Job | None = None
        self._layouts: dict[JourneyTab, Job] = {}

    # --- servers ---------------------------------------------------------------------------------

    def follow_servers(self, space: WorkspaceModel | None) -> None:
        """Tell from now on when the servers of this workspace are asked."""
        if self._servers is not None:
            self._servers.end()
            self._servers = None
        self._space = space
        if space is not None:
            space.discovering.connect(self._asking)
            space.world_changed.connect(self._answered)

    def _asking(self, asking: bool) -> None:
        if asking and self._servers is None and self._space is not None:
            self._servers = self._window.status.work(tr("Asking the servers"), self._space.cancel)
            self._answered()
        elif not asking and self._servers is not None:
            self._servers.end()
            self._servers = None

    def _answered(self) -> None:
        if self._servers is None or self._space is None:
            return
        asked, left = self._space.asked, len(self._space.asking)
        if asked:
            words = trn("Asking {n} server", "Asking {n} servers", left)
            self._servers.tell(words, (asked - left) / asked)

    # --- layouts ---------------------------------------------------------------------------------

    def follow(self, tab: JourneyTab) -> None:
        """Tell from now on when this journey is laid out."""
        worker = tab.canvas.glide.worker
        worker.working.connect(weak_with(self._laying_out, tab))

    def _laying_out(self, tab: JourneyTab, working: bool) -> None:
        job = self._layouts.pop(tab, None)
        if job is not None:
            job.end()
        if working:
            title = tr("Laying out {title}", title=tab.model.title)
            self._layouts[tab] = self._window.status.work(
                title, weak(tab.canvas.glide.worker.cancel)
            )
