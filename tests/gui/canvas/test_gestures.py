"""Every gesture by real events, and that Esc leaves nothing behind."""

from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas.model import NODE_MIME
from journeybuilder.gui.canvas.overlay import Overlay
from journeybuilder.gui.canvas.view import CanvasView
from tests.gui.canvas.hand import ALT, CTRL, MIDDLE, SHIFT, Hand
from tests.gui.canvas.memory import MemoryModel

EMPTY = QPointF(350, 480)


def on(view: CanvasView, node_id: str) -> QPointF:
    """A place on a card's head, away from its ports."""
    return view.board.nodes[node_id].card().topLeft() + QPointF(100, 14)


def port(view: CanvasView, node_id: str, name: str) -> QPointF:
    return view.board.nodes[node_id].port_at(name)


def picture(view: CanvasView) -> dict[str, Any]:
    """All that a gesture could have left behind."""
    board = view.board
    return {
        "places": {i: item.pos().toTuple() for i, item in board.nodes.items()},
        "wires": {key: (w.target, w.item.isVisible(), w.item.path()) for key, w in board.wires.items()},
        "selection": set(board.selection),
        "picked": board.picked,
        "overlay": view.overlay == Overlay(focus=view.overlay.focus),
        "gesture": view.pointer.gesture,
        "cursor": view.viewport().cursor().shape(),
        "intents": list(view.shown_model().intents),
    }  # fmt: skip


# --- select ----------------------------------------------------------------------------------


def test_a_click_selects_a_node_and_tells_it(view: CanvasView, hand: Hand, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.selection_changed) as told:
        hand.click(on(view, "sorry"))
    assert told.args == [("sorry",)]
    assert view.selected() == ("sorry",)


def test_shift_and_ctrl_click_add_and_take_away(view: CanvasView, hand: Hand) -> None:
    hand.click(on(view, "sorry"))
    hand.click(on(view, "look_up"), SHIFT)
    assert set(view.selected()) == {"sorry", "look_up"}
    hand.click(on(view, "sorry"), CTRL)
    assert view.selected() == ("look_up",)


def test_a_click_on_the_open_canvas_clears_the_selection(view: CanvasView, hand: Hand) -> None:
    view.select(["sorry", "look_up"])
    hand.click(EMPTY)
    assert view.selected() == ()


def test_a_click_on_one_of_many_selected_leaves_only_it(view: CanvasView, hand: Hand) -> None:
    view.select(["sorry", "look_up"])
    hand.click(on(view, "sorry"))
    assert view.selected() == ("sorry",)


def test_a_rubber_band_selects_what_it_touches(view: CanvasView, hand: Hand) -> None:
    hand.drag(QPointF(330, -40), QPointF(960, 380))
    assert set(view.selected()) == {"look_up", "eligible", "sorry"}
    hand.drag(QPointF(1000, 360), QPointF(1300, 480), SHIFT)
    assert set(view.selected()) == {"look_up", "eligible", "sorry", "to_person"}


# --- move ------------------------------------------------------------------------------------


