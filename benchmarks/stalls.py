"""How long the window stands still while something large happens beside it.

    python -m benchmarks.stalls [--nodes 1000] [--quick] [--json]

A timer of the GUI thread that should fire every millisecond measures the longest time in which it did
not; `idle` is that of a window in which nothing happens, which is the machine's own share.
"""

import argparse
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pydantic.fields  # noqa: F401 # pyright: ignore[reportUnusedImport] - before Qt, see gui/app
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.check import journey as generated
from journeybuilder.checks import Known
from journeybuilder.connect.model_process import ApartModels, ModelProcess
from journeybuilder.connect.scripted import Scripted
from journeybuilder.contract.services import ModelAsk
from journeybuilder.errors import StepError
from journeybuilder.gui import collecting
from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.canvas.view import CanvasView
from journeybuilder.gui.journey.finding_marks import LAYER, findings_layer
from journeybuilder.gui.journey.journey_file import JourneyOnDisk
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look import theme
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

STALL = 16.0
FORM = 50.0
_SERVERS = 20
_SERVER = Path(__file__).parent / "calls_server.py"


class Watchdog(QObject):
    """Measures the longest time between two turns of the event loop."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._turn)
        self._last = self._last_work = 0.0
        self.longest = self.most = 0.0
        self.work: list[float] = []
        """Of every scene so far, the most CPU of the thread in one turn, in ms."""

    def _turn(self) -> None:
        now, work = time.perf_counter(), time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self.most = max(self.most, work - self._last_work)
        self._last, self._last_work = now, work

    def over(
        self, begin: Callable[[], object], done: Callable[[], bool], most: float = 60
    ) -> float:
        """The longest stall in ms from the beginning of something until it is done."""
        loop, poll = QEventLoop(), QTimer()
        poll.setInterval(5)

        def look() -> None:
            if done() or time.perf_counter() > end:
                loop.quit()

        poll.timeout.connect(look)
        gc.collect()
        self.longest, self._last = 0.0, time.perf_counter()
        self.most, self._last_work = 0.0, time.thread_time()
        end = self._last + most
        self._timer.start()
        poll.start()
        begin()
        loop.exec()
        self._turn()
        self._timer.stop()
        poll.stop()
        self.work.append(self.most * 1000)
        return self.longest * 1000


def model_of(folder: Path, count: int) -> JourneyModel:
    """A generated journey in a model of the editor."""
    path = folder / "journeys" / "large.journey.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(generated("large", count), encoding="utf-8")
    return JourneyModel(JourneyOnDisk(path, folder), Known(), {})


def until_checked(model: JourneyModel) -> None:
    """Let the check that is under way end."""
    while model.is_checking():
        QCoreApplication.processEvents()


def _same(value: Any) -> Any:
    return value


class Scenes:
    """A window's parts and what happens to them."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.model = model_of(folder, count)
        until_checked(self.model)
        self.view = CanvasView()
        self.view.resize(1600, 1000)
        self.view.show()
        self.view.set_model(self.model)
        self.model.findings_changed.connect(self.mark)
        self.view.fit()
        self.dog = Watchdog()
        self.bridge = Bridge()
        self.bridge.start()
        QCoreApplication.processEvents()

    def mark(self) -> None:
        """Show findings, as a tab does."""
        self.view.set_layer(LAYER, findings_layer(self.model.findings, self.model.journey))

    def idle(self) -> float:
        """Nothing happens."""
        end = time.perf_counter() + 0.5
        return self.dog.over(int, lambda: time.perf_counter() > end)

    def _type(self, step: int) -> None:
        node = next(name for name, one in self.model.journey.nodes.items() if one.kind == "set")
        self.model.set_value(("nodes", node, "values", "reason"), f"does not fit {step}")

    def checking(self) -> float:
        """An edit, and the check that follows it."""
        found: list[float] = [
            self.dog.over(partial(self._type, step), self._checked) for step in range(5)
        ]
        self.dog.work[-5:] = [max(self.dog.work[-4:])]
        return max(found[1:])

    def _checked(self) -> bool:
        return not self.model.is_checking()

    def typing(self) -> float:
        """From an edit to the findings after it, in ms."""
        found: list[float] = []
        work: list[float] = []
        for step in range(5):
            begin, begun = time.perf_counter(), time.thread_time()
            self._type(100 + step)
            while self.model.is_checking():
                QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            found.append((time.perf_counter() - begin) * 1000)
            work.append((time.thread_time() - begun) * 1000)
        self.dog.work.append(sorted(work)[2])
        return sorted(found)[2]

    def laying_out(self) -> float:
        """All nodes get new places, in another process, and glide there."""
        self.view.reduced_motion = True
        before = {name: self.model.position(name) for name in self.model.node_ids()}

        def moved() -> bool:
            return any(self.model.position(name) != at for name, at in before.items())

        return self.dog.over(self.view.tidy, moved)

    def discovering(self) -> float:
        """Twenty servers are started and asked for their tools."""
        servers = {
            f"s{number}": {"command": sys.executable, "args": [str(_SERVER), "stdio"]}
            for number in range(_SERVERS)
        }
        folder = self.folder
        (folder / "journeybuilder.yaml").write_text(
            "journeybuilder: 1\nworkspace: w\nenvironments: {dev: {}}\n", encoding="utf-8"
        )
        (folder / "mcp.json").write_text(json.dumps({"mcpServers": servers}), encoding="utf-8")
        space = WorkspaceModel(folder, self.bridge)
        busy: list[bool] = []
        space.discovering.connect(busy.append)
        stall = self.dog.over(space.discover, lambda: bool(busy) and not busy[-1], most=90)
        space.close()
        return stall

    def importing(self) -> float:
        """A first question to a model: LiteLLM is imported, in the process that asks models."""
        process = ModelProcess()
        entry = {"model": "openai/any", "api_base": "http://127.0.0.1:9", "api_key": "none"}
        models = ApartModels(
            process, {"any": entry}, resolve=str, here=Scripted(), spending=None, redact=_same
        )

        async def ask() -> None:
            question = ModelAsk("r", "n", "any", [{"role": "user", "content": "Hello"}])
            try:
                await models.ask(question)
            except StepError:  # nobody is at that address; the library was needed to find out
                return
            finally:
                await process.close()

        done: list[object] = []
        return self.dog.over(
            lambda: self.bridge.submit(ask(), done.append, done.append), lambda: bool(done)
        )

    def end(self) -> None:
        """Let go of everything."""
        self.view.close()
        self.view.set_model(None)
        self.model.dispose()
        self.bridge.stop()


