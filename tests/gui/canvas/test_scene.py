"""The scene is what the model says, at any size, and leaves nothing behind."""

import gc
import weakref
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas.model import NodeView, PortView
from journeybuilder.gui.canvas.picture import Picture
from journeybuilder.gui.canvas.view import CanvasView
from journeybuilder.gui.look.theme import DARK, HIGH_CONTRAST, LIGHT, THEMES, Theme
from tests.gui.canvas.memory import MemoryModel
from tests.gui.canvas.samples import order_return
from tests.gui.conftest import settle


def chain(count: int) -> MemoryModel:
    """So many nodes in rows of forty, each leading to the next one."""
    nodes = [
        NodeView(f"n{i}", "say", "say", "talk", f"Step {i}", "text",
                 (PortView("next", "next", target=f"n{i + 1}" if i + 1 < count else ""),))
        for i in range(count)
    ]  # fmt: skip
    return MemoryModel(nodes, {f"n{i}": (i % 40 * 300.0, i // 40 * 120.0) for i in range(count)})


def agrees(view: CanvasView, model: MemoryModel) -> None:
    """The scene shows exactly what the model holds."""
    board = view.board
    assert list(board.nodes) == model.node_ids()
    wired = {
        (node.id, port.name): port.target
        for node in model.nodes.values()
        for port in node.ports
        if port.target
    }
    assert {key: wire.target for key, wire in board.wires.items()} == wired
    assert {i: item.pos().toTuple() for i, item in board.nodes.items()} == model.positions
    for node_id, item in board.nodes.items():
        assert item.view == model.node(node_id)
        assert item.entered == len(model.incoming(node_id))
    assert len(board.items()) == len(wired) + len(model.nodes)


def colors(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    }


def test_the_scene_follows_every_change_of_the_model(view: CanvasView, model: MemoryModel) -> None:
    agrees(view, model)
    new = model.add("tool", {}, (100.0, 600.0), ("look_up", "on_timeout"))
    agrees(view, model)
    model.insert_on_wire("say", {}, (0.0, 900.0), ("which", "next"))
    agrees(view, model)
    model.connect_port(new, "on_error", "sorry")
    model.disconnect_port("which", "on_invalid")
    model.move({"bye": (10.0, 20.0)}, "g")
    agrees(view, model)
    model.remove(("eligible", "sorry"))
    agrees(view, model)
    model.nodes["bye"] = replace(
        model.nodes["bye"], title="Farewell", ports=(PortView("again", "again", target="which"),)
    )
    model.into["which"].append(("bye", "again"))
    model.nodes_changed.emit(("bye",))
    agrees(view, model)
    model.reset.emit()
    agrees(view, model)


def test_a_node_added_before_the_one_it_leads_to_is_wired_when_that_comes(qtbot: QtBot) -> None:
    model = chain(3)
    late = model.nodes.pop("n2")
    view = CanvasView()
    qtbot.addWidget(view)
    view.set_model(model)
    assert set(view.board.wires) == {("n0", "next")}
    model.nodes["n2"] = late
    model.nodes_added.emit(("n2",))
    agrees(view, model)


def test_a_wire_to_its_own_node_is_drawn_and_removed(qtbot: QtBot) -> None:
    model = MemoryModel(
        [
            NodeView(
                "a", "ask", "ask", "talk", "Ask", ports=(PortView("again", "again", target="a"),)
            )
        ]
    )
    view = CanvasView()
    qtbot.addWidget(view)
    view.set_model(model)
    agrees(view, model)
    model.remove(("a",))
    assert not view.board.items()


def test_another_model_replaces_the_first_and_the_first_is_not_heard_any_more(
    view: CanvasView, model: MemoryModel
) -> None:
    other = chain(5)
    view.set_model(other)
    agrees(view, other)
    model.remove(("sorry",))
    agrees(view, other)
    view.set_model(None)
    assert not view.board.items()


def test_live_states_and_the_path_are_shown_and_taken_back(view: CanvasView) -> None:
    before = view.grab().toImage()
    view.set_states({"look_up": "running", "which": "done"})
    view.set_path([("which", "next"), ("nowhere", "at all")])
    shown = view.grab().toImage()
    assert LIGHT.running in colors(shown) - colors(before)
    assert view.board.wires["which", "next"].item.pen().color() == QColor(LIGHT.ok)
    view.set_states({})
    view.set_path([])
    assert view.grab().toImage() == before


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_from_afar_boxes_and_lines_are_painted(qtbot: QtBot, theme: Theme) -> None:
    view = CanvasView(theme)
    qtbot.addWidget(view)
    view.resize(1200, 700)
    view.set_model(chain(1000))
    view.show()
    view.fit()
    assert view.is_overview()
    far = view.grab().toImage()
    assert len(colors(far)) >= 3
    view.set_states({"n500": "failed"})
    assert theme.error in colors(view.grab().toImage())
    assert theme.error not in colors(far)


def test_what_was_painted_from_afar_follows_a_move(qtbot: QtBot) -> None:
    model = chain(300)
    view = CanvasView()
    qtbot.addWidget(view)
    view.resize(1200, 700)
    view.set_model(model)
    view.show()
    view.set_zoom(0.08)
    view.centerOn(model.positions["n150"][0], 400)
    before = view.grab().toImage()
    model.move({"n150": (3000.0, 3000.0)}, "g")
    assert view.grab().toImage() != before
    model.move({"n150": (150 % 40 * 300.0, 150 // 40 * 120.0)}, "g")
    assert view.grab().toImage() == before


def test_a_thousand_nodes_are_built_with_one_item_each(qtbot: QtBot) -> None:
    model = chain(1000)
    view = CanvasView()
    qtbot.addWidget(view)
    view.set_model(model)
    assert len(view.board.items()) == 1000 + 999
    agrees(view, model)


def test_nodes_far_out_widen_the_plane_and_can_be_found(
    view: CanvasView, model: MemoryModel
) -> None:
    model.move({"bye": (90_000.0, -70_000.0)}, "g")
    assert view.board.node_at(QPointF(90_100.0, -69_980.0)) == "bye"
    view.fit()
    assert view.zoom() >= 0.05


def test_nodes_that_look_alike_share_a_face(qtbot: QtBot) -> None:
    view = CanvasView()
    qtbot.addWidget(view)
    view.resize(1200, 700)
    view.set_model(chain(200))
    view.show()
    view.grab()
    assert len(view.board.cards.faces) <= 3


def test_a_picture_has_the_whole_journey_at_the_asked_scale_and_no_selection(
    view: CanvasView, model: MemoryModel
) -> None:
    def drawn(scale: float) -> QImage:
        with Picture(model, view.theme, layers=view.board.layers) as picture:
            return picture.image(scale)

    plain = drawn(1.0)
    assert plain.width() > 2600
    assert drawn(2.0).width() == pytest.approx(2 * plain.width(), abs=2)
    view.select(["sorry"])
    assert drawn(1.0) == plain
    assert view.selected() == ("sorry",)


def test_wires_of_many_nodes_are_thinner_than_those_of_few(qtbot: QtBot) -> None:
    model = chain(250)
    view = CanvasView()
    qtbot.addWidget(view)
    view.set_model(model)
    pen = view.board.wires["n0", "next"].item.pen
    few = pen().widthF()
    new = model.add("say", {}, (0.0, 9000.0))
    assert pen().widthF() < few
    model.remove((new,))
    assert pen().widthF() == few


@pytest.mark.parametrize("zoom", [0.3, 0.5, 0.75, 1.0, 1.7])
def test_another_font_is_drawn_at_once(view: CanvasView, zoom: float) -> None:
    view.set_zoom(zoom)
    view.centerOn(600, 200)
    before = view.grab().toImage()
    font = view.font()
    font.setItalic(True)
    view.setFont(font)
    assert view.grab().toImage() != before


def test_an_unknown_state_and_an_unknown_group_are_drawn_all_the_same(view: CanvasView) -> None:
    view.set_states({"sorry": "surprised"})
    assert LIGHT.error in colors(view.grab().toImage())


def test_an_empty_canvas_says_what_to_do(qtbot: QtBot) -> None:
    model = MemoryModel()
    view = CanvasView()
    qtbot.addWidget(view)
    view.set_model(model)
    view.show()
    assert view.findChild(type(view._hint)).isVisible()
    model.add("say", {}, (0.0, 0.0))
    assert not view._hint.isVisible()


def test_themes_change_the_picture_and_back_is_the_same(view: CanvasView) -> None:
    first = view.grab().toImage()
    seen = {first.pixelColor(5, 5).name()}
    for theme in (DARK, HIGH_CONTRAST):
        view.set_theme(theme)
        seen.add(view.grab().toImage().pixelColor(5, 5).name())
    assert len(seen) == 3
    view.set_theme(LIGHT)
    assert view.grab().toImage() == first


def test_panning_by_scrolling_draws_what_a_fresh_picture_has(view: CanvasView) -> None:
    view.grab()
    for step in range(5):
        view.pan_by(-17 - step, 13)
        view.viewport().repaint()
    assert view.grab().toImage() == view.grab().toImage()
    scrolled = view.grab().toImage()
    view.viewport().update()
    assert view.grab().toImage() == scrolled


def test_twenty_canvases_opened_and_closed_are_all_freed(qapp: object) -> None:
    gone: list[weakref.ref[object]] = []
    for _ in range(20):
        model = order_return()
        view = CanvasView()
        view.set_model(model)
        view.show()
        view.grab()
        view.select(["sorry"])
        gone += [weakref.ref(view), weakref.ref(view.board), weakref.ref(view.board.nodes["sorry"])]
        view.close()
        view.set_model(None)
        view.deleteLater()
        del view, model
        settle()
    gc.collect()
    assert [reference() for reference in gone if reference() is not None] == []
