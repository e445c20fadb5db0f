"""A mistake of ours in the window is told, and the work stays."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from journeybuilder.errors import OperatorError
from journeybuilder.gui.commands import Command
from journeybuilder.gui.crash import CrashHandler
from tests.gui.desk import Desk, make_workspace


def broken() -> None:
    raise ZeroDivisionError("in a callback")


def refused() -> None:
    raise OperatorError("the disk is full", where="a.yaml", hint="Make room.")


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
            desk.key(
                desk.window,
                Qt.Key.Key_F,
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier,
            )
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
