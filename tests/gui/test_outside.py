"""Other programs write the files of open journeys: nothing of theirs and nothing of ours is lost."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from journeybuilder.gui.dialogs.merge_view import MergeView
from journeybuilder.gui.dialogs.not_saved import NotSaved
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.panels.compare import Comparison
from tests.gui.desk import JOURNEY, Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier
QUESTION = "What is its number?"


def write(file: Path, text: str) -> None:
    """Let another program write a file, as editors do: beside it, then in its place."""
    code = (
        "import os, sys; from pathlib import Path; p = Path(sys.argv[1]); t = p.with_suffix('.new');"
        "t.write_text(sys.argv[2], encoding='utf-8', newline=''); os.replace(t, p)"
    )
    subprocess.run([sys.executable, "-c", code, str(file), text], check=True)


class Space:
    def __init__(self, tmp_path: Path) -> None:
        self.root = make_workspace(tmp_path / "space")
        self.file = self.root / "journeys" / "parcel.journey.yaml"


@pytest.fixture
def space(tmp_path: Path) -> Space:
    return Space(tmp_path)


def text_of(desk: Desk, node: str) -> object:
    found = desk.model.journey.nodes.get(node)
    return found.settings.get("text") if found is not None else None


def button(tab: JourneyTab, words: str) -> object:
    return next(one for one in tab.notice.buttons if one.text() == words)


def test_without_own_changes_a_changed_file_is_taken_over_and_undo_leads_back(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        write(space.file, JOURNEY.replace("Hello!", "Welcome!"))
        desk.until(lambda: text_of(desk, "greet") == "Welcome!")
        assert desk.model.saved
        assert tab.notice.isVisible()
        assert "'Welcome!' instead of 'Hello!'" in tab.notice.words.text()
        desk.click(button(tab, "Undo"))
        assert text_of(desk, "greet") == "Hello!"
        assert not desk.model.saved
        desk.window.front.save()
    assert space.file.read_text(encoding="utf-8") == JOURNEY


def test_changes_of_both_sides_are_brought_together_and_can_be_taken_apart_again(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "Mine")
        write(space.file, JOURNEY.replace(QUESTION, "Which?").replace("# be kind", "# be brief"))
        desk.until(lambda: text_of(desk, "number") == "Which?")
        assert text_of(desk, "greet") == "Mine"
        assert not desk.model.saved
        assert "1 change came in" in tab.notice.words.text()
        desk.click(button(tab, "Show differences"))
        dialog = desk.window.findChild(Comparison)
        desk.until(lambda: dialog.sight is not None)
        assert [one.node for one in dialog.list.changes] == ["number"]
        dialog.reject()
        desk.window.front.save()
        assert "Mine" in space.file.read_text(encoding="utf-8")
        assert "Which?" in space.file.read_text(encoding="utf-8")
        desk.click(button(tab, "Undo the merge"))
        assert text_of(desk, "number") == QUESTION
        assert text_of(desk, "greet") == "Mine"


def test_conflicts_wait_for_a_decision_by_keys_and_nothing_is_saved_over_theirs_before(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "Mine")
        desk.model.set_setting("number", ("text",), "My number?")
        theirs = JOURNEY.replace("Hello!", "Theirs").replace(QUESTION, "Their number?")
        write(space.file, theirs)
        desk.until(lambda: desk.model.outside.meeting is not None)
        assert "2 places" in tab.notice.words.text()
        desk.window.front.save()
        assert space.file.read_text(encoding="utf-8") == theirs
        view = desk.window.findChild(MergeView)
        assert view.list.count() == 2
        assert view.values["theirs"].toPlainText() == "Theirs"
        assert not view.go.isEnabled()
        view.activateWindow()
        desk.until(view.isActiveWindow)
        desk.key(view.list, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
        desk.until(lambda: len(view.choices) == 1)
        view.list.setFocus()
        desk.key(view.list, Qt.Key.Key_Down)
        desk.key(view.list, Qt.Key.Key_W, Qt.KeyboardModifier.AltModifier)
        desk.until(view.own.hasFocus)
        QTest.keyClicks(view.own, "Our number?")
        assert view.go.isEnabled()
        steps = desk.model.history.count()
        desk.click(view.go)
        assert desk.model.history.count() == steps + 1
        assert text_of(desk, "greet") == "Theirs"
        assert text_of(desk, "number") == "Our number?"
        desk.window.front.save()
        desk.until(lambda: desk.model.saved)
        assert "Our number?" in space.file.read_text(encoding="utf-8")
        assert "# be kind" in space.file.read_text(encoding="utf-8")


def test_a_deleted_file_is_told_and_written_again_on_demand(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        space.file.unlink()
        desk.until(tab.notice.isVisible)
        assert "is gone" in tab.notice.words.text()
        assert not desk.model.saved
        desk.click(button(tab, "Save it again"))
        assert desk.model.saved
    assert space.file.read_text(encoding="utf-8") == JOURNEY


@pytest.mark.parametrize("folder", [False, True], ids=["the file", "its folder"])
def test_a_file_that_is_there_again_is_saved_as_it_was(
    qtbot: QtBot, tmp_path: Path, space: Space, folder: bool
) -> None:
    gone = space.file.parent if folder else space.file
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        gone.rename(tmp_path / "elsewhere")
        desk.until(tab.notice.isVisible)
        assert "is gone" in tab.notice.words.text()
        assert not tab.model.saved
        (tmp_path / "elsewhere").rename(gone)
        desk.until(lambda: not tab.notice.isVisible())
        assert tab.model.saved
        write(space.file, JOURNEY.replace("Hello!", "Welcome!"))
        desk.until(lambda: text_of(desk, "greet") == "Welcome!")


def test_a_conflict_is_over_when_the_file_says_again_what_it_said(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "Mine")
        write(space.file, JOURNEY.replace("Hello!", "Theirs"))
        desk.until(lambda: desk.model.outside.meeting is not None)
        desk.until(tab.notice.isVisible)
        write(space.file, JOURNEY)
        desk.until(lambda: not tab.notice.isVisible())
        desk.window.front.save()
        assert desk.model.saved
        assert space.file.read_text(encoding="utf-8") == JOURNEY.replace('"Hello!"', '"Mine"')


def test_a_renamed_file_is_followed_with_its_edits(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    other = space.file.with_name("packet.journey.yaml")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "Mine")
        space.file.rename(other)
        desk.until(lambda: tab.model.disk.path == other)
        assert "packet.journey.yaml" in tab.notice.words.text()
        desk.window.front.save()
        assert "Mine" in other.read_text(encoding="utf-8")
        assert not space.file.exists()
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        assert desk.model.history.canUndo()


def test_a_file_that_was_broken_outside_is_shown_with_its_faults_and_not_overwritten(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    broken = JOURNEY.replace("nodes:", "nodes: [")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        write(space.file, broken)
        desk.until(tab.notice.isVisible)
        assert "cannot be read" in tab.notice.words.text()
        assert list(desk.model.journey.nodes) == ["greet", "number", "done"]
        desk.click(button(tab, "Show its text"))
        assert "nodes: [" in desk.window.docks.yaml.area.text()
        desk.model.set_setting("greet", ("text",), "Mine")
        desk.window.front.save()
        assert space.file.read_text(encoding="utf-8") == broken
        box = desk.window.findChild(NotSaved)
        assert box.over is not None
        desk.click(box.over)
        assert "Mine" in space.file.read_text(encoding="utf-8")
        assert desk.model.saved


def test_a_file_mended_outside_comes_together_with_what_was_edited_meanwhile(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        write(space.file, "nodes: [")
        desk.until(tab.notice.isVisible)
        desk.model.set_setting("greet", ("text",), "Mine")
        write(space.file, JOURNEY.replace(QUESTION, "Which?"))
        desk.until(lambda: text_of(desk, "number") == "Which?")
        assert text_of(desk, "greet") == "Mine"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_any_more_is_told(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        space.file.chmod(0)
        tab.model.outside.look()
        assert "cannot be read any more" in tab.notice.words.text()
        space.file.chmod(0o644)


def test_two_windows_with_one_journey_do_not_overwrite_each_other(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as first, Desk(qtbot, tmp_path) as second:
        first.open(space.root)
        second.open(space.root)
        first.model.set_setting("greet", ("text",), "First")
        second.model.set_setting("number", ("text",), "Second")
        first.window.front.save()
        second.window.front.save()
        text = space.file.read_text(encoding="utf-8")
        assert "First" in text
        assert "Second" in text
        first.until(lambda: text_of(first, "number") == "Second")


def test_new_and_removed_files_and_servers_of_others_appear(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        files = desk.window.files
        assert files.workspace is not None
        shutil.copy(space.file, space.file.with_name("other.journey.yaml"))
        write(space.file.with_name("other.journey.yaml"), JOURNEY.replace("parcel", "other"))
        desk.until(
            lambda: files.workspace is not None and "other" in files.workspace.workspace.journeys
        )
        write(space.root / "mcp.json", '{"mcpServers": {"new": {"command": "true"}}}')
        desk.until(lambda: files.workspace is not None and "new" in files.workspace.servers)
        write(space.root / "models.yaml", "models:\n  slow: {model: scripted, region: on-prem}\n")
        desk.until(
            lambda: files.workspace is not None and "slow" in files.workspace.workspace.models
        )
        space.file.with_name("other.journey.yaml").unlink()
        desk.until(
            lambda: (
                files.workspace is not None and "other" not in files.workspace.workspace.journeys
            )
        )


def test_conflicts_that_a_merge_left_in_the_file_are_decided_in_the_window(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    base, ours, theirs = (tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml"))
    base.write_text(JOURNEY, encoding="utf-8")
    ours.write_text(JOURNEY.replace("Hello!", "Hi"), encoding="utf-8")
    theirs.write_text(JOURNEY.replace("Hello!", "Good day"), encoding="utf-8")
    command = [sys.executable, "-m", "journeybuilder", "merge", *map(str, (base, ours, theirs))]
    done = subprocess.run(
        [*command, "-o", str(space.file), "--path", "journeys/parcel.journey.yaml"], check=False
    )
    assert done.returncode == 1
    assert "# conflict:" in space.file.read_text(encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        assert "1 conflict" in tab.notice.words.text()
        desk.click(tab.notice.deed)
        view = desk.window.findChild(MergeView)
        assert view.values["theirs"].toPlainText() == "Good day"
        desk.click(view.sides["theirs"])
        desk.click(view.go)
        assert text_of(desk, "greet") == "Good day"
        desk.window.front.save()
    text = space.file.read_text(encoding="utf-8")
    assert "# conflict:" not in text
    assert text == JOURNEY.replace("Hello!", "Good day")


def test_a_full_disk_keeps_everything_and_offers_another_place(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "Mine")
        folder = space.file.parent
        shutil.move(str(folder), str(space.root / "aside"))
        folder.write_text("no folder", encoding="utf-8")
        desk.window.front.save()
        box = desk.window.findChild(QMessageBox, "not-saved")
        assert isinstance(box, NotSaved)
        assert "Nothing is lost" in box.informativeText()
        assert text_of(desk, "greet") == "Mine"
        assert not desk.model.saved
        folder.unlink()
        shutil.move(str(space.root / "aside"), str(folder))
        desk.click(box.again)
        assert desk.model.saved
    assert "Mine" in space.file.read_text(encoding="utf-8")
