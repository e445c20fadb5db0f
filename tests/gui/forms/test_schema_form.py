"""Forms out of JSON Schemas: what is typed becomes the right value at the right path."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.gui.forms.base import UNSET, Editor, FormContext, Name
from journeybuilder.gui.forms.plain import ChoiceEditor
from journeybuilder.gui.forms.schema_form import ArrayEditor, Maker, SwitchEditor
from journeybuilder.gui.forms.values import set_in

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "order_id": {"type": "string", "description": "Its number"},
        "amount": {"type": "number"},
        "express": {"type": "boolean"},
        "size": {"enum": ["s", "m"]},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "address": {"$ref": "#/$defs/Address"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["order_id"],
    "$defs": {"Address": {"type": "object", "properties": {"city": {"type": "string"}}}},
}


class Form:
    """A form with the value that it edits, as the inspector has it."""

    def __init__(self, qtbot: QtBot, schema: dict[str, Any], value: Any) -> None:
        context = FormContext(names=(Name("order.id", "string"),))
        self.editor: Editor = Maker(schema, context, computed=True).make(schema, ("with",))
        qtbot.addWidget(self.editor)
        self.settings: Any = {"with": value}
        self.editor.edited.connect(self.take)
        self.editor.show_value(value)
        self.editor.show()
        self.editor.activateWindow()
        qtbot.waitUntil(self.editor.isActiveWindow)

    def take(self, path: Any, value: Any) -> None:
        self.settings = set_in(self.settings, path, value)
        self.editor.show_value(self.settings.get("with", UNSET))

    def at(self, *path: str) -> Editor:
        return next(one for one in self.editor.findChildren(Editor) if one.path == ("with", *path))

    def write(self, text: str, *path: str) -> None:
        assert self.editor.focus_path(("with", *path))
        QTest.keyClicks(QApplication.focusWidget(), text)


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    return Form(qtbot, SCHEMA, {})


def test_each_type_gets_its_own_value(form: Form) -> None:
    form.write("O-1", "order_id")
    form.write("12.5", "amount")
    form.write("Lyon", "address", "city")
    assert form.settings["with"] == {"order_id": "O-1", "amount": 12.5, "address": {"city": "Lyon"}}


def test_choices_and_yes_or_no_can_be_unset_again(form: Form) -> None:
    for name, value in (("express", True), ("size", "m")):
        combo = form.at(name).findChild(ChoiceEditor).combo
        combo.setFocus()
        index = next(i for i in range(combo.count()) if combo.itemText(i).lower() in {"yes", "m"})
        combo.setCurrentIndex(index)
        combo.activated.emit(index)
        assert form.settings["with"][name] == value
        combo.setCurrentIndex(0)
        combo.activated.emit(0)
        assert name not in form.settings.get("with", {})


def test_a_number_that_is_none_is_kept_as_typed_and_marked(form: Form) -> None:
    form.write("twelve", "amount")
    assert form.settings["with"]["amount"] == "twelve"
    assert QApplication.focusWidget().property("invalid") is True


def test_a_value_can_be_computed_instead(form: Form) -> None:
    switch = form.at("order_id")
    assert isinstance(switch, SwitchEditor)
    QTest.mouseClick(switch.switch, Qt.MouseButton.LeftButton)
    QTest.keyClicks(QApplication.focusWidget(), "order.id")
    assert form.settings["with"]["order_id"] == "${order.id}"
    QTest.mouseClick(switch.switch, Qt.MouseButton.LeftButton)
    assert "order_id" not in form.settings.get("with", {})


def test_items_of_a_list_are_added_changed_and_removed(form: Form) -> None:
    tags = form.at("tags")
    assert isinstance(tags, ArrayEditor)
    add = next(one for one in tags.findChildren(QPushButton) if one.text() == "Add item")
    for word in ("red", "blue"):
        QTest.mouseClick(add, Qt.MouseButton.LeftButton)
        QTest.keyClicks(QApplication.focusWidget(), word)
    assert form.settings["with"]["tags"] == ["red", "blue"]
    remove = next(
        one for one in tags.findChildren(QPushButton) if one.accessibleName() == "Remove item 1"
    )
    QTest.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert form.settings["with"]["tags"] == ["blue"]


def test_values_that_the_schema_does_not_know_are_shown_and_kept(qtbot: QtBot) -> None:
    form = Form(qtbot, SCHEMA, {"order_id": "O-1", "old": {"x": 1}})
    assert form.at("old").path == ("with", "old")
    form.write("2", "order_id")
    assert form.settings["with"] == {"order_id": "O-12", "old": {"x": 1}}
