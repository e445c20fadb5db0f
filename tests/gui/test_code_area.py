"""Writing in the text of the journey: keys of code, folds, finding, completion, quick fixes."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.panels.code_area import CodeArea
from tests.gui.desk import JOURNEY, Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "space")


def show(desk: Desk, root: Path) -> tuple[JourneyTab, CodeArea]:
    tab = desk.open(root)
    desk.window.docks.go("yaml")
    area = desk.window.docks.yaml.area
    desk.until(area.hasFocus)
    return tab, area


def put_cursor(area: CodeArea, behind: str) -> None:
    cursor = area.textCursor()
    cursor.setPosition(area.text().index(behind) + len(behind))
    area.setTextCursor(cursor)


def line(area: CodeArea) -> str:
    return area.textCursor().block().text()


def typed_away(area: CodeArea) -> None:
    while area.document().isUndoAvailable():
        area.undo()


def test_the_cursor_selects_the_node_on_the_canvas_and_keeps_the_focus(
    qtbot: QtBot, tmp_path: Path, root: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab, area = show(desk, root)
        put_cursor(area, "text: What")
        assert tab.canvas.selected() == ("number",)
        assert area.hasFocus()
        put_cursor(area, "done: {kind")
        assert tab.canvas.selected() == ("done",)


def test_lines_become_comments_and_move(qtbot: QtBot, tmp_path: Path, root: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        _, area = show(desk, root)
        put_cursor(area, "    save: number")
        desk.key(area, Qt.Key.Key_Slash, CTRL)
        assert line(area) == "    # save: number"
        desk.key(area, Qt.Key.Key_Slash, CTRL)
        assert area.text() == JOURNEY
        desk.key(area, Qt.Key.Key_Up, ALT)
        assert line(area) == "    save: number"
        assert area.textCursor().block().previous().text() == "    kind: ask"
        desk.key(area, Qt.Key.Key_Down, ALT)
        assert area.text() == JOURNEY
        typed_away(area)


def test_brackets_and_quotes_come_in_pairs(qtbot: QtBot, tmp_path: Path, root: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        _, area = show(desk, root)
        put_cursor(area, "save: number")
        desk.key(area, Qt.Key.Key_Return)
        QTest.keyClicks(area, 'a: ["b"]')
        assert line(area) == '    a: ["b"]'
        QTest.keyClicks(area, " {")
        desk.key(area, Qt.Key.Key_Backspace)
        assert line(area) == '    a: ["b"] '
        QTest.keyClicks(area, "it's")
        assert line(area).endswith("it's")
        typed_away(area)
        assert area.text() == JOURNEY


def test_a_node_is_folded_by_key_and_by_a_click_in_the_margin(
    qtbot: QtBot, tmp_path: Path, root: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab, area = show(desk, root)
        put_cursor(area, "text: What")
        area.fold_here(hide=True)
        assert line(area) == "  number:"
        below = area.textCursor().block().next()
        assert not below.isVisible()
        place = QPoint(area.margin.width() - 8, area.cursorRect().center().y())
        QTest.mouseClick(area.margin, Qt.MouseButton.LeftButton, pos=place)
        assert below.isVisible()
        area.fold_here(hide=True)
        area.clearFocus()
        desk.window.docks.inspector.setFocus()
        tab.canvas.select(["greet"])
        tab.canvas.select(["number"])
        assert area.text() == JOURNEY


def test_words_are_found_and_a_line_is_gone_to(qtbot: QtBot, tmp_path: Path, root: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        _, area = show(desk, root)
        bar = desk.window.docks.yaml.bar
        desk.key(area, Qt.Key.Key_F, CTRL)
        assert bar.line.hasFocus()
        QTest.keyClicks(bar.line, "number")
        first = area.textCursor().selectionStart()
        assert area.textCursor().selectedText() == "number"
        desk.key(bar.line, Qt.Key.Key_Return)
        assert area.textCursor().selectionStart() > first
        desk.key(bar.line, Qt.Key.Key_Escape)
        assert area.hasFocus()
        desk.key(area, Qt.Key.Key_L, CTRL)
        QTest.keyClicks(bar.line, "3")
        desk.key(bar.line, Qt.Key.Key_Return)
        assert line(area) == "journey: parcel"
        assert area.hasFocus()


def test_a_key_is_completed_while_typing(qtbot: QtBot, tmp_path: Path, root: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        _, area = show(desk, root)
        completion = desk.window.docks.yaml.completion
        put_cursor(area, "save: number")
        desk.key(area, Qt.Key.Key_Return)
        QTest.keyClicks(area, "att")
        desk.until(lambda: completion.open)
        assert completion.shown[0].label == "attempts"
        desk.key(area, Qt.Key.Key_Return)
        assert line(area) == "    attempts: "
        typed_away(area)


def test_a_problem_is_underlined_and_mended_where_it_stands(
    qtbot: QtBot, tmp_path: Path, root: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        _, area = show(desk, root)
        desk.model.set_setting("greet", ("next",), "nubmer")
        desk.until(lambda: "nubmer" in area.text())
        put_cursor(area, "next: nubmer")
        number = area.textCursor().blockNumber() + 1
        desk.until(lambda: bool(area.findings_of(number)))
        under = [one for one in area.extraSelections() if one.cursor.selectedText() == "nubmer"]
        assert under
        desk.key(area, Qt.Key.Key_Period, CTRL)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        assert menu.actions()[0].text() == "Change 'nubmer' to 'number'"
        QTest.keyClick(menu, Qt.Key.Key_Return)
        assert desk.model.journey.nodes["greet"].settings["next"] == "number"
        desk.model.history.undo()
        desk.model.history.undo()
