"""All the ways to play a rehearsal: phone, people, scenario, simulated customer, sources and faults."""

import json
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QInputDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from journeybuilder.gui.forms.plain import GrowingText, QuietCombo, ReadingText
from journeybuilder.gui.panels.chat import CallLine
from journeybuilder.gui.panels.rehearsal import RehearsalPanel
from journeybuilder.gui.panels.task_card import TaskCard
from journeybuilder.gui.panels.who_plays import Part
from tests.gui.desk import PARCELS, Desk, make_workspace

PHONE = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
channels: [chat, voice]
start: what
nodes:
  what: {kind: ask, text: What is it about?, choices: [A parcel, Something else], save: topic, timeout: 20s, next: number, on_timeout: silent}
  number: {kind: ask, text: Key in its number., save: number, next: done}
  silent: {kind: say, text: I cannot hear you., next: done}
  done: {kind: end, outcome: resolved, output: {topic: "${topic}"}}
"""
DESK = """\
journeybuilder: 1
journey: parcel
title: A claim
start: begin
nodes:
  begin: {kind: set, values: {text: "Dear customer", facts: {days: 3}}, next: decide}
  decide:
    kind: review
    to: desk
    show: {facts: "${facts}"}
    draft: "${text}"
    editable: true
    decisions: {send: tell, refuse: done}
    save: decision
  tell: {kind: say, text: "${decision.value} (${decision.note})", next: person}
  person: {kind: handoff, to: desk, packet: {days: "${facts.days}"}, next: done, on_return: back}
  back: {kind: say, text: We go on., next: done}
  done: {kind: end, outcome: resolved}
"""
CALLS = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: number
nodes:
  number: {kind: ask, text: What is its number?, save: number, next: find}
  find: {kind: tool, tool: parcels/find, with: {number: "${number}"}, save: parcel, next: tell, on_error: sorry, on_timeout: late}
  tell: {kind: say, text: "In ${parcel.place}.", next: done}
  sorry: {kind: say, text: "It failed: ${error.code}", next: done}
  late: {kind: say, text: Nobody answered., next: done}
  done: {kind: end, outcome: resolved}
"""
SCRIPT = """\
journeybuilder: 1
scenario: found at once
journey: parcel
customer: [{hears: number, says: P-9}]
tools: {parcels/find: {returns: {place: Graz, days: 1}}}
"""


def texts(widget: QWidget) -> list[str]:
    QApplication.processEvents()  # what was just added is shown in the next turn
    shown = [one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget)]
    return [*shown, *(one.toPlainText() for one in widget.findChildren(ReadingText))]


def choose(combo: QuietCombo, value: str) -> None:
    """As a person does: the list is opened and an entry is clicked."""
    at = combo.findData(value)
    assert at >= 0, value
    combo.setCurrentIndex(at)
    combo.activated.emit(at)


def panel_of(desk: Desk) -> RehearsalPanel:
    desk.window.docks.go("rehearsal")
    return desk.window.docks.rehearsal


def ended(desk: Desk) -> bool:
    return not desk.window.rehearsing.running and desk.window.rehearsing.timeline is not None


def part(panel: RehearsalPanel, name: str) -> Part:
    """The part of a tool under "Who plays what"."""
    if not panel.start_form.who.opened:
        QTest.mouseClick(panel.start_form.who.button, Qt.MouseButton.LeftButton)
    assert panel.start_form.cast is not None
    return next(one for one in panel.start_form.cast.parts if one.name == name)


def discovered(desk: Desk) -> None:
    desk.window.files.discover()
    space = desk.window.files.workspace
    assert space is not None
    desk.until(lambda: "parcels/find" in space.known.tools)


def test_on_the_phone_a_digit_chooses_and_others_are_gathered_until_the_hash_key(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=PHONE)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        choose(panel.start_form.channel, "voice")
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: panel.answering.phone is not None)
        phone = panel.answering.phone
        assert phone is not None
        desk.until(phone.silence.isEnabled)
        assert not panel.answer.isVisible()
        assert phone.keys["2"].toolTip() == "Something else"
        desk.click(phone.keys["2"])
        desk.until(lambda: "Key in its number." in texts(panel) and phone.heard.isEnabled())
        assert "Something else" in texts(panel)
        assert not phone.silence.isEnabled()
        for key in (Qt.Key.Key_4, Qt.Key.Key_7, Qt.Key.Key_1):
            desk.key(phone, key)
        desk.key(phone, Qt.Key.Key_Backspace)
        desk.click(phone.keys["*"])
        assert phone.display.text() == "47*"
        desk.click(phone.keys["#"])
        desk.until(lambda: ended(desk))
        assert "47*" in texts(panel)


