"""The outline: the journey read and edited by keys alone, found in, and seen in a corner."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from journeybuilder.document.model import Journey
from journeybuilder.gui.journey.search import find, path_order
from journeybuilder.gui.panels.outline import OutlineTree
from tests.gui.desk import JOURNEY, Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier
LOOSE = JOURNEY + "  alone: {kind: end, outcome: lost}\n"


def rows(tree: OutlineTree) -> list[str]:
    return [tree.topLevelItem(index).text(0) for index in range(tree.topLevelItemCount())]


def outline(desk: Desk) -> OutlineTree:
    """Go there by its key."""
    desk.window.activateWindow()  # the off-screen platform does not when a list has closed
    desk.until(desk.window.isActiveWindow)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    desk.key(desk.window, Qt.Key.Key_O, keys)
    tree = desk.window.docks.outline.tree
    desk.until(lambda: tree.topLevelItemCount() > 0 and tree.hasFocus())
    return tree


def go(desk: Desk, tree: OutlineTree, title: str) -> None:
    desk.key(tree, Qt.Key.Key_Home)
    while tree.currentItem().text(0) != title:
        before = tree.currentItem()
        desk.key(tree, Qt.Key.Key_Down)
        assert tree.currentItem() is not before, f"no row {title}: {rows(tree)}"


def test_the_order_is_that_of_the_path_and_what_is_not_reached_comes_last() -> None:
    journey = Journey(
        {
            "start": "a",
            "on_error": "oops",
            "nodes": {
                "z": {"kind": "end"},
                "c": {"kind": "end"},
                "oops": {"kind": "end"},
                "a": {
                    "kind": "branch",
                    "cases": [{"when": "x", "next": "b"}],
                    "otherwise": "c",
                },
                "b": {"kind": "say", "next": "a"},
            },
        }
    )
    assert path_order(journey) == (["a", "b", "c", "oops"], ["z"])


def test_words_are_found_in_names_texts_expressions_and_tools() -> None:
    nodes = {
        "hello": {"kind": "say", "text": {"en": "Good morning", "es": "Buenos días"}, "next": "b"},
        "b": {"kind": "tool", "tool": "orders/get", "with": {"id": "${order.number}"}, "next": "c"},
        "c": {"kind": "end"},
    }
    journey = Journey({"start": "hello", "nodes": nodes})
    assert [hit.node for hit in find(journey, "días")] == ["hello"]
    assert find(journey, "order.number")[0].path == ("with", "id")
    assert [hit.node for hit in find(journey, "ORDERS get")] == ["b"]
    assert find(journey, "orders morning") == []
    assert find(journey, "  ") == []


def test_a_node_is_renamed_connected_added_and_removed_by_keys_alone(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=LOOSE)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        tree = outline(desk)
        assert rows(tree) == ["Greet", "Number", "Done", "Not reached from the start", "Alone"]

        go(desk, tree, "Greet")
        desk.key(tree, Qt.Key.Key_F2)
        desk.key(tree.line, Qt.Key.Key_Escape)
        assert desk.model.saved
        assert tree.hasFocus()
        desk.key(tree, Qt.Key.Key_F2)
        QTest.keyClicks(tree.line, "Welcome")
        desk.key(tree.line, Qt.Key.Key_Return)
        assert desk.model.journey.nodes["greet"].settings["title"] == "Welcome"
        desk.until(lambda: rows(tree)[0] == "Welcome")

        go(desk, tree, "Welcome")
        desk.key(tree, Qt.Key.Key_Right)
        desk.key(tree, Qt.Key.Key_Down)
        assert tree.currentItem().text(0) == "next → Number"
        desk.key(tree, Qt.Key.Key_Return)
        QTest.keyClicks(QApplication.focusWidget(), "alone")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert desk.model.journey.nodes["greet"].settings["next"] == "alone"
        desk.until(lambda: rows(tree)[:2] == ["Welcome", "Alone"])

        tree.setFocus()
        go(desk, tree, "next → Alone")
        desk.key(tree, Qt.Key.Key_Insert)
        QTest.keyClicks(QApplication.focusWidget(), "wait")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert desk.model.journey.nodes["greet"].settings["next"] == "wait"
        assert desk.model.journey.nodes["wait"].settings["next"] == "alone"

        outline(desk)
        desk.until(lambda: "Wait" in rows(tree))
        go(desk, tree, "Wait")
        desk.key(tree, Qt.Key.Key_Delete)
        assert "wait" not in desk.model.journey.nodes
        for _ in range(4):
            desk.key(desk.window, Qt.Key.Key_Z, CTRL)
        desk.until(lambda: rows(tree)[0] == "Greet")
        assert desk.model.saved


def test_enter_opens_the_settings_and_g_goes_where_a_way_leads(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tree = outline(desk)
        go(desk, tree, "Greet")
        assert tab.canvas.selected() == ("greet",)
        desk.key(tree, Qt.Key.Key_G)
        assert tab.canvas.selected() == ("number",)
        assert tree.currentItem().text(0) == "Number"
        desk.key(tree, Qt.Key.Key_Return)
        assert desk.window.docks.inspector.isAncestorOf(QApplication.focusWidget())


def test_find_steps_through_the_hits_and_shows_where_each_is(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=LOOSE)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        desk.key(desk.window, Qt.Key.Key_F, CTRL)
        panel = desk.window.docks.outline
        assert panel.line.hasFocus()
        QTest.keyClicks(panel.line, "end")
        assert rows(panel.tree) == ["Done", "Alone"]
        desk.key(panel.line, Qt.Key.Key_Return)
        assert tab.canvas.selected() == ("done",)
        desk.key(panel.line, Qt.Key.Key_Return)
        assert tab.canvas.selected() == ("alone",)
        desk.key(desk.window, Qt.Key.Key_F3)
        assert tab.canvas.selected() == ("done",)
        desk.key(panel.line, Qt.Key.Key_Escape)
        assert len(rows(panel.tree)) == 5


def test_the_outline_speaks_of_each_node_and_follows_edits_elsewhere(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        tree = outline(desk)
        spoken = str(tree.topLevelItem(0).data(0, Qt.ItemDataRole.AccessibleTextRole))
        assert spoken.startswith("Start. Greet, say. Hello!. 1 of 1 ways out lead on")
        first = tree.topLevelItem(0)
        desk.model.set_setting("greet", ("title",), "Hola")
        desk.until(lambda: rows(tree)[0] == "Hola")
        assert tree.topLevelItem(0) is first, "rows stay where only words differ"


def test_the_minimap_is_in_the_corner_and_the_person_may_take_it_away(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        assert tab.minimap.isVisible()
        corner = tab.minimap.geometry().bottomRight()
        assert tab.rect().bottomRight() - corner == QPoint(12, 12)
        before = tab.canvas.visible_area().center()
        QTest.mouseClick(tab.minimap, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
        assert tab.canvas.visible_area().center() != before
        desk.key(desk.window, Qt.Key.Key_M, CTRL)
        assert not tab.minimap.isVisible()
        assert not desk.settings.flag("minimap")
        desk.key(desk.window, Qt.Key.Key_M, CTRL)
        assert tab.minimap.isVisible()


CASES = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: greet
nodes:
  greet: {kind: say, text: "Hello!", next: pick}
  pick:
    kind: branch
    cases:
      - {when: "session.channel == 'chat'", next: call}
      - {when: "session.channel == 'voice'", next: done}
    otherwise: done
  call: {kind: say, text: "One moment", next: done}
  done: {kind: end, outcome: resolved}
"""
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


