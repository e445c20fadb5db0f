"""The panel of problems: groups, filters, keys, quick fixes, the whole workspace."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from journeybuilder.gui.panels.problems import ProblemsPanel
from tests.gui.desk import JOURNEY, Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier
BROKEN = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: greet
nodes:
  greet: {kind: say, text: "Hello ${nubmer}!", next: number}
  number: {kind: ask, text: What is its number?, save: number, titel: Number, nxt: done}
  lonely: {kind: end}
  alone: {kind: end}
  done: {kind: end, outcome: resolved}
"""
SAYS = """\
journeybuilder: 1
journey: parcel
start: a
nodes:
  a: {kind: say, text: Hi, titel: A, next: b}
  b: {kind: say, text: Hi, titel: B, next: c}
  c: {kind: say, text: Hi, titel: C, next: z}
  z: {kind: end}
"""


def shown(desk: Desk) -> ProblemsPanel:
    desk.window.activateWindow()
    desk.until(desk.window.isActiveWindow)
    desk.window.docks.go("problems")
    panel = desk.window.docks.problems
    desk.until(panel.isVisible)
    desk.until(lambda: panel.isAncestorOf(QApplication.focusWidget()))
    return panel


def heads(panel: ProblemsPanel) -> list[str]:
    tree = panel.list
    found = (tree.topLevelItem(n) for n in range(tree.topLevelItemCount()))
    return [head.text(0) for head in found if head is not None]


def menu_of(desk: Desk) -> QMenu:
    desk.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_problems_stand_in_groups_with_their_count_and_are_filtered(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=BROKEN)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = shown(desk)
        assert [head.split("  ")[0] for head in heads(panel)] == ["Errors"]
        count = len(panel.findings)
        assert heads(panel) == [f"Errors  ({count})"]
        panel.group.setCurrentIndex(panel.group.findData("node"))
        assert heads(panel)[0].startswith("Greet")
        panel.filters["error"].click()
        assert panel.findings == []
        panel.filters["error"].click()
        desk.write(panel.search, "titel")
        assert [one.code for one in panel.findings] == ["JB202"]


def test_keys_go_to_the_next_problem_and_copy_it(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=BROKEN)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        panel = shown(desk)
        desk.key(desk.window, Qt.Key.Key_F8)
        first = panel.list.finding()
        assert first is not None
        desk.key(desk.window, Qt.Key.Key_F8)
        second = panel.list.finding()
        assert second is not None
        assert second is not first
        assert tab.canvas.selected() == (second.node,)
        desk.key(desk.window, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
        assert panel.list.finding() is first
        desk.key(panel.list, Qt.Key.Key_C, CTRL)
        copied = QApplication.clipboard().text()
        assert copied.startswith("journeys/parcel.journey.yaml:")
        assert first.code in copied
        assert first.message in copied


def test_a_quick_fix_is_chosen_by_keys_and_undone_in_one_step(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=BROKEN)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = shown(desk)
        while (one := panel.list.finding()) is None or one.code != "JB402":
            panel.list.step(1)
        desk.key(panel.list, Qt.Key.Key_Period, CTRL)
        menu = menu_of(desk)
        assert menu.actions()[0].text() == "Change 'nubmer' to 'number'"
        QTest.keyClick(menu, Qt.Key.Key_Return)
        assert desk.model.journey.nodes["greet"].settings["text"] == "Hello ${number}!"
        assert "JB402" not in {one.code for one in desk.model.findings}
        desk.model.history.undo()
        assert desk.model.saved


def test_all_problems_of_a_kind_are_mended_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=SAYS)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = shown(desk)
        panel.list.step(1)
        desk.key(panel.list, Qt.Key.Key_Menu)
        menu = menu_of(desk)
        every = next(one for one in menu.actions() if one.objectName() == "fix all")
        assert every.text() == "Fix all of this kind (3)"
        every.trigger()
        menu.close()
        titles = [node.settings.get("title") for node in desk.model.journey.nodes.values()]
        assert titles == ["A", "B", "C", None]
        assert not desk.model.findings
        desk.model.history.undo()
        assert desk.model.saved


def test_the_page_beside_says_why_and_mends(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=BROKEN)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = shown(desk)
        desk.until(panel.card.isVisible)
        while (
            (one := panel.list.finding()) is None
            or one.code != "JB202"
            or "titel" not in one.message
        ):
            panel.list.step(1)
        button = panel.card.buttons[0]
        assert button.text() == "Rename 'titel' to 'title'"
        button.setFocus()
        desk.key(button, Qt.Key.Key_Space)
        assert desk.model.journey.nodes["number"].settings["title"] == "Number"


def test_the_whole_workspace_shows_closed_journeys_and_opens_them(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    other = BROKEN.replace("journey: parcel", "journey: other").replace("Where is", "Other")
    (root / "journeys" / "other.journey.yaml").write_text(other, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        assert desk.window.files.open_path(root)
        desk.window.files.open_journey("parcel")
        panel = shown(desk)
        for tab in desk.window.tabs():
            if tab.model.journey.id == "other":
                desk.window.files.close_tabs([tab])
        assert panel.findings == []
        panel.scope.setCurrentIndex(panel.scope.findData("workspace"))
        desk.until(lambda: bool(panel.findings))
        assert {one.file for one in panel.findings} == {"journeys/other.journey.yaml"}
        panel.list.setFocus()
        panel.list.step(1)
        desk.key(panel.list, Qt.Key.Key_Return)
        assert desk.model.journey.id == "other"
        assert desk.window.tab is not None
        assert desk.window.tab.canvas.selected() == (panel.findings[0].node,)
