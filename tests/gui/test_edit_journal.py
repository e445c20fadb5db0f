"""No edit is lost: not by a crash, not by a restart; and a journal that does not fit does no harm."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from journeybuilder.checks import Known
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journey.edit_files import journal_path
from journeybuilder.gui.journey.edit_journal import EditJournal
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.journey.journey_file import JourneyOnDisk
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.three_way import Choice
from tests.gui.desk import JOURNEY, Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier


class Space:
    """A journey on disk and its journal."""

    def __init__(self, tmp_path: Path, root: Path | None = None) -> None:
        self.root = root or make_workspace(tmp_path / "space")
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


def test_comments_that_were_typed_and_taken_back_are_not_in_the_file_again(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    typed = JOURNEY.replace("# where is it?", "# another comment")
    for restarts in (False, True):
        with space.opened() as model:
            model.apply("Edit the text", Edit("retype", {"text": typed}))
            model.save()
            assert space.file.read_text(encoding="utf-8") == typed
            if not restarts:
                model.history.undo()
                model.save()
        if restarts:
            with space.opened() as model:
                model.history.undo()
                model.set_setting("greet", ("text",), "Welcome")
                model.save()
        expected = JOURNEY.replace('"Hello!"', "Welcome") if restarts else JOURNEY
        assert space.file.read_text(encoding="utf-8").replace('"Welcome"', "Welcome") == expected


def test_comments_of_the_layout_come_back_with_undo_after_saves_and_a_restart(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    layout = space.file.with_name("parcel.layout.yaml")
    text = "journeybuilder: 1\nlayout: parcel\nnodes:\n  greet: {at: [0, 0]}   # here\n"
    layout.write_text(text, encoding="utf-8")
    with space.opened() as model:
        model.paint(["greet"], "pink")
        model.remove(["greet"])
        model.save()
        assert layout.read_text(encoding="utf-8") != text
    with space.opened() as model:
        model.history.setIndex(0)
        model.save()
    assert layout.read_text(encoding="utf-8") == text
    assert space.file.read_bytes() == JOURNEY.encode()


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
        '{"do": {"edits": [{"edit": "move", "args": {"positions": {"greet": 7}}}]}}',
        '{"do": {"edits": [{"edit": "set", "args": {"path": 3, "value": 1}}]}}',
        '{"do": {"edits": 7}, "sum": "0"}',
        '{"saved": 1}',
        '{"journal": 1}',
        "\u2028",
    ],
)
def test_of_a_damaged_journal_all_before_the_damage_is_here_again_and_the_whole_is_set_aside(
    qtbot: QtBot, space: Space, line: str
) -> None:
    del qtbot
    with space.opened() as model:
        model.set_setting("greet", ("text",), "One")
        model.flush_journal()
        model.set_setting("greet", ("text",), "Two")
    lines = space.journal.read_text(encoding="utf-8").splitlines()
    lines.insert(2, line)
    space.journal.write_text("\n".join(lines) + "\n", encoding="utf-8")
    damaged = space.journal.read_bytes()
    with space.opened() as model:
        assert model.recovered == (
            "A part of the edits of last time could not be read; what came before it is here."
            " The whole is set aside in parcel.aside-1.jsonl."
        )
        assert space.journal.with_name("parcel.aside-1.jsonl").read_bytes() == damaged
        assert model.history.count() == 1
        assert model.journey.nodes["greet"].settings["text"] == "One"
        model.set_setting("greet", ("text",), "Three")
    with space.opened() as model:
        assert not model.recovered
        assert model.journey.nodes["greet"].settings["text"] == "Three"


@pytest.mark.parametrize(
    ("left", "words"),
    [(b"", ""), (b'{"journal":1,"jour', "The very last edit was only half written and is lost.")],
)
def test_a_journal_that_ended_within_its_first_line_begins_anew(
    qtbot: QtBot, space: Space, left: bytes, words: str
) -> None:
    del qtbot
    space.journal.parent.mkdir(parents=True)
    space.journal.write_bytes(left)
    with space.opened() as model:
        assert model.recovered == words
        model.move({"done": (10, 20)}, "g1")
    with space.opened() as model:
        assert not model.recovered
        assert model.history.count() == 1
    assert not list(space.journal.parent.glob("*.aside-*"))


def test_a_journal_without_a_beginning_is_set_aside(qtbot: QtBot, space: Space) -> None:
    del qtbot
    with space.opened() as model:
        model.set_setting("greet", ("text",), "One")
    space.journal.write_bytes(b"\xff\x00 no journal\n" + space.journal.read_bytes())
    with space.opened() as model:
        assert model.recovered.startswith("Edits of last time that were not saved cannot be used.")
        assert model.saved
        assert not model.history.canUndo()


def test_damage_before_a_save_that_the_file_holds_does_not_bring_old_edits_back(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    with space.opened() as model:
        model.set_setting("greet", ("text",), "One")
        model.flush_journal()
        model.set_setting("greet", ("text",), "Two")
        model.save()
    lines = space.journal.read_text(encoding="utf-8").splitlines()
    space.journal.write_text(
        "\n".join([*lines[:2], "garbage", *lines[2:]]) + "\n", encoding="utf-8"
    )
    with space.opened() as model:
        assert model.saved
        assert model.journey.nodes["greet"].settings["text"] == "Two"
        assert "set aside" in model.recovered


def test_edits_of_last_time_and_what_was_changed_outside_since_are_brought_together(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    with space.opened() as model:
        model.set_setting("greet", ("text",), "Mine")
    space.file.write_text(JOURNEY.replace("What is its number?", "Which?"), encoding="utf-8")
    with space.opened() as model:
        assert not model.saved
        assert model.outside.news is not None
        assert model.outside.news.what == "merged"
        assert model.journey.nodes["greet"].settings["text"] == "Mine"
        assert model.journey.nodes["number"].settings["text"] == "Which?"
        model.save()
        assert "# be kind" in space.file.read_text(encoding="utf-8")
        model.history.undo()
        assert model.journey.nodes["number"].settings["text"] == "What is its number?"
        model.history.undo()
        assert model.journey.nodes["greet"].settings["text"] == "Hello!"


def test_edits_of_last_time_that_conflict_with_the_file_wait_for_a_decision_through_restarts(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    with space.opened() as model:
        model.set_setting("greet", ("text",), "Mine")
    theirs = JOURNEY.replace("Hello!", "Theirs")
    space.file.write_text(theirs, encoding="utf-8")
    for _ in range(2):
        with space.opened() as model:
            assert model.outside.meeting is not None
            assert model.journey.nodes["greet"].settings["text"] == "Mine"
            with pytest.raises(AuthorError, match="changed too"):
                model.save()
    assert space.file.read_text(encoding="utf-8") == theirs
    with space.opened() as model:
        model.outside.decide({0: Choice("theirs")})
        assert model.journey.nodes["greet"].settings["text"] == "Theirs"
        assert model.saved
    with space.opened() as model:
        assert model.outside.meeting is None
        model.history.undo()
        assert model.journey.nodes["greet"].settings["text"] == "Mine"


def test_a_journal_with_nothing_unsaved_takes_a_changed_file_over_and_can_undo_that(
    qtbot: QtBot, space: Space
) -> None:
    del qtbot
    with space.opened() as model:
        model.set_setting("greet", ("text",), "Mine")
        model.save()
    space.file.write_text(JOURNEY, encoding="utf-8")
    with space.opened() as model:
        assert model.saved
        assert model.journey.nodes["greet"].settings["text"] == "Hello!"
        model.history.undo()
        assert model.journey.nodes["greet"].settings["text"] == "Mine"


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
        form = desk.window.docks.inspector.form
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
