"""Breakpoints: set by mouse and keys, conditions, the list, what becomes of them over time."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.gui.debug.breakpoint_dialog import BreakpointDialog
from journeybuilder.gui.debug.breakpoints import renamed_nodes
from journeybuilder.gui.debug.notebook import FILE
from journeybuilder.rehearse.debug.breakpoints import Breakpoint
from tests.gui.debug.shop import CTRL, JOURNEY, Debugger, opened
from tests.gui.desk import Desk, make_workspace
from tests.gui.hands import when


def icons(person: Debugger, node: str) -> list[str]:
    """The badges that layers put on a node."""
    return [one.icon for one in person.canvas.board.nodes[node].mark.badges]


def in_menu(words: str) -> None:
    """Choose an entry of the menu that opens next, with keys."""

    def pick() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        for _ in menu.actions():
            QTest.keyClick(menu, Qt.Key.Key_Down)
            chosen: QAction | None = menu.activeAction()
            if chosen and chosen.text().replace("&", "") == words:
                break
        QTest.keyClick(menu, Qt.Key.Key_Return)

    when(lambda: QApplication.activePopupWidget() is not None, pick)


def test_a_wire_gets_one_by_its_menu_and_a_run_stops_on_the_way(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        person.point("number")
        canvas = person.canvas
        middle = canvas.board.wires["begin", "next"].item.path().pointAtPercent(0.5)
        place = canvas.viewportTransform().map(middle).toPoint()
        in_menu("Breakpoint")
        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Mouse, place, canvas.viewport().mapToGlobal(place)
        )
        QApplication.sendEvent(canvas.viewport(), event)
        desk.until(lambda: canvas.board.wires["begin", "next"].mark.icon == "breakpoint")
        desk.window.activateWindow()
        desk.until(desk.window.isActiveWindow)
        person.key(Qt.Key.Key_F5)
        person.in_phase("stopped")
        stop = person.rehearsing.stopped_at
        assert stop is not None
        assert stop.breakpoint == Breakpoint("edge", node="begin", port="next")
        person.check()


def test_one_with_a_condition_stops_only_where_it_holds(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        person.click_node("find")
        person.key(Qt.Key.Key_F9, CTRL)
        dialog = desk.window.findChild(QDialog, "breakpoint")
        assert isinstance(dialog, BreakpointDialog)
        desk.until(dialog.isVisible)
        line = dialog.when.line
        QTest.keyClicks(line, "number ==")
        assert not dialog.save.isEnabled()
        QTest.keyClicks(line, ' "P-1"')
        assert dialog.save.isEnabled()
        QTest.keyClick(line, Qt.Key.Key_Escape)  # what completion offers
        desk.click(dialog.save)
        assert icons(person, "find") == ["breakpoint-if"]
        desk.window.activateWindow()
        desk.until(desk.window.isActiveWindow)
        person.key(Qt.Key.Key_F5)
        person.answer("P-3")
        person.in_phase("over")
        person.key(Qt.Key.Key_F5)
        person.answer("P-1")
        person.in_phase("stopped")
        stop = person.rehearsing.stopped_at
        assert stop is not None
        assert stop.place == "find"


def test_it_goes_along_when_its_node_is_renamed_and_back_with_undo(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        root = opened(desk, tmp_path)
        person = Debugger(desk)
        text = (root / "journeys" / "parcel.journey.yaml").read_text(encoding="utf-8")
        person.click_node("find")
        person.key(Qt.Key.Key_F9)
        assert desk.model.rename("find", "look_up")
        assert icons(person, "look_up") == ["breakpoint"]
        kept = root / ".journeybuilder" / FILE
        assert '"look_up"' in kept.read_text(encoding="utf-8")
        desk.model.history.undo()
        assert icons(person, "find") == ["breakpoint"]
        desk.model.remove(["find"])
        assert [one.node for one in person.debugging.breakpoints.of("parcel")] == ["find"]
        desk.model.history.undo()
        assert icons(person, "find") == ["breakpoint"]
        assert (root / "journeys" / "parcel.journey.yaml").read_text(encoding="utf-8") == text


def test_they_are_there_again_when_the_workspace_is_opened_again(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        person = Debugger(desk)
        person.click_node("tell")
        person.key(Qt.Key.Key_F9)
        person.debugging.breakpoints.watch("parcel", "tries + 1")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        person = Debugger(desk)
        assert icons(person, "tell") == ["breakpoint"]
        assert person.debugging.breakpoints.watches("parcel") == ("tries + 1",)


def test_a_damaged_file_is_set_aside_and_stops_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    (root / ".journeybuilder").mkdir()
    (root / ".journeybuilder" / FILE).write_text("{half", encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        person = Debugger(desk)
        person.click_node("tell")
        person.key(Qt.Key.Key_F9)
        assert icons(person, "tell") == ["breakpoint"]
    damaged = root / ".journeybuilder" / f"{FILE}.damaged"
    assert damaged.read_text(encoding="utf-8") == "{half"


def test_the_list_switches_removes_and_goes_there_by_keys(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        for node in ("find", "tell"):
            person.click_node(node)
            person.key(Qt.Key.Key_F9)
        rows = person.panel.breakpoints
        assert [item.text(0) for item in rows.tree.lines()] == ["Find", "Tell"]
        rows.tree.setCurrentItem(rows.tree.lines()[0])
        rows.tree.setFocus()
        person.key(Qt.Key.Key_Space, at=rows.tree)
        assert icons(person, "find") == ["breakpoint-off"]
        person.key(Qt.Key.Key_Return, at=rows.tree)
        assert person.canvas.selected() == ("find",)
        person.key(Qt.Key.Key_F5)
        person.answer("P-3")
        person.in_phase("stopped")
        stop = person.rehearsing.stopped_at
        assert stop is not None
        assert stop.place == "tell"
        rows.tree.setFocus()
        person.key(Qt.Key.Key_Delete, at=rows.tree)
        assert icons(person, "find") == []
        assert [item.text(0) for item in rows.tree.lines()] == ["Tell"]


def test_the_button_adds_one_before_a_tool(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        panel = person.panel
        button = panel.findChild(QPushButton, "debugger.breakpoint.add")
        assert button is not None
        in_menu("Before a tool or model is called…")
        desk.click(button)
        desk.until(lambda: desk.window.findChild(QDialog, "breakpoint") is not None)
        dialog = desk.window.findChild(QDialog, "breakpoint")
        assert isinstance(dialog, BreakpointDialog)
        assert dialog.tool is not None
        dialog.tool.setCurrentIndex(dialog.tool.findData("parcels/find"))
        desk.click(dialog.save)
        desk.window.activateWindow()
        desk.until(desk.window.isActiveWindow)
        person.key(Qt.Key.Key_F5)
        person.answer("P-3")
        person.in_phase("stopped")
        stop = person.rehearsing.stopped_at
        assert stop is not None
        assert stop.tool == "parcels/find"
        assert person.events()[-1]["event"] == "entered"


def test_a_renamed_node_is_found_also_where_it_leads_to_itself() -> None:
    loop = {"kind": "ask", "next": "again"}
    before = {"again": loop, "other": {"kind": "say"}}
    renamed = {"once_more": {"kind": "ask", "next": "once_more"}, "other": {"kind": "say"}}
    assert renamed_nodes(before, renamed) == {"again": "once_more"}
    assert renamed_nodes(before, {"other": {"kind": "say"}}) == {}
    assert renamed_nodes(before, {"new": {"kind": "end"}, "other": {"kind": "say"}}) == {}


def test_one_at_a_node_that_is_gone_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        person = Debugger(desk)
        person.debugging.breakpoints.put("parcel", Breakpoint("node", node="nowhere"))
        rows = person.panel.breakpoints
        item = rows.tree.lines()[0]
        told = item.data(0, Qt.ItemDataRole.AccessibleTextRole)
        assert told == "nowhere, ⚠ gone"
        assert (
            rows.tree.viewport()
            .rect()
            .contains(QPoint(5, rows.tree.visualItemRect(item).center().y()))
        )
