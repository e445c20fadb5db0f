"""What scenarios took of a journey: on the canvas, in totals, and as a list of what is missing."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from journeybuilder.gui.panels.coverage import CoveragePanel
from journeybuilder.gui.scenarios.heat import Heat
from journeybuilder.gui.scenarios.heat_legend import HeatLegend
from journeybuilder.gui.scenarios.heat_marks import LAYER
from journeybuilder.gui.scenarios.missing_list import GAP
from tests.gui.desk import Desk
from tests.gui.test_scenarios import FOUND, space


def panel_of(desk: Desk) -> CoveragePanel:
    desk.window.docks.go("coverage")
    found = desk.window.docks.panel("coverage")
    assert isinstance(found, CoveragePanel)
    desk.until(found.isVisible)
    return found


def test_the_map_shows_counts_and_what_was_never_taken(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path, found=FOUND)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        panel = panel_of(desk)
        assert "Run the scenarios" in panel.words.text()
        desk.key(desk.window, Qt.Key.Key_K, _CONTROL_ALT)
        desk.until(lambda: not panel.book.running and bool(panel.list.rows()))
        desk.until(lambda: LAYER in tab.canvas.board.layers.names())
        layers = tab.canvas.board.layers
        taken, never = layers.wire(("which", "cases.0")), layers.wire(("which", "otherwise"))
        assert (taken.label, taken.dash) == ("1×", "solid")
        assert (never.label, never.dash, never.faded) == ("0×", "dash", True)
        assert layers.node("here").caption == "1×"
        assert layers.node("lost").caption == "0×"
        assert layers.node("lost").dashed
        assert panel.numbers["nodes"].text() == "3 of 4"
        assert panel.numbers["cases"].text() == "1 of 2"
        legend = tab.findChild(HeatLegend)
        assert legend is not None
        assert legend.isVisible()
        desk.click(legend.close_it)
        assert LAYER not in tab.canvas.board.layers.names()
        assert not panel.map.isChecked()


def test_what_is_missing_leads_to_the_wire(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path, found=FOUND)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        panel = panel_of(desk)
        desk.click(panel.run)
        desk.until(lambda: bool(panel.list.rows()))
        rows = panel.list.rows()
        row = next(one for one in rows if one.data(0, GAP).port == "otherwise")
        assert "Which" in row.text(0)
        panel.list.setCurrentItem(row)
        desk.key(panel.list, Qt.Key.Key_Return)
        assert tab.canvas.selected() == ("which",)
        assert tab.canvas.board.picked == ("which", "otherwise")


def test_after_an_edit_the_numbers_are_told_to_be_old_and_new_steps_are_unknown(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = space(tmp_path, found=FOUND)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        panel = panel_of(desk)
        heat = Heat.of(desk.window)
        heat.show(on=True)
        desk.until(lambda: bool(panel.list.rows()))
        legend = tab.findChild(HeatLegend)
        assert legend is not None
        desk.until(legend.old.isHidden)
        made = tab.model.add("end", {}, (900.0, 400.0), None)
        desk.until(lambda: not legend.old.isHidden())
        assert tab.canvas.board.layers.node(made).caption == "?"
        assert "before your changes" in panel.words.text()
        panel.again.click()
        desk.until(lambda: legend.old.isHidden() and not panel.book.running)
        assert tab.canvas.board.layers.node(made).caption == "0×"
        panel.again.click()
        tab.model.discard()


_CONTROL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
