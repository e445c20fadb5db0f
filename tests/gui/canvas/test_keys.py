"""Everything by keyboard: walk, wire, add, nudge, remove."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas.view import CanvasView
from tests.gui.canvas.hand import ALT, CTRL, SHIFT, Hand
from tests.gui.canvas.memory import MemoryModel

Key = Qt.Key


@pytest.mark.parametrize(
    ("start", "key", "reached"),
    [
        ("which", Key.Key_Right, "look_up"),
        ("look_up", Key.Key_Left, "which"),
        ("eligible", Key.Key_Down, "sorry"),
        ("sorry", Key.Key_Up, "eligible"),
        ("done", Key.Key_Right, "done"),
    ],
)
def test_arrows_go_to_the_nearest_node_in_that_direction(
    view: CanvasView, hand: Hand, start: str, key: Qt.Key, reached: str
) -> None:
    view.select([start])
    hand.key(key)
    assert view.selected() == (reached,)
    assert view.overlay.focus == view.board.nodes[reached].card()


def test_the_focused_node_is_panned_into_view(view: CanvasView, hand: Hand) -> None:
    view.select(["label"])
    for _ in range(3):
        hand.key(Key.Key_Right)
    assert view.selected() == ("done",)
    assert view.visible_area().contains(view.board.nodes["done"].card())


def test_shift_and_arrows_select_more(view: CanvasView, hand: Hand) -> None:
    view.select(["which"])
    hand.key(Key.Key_Right, SHIFT)
    assert view.selected() == ("which", "look_up")


def test_brackets_follow_wires(view: CanvasView, hand: Hand) -> None:
    view.select(["which"])
    hand.key(Key.Key_BracketRight, text="]")
    hand.key(Key.Key_BracketRight, ALT | CTRL, text="]")  # AltGr on a German keyboard
    assert view.selected() == ("eligible",)
    hand.key(Key.Key_BracketLeft, text="[")
    assert view.selected() == ("look_up",)


def test_home_goes_to_the_start_and_enter_opens(view: CanvasView, hand: Hand, qtbot: QtBot) -> None:
    hand.key(Key.Key_Home)
    with qtbot.waitSignal(view.node_activated) as told:
        hand.key(Key.Key_Return)
    assert told.args == ["which"]


@pytest.mark.parametrize("keys", [ALT, CTRL])
def test_alt_or_ctrl_and_arrows_nudge_by_ten(
    view: CanvasView, hand: Hand, model: MemoryModel, keys: Qt.KeyboardModifier
) -> None:
    view.select(["sorry"])
    hand.key(Key.Key_Right, keys)
    hand.key(Key.Key_Down, keys)
    assert model.positions["sorry"] == (690.0, 270.0)
    assert len({intent[2] for intent in model.intents}) == 2


def test_delete_removes_the_selection_in_one_step(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    view.select(["sorry", "to_person"])
    hand.key(Key.Key_Delete)
    assert [intent[0] for intent in model.intents] == ["remove"]
    assert set(model.intents[0][1]) == {"sorry", "to_person"}
    assert "sorry" not in view.board.nodes
    assert ("look_up", "on_error") not in view.board.wires


def test_ctrl_a_selects_all_and_esc_none(view: CanvasView, hand: Hand) -> None:
    hand.key(Key.Key_A, CTRL)
    assert len(view.selected()) == 12
    hand.key(Key.Key_Escape)
    assert view.selected() == ()


def test_f_fits_shift_f_fits_the_selection_ctrl_0_is_whole_size(
    view: CanvasView, hand: Hand
) -> None:
    hand.key(Key.Key_F)
    assert view.visible_area().contains(view.board.content())
    view.select(["sorry"])
    hand.key(Key.Key_F, SHIFT)
    assert view.zoom() == 1.0
    assert view.visible_area().contains(view.board.nodes["sorry"].card())
    view.set_zoom(2.0)
    hand.key(Key.Key_0, CTRL)
    assert view.zoom() == 1.0


def test_tab_opens_the_quick_menu_and_shift_tab_leaves(view: CanvasView, hand: Hand) -> None:
    hand.key(Key.Key_Tab)
    popup = view.menus.popup
    assert popup is not None
    assert popup.list.count() == 4
    popup.field.setText("zzz")
    assert popup.list.count() == 0
    hand.key(Key.Key_Return, to=popup.field)
    assert view.menus.popup is popup
    hand.key(Key.Key_Escape, to=popup.field)
    assert view.menus.popup is None
    assert not view.focusNextPrevChild(True)


def test_a_new_node_does_not_cover_another(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    for _ in range(2):
        view.ask_kind(QPointF(700, 40), "", "")
        popup = view.menus.popup
        assert popup is not None
        hand.key(Key.Key_Return, to=popup.field)
    new = [view.board.nodes[node_id].card() for node_id in model.node_ids()[-2:]]
    others = [item.card() for item in view.board.nodes.values()]
    for card in new:
        assert sum(card.intersects(other) for other in others) == 1


def test_c_connects_a_chosen_way_out_to_a_chosen_node(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    view.select(["look_up"])
    hand.key(Key.Key_C)
    ways = view.menus.popup
    assert ways is not None
    ways.field.setText("time-out")
    hand.key(Key.Key_Return, to=ways.field)
    targets = view.menus.popup
    assert targets is not None
    assert targets is not ways
    targets.field.setText("goodbye")
    hand.key(Key.Key_Return, to=targets.field)
    assert model.intents == [("connect", "look_up", "on_timeout", "bye")]


def test_c_asks_at_once_where_to_when_there_is_one_way(
    view: CanvasView, hand: Hand, model: MemoryModel
) -> None:
    view.select(["sorry"])
    hand.key(Key.Key_C)
    popup = view.menus.popup
    assert popup is not None
    popup.field.setText("goodbye")
    hand.key(Key.Key_Return, to=popup.field)
    assert model.intents == [("connect", "sorry", "next", "bye")]


def test_the_menu_key_asks_for_the_menu_of_the_current_node(
    view: CanvasView, hand: Hand, qtbot: QtBot
) -> None:
    view.select(["sorry"])
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    with qtbot.waitSignal(view.context_menu_requested) as told:
        QApplication.sendEvent(view.viewport(), event)
    assert told.args is not None
    assert told.args[1] == "sorry"


def test_screen_readers_hear_where_the_keyboard_is(view: CanvasView, hand: Hand) -> None:
    view.select(["look_up"])
    hand.key(Key.Key_Right)
    assert view.accessibleDescription() == (
        "Is it eligible? (branch), 2 conditions, 3 of 3 ways out connected"
    )
