"""JSON Schema filled in as rows: nothing that the rows cannot say gets lost."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.gui.forms.base import UNSET, FormContext, Path
from journeybuilder.gui.forms.type_rows import NamedTypes, TypeEditor
from journeybuilder.gui.forms.values import set_in

INPUT: dict[str, Any] = {
    "properties": {
        "order_id": {"type": "string", "pattern": "^O-", "data": "personal", "x-note": 7},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"sku": {}}}},
        "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    },
    "required": ["order_id"],
    "additionalProperties": False,
}


class Rows:
    """An editor of a schema over the data it edits."""

    def __init__(
        self, qtbot: QtBot, value: Any, *, fixed: str = "object", named: bool = False
    ) -> None:
        self.value = value
        self.editor = (
            NamedTypes(("input",), FormContext())
            if named
            else TypeEditor(("input",), FormContext(), fixed=fixed)
        )
        qtbot.addWidget(self.editor)
        self.editor.edited.connect(self.take)
        self.editor.show_value(value)
        self.editor.show()
        self.editor.activateWindow()
        qtbot.waitUntil(self.editor.isActiveWindow)

    def take(self, path: Path, value: Any) -> None:
        self.value = set_in({"input": self.value}, path, value).get("input", UNSET)
        self.editor.show_value(self.value)

    def press(self, words: str, which: int = 0) -> None:
        QApplication.processEvents()
        found = [
            one
            for one in self.editor.findChildren(QPushButton)
            if words in (one.text(), one.accessibleName()) and one.isVisible()
        ]
        QTest.mouseClick(found[which], Qt.MouseButton.LeftButton)

    def type_of(self, name: str) -> TypeEditor:
        return next(
            one
            for one in self.editor.findChildren(TypeEditor)
            if one.path in {(name,), ("input", name)}
        )

    def choose(self, name: str, kind: str) -> None:
        combo = self.type_of(name).kind
        combo.setFocus()
        for _ in range(combo.count()):
            QTest.keyClick(combo, Qt.Key.Key_Up)
        while combo.currentData() != kind:
            QTest.keyClick(combo, Qt.Key.Key_Down)


def test_showing_a_schema_changes_nothing(qtbot: QtBot) -> None:
    rows = Rows(qtbot, INPUT)
    assert rows.value is INPUT


def test_a_field_is_added_named_typed_and_required(qtbot: QtBot) -> None:
    rows = Rows(qtbot, UNSET)
    rows.press("Add field")
    QTest.keyClicks(QApplication.focusWidget(), "amount")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert rows.value == {"type": "object", "properties": {"amount": {"type": "string"}}}
    rows.choose("amount", "number")
    tick = next(one for one in rows.editor.findChildren(QCheckBox) if one.text() == "Required")
    tick.setFocus()
    QTest.keyClick(tick, Qt.Key.Key_Space)
    assert rows.value["properties"] == {"amount": {"type": "number"}}
    assert rows.value["required"] == ["amount"]
    rows.press("More about it")
    QTest.keyClicks(QApplication.focusWidget(), "10")
    assert rows.value["properties"]["amount"] == {"type": "number", "minimum": 10}


def test_renaming_and_removing_a_field_takes_required_along(qtbot: QtBot) -> None:
    rows = Rows(qtbot, INPUT)
    line = next(one for one in rows.editor.findChildren(QLineEdit) if one.text() == "order_id")
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "number")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert list(rows.value["properties"]) == ["number", "lines", "either"]
    assert rows.value["properties"]["number"] == INPUT["properties"]["order_id"]
    assert rows.value["required"] == ["number"]
    assert rows.value["additionalProperties"] is False
    rows.press("Remove number")
    assert "required" not in rows.value
    assert list(rows.value["properties"]) == ["lines", "either"]


def test_what_the_rows_cannot_say_is_kept_while_they_are_edited(qtbot: QtBot) -> None:
    rows = Rows(qtbot, INPUT)
    assert rows.type_of("either").focus_path(("either",))
    areas = [one.toPlainText() for one in rows.editor.findChildren(QPlainTextEdit)]
    assert any('"x-note": 7' in text for text in areas)
    assert any('"additionalProperties": false' in text for text in areas)
    rows.choose("order_id", "integer")
    changed = rows.value["properties"]["order_id"]
    assert changed == {"type": "integer", "data": "personal", "x-note": 7}
    assert rows.value["properties"]["either"] == INPUT["properties"]["either"]


def test_allowed_values_are_numbers_where_the_type_is_one(qtbot: QtBot) -> None:
    rows = Rows(qtbot, {"properties": {"size": {"type": "integer", "enum": [1, 2]}}})
    assert rows.type_of("size").focus_path(("size", "enum"))
    QTest.keyClicks(QApplication.focusWidget(), "")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    QTest.keyClicks(QApplication.focusWidget(), "3")
    assert rows.value["properties"]["size"]["enum"] == [1, 2, 3]


def test_a_field_in_a_list_of_groups_is_edited_in_place(qtbot: QtBot) -> None:
    rows = Rows(qtbot, INPUT)
    rows.press("Add field", -1)
    inner = rows.value["properties"]["lines"]["items"]["properties"]
    assert list(inner) == ["sku", "field_1"]


def test_declared_variables_have_a_type_each(qtbot: QtBot) -> None:
    rows = Rows(qtbot, {"draft": {"type": "string", "data": "personal"}}, named=True)
    rows.press("Add variable")
    QTest.keyClicks(QApplication.focusWidget(), "count")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert rows.value["count"] == {"type": "string"}
    rows.press("Remove draft")
    assert list(rows.value) == ["count"]


@pytest.mark.parametrize(
    "value", [{"type": "string", "pattern": "^O-"}, {"enum": ["a"]}, {"$ref": "#/x"}]
)
def test_a_schema_of_an_answer_may_be_of_any_type(qtbot: QtBot, value: dict[str, Any]) -> None:
    rows = Rows(qtbot, value, fixed="")
    assert rows.value is value
    rows.editor.kind.setFocus()
    QTest.keyClick(rows.editor.kind, Qt.Key.Key_Home)
    assert rows.value is UNSET
