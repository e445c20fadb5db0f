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
from journeybuilder.gui.forms.schema_leaves import CheckedEditor
from journeybuilder.gui.forms.schema_union import UnionEditor
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


WIDE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "day": {"type": "string", "format": "date", "examples": ["2026-03-31"]},
        "mail": {"type": "string", "format": "email"},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
        "code": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "kind": {"const": "parcel"},
        "country": {"enum": [f"C{n}" for n in range(40)]},
        "when": {
            "oneOf": [
                {"title": "At once", "type": "boolean"},
                {"title": "Later", "type": "object", "properties": {"at": {"type": "string"}}},
            ]
        },
        "labels": {"type": "object", "additionalProperties": {"type": "integer"}},
        "tree": {"$ref": "#/$defs/Tree"},
        "note": {"type": ["string", "null"]},
        "odd": {"not": {"type": "string"}},
        "all": True,
        "pair": {"type": "array", "items": [{"type": "string"}, {"type": "integer"}]},
    },
    "required": True,
    "$defs": {
        "Tree": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "left": {"$ref": "#/$defs/Tree"},
                "right": {"$ref": "#/$defs/Tree"},
                "leaves": {"type": "array", "items": {"$ref": "#/$defs/Tree"}},
            },
        }
    },
}
FULL: dict[str, Any] = {
    "day": "2026-03-31", "mail": "a@b.example", "count": 3, "code": "AB", "kind": "parcel",
    "country": "C7", "when": {"at": "noon"}, "labels": {"x": 1, "y": 2}, "note": None,
    "tree": {"name": "a", "left": {"name": "b", "leaves": [{"name": "c"}]}},
    "odd": [1, {"x": None}], "all": 1.0, "pair": ["a", 2], "extra": {"kept": [True]},
}  # fmt: skip


@pytest.mark.parametrize("computed", [True, False])
def test_what_nobody_touches_is_not_altered(qtbot: QtBot, computed: bool) -> None:
    said: list[Any] = []
    editor = Maker(WIDE, FormContext(), computed=computed).make(WIDE, ("with",))
    qtbot.addWidget(editor)
    editor.edited.connect(lambda path, value: said.append((path, value)))
    for value in (FULL, UNSET, FULL, FULL):
        editor.show_value(value)
    assert said == []
    assert editor.focus_path(("with", "tree", "left", "leaves", 0, "name"))


def test_a_deep_edit_changes_its_own_place_only(qtbot: QtBot) -> None:
    form = Form(qtbot, WIDE, FULL)
    form.write("!", "tree", "left", "name")
    expected = {**FULL, "tree": {"name": "a", "left": {"name": "b!", "leaves": [{"name": "c"}]}}}
    assert form.settings["with"] == expected
    assert form.settings["with"]["all"] == 1.0
    assert form.settings["with"]["note"] is None


def test_bounds_formats_and_patterns_are_told_at_the_field(qtbot: QtBot) -> None:
    form = Form(qtbot, WIDE, {"count": 1, "mail": "", "code": ""})
    for name, text, words in (
        ("count", "2", "at the most"),
        ("mail", "me", "name@example.com"),
        ("code", "ab", "pattern"),
    ):
        form.write(text, name)
        checked = next(
            one for one in form.editor.findChildren(CheckedEditor) if one.path == ("with", name)
        )
        assert words in checked.problem
    assert form.settings["with"]["count"] == 12, "what is typed is kept all the same"


def test_items_are_moved_added_and_removed_by_keys(qtbot: QtBot) -> None:
    form = Form(qtbot, SCHEMA, {"tags": ["a", "b", "c"]})
    for key, value in (
        (Qt.Key.Key_Up, ["a", "c", "b"]),
        (Qt.Key.Key_Up, ["c", "a", "b"]),
        (Qt.Key.Key_Delete, ["a", "b"]),
    ):
        if value == ["a", "c", "b"]:
            assert form.editor.focus_path(("with", "tags", 2))
        QTest.keyClick(QApplication.focusWidget(), key, Qt.KeyboardModifier.AltModifier)
        assert form.settings["with"]["tags"] == value


def test_another_kind_of_value_is_chosen_by_its_title(qtbot: QtBot) -> None:
    form = Form(qtbot, WIDE, {"when": True})
    union = next(one for one in form.editor.findChildren(UnionEditor))
    assert union.combo.currentText() == "At once"
    union.combo.setFocus()
    QTest.keyClick(union.combo, Qt.Key.Key_Down)
    assert form.settings["with"]["when"] == {}
    form.write("noon", "when", "at")
    assert form.settings["with"]["when"] == {"at": "noon"}
