"""The minimap shows the journey and where one is, and goes there."""

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas.minimap import Minimap
from journeybuilder.gui.canvas.view import CanvasView
from journeybuilder.gui.look.theme import DARK
from tests.gui.canvas.memory import MemoryModel


def test_a_press_and_a_drag_pan_the_canvas(view: CanvasView, qtbot: QtBot) -> None:
    minimap = Minimap(view)
    qtbot.addWidget(minimap)
    minimap.resize(220, 140)
    minimap.show()
    qtbot.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(20, 70))
    left = view.visible_area().center()
    qtbot.mousePress(minimap, Qt.MouseButton.LeftButton, pos=QPoint(20, 70))
    qtbot.mouseMove(minimap, QPoint(200, 70))
    qtbot.mouseRelease(minimap, Qt.MouseButton.LeftButton, pos=QPoint(200, 70))
    qtbot.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(200, 70))
    assert view.visible_area().center().x() > left.x() + 1500


def test_it_follows_the_journey_and_the_theme(
    view: CanvasView, model: MemoryModel, qtbot: QtBot
) -> None:
    minimap = Minimap(view)
    qtbot.addWidget(minimap)
    minimap.resize(220, 140)
    minimap.show()
    first = minimap.grab().toImage()
    model.remove(("label",))
    qtbot.waitUntil(lambda: not minimap._pause.isActive())
    second = minimap.grab().toImage()
    assert second != first
    minimap.set_theme(DARK)
    assert minimap.grab().toImage() != second


def test_an_empty_journey_has_a_minimap_too(qtbot: QtBot) -> None:
    view = CanvasView()
    qtbot.addWidget(view)
    minimap = Minimap(view)
    qtbot.addWidget(minimap)
    minimap.show()
    assert not minimap.grab().isNull()


def test_it_is_no_higher_than_the_journey_asks_for(
    view: CanvasView, model: MemoryModel, qtbot: QtBot
) -> None:
    minimap = Minimap(view)
    qtbot.addWidget(minimap)
    content = view.board.content()
    before = minimap.sizeHint()
    assert minimap.useful
    with qtbot.waitSignal(minimap.reshaped):
        for index, name in enumerate(list(view.board.nodes)):
            model.move({name: (0.0, 400.0 * index)}, "one")
    assert view.board.content().height() > content.height()
    assert minimap.sizeHint().height() > before.height()


def test_an_empty_journey_needs_none(qtbot: QtBot) -> None:
    view = CanvasView()
    qtbot.addWidget(view)
    assert not Minimap(view, view).useful
