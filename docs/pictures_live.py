"""Draws a picture of the window while it rehearses, or shows coverage: `pictures.py` calls it for each.

python docs/pictures_live.py WORKSPACE rehearsal|coverage light|dark FILE
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("QT_FONT_DPI", "96")

import pydantic.fields  # noqa: F401 # pyright: ignore[reportUnusedImport] - before PySide6's hook
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.debug.debugging import Debugging
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.scenarios.heat import Heat
from journeybuilder.gui.scenarios.suite_book import SuiteBook
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.window import MainWindow
from journeybuilder.gui.windows import Windows

JOURNEY = "order-return"
SCENARIO = "a late return above the limit is approved by a person"
ANSWERS = ("O-1030", "We changed our plans and do not need the tent.")
TAKEN = (SCENARIO, "a damaged lamp goes back")
SIZE = (1440, 900)
_PATIENCE = 60  # seconds
_SETTLED = 600  # ms after which the window has all that belongs to it


def until(holds: Callable[[], bool]) -> None:
    """Let the program go on until something holds."""
    end = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise SystemExit("the window did not come to where its picture is drawn")
        QTest.qWait(20)


def rehearsal(window: MainWindow, tab: JourneyTab) -> None:
    """A rehearsal that stands at a breakpoint, with its variables and its time line."""
    debugging, running = Debugging.of(window), window.rehearsing
    debugging.breakpoints.toggle(JOURNEY, "eligible")
    debugging.breakpoints.watch(JOURNEY, "order.total > 200")
    window.docks.show("rehearsal")
    panel = window.docks.rehearsal
    panel.play(SCENARIO, "me")
    for words in ANSWERS:
        until(lambda: running.phase == "waiting" and panel.answer.isEnabled())
        panel.answering.answered.emit(words)
    until(lambda: running.phase == "stopped" and not debugging.settling)
    window.docks.show("debugger")
    window.docks.show("timeline")
    QTest.qWait(_SETTLED)
    tab.canvas.center_on("eligible")


def coverage(window: MainWindow, tab: JourneyTab) -> None:
    """What two scenarios took of the journey, on the canvas and as a list of what is missing."""
    book = SuiteBook.of(window)
    window.docks.show("coverage")
    book.run(TAKEN)
    until(lambda: not book.running and book.coverage(JOURNEY) is not None)
    Heat.of(window).show(on=True)
    QTest.qWait(_SETTLED)
    tab.canvas.set_zoom(0.7)
    tab.canvas.center_on("eligible")


def draw(space: Path, what: str, theme: str, file: Path) -> bool:
    """Draw one picture; False where it cannot be written."""
    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        settings = UserSettings(Path(folder, "settings.json"))
        bridge, look = Bridge(), Look(app, theme)
        windows = Windows(look, settings, bridge)
        window = windows.make()
        bridge.start()
        window.resize(*SIZE)
        window.show()
        window.files.open_path(space)
        tab = window.files.open_journey(JOURNEY)
        if tab is None:
            raise SystemExit(f"{space} has no journey '{JOURNEY}'")
        {"rehearsal": rehearsal, "coverage": coverage}[what](window, tab)
        QTest.qWait(_SETTLED)
        drawn = window.grab().save(str(file))
        window.rehearsing.forget()
        window.files.leave()
        bridge.stop()
    return drawn


if __name__ == "__main__":
    root, wanted, colors, target = sys.argv[1:]
    done = draw(Path(root), wanted, colors, Path(target))
    sys.stdout.flush()
    os._exit(0 if done else 1)  # the window is not to be taken apart for a picture