def test_a_caller_who_says_nothing_lets_the_time_out_come(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=PHONE)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        choose(panel.start_form.channel, "voice")
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: panel.answering.phone is not None)
        phone = panel.answering.phone
        assert phone is not None
        desk.until(phone.silence.isEnabled)
        desk.click(phone.silence)
        desk.until(lambda: ended(desk))
        assert "The customer did not answer." in texts(panel)
        assert "I cannot hear you." in texts(panel)


def test_what_is_heard_of_a_caller_can_be_written(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=PHONE)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        choose(panel.start_form.channel, "voice")
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: panel.answering.phone is not None)
        phone = panel.answering.phone
        assert phone is not None
        desk.until(phone.heard.isEnabled)
        desk.write(phone.heard, "a parcel")
        desk.key(phone.heard, Qt.Key.Key_Return)
        desk.until(lambda: "Key in its number." in texts(panel))


def test_choices_of_a_chat_are_buttons_and_the_up_key_brings_words_back(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=PHONE)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        for _ in range(2):
            desk.key(desk.window, Qt.Key.Key_F5)
            desk.until(
                lambda: panel.answer.isEnabled() and desk.window.rehearsing.phase == "waiting"
            )
            offered = [
                one
                for one in panel.answering.findChildren(QPushButton)
                if one.property("role") == "choice" and one.isVisible()
            ]
            assert [one.text() for one in offered] == ["A parcel", "Something else"]
            desk.click(offered[0])
            desk.until(lambda: "Key in its number." in texts(panel) and panel.answer.isEnabled())
            if "P-1" not in texts(panel):
                desk.key(panel.answer, Qt.Key.Key_Up)
            if not panel.answer.text():
                desk.write(panel.answer, "P-1")
            assert panel.answer.text() == "P-1"
            desk.key(panel.answer, Qt.Key.Key_Return)
            desk.until(lambda: ended(desk))


def test_a_person_changes_a_draft_writes_a_note_and_another_hands_back(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=DESK)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: panel.findChild(TaskCard) is not None)
        card = panel.findChild(TaskCard)
        assert "Queue: desk" in texts(card)
        assert "days: 3" in texts(card)
        box = next(
            one for one in card.findChildren(GrowingText) if not isinstance(one, ReadingText)
        )
        assert box.toPlainText() == "Dear customer"
        desk.write(box, ", hello")
        desk.write(card.note, "be kind")
        desk.click(card.findChild(QPushButton, "decision.send"))
        desk.until(lambda: len(panel.findChildren(TaskCard)) == 2)
        said = next(one for one in texts(panel) if "be kind" in one and "Dear" in one)
        assert "hello" in said
        assert "Decided: send. Note: be kind" in texts(panel)
        packet = panel.findChildren(TaskCard)[1]
        assert "What they get" in texts(packet)
        assert not packet.note.isVisible()
        back = packet.findChild(QPushButton, "decision.return")
        assert back.text() == "Hand back"
        desk.click(back)
        desk.until(lambda: ended(desk))
        assert "We go on." in texts(panel)


def test_a_scenario_plays_customer_and_tools_by_itself_and_every_answer_says_so(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", PARCELS, CALLS)
    (root / "scenarios").mkdir()
    (root / "scenarios" / "one.scenario.yaml").write_text(SCRIPT, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        discovered(desk)
        panel = panel_of(desk)
        choose(panel.start_form.scenario, "found at once")
        choose(panel.start_form.player, "script")
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: ended(desk))
        assert "In Graz." in texts(panel)
        assert "played by the scenario" in texts(panel)
        assert panel.findChild(CallLine).tag == "from the scenario"
        assert any(text.startswith("Scenario: found at once") for text in texts(panel))
        assert "1 tool call" in panel.total.text()


def test_a_simulated_customer_says_what_it_knows_and_is_named_as_one(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", PARCELS, CALLS)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        discovered(desk)
        panel = panel_of(desk)
        choose(panel.start_form.player, "persona")
        customer = panel.start_form.customer
        assert customer is not None
        desk.write(customer.facts, "number: P-42")
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: ended(desk))
        assert "P-42" in texts(panel)
        assert "a simulated customer" in texts(panel)
        assert panel.findChild(CallLine).tag == "made up from the tool's schema"


def test_a_fault_of_a_tool_goes_where_errors_go_and_is_remembered_for_the_journey(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", PARCELS, CALLS)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        discovered(desk)
        panel = panel_of(desk)
        choose(part(panel, "parcels/find").fault, "timeout")
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)
        desk.write(panel.answer, "P-3")
        desk.key(panel.answer, Qt.Key.Key_Return)
        desk.until(lambda: ended(desk))
        assert "Nobody answered." in texts(panel)
        assert "1 chosen otherwise" in panel.mode.text()
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        found = part(panel, "parcels/find")
        assert found.fault.currentData() == "timeout"
        assert found.chosen_fault() == {"fails": "timeout"}
        choose(found.fault, "error")
        first = found.findChildren(QLineEdit)[0]
        desk.write(first, "")
        desk.key(first, Qt.Key.Key_Up)
        assert found.chosen_fault() == {"fails": "error", "calls": {"from": 2}}
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)
        desk.write(panel.answer, "P-3")
        desk.key(panel.answer, Qt.Key.Key_Return)
        desk.until(lambda: ended(desk))
        assert not any("It failed" in text for text in texts(panel))  # only the second call does


