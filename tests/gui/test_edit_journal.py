"""No edit is lost: not by a crash, not by a restart; and a journal that does not fit does no harm."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from journeybuilder.checks import Known
from journeybuilder.gui.edit_journal import EditJournal, journal_path
from journeybuilder.gui.edit_lines import sum_of
from journeybuilder.gui.journey_file import JourneyOnDisk
from journeybuilder.gui.journey_model import JourneyModel
from tests.gui.desk import JOURNEY, Desk, make_workspace

EDITING = Path(__file__).parent / "servers" / "editing.py"
CTRL = Qt.KeyboardModifier.ControlModifier


class Space:
    """A journey on disk and its journal."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = make_workspace(tmp_path / "space")
        self.file = self.root / "journeys" / "parcel.journey.yaml"
        self.journal = journal_path(self.root / ".journeybuilder", self.file, self.root)

    @contextmanager
    def opened(self, largest: int = 4_000_000) -> Generator[JourneyModel]:
        """The journey open; what waits is written at the end."""
        journal = EditJournal(self.journal, largest=largest)
        disk = JourneyOnDisk(self.file, self.root)
        model = JourneyModel(disk, Known(), {}, journal)
        try:
            yield model
        finally:
            model.dispose()
            model.deleteLater()
            disk.deleteLater()


@pytest.fixture
def space(tmp_path: Path) -> Space:
    return Space(tmp_path)


