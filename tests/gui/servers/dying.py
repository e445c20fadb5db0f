"""Edits journeys in children that are killed at random moments; keeps what each has left on the disk.

Arguments: how it is edited (`model`, `window` or `typing`), a folder, a seed, how many are killed. In
the folder, `space` is the workspace; after the kill number K, `K.told` has the lines that the child
said, and `K` a copy of the workspace. After every `DAY` kills the workspace begins anew.

A child says `did SUM` after each edit, `written SUM` once its journal holds everything, `files
JOURNEY LAYOUT` before a save and `saved JOURNEY LAYOUT` after it, with digests; `typed TEXT` when all
is typed.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pydantic.fields  # noqa: F401 # before PySide6, whose import hook disturbs it
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from journeybuilder.checks import Known
from journeybuilder.errors import AuthorError
from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.journey.edit_files import journal_path
from journeybuilder.gui.journey.edit_journal import EditJournal
from journeybuilder.gui.journey.edit_lines import sum_of
from journeybuilder.gui.journey.journey_file import JourneyOnDisk
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.windows import Windows
from tests.gui.random_edits import RandomEdits

DAY = 5
STEPS = 300  # fewer than undo holds, so that the first one can be undone
SECOND = 1_000  # ms after the last key in which it has to be kept
LONGEST = 0.12  # seconds that a child has before it is killed

Tell = Callable[..., None]


# --- the child -----------------------------------------------------------------------------------


class Editing:
    """Edits a journey without an end."""

    def __init__(self, model: JourneyModel, seed: str, tell: Tell) -> None:
        self._model = model
        self._chance = random.Random(seed)
        self._edits = RandomEdits(model, self._chance)
        self._tell = tell
        tell("written", sum_of(model.draft))

    def some(self) -> None:
        """Some edits, and then they are written or saved."""
        for _ in range(self._chance.randint(1, 6)):
            self._one()
            self._tell("did", sum_of(self._model.draft))
        if self._chance.random() < 0.25:
            self._save()
        else:
            self._model.flush_journal()
        self._tell("written", sum_of(self._model.draft))

    def _one(self) -> None:
        history = self._model.history
        what = self._chance.random()
        if what < 0.12 and history.canUndo():
            history.undo()
        elif what < 0.2 and history.canRedo():
            history.redo()
        elif history.count() >= STEPS:
            history.setIndex(self._chance.randint(1, STEPS))
        else:
            self._edits.one()

    def _save(self) -> None:
        model = self._model
        try:
            stamp = model.disk.prepare(model.draft).stamp
            self._tell("files", stamp.journey or "-", stamp.layout or "-")
            model.save()
        except AuthorError:  # a text that cannot be a file
            model.flush_journal()
            return
        stamp = model.disk.stamp
        self._tell("saved", stamp.journey or "-", stamp.layout or "-")


def edit_model(root: Path, seed: str, tell: Tell) -> None:
    """The model and its journal alone."""
    app = QCoreApplication([])
    file = root / "journeys" / "parcel.journey.yaml"
    journal = EditJournal(journal_path(root / ".journeybuilder", file, root), every=20)
    model = JourneyModel(JourneyOnDisk(file, root), Known(), {}, journal)
    editing = Editing(model, seed, tell)
    while True:
        editing.some()
        app.processEvents()


def _windows(root: Path) -> Windows:
    app = QApplication([])
    bridge = Bridge()
    bridge.start()
    settings = UserSettings(root.parent / "settings.json")
    windows = Windows(Look(app, "light"), settings, bridge)
    window = windows.make()
    window.show()
    assert window.files.open_path(root)
    app.processEvents()
    return windows


def edit_window(root: Path, seed: str, tell: Tell) -> None:
    """The whole program, with the panels and the canvas following."""
    windows = _windows(root)
    tab = windows.front.tab
    assert tab is not None
    editing = Editing(tab.model, seed, tell)
    every = QTimer(windows.front)
    every.timeout.connect(editing.some)
    every.start(1)
    QCoreApplication.exec()


def type_text(root: Path, seed: str, tell: Tell) -> None:
    """A person types into a field and then does nothing for a second."""
    windows = _windows(root)
    window = windows.front
    tab = window.tab
    assert tab is not None
    tab.canvas.select(("number",))
    form = window.docks.inspector.form
    assert form is not None
    form.focus_path(("text",))
    field = window.focusWidget()
    assert isinstance(field, QPlainTextEdit)
    field.selectAll()
    for letter in f"Word {seed}, and more?":
        QTest.keyClicks(field, letter)
        QCoreApplication.processEvents()
    text = field.toPlainText()
    last = QTimer(window)
    last.setSingleShot(True)
    last.timeout.connect(lambda: tell("typed", text))
    last.start(SECOND)
    QCoreApplication.exec()


# --- who kills -----------------------------------------------------------------------------------

WAYS: dict[str, Callable[[Path, str, Tell], None]] = {
    "model": edit_model,
    "window": edit_window,
    "typing": type_text,
}


@contextmanager
def forked(way: str, root: Path, seed: str) -> Generator[tuple[BinaryIO, Callable[[], None]]]:
    """A child that needs not import everything again."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(way, root, seed, writing)
    os.close(writing)

    def kill() -> None:
        os.kill(child, 9)
        os.waitpid(child, 0)

    with os.fdopen(reading, "rb") as lines:
        yield lines, kill


def _child(way: str, root: Path, seed: str, writing: int) -> None:
    def tell(*words: str) -> None:
        os.write(writing, (" ".join(words) + "\n").encode())

    try:
        WAYS[way](root, seed, tell)
    finally:
        os._exit(1)


@contextmanager
def spawned(way: str, root: Path, seed: str) -> Generator[tuple[BinaryIO, Callable[[], None]]]:
    """A child where there is no fork."""
    command = [sys.executable, __file__, way, str(root), seed]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None

        def kill() -> None:
            child.kill()
            child.wait()

        yield child.stdout, kill


def run(way: str, folder: Path, seed: str, kills: int) -> None:
    """Kill so many children, one after the other."""
    chance = random.Random(f"{seed} {way}")
    fresh, space = folder / "fresh", folder / "space"
    begin = forked if hasattr(os, "fork") else spawned
    for number in range(kills):
        if number % DAY == 0:
            shutil.rmtree(space, ignore_errors=True)
            shutil.copytree(fresh, space)
        with begin(way, space, f"{seed}-{number}") as (lines, kill):
            told = lines.readline()
            if way != "typing":
                time.sleep(chance.uniform(0, LONGEST))
            kill()
            told += lines.read()
        (folder / f"{number}.told").write_bytes(told)
        shutil.copytree(space, folder / str(number))


def main() -> None:
    if len(sys.argv) == 4:
        way, root, seed = sys.argv[1:]
        WAYS[way](Path(root), seed, lambda *words: print(*words, flush=True))
    else:
        way, folder, seed, kills = sys.argv[1:]
        run(way, Path(folder), seed, int(kills))


main()
