"""Layouts in a process of their own, so that the window never waits for one."""

import json
import sys
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QTimer, Signal

from journeybuilder.gui.canvas.layout_engine import Edges, Groups, Places, Sizes, grouped, layered

_LIMIT_MS = 20_000
_KILL_MS = 500


class LayoutWorker(QObject):
    """Lays a journey out; where the process fails or is too slow, by the plain layout of ours.

    Signals:
        finished: Top left corners by node id.
        working: Whether a layout is under way.
    """

    finished = Signal(object)
    working = Signal(bool)

    def __init__(self, parent: QObject | None = None, limit_ms: int = _LIMIT_MS) -> None:
        super().__init__(parent)
        self.command = [sys.executable, "-P", "-m", "journeybuilder.gui.canvas.layout_engine"]
        self._asked: tuple[Sizes, Edges, str, Groups] | None = None
        self._process: QProcess | None = None
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.setInterval(limit_ms)
        self._limit.timeout.connect(self._fall_back)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.cancel)

    def start(self, nodes: Sizes, edges: Edges, start: str, groups: Groups | None = None) -> None:
        """Begin a layout; one under way is forgotten. `finished` brings the positions."""
        self.cancel()
        self._asked = (nodes, edges, start, groups or {})
        process = QProcess(self)
        self._process = process
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        process.start(self.command[0], self.command[1:])
        request = json.dumps(
            {"nodes": nodes, "edges": edges, "start": start, "groups": groups or {}}
        )
        process.write(request.encode())
        process.closeWriteChannel()
        self._limit.start()
        self.working.emit(True)

    @property
    def busy(self) -> bool:
        """Whether a layout is under way."""
        return self._process is not None

    def cancel(self) -> None:
        """Forget a layout under way."""
        self._asked = None
        self._drop()

    def _drop(self) -> None:
        self._limit.stop()
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._on_finished)
            process.errorOccurred.disconnect(self._on_error)
            process.kill()
            process.waitForFinished(_KILL_MS)  # a killed process ends at once
            process.deleteLater()
            self.working.emit(False)

    def _on_finished(self) -> None:
        process = self._process
        if process is None:
            return
        places = _read(bytes(process.readAllStandardOutput().data()))
        if places is None:
            self._fall_back()
            return
        self._asked = None
        self._drop()
        self.finished.emit(places)

    def _on_error(self) -> None:
        self._fall_back()

    def _fall_back(self) -> None:
        asked = self._asked
        self.cancel()
        if asked is not None:
            self.finished.emit(grouped(*asked, layout=layered))


def _read(answer: bytes) -> Places | None:
    """Positions from the process's output, or None where it wrote something else."""
    try:
        read: dict[str, Any] = json.loads(answer)
        return {node_id: (float(x), float(y)) for node_id, (x, y) in read.items()}
    except (ValueError, TypeError, AttributeError):
        return None
