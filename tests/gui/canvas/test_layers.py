"""Marks of several layers lie over each other, are told in words, and cost only what they touch."""

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from journeybuilder.document.findings import Finding
from journeybuilder.document.model import Journey
from journeybuilder.gui.canvas.badges import badge_boxes, badges_of
from journeybuilder.gui.canvas.layers import Badge, Layer, Layers, NodeMark, WireMark
from journeybuilder.gui.canvas.telling import described, wire_words
from journeybuilder.gui.canvas.view import CanvasView
from journeybuilder.gui.journey.finding_marks import findings_layer
from journeybuilder.gui.look.theme import THEMES, Theme, contrast, mixed
from tests.gui.canvas.memory import MemoryModel

ADDED = NodeMark(
    badges=(Badge("add", "added", "ok", "Not in the saved version"),), ring="ok", tint="ok"
)
WIRE = ("eligible", "otherwise")


def pixel(view: CanvasView, node_id: str, x: float, y: float) -> QColor:
    image: QImage = view.grab().toImage()
    at = view.mapFromScene(view.board.nodes[node_id].pos() + QPointF(x, y))
    return image.pixelColor(at)


def test_a_mark_is_drawn_and_goes_with_its_layer(view: CanvasView) -> None:
    plain = view.grab().toImage()
    view.set_layer("diff", Layer(nodes={"decide": ADDED}))
    assert view.grab().toImage() != plain
    assert pixel(view, "decide", 80, 8).name() != view.theme.card
    view.clear_layer("diff")
    assert view.grab().toImage() == plain
    view.clear_layer("diff")


def test_the_upper_layer_says_the_ring_and_badges_of_all_add_up() -> None:
    layers = Layers()
    layers.put("low", Layer({"a": NodeMark((Badge("add", "one"),), ring="ok", caption="1")}, {}, 1))
    layers.put(
        "high", Layer({"a": NodeMark((Badge("risk", "two"),), ring="error", caption="2")}, {}, 9)
    )
    mark = layers.node("a")
    assert mark.ring == "error"
    assert [badge.word for badge in mark.badges] == ["two", "one"]
    assert mark.caption == "2 · 1"
    layers.put("high", None)
    assert layers.node("a").ring == "ok"
    assert layers.node("b") == NodeMark()


def test_of_two_badges_with_one_icon_the_upper_one_shows() -> None:
    layers = Layers()
    layers.put("low", Layer({"a": NodeMark((Badge("problem", "error"),))}, {}, 1))
    layers.put("high", Layer({"a": NodeMark((Badge("problem", "2 errors"),))}, {}, 2))
    assert [badge.word for badge in layers.node("a").badges] == ["2 errors"]


def test_marks_of_a_wire_fill_what_the_upper_one_leaves_open() -> None:
    layers = Layers()
    layers.put("low", Layer({}, {WIRE: WireMark("error", 2.0, "dash", tip="wrong")}, 1))
    layers.put("high", Layer({}, {WIRE: WireMark(label="taken", width=3.0)}, 2))
    mark = layers.wire(WIRE)
    assert (mark.tone, mark.width, mark.dash, mark.label) == ("error", 3.0, "dash", "taken")
    assert mark.tip == "taken\nwrong"


def test_setting_a_layer_again_touches_only_what_differs() -> None:
    layers = Layers()
    marks = {f"n{i}": NodeMark(caption=str(i)) for i in range(100)}
    layers.put("cost", Layer(marks))
    ids, keys = layers.put("cost", Layer({**marks, "n7": NodeMark(caption="x")}))
    assert (ids, keys) == ({"n7"}, set())
    assert layers.put("cost", None)[0] == set(marks)


def test_marks_wait_for_nodes_and_wires_that_come_later(
    view: CanvasView, model: MemoryModel
) -> None:
    view.set_layer("x", Layer({"new1": ADDED}, {("look_up", "on_timeout"): WireMark("error")}))
    new = model.add("say", {}, (0.0, 700.0), ("look_up", "on_timeout"))
    view.set_layer("y", Layer({new: ADDED}))
    assert view.board.nodes[new].mark.ring == "ok"
    assert view.board.wires["look_up", "on_timeout"].mark.tone == "error"


def test_a_wire_has_its_sign_where_no_card_covers_it(view: CanvasView) -> None:
    view.set_layer("x", Layer(wires={WIRE: WireMark("error", 2.0, icon="problem", tip="Wrong")}))
    wire = view.board.wires[WIRE]
    assert wire.sign is not None
    assert view.board.node_at(wire.sign.pos()) == ""
    view.clear_layer("x")
    assert wire.sign is None
    assert len(view.board.items()) == len(view.board.nodes) + len(view.board.wires)


