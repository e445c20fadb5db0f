"""Frames, notes, colors and bookmarks of a journey on disk: undo, restarts, the clipboard, the window."""

from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from journeybuilder.document.drawings import bookmarks_of, colors_of
from journeybuilder.gui.canvas.model import QuickKind
from journeybuilder.gui.journey.offers import by_use
from tests.gui.desk import JOURNEY, Desk, make_workspace
from tests.gui.test_edit_journal import Space

CTRL = Qt.KeyboardModifier.ControlModifier


def test_drawings_change_the_layout_file_alone_and_undo_goes_back_across_a_restart(
    qtbot: QtBot, tmp_path: Path
) -> None:
    del qtbot
    space = Space(tmp_path)
    with space.opened() as model:
        note = model.draw("note", (10.4, 20.6), (200, 100), "Hi *you*")
        frame = model.draw("frame", (0, 0), (500, 300), "Start")
        model.move({note: (30, 40), "greet": (60, 70)}, "g1")
        model.reshape(frame, (0, 0), (600, 300))
        model.paint([note, frame, "greet"], "pink")
        model.retitle(frame, "Beginning")
        model.set_bookmark("3", "number")
        model.save()
    assert space.file.read_bytes() == JOURNEY.encode()
    with space.opened() as model:
        assert model.saved
        assert model.node("greet").group == "pink"
        found = model.drawings()
        assert (found[note].text, found[note].at, found[note].color) == (
            "Hi *you*",
            (30, 40),
            "pink",
        )
        assert (found[frame].text, found[frame].size) == ("Beginning", (600, 300))
        assert model.position("greet") == (60, 70)
        assert model.bookmarks() == {"3": "number"}
        while model.history.canUndo():
            model.history.undo()
        assert model.drawings() == {}
        assert model.node("greet").group == "talk"
        assert bookmarks_of(model.draft.layout) == {}
    with space.opened() as model:
        while model.history.canRedo():
            model.history.redo()
        assert model.drawings() == found
        assert colors_of(model.draft.layout) == {"greet": "pink"}


def test_one_drag_of_many_steps_is_one_step_of_undo(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    with Space(tmp_path).opened() as model:
        note = model.draw("note", (0, 0), (200, 100))
        for x in (10, 20, 30):
            model.move({note: (x, 0), "greet": (x, 5)}, "drag")
        assert model.history.count() == 2
        assert len(model.history.changes()[-1].edits) == 1
        model.history.undo()
        assert model.position(note) == (0, 0)


def test_bookmarks_and_colors_follow_a_rename_and_go_with_the_node(
    qtbot: QtBot, tmp_path: Path
) -> None:
    del qtbot
    with Space(tmp_path).opened() as model:
        model.set_bookmark("1", "number")
        model.paint(["number"], "red")
        model.rename("number", "which")
        assert model.bookmarks() == {"1": "which"}
        assert model.node("which").group == "red"
        model.remove(["which"])
        assert model.bookmarks() == {}
        model.history.undo()
        assert model.bookmarks() == {"1": "which"}


def test_copied_frames_and_notes_are_text_that_pastes_with_the_steps(
    qtbot: QtBot, tmp_path: Path
) -> None:
    del qtbot
    with Space(tmp_path).opened() as model:
        note = model.draw("note", (0, 100), (200, 100), "Mind the *gap*")
        model.move({"greet": (50, 120)}, "")
        model.paint(["greet"], "teal")
        text = model.copied(["greet", note])
        assert "Mind the *gap*" in text
        added = model.paste(text, (1000, 1000))
        assert [one.partition(":")[0] for one in added] == ["greet_2", "note"]
        assert model.position(added[0]) == (1050, 1020)
        assert model.position(added[1]) == (1000, 1000)
        assert model.node(added[0]).group == "teal"
        only = model.paste(model.copied([note]), (5, 5))
        assert len(only) == 1
        copies = model.duplicate([*only, "greet"])
        assert model.position(copies[-1]) == (45, 45)
        count = model.history.count()
        model.remove(copies)
        assert model.history.count() == count + 1
        assert not set(copies) & {*model.journey.nodes, *model.drawings()}


def test_bypass_joins_what_was_around_a_step(qtbot: QtBot, tmp_path: Path) -> None:
    del qtbot
    with Space(tmp_path).opened() as model:
        model.bypass(["greet", "number"])
        assert list(model.journey.nodes) == ["done"]
        assert model.journey.start == "done"
        model.history.undo()
        model.bypass(["number"])
        assert model.journey.nodes["greet"].settings["next"] == "done"


def test_a_step_put_on_a_wire_leads_on_and_what_follows_makes_room(
    qtbot: QtBot, tmp_path: Path
) -> None:
    del qtbot
    with Space(tmp_path).opened() as model:
        model.move({"greet": (0, 0), "number": (280, 0), "done": (560, 0)}, "")
        added = model.add("say", {"text": "Please wait"}, (0, 400))
        count = model.history.count()
        assert model.splice(added, ("greet", "next"), {added: (270, 0)})
        assert model.history.count() == count + 1
        assert model.journey.nodes["greet"].settings["next"] == added
        assert model.journey.nodes[added].settings["next"] == "number"
        assert model.position("number") == (550, 0)
        assert model.position("done") == (830, 0)
        refused: list[str] = []
        model.refused.connect(refused.append)
        assert not model.splice("done", ("greet", "next"), {})
        assert "no way out" in refused[0]


def test_the_quick_menu_begins_with_what_is_used_behind_such_a_step(
    qtbot: QtBot, tmp_path: Path
) -> None:
    del qtbot
    with Space(tmp_path).opened() as model:
        offers: list[QuickKind] = [(kind, kind, "", {}) for kind in ("set", "end", "ask", "say")]
        assert next(one[0] for one in by_use(model.journey, offers, "greet")) == "ask"
        assert [one[0] for one in by_use(model.journey, offers, "")] == ["end", "ask", "say", "set"]


def test_frames_and_notes_by_commands_of_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.setFocus()
        tab.canvas.select(["greet", "number"])
        desk.key(tab.canvas, Qt.Key.Key_G, CTRL)
        editor = tab.canvas.writer.editor
        assert editor is not None
        QTest.keyClicks(editor, "Hello")
        QTest.keyClick(editor, Qt.Key.Key_Return)
        (key,) = desk.model.drawings()
        assert desk.model.drawings()[key].text == "Hello"
        assert tab.canvas.board.drawings.members(key) == {"greet", "number"}
        desk.key(tab.canvas, Qt.Key.Key_C, CTRL)
        assert "title: Hello" in QApplication.clipboard().text()
        desk.window.registry.run("arrange.color_green")
        assert desk.model.drawings()[key].color == "green"
        desk.key(tab.canvas, Qt.Key.Key_Z, CTRL)
        assert desk.model.drawings()[key].color == "gray"
        desk.key(tab.canvas, Qt.Key.Key_G, CTRL | Qt.KeyboardModifier.ShiftModifier)
        assert desk.model.drawings() == {}
        assert set(tab.canvas.selected()) == {"greet", "number"}
        tab.canvas.arrange.add_note(QPointF(0, 900))
        assert tab.canvas.writer.editor is not None
        QTest.keyClicks(tab.canvas.writer.editor, "ask Anna")
        QTest.keyClick(tab.canvas.writer.editor, Qt.Key.Key_Return, CTRL)
        assert [one.text for one in desk.model.drawings().values()] == ["ask Anna"]
        desk.window.registry.run("arrange.snap")
        assert not tab.canvas.snap
        desk.model.discard()
