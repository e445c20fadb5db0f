"""Align, distribute, snap, selection along wires, and what wires can do beyond one to one."""

import itertools
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas.guides import Guides
from journeybuilder.gui.canvas.model import NodeView, PortView
from journeybuilder.gui.canvas.popup import SearchPopup
from journeybuilder.gui.canvas.view import CanvasView
from tests.gui.canvas.hand import ALT, CTRL, SHIFT, Hand
from tests.gui.canvas.memory import MemoryModel

LOOSE = NodeView("loose", "say", "say", "talk", "Loose", "", (PortView("next", "next"),))


def on(view: CanvasView, node_id: str) -> QPointF:
    return view.board.nodes[node_id].card().topLeft() + QPointF(100, 14)


def boxes(view: CanvasView, *keys: str) -> list[QRectF]:
    return [box for key in keys if (box := view.board.box_of(key)) is not None]


def add_loose(model: MemoryModel, at: tuple[float, float]) -> None:
    model.nodes["loose"], model.positions["loose"] = LOOSE, at
    model.nodes_added.emit(("loose",))


# --- align and distribute ---------------------------------------------------------------------


@pytest.mark.parametrize("side", ["left", "center", "right", "top", "middle", "bottom"])
def test_aligned_things_share_their_line_and_it_is_one_step(
    view: CanvasView, model: MemoryModel, side: Any
) -> None:
    model.place("note:n", (400, 500), (150, 90))
    model.intents.clear()
    view.select(["which", "decide", "sorry", "note:n"])
    view.arrange.align(side)
    lines = {
        "left": QRectF.left, "right": QRectF.right, "top": QRectF.top, "bottom": QRectF.bottom,
        "center": _middle_x, "middle": _middle_y,
    }  # fmt: skip
    found = [lines[side](box) for box in boxes(view, "which", "decide", "sorry", "note:n")]
    assert max(found) - min(found) <= 1
    assert [intent[0] for intent in model.intents] == ["rearrange"]


def _middle_x(box: QRectF) -> float:
    return box.center().x()


def _middle_y(box: QRectF) -> float:
    return box.center().y()


def test_distributed_things_have_the_same_gaps_and_the_outer_ones_stay(view: CanvasView) -> None:
    view.select(["which", "look_up", "decide", "summary"])
    before = boxes(view, "which", "summary")
    view.arrange.distribute("across")
    row = boxes(view, "which", "look_up", "decide", "summary")
    gaps = [round(b.left() - a.right()) for a, b in itertools.pairwise(row)]
    assert max(gaps) - min(gaps) <= 1
    assert boxes(view, "which", "summary") == before


def test_a_frame_is_aligned_with_what_is_in_it(view: CanvasView, model: MemoryModel) -> None:
    model.place("frame:f", (660, 200), (300, 200))
    view.select(["frame:f", "sorry", "to_person"])
    view.arrange.align("top")
    assert view.board.box_of("frame:f") == QRectF(660, 200, 300, 200)
    assert model.position("to_person")[1] == 200
    view.arrange.align("bottom")
    assert model.position("sorry") == (680, 260)


# --- the selection ----------------------------------------------------------------------------


def test_selection_follows_the_wires(view: CanvasView) -> None:
    view.select(["too_late"])
    view.arrange.select_downstream()
    assert set(view.selected()) == {"too_late", "bye"}
    view.select(["eligible"])
    view.arrange.select_upstream()
    assert {"eligible", "look_up", "which"} <= set(view.selected())
    assert "bye" not in view.selected()
    view.arrange.select_connected()
    assert set(view.selected()) == set(view.board.nodes)