def test_marks_are_told_to_screen_readers_and_in_tooltips(view: CanvasView) -> None:
    view.set_layer(
        "diff",
        Layer({"label": ADDED, "bye": NodeMark(notes=("Nobody came here.",))}, {WIRE: WireMark(label="new way")}),
    )  # fmt: skip
    assert "added" in described(view.board, "label")
    assert "Nobody came here." in described(view.board, "bye")
    assert wire_words(view.board, WIRE).endswith("new way")
    item = view.board.nodes["label"]
    box, badges = next(iter(badge_boxes(badges_of(item.view, item.mark))))
    assert [badge.word for badge in badges] == ["added"]
    at = view.mapFromScene(item.pos() + box.center())
    QApplication.sendEvent(
        view.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
    )
    assert QToolTip.text() == "Not in the saved version"
    QToolTip.hideText()


def test_more_badges_than_fit_are_told_by_the_last_one(view: CanvasView) -> None:
    many = tuple(Badge(icon, icon) for icon in ("add", "remove", "lock", "clock", "server"))
    view.set_layer("x", Layer({"bye": NodeMark(badges=many)}))
    item = view.board.nodes["bye"]
    shown = list(badge_boxes(badges_of(item.view, item.mark)))
    assert len(shown) == 3
    assert [badge.word for badge in shown[-1][1]] == ["lock", "clock", "server"]


def test_the_states_and_the_way_of_a_run_are_layers_and_go_with_it(view: CanvasView) -> None:
    view.set_states({"look_up": "running"})
    view.set_path([("which", "next")])
    assert set(view.board.layers.names()) == {"run", "run path"}
    assert view.board.marked_wires() == {("which", "next")}
    view.set_states({})
    view.set_path([])
    assert view.board.layers.names() == []


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_texts_on_a_tinted_card_can_be_read(theme: Theme) -> None:
    for tone in ("ok", "warning", "error", "accent", "running", "waiting", "muted"):
        card = mixed(theme.color(tone), theme.color("card"), 0.16).name()
        assert contrast(theme.text, card) >= 4.5
        assert contrast(theme.muted, card) >= 4.5, tone


def test_marks_of_many_nodes_are_seen_from_afar(view: CanvasView) -> None:
    view.set_zoom(0.1)
    view.centerOn(view.board.nodes["label"].card().center())
    assert view.is_overview()
    before = pixel(view, "label", 120, 50).name()
    view.set_layer("heat", Layer({"label": NodeMark(tint="error")}))
    assert pixel(view, "label", 120, 50).name() == view.theme.error != before


def test_findings_become_badges_and_signs_of_the_wires_they_name() -> None:
    journey = Journey(
        {
            "journey": "x",
            "start": "a",
            "nodes": {
                "a": {"kind": "say", "text": "Hi", "next": "b"},
                "b": {"kind": "end", "outcome": "done"},
            },
        }
    )
    found = [
        Finding("JB1", "error", "x", 1, 1, "a", "leads wrong", path=("nodes", "a", "next")),
        Finding("JB2", "warning", "x", 1, 1, "a", "too short", path=("nodes", "a", "text")),
        Finding("JB2", "warning", "x", 1, 1, "a", "too dull", path=("nodes", "a", "text")),
        Finding("JB3", "error", "x", 1, 1, "gone", "nowhere"),
    ]
    layer = findings_layer(found, journey)
    assert [badge.word for badge in layer.nodes["a"].badges] == ["1 error", "2 warnings"]
    assert layer.nodes["a"].badges[1].tip == "too short\ntoo dull"
    assert layer.wires == {("a", "next"): WireMark("error", 2.0, icon="problem", tip="leads wrong")}
    assert set(layer.nodes) == {"a"}


def test_cards_drawn_in_a_hurry_are_drawn_sharp_when_the_wheel_stands_still(
    view: CanvasView, qtbot: QtBot
) -> None:
    view.set_zoom(0.8)
    for _ in range(4):
        view.zoom_by(0.97)
        QApplication.processEvents()
    assert view.board.cards.hurried
    qtbot.waitUntil(lambda: not view.board.cards.hurried)
    sharp = view.grab().toImage()
    view.set_zoom(view.zoom(), QPointF(QPoint(0, 0)))
    assert view.grab().toImage() == sharp
