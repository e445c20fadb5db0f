"""The command palette, the first start, the tour, the help: what stands around the journeys."""

from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.gui.dialogs.about import AboutDialog, parts
from journeybuilder.gui.dialogs.doc_pages import DocPages
from journeybuilder.gui.dialogs.keys_overview import KeysOverview, overview
from journeybuilder.gui.dialogs.new_workspace import NewWorkspaceDialog, templates
from journeybuilder.gui.dialogs.settings_dialog import SettingsDialog
from journeybuilder.gui.dialogs.tour import STOPS, Tour
from tests.gui.desk import Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier


def found(desk: Desk, typed: str) -> list[str]:
    palette = desk.window.commands
    palette.open_over()
    desk.write(palette.line, typed)
    return [palette.list.item(row).text() for row in range(palette.list.count())]


def test_the_palette_goes_to_steps_journeys_and_preferences(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(make_workspace(tmp_path / "space"))
        assert found(desk, "number")[0] == "number"
        desk.key(desk.window.commands.line, Qt.Key.Key_Return)
        assert tab.canvas.selected() == ("number",)
        assert "Where is my parcel" in found(desk, "where is my")
        desk.window.commands.hide()
        assert "Motion" in found(desk, "animation")
        desk.key(desk.window.commands.line, Qt.Key.Key_Return)
        dialog = desk.window.findChild(SettingsDialog)
        assert dialog.isVisible()
        dialog.reject()


def test_what_cannot_be_done_says_why_and_does_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        palette = desk.window.commands
        palette.open_over()
        desk.write(palette.line, "tidy up")
        item = palette.list.item(0)
        assert "Open a journey first." in item.data(Qt.ItemDataRole.AccessibleTextRole)
        assert not item.flags() & Qt.ItemFlag.ItemIsEnabled
        desk.key(palette.line, Qt.Key.Key_Return)
        assert palette.isVisible()
        desk.key(palette.line, Qt.Key.Key_Escape)
        assert not palette.isVisible()


def test_commands_given_last_stand_first(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        found(desk, "theme dark")
        desk.key(desk.window.commands.line, Qt.Key.Key_Return)
        assert found(desk, "")[0] == "Theme: dark"
        desk.window.commands.hide()


def test_the_sample_opens_with_one_click_and_nothing_to_answer(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "journeybuilder.gui.dialogs.new_workspace.usual_folder", lambda: tmp_path / "docs"
    )
    with Desk(qtbot, tmp_path) as desk:
        desk.click(desk.window.welcome.findChild(QPushButton, "welcome.file.sample"))
        space = desk.window.files.workspace
        assert space is not None
        assert space.root == tmp_path / "docs" / "retail-sample"
        for dialog in QApplication.topLevelWidgets():
            if dialog.objectName() == "consent":
                dialog.close()


def test_a_workspace_is_made_from_a_template_with_a_name_and_a_place(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.click(desk.window.welcome.findChild(QPushButton, "welcome.file.new_workspace"))
        dialog = desk.window.findChild(NewWorkspaceDialog)
        assert dialog.list.count() == len(templates())
        assert dialog.template == "blank"
        for field, words in ((dialog.name, "mine"), (dialog.folder, str(tmp_path))):
            field.selectAll()
            desk.write(field, words)
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "a.txt").write_text("taken", encoding="utf-8")
        desk.click(dialog.go)
        assert dialog.isVisible()
        assert "not empty" in dialog.words.text()
        desk.write(dialog.name, "2")
        desk.click(dialog.go)
        space = desk.window.files.workspace
        assert space is not None
        assert space.root == tmp_path / "mine2"


def test_the_choices_of_the_start_page_are_reached_by_arrow_keys(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.close_workspace()
        QApplication.processEvents()
        welcome = desk.window.welcome
        choices = [one for one in welcome.findChildren(QPushButton) if one.isVisible()]
        welcome.setFocus()
        QTest.keyClick(welcome, Qt.Key.Key_Down)
        for _ in range(len(choices)):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
        last = QApplication.focusWidget()
        assert isinstance(last, QPushButton)
        assert last.accessibleName() == "Open space"
        QTest.keyClick(last, Qt.Key.Key_Space)
        assert desk.window.tab is not None


def test_the_tour_points_at_five_things_and_ends_with_esc(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(make_workspace(tmp_path / "space"))
        desk.window.registry.run("help.tour")
        tour = desk.window.findChild(Tour)
        assert len(STOPS) == 5
        for place in range(5):
            assert tour.place == place
            assert tour.target.isVisible()
            assert desk.window.rect().contains(tour.geometry())
            assert tour.accessibleName()
            if place < 4:
                QTest.keyClick(tour.next, Qt.Key.Key_Right)
        QTest.keyClick(tour.next, Qt.Key.Key_Left)
        assert tour.place == 3
        QTest.keyClick(tour.next, Qt.Key.Key_Escape)
        assert not tour.isVisible()
        assert desk.settings.get("tour") == "seen"


def test_the_tour_ends_well_when_what_had_the_focus_before_is_gone(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(make_workspace(tmp_path / "space"))
        field = QLineEdit(desk.window)
        field.show()
        field.setFocus()
        desk.window.registry.run("help.tour")
        tour = desk.window.findChild(Tour)
        shiboken6.delete(field)
        tour.setFocus()
        QTest.keyClick(tour, Qt.Key.Key_Escape)
        assert not tour.isVisible()
        assert desk.window.tab.canvas.hasFocus()


def test_the_overview_lists_every_key_and_becomes_a_pdf(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        page = overview(desk.window.registry)
        for one in desk.window.registry.commands:
            for key in desk.window.registry.keys(one.id):
                assert key.replace("&", "&amp;") in page or "Meta" in key
        desk.window.registry.run("help.keys")
        dialog = desk.window.findChild(KeysOverview)
        dialog.write_pdf(str(tmp_path / "keys.pdf"))
        assert (tmp_path / "keys.pdf").read_bytes().startswith(b"%PDF")
        dialog.reject()


def test_the_documentation_is_read_and_searched_inside(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.key(desk.window, Qt.Key.Key_F1)
        dialog = desk.window.findChild(DocPages)
        assert len(dialog.page.toPlainText()) > 500
        desk.write(dialog.search, "JB301")
        assert dialog.page.property("page") == "findings/JB301.md"
        dialog.reject()


def test_about_names_versions_and_licenses(qtbot: QtBot, tmp_path: Path) -> None:
    known = {name: text for name, version, text in parts() if version}
    assert "PySide6-Essentials" in known
    assert all(known.values()), [name for name, text in known.items() if not text]
    with Desk(qtbot, tmp_path) as desk:
        desk.window.registry.run("help.about")
        dialog = desk.window.findChild(AboutDialog)
        words = " ".join(one.text() for one in dialog.findChildren(QLabel))
        assert "Apache License 2.0" in words
        dialog.reject()


def test_every_command_has_an_icon_that_exists(qtbot: QtBot, tmp_path: Path) -> None:
    icons = Path(__file__).parents[2] / "resources" / "icons"
    with Desk(qtbot, tmp_path) as desk:
        for one in desk.window.registry.commands:
            assert not one.icon or (icons / f"{one.icon}.svg").is_file(), one.id
