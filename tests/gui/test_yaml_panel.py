"""The journey as text: typing changes the canvas, the canvas changes the text, comments stay."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.panels.code_area import CodeArea
from tests.gui.desk import JOURNEY, Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "space")


def show(desk: Desk, root: Path) -> tuple[JourneyTab, CodeArea]:
    """Open the workspace and its text."""
    tab = desk.open(root)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    desk.key(desk.window, Qt.Key.Key_Y, keys)
    area = desk.window.docks.yaml.area
    assert area.hasFocus()
    return tab, area


def put_cursor(area: CodeArea, behind: str) -> None:
    """Put the cursor behind some words."""
    cursor = area.textCursor()
    cursor.setPosition(area.text().index(behind) + len(behind))
    area.setTextCursor(cursor)


def test_what_is_typed_changes_the_canvas_in_one_step_and_is_saved_as_it_was_typed(
    qtbot: QtBot, tmp_path: Path, root: Path
) -> None:
    file = root / "journeys" / "parcel.journey.yaml"
    with Desk(qtbot, tmp_path) as desk:
        tab, area = show(desk, root)
        assert area.text() == JOURNEY
        put_cursor(area, "title: Where is my parcel")
        QTest.keyClicks(area, " today   # better")
        desk.until(lambda: desk.model.journey.title == "Where is my parcel today")
        assert desk.model.history.count() == 1
        wanted = JOURNEY.replace("my parcel\n", "my parcel today   # better\n")
        tab.canvas.setFocus()
        desk.model.move({"done": (5, 5)}, "g")
        desk.model.remove(("number",))
        desk.until(lambda: "number:" not in area.text())
        assert "# better" in area.text()
        assert "# be kind" in area.text()
        desk.window.front.undo()
        desk.window.front.save()
        assert file.read_text(encoding="utf-8") == wanted
        desk.until(lambda: area.text() == wanted)
    with Desk(qtbot, tmp_path) as desk:  # and undo of it survives a restart
        desk.open(root)
        desk.window.front.undo()
        desk.window.front.undo()
        desk.window.front.save()
        assert file.read_bytes() == JOURNEY.encode()


def test_a_comment_alone_is_an_edit_that_is_saved(qtbot: QtBot, tmp_path: Path, root: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        _, area = show(desk, root)
        put_cursor(area, "start: greet")
        QTest.keyClicks(area, "  # here")
        desk.key(area, Qt.Key.Key_S, CTRL)
        assert desk.model.saved
    text = (root / "journeys" / "parcel.journey.yaml").read_text(encoding="utf-8")
    assert text == JOURNEY.replace("start: greet", "start: greet  # here")


def test_undo_in_the_text_takes_back_typing_first_and_then_the_journeys_steps(
    qtbot: QtBot, tmp_path: Path, root: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        _, area = show(desk, root)
        desk.model.set_value(("title",), "Another")
        desk.until(lambda: "title: Another" in area.text())
        put_cursor(area, "title: Another")
        QTest.keyClicks(area, "x")
        desk.key(area, Qt.Key.Key_Z, CTRL)
        assert area.text() == JOURNEY.replace("Where is my parcel", "Another")
        desk.window.docks.yaml.take_over()
        desk.key(area, Qt.Key.Key_Z, CTRL)
        assert desk.model.saved
        desk.until(lambda: area.text() == JOURNEY)
        desk.key(area, Qt.Key.Key_Y, CTRL)
        assert desk.model.journey.title == "Another"


def test_text_that_does_not_read_well_is_marked_and_changes_nothing(
    qtbot: QtBot, tmp_path: Path, root: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        _, area = show(desk, root)
        panel = desk.window.docks.yaml
        put_cursor(area, "save: number")
        desk.key(area, Qt.Key.Key_Return)
        QTest.keyClicks(area, "text: [1, 2")
        desk.key(area, Qt.Key.Key_Delete)  # the other half, which came by itself
        panel.take_over()
        assert desk.model.saved
        assert panel.words.isVisible()
        assert panel.drop.isVisible()
        desk.model.set_value(("title",), "Elsewhere")
        assert "[1, 2" in area.text(), "what is typed waits to be mended"
        desk.click(panel.drop)
        assert area.text() == JOURNEY.replace("Where is my parcel", "Elsewhere")
        assert not panel.drop.isVisible()
        desk.window.front.undo()


def test_findings_stand_in_the_margin_of_their_line_with_their_words(
    qtbot: QtBot, tmp_path: Path, root: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        _, area = show(desk, root)
        put_cursor(area, "save: number\n    next: ")
        QTest.keyClicks(area, "un")
        line = area.textCursor().blockNumber() + 1
        desk.until(lambda: "undone" in area.words_of(line))
        box = area.cursorRect()
        place = QPoint(4, box.center().y())
        there = area.margin.mapToGlobal(place)
        QApplication.sendEvent(area.margin, QHelpEvent(QEvent.Type.ToolTip, place, there))
        assert "undone" in QToolTip.text()
        QToolTip.hideText()
        assert desk.window.docks.yaml.words.text() == area.words_of(line)
        desk.window.front.undo()


def test_the_selected_node_is_lit_and_scrolled_to_and_keys_indent(
    qtbot: QtBot, tmp_path: Path, root: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab, area = show(desk, root)
        tab.canvas.setFocus()
        tab.canvas.select(("number",))
        lit = [one.cursor.block().text() for one in area.extraSelections()]
        assert lit[0] == "  number:"
        assert lit[-1] == "    next: done"
        area.setFocus()
        put_cursor(area, "start: greet")
        desk.key(area, Qt.Key.Key_Return)
        QTest.keyClicks(area, "settings:")
        desk.key(area, Qt.Key.Key_Return)
        assert area.textCursor().block().text() == "  "
        desk.key(area, Qt.Key.Key_Tab)
        assert area.textCursor().block().text() == "    "
        desk.key(area, Qt.Key.Key_Backtab)
        assert area.textCursor().block().text() == "  "
        area.moveCursor(QTextCursor.MoveOperation.Up)
        while area.document().isUndoAvailable():
            area.undo()
        assert area.text() == JOURNEY


def test_blanks_of_other_kinds_and_line_ends_survive_typing(qtbot: QtBot, tmp_path: Path) -> None:
    journey = "\ufeff" + JOURNEY.replace("Hello!", "Hello\u00a0\U0001f600!").replace("\n", "\r\n")
    root = make_workspace(tmp_path / "other")
    file = root / "journeys" / "parcel.journey.yaml"
    file.write_bytes(journey.encode())
    with Desk(qtbot, tmp_path) as desk:
        _, area = show(desk, root)
        put_cursor(area, "start: greet")
        QTest.keyClicks(area, "  # x")
        desk.key(area, Qt.Key.Key_S, CTRL)
        desk.model.set_value(("title",), "Plain")
        desk.until(lambda: "Plain" in area.text())
        assert "Hello\u00a0\U0001f600!" in area.text()
        desk.window.front.undo()
    assert file.read_bytes() == journey.replace("start: greet", "start: greet  # x").encode()
