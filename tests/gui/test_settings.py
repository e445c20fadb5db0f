"""What the editor remembers: typed, never lost, applied at once, found by a word."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.gui.dialogs.settings_dialog import SettingsDialog
from journeybuilder.gui.options import OPTIONS
from journeybuilder.gui.settings import UserSettings
from tests.gui.desk import Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def opened(desk: Desk, page: str = "") -> SettingsDialog:
    desk.window.frame.show_settings(page)
    return next(one for one in desk.window.findChildren(SettingsDialog) if one.isVisible())


def test_a_damaged_file_is_set_aside_and_the_program_starts(tmp_path: Path) -> None:
    path = tmp_path / "editor.json"
    path.write_text('{"theme": "dark", ', encoding="utf-8")
    settings = UserSettings(path)
    assert settings.text("theme") == "system"
    assert settings.set_aside is not None
    assert settings.set_aside.read_text(encoding="utf-8") == '{"theme": "dark", '
    settings.choose("theme", "light")
    assert UserSettings(path).text("theme") == "light"
    path.write_text("again", encoding="utf-8")
    second = UserSettings(path).set_aside
    assert second is not None
    assert second != settings.set_aside


@pytest.mark.parametrize("value", [7, "pink", None, True, [], {"a": 1}])
def test_a_value_that_does_not_fit_counts_as_not_set_and_stays(
    tmp_path: Path, value: object
) -> None:
    path = tmp_path / "editor.json"
    path.write_text(json.dumps({"schema": 2, "theme": value, "later": [1]}), encoding="utf-8")
    settings = UserSettings(path)
    assert settings.text("theme") == "system"
    settings.choose("snap", False)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["theme"] == value
    assert kept["later"] == [1]


def test_settings_of_the_first_version_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "editor.json"
    path.write_text('{"minimap": "off", "recents": ["/a"]}', encoding="utf-8")
    settings = UserSettings(path)
    assert not settings.flag("minimap")
    assert settings.recents == ["/a"]


def test_two_programs_of_one_person_do_not_undo_each_other(tmp_path: Path) -> None:
    one, other = UserSettings(tmp_path / "s.json"), UserSettings(tmp_path / "s.json")
    one.choose("theme", "dark")
    other.choose("snap", False)
    third = UserSettings(tmp_path / "s.json")
    assert (third.text("theme"), third.flag("snap")) == ("dark", False)


def test_every_option_has_a_row_that_changes_it_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        dialog = opened(desk)
        assert [one.option for one in dialog.rows] == list(OPTIONS)
        for one in dialog.rows:
            assert one.editor.accessibleName()
            before = desk.settings.value(one.option.id)
            if isinstance(one.editor, QCheckBox):
                desk.click(one.editor)
            else:
                one.editor.setFocus()
                QTest.keyClick(one.editor, Qt.Key.Key_Down)
            assert desk.settings.value(one.option.id) != before, one.option.id
            assert one.reset.isVisible()
            desk.click(one.reset)
            assert desk.settings.is_default(one.option.id)
            assert not one.reset.isVisible()
        dialog.reject()


def test_a_theme_is_seen_at_once_and_motion_reaches_the_canvas(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(make_workspace(tmp_path / "space"))
        desk.settings.choose("theme", "dark")
        assert desk.look.theme.name == "dark"
        desk.settings.choose("motion", "reduced")
        assert tab.canvas.reduced_motion
        desk.settings.choose("motion", "full")
        assert not tab.canvas.reduced_motion
        desk.settings.choose("snap", False)
        assert not tab.canvas.snap


def test_the_search_finds_an_option_by_a_word_that_is_not_in_its_name(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        dialog = opened(desk)
        desk.write(dialog.search, "animation")
        assert [one.option.id for one in dialog.rows if one.isVisible()] == ["motion"]
        dialog.search.selectAll()
        desk.write(dialog.search, "zoom in")
        assert dialog.pages.currentWidget() is dialog.keys
        dialog.reject()


def test_what_needs_a_restart_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        dialog = opened(desk, "language")
        qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QComboBox))
        box = QApplication.focusWidget()
        assert not dialog.notice.isVisible()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert dialog.notice.isVisible()
        QTest.keyClick(box, Qt.Key.Key_Up)
        assert not dialog.notice.isVisible()
        dialog.reject()


def test_new_keys_work_at_once_and_the_old_ones_do_not(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(make_workspace(tmp_path / "space"))
        dialog = opened(desk, "keys")
        dialog.keys.choose("view.minimap")
        dialog.keys.field.setFocus()
        QTest.keyClick(dialog.keys.field, Qt.Key.Key_J, CTRL | ALT)
        dialog.reject()
        desk.window.activateWindow()
        qtbot.waitUntil(desk.window.isActiveWindow)
        assert desk.settings.keys == {"view.minimap": "Ctrl+Alt+J"}
        assert "Ctrl+Alt+J" in desk.window.registry.action("view.minimap").toolTip()
        desk.key(desk.window, Qt.Key.Key_M, CTRL)
        assert desk.settings.flag("minimap")
        desk.key(desk.window, Qt.Key.Key_J, CTRL | ALT)
        assert not desk.settings.flag("minimap")


def test_keys_of_another_command_are_taken_only_when_the_person_says_so(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        editor = opened(desk, "keys").keys
        editor.choose("view.minimap")
        editor.field.setFocus()
        QTest.keyClick(editor.field, Qt.Key.Key_S, CTRL)
        assert "Save" in editor.words.text()
        assert desk.window.registry.keys("file.save") == ["Ctrl+S"]
        desk.click(editor.take)
        assert desk.window.registry.keys("view.minimap") == ["Ctrl+S"]
        assert desk.window.registry.keys("file.save") == []
        desk.click(editor.reset_all)
        assert desk.window.registry.keys("file.save") == ["Ctrl+S"]
        assert desk.settings.keys == {}
        editor.window().close()


def test_a_letter_alone_is_no_key_for_a_command(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        editor = opened(desk, "keys").keys
        editor.choose("view.minimap")
        editor.field.setFocus()
        QTest.keyClick(editor.field, Qt.Key.Key_J)
        assert "types a letter" in editor.words.text()
        assert desk.settings.keys == {}
        editor.window().close()


def test_a_command_is_found_by_pressing_its_keys(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        editor = opened(desk, "keys").keys
        editor.by_keys.setFocus()
        QTest.keyClick(editor.by_keys, Qt.Key.Key_K, CTRL)
        assert editor.found == 1
        assert editor.chosen is not None
        assert editor.chosen.id == "help.commands"
        desk.click(editor.clear)
        assert editor.found == len(desk.window.registry.commands)
        editor.window().close()


def test_the_dialog_opens_and_closes_with_the_keyboard(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.key(desk.window, Qt.Key.Key_Comma, CTRL)
        dialog = next(one for one in desk.window.findChildren(SettingsDialog))
        assert dialog.isVisible()
        assert dialog.findChild(QPushButton, "close") is not None
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
