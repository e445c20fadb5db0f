"""Our canvas in the scenarios of `benchmarks.canvas`; prints one line of JSON."""

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from benchmarks.large import graph
from journeybuilder.gui.canvas.model import NodeView, PortStyle, PortView
from journeybuilder.gui.canvas.view import CanvasView
from journeybuilder.gui.look import theme
from tests.gui.canvas.memory import MemoryModel

FRAMES = 30
KINDS = (
    ("say", "talk"), ("ask", "talk"), ("tool", "tools"), ("branch", "flow"),
    ("generate", "models"), ("classify", "models"), ("review", "people"), ("end", "flow"),
)  # fmt: skip
STYLES: tuple[PortStyle, ...] = ("normal", "error", "timeout")


def rss_kb() -> float:
    """Resident memory of this process."""
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


def median_ms(deed: Callable[[int], None]) -> float:
    """Median CPU time of the calling thread for one frame, two frames of warming up."""
    times: list[float] = []
    for frame in range(FRAMES + 2):
        begin = time.thread_time()
        deed(frame)
        times.append((time.thread_time() - begin) * 1000)
    return statistics.median(times[2:])


def journey(count: int) -> MemoryModel:
    """The large graph as a journey of all kinds."""
    shape = graph(count)
    nodes: list[NodeView] = []
    for number in range(count):
        kind, group = KINDS[number % len(KINDS)]
        ports = tuple(
            PortView(
                "next" if place == 0 else f"p{place}",
                f"way {place}",
                STYLES[place % 3],
                f"n{target}",
            )
            for place, target in enumerate(shape.edges[number])
        )
        nodes.append(
            NodeView(
                f"n{number}", kind, kind, group, f"Step number {number}", f"line {number}", ports
            )
        )
    return MemoryModel(nodes, {f"n{i}": place for i, place in enumerate(shape.places)})


class Scenarios:
    """One view and what is done to it, a frame at a time."""

    def __init__(self, app: QApplication, count: int) -> None:
        self.app = app
        self.model = journey(count)
        self.middle = f"n{count // 2}"
        self.view = CanvasView()
        self.view.resize(1600, 1000)
        self.view.show()
        self.spot = QPointF()
        app.processEvents()

    def build(self) -> None:
        self.view.set_model(self.model)

    def repaint(self, _: int) -> None:
        self.view.viewport().repaint()

    def pan(self, step: int) -> None:
        self.view.pan_by(6 if step % 2 else -5, 5)
        self.app.processEvents()

    def zoom(self, step: int) -> None:
        self.view.zoom_by(1.04 if step % 2 else 1 / 1.045)
        self.app.processEvents()

    def highlight(self, step: int) -> None:
        self.view.set_states({self.middle: "running" if step % 2 else "done"})
        self.app.processEvents()

    def _send(self, kind: QEvent.Type, at: QPointF) -> None:
        left = Qt.MouseButton.LeftButton
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
        place = QPointF(self.view.viewport().mapToGlobal(at.toPoint()))
        event = QMouseEvent(kind, at, place, button, left, Qt.KeyboardModifier.NoModifier)
        self.app.sendEvent(self.view.viewport(), event)

    def grab(self) -> None:
        zoom = self.view.zoom()
        corner = self.view.mapFromScene(self.view.board.nodes[self.middle].card().topLeft())
        self.spot = QPointF(corner + QPoint(int(60 * zoom), int(8 * zoom) + 1))
        self._send(QEvent.Type.MouseButtonPress, self.spot)

    def drag(self, step: int) -> None:
        at = self.spot + QPointF(7 * (step % 9) + 5, 4 * (step % 7))
        self._send(QEvent.Type.MouseMove, at)
        self.app.processEvents()

    def look(self, zoom: float | None) -> None:
        """Show everything, or the middle at a zoom."""
        if zoom is None:
            self.view.fit()
        else:
            self.view.set_zoom(zoom)
            self.view.center_on(self.middle)
        self.app.processEvents()


def measure(count: int) -> dict[str, float]:
    """All scenarios at a number of nodes."""
    app = QApplication([])
    theme.apply(app, theme.LIGHT)
    scenarios = Scenarios(app, count)
    gc.collect()
    gc.disable()
    memory = rss_kb()
    begin = time.thread_time()
    scenarios.build()
    found = {
        "build": (time.thread_time() - begin) * 1000,
        "rss_kb_node": (rss_kb() - memory) / count,
    }
    app.processEvents()
    for label, zoom in (("fit", None), ("50", 0.5), ("100", 1.0)):
        for deed in (scenarios.repaint, scenarios.pan, scenarios.zoom, scenarios.highlight):
            scenarios.look(zoom)
            found[f"{deed.__name__}_{label}"] = median_ms(deed)
        scenarios.view.set_states({})
        scenarios.look(zoom)
        scenarios.grab()
        found[f"drag_{label}"] = median_ms(scenarios.drag)
        moved = scenarios.view.board.nodes[scenarios.middle].pos().toTuple()
        assert moved != scenarios.model.positions[scenarios.middle], "the drag did not take hold"
        scenarios.view.pointer.cancel()
    scenarios.view.close()
    scenarios.view.set_model(None)
    return found


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
