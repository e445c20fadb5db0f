"""A canvas with a realistic journey, at 100 %."""

import pytest
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas.view import CanvasView
from tests.gui.canvas.hand import Hand
from tests.gui.canvas.memory import MemoryModel
from tests.gui.canvas.samples import order_return


@pytest.fixture
def model() -> MemoryModel:
    return order_return()


@pytest.fixture
def view(qtbot: QtBot, model: MemoryModel) -> CanvasView:
    view = CanvasView()
    qtbot.addWidget(view)
    view.resize(1400, 900)
    view.set_model(model)
    view.show()
    view.activateWindow()
    view.setFocus()
    qtbot.waitExposed(view)
    view.centerOn(600, 200)
    return view


@pytest.fixture
def hand(view: CanvasView) -> Hand:
    return Hand(view)
