"""Frames and notes by real events: they move what is in them, are written in place, leave no trace."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit

from journeybuilder.document.drawings import COLORS
from journeybuilder.gui.canvas.colors import bar_fill, frame_fill, note_fill
from journeybuilder.gui.canvas.drawing_items import NoteItem
from journeybuilder.gui.canvas.telling import described
from journeybuilder.gui.canvas.view import CanvasView
from journeybuilder.gui.look.theme import THEMES, Theme, contrast
from tests.gui.canvas.hand import ALT, CTRL, NO, SHIFT, Hand
from tests.gui.canvas.memory import MemoryModel

FRAME, INNER, NOTE = "frame:allowed", "frame:inner", "note:desk"
TITLE, PAPER = QPointF(800, -55), QPointF(420, 420)


@pytest.fixture(autouse=True)
def drawn(model: MemoryModel, view: CanvasView) -> None:
    """A frame around `eligible` and `sorry` with a frame around `sorry` in it, and a note beside."""
    model.place(FRAME, (640, -70), (300, 480), "Allowed?")
    model.place(INNER, (660, 210), (270, 160), "Bad news")
    model.place(NOTE, (350, 380), (240, 120), "# Ask\nthe **desk**", "yellow")
    model.intents.clear()
    view.centerOn(600, 200)


def place(view: CanvasView, key: str) -> tuple[float, ...]:
    box = view.board.box_of(key)
    assert box is not None
    return (box.x(), box.y(), box.width(), box.height())


# --- select and move --------------------------------------------------------------------------


def test_a_frame_takes_along_what_is_in_it_as_one_step(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    hand.drag(TITLE, TITLE + QPointF(0, 600), CTRL)
    assert [intent[0] for intent in model.intents] == ["move"]
    assert set(model.intents[0][1]) == {FRAME, INNER, "eligible", "sorry"}
    assert place(view, FRAME)[:2] == (640, 530)
    assert place(view, INNER)[:2] == (660, 810)
    assert model.position("sorry") == (680, 860)
    assert model.position("decide") == (1020, 140)
    assert view.board.nodes["sorry"].pos() == QPointF(680, 860)


def test_alt_moves_the_frame_alone(model: MemoryModel, hand: Hand) -> None:
    hand.press(TITLE)
    hand.move(TITLE + QPointF(20, 20), ALT)
    hand.move(TITLE + QPointF(0, 300), ALT | CTRL)
    hand.release(TITLE + QPointF(0, 300), ALT | CTRL)
    assert set(model.intents[0][1]) == {FRAME}


def test_the_inside_of_a_frame_is_open_canvas(view: CanvasView, hand: Hand) -> None:
    hand.drag(QPointF(655, 0), QPointF(675, 20))
    assert view.board.chosen() == set()
    hand.click(TITLE)
    assert view.board.chosen() == {FRAME}
    assert view.selected() == ()


def test_escape_puts_everything_back(view: CanvasView, model: MemoryModel, hand: Hand) -> None:
    before = {key: place(view, key) for key in (FRAME, INNER, NOTE, "sorry")}
    hand.press(TITLE)
    hand.pull(TITLE, TITLE + QPointF(33, 77))
    assert place(view, FRAME) != before[FRAME]
    hand.key(Qt.Key.Key_Escape)
    hand.release(TITLE)
    assert {key: place(view, key) for key in before} == before
    assert model.intents == []


def test_an_edge_makes_it_larger_and_never_too_small(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    edge = QPointF(640 + 300, 200)
    hand.drag(edge, edge + QPointF(200, 30), CTRL)
    assert place(view, FRAME) == (640, -70, 500, 480)
    assert [intent[0] for intent in model.intents] == ["reshape"]
    corner = QPointF(350, 380)
    hand.drag(corner, corner + QPointF(500, 500), CTRL)
    assert place(view, NOTE) == (500, 450, 90, 50)


def test_a_rubber_band_takes_notes_it_touches_and_frames_it_holds(
    view: CanvasView, hand: Hand
) -> None:
    hand.drag(QPointF(620, 560), QPointF(580, 480))
    assert view.board.chosen() == {NOTE}
    hand.drag(QPointF(600, 560), QPointF(652, 200), SHIFT)
    assert view.board.chosen() == {NOTE}
    hand.drag(QPointF(600, 560), QPointF(960, -100))
    assert view.board.chosen() == {FRAME, INNER, "eligible", "sorry"}


def test_delete_removes_nodes_and_drawings_together(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    view.select(["sorry", NOTE])
    hand.key(Qt.Key.Key_Delete)
    assert model.intents == [("remove", ("sorry", NOTE))]
    assert NOTE not in view.board.drawings.items


# --- the keyboard -----------------------------------------------------------------------------


def test_n_goes_through_all_drawings_and_arrows_move_them(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    hand.key(Qt.Key.Key_N)
    assert view.board.current == FRAME
    hand.key(Qt.Key.Key_N, SHIFT)
    assert view.board.current == NOTE
    assert view.overlay.focus == QRectF(350, 380, 240, 120)
    hand.key(Qt.Key.Key_Right)
    hand.key(Qt.Key.Key_Down, SHIFT)
    assert place(view, NOTE)[:2] == (360, 480)
    hand.key(Qt.Key.Key_Home)
    assert view.board.current == "which"


def test_screen_readers_hear_what_it_is(view: CanvasView) -> None:
    assert described(view.board, FRAME) == "Frame Allowed? with 2 steps"
    assert described(view.board, NOTE).startswith("Note: # Ask")
    view.focus_node(NOTE)
    assert view.accessibleDescription().startswith("Note: # Ask")


# --- writing in place -------------------------------------------------------------------------


def test_a_double_click_writes_a_note_and_ctrl_enter_keeps_it(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    hand.double_click(PAPER)
    editor = view.writer.editor
    assert isinstance(editor, QPlainTextEdit)
    assert editor.geometry().contains(hand.pixel(PAPER).toPoint())
    QTest.keyClicks(editor, "two")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QTest.keyClicks(editor, "lines")
    QTest.keyClick(editor, Qt.Key.Key_Return, CTRL)
    assert model.drawn[NOTE].text == "two\nlines"
    assert view.writer.editor is None
    assert view.hasFocus()


def test_escape_forgets_what_was_typed(view: CanvasView, model: MemoryModel, hand: Hand) -> None:
    hand.double_click(PAPER)
    editor = view.writer.editor
    assert editor is not None
    QTest.keyClicks(editor, "never")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert model.drawn[NOTE].text == "# Ask\nthe **desk**"
    assert not [intent for intent in model.intents if intent[0] == "retitle"]


def test_a_click_beside_it_keeps_what_was_typed(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    hand.double_click(TITLE)
    editor = view.writer.editor
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "May we?")
    hand.click(QPointF(400, 300))
    assert model.drawn[FRAME].text == "May we?"


def test_f2_writes_the_title_of_a_step(view: CanvasView, model: MemoryModel, hand: Hand) -> None:
    hand.click(view.board.nodes["sorry"].card().topLeft() + QPointF(100, 14))
    hand.key(Qt.Key.Key_F2)
    editor = view.writer.editor
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "Sorry"
    QTest.keyClicks(editor, "So sorry")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert model.node("sorry").title == "So sorry"


def test_the_editor_follows_the_camera_and_goes_with_its_note(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    hand.double_click(PAPER)
    editor = view.writer.editor
    assert editor is not None
    before = editor.pos()
    view.pan_by(40, -25)
    assert editor.pos() - before == QPointF(40, -25).toPoint()
    view.set_zoom(2.0)
    assert editor.width() == pytest.approx(480, abs=2)
    model.remove([NOTE])
    assert view.writer.editor is None


# --- commands ---------------------------------------------------------------------------------


def test_group_makes_a_frame_around_the_selection_and_asks_for_its_name(
    view: CanvasView, model: MemoryModel
) -> None:
    view.select(["label", "too_late"])
    view.arrange.group()
    key = next(intent[1] for intent in model.intents if intent[0] == "draw")
    assert view.board.drawings.members(key) == {"label", "too_late"}
    editor = view.writer.editor
    assert editor is not None
    QTest.keyClicks(editor, "Parcel")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert model.drawn[key].text == "Parcel"
    view.arrange.ungroup()
    assert key not in model.drawn
    assert set(view.selected()) == {"label", "too_late"}


def test_undo_of_a_removal_selects_what_comes_back(view: CanvasView, model: MemoryModel) -> None:
    view.select(["sorry"])
    gone = model.node("sorry")
    model.remove(["sorry"])
    assert view.selected() == ()
    model.nodes["sorry"], model.positions["sorry"] = gone, (680.0, 260.0)
    model.nodes_added.emit(("sorry",))
    assert view.selected() == ("sorry",)


# --- looks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_texts_can_be_read_on_every_color(theme: Theme) -> None:
    for color in COLORS:
        papers = [note_fill(theme, color), bar_fill(theme, color), frame_fill(theme, color)]
        assert min(contrast(theme.text, paper.name()) for paper in papers) >= 4.5, color
        assert contrast(theme.accent, note_fill(theme, color).name()) >= 3, color
        assert contrast(theme.group(color), theme.tile(color)) >= 4.5, color


def test_a_note_is_painted_and_loads_nothing(view: CanvasView, model: MemoryModel) -> None:
    model.drawn[NOTE] = type(model.drawn[NOTE])(
        NOTE, "![x](file:///etc/passwd) <img src='http://127.0.0.1:9/x'> plain", (350, 380), (240, 120), "blue"
    )  # fmt: skip
    model.drawings_changed.emit()
    QApplication.processEvents()
    item = view.board.drawings.items[NOTE]
    assert isinstance(item, NoteItem)
    assert "plain" in item.document().toPlainText()
    picture = view.grab().toImage()
    at = view.mapFromScene(QPointF(360, 490))
    assert picture.pixelColor(at).name() == note_fill(view.theme, "blue").name()


def test_drawings_are_seen_from_afar_and_in_fit(view: CanvasView, model: MemoryModel) -> None:
    model.place("note:far", (-3000, -2000), (240, 120), "far", "pink")
    view.fit()
    assert view.visible_area().contains(QRectF(-3000, -2000, 240, 120))
    view.set_zoom(0.1)
    view.centerOn(-2880, -1940)
    assert view.is_overview()
    picture = view.viewport().grab().toImage()
    middle = picture.rect().center()
    assert picture.pixelColor(middle).name() == note_fill(view.theme, "pink").name()


def test_keys_of_the_window_do_nothing_while_one_writes(view: CanvasView, hand: Hand) -> None:
    hand.double_click(PAPER)
    editor = view.writer.editor
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_Delete, NO)
    assert NOTE in view.board.drawings.items
