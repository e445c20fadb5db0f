"""Fields of expressions under real keys: the list at the cursor, the live line, rows of a condition."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from journeybuilder.checks import Known
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.model import Journey
from journeybuilder.gui.expressions.book import SampleBook
from journeybuilder.gui.expressions.scopes import scopes_of
from journeybuilder.gui.forms.base import UNSET, Editor, FormContext, column
from journeybuilder.gui.forms.cases import CasesEditor
from journeybuilder.gui.forms.cel import ExpressionEditor, TemplateEditor
from journeybuilder.gui.forms.completion import VARIABLE_MIME
from journeybuilder.gui.forms.condition_builder import ConditionEditor
from journeybuilder.gui.forms.condition_groups import GroupEditor
from journeybuilder.gui.forms.condition_rows import RowEditor
from journeybuilder.gui.forms.schema_form import Maker

ORDER = {
    "type": "object",
    "required": ["id", "total", "status", "lines"],
    "properties": {
        "id": {"type": "string", "examples": ["O-1001"]},
        "total": {"type": "number", "default": 12},
        "status": {"enum": ["sent", "paid"]},
        "lines": {"type": "array", "items": {"properties": {"price": {"type": "number"}}}},
    },
}
NODES = {
    "look": {"kind": "tool", "tool": "shop/get", "save": "order", "next": "pick"},
    "pick": {"kind": "branch", "cases": [{"when": "true", "next": "done"}], "otherwise": "done"},
    "done": {"kind": "end"},
}
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
Key = Qt.Key


class Sheet:
    """A window with one editor, and what it says."""

    def __init__(self, qtbot: QtBot, tmp_path: Path) -> None:
        self.qtbot = qtbot
        journey = Journey({"journey": "j", "start": "look", "nodes": NODES})
        known = Known(tools={"shop/get": ToolDef("shop", "get", output_schema=ORDER)})
        self.book = SampleBook(tmp_path)
        scopes = scopes_of(journey, known, self.book)
        self.context = FormContext(nodes={"done": "Done"}, scopes=scopes, node="pick")
        self.page = QWidget()
        self.page.resize(420, 640)
        self.layout = column(self.page)
        self.said: list[Any] = []

    def put(self, editor: Editor, value: Any) -> None:
        qtbot = self.qtbot
        editor.edited.connect(self._take)
        editor.show_value(value)
        self.layout.addWidget(editor)
        self.layout.addStretch(1)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        editor.setFocus()

    def _take(self, _path: object, value: object) -> None:
        self.said.append(value)

    @property
    def last(self) -> Any:
        return self.said[-1]

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    def press(self, key: Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, keys)

    @property
    def focus(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found


@pytest.fixture
def sheet(qtbot: QtBot, tmp_path: Path) -> Iterator[Sheet]:
    made = Sheet(qtbot, tmp_path)
    yield made
    made.page.close()
    made.page.deleteLater()


# --- completion ------------------------------------------------------------------------------------


def test_a_name_is_completed_by_keys_and_the_field_keeps_the_focus(sheet: Sheet) -> None:
    field = ExpressionEditor(("when",), sheet.context)
    sheet.put(field, "")
    sheet.type("order.")
    sheet.qtbot.waitUntil(lambda: field.completion.open)
    assert sheet.focus is field.line
    assert [one.label for one in field.completion.shown][:4] == ["id", "total", "status", "lines"]
    sheet.press(Key.Key_Down)
    sheet.press(Key.Key_Return)
    assert field.line.text() == "order.total"
    assert sheet.last == "order.total"
    assert not field.completion.open
    assert sheet.focus is field.line


def test_escape_closes_the_list_only_and_tab_inserts(sheet: Sheet) -> None:
    field = ExpressionEditor(("when",), sheet.context)
    sheet.put(field, "")
    sheet.type("ord")
    sheet.qtbot.waitUntil(lambda: field.completion.open)
    sheet.press(Key.Key_Escape)
    assert not field.completion.open
    assert sheet.page.isVisible()
    assert field.line.text() == "ord"
    sheet.press(Key.Key_Space, CONTROL)
    assert field.completion.open
    sheet.press(Key.Key_Tab)
    assert field.line.text() == "order"
    assert sheet.focus is field.line


def test_the_list_closes_when_the_focus_leaves(sheet: Sheet) -> None:
    field = ExpressionEditor(("when",), sheet.context)
    other = QLineEdit()
    sheet.layout.addWidget(other)
    sheet.put(field, "")
    sheet.press(Key.Key_Space, CONTROL)
    assert field.completion.open
    other.setFocus()
    assert not field.completion.open


def test_a_slot_of_a_text_is_completed_and_closed(sheet: Sheet) -> None:
    field = TemplateEditor(("text",), sheet.context)
    sheet.put(field, "")
    sheet.type("Order ${order.i")
    sheet.qtbot.waitUntil(lambda: field.completion.open)
    sheet.press(Key.Key_Return)
    assert field.area.toPlainText() == "Order ${order.id}"
    sheet.type(" is there")
    assert sheet.last == "Order ${order.id} is there"


def test_a_variable_that_is_dropped_is_inserted(sheet: Sheet) -> None:
    text = TemplateEditor(("text",), sheet.context)
    sheet.put(text, "")
    drop(text.area.viewport(), "order.id")
    assert text.area.toPlainText() == "${order.id}"
    assert sheet.last == "${order.id}"
    line = ExpressionEditor(("when",), sheet.context)
    sheet.put(line, "")
    drop(line.line, "order.total")
    assert line.line.text() == "order.total"


def drop(target: QWidget, name: str) -> None:
    data = QMimeData()
    data.setData(VARIABLE_MIME, name.encode())
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(4, 4), copy, data, left, none)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target, QDropEvent(QPointF(4, 4), copy, data, left, none))


# --- the live line ---------------------------------------------------------------------------------


def test_the_value_on_samples_stands_below_and_a_sample_is_changed_in_place(sheet: Sheet) -> None:
    field = ExpressionEditor(("when",), sheet.context)
    sheet.put(field, "order.total * 2.0")
    sheet.qtbot.waitUntil(field.live.isVisible)
    assert field.live.words.text() == "= 24   with order.total 12"
    QTest.mouseClick(field.live.button, Qt.MouseButton.LeftButton)
    line = sheet.focus
    assert isinstance(line, QLineEdit)
    assert line.accessibleName() == "Sample value of order.total"
    QTest.keyClicks(line, "50")
    QTest.keyClick(line, Key.Key_Return)
    assert field.live.words.text() == "= 100   with order.total 50"
    assert sheet.book.own("j") == {"order.total": 50}


def test_a_wrong_name_is_said_with_what_is_meant(sheet: Sheet) -> None:
    field = ExpressionEditor(("when",), sheet.context)
    sheet.put(field, "ordr.total > 1")
    sheet.qtbot.waitUntil(field.live.isVisible)
    assert "Did you mean 'order'?" in field.live.words.text()


# --- rows ------------------------------------------------------------------------------------------


def row_of(editor: ConditionEditor, index: int) -> RowEditor:
    assert editor.rows is not None
    part = editor.rows.parts[index]
    assert isinstance(part, RowEditor)
    return part


def test_a_condition_is_made_without_a_mouse(sheet: Sheet) -> None:
    editor = ConditionEditor(("when",), sheet.context)
    sheet.put(editor, "")
    sheet.type("order.total")
    sheet.press(Key.Key_Escape)
    sheet.press(Key.Key_Tab)
    sheet.press(Key.Key_Down)
    sheet.press(Key.Key_Down)
    sheet.press(Key.Key_Tab)
    sheet.type("30")
    assert sheet.last == "order.total > 30"
    sheet.press(Key.Key_Return, CONTROL)
    sheet.type("order.status")
    sheet.press(Key.Key_Escape)
    sheet.press(Key.Key_Tab)
    sheet.press(Key.Key_Tab)
    sheet.type("paid")
    assert sheet.last == 'order.total > 30 && order.status == "paid"'
    sheet.press(Key.Key_Up, ALT)
    assert sheet.last == 'order.status == "paid" && order.total > 30'
    sheet.press(Key.Key_Delete, ALT)
    assert sheet.last == "order.total > 30"


def test_the_choices_of_a_field_are_offered_as_choices(sheet: Sheet) -> None:
    editor = ConditionEditor(("when",), sheet.context)
    sheet.put(editor, 'order.status == "sent"')
    row = row_of(editor, 0)
    assert row.choice.isVisible()
    assert [row.choice.itemText(i) for i in range(row.choice.count())] == ["sent", "paid"]
    row.choice.setFocus()
    sheet.press(Key.Key_Down)
    assert sheet.last == 'order.status == "paid"'
    offered = {row.operator.itemData(index) for index in range(row.operator.count())}
    assert "contains" in offered
    assert "size>" not in offered


def test_rows_say_whether_they_hold_on_the_sample(sheet: Sheet) -> None:
    editor = ConditionEditor(("when",), sheet.context)
    sheet.put(editor, "order.total > 30 || order.id.startsWith('O-')")
    sheet.qtbot.waitUntil(row_of(editor, 0).truth.isVisible)
    assert row_of(editor, 0).truth.text() == "✗ no"
    assert row_of(editor, 1).truth.text() == "✓ yes"


def test_what_rows_cannot_show_says_why_and_can_be_switched_back_once_it_can(sheet: Sheet) -> None:
    editor = ConditionEditor(("when",), sheet.context)
    sheet.put(editor, "order.total * 2.0 > 30")
    assert editor.rows is None
    assert editor.note.text() == "“order.total * 2.0 > 30” says more than a row can show."
    assert not editor.mode.isVisible()
    editor.text.line.selectAll()
    sheet.type("order.total > 30")
    assert editor.mode.isVisible()
    QTest.mouseClick(editor.mode, Qt.MouseButton.LeftButton)
    assert row_of(editor, 0).condition().operator == ">"
    assert sheet.last == "order.total > 30"


def test_conditions_about_a_list_and_groups_in_groups(sheet: Sheet) -> None:
    editor = ConditionEditor(("when",), sheet.context)
    text = 'order.total > 1 && (order.id == "x" || !order.lines.exists(item, item.price > 3))'
    sheet.put(editor, text)
    assert editor.rows is not None
    inner = editor.rows.parts[1]
    assert isinstance(inner, GroupEditor)
    listed = inner.parts[1]
    assert isinstance(listed, GroupEditor)
    assert listed.how.currentText() == "holds for no item of"
    listed.how.setFocus()
    sheet.press(Key.Key_Home)
    assert sheet.last == text.replace("!order", "order")
    row = listed.parts[0]
    assert isinstance(row, RowEditor)
    row.field.setFocus()
    row.field.selectAll()
    sheet.type("item.")
    sheet.qtbot.waitUntil(lambda: row.fields.open)
    assert [one.label for one in row.fields.shown] == ["price"]


def test_an_unfinished_row_is_not_written_and_a_given_one_is_not_lost(sheet: Sheet) -> None:
    editor = ConditionEditor(("when",), sheet.context)
    sheet.put(editor, 'order.id.contains("")')
    sheet.press(Key.Key_Return, CONTROL)
    sheet.type("order.total")
    assert sheet.last == 'order.id.contains("")'


# --- cases -----------------------------------------------------------------------------------------


def test_cases_show_which_one_the_sample_takes_and_are_reordered_by_keys(sheet: Sheet) -> None:
    editor = CasesEditor(("cases",), sheet.context)
    cases = [{"when": "order.total > 30", "next": "done"}, {"when": "order.total > 3", "next": ""}]
    sheet.put(editor, cases)
    sheet.qtbot.waitUntil(editor.cards[1].taken.isVisible)
    assert editor.cards[1].taken.text() == "✓ The sample goes this way"
    assert not editor.cards[0].taken.isVisible()
    assert editor.cards[0].title.text() == "Case 1: order.total > 30"
    editor.cards[1].target.pick.setFocus()
    sheet.press(Key.Key_Up, ALT)
    assert [case["when"] for case in sheet.last] == ["order.total > 3", "order.total > 30"]
    sheet.qtbot.waitUntil(editor.cards[0].taken.isVisible)


def test_a_case_is_dragged_to_another_place(sheet: Sheet) -> None:
    editor = CasesEditor(("cases",), sheet.context)
    sheet.put(editor, [{"when": "order.total > 30"}, {"when": "order.total > 3"}])
    grip = editor.cards[0].grip
    QTest.mousePress(grip, Qt.MouseButton.LeftButton)
    below = QPoint(0, editor.cards[1].geometry().bottom())
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=below)
    assert [case["when"] for case in sheet.last] == ["order.total > 3", "order.total > 30"]


def test_a_field_without_known_scopes_still_works(qtbot: QtBot) -> None:
    field = ExpressionEditor(("when",), FormContext())
    qtbot.addWidget(field)
    field.show_value("a > 1")
    assert not field.live.isVisible()
    field.show_value(UNSET)
    assert field.line.text() == ""


# --- fixed or from data ----------------------------------------------------------------------------


def test_an_argument_is_switched_to_data_by_keys_and_its_type_is_judged_in_place(
    sheet: Sheet,
) -> None:
    schema = {"type": "object", "properties": {"amount": {"type": "integer"}}}
    form = Maker(schema, sheet.context, computed=True).make(schema, ("with",))
    sheet.put(form, {})
    form.focus_path(("with", "amount"))
    sheet.press(Key.Key_X, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    field = form.findChild(ExpressionEditor)
    assert field is not None
    assert sheet.focus is field.line
    sheet.type("order.lines")
    assert sheet.last == "${order.lines}"
    assert field.problem(field.line.text()) == (
        "This is list of group; what is taken here is whole number."
    )
    field.line.selectAll()
    sheet.type("ordr.total")
    assert field.problem(field.line.text()) == "'ordr' is not known here. Did you mean 'order'?"
    field.line.selectAll()
    sheet.type("order.total")
    assert not field.problem(field.line.text())
    sheet.press(Key.Key_X, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert not field.isVisible()
