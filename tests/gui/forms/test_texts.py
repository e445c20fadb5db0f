"""Texts in their languages and channels: side by side in the form, as a table, as CSV."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from journeybuilder.errors import AuthorError
from journeybuilder.gui.forms.base import UNSET, FormContext
from journeybuilder.gui.forms.text_variants import (
    doubts,
    length_of,
    missing_languages,
    with_channel,
    with_words,
    without_channel,
)
from journeybuilder.gui.forms.words import WordsEditor
from journeybuilder.gui.journey.journey_texts import from_csv, text_rows, to_csv
from journeybuilder.gui.panels.texts import TextsDialog
from tests.gui.desk import Desk, make_workspace

JOURNEY = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
languages: [en, es]
channels: [chat, voice]
start: greet
nodes:
  greet: {kind: say, text: {en: "Hello!", es: "¡Hola!"}, next: number}   # be kind
  number: {kind: ask, text: "What is its number?", save: number, next: found}
  found:
    kind: say
    text: {en: {chat: "See https://a.example", voice: "It is on its way"}, es: {chat: "Ya va"}}
    next: done
  done: {kind: end, outcome: resolved}
"""


class Field:
    """A text field with the value that it edits."""

    def __init__(
        self, qtbot: QtBot, value: Any, languages: str = "en es", width: int = 320
    ) -> None:
        context = FormContext(languages=languages.split(), channels=("chat", "voice", "sms"))
        self.editor = WordsEditor(("text",), context)
        qtbot.addWidget(self.editor)
        self.value = value
        self.editor.edited.connect(self.take)
        self.editor.show_value(value)
        self.editor.resize(width, 300)
        self.editor.show()
        self.editor.activateWindow()
        qtbot.waitUntil(self.editor.isActiveWindow)

    def take(self, _path: Any, value: Any) -> None:
        self.value = value
        self.editor.show_value(value)

    def write(self, text: str, *place: str) -> None:
        assert self.editor.focus_path(("text", *place))
        QTest.keyClicks(QApplication.focusWidget(), text)

    def choose(self, card: int, name: str) -> None:
        menu = self.editor.cards[card].menu
        assert menu is not None
        action = next(one for one in menu.menu().actions() if one.objectName() == name)
        action.trigger()


def test_each_language_is_written_beside_the_others(qtbot: QtBot) -> None:
    field = Field(qtbot, {"en": "Hi"})
    field.write("Hola", "es")
    assert field.value == {"en": "Hi", "es": "Hola"}
    field.write("!", "en")
    assert field.value == {"en": "Hi!", "es": "Hola"}


def test_one_text_for_all_becomes_a_text_per_language(qtbot: QtBot) -> None:
    field = Field(qtbot, "Hi")
    assert len(field.editor.cards) == 1
    QTest.mouseClick(field.editor.translate, Qt.MouseButton.LeftButton)
    assert field.value == {"en": "Hi"}
    QTest.keyClicks(QApplication.focusWidget(), "Hola")
    assert field.value == {"en": "Hi", "es": "Hola"}


def test_a_channel_gets_words_of_its_own_and_loses_them_again(qtbot: QtBot) -> None:
    field = Field(qtbot, {"en": "Hi", "es": "Hola"})
    field.choose(0, "add.voice")
    assert field.value == {"en": {"default": "Hi", "voice": "Hi"}, "es": "Hola"}
    QTest.keyClicks(QApplication.focusWidget(), " there")
    assert field.value["en"] == {"default": "Hi", "voice": "Hi there"}
    field.choose(0, "drop.voice")
    assert field.value == {"en": "Hi", "es": "Hola"}


def test_a_language_begins_as_the_main_one_and_can_be_removed(qtbot: QtBot) -> None:
    field = Field(qtbot, {"en": "Hi"})
    field.choose(1, "copy")
    assert field.value == {"en": "Hi", "es": "Hi"}
    field.choose(1, "remove")
    assert field.value == {"en": "Hi"}


def test_wide_panels_show_two_languages_side_by_side(qtbot: QtBot) -> None:
    field = Field(qtbot, {"en": "Hi", "es": "Hola"}, width=300)
    one, other = field.editor.cards
    assert one.y() < other.y()
    field.editor.resize(480, 300)
    qtbot.waitUntil(lambda: one.y() == other.y())
    assert one.x() < other.x()


def test_an_emptied_channel_stays_while_one_types(qtbot: QtBot) -> None:
    field = Field(qtbot, {"en": {"default": "Hi", "voice": "A"}})
    assert field.editor.focus_path(("text", "en", "voice"))
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backspace)
    assert field.value == {"en": {"default": "Hi"}}
    QTest.keyClicks(QApplication.focusWidget(), "B")
    assert field.value == {"en": {"default": "Hi", "voice": "B"}}


