"""NodeGraphQt in the scenarios of `benchmarks.canvas`; runs in an environment that has it.

Its public API only: nodes with as many ports as the graph asks for, no undo, its viewer's window.
Prints one line of JSON.
"""

import gc
import json
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_PREFERRED_BINDING", "PySide6")
sys.path.insert(0, str(Path(__file__).parents[2]))

from NodeGraphQt import BaseNode, NodeGraph  # noqa: E402
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt  # noqa: E402
from PySide6.QtGui import QMouseEvent  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from benchmarks.large import graph  # noqa: E402


class Step(BaseNode):
    """A node with one way in and up to eight out."""

    __identifier__ = "bench"
    NODE_NAME = "Step"

    def __init__(self):
        super().__init__()
        self.add_input("in", multi_input=True)


def rss_kb():
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


def median_ms(deed, frames=12, most=5.0):
    """The median of some frames; of fewer where they are so slow that they would take minutes."""
    times = []
    end = time.perf_counter() + most
    for frame in range(frames + 2):
        begin = time.thread_time()
        deed(frame)
        times.append((time.thread_time() - begin) * 1000)
        if len(times) > 2 and time.perf_counter() > end:
            break
    return statistics.median(times[2:])


def main(count):
    app = QApplication([])
    shape = graph(count)
    editor = NodeGraph()
    editor.register_node(Step)
    view = editor.viewer()
    view.resize(1600, 1000)
    view.show()
    app.processEvents()
    gc.collect()
    gc.disable()
    memory = rss_kb()
    begin = time.thread_time()
    nodes = []
    for number in range(count):
        node = editor.create_node(
            "bench.Step", name=f"Step number {number}", pos=shape.places[number], push_undo=False, selected=False
        )
        for place in range(len(shape.edges[number])):
            node.add_output("next" if place == 0 else f"way {place}")
        nodes.append(node)
    for number in range(count):
        for place, target in enumerate(shape.edges[number]):
            nodes[number].output(place).connect_to(nodes[target].input(0), push_undo=False)
    found = {"build": (time.thread_time() - begin) * 1000, "rss_kb_node": (rss_kb() - memory) / count}
    app.processEvents()
    middle = nodes[count // 2].view
    bodies = {node.view for node in nodes}

    def free():
        """A place without a node near, where the middle button drags the paper."""
        for y in range(60, 940, 7):
            for x in range(60, 1540, 7):
                near = view.scene().items(QRectF(view.mapToScene(x, y) - QPointF(30, 30), QSizeF(60, 60)))
                if not any(item in bodies for item in near):
                    return QPointF(x, y)
        raise LookupError("no free place")

    def pan(step):
        at = paper + QPointF(6 if step % 2 else -5, 5 * step)
        send(QEvent.Type.MouseMove, at, Qt.MouseButton.MiddleButton)
        app.processEvents()

    def zoom(step):
        view.scale(*([1.04 if step % 2 else 1 / 1.045] * 2))
        app.processEvents()

    def send(kind, at, buttons):
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else buttons
        event = QMouseEvent(kind, at, view.viewport().mapToGlobal(at), button, buttons, Qt.KeyboardModifier.NoModifier)
        app.sendEvent(view.viewport(), event)

    def drag(step):
        at = QPointF(spot) + QPointF(7 * (step % 9) + 5, 4 * (step % 7))
        send(QEvent.Type.MouseMove, at, Qt.MouseButton.LeftButton)
        app.processEvents()

    def highlight(step):
        middle.color = (40, 120, 200, 255) if step % 2 else (40, 180, 90, 255)
        middle.update()
        app.processEvents()

    for label, factor in (("fit", None), ("50", 0.5), ("100", 1.0)):
        if factor is None:
            editor.fit_to_selection() if editor.selected_nodes() else view.zoom_to_nodes([n.view for n in nodes])
        else:
            view.reset_zoom(middle.sceneBoundingRect().center())
            view.scale(factor, factor)
        app.processEvents()
        found[f"repaint_{label}"] = median_ms(lambda _: view.viewport().repaint())
        paper = free()
        send(QEvent.Type.MouseButtonPress, paper, Qt.MouseButton.MiddleButton)
        found[f"pan_{label}"] = median_ms(pan)
        send(QEvent.Type.MouseButtonRelease, paper, Qt.MouseButton.MiddleButton)
        view.reset_zoom(middle.sceneBoundingRect().center()) if factor else None
        view.scale(factor, factor) if factor else None
        app.processEvents()
        found[f"zoom_{label}"] = median_ms(zoom)
        found[f"highlight_{label}"] = median_ms(highlight)
        was = middle.scenePos()
        box = view.mapFromScene(middle.sceneBoundingRect()).boundingRect()
        spot = QPoint(box.center().x(), box.top() + max(1, box.height() // 6))
        send(QEvent.Type.MouseButtonPress, QPointF(spot), Qt.MouseButton.LeftButton)
        found[f"drag_{label}"] = median_ms(drag)
        moved = middle.scenePos() != was
        send(QEvent.Type.MouseButtonRelease, QPointF(spot), Qt.MouseButton.LeftButton)
        app.processEvents()
        if not moved:
            del found[f"drag_{label}"]  # the press met a port or a wire
    print(json.dumps(found), flush=True)
    os._exit(0)  # its teardown takes minutes


main(int(sys.argv[1]))
