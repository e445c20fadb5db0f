"""The inspector: one step, several steps, a wire; help, search, folding, sections."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.gui.forms.base import FieldBox
from journeybuilder.gui.journey.journal import Edit
from tests.gui.desk import Desk, make_workspace

JOURNEY = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: one
nodes:
  one: {kind: ask, text: "A?", save: a, attempts: 2, next: two}
  two: {kind: ask, text: "B?", save: b, attempts: 5, next: pick}
  pick:
    kind: branch
    cases: [{when: a == b, next: done}]
    otherwise: done
  done: {kind: end, outcome: resolved}
"""


def box_of(desk: Desk, key: str) -> FieldBox:
    form = desk.window.docks.inspector.form
    assert form is not None
    return next(box for box in form.boxes if box.editor.path == (key,))


def test_several_steps_are_changed_in_one_step_of_undo(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        panel = desk.window.docks.inspector
        tab.canvas.select(("one", "two"))
        assert panel.many is not None
        fields = {box.editor.path[0]: box for box in panel.many.boxes}
        assert {"attempts", "timeout"} <= set(fields)
        assert "text" not in fields, "each has words of its own"
        assert fields["attempts"].editor.focus_path(("attempts",))
        QTest.keyClicks(QApplication.focusWidget(), "7")
        nodes = desk.model.journey.nodes
        assert [nodes[name].settings["attempts"] for name in ("one", "two")] == [7, 7]
        assert desk.model.history.count() == 1
        desk.window.front.undo()
        nodes = desk.model.journey.nodes
        assert [nodes[name].settings["attempts"] for name in ("one", "two")] == [2, 5]


def test_a_picked_wire_has_a_form_with_its_condition_and_target(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        panel = desk.window.docks.inspector
        tab.canvas.select(())
        tab.canvas.board.pick(("pick", "cases.0"))
        form = panel.wire_form
        assert form is not None
        assert form.condition is not None
        form.target.pick.setFocus()
        QTest.keyClick(form.target.pick, Qt.Key.Key_Up)
        target = desk.model.journey.nodes["pick"].settings["cases"][0]["next"]
        assert target == "pick"
        tab.canvas.board.pick(None)
        assert panel.wire_form is None


def test_a_field_goes_back_to_its_default_and_is_marked_until_then(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("one",))
        box = box_of(desk, "attempts")
        reset = box._reset
        assert reset is not None
        assert reset.isVisible()
        desk.click(reset)
        assert "attempts" not in desk.model.journey.nodes["one"].settings
        assert not reset.isVisible()


def test_search_leaves_only_the_fields_that_fit(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("one",))
        page = desk.window.docks.inspector.page
        assert page is not None
        desk.write(page.search, "attempts")
        assert box_of(desk, "attempts").isVisible()
        assert not box_of(desk, "text").isVisible()
        page.search.clear()
        assert box_of(desk, "text").isVisible()


def test_help_is_hidden_for_all_steps_until_it_is_wanted_again(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("one",))
        page = desk.window.docks.inspector.page
        assert page is not None
        assert box_of(desk, "save")._help.isVisible()
        desk.click(page.head.help)
        assert not box_of(desk, "save")._help.isVisible()
        tab.canvas.select(("two",))
        assert not box_of(desk, "save")._help.isVisible()


def test_wires_of_a_step_lead_to_their_other_end(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("two",))
        page = desk.window.docks.inspector.page
        assert page is not None
        section = page._sections[0][0]
        section.open(shown=True)
        jump = next(
            one for one in section.findChildren(QPushButton) if "Leads to" in one.accessibleName()
        )
        desk.click(jump)
        assert tuple(tab.canvas.selected()) == ("pick",)


def test_the_focus_stays_when_the_journey_changes_from_elsewhere(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("one",))
        box_of(desk, "save").editor.focus_path(("save",))
        edit = Edit("set", {"path": ["nodes", "one", "text"], "value": {"en": "Changed"}})
        desk.model.apply("Elsewhere", edit)
        desk.model.apply("Elsewhere", Edit("rename", {"old": "done", "new": "end"}))
        form = desk.window.docks.inspector.form
        assert form is not None
        assert form.path_of(QApplication.focusWidget()) == ("save",)


def test_f2_goes_to_the_title_and_ctrl_enter_ends_a_step_of_undo(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("one",))
        page = desk.window.docks.inspector.page
        assert page is not None
        box_of(desk, "text").editor.focus_path(("text",))
        area = QApplication.focusWidget()
        QTest.keyClicks(area, "x")
        desk.key(area, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.focusWidget() is not area
        assert desk.model.journey.nodes["one"].settings["text"] == "A?x"
        desk.key(QApplication.focusWidget(), Qt.Key.Key_F2)
        assert page.head.title.hasFocus()


def test_tab_finds_its_way_while_the_form_is_made_anew(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(make_workspace(tmp_path / "w"))
        inspector = desk.window.docks.inspector
        inspector.setFocus()
        inspector.takeWidget().deleteLater()
        QTest.keyClick(inspector, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        assert not inspector.isAncestorOf(focused)