def test_sms_are_counted_in_parts_and_special_letters_halve_them() -> None:
    assert length_of("a" * 160).messages == 1
    assert length_of("a" * 161).messages == 2
    assert length_of("ü" * 160).plain
    assert length_of("ć" * 71).messages == 2
    assert length_of("€" * 81).messages == 2, "a euro takes two places"
    assert length_of("Hi ${name}").characters == 3


def test_links_and_markdown_do_not_suit_voice_but_ssml_does() -> None:
    assert doubts("See https://a.example", ["voice"])
    assert doubts("**now**", ["voice"])
    assert not doubts('<speak>Hi <break time="1s"/></speak>', ["voice"])
    assert doubts('Hi <break time="1s"/>', ["chat"])
    assert not doubts("See https://a.example", ["chat"])


def test_a_wider_language_serves_its_variants() -> None:
    assert missing_languages({"en": "a", "es": "b"}, ["en", "es-MX"]) == []
    assert missing_languages({"en": "a"}, ["en", "es-MX"]) == ["es-MX"]
    assert missing_languages("a", ["en", "es"]) == ["es"]
    assert missing_languages(UNSET, ["en", "es"]) == []


def test_channels_are_added_and_taken_without_loss() -> None:
    split = with_channel("Hi", "en", "voice", "en")
    assert split == {"en": {"default": "Hi", "voice": "Hi"}}
    assert without_channel(split, "en", "voice") == {"en": "Hi"}
    assert with_words("Hi", ("es",), "Hola", "en") == {"en": "Hi", "es": "Hola"}


def test_csv_brings_back_what_was_exported_and_names_what_is_wrong(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        journey = desk.model.journey
        text = to_csv(journey)
        assert not from_csv(journey, text.encode()).changes, "an export changes nothing"
        assert len(text_rows(journey)) == 4
        changed = text.replace("What is its number?", "What is its number?,¿Qué número?", 1)
        changed = changed.replace("¿Qué número?,", "¿Qué número?", 1)
        found = from_csv(journey, changed.replace("greet,text", "gret,text").encode())
        assert [(row.node, code, words) for row, code, words in found.changes] == [
            ("number", "es", "¿Qué número?")
        ]
        assert "gret / text" in found.problems[0]
        assert found.problems[0].startswith("Line 2")
        for bad in (b"a,b\r\n1,2", b"", b"node,field,channel\r\n", b"\xff\xfa"):
            with pytest.raises(AuthorError):
                from_csv(journey, bad)


def test_a_formula_in_a_text_is_no_formula_in_a_spreadsheet(qtbot: QtBot, tmp_path: Path) -> None:
    journey = JOURNEY.replace('"¡Hola!"', '"=SUM(A1)"')
    root = make_workspace(tmp_path / "space", journey=journey)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        text = to_csv(desk.model.journey)
        assert "'=SUM(A1)" in text
        assert not from_csv(desk.model.journey, text.encode()).changes


def test_an_import_is_one_step_of_undo_and_keeps_the_comments(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        dialog = TextsDialog(desk.model, desk.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        assert dialog.table.missing() == 2
        file = tmp_path / "texts.csv"
        dialog.export_to(file)
        text = file.read_text(encoding="utf-8-sig").replace("Hello!,¡Hola!", "Hi!,¡Buenas!")
        file.write_text(text, encoding="utf-8")
        dialog.read_import(file)
        desk.click(dialog.apply)
        assert desk.model.journey.nodes["greet"].settings["text"] == {"en": "Hi!", "es": "¡Buenas!"}
        desk.key(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert desk.model.journey.nodes["greet"].settings["text"]["en"] == "Hello!"
        assert desk.model.history.index() == 0
        dialog.close()


def test_a_cell_of_the_table_is_edited_by_keys(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        dialog = TextsDialog(desk.model, desk.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        desk.click(dialog.missing)
        assert {row.node for row in dialog.table.rows} == {"number", "found"}
        dialog.view.setFocus()
        dialog.view.setCurrentIndex(dialog.table.index(0, 4))
        desk.key(dialog.view, Qt.Key.Key_F2)
        qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QPlainTextEdit))
        box = QApplication.focusWidget()
        QTest.keyClicks(box, "Su numero")
        desk.key(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        text = desk.model.journey.nodes["number"].settings["text"]
        assert text == {"en": "What is its number?", "es": "Su numero"}
        dialog.close()