def test_a_step_comes_before_another_and_goes_without_a_gap(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=CASES)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        tree = outline(desk)
        go(desk, tree, "Call")
        desk.key(tree, Qt.Key.Key_Insert, SHIFT)
        QTest.keyClicks(QApplication.focusWidget(), "wait")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        nodes = desk.model.journey.nodes
        assert nodes["pick"].settings["cases"][0]["next"] == "wait"
        assert nodes["wait"].settings["next"] == "call"
        outline(desk)
        desk.until(lambda: "Wait" in rows(tree))
        go(desk, tree, "Wait")
        desk.key(tree, Qt.Key.Key_Delete, SHIFT)
        nodes = desk.model.journey.nodes
        assert "wait" not in nodes
        assert nodes["pick"].settings["cases"][0]["next"] == "call"
        desk.model.history.undo()
        desk.model.history.undo()


def test_cases_change_places_and_what_is_open_stays_open(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=CASES)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        tree = outline(desk)
        go(desk, tree, "Pick")
        desk.key(tree, Qt.Key.Key_Right)
        desk.key(tree, Qt.Key.Key_Down)
        desk.key(tree, Qt.Key.Key_Down, ALT)
        nexts = [case["next"] for case in desk.model.journey.nodes["pick"].settings["cases"]]
        assert nexts == ["done", "call"]
        desk.model.remove(("call",))
        desk.until(lambda: "Call" not in rows(tree))
        pick = next(
            item
            for n in range(tree.topLevelItemCount())
            if (item := tree.topLevelItem(n)) is not None and item.text(0) == "Pick"
        )
        assert pick.isExpanded()
        desk.model.history.undo()
        desk.model.history.undo()


def test_letters_look_for_a_step_and_the_menu_key_offers_everything(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=CASES)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        tree = outline(desk)
        go(desk, tree, "Greet")
        QTest.keyClicks(tree, "pic")
        current = tree.currentItem()
        assert current is not None
        assert current.text(0) == "Pick"
        desk.key(tree, Qt.Key.Key_Menu)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        names = [action.objectName() for action in menu.actions() if action.objectName()]
        assert names == ["open", "rename", "add", "before", "connect", "go", "remove", "bypass"]
        menu.close()