def test_undo_after_restarts_goes_back_to_the_first_edit_byte_for_byte(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    with space.opened() as model:
        model.remove(["greet"])  # with its comment
        model.save()
        model.set_setting("number", ("text",), "Which?")
    with space.opened() as model:
        assert not model.saved
        assert not model.recovered
        model.move({"done": (10, 20)}, "g1")
        model.save()
        model.move({"done": (50, 20)}, "g1")
        model.save()
    with space.opened() as model:
        assert model.saved
        assert model.history.count() == 4
        assert model.history.undoText() == "Move"
        while model.history.canUndo():
            model.history.undo()
        model.save()
        assert space.file.read_bytes() == JOURNEY.encode()
    with space.opened() as model:
        assert model.saved
        while model.history.canRedo():
            model.history.redo()
        assert "greet" not in model.journey.nodes
        assert model.draft.layout.positions["done"] == (50, 20)


def test_a_killed_program_loses_no_edit_that_was_written_and_undo_reaches_the_first(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    chance = random.Random(7)
    for round_ in range(8):
        command = [sys.executable, str(EDITING), str(space.file), str(space.root)]
        with subprocess.Popen(
            [*command, str(space.journal), str(round_)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            told = [child.stdout.readline() for _ in range(chance.randrange(2, 300))]
            child.kill()
            told += child.stdout.readlines()
        said = [line.split() for line in told if line.endswith("\n")]
        last = max(index for index, (what, _) in enumerate(said) if what == "written")
        possible = {total for _, total in said[last:]}
        with space.opened() as model:
            assert not model.recovered.startswith("Edits of last time")
            assert sum_of(model.draft) in possible
            while model.history.canUndo():
                model.history.undo()
            model.save()
            assert space.file.read_bytes() == JOURNEY.encode()
        if round_ % 2:
            space.journal.unlink()
            shutil.rmtree(space.root / ".journeybuilder")
            space.file.with_name("parcel.layout.yaml").unlink(missing_ok=True)


def test_half_a_last_line_is_cut_off_and_told(qtbot: QtBot, space: Space) -> None:
    del qtbot
    with space.opened() as model:
        model.set_setting("greet", ("text",), "One")
    with space.journal.open("ab") as file:
        file.write(b'{"do":{"title":"Chan')
    with space.opened() as model:
        assert model.recovered == "The very last edit was only half written and is lost."
        assert model.journey.nodes["greet"].settings["text"] == "One"
        model.set_setting("greet", ("text",), "Two")
    with space.opened() as model:
        assert not model.recovered
        assert model.journey.nodes["greet"].settings["text"] == "Two"


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[]",
        "{}",
        '{"undone": 99}',
        '{"undone": "x"}',
        '{"do": {"edits": [{"edit": "explode", "args": {}}]}}',
        '{"do": {"edits": [{"edit": "rename", "args": {}}]}}',
        '{"do": {"edits": [{"edit": "move", "args": {"positions": 7}}]}}',
        '{"do": {"edits": [{"edit": "set", "args": {"path": 3, "value": 1}}]}}',
        '{"do": {"edits": 7}, "sum": "0"}',
        '{"saved": 1}',
        '{"journal": 1}',
        "\u2028",
    ],
)
def test_a_damaged_journal_is_set_aside_with_a_plain_message(
    qtbot: QtBot, space: Space, line: str
) -> None:
    del qtbot
    with space.opened() as model:
        model.set_setting("greet", ("text",), "One")
        model.set_setting("greet", ("text",), "Two")
    lines = space.journal.read_text(encoding="utf-8").splitlines()
    lines.insert(2, line)
    space.journal.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with space.opened() as model:
        assert model.recovered.startswith("Edits of last time that were not saved cannot be used.")
        assert model.recovered.endswith("They are set aside in parcel.aside-1.jsonl.")
        assert model.saved
        assert not model.history.canUndo()
        assert model.journey.nodes["greet"].settings["text"] == "Hello!"
        model.set_setting("greet", ("text",), "Three")
    with space.opened() as model:
        assert model.journey.nodes["greet"].settings["text"] == "Three"


def test_edits_of_a_file_that_was_changed_outside_are_set_aside_at_most_three_times(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    for number in range(5):
        with space.opened() as model:
            model.set_setting("greet", ("text",), f"Mine {number}")
        text = JOURNEY.replace("Hello!", f"Theirs {number}")
        space.file.write_text(text, encoding="utf-8")
        with space.opened() as model:
            assert "changed outside" in model.recovered
            assert model.journey.nodes["greet"].settings["text"] == f"Theirs {number}"
    aside = sorted(path.name for path in space.journal.parent.glob("*.aside-*"))
    assert aside == [f"parcel.aside-{n}.jsonl" for n in (1, 2, 3)]


def test_a_journal_with_nothing_unsaved_gives_way_to_a_changed_file_in_silence(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    with space.opened() as model:
        model.set_setting("greet", ("text",), "Mine")
        model.save()
    space.file.write_text(JOURNEY, encoding="utf-8")
    with space.opened() as model:
        assert not model.recovered
        assert model.saved
        assert not model.history.canUndo()
    assert not space.journal.exists()


def test_a_crash_between_writing_the_file_and_telling_the_journal_counts_as_saved(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    with space.opened() as model:
        model.set_setting("greet", ("text",), "Mine")
        model.save()
    lines = space.journal.read_text(encoding="utf-8").splitlines(keepends=True)
    assert "saved" in json.loads(lines[-1])
    space.journal.write_text("".join(lines[:-1]), encoding="utf-8")
    with space.opened() as model:
        assert model.saved
        assert model.history.canUndo()
    space.journal.write_text("".join(lines[:-1]), encoding="utf-8")
    space.file.write_text(JOURNEY, encoding="utf-8")  # as it is when the save did not come so far
    with space.opened() as model:
        assert not model.saved
        assert model.journey.nodes["greet"].settings["text"] == "Mine"


def test_a_long_journal_is_packed_and_still_undoes_what_it_holds(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    limit = 12_000
    with space.opened(limit) as model:
        for number in range(120):
            model.set_setting("greet", ("text",), f"{number} " * 20)
            if number % 10 == 0:
                model.save()
            model.flush_journal()
            assert space.journal.stat().st_size < limit + 4_000
        model.history.undo()
        steps = model.history.index()
    with space.opened(limit) as model:
        assert not model.recovered
        assert model.journey.nodes["greet"].settings["text"].startswith("118 ")
        kept = model.history.index()
        assert 10 < kept < steps
        model.history.redo()
        assert model.journey.nodes["greet"].settings["text"].startswith("119 ")
        for _ in range(kept):
            model.history.undo()
        assert model.journey.nodes["greet"].settings["text"].startswith(f"{119 - kept} ")


def test_undoing_more_than_a_packed_journal_holds_packs_it_again(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    limit = 12_000
    with space.opened(limit) as model:
        for number in range(100):
            model.set_setting("greet", ("text",), f"{number} " * 20)
            model.flush_journal()
        model.history.setIndex(3)
    with space.opened(limit) as model:
        assert model.journey.nodes["greet"].settings["text"].startswith("2 ")
        model.history.setIndex(model.history.count())
        assert model.journey.nodes["greet"].settings["text"].startswith("99 ")


def test_a_second_window_of_the_same_journey_edits_without_a_journal(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    with space.opened() as first:
        first.set_setting("greet", ("text",), "First")
        first.flush_journal()
        with space.opened() as second:
            assert second.recovered.startswith("Another window has this journey open")
            second.set_setting("greet", ("text",), "Second")
            second.flush_journal()
        first.set_setting("greet", ("text",), "Third")
    with space.opened() as model:
        assert model.journey.nodes["greet"].settings["text"] == "Third"


def test_what_was_typed_is_back_after_a_crash_and_discard_takes_it_away_until_redo(
    qtbot: QtBot, tmp_path: Path
) -> None:
    space = Space(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        assert not tab.notice.isVisible()
        tab.canvas.select(("number",))
        form = desk.window.inspector.form
        assert form is not None
        form.focus_path(("text",))
        field = desk.window.focusWidget()
        assert isinstance(field, QPlainTextEdit)
        field.selectAll()
        QTest.keyClicks(field, "Its code?")
        desk.until(space.journal.exists)  # nothing was saved, nobody asked: within a second
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        assert tab.notice.isVisible()
        assert tab.notice.words.text().startswith("Changes that were not saved last time")
        assert desk.model.journey.nodes["number"].settings["text"] == "Its code?"
        desk.click(tab.notice.deed)
        assert desk.model.saved
        assert not tab.notice.isVisible()
        assert desk.model.journey.nodes["number"].settings["text"] == "What is its number?"
        desk.key(desk.window, Qt.Key.Key_Y, CTRL)
        assert desk.model.journey.nodes["number"].settings["text"] == "Its code?"
        desk.key(desk.window, Qt.Key.Key_Z, CTRL)
    assert space.file.read_bytes() == JOURNEY.encode()


def test_where_no_journal_can_be_written_it_is_said_once_and_editing_goes_on(
    qtbot: QtBot, tmp_path: Path
) -> None:
    space = Space(tmp_path)
    (space.root / ".journeybuilder").write_text("no folder", encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "One")
        desk.until(tab.notice.isVisible)
        assert tab.notice.words.text().startswith("Edits cannot be kept between starts here")
        desk.click(tab.notice.close_button)
        desk.model.set_setting("greet", ("text",), "Two")
        desk.model.flush_journal()
        assert not tab.notice.isVisible()
        desk.window.front.save()
        assert "Two" in space.file.read_text(encoding="utf-8")