def measure(count: int) -> dict[str, tuple[float, float]]:
    """The longest stall of every scene, and the most CPU of the window's thread in one turn, in ms."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, theme.LIGHT)
    with tempfile.TemporaryDirectory() as folder:
        scenes = Scenes(Path(folder), count)
        collecting.again()  # as the program does once its window is open
        found = {
            "idle": scenes.idle(),
            "check": scenes.checking(),
            "edit_to_findings": scenes.typing(),
            "layout": scenes.laying_out(),
            "discover_20": scenes.discovering(),
            "import_litellm": scenes.importing(),
        }
        scenes.end()
    return {
        name: (stall, work)
        for (name, stall), work in zip(found.items(), scenes.dog.work, strict=True)
    }


def main() -> int:
    """Measure and print; the status is 1 where a budget does not hold."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    ask.add_argument("--nodes", type=int, default=1000)
    ask.add_argument("--quick", action="store_true", help="300 nodes")
    ask.add_argument("--json", action="store_true", help="print JSON")
    given = ask.parse_args()
    count = 300 if given.quick else given.nodes
    found = measure(count)
    if given.json:
        print(json.dumps({"nodes": count, **found}))
        return 0
    print(f"{count} nodes, longest stall, ms        ours   budget   ratio  CPU of the thread")
    fine = True
    for name, (value, work) in found.items():
        budget = FORM if name == "edit_to_findings" else STALL
        fine = fine and value <= budget
        over = "   OVER" if value > budget else ""
        print(f"  {name:<26}{value:>12.1f}{budget:>9.0f}{value / budget:>8.1f}{work:>12.1f}{over}")
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