def test_one_tool_can_be_really_called_while_nothing_else_is(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", PARCELS, CALLS)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        discovered(desk)
        panel = panel_of(desk)
        choose(part(panel, "parcels/find").source, "real")
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)
        desk.write(panel.answer, "P-3")
        desk.key(panel.answer, Qt.Key.Key_Return)
        desk.until(lambda: ended(desk))
        assert "In Lyon, shelf 3." in texts(panel)
        assert panel.findChild(CallLine).tag == "really called"


def test_edge_cases_are_named_as_what_they_are(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", PARCELS, CALLS)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        discovered(desk)
        panel = panel_of(desk)
        choose(part(panel, "parcels/find").source, "edge")
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)
        desk.write(panel.answer, "P-3")
        desk.key(panel.answer, Qt.Key.Key_Return)
        desk.until(lambda: ended(desk))
        assert panel.findChild(CallLine).tag == "edge case made up from the tool's schema"


def test_a_start_that_fails_says_why_and_leads_to_the_problems(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=CALLS.replace("next: find", "next: nowhere"))
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: desk.window.rehearsing.phase == "over")
        failed = [
            one for one in panel.story.findChildren(QFrame) if one.property("role") == "failed"
        ]
        assert len(failed) == 1
        assert "Starting\u2026" not in texts(panel)
        assert not panel.make_button.isVisible()
        desk.click(failed[0].findChild(QPushButton))
        assert desk.window.docks.in_front("problems")


def test_a_start_says_so_at_once_and_can_be_cancelled_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=PHONE)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        desk.key(desk.window, Qt.Key.Key_F5)
        assert "Starting\u2026" in [one.text() for one in panel.story.findChildren(QLabel)]
        assert panel.stop_button.text() == "Cancel"
        desk.click(panel.stop_button)
        assert not desk.window.rehearsing.running
        assert "Starting\u2026" not in texts(panel)
        assert "Stopped." in texts(panel)
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)
        assert "What is it about?" in texts(panel)


