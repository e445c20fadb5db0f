"""Screen readers find nodes and wires on the canvas, hear what happens, and keep nothing alive."""

import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas.access import Crib, NodeAccess, WireAccess
from journeybuilder.gui.canvas.view import CanvasView
from tests.gui.canvas.hand import Hand
from tests.gui.canvas.memory import MemoryModel
from tests.gui.canvas.samples import order_return
from tests.gui.conftest import settle

NAME = QAccessible.Text.Name


@pytest.fixture
def listening() -> Iterator[None]:
    """A screen reader runs."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def reader(view: CanvasView) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(view)
    assert found is not None
    return found


def named(canvas: QAccessibleInterface, words: str) -> QAccessibleInterface:
    children = [canvas.child(index) for index in range(canvas.childCount())]
    return next(child for child in children if words in child.text(NAME))


def test_the_canvas_is_a_list_of_its_nodes_in_the_journeys_order(
    view: CanvasView, model: MemoryModel
) -> None:
    canvas = reader(view)
    assert canvas.role() == QAccessible.Role.List
    assert canvas.childCount() == len(model.nodes)
    first = canvas.child(0)
    assert first.role() == QAccessible.Role.ListItem
    assert first.text(NAME).startswith("Which order? (ask)")
    assert canvas.indexOfChild(first) == 0
    assert first.parent() == canvas
    assert canvas.child(99) is None
    assert canvas.child(-1) is None


def test_a_nodes_name_says_how_many_ways_are_connected_and_what_is_wrong(view: CanvasView) -> None:
    words = named(reader(view), "Write a confirmation").text(NAME)
    assert "1 of 2 ways out connected" in words
    assert "error" in words


def test_the_wires_of_a_node_are_links_below_it(view: CanvasView) -> None:
    node = named(reader(view), "Which order?")
    assert node.childCount() == 3
    wire = node.child(1)
    assert wire.role() == QAccessible.Role.Link
    assert (
        wire.text(NAME)
        == "not valid of Which order? leads to Hand over to a person, way of an error"
    )
    assert wire.parent() == node
    assert node.indexOfChild(wire) == 1
    assert wire.childCount() == 0


def test_places_on_the_screen_are_those_of_the_cards(view: CanvasView) -> None:
    canvas = reader(view)
    node = named(canvas, "Is it eligible?")
    card = view.mapFromScene(view.board.nodes["eligible"].card()).boundingRect()
    assert node.rect().topLeft() == view.viewport().mapToGlobal(card.topLeft())
    assert node.rect().size() == card.size()
    middle = node.rect().center()
    assert canvas.childAt(middle.x(), middle.y()) == node
    assert not node.state().offscreen
    view.centerOn(9000, 9000)
    assert node.state().offscreen


def test_selection_and_focus_are_told_as_states(view: CanvasView) -> None:
    node = named(reader(view), "Sorry")
    assert not node.state().selected
    view.select(("sorry",))
    view.focus_node("sorry")
    assert node.state().selected
    assert node.state().focused
    assert node.state().focusable
    assert reader(view).focusChild() == node


def test_pressing_a_node_opens_it_and_pressing_a_wire_goes_where_it_leads(
    view: CanvasView,
) -> None:
    node = named(reader(view), "Which order?")
    press = QAccessibleActionInterface.pressAction()
    opened: list[str] = []
    view.node_activated.connect(opened.append)
    node.actionInterface().doAction(press)
    assert opened == ["which"]
    assert view.selected() == ("which",)
    node.child(0).actionInterface().doAction(press)
    assert view.selected() == ("look_up",)
    node.actionInterface().doAction(QAccessibleActionInterface.setFocusAction())
    assert view.board.current == "which"


def test_what_is_gone_is_gone_for_screen_readers_and_what_is_new_is_there(
    view: CanvasView, model: MemoryModel
) -> None:
    canvas = reader(view)
    held = named(canvas, "Sorry")
    model.remove(("sorry",))
    assert canvas.childCount() == len(model.nodes)
    assert "sorry" not in view.reading.crib.order()
    del held
    new = model.add("say", {}, (0.0, 600.0))
    assert canvas.child(canvas.childCount() - 1) is view.reading.crib.node(new)
    model.nodes[new] = replace(model.nodes[new], title="Hello again")
    model.nodes_changed.emit((new,))
    assert "Hello again" in view.reading.crib.node(new).text(NAME)


@pytest.mark.usefixtures("listening")
def test_events_of_moves_and_wires_reach_a_screen_reader_and_name_living_things(
    view: CanvasView, model: MemoryModel, hand: Hand
) -> None:
    reader(view)
    model.move({"bye": (10.0, 900.0)}, "g")
    hand.click(view.board.nodes["sorry"].card().center())
    view.select(("sorry", "bye"))
    model.connect_port("look_up", "on_timeout", "bye")
    model.disconnect_port("look_up", "on_timeout")
    model.remove(("sorry", "label"))
    for node_id in ("which", "bye"):
        assert view.reading.crib.node(node_id).isValid()


@pytest.mark.usefixtures("listening")
def test_a_closed_canvas_leaves_no_interface_no_scene_and_no_view_behind(qtbot: QtBot) -> None:
    before = sum(isinstance(one, NodeAccess | WireAccess) for one in gc.get_objects())
    view = CanvasView()
    view.resize(600, 400)
    view.set_model(order_return())
    view.show()
    qtbot.waitExposed(view)
    canvas = reader(view)
    for index in range(canvas.childCount()):
        QAccessible.uniqueId(canvas.child(index))
        if canvas.child(index).childCount():
            canvas.child(index).child(0).text(NAME)
    view.select(("sorry",))
    view.focus_node("bye")
    dead = [weakref.ref(one) for one in (view, view.board, view.reading.crib)]
    view.close()
    view.deleteLater()
    del view, canvas
    settle()
    assert [one() for one in dead] == [None, None, None]
    gc.collect()
    after = sum(isinstance(one, NodeAccess | WireAccess) for one in gc.get_objects())
    assert after == before


def test_other_widgets_have_no_crib(view: CanvasView) -> None:
    assert Crib.of(view) is view.reading.crib
    assert Crib.of(view.viewport()) is None
    assert view.board.node_at(QPointF(-900, -900)) == ""
