"""The forms of the steps of a journey: what a person does in them is what the file says."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from journeybuilder.contract.tools import ToolDef
from journeybuilder.gui.forms.base import UNSET, FieldBox, FormContext, Together, sentence
from journeybuilder.gui.forms.detectors import DetectorsEditor
from journeybuilder.gui.forms.node_form import NodeForm, shape_of
from journeybuilder.gui.forms.picks import PickEditor
from journeybuilder.gui.forms.times import HoursEditor
from journeybuilder.gui.forms.value_editor import ValueEditor
from journeybuilder.gui.forms.values import get_in, set_in
from journeybuilder.gui.forms.ways import SharesEditor
from journeybuilder.kinds import KINDS
from tests.gui.desk import Desk, make_workspace

CODE = {"type": "object", "properties": {"code": {"type": "string"}}, "required": ["code"]}
CONTEXT = FormContext(
    tools={"crm/check": ToolDef("crm", "check", input_schema=CODE)},
    models={"careful": {"model": "scripted"}},
    journeys={"track": "Track a parcel"},
    inputs={"track": {"properties": {"number": {"type": "string", "title": "Its number"}}}},
    resources={"kb/articles://{topic}": "Article"},
    nodes={"a": "First", "b": "Second", "c": "Third"},
)


class Sheet:
    """The form of a node over the settings that it edits, made anew as the inspector does it."""

    def __init__(self, qtbot: QtBot, kind: str, settings: dict[str, Any]) -> None:
        self.qtbot = qtbot
        self.kind = KINDS[kind]
        self.settings: Any = settings
        self.page = QWidget()
        qtbot.addWidget(self.page)
        self.form = NodeForm(self.kind, settings, CONTEXT)
        self.form.setParent(self.page)
        self.form.edited.connect(self.take)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)

    def take(self, path: Any, value: Any) -> None:
        changes = value.values if isinstance(value, Together) else {path: value}
        for place, one in changes.items():
            self.settings = set_in(self.settings, place, one)
        if shape_of(self.kind, self.settings, CONTEXT) == self.form.shape:
            self.form.show_settings(self.settings)

    def again(self) -> None:
        """What the inspector does where other fields are needed."""
        self.form.edited.disconnect(self.take)
        self.form.hide()
        self.form.deleteLater()
        self.form = NodeForm(self.kind, self.settings, CONTEXT)
        self.form.setParent(self.page)
        self.form.edited.connect(self.take)
        self.form.show()

    def at(self, *path: str | int) -> Any:
        return get_in(self.settings, path)

    def write(self, text: str, *path: str | int) -> None:
        assert self.form.focus_path(path), path
        QTest.keyClicks(QApplication.focusWidget(), text)

    def button(self, words: str, inside: QWidget | None = None) -> QPushButton:
        buttons = (inside or self.form).findChildren(QPushButton)
        return next(one for one in buttons if words in (one.text(), one.accessibleName()))

    def press(self, words: str, inside: QWidget | None = None) -> None:
        QTest.mouseClick(self.button(words, inside), Qt.MouseButton.LeftButton)

    def line(self, name: str) -> QLineEdit:
        return next(one for one in self.form.findChildren(QLineEdit) if one.text() == name)

    def pick(self, box: QComboBox, words: str) -> None:
        """Choose by the keyboard, as with a closed box that has the focus."""
        box.setFocus()
        for _ in range(box.count()):
            QTest.keyClick(box, Qt.Key.Key_Up)
        while box.currentText() != words:
            before = box.currentIndex()
            QTest.keyClick(box, Qt.Key.Key_Down)
            assert box.currentIndex() != before, f"no choice {words}"

    def shown(self) -> set[str]:
        boxes = self.form.findChildren(FieldBox)
        return {sentence(box.title) for box in boxes if box.isVisible() and box.title}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_form_for_a_new_node(kind: str, qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, kind, {})
    assert sheet.form.findChildren(FieldBox) or kind == "end"


def test_a_lane_is_added_renamed_with_its_wire_and_removed(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "parallel", {"lanes": {"stock": "a", "price": "b"}})
    line = sheet.line("stock")
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "shelf")
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert sheet.settings == {"lanes": {"shelf": "a", "price": "b"}}
    assert list(sheet.at("lanes")) == ["shelf", "price"]
    assert line.isVisible(), "the row stays where it is, with what the focus went to"
    sheet.press("Add lane")
    QTest.keyClicks(QApplication.focusWidget(), "weather")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert sheet.at("lanes", "weather") == ""
    sheet.press("Remove price")
    assert list(sheet.at("lanes")) == ["shelf", "weather"]


def test_a_name_that_is_taken_is_not_given_to_a_second_lane(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "parallel", {"lanes": {"stock": "a", "price": "b"}})
    line = sheet.line("stock")
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "price")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert sheet.settings == {"lanes": {"stock": "a", "price": "b"}}
    assert line.text() == "stock"


def test_shares_say_what_they_add_up_to_and_a_new_way_takes_the_rest(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "split", {"ways": {"old": {"percent": 90, "next": "a"}}})
    shares = sheet.form.findChild(SharesEditor)
    assert shares.total.text() == "Together 90 %; it has to be 100 %"
    sheet.press("Add way")
    assert sheet.at("ways", "way_1", "percent") == 10
    assert shares.total.text() == "Together 100 %"
    sheet.write("5", "ways", "way_1", "percent")
    assert sheet.at("ways", "way_1", "percent") == 105
    sheet.press("Same share for all")
    assert [way["percent"] for way in sheet.at("ways").values()] == [50, 50]
    assert sheet.at("ways", "old", "next") == "a"
    sheet.press("Add way")
    sheet.press("Same share for all")
    assert sum(way["percent"] for way in sheet.at("ways").values()) == pytest.approx(100)


def test_a_wait_is_for_exactly_one_thing(qtbot: QtBot) -> None:
    before = {
        "event": "delivered",
        "timeout": "3d",
        "save": "parcel",
        "next": "a",
        "on_timeout": "b",
    }
    sheet = Sheet(qtbot, "wait", dict(before))
    assert {"Event", "Timeout", "Save as"} <= sheet.shown()
    assert "Hours" not in sheet.shown()
    sheet.pick(sheet.form.choice.combo, "for business hours")
    assert set(sheet.settings) == {"hours", "next"}, "what goes with an event only is gone with it"
    assert "Hours" in sheet.shown()
    assert not {"Event", "Timeout", "Save as", "For"} & sheet.shown()
    hours = sheet.form.findChild(HoursEditor)
    QTest.mouseClick(
        hours.days.boxes["sat"],
        Qt.MouseButton.LeftButton,
        pos=hours.days.boxes["sat"].rect().center(),
    )
    assert sheet.at("hours", "days") == ["mon", "tue", "wed", "thu", "fri", "sat"]
    hours.begin.line.selectAll()
    QTest.keyClicks(hours.begin.line, "8:30")
    assert sheet.at("hours", "from") == "08:30"
    sheet.pick(sheet.form.choice.combo, "until a moment")
    assert sheet.settings == {"next": "a"}
    sheet.write("${order.ready_at}", "until")
    assert sheet.settings == {"next": "a", "until": "${order.ready_at}"}


def test_both_given_against_the_rules_are_both_shown(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "wait", {"for": "2h", "event": "x", "next": "a"})
    assert {"For", "Event"} <= sheet.shown()


def test_the_check_of_a_verify_asks_for_the_arguments_of_its_tool(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "verify", {"text": "Code?"})
    assert sheet.button("Add send").isVisible(), "what may be absent is not in the way"
    assert sheet.form.focus_path(("check", "tool"))
    QTest.keyClicks(QApplication.focusWidget(), "crm/check")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert sheet.at("check") == {"tool": "crm/check"}
    assert shape_of(sheet.kind, sheet.settings, CONTEXT) != sheet.form.shape
    sheet.again()
    assert sheet.form.focus_path(("check", "with", "code"))
    focus = QApplication.focusWidget()
    assert sheet.form.path_of(focus) == ("check", "with", "code")
    QTest.keyClicks(focus, "${answer}")
    sheet.write("result.valid", "check", "passed")
    assert sheet.at("check") == {
        "tool": "crm/check", "with": {"code": "${answer}"}, "passed": "result.valid",
    }  # fmt: skip


def test_a_group_that_may_be_absent_is_added_and_removed(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "tool", {"tool": "crm/check", "retry": {"attempts": 2}})
    sheet.press("Remove retry")
    assert "retry" not in sheet.settings
    sheet.press("Add retry")
    QTest.keyClicks(QApplication.focusWidget(), "4")
    assert sheet.at("retry") == {"attempts": 4}


def test_detectors_are_a_list_with_settings_of_their_own(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "guard", {"value": "${draft}", "detect": ["personal_data"]})
    sheet.press("Add detector")
    assert sheet.at("detect") == ["personal_data", "prompt_injection"]
    sheet.press("Add detector")
    sheet.write("politics", "detect", 2, "topics")
    assert sheet.at("detect", 2) == {"topics": ["politics"]}
    sheet.press("Remove detector 1")
    assert sheet.at("detect") == ["prompt_injection", {"topics": ["politics"]}]
    editor = sheet.form.findChild(DetectorsEditor)
    pick = next(
        one
        for one in editor.findChildren(QComboBox)
        if one.accessibleName() == "What detector 1 looks for"
    )
    pick.setFocus()
    QTest.keyClick(pick, Qt.Key.Key_End)
    assert sheet.at("detect", 0) == {"model": "", "question": ""}
    sheet.write("Does it promise money?", "detect", 0, "question")
    assert sheet.at("detect", 0, "question") == "Does it promise money?"


def test_a_journey_is_picked_and_its_input_asked_for(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "journey", {"journey": "track"})
    assert "Its number" in sheet.shown()
    sheet.write("P-7", "with", "number")
    assert sheet.at("with") == {"number": "P-7"}
    pick = sheet.form.findChildren(PickEditor)[0]
    assert pick.combo.currentText() == "Track a parcel   track"


def test_a_resource_asks_for_what_its_address_leaves_open(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "resource", {"resource": "kb/articles://{topic}"})
    sheet.write("billing", "with", "topic")
    assert sheet.at("with") == {"topic": "billing"}


def test_a_join_waits_for_all_any_or_a_number(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "join", {"next": "a"})
    combo = next(
        one for one in sheet.form.findChildren(QComboBox) if one.itemText(0) == "All lanes"
    )
    sheet.pick(combo, "The first lane to arrive")
    assert sheet.at("wait_for") == "any"
    sheet.pick(combo, "As many lanes as")
    assert sheet.at("wait_for") == 2
    sheet.pick(combo, "All lanes")
    assert sheet.at("wait_for") is UNSET


def test_facts_are_rows_whose_values_keep_their_type(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "memory", {"remember": {"size": 42}})
    sheet.press("Add fact")
    QTest.keyClicks(QApplication.focusWidget(), "vip")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    values = sheet.form.findChildren(ValueEditor)
    assert values[0].sort.currentText() == "Number"
    sheet.pick(values[1].sort, "Yes or no")
    assert sheet.at("remember") == {"size": 42, "vip": True}
    sheet.pick(values[1].sort, "Computed")
    QTest.keyClicks(QApplication.focusWidget(), "order.vip")
    assert sheet.at("remember", "vip") == "${order.vip}"


def test_an_imported_step_is_shown_word_for_word(qtbot: QtBot) -> None:
    sheet = Sheet(qtbot, "legacy", {"source": {"type": "Play", "prompt": "a.wav"}})
    shown = next(box.editor for box in sheet.form.findChildren(FieldBox))
    assert shown.text.toPlainText() == "type: Play\nprompt: a.wav"


LANES = """\
journeybuilder: 1
journey: parcel
title: Lanes
start: fan
nodes:
  fan: {kind: parallel, lanes: {stock: a, price: b}}
  a: {kind: wait, for: 1h, next: meet}
  b: {kind: wait, for: 1h, next: meet}
  meet: {kind: join, next: done}
  done: {kind: end, outcome: resolved}
"""


def test_a_renamed_lane_keeps_its_wire_on_the_canvas_and_undo_is_one_step(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=LANES)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("fan",))
        form = desk.window.docks.inspector.form
        assert form is not None
        line = next(one for one in form.findChildren(QLineEdit) if one.text() == "stock")
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, "shelf")
        QTest.keyClick(line, Qt.Key.Key_Return)
        ports = {port.name: port.target for port in desk.model.node("fan").ports}
        assert ports == {"lanes.shelf": "a", "lanes.price": "b"}
        assert desk.model.history.count() == 1
        tab.canvas.select(("a",))
        form = desk.window.docks.inspector.form
        assert form is not None
        form.choice.combo.setFocus()
        QTest.keyClick(form.choice.combo, Qt.Key.Key_End)
        assert "for" not in desk.model.journey.nodes["a"].settings
        desk.window.front.undo()
        assert desk.model.journey.nodes["a"].settings["for"] == "1h"
        assert desk.model.history.index() == 1