def test_a_stop_comes_at_once_also_while_a_real_tool_hangs(qtbot: QtBot, tmp_path: Path) -> None:
    server = Path(__file__).parent / "servers" / "stuck.py"
    servers = {"parcels": {"command": "${python}", "args": [str(server)]}}
    root = make_workspace(tmp_path / "space", servers, CALLS)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        discovered(desk)
        panel = panel_of(desk)
        choose(panel.world, "real tools")
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)
        desk.write(panel.answer, "P-3")
        desk.key(panel.answer, Qt.Key.Key_Return)
        desk.until(lambda: panel.findChild(CallLine) is not None)
        assert panel.findChild(CallLine).tag == "running\u2026"
        desk.key(desk.window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
        assert not desk.window.rehearsing.running
        assert not any(
            item.state == "running" for item in desk.window.tabs()[0].canvas.board.nodes.values()
        )


def test_the_panel_says_what_to_do_where_no_journey_is_open(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=PHONE)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        panel = panel_of(desk)
        desk.window.files.close_tabs([tab])
        assert "Open a journey to rehearse it here." in texts(panel)
        assert not panel.start_button.isEnabled()


def test_a_run_becomes_a_scenario_that_passes_and_nothing_is_overwritten(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", PARCELS, CALLS)
    names: list[str] = []

    def give_name() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        names.append(dialog.textValue())
        line = dialog.findChild(QLineEdit)
        assert line is not None
        line.selectAll()
        QTest.keyClicks(line, "found it")
        QTest.keyClick(line, Qt.Key.Key_Return)

    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        discovered(desk)
        panel = panel_of(desk)
        assert not desk.window.registry.action("run.make_scenario").isEnabled()
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)
        assert not panel.make_button.isVisible()
        desk.write(panel.answer, "P-3")
        desk.key(panel.answer, Qt.Key.Key_Return)
        desk.until(lambda: ended(desk))
        for count in (1, 2):
            QTimer.singleShot(0, desk.window, give_name)
            desk.click(panel.make_button)
            desk.until(lambda many=count: len(list((root / "scenarios").glob("*"))) == many)
        assert names[0] == "Where is my parcel: resolved"
        space = desk.window.files.workspace
        assert space is not None
        desk.until(lambda: len(space.workspace.scenarios) == 2)
        assert "found it" in space.workspace.scenarios
        panel.play("found it")
        desk.until(lambda: ended(desk))
    command = [sys.executable, "-m", "journeybuilder", "test", str(root), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert [one["passed"] for one in told["scenarios"]] == [True, True]


def test_what_is_filled_in_stays_when_servers_answer_and_when_another_journey_comes_to_the_front(
    qtbot: QtBot, tmp_path: Path
) -> None:
    needs = "input: {properties: {number: {type: string}}, required: [number]}\n"
    root = make_workspace(tmp_path / "space", PARCELS, CALLS.replace("start:", needs + "start:"))
    other = CALLS.replace("journey: parcel", "journey: other").replace("title: Where", "title: How")
    (root / "journeys" / "other.journey.yaml").write_text(other, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root / "journeys" / "parcel.journey.yaml")
        panel = panel_of(desk)
        line = panel.start_form.findChildren(QLineEdit)[0]
        desk.write(line, "P-5")
        discovered(desk)
        assert panel.start_form.given() == {"number": "P-5"}
        assert [one.text() for one in panel.start_form.findChildren(QLineEdit)] == ["P-5"]
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)
        desk.window.files.open_journey("other")
        assert "What is its number?" in texts(panel)
        assert any("Where is my parcel" in text for text in texts(panel))
        assert panel.start_button.text() == "Start"
        desk.write(panel.answer, "P-3")
        desk.key(panel.answer, Qt.Key.Key_Return)
        desk.until(lambda: ended(desk))
        assert "Play the customer: press Start and answer below." in texts(panel)
        desk.window.show_tab(desk.window.tabs()[0])
        assert "\u2714 Ended: resolved" in texts(panel)
        assert panel.start_button.text() == "Restart"


def test_cards_of_two_people_in_two_lanes_are_answered_one_after_the_other(
    qtbot: QtBot, tmp_path: Path
) -> None:
    journey = """\
journeybuilder: 1
journey: parcel
title: Two people
start: both
nodes:
  both: {kind: parallel, lanes: {left: one, right: two}}
  one: {kind: review, to: desk, show: {what: first}, decisions: {yes: met, no: met}, save: first}
  two: {kind: review, to: desk, show: {what: second}, decisions: {yes: met, no: met}, save: second}
  met: {kind: join, next: tell}
  tell: {kind: say, text: "${first.decision} and ${second.decision}", next: done}
  done: {kind: end, outcome: resolved}
"""
    root = make_workspace(tmp_path / "space", journey=journey)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)

        def open_cards() -> list[TaskCard]:
            QApplication.processEvents()
            return [one for one in panel.story.findChildren(TaskCard) if one.isEnabled()]

        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: len(open_cards()) == 2)
        second = next(one for one in open_cards() if "second" in texts(one))
        no = second.findChild(QPushButton, "decision.no")
        desk.click(no)
        desk.until(lambda: len(open_cards()) == 1)
        assert "first" in texts(open_cards()[0])
        yes = open_cards()[0].findChild(QPushButton, "decision.yes")
        desk.click(yes)
        desk.until(lambda: ended(desk))
        assert any("yes" in text and "no" in text for text in texts(panel)), texts(panel)


def test_canvas_and_story_follow_a_fast_run_in_batches_and_miss_nothing(
    qtbot: QtBot, tmp_path: Path
) -> None:
    steps = 40
    lines = [
        f'  n{one}: {{kind: say, text: "Words {one}.", next: {f"n{one + 1}" if one + 1 < steps else "done"}}}'
        for one in range(steps)
    ]
    head = "journeybuilder: 1\njourney: parcel\ntitle: Fast\nstart: n0\nnodes:\n"
    journey = head + "\n".join([*lines, "  done: {kind: end, outcome: resolved}", ""])
    root = make_workspace(tmp_path / "space", journey=journey)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        panel = panel_of(desk)
        batches: list[int] = []
        marks: list[int] = []

        def came(events: list[object]) -> None:
            batches.append(len(events))

        def marked(_journey: str, _states: object, taken: list[object], _moving: object) -> None:
            marks.append(len(taken))

        desk.window.rehearsing.happened.connect(came)
        panel.states_changed.connect(marked)
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: ended(desk))
        desk.window.rehearsing.happened.disconnect(came)
        panel.states_changed.disconnect(marked)
        timeline = desk.window.rehearsing.timeline
        assert timeline is not None
        assert sum(batches) == len(timeline) > 4 * steps
        assert len(marks) < len(timeline) / 2
        assert max(marks) == steps
        assert all(item.state == "done" for item in tab.canvas.board.nodes.values())
        assert [text for text in texts(panel) if text.startswith("Words")] == [
            f"Words {one}." for one in range(steps)
        ]
