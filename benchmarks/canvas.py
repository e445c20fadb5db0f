"""The canvas against its budgets, in ms of CPU of the GUI thread, with NodeGraphQt beside it.

    python -m benchmarks.canvas [--nodes 1000 5000] [--peer-python PATH] [--json]

NodeGraphQt needs an environment of its own (`uv sync --group bench` into another venv); without
`--peer-python` only ours is measured, and it says so.
"""

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

BUDGETS = {
    1000: {"build": 150.0, "rss_kb_node": 15.0, "repaint_fit": 16.0, "pan_fit": 8.0, "pan_100": 8.0,
           "zoom_fit": 16.0, "zoom_50": 16.0, "zoom_100": 16.0, "drag_100": 8.0, "drag_fit": 8.0,
           "highlight_fit": 8.0, "highlight_100": 8.0},
    5000: {"repaint_fit": 16.0, "pan_fit": 16.0, "pan_100": 16.0, "zoom_fit": 16.0, "zoom_50": 16.0,
           "zoom_100": 16.0, "drag_100": 16.0, "drag_fit": 16.0, "highlight_fit": 16.0,
           "highlight_100": 16.0},
}  # fmt: skip
FRAMES = 30
SIZE = (1600, 1000)


def rss_kb() -> float:
    """Resident memory of this process."""
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024


def median_ms(deed: Callable[[int], None], frames: int = FRAMES) -> float:
    """Median CPU time of the calling thread for one frame, two frames of warming up."""
    times: list[float] = []
    for frame in range(frames + 2):
        begin = time.thread_time()
        deed(frame)
        times.append((time.thread_time() - begin) * 1000)
    return statistics.median(times[2:])


def measure(count: int) -> dict[str, float]:
    """All scenarios of ours at a number of nodes."""
    from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    from benchmarks.large import graph
    from journeybuilder.gui import theme
    from journeybuilder.gui.canvas.model import NodeView, PortStyle, PortView
    from journeybuilder.gui.canvas.view import CanvasView
    from tests.gui.canvas.memory import MemoryModel

    app = QApplication.instance() or QApplication([])
    theme.apply(app, theme.LIGHT)
    kinds = (("say", "talk"), ("ask", "talk"), ("tool", "tools"), ("branch", "flow"),
             ("generate", "models"), ("classify", "models"), ("review", "people"), ("end", "flow"))  # fmt: skip
    shape = graph(count)
    nodes: list[NodeView] = []
    styles: tuple[PortStyle, ...] = ("normal", "error", "timeout")
    for number in range(count):
        kind, group = kinds[number % len(kinds)]
        ports = tuple(
            PortView("next" if place == 0 else f"p{place}", "next" if place == 0 else f"way {place}",
                     styles[place % 3], f"n{target}")
            for place, target in enumerate(shape.edges[number])
        )  # fmt: skip
        nodes.append(
            NodeView(
                f"n{number}", kind, kind, group, f"Step number {number}", f"line of {number}", ports
            )
        )
    model = MemoryModel(nodes, {f"n{i}": place for i, place in enumerate(shape.places)})

    view = CanvasView()
    view.resize(*SIZE)
    view.show()
    app.processEvents()
    gc.collect()
    gc.disable()
    memory = rss_kb()
    begin = time.thread_time()
    view.set_model(model)
    found = {"build": (time.thread_time() - begin) * 1000}
    found["rss_kb_node"] = (rss_kb() - memory) / count
    app.processEvents()

    def frame() -> None:
        app.processEvents()

    def repaint(_: int) -> None:
        view.viewport().repaint()

    def pan(step: int) -> None:
        view.pan_by(6 if step % 2 else -5, 5)
        frame()

    def zoom(step: int) -> None:
        view.zoom_by(1.04 if step % 2 else 1 / 1.045)
        frame()

    def highlight(step: int) -> None:
        view.set_states({middle: "running" if step % 2 else "done"})
        frame()

    def send(kind: QEvent.Type, at: QPointF, buttons: Qt.MouseButton) -> None:
        button = (
            Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        )
        event = QMouseEvent(
            kind,
            at,
            view.viewport().mapToGlobal(at),
            button,
            buttons,
            Qt.KeyboardModifier.NoModifier,
        )
        app.sendEvent(view.viewport(), event)

    def drag(step: int) -> None:
        at = spot + QPointF(7 * (step % 9) + 5, 4 * (step % 7))
        send(QEvent.Type.MouseMove, at, Qt.MouseButton.LeftButton)
        frame()

    middle = f"n{count // 2}"
    for label, factor in (("fit", None), ("50", 0.5), ("100", 1.0)):
        view.fit() if factor is None else view.set_zoom(factor)
        view.centerOn(view.board.nodes[middle].card().center()) if factor else None
        frame()
        found[f"repaint_{label}"] = median_ms(repaint)
        found[f"pan_{label}"] = median_ms(pan)
        found[f"zoom_{label}"] = median_ms(zoom)
        found[f"highlight_{label}"] = median_ms(highlight)
        view.set_states({})
        card = view.board.nodes[middle].card()
        spot = QPointF(
            view.mapFromScene(card.topLeft())
            + QPoint(int(60 * view.zoom()), int(8 * view.zoom()) + 1)
        )
        send(QEvent.Type.MouseButtonPress, spot, Qt.MouseButton.LeftButton)
        found[f"drag_{label}"] = median_ms(drag)
        view.pointer.cancel()
        frame()
    gc.enable()
    view.close()
    view.set_model(None)
    return found


def of_peer(python: str, count: int) -> dict[str, float] | None:
    """NodeGraphQt's numbers, from its own process; None where it cannot run."""
    script = Path(__file__).parent / "peers" / "nodegraphqt.py"
    done = subprocess.run(
        [python, str(script), str(count)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"NodeGraphQt did not run:\n{done.stderr.strip()[-800:]}")
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def show(count: int, ours: dict[str, float], peer: dict[str, float] | None) -> bool:
    """Print one table; returns whether every budget holds."""
    fine = True
    print(f"\n{count} nodes, {SIZE[0]}x{SIZE[1]}        ours   budget   NodeGraphQt   ratio")
    for name, value in ours.items():
        budget = BUDGETS.get(count, {}).get(name)
        over = budget is not None and value > budget
        fine = fine and not over
        other = (peer or {}).get(name)
        print(
            f"  {name:<22}{value:>12.2f}{budget or float('nan'):>9.0f}"
            f"{other if other is not None else float('nan'):>14.1f}"
            f"{other / max(value, 1e-9) if other is not None else float('nan'):>8.1f}"
            f"{'   OVER' if over else ''}"
        )
    return fine


def main() -> int:
    """Measure and print; the status is 1 where a budget does not hold."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    ask.add_argument("--nodes", type=int, nargs="+", default=[1000, 5000])
    ask.add_argument("--peer-python", default="", help="python of a venv that has NodeGraphQt")
    ask.add_argument("--json", action="store_true", help="one line of JSON for --one")
    ask.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = ask.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if given.one:
        print(json.dumps(measure(given.one)))
        return 0
    fine = True
    if not given.peer_python:
        print("NodeGraphQt is not measured: give --peer-python.")
    for count in given.nodes:
        line = subprocess.run(
            [sys.executable, "-m", "benchmarks.canvas", "--one", str(count)],
            capture_output=True, text=True, check=True,
        ).stdout.strip().splitlines()[-1]  # fmt: skip
        peer = of_peer(given.peer_python, count) if given.peer_python else None
        fine = show(count, json.loads(line), peer) and fine
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
