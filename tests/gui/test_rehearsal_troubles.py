"""What goes wrong while one rehearses, and what is changed meanwhile: the screen says what is so."""

import asyncio
import re
import subprocess
import sys
import time
from pathlib import Path

import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from journeybuilder.checks import Known
from journeybuilder.document.workspace import read_workspace
from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.commands import default_keys
from journeybuilder.gui.expressions.complete import Suggestion
from journeybuilder.gui.forms.completion import Completion
from journeybuilder.gui.forms.completion_list import list_in
from journeybuilder.gui.panels.chat import CallLine
from journeybuilder.gui.running.renames import Renames
from journeybuilder.gui.running.setup import Setup
from journeybuilder.gui.scenarios.apart_task import Search, Trouble
from journeybuilder.plan.bundle import build
from journeybuilder.rehearse.suites.suite_hands import read, write
from tests.gui.debug.shop import CTRL, JOURNEY, Debugger, opened
from tests.gui.desk import SERVERS, Desk, make_workspace
from tests.gui.test_rehearsal_ways import CALLS, choose, discovered, panel_of, texts

SHIFT = Qt.KeyboardModifier.ShiftModifier
CHANGED = "You have changed the journey since this rehearsal began."


async def _count(found: list[int]) -> None:
    names = [getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()]
    found.append(names.count("OneRun._drive"))


def driven(bridge: Bridge) -> int:
    """How many runs an engine drives; the window does nothing else while this is asked."""
    found: list[int] = []
    job = bridge.submit(_count(found))
    until = time.monotonic() + 20
    while not job.done and time.monotonic() < until:
        time.sleep(0.001)
    return found[0]


