"""What survives the end of the program in any way: half-typed text, edits of files that are gone."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from journeybuilder.gui.journey.edit_files import journal_path
from journeybuilder.gui.orphans import OrphanQuestion
from journeybuilder.gui.panels.compare import Comparison
from tests.gui.desk import JOURNEY, Desk, make_workspace

TYPING = Path(__file__).parent / "servers" / "typing_text.py"


class Space:
    """A workspace with one journey and the place of its journal."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = make_workspace(tmp_path / "space")
        self.file = self.root / "journeys" / "parcel.journey.yaml"
        self.journal = journal_path(self.root / ".journeybuilder", self.file, self.root)


def text_of(desk: Desk, node: str) -> object:
    return desk.model.journey.nodes[node].settings.get("text")


def test_text_that_reads_as_no_journey_yet_is_back_after_the_program_was_killed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    space = Space(tmp_path)
    words = "a: b: c"
    with subprocess.Popen(
        [sys.executable, str(TYPING), str(space.root), str(tmp_path), words],
        stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == "typed\n"
        qtbot.waitUntil(
            lambda: space.journal.exists() and words in space.journal.read_text(encoding="utf-8"),
            timeout=20_000,
        )
        child.kill()
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        assert "YAML panel" in tab.notice.words.text()
        desk.click(tab.notice.deed)
        area = desk.window.docks.yaml.area
        assert area.text() == words
        assert space.file.read_text(encoding="utf-8") == JOURNEY
        area.selectAll()
        area.insertPlainText(JOURNEY.replace("Hello!", "Typed"))
        desk.window.front.save()  # what is typed is part of it, without waiting
        assert "Typed" in space.file.read_text(encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        assert not tab.notice.isVisible()


def test_what_stands_in_a_field_and_is_no_edit_yet_is_told_after_a_crash(
    qtbot: QtBot, tmp_path: Path
) -> None:
    space = Space(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        tab.canvas.select(("greet",))
        field = next(
            one for one in desk.window.docks.inspector.findChildren(QLineEdit)
            if one.property("role") == "nodeid"
        )  # fmt: skip
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, "welcome_all")
        desk.until(lambda: space.journal.exists() and b"welcome_all" in space.journal.read_bytes())
        killed = space.journal.read_bytes()
        desk.window.docks.go("outline")
        desk.until(lambda: "welcome_all" in desk.model.journey.nodes)  # it was no edit before
    space.journal.write_bytes(killed)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        assert "welcome_all" in tab.notice.words.text()
        desk.click(tab.notice.deed)
        assert QApplication.clipboard().text() == "welcome_all"


def test_the_bar_of_recovered_edits_shows_what_they_change(qtbot: QtBot, tmp_path: Path) -> None:
    space = Space(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "Mine")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        show = next(one for one in tab.notice.buttons if one.text() == "Show differences")
        desk.click(show)
        dialog = desk.window.findChild(Comparison)
        desk.until(lambda: dialog.sight is not None)
        assert [one.words for one in dialog.list.changes] == [
            "'greet' → text is 'Mine' instead of 'Hello!'"
        ]
        assert tab.notice.isVisible()
        dialog.reject()


def test_edits_follow_a_file_that_was_renamed_while_the_program_was_closed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    space = Space(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "Mine")
    space.file.rename(space.file.with_name("packet.journey.yaml"))
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        assert text_of(desk, "greet") == "Mine"
        assert not desk.model.saved


def test_unsaved_edits_of_a_deleted_file_can_be_brought_back(qtbot: QtBot, tmp_path: Path) -> None:
    space = Space(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "Mine")
    space.file.unlink()
    with Desk(qtbot, tmp_path) as desk:
        assert desk.window.files.open_path(space.root)
        box = desk.window.findChild(QMessageBox, "orphan")
        assert isinstance(box, OrphanQuestion)
        assert "parcel.journey.yaml is gone" in box.text()
        desk.click(box.back)
        assert text_of(desk, "greet") == "Mine"
        assert desk.model.saved
    assert space.file.read_text(encoding="utf-8") == JOURNEY.replace('"Hello!"', '"Mine"')


def test_edits_of_a_deleted_file_are_kept_until_the_person_forgets_them(
    qtbot: QtBot, tmp_path: Path
) -> None:
    space = Space(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "Mine")
    space.file.unlink()
    for left in (True, False):
        with Desk(qtbot, tmp_path) as desk:
            assert desk.window.files.open_path(space.root)
            box = desk.window.findChild(QMessageBox, "orphan")
            assert isinstance(box, OrphanQuestion)
            if left:
                box.reject()
            else:
                desk.click(box.drop)
        assert space.journal.exists() == left
    with Desk(qtbot, tmp_path) as desk:
        assert desk.window.files.open_path(space.root)
        assert desk.window.findChild(QMessageBox, "orphan") is None
