"""Breakpoints, steps back and forth, a changed value, a branch: all of it as the recording says."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.gui.debug.shop import CTRL, Debugger, opened
from tests.gui.desk import Desk


def test_stop_step_back_change_branch_and_make_a_scenario_that_passes(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        root = opened(desk, tmp_path)
        person = Debugger(desk)
        stop_at_enough(person)
        before = person.rehearsing.cursor
        step_and_come_back(person, before)
        person.change("tries", "9")
        assert person.rehearsing.run == 1
        assert person.shown()["variables"]["tries"] == 9
        person.check()
        first, second = person.rehearsing.timelines
        assert first.variables(len(first))["tries"] == 1
        person.key(Qt.Key.Key_F5)
        person.in_phase("over")
        person.check()
        assert "handed" in second.state(len(second)).path
        assert [one.name for one in person.debugging.runs] == ["Run 1", "Run 2, off Run 1"]
        person.make_scenario("too many tries")
        desk.until(lambda: bool(list((root / "scenarios").glob("*.yaml"))))
    told = subprocess.run(
        [sys.executable, "-m", "journeybuilder", "test", "--workspace", str(root)],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "too many tries" in told.stdout


def stop_at_enough(person: Debugger) -> None:
    """Set a breakpoint with mouse and key, and let a rehearsal come there."""
    person.click_node("enough")
    person.key(Qt.Key.Key_F9)
    badges = person.canvas.board.nodes["enough"].mark.badges
    assert [one.icon for one in badges] == ["breakpoint"]
    person.key(Qt.Key.Key_F5)
    person.in_phase("waiting")
    person.check()
    person.answer("P-3")
    person.in_phase("stopped")
    stop = person.rehearsing.stopped_at
    assert stop is not None
    assert stop.place == "enough"
    person.check()


def step_and_come_back(person: Debugger, moment: int) -> None:
    """One step on, some back and forth, and back to a moment; each shows what was recorded."""
    running = person.rehearsing
    person.key(Qt.Key.Key_F10)
    person.in_phase("stopped")
    assert running.cursor > moment
    person.check()
    for _ in range(3):
        last = running.cursor
        person.key(Qt.Key.Key_F11, CTRL)
        assert running.cursor < last
        person.check()
    now = person.window.findChild(QPushButton, "debug.past.now")
    assert now is not None
    assert now.isVisible()
    while running.cursor < moment:
        person.key(Qt.Key.Key_F12, CTRL)
        person.check()
    while running.cursor > moment:
        person.key(Qt.Key.Key_F11, CTRL)
    person.check()