def test_a_rehearsal_that_is_stopped_before_the_window_knows_it_does_not_go_on(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        rehearsing, space = desk.window.rehearsing, desk.window.files.workspace
        assert space is not None
        rehearsing.start(space, desk.model, {}, Setup(delay=60.0))
        until = time.monotonic() + 20
        while not driven(desk.bridge) and time.monotonic() < until:
            pass  # the window is busy: it hears of nothing
        rehearsing.stop()
        desk.until(lambda: driven(desk.bridge) == 0)
        assert rehearsing.timelines == []


def test_what_is_cleared_is_in_the_time_line_no_longer(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person = Debugger(desk)
        person.key(Qt.Key.Key_F5)
        person.answer("P-3")
        person.in_phase("over")
        line = person.timeline
        assert line.model.rowCount() > 0
        desk.click(desk.window.docks.rehearsal.stop_button)
        assert person.rehearsing.phase == "off"
        assert line.model.rowCount() == 0
        assert "Start one with F5" in line.empty.text()
        assert line.empty.isVisible()


def test_the_time_line_says_whose_run_it_is_where_another_journey_is_in_front(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        root = opened(desk, tmp_path)
        other = JOURNEY.replace("journey: parcel", "journey: other")
        path = root / "journeys" / "other.journey.yaml"
        path.write_text(other.replace("Where is my parcel", "Another"), encoding="utf-8")
        space = desk.window.files.workspace
        assert space is not None
        desk.until(lambda: "other" in space.workspace.journeys)
        person = Debugger(desk)
        person.key(Qt.Key.Key_F5)
        person.in_phase("waiting")
        line = person.timeline
        assert "Where is my parcel" not in line.sums.text()
        desk.window.files.open_journey("other")
        assert line.sums.text().startswith("Where is my parcel · ")


def test_a_start_that_fails_does_not_say_that_somebody_stopped_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(
        tmp_path / "space", journey=JOURNEY.replace("next: number}", "next: gone}")
    )
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: desk.window.rehearsing.phase == "over")
        said = texts(panel.story)
        assert any(one.startswith("✖") for one in said)
        assert "Stopped." not in said


def test_a_call_in_progress_is_paused_and_stopped_in_true_words(
    qtbot: QtBot, tmp_path: Path
) -> None:
    servers = {"parcels": {"command": "${python}", "args": [str(SERVERS / "stuck.py")]}}
    root = make_workspace(tmp_path / "space", servers, CALLS)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        discovered(desk)
        panel, person = panel_of(desk), Debugger(desk)
        choose(panel.world, "real tools")
        person.key(Qt.Key.Key_F5)
        person.answer("P-3")
        desk.until(lambda: panel.findChild(CallLine) is not None)
        desk.until(desk.window.registry.action("debug.pause").isEnabled)
        person.key(Qt.Key.Key_F6, CTRL)
        person.in_phase("stopped")
        words = "Paused at Find, as soon as the call in progress has been answered."
        assert person.debugging.here_words() == words
        person.key(Qt.Key.Key_F5, SHIFT)
        line = panel.findChild(CallLine)
        assert line is not None
        desk.until(lambda: line.tag == "no answer: the rehearsal was stopped")
        person.rehearsing.step_back()
        person.rehearsing.go_to(person.rehearsing.cursor)
        assert line.tag == "running…"


def test_a_run_goes_on_under_the_names_that_its_steps_have_now(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person, panel = Debugger(desk), panel_of(desk)
        person.click_node("enough")
        person.key(Qt.Key.Key_F9)
        person.key(Qt.Key.Key_F5)
        person.in_phase("waiting")
        assert not panel.changed.isVisible()
        assert desk.model.rename("enough", "plenty")
        assert desk.model.rename("number", "which")
        assert panel.changed.isVisible()
        assert panel.changed.text().removeprefix("⚠ ").startswith(CHANGED)
        assert person.canvas.board.nodes["which"].state == "waiting"
        person.answer("P-3")
        person.in_phase("stopped")
        stop = person.rehearsing.stopped_at
        assert stop is not None
        assert stop.place == "enough"
        assert person.debugging.here_words() == "Stopped before Plenty."
        desk.until(lambda: bool(person.canvas.board.nodes["plenty"].mark.badges))
        icons = [one.icon for one in person.canvas.board.nodes["plenty"].mark.badges]
        assert sorted(icons) == ["breakpoint", "debug-here"]
        person.click_node("plenty")
        assert desk.window.registry.action("debug.rerun").isEnabled() is False  # not begun yet
        person.click_node("which")
        assert desk.window.registry.action("debug.rerun").isEnabled()
        desk.model.history.undo()
        desk.model.history.undo()
        assert not panel.changed.isVisible()


def test_names_of_then_and_now() -> None:
    renames = Renames()
    renames.note("a", {"x": "y"})
    renames.note("a", {"y": "z", "u": "y"})
    assert [renames.now("a", one) for one in ("x", "u", "v")] == ["z", "y", "v"]
    assert [renames.then("a", one) for one in ("z", "y", "v")] == ["x", "u", "v"]
    assert renames.then("a", "x") == ""
    assert renames.then("b", "z") == "z"


def test_the_focus_stays_with_the_conversation_when_nothing_is_to_be_answered(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        opened(desk, tmp_path)
        person, panel = Debugger(desk), panel_of(desk)
        person.key(Qt.Key.Key_F5)
        person.answer("P-3")
        person.in_phase("over")
        assert panel.story.hasFocus()


def test_no_command_has_keys_that_an_operating_system_keeps_for_itself(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        taken = re.compile(r"Ctrl\+Alt\+(F\d+|Del|Backspace)|Alt\+(F4|Tab|Space)")
        clashes = {
            one.id: key
            for one in desk.window.registry.commands
            for key in default_keys(one)
            if taken.fullmatch(key)
        }
        assert not clashes


def test_a_search_that_breaks_says_that_it_is_a_fault_of_the_program(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space")
    bundle = build(read_workspace(root), "parcel", Known())
    command = [sys.executable, "-m", "journeybuilder.gui.scenarios.apart_worker"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        write(process.stdin, Search("way", dict(bundle.data), {"no": "node"}))
        told = read(process.stdout)
    assert told == Trouble(
        "Something in the program failed (KeyError).",
        "",
        "Your journey is not affected. Try again.",
    )


def test_a_suggestion_whose_field_went_away_is_clicked_without_harm(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(420, 320)
    field = QLineEdit(page)
    row = Suggestion("order", "order", 0, 0, 5, "variable", "set")
    offers = Completion(field, lambda _text, _cursor, _explicit: [row])
    page.show()
    offers.suggest()
    box = list_in(page)
    assert box.isVisible()
    field.removeEventFilter(offers)  # as where it is taken apart before it hears of it
    shiboken6.delete(field)
    box.show()
    with qtbot.captureExceptions() as broken:
        QTest.mouseClick(box.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    assert not broken
    assert not box.isVisible()
