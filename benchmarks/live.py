"""How long a frame of the window is while a rehearsal goes on beside its canvas.

    python -m benchmarks.live [--nodes 200] [--rate 50] [--seconds 8] [--quick] [--json]

A whole window with a journey of so many nodes rehearses it with so many events a second: story, canvas,
moving tokens and whatever panel is in front follow. `cpu` is the most CPU that the GUI thread took in
one turn of its event loop and, before it, what 99 of 100 turns stay below; `stall` is the longest time
between two turns, the machine's own share included. `idle` is a window in which nothing happens, `start`
the press of the button, `burst` a run that is held up by nothing, all of its events at once.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pydantic.fields  # noqa: F401 # pyright: ignore[reportUnusedImport] - before Qt, see gui/app
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from benchmarks.stalls import Watchdog
from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.running.setup import Setup
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.window import MainWindow
from journeybuilder.gui.windows import Windows

Scene = dict[str, float]
FRAME = 16.0
"""ms that a frame has."""
_PER_NODE = 3.5
"""Events of a node of the journey below, on the average."""


def journey(nodes: int) -> str:
    """A chain of words, values and model calls."""
    lines = [
        "journeybuilder: 1", "journey: live", "title: A long talk", "version: 1",
        "channels: [chat]", "languages: [en]", "start: n0", "nodes:",
    ]  # fmt: skip
    for number in range(nodes):
        after = f"n{number + 1}" if number + 1 < nodes else "done"
        body = (
            f"{{kind: say, text: These are the words of step {number}., next: {after}}}",
            f"{{kind: set, values: {{count: {number}}}, next: {after}}}",
            f"{{kind: generate, model: fast, prompt: Write a sentence., save: text, next: {after}}}",
        )[number % 3]
        lines.append(f"  n{number}: {body}")
    return "\n".join([*lines, "  done: {kind: end, outcome: resolved}", ""])


def workspace(folder: Path, nodes: int) -> Path:
    """A workspace with that journey; gives the journey's file."""
    (folder / "journeys").mkdir(parents=True)
    (folder / "journeybuilder.yaml").write_text(
        "journeybuilder: 1\nworkspace: live\nenvironments: {dev: {}}\n", encoding="utf-8"
    )
    (folder / "models.yaml").write_text(
        "models:\n  fast: {model: scripted, region: on-prem}\n", encoding="utf-8"
    )
    (folder / "mcp.json").write_text('{"mcpServers": {}}', encoding="utf-8")
    path = folder / "journeys" / "live.journey.yaml"
    path.write_text(journey(nodes), encoding="utf-8")
    return path


class Turns(Watchdog):
    """Also remembers the CPU of every turn, in ms."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: list[float] = []

    @override
    def _turn(self) -> None:
        before = self._last_work
        super()._turn()
        self.turns.append((self._last_work - before) * 1000)

    def scene(
        self, begin: Callable[[], object], done: Callable[[], bool], most: float = 60
    ) -> Scene:
        """What one scene takes."""
        self.turns = []
        stall = self.over(begin, done, most)
        turns = sorted(self.turns)
        return {"cpu_99": turns[int(len(turns) * 0.99)], "cpu": turns[-1], "stall": stall}


class Live:
    """A window and the rehearsals in it."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.events = 0
        window.rehearsing.happened.connect(self._happened)

    def _happened(self, events: object) -> None:
        self.events += len(events) if isinstance(events, list) else 0  # pyright: ignore[reportUnknownArgumentType]

    def start(self, delay: float) -> None:
        """Rehearse, with so many seconds before each node."""
        space, tab = self.window.files.workspace, self.window.tab
        assert space is not None
        assert tab is not None
        self.events = 0
        self.window.rehearsing.start(space, tab.model, {}, Setup(delay=delay))

    def over(self) -> bool:
        """Whether all of it has come."""
        return not self.window.rehearsing.running


def measured(nodes: int, rate: float, seconds: float, panel: str) -> dict[str, Scene]:
    """The numbers, in ms."""
    with tempfile.TemporaryDirectory() as folder:
        path = workspace(Path(folder) / "space", nodes)
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        bridge = Bridge()
        look = Look(app, "light")
        windows = Windows(look, UserSettings(Path(folder) / "settings.json"), bridge)
        window = windows.make()
        bridge.start()
        window.resize(1600, 1000)
        window.show()
        window.files.open_path(path)
        window.docks.go("rehearsal")
        window.docks.show(panel)
        try:
            return _numbers(window, rate, seconds)
        finally:
            window.files.leave()
            bridge.stop()
            window.hide()
            windows.let_go()
            look.dispose()
            window.deleteLater()
            bridge.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _numbers(window: MainWindow, rate: float, seconds: float) -> dict[str, Scene]:
    dog, live = Turns(), Live(window)
    delay = _PER_NODE / rate
    begun = 0

    def nothing() -> None:
        """Leave the window alone."""

    def never() -> bool:
        return False

    def slowly() -> None:
        live.start(delay)

    def at_once() -> None:
        live.start(0.0)

    def first() -> bool:
        return live.events > 0

    def enough() -> bool:
        return live.events - begun >= rate * seconds or live.over()

    live.start(0.0)
    dog.over(nothing, live.over)  # what is made when it is first needed
    out = {"idle": dog.scene(nothing, never, most=min(seconds, 3.0))}
    out["start"] = dog.scene(slowly, first)
    begun = live.events
    out["live"] = {**dog.scene(nothing, enough), "events": live.events - begun}
    window.rehearsing.stop()
    out["burst"] = {**dog.scene(at_once, live.over), "events": live.events}
    return out


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=200)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--panel", default="timeline", help="the panel that is in front below")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found = measured(args.nodes, args.rate, 3.0 if args.quick else args.seconds, args.panel)
    if args.json:
        json.dump(found, sys.stdout)
        return
    print(f"{args.nodes} nodes, {args.rate:.0f} events a second, panel {args.panel}; ms\n")
    print("         cpu 99 %   cpu most    stall   events")
    for name, scene in found.items():
        numbers = f"{scene['cpu_99']:8.1f}   {scene['cpu']:8.1f} {scene['stall']:8.1f}"
        print(f"{name:6}   {numbers}   {scene.get('events', ''):>6}")
    print(f"\na frame has {FRAME:.0f} ms")


if __name__ == "__main__":
    main()
