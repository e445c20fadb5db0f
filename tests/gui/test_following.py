"""Undo of what touched several files touches the same files again, where nobody else did since."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from journeybuilder.gui.panels.rename import RenameDialog
from tests.gui.desk import Desk, make_workspace
from tests.gui.test_refactoring import CTRL, JOURNEY, SCENARIO


class Space:
    """A workspace with a journey and a scenario that names its nodes."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = make_workspace(tmp_path / "space", journey=JOURNEY)
        (self.root / "scenarios").mkdir()
        self.scenario = self.root / "scenarios" / "short.scenario.yaml"
        self.scenario.write_text(SCENARIO, encoding="utf-8")
        self.journey = self.root / "journeys" / "parcel.journey.yaml"
        self.made = self.root / "journeys" / "say-it.journey.yaml"


@pytest.fixture
def space(tmp_path: Path) -> Space:
    return Space(tmp_path)


def rename(desk: Desk) -> None:
    """Give `tell` another id everywhere."""
    tab = desk.window.tab
    assert tab is not None
    tab.canvas.select(("tell",))
    desk.key(desk.window, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    dialog = desk.window.findChild(RenameDialog)
    QTest.keyClicks(dialog.name, "say_it")
    desk.click(dialog.go)


def extract(desk: Desk) -> None:
    """Make `tell` a journey of its own."""
    tab = desk.window.tab
    assert tab is not None
    tab.canvas.select(("tell",))

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        QTest.keyClicks(dialog.findChild(QLineEdit), "Say it")
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    QTimer.singleShot(0, desk.window, answer)
    desk.window.registry.run("edit.extract")
    for box in desk.window.findChildren(QInputDialog):
        box.deleteLater()


def told(desk: Desk) -> list[str]:
    """What boxes say; they are closed."""
    boxes = [box for box in desk.window.findChildren(QMessageBox) if box.objectName() == "told"]
    words = [box.informativeText() for box in boxes]
    for box in boxes:
        box.close()
        box.deleteLater()
    return words


def test_undoing_a_rename_takes_the_scenarios_along_even_after_a_restart(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        rename(desk)
        after = space.scenario.read_text(encoding="utf-8")
        assert "number, say_it]" in after
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        desk.key(desk.window, Qt.Key.Key_Z, CTRL)
        assert space.scenario.read_bytes() == SCENARIO.encode()
        assert space.journey.read_bytes() == JOURNEY.encode()
        assert desk.model.saved
        desk.key(desk.window, Qt.Key.Key_Y, CTRL)
        assert space.scenario.read_text(encoding="utf-8") == after
        assert "say_it:" in space.journey.read_text(encoding="utf-8")
        assert not told(desk)


def test_a_scenario_that_was_changed_since_stays_and_that_is_said(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        rename(desk)
        mine = space.scenario.read_text(encoding="utf-8") + "# mine\n"
        space.scenario.write_text(mine, encoding="utf-8")
        desk.key(desk.window, Qt.Key.Key_Z, CTRL)
        assert space.scenario.read_text(encoding="utf-8") == mine
        assert space.journey.read_bytes() == JOURNEY.encode()
        [words] = told(desk)
        assert "scenarios/short.scenario.yaml" in words


def test_undoing_an_extract_removes_the_journey_it_made_and_closes_it(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        extract(desk)
        told(desk)
        text = space.made.read_bytes()
        assert desk.window.files.open_journey("say-it") is not None
        desk.window.show_tab(tab)
        desk.window.registry.run("edit.undo")
        assert not space.made.exists()
        assert space.journey.read_bytes() == JOURNEY.encode()
        assert [one.model.journey.id for one in desk.window.tabs()] == ["parcel"]
        world = desk.window.files.workspace
        assert world is not None
        assert list(world.workspace.journeys) == ["parcel"]
        desk.window.registry.run("edit.redo")
        assert space.made.read_bytes() == text
        assert not told(desk)


def test_an_extracted_journey_with_changes_stays_when_the_extract_is_undone(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        extract(desk)
        told(desk)
        other = desk.window.files.open_journey("say-it")
        assert other is not None
        other.model.set_value(("title",), "Changed")
        desk.window.show_tab(tab)
        desk.window.registry.run("edit.undo")
        assert space.made.exists()
        [words] = told(desk)
        assert "journeys/say-it.journey.yaml" in words
        other.model.history.undo()