def test_all_and_the_opposite_know_drawings(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    model.place("note:n", (400, 500), (150, 90))
    hand.key(Qt.Key.Key_A, CTRL)
    assert view.board.chosen() == {*view.board.nodes, "note:n"}
    view.select(["sorry"])
    view.arrange.invert()
    assert view.board.chosen() == {*view.board.nodes, "note:n"} - {"sorry"}


# --- grid, guides, keys -----------------------------------------------------------------------


def test_without_the_grid_things_stand_where_they_are_put(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    view.snap = False
    hand.drag(on(view, "bye"), on(view, "bye") + QPointF(33, 57))
    assert model.position("bye") == (1793, 417)
    view.snap = True
    hand.drag(on(view, "bye"), on(view, "bye") + QPointF(3, 91))
    assert model.position("bye") == (1800, 510)


def test_guides_join_middles_as_well_as_edges() -> None:
    guides = Guides([QRectF(0, 0, 200, 100), QRectF(500, 40, 100, 20)])
    snap = guides.snap(QRectF(53, 300, 100, 50), 6)
    assert snap.by == QPointF(-3, 0)
    assert [line.x1() for line in snap.lines] == [100]
    snap = guides.snap(QRectF(498, 38, 80, 300), 6)
    assert snap.by == QPointF(2, 2)
    assert len(snap.lines) == 2
    assert guides.snap(QRectF(300, 300, 40, 40), 6).lines == []


def test_shift_moves_ten_times_as_far(view: CanvasView, model: MemoryModel, hand: Hand) -> None:
    view.select(["sorry"])
    x, y = model.position("sorry")
    hand.key(Qt.Key.Key_Right, CTRL)
    assert model.position("sorry") == (x + 10, y)
    hand.key(Qt.Key.Key_Up, CTRL | SHIFT)
    assert model.position("sorry") == (x + 10, y - 100)
    hand.key(Qt.Key.Key_Left, ALT | SHIFT)
    assert model.position("sorry") == (x - 90, y - 100)


# --- wires ------------------------------------------------------------------------------------


def test_a_loose_node_dropped_on_a_wire_comes_in_between(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    add_loose(model, (100.0, 600.0))
    wire = view.board.wires["look_up", "next"].item.path().pointAtPercent(0.5)
    hand.drag(on(view, "loose"), wire, CTRL)
    assert [intent[0] for intent in model.intents] == ["splice"]
    assert view.board.wires["look_up", "next"].target == "loose"
    assert view.board.wires["loose", "next"].target == "eligible"


def test_a_wired_node_only_moves_over_wires(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    wire = view.board.wires["look_up", "next"].item.path().pointAtPercent(0.5)
    hand.drag(on(view, "sorry"), wire, CTRL)
    assert [intent[0] for intent in model.intents] == ["move"]


def test_shift_draws_a_wire_from_every_selected_node(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    view.select(["too_late", "sorry", "to_person"])
    start = view.board.nodes["sorry"].port_at("next")
    hand.drag(start, on(view, "decide"), SHIFT)
    assert model.intents[0][0] == "connect all"
    targets = {key[0]: view.board.wires[key].target for key in model.intents[0][1]}
    assert targets == {"too_late": "decide", "sorry": "decide", "to_person": "decide"}


def test_shift_leads_all_wires_of_a_card_elsewhere(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    view.centerOn(1500, 300)
    arriving = set(view.board.arriving["too_late"])
    assert len(arriving) == 2
    end = view.board.nodes["too_late"].entry() - QPointF(8, 0)
    hand.drag(end, on(view, "bye"), SHIFT)
    assert set(model.intents[0][1]) == arriving
    assert not view.board.arriving["too_late"]


def test_bypass_is_asked_of_the_model(view: CanvasView, model: MemoryModel) -> None:
    view.select(["label"])
    view.arrange.bypass()
    assert model.intents == [("bypass", ("label",))]
    assert view.board.wires["decide", "approve"].target == "summary"


# --- the quick menu ---------------------------------------------------------------------------


def popup_of(view: CanvasView) -> SearchPopup:
    assert view.menus.popup is not None
    return view.menus.popup


def test_space_alone_opens_the_quick_menu_and_with_a_drag_it_pans(
    view: CanvasView, hand: Hand
) -> None:
    hand.key(Qt.Key.Key_Space)
    popup_of(view).close()
    hand.hold(Qt.Key.Key_Space)
    hand.drag(QPointF(350, 480), QPointF(380, 490))
    hand.key(Qt.Key.Key_Space)
    assert view.menus.popup is not None
    view.menus.popup.close()


def test_what_cannot_come_between_is_shown_with_the_reason_and_not_chosen(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    hand.double_click(view.board.wires["look_up", "next"].item.path().pointAtPercent(0.5))
    popup = popup_of(view)
    last = popup.list.item(popup.list.count() - 1)
    assert last.data(Qt.ItemDataRole.AccessibleTextRole) == "End. Nothing can come after it."
    assert not last.flags() & Qt.ItemFlag.ItemIsEnabled
    QTest.keyClick(popup.field, Qt.Key.Key_PageDown)
    assert popup.list.currentItem() is not last
    QTest.keyClicks(popup.field, "end")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert model.intents == []
    popup.close()


# --- tidy and frames --------------------------------------------------------------------------


def test_tidy_keeps_frames_around_what_was_in_them(
    view: CanvasView, model: MemoryModel, qtbot: QtBot
) -> None:
    view.reduced_motion = True
    model.place("frame:f", (660, -80), (700, 440), "Together")
    model.place("frame:g", (670, 200), (260, 150), "Inner")
    inside = view.board.drawings.members("frame:f")
    assert {"eligible", "sorry", "frame:g"} <= inside
    with qtbot.waitSignal(model.nodes_moved, timeout=20_000):
        view.tidy()
    assert view.board.drawings.members("frame:f") == inside
    assert view.board.drawings.members("frame:g") == {"sorry"}
    outside = [view.board.nodes[i].card() for i in view.board.nodes if i not in inside]
    frame = view.board.box_of("frame:f")
    assert frame is not None
    assert not any(frame.intersects(card) for card in outside)


def test_escape_stops_a_layout(view: CanvasView, model: MemoryModel, hand: Hand) -> None:
    view.tidy()
    assert view.glide.worker.busy
    hand.key(Qt.Key.Key_Escape)
    assert not view.glide.worker.busy
    assert model.intents == []
