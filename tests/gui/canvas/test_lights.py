"""Tokens of a run on their way along the wires."""

from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas.lights import MOST
from journeybuilder.gui.canvas.view import CanvasView
from tests.gui.canvas.memory import MemoryModel

WIRE = ("look_up", "next")


def test_a_token_goes_along_a_wire_from_its_port_to_its_end_and_leaves_nothing_behind(
    qtbot: QtBot, view: CanvasView
) -> None:
    plain = view.grab().toImage()
    view.lights.go([WIRE])
    path = view.board.wires[WIRE].item.path()
    first = view.overlay.tokens[0]
    assert (first - path.pointAtPercent(0)).manhattanLength() < 60
    middle = view.mapFromScene(first)
    shown: QColor = view.grab().toImage().pixelColor(middle)
    assert shown == view.theme.color("running")
    places = {first.x()}

    def arrived() -> bool:
        places.update(point.x() for point in view.overlay.tokens)
        return not view.lights.moving

    qtbot.waitUntil(arrived)
    assert len(places) > 2
    assert max(places) > first.x()
    assert view.overlay.tokens == []
    qtbot.waitUntil(lambda: view.grab().toImage() == plain)


def test_of_very_many_tokens_only_the_latest_are_on_their_way(view: CanvasView) -> None:
    wires = list(view.board.wires)
    assert len(wires) > MOST
    view.lights.go(wires)
    assert view.lights.moving == MOST
    view.lights.go(wires[:2])
    assert view.lights.moving == MOST
    view.lights.clear()
    assert view.overlay.tokens == []


def test_no_token_moves_where_less_motion_is_wished_for(view: CanvasView) -> None:
    view.reduced_motion = True
    view.lights.go([WIRE])
    assert view.lights.moving == 0


def test_a_wire_that_is_gone_takes_its_token_along(qtbot: QtBot, view: CanvasView) -> None:
    view.lights.go([WIRE, ("nobody", "next")])
    assert view.lights.moving == 1
    view.set_model(None)
    assert view.lights.moving == 0
    qtbot.waitUntil(lambda: view.overlay.tokens == [])


def test_a_token_goes_no_further_when_its_wire_is_gone_and_the_next_one_goes(
    view: CanvasView, model: MemoryModel
) -> None:
    view.lights.go([WIRE])
    model.remove([WIRE[0]])
    assert WIRE not in view.board.wires
    view.lights.go([next(iter(view.board.wires))])
    assert view.lights.moving == 1
    assert len(view.overlay.tokens) == 1
