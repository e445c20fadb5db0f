"""A mistake of ours in the window is told, and the work stays."""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.errors import OperatorError
from journeybuilder.gui.commands import Command
from journeybuilder.gui.crash.crash import CrashHandler
from journeybuilder.gui.crash.crash_dialog import Deeds, EndedDialog
from journeybuilder.gui.crash.crash_trace import CrashTrace
from journeybuilder.gui.crash.logs import told
from tests.gui.desk import Desk, make_workspace

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def broken() -> None:
    raise ZeroDivisionError("in a callback")


def refused() -> None:
    raise OperatorError("the disk is full", where="a.yaml", hint="Make room.")


SAVED: list[str] = []


@pytest.fixture
def handler() -> Iterator[CrashHandler]:
    SAVED.clear()
    found = CrashHandler(lambda: None, Deeds(lambda: SAVED.append("all")))
    found.install()
    yield found
    found.remove()
    found.deleteLater()


@pytest.mark.qt_no_exception_capture
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (broken, "The program made a mistake (ZeroDivisionError)."),
        (refused, "a.yaml: the disk is full"),
    ],
)
def test_an_exception_in_a_callback_shows_a_dialog_and_keeps_the_journey(
    qtbot: QtBot, tmp_path: Path, fault: object, words: str
) -> None:
    assert callable(fault)
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.model.set_value(("title",), "Not lost")
        desk.window.registry.add([Command("test.fault", "Fault", "Help", fault, "Ctrl+Alt+F")])
        handler = CrashHandler(lambda: desk.window)
        handler.install()
        try:
            desk.key(desk.window, Qt.Key.Key_F, CTRL | ALT)
            assert handler.dialog is not None
            assert handler.dialog.isVisible()
            assert handler.dialog.words.text() == words
            handler.dialog.accept()
        finally:
            handler.remove()
        assert desk.model.journey.title == "Not lost"
        desk.window.front.undo()
        assert desk.model.journey.title == "Where is my parcel"
        handler.deleteLater()


@pytest.mark.qt_no_exception_capture
def test_an_exception_in_a_thread_is_told_in_the_window(
    qtbot: QtBot, handler: CrashHandler
) -> None:
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: handler.dialog is not None)
    assert handler.dialog is not None
    assert "ZeroDivisionError" in handler.dialog.words.text()
    handler.dialog.accept()


class Fails:
    """Raises where nobody can catch it."""

    def __del__(self) -> None:
        raise LookupError("while it was deleted")


@pytest.mark.qt_no_exception_capture
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_exception_that_nobody_can_raise_is_told_too(
    qtbot: QtBot, handler: CrashHandler
) -> None:
    Fails()
    gc.collect()
    qtbot.waitUntil(lambda: handler.dialog is not None)
    assert handler.dialog is not None
    assert "LookupError" in handler.dialog.details.toPlainText()
    handler.dialog.accept()


def raise_in(handler: CrashHandler, error: Exception) -> None:
    try:
        raise error
    except type(error) as caught:
        handler.handle(type(caught), caught, caught.__traceback__)


def test_repeated_ones_are_counted_and_can_be_muted(qtbot: QtBot, handler: CrashHandler) -> None:
    for _ in range(4):
        raise_in(handler, ValueError("again"))
    dialog = handler.dialog
    assert dialog is not None
    assert "4" in dialog.times.text()
    assert dialog.times.isVisible()
    save = dialog.findChild(QPushButton, "save")
    qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
    assert SAVED == ["all"]
    dialog.findChild(QCheckBox).setChecked(True)
    dialog.accept()
    raise_in(handler, ValueError("again"))
    assert handler.dialog is None
    raise_in(handler, ValueError("another"))
    assert handler.dialog is not None
    handler.dialog.accept()


def test_reports_hold_no_secrets_and_no_home(
    qtbot: QtBot, handler: CrashHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("USERPROFILE", "/home/ada")
    raise_in(handler, ValueError("in /home/ada/work: api_key=sk-123 Authorization: Bearer-456"))
    assert handler.dialog is not None
    qtbot.mouseClick(handler.dialog.findChild(QPushButton, "copy"), Qt.MouseButton.LeftButton)
    copied = QApplication.clipboard().text()
    assert "in ~/work" in copied
    assert "sk-123" not in copied
    assert "456" not in copied
    assert "journeybuilder" in copied
    handler.dialog.accept()


def test_words_that_are_no_secret_stay() -> None:
    assert told("KeyError: 'token_count'") == "KeyError: 'token_count'"


def test_a_program_that_died_leaves_a_trace_and_one_that_ended_does_not(tmp_path: Path) -> None:
    code = (
        "import sys, faulthandler; from pathlib import Path;"
        "from journeybuilder.gui.crash.crash_trace import CrashTrace;"
        "trace = CrashTrace(Path(sys.argv[1])); trace.begin();"
        "faulthandler._sigsegv() if sys.argv[2] == 'die' else trace.end()"
    )
    for how in ("end", "die"):
        assert CrashTrace(tmp_path).left() is None
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path), how],
            capture_output=True, check=False, timeout=50,
        )  # fmt: skip
        assert (done.returncode == 0) is (how == "end")
    left = CrashTrace(tmp_path).left()
    assert left is not None
    assert "Segmentation fault" in left or "access violation" in left
    assert CrashTrace(tmp_path).left() is None


def test_the_trace_of_a_program_that_runs_is_not_taken_for_a_crash(tmp_path: Path) -> None:
    (tmp_path / f"{os.getpid()}.trace").write_text("mine", encoding="utf-8")
    assert CrashTrace(tmp_path).left() is None


def test_the_next_start_tells_what_was_recovered(qtbot: QtBot) -> None:
    dialog = EndedDialog("Segmentation fault", "What was not saved is here again: Parcels.", None)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
    assert dialog.details.isVisible()
    assert "Segmentation fault" in dialog.details.toPlainText()
    assert "Parcels" in dialog.words.text()
