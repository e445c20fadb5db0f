"""Runs to a step, again from a step, and two of them side by side."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolBar
from pytestqt.qtbot import QtBot

from journeybuilder.rehearse.debug.breakpoints import Breakpoint
from tests.gui.debug.shop import CTRL, Debugger, opened, texts_below
from tests.gui.desk import Desk, make_workspace

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_step_begins_a_rehearsal_and_stops_before_its_first_step(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        bar = desk.window.findChild(QToolBar, "debug.bar")
        assert bar is not None
        assert not bar.isVisible()
        person.key(Qt.Key.Key_F10)
        person.in_phase("stopped")
        assert bar.isVisible()
        stop = person.rehearsing.stopped_at
        assert stop is not None
        assert stop.place == "begin"
        person.key(Qt.Key.Key_F10)
        person.in_phase("stopped")
        person.check()
        here = person.canvas.board.nodes["number"].mark.badges
        assert [one.icon for one in here] == ["debug-here"]
        person.key(Qt.Key.Key_F5, CTRL)
        person.in_phase("waiting")


def test_run_to_here_stops_there_once(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        person.click_node("enough")
        desk.window.registry.run("debug.run_to")
        person.answer("P-3")
        person.in_phase("stopped")
        stop = person.rehearsing.stopped_at
        assert stop is not None
        assert stop.place == "enough"
        assert person.debugging.breakpoints.of("parcel") == ()
        person.key(Qt.Key.Key_F5)
        person.in_phase("over")
        person.key(Qt.Key.Key_F5, CTRL | SHIFT)
        person.answer("P-3")
        person.in_phase("over")


def test_again_from_a_step_asks_nobody_anew(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        person.key(Qt.Key.Key_F5)
        person.answer("P-3")
        person.in_phase("over")
        person.click_node("number")
        assert desk.window.registry.action("debug.rerun").isEnabled()
        desk.window.registry.run("debug.rerun")
        desk.until(lambda: len(person.rehearsing.timelines) == 2)
        person.in_phase("over")
        first, second = person.rehearsing.timelines
        assert second.variables(len(second)) == first.variables(len(first))
        person.check()


def test_commands_that_cannot_work_say_why(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        person.key(Qt.Key.Key_F5)
        person.in_phase("waiting")
        bar = desk.window.findChild(QToolBar, "debug.bar")
        assert bar is not None
        actions = desk.window.registry.action
        assert not actions("debug.go_on").isEnabled()
        button = bar.widgetForAction(actions("debug.go_on"))
        assert "does not stand at a breakpoint" in button.toolTip()
        assert actions("debug.back").isEnabled()
        assert "does not stand" not in bar.widgetForAction(actions("debug.back")).toolTip()
        names = [bar.widgetForAction(one).accessibleName() for one in bar.actions()]
        assert all(names)


def test_two_runs_part_at_the_first_difference_and_enter_goes_there(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        assert "Two runs are needed" in person.beside.words.text()
        for number in ("P-3", "P-4"):
            person.key(Qt.Key.Key_F5)
            person.answer(number)
            person.in_phase("over")
        panel = person.beside
        assert [panel.left.itemText(n) for n in range(panel.left.count())] == ["Run 1", "Run 2"]
        first = panel.rows.first
        assert first is not None
        assert "Number" in first.text(0)
        assert "P-3" in first.text(1)
        assert "P-4" in first.text(2)
        assert panel.rows.currentItem() is first
        told = texts_below(first)
        assert told[0] == "≠  Variable number"
        desk.click(panel.only)
        same = [panel.rows.topLevelItem(n) for n in range(panel.rows.topLevelItemCount())]
        assert all(item is not None and "≠" in item.text(0) for item in same)
        panel.right.setCurrentIndex(0)
        panel.right.activated.emit(0)
        assert panel.words.text() == "Choose two different runs."


OUTER = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: ask_other
nodes:
  ask_other: {kind: journey, journey: inner, save: found, next: done}
  done: {kind: end, outcome: resolved}
"""
INNER = """\
journeybuilder: 1
journey: inner
title: Inside
start: first
nodes:
  first: {kind: set, values: {word: hello}, next: second}
  second: {kind: say, text: "${word}", next: ready}
  ready: {kind: end, outcome: resolved}
"""


def test_a_called_journey_is_stepped_into_over_and_stopped_in(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=OUTER)
    (root / "journeys" / "inner.journey.yaml").write_text(INNER, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root / "journeys" / "parcel.journey.yaml")
        person = Debugger(desk)
        running = person.rehearsing

        def place() -> str:
            assert running.stopped_at is not None
            return running.stopped_at.place

        person.key(Qt.Key.Key_F10)
        person.in_phase("stopped")
        person.key(Qt.Key.Key_F10)
        person.in_phase("stopped")
        assert place() == "inner/first"
        person.key(Qt.Key.Key_F10)
        person.in_phase("stopped")
        assert place() == "inner/second"
        timeline = running.timeline
        assert timeline is not None
        assert person.panel.variables.shown_values() == {"word": "hello"}
        assert person.debugging.title("inner/second") == "Inside: Second"
        person.key(Qt.Key.Key_F5, CTRL | SHIFT)
        person.in_phase("over")
        person.debugging.breakpoints.put("inner", Breakpoint("node", node="second"))
        person.key(Qt.Key.Key_F5)
        person.in_phase("stopped")
        assert place() == "inner/second"
        person.debugging.breakpoints.clear("inner")
        person.debugging.stop_once_at("ask_other")
        person.key(Qt.Key.Key_F5, CTRL | SHIFT)
        person.in_phase("stopped")
        assert place() == "ask_other"
        person.key(Qt.Key.Key_F10, CTRL)
        person.in_phase("stopped")
        assert place() == "done"