def test_a_drag_moves_the_selection_as_one_intent_on_the_grid(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    view.select(["sorry", "to_person"])
    start = on(view, "sorry")
    hand.press(start)
    hand.pull(start, start + QPointF(33, 144))
    assert model.intents == []
    assert view.board.nodes["sorry"].pos() != QPointF(*model.positions["sorry"])
    hand.release(start + QPointF(33, 144))
    [(intent, moved, gesture)] = model.intents
    assert intent == "move"
    assert gesture
    assert moved == {"sorry": (710.0, 400.0), "to_person": (1050.0, 520.0)}
    assert view.board.nodes["to_person"].pos() == QPointF(1050, 520)


def test_two_drags_are_two_steps(view: CanvasView, hand: Hand, model: MemoryModel) -> None:
    for _ in range(2):
        hand.drag(on(view, "sorry"), on(view, "sorry") + QPointF(40, 90))
    assert len({intent[2] for intent in model.intents}) == 2


def test_a_card_snaps_to_its_neighbors_and_shows_why(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    start = on(view, "sorry")
    hand.press(start)
    hand.pull(start, start + QPointF(3, -114))  # nearly as high as the returns desk
    assert view.overlay.guides
    hand.release(start + QPointF(3, -114))
    assert model.positions["sorry"] == (680.0, 140.0)
    assert view.overlay == Overlay()


def test_wires_follow_while_a_card_is_dragged(view: CanvasView, hand: Hand) -> None:
    start = on(view, "sorry")
    hand.press(start)
    hand.pull(start, start + QPointF(0, 200))
    path = view.board.wires["sorry", "next"].item.path()
    assert path.pointAtPercent(0) == port(view, "sorry", "next")
    hand.key(Qt.Key.Key_Escape)


def test_at_the_edge_of_the_canvas_a_drag_scrolls(
    view: CanvasView, hand: Hand, qtbot: QtBot
) -> None:
    start = on(view, "sorry")
    before = view.visible_area().right()
    hand.press(start)
    hand.move(start + QPointF(50, 0))
    hand.move(view.mapToScene(view.viewport().width() - 4, 400))
    qtbot.waitUntil(lambda: view.visible_area().right() > before + 40)
    hand.key(Qt.Key.Key_Escape)
    assert view.board.nodes["sorry"].pos() == QPointF(680, 260)


# --- wires -----------------------------------------------------------------------------------


def test_a_wire_pulled_to_a_card_connects(view: CanvasView, hand: Hand, model: MemoryModel) -> None:
    start = port(view, "look_up", "on_timeout")
    hand.press(start)
    hand.pull(start, on(view, "sorry"))
    assert view.overlay.target == view.board.nodes["sorry"].card()
    assert view.overlay.lit
    hand.release(on(view, "sorry"))
    assert model.intents == [("connect", "look_up", "on_timeout", "sorry")]
    assert view.board.wires["look_up", "on_timeout"].target == "sorry"
    assert view.overlay == Overlay()


def test_a_wire_let_go_near_an_entry_is_caught_by_it(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    entry = view.board.nodes["sorry"].entry()
    hand.drag(port(view, "look_up", "on_timeout"), entry + QPointF(-15, 10))
    assert model.intents == [("connect", "look_up", "on_timeout", "sorry")]


def test_the_magnet_is_as_large_on_the_screen_at_any_zoom(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    view.set_zoom(0.5)
    view.centerOn(600, 200)
    entry = view.board.nodes["sorry"].entry()
    hand.drag(port(view, "look_up", "on_timeout"), entry + QPointF(-40, 20))  # 22 px on the screen
    assert model.intents == [("connect", "look_up", "on_timeout", "sorry")]


def test_a_wire_let_go_on_the_open_canvas_asks_adds_and_connects(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    hand.drag(port(view, "look_up", "on_timeout"), EMPTY)
    popup = view.menus.popup
    assert popup is not None
    assert popup.list.count() == 3  # what quick_kinds offers after a port
    popup.field.setText("get order")
    assert popup.list.count() == 1
    hand.key(Qt.Key.Key_Return, to=popup.field)
    [(intent, kind, settings, _, source)] = model.intents
    assert (intent, kind, settings) == ("add", "tool", {"tool": "orders/get_order"})
    assert source == ("look_up", "on_timeout")
    assert view.board.wires["look_up", "on_timeout"].target == view.selected()[0]
    assert view.menus.popup is None
    assert view.overlay.wire is None


def test_a_wire_taken_by_its_end_leads_elsewhere(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    end = view.board.nodes["look_up"].entry() - QPointF(6, 0)
    hand.press(end)
    hand.pull(end, on(view, "sorry"))
    assert not view.board.wires["which", "next"].item.isVisible()
    hand.release(on(view, "sorry"))
    assert model.intents == [("connect", "which", "next", "sorry")]


def test_a_wire_taken_by_its_end_and_dropped_is_gone(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    hand.drag(view.board.nodes["look_up"].entry() - QPointF(6, 0), EMPTY)
    assert model.intents == [("disconnect", "which", "next")]
    assert ("which", "next") not in view.board.wires


def test_a_stroke_with_alt_and_shift_cuts_every_wire_it_crosses(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    start, end = QPointF(290, 0), QPointF(290, 130)
    hand.press(start, ALT | SHIFT)
    hand.pull(start, end, ALT | SHIFT)
    assert len(view.overlay.cut) == 3
    hand.release(end, ALT | SHIFT)
    assert len(model.intents) == 1
    assert model.intents[0][0] == "cut"
    assert set(model.intents[0][1:]) == {
        ("which", "next"), ("which", "on_invalid"), ("which", "on_timeout")
    }  # fmt: skip


def test_a_wire_is_selected_by_a_click_and_removed_by_delete(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    middle = view.board.wires["eligible", "case1"].item.path().pointAtPercent(0.4)
    hand.click(middle)
    assert view.board.picked == ("eligible", "case1")
    hand.key(Qt.Key.Key_Delete)
    assert model.intents == [("disconnect", "eligible", "case1")]


def test_a_wire_under_the_pointer_says_where_it_leads(view: CanvasView, hand: Hand) -> None:
    hand.hover(view.board.wires["eligible", "case1"].item.path().pointAtPercent(0.4))
    assert view.overlay.label == "young and below 200 EUR → Create the shipping label"
    hand.hover(EMPTY)
    assert view.overlay.label == ""


# --- camera ----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["middle button", "space and left"])
def test_the_paper_is_dragged(view: CanvasView, hand: Hand, way: str) -> None:
    before = view.visible_area().topLeft()
    if way == "middle button":
        hand.press(EMPTY, button=MIDDLE)
    else:
        hand.hold(Qt.Key.Key_Space)
        hand.press(EMPTY)
    hand.move(EMPTY + QPointF(-60, -40))
    hand.release(EMPTY)
    assert view.visible_area().topLeft() == before + QPointF(60, 40)
    assert view.selected() == ()


def test_the_wheel_scrolls_and_with_ctrl_zooms_at_the_pointer(view: CanvasView, hand: Hand) -> None:
    before = view.visible_area().top()
    hand.wheel(EMPTY, angle=-120)
    assert view.visible_area().top() > before
    at = hand.pixel(EMPTY)
    hand.wheel(EMPTY, angle=120, keys=CTRL)
    assert view.zoom() == pytest.approx(1.15)
    after = hand.pixel(EMPTY)
    assert abs(after.x() - at.x()) <= 1
    assert abs(after.y() - at.y()) <= 1


def test_a_touchpad_scrolls_by_its_pixels(view: CanvasView, hand: Hand) -> None:
    before = view.visible_area().top()
    hand.wheel(EMPTY, angle=-15, pixels=-7)
    assert view.visible_area().top() == before + 7


def test_zoom_stays_within_its_bounds_and_is_told(view: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.zoom_changed):
        view.zoom_by(1000)
    assert view.zoom() == 4.0
    view.set_zoom(0.0001)
    assert view.zoom() == 0.05


# --- drops -----------------------------------------------------------------------------------


def test_a_drop_on_the_open_canvas_adds(view: CanvasView, hand: Hand, model: MemoryModel) -> None:
    assert hand.carry("tool", {"tool": "orders/get_order"}, [EMPTY - QPointF(50, 0), EMPTY])
    assert model.intents == [("add", "tool", {"tool": "orders/get_order"}, (230.0, 450.0), None)]
    assert view.selected() == (model.node_ids()[-1],)
    assert view.overlay.ghost is None


def test_a_drop_on_a_wire_puts_it_in_between(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    middle = view.board.wires["eligible", "case1"].item.path().pointAtPercent(0.4)
    hand.carry("say", {}, [EMPTY, middle])
    assert model.intents[0][0] == "insert"
    assert model.intents[0][4] == ("eligible", "case1")
    new = view.selected()[0]
    assert view.board.wires["eligible", "case1"].target == new
    assert view.board.wires[new, "next"].target == "label"


def test_a_drag_that_leaves_again_leaves_nothing(view: CanvasView, hand: Hand) -> None:
    before = picture(view)
    hand.carry("say", {}, [EMPTY], drop=False)
    assert picture(view) == before


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"kind": 1, "settings": 5}', b"\xff"])
def test_a_drag_with_broken_content_is_refused(
    view: CanvasView, hand: Hand, content: bytes
) -> None:
    data = QMimeData()
    data.setData(NODE_MIME, content)
    assert not hand.carry_data(data, [EMPTY], drop=False)


# --- cancel ----------------------------------------------------------------------------------


def test_esc_and_focus_loss_leave_nothing_of_any_gesture(view: CanvasView, hand: Hand) -> None:
    board = view.board
    middle = board.wires["eligible", "case1"].item.path().pointAtPercent(0.4)
    gestures = {
        "move": (on(view, "sorry"), Qt.KeyboardModifier.NoModifier),
        "band": (QPointF(330, -40), Qt.KeyboardModifier.NoModifier),
        "wire": (port(view, "look_up", "on_timeout"), Qt.KeyboardModifier.NoModifier),
        "rewire": (board.nodes["look_up"].entry() - QPointF(6, 0), Qt.KeyboardModifier.NoModifier),
        "cut": (QPointF(290, 0), ALT | SHIFT),
        "pick": (middle, Qt.KeyboardModifier.NoModifier),
    }
    view.select(["label"])
    before = picture(view)
    for name, (start, keys) in gestures.items():
        for way in ("escape", "focus"):
            hand.press(start, keys)
            hand.pull(start, start + QPointF(80, 150), keys)
            assert view.pointer.gesture is not None, name
            if way == "escape":
                hand.key(Qt.Key.Key_Escape)
            else:
                QApplication.sendEvent(view, QFocusEvent(QFocusEvent.Type.FocusOut))
            hand.release(start + QPointF(80, 150), keys)
            hand.hover(EMPTY)
            assert picture(view) == before, f"{name}, {way}"


def test_a_node_removed_meanwhile_cancels_the_gesture(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    start = on(view, "sorry")
    hand.press(start)
    hand.pull(start, start + QPointF(50, 50))
    model.remove(("sorry",))
    assert view.pointer.gesture is None
    hand.release(start)
    assert [intent[0] for intent in model.intents] == ["remove"]


def test_a_release_that_was_not_seen_cancels_at_the_next_move(view: CanvasView, hand: Hand) -> None:
    start = on(view, "sorry")
    hand.press(start)
    hand.pull(start, start + QPointF(50, 50))
    hand.hover(start)
    assert view.pointer.gesture is None
    assert view.board.nodes["sorry"].pos() == QPointF(680, 260)


def test_a_double_click_opens_a_node_or_the_quick_menu(
    view: CanvasView, hand: Hand, qtbot: QtBot, model: MemoryModel
) -> None:
    with qtbot.waitSignal(view.node_activated) as told:
        hand.double_click(on(view, "sorry"))
    assert told.args == ["sorry"]
    hand.double_click(EMPTY)
    popup = view.menus.popup
    assert popup is not None
    hand.key(Qt.Key.Key_Down, to=popup.field)
    hand.key(Qt.Key.Key_Return, to=popup.field)
    assert model.intents[0][:2] == ("add", "ask")
