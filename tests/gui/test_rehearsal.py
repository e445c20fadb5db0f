"""A rehearsal in the window: a conversation, a person's decision, nodes that light up."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.gui.forms.plain import ReadingText
from journeybuilder.gui.panels.chat import CallLine
from journeybuilder.gui.panels.event_card import EventCard
from journeybuilder.gui.panels.task_card import TaskCard
from tests.gui.desk import PARCELS, Desk, make_workspace

JOURNEY = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: number
nodes:
  number: {kind: ask, text: What is its number?, save: number, next: find}
  find: {kind: tool, tool: parcels/find, with: {number: "${number}"}, save: parcel, next: decide}
  decide:
    kind: review
    to: desk
    show: {parcel: "${parcel}"}
    decisions: {approve: tell, reject: done}
  tell: {kind: say, text: "In ${parcel.place}.", next: done}
  done: {kind: end, outcome: resolved}
"""


def texts(desk: Desk) -> list[str]:
    panel = desk.window.docks.rehearsal
    labels = [one.text() for one in panel.findChildren(QLabel)]
    return [*labels, *(one.toPlainText() for one in panel.findChildren(ReadingText))]


def test_a_rehearsal_with_the_real_tool_from_question_to_decision_to_the_end(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", PARCELS, JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        desk.window.files.discover()
        space = desk.window.files.workspace
        assert space is not None
        desk.until(lambda: "parcels/find" in space.known.tools)
        panel = desk.window.docks.rehearsal
        panel.world.setCurrentIndex(panel.world.findData("real tools"))
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)
        assert "What is its number?" in texts(desk)
        assert tab.canvas.board.nodes["number"].state == "waiting"
        desk.write(panel.answer, "P-3")
        desk.key(panel.answer, Qt.Key.Key_Return)
        desk.until(lambda: panel.findChild(TaskCard) is not None)
        assert panel.findChild(CallLine) is not None
        assert tab.canvas.board.nodes["find"].state == "done"
        desk.click(panel.findChild(QPushButton, "decision.approve"))
        desk.until(lambda: not desk.window.rehearsing.running)
        assert "In Lyon, shelf 3." in texts(desk)
        assert "\u2714 Ended: resolved" in texts(desk)


def test_a_journey_with_errors_says_why_it_cannot_be_rehearsed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(
        tmp_path / "space", journey=JOURNEY.replace("next: find", "next: nowhere")
    )
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: not desk.window.rehearsing.running)
        assert any("parcels/find" in text or "nowhere" in text for text in texts(desk))


def test_a_rehearsal_begins_only_with_an_input_that_fits(qtbot: QtBot, tmp_path: Path) -> None:
    needs = "input: {properties: {number: {type: string, pattern: ^P-}}, required: [number]}\n"
    root = make_workspace(tmp_path / "space", PARCELS, JOURNEY.replace("start:", needs + "start:"))
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        space = desk.window.files.workspace
        assert space is not None
        desk.until(lambda: "parcels/find" in space.known.tools)
        desk.key(desk.window, Qt.Key.Key_F5)
        assert not desk.window.rehearsing.running
        assert any("number" in text and text.startswith("\u2716") for text in texts(desk))
        line = QApplication.focusWidget()
        assert isinstance(line, QLineEdit)
        desk.write(line, "P-1")
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(desk.window.docks.rehearsal.answer.isEnabled)


@pytest.mark.parametrize(
    ("scenario", "number"),
    [("", "P-"), ("journeybuilder: 1\nscenario: one\njourney: parcel\ninput: {number: P-77}\n", "P-77")],
    ids=["made up", "of a scenario"],
)  # fmt: skip
def test_an_example_of_what_starts_the_journey_can_be_filled_in(
    qtbot: QtBot, tmp_path: Path, scenario: str, number: str
) -> None:
    needs = "input: {properties: {number: {type: string, pattern: ^P-}}, required: [number]}\n"
    root = make_workspace(tmp_path / "space", PARCELS, JOURNEY.replace("start:", needs + "start:"))
    if scenario:
        (root / "scenarios").mkdir()
        (root / "scenarios" / "one.scenario.yaml").write_text(scenario, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        space = desk.window.files.workspace
        assert space is not None
        desk.until(lambda: "parcels/find" in space.known.tools)
        desk.window.docks.go("rehearsal")
        panel = desk.window.docks.rehearsal
        desk.click(panel.findChild(QPushButton, "rehearsal.example"))
        assert [line.text() for line in panel.start_form.findChildren(QLineEdit)] == [number]
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)


def test_time_can_pass_only_where_a_wait_has_an_end(qtbot: QtBot, tmp_path: Path) -> None:
    timed = JOURNEY.replace("save: number, ", "save: number, timeout: 10m, on_timeout: done, ")
    root = make_workspace(tmp_path / "space", PARCELS, timed)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        space = desk.window.files.workspace
        assert space is not None
        desk.until(lambda: "parcels/find" in space.known.tools)
        panel = desk.window.docks.rehearsal
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)
        assert panel.pass_button.isVisible()
        desk.write(panel.answer, "P-3")
        desk.key(panel.answer, Qt.Key.Key_Return)
        desk.until(lambda: panel.findChild(TaskCard) is not None)
        assert not panel.pass_button.isVisible()
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(panel.answer.isEnabled)
        desk.click(panel.pass_button)
        desk.until(lambda: not desk.window.rehearsing.running)
        assert "The customer did not answer." in texts(desk)
        assert not panel.pass_button.isVisible()


def test_long_words_of_a_conversation_stay_inside_the_panel(qtbot: QtBot, tmp_path: Path) -> None:
    address = "https://parcels.example.com/" + "x" * 120
    plain = JOURNEY.replace("In ${parcel.place}.", address)
    plain = plain.replace("next: find", "next: tell").replace("start: number", "start: tell")
    root = make_workspace(tmp_path / "space", PARCELS, plain)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        space = desk.window.files.workspace
        assert space is not None
        desk.until(lambda: "parcels/find" in space.known.tools)
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: any(address in text for text in texts(desk)))
        said = next(
            one
            for one in desk.window.docks.rehearsal.findChildren(ReadingText)
            if one.toPlainText() == address
        )
        desk.until(lambda: not desk.window.rehearsing.running)
        panel = desk.window.docks.rehearsal
        desk.until(lambda: said.mapTo(panel, said.rect().topRight()).x() <= panel.width())
        assert said.height() > 2 * said.fontMetrics().lineSpacing()


def test_a_stopped_rehearsal_can_be_started_again(qtbot: QtBot, tmp_path: Path) -> None:
    plain = (
        JOURNEY.replace("next: find", "next: done").split("  find:")[0] + "  done: {kind: end}\n"
    )
    root = make_workspace(tmp_path / "space", journey=plain)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = desk.window.docks.rehearsal
        for _ in range(2):
            desk.key(desk.window, Qt.Key.Key_F5)
            desk.until(panel.answer.isEnabled)
            desk.key(desk.window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
            assert not desk.window.rehearsing.running
            assert not panel.answer.isEnabled()


def test_a_wait_for_an_event_offers_that_it_happened_with_the_fields_the_journey_uses(
    qtbot: QtBot, tmp_path: Path
) -> None:
    journey = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: pause
nodes:
  pause: {kind: wait, event: parcel_delivered, timeout: 3d, save: parcel, next: tell, on_timeout: done}
  tell: {kind: say, text: "In ${parcel.place}, ${parcel.count + 1}, ${parcel.by}.", next: done}
  done: {kind: end, outcome: resolved}
"""
    root = make_workspace(tmp_path / "space", {}, journey)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = desk.window.docks.rehearsal
        desk.key(desk.window, Qt.Key.Key_F5)
        desk.until(lambda: panel.findChild(EventCard) is not None)
        card = panel.findChild(EventCard)
        assert list(card.lines) == ["place", "count", "by"]
        assert "Waits for the event parcel_delivered" in texts(desk)
        assert panel.pass_button.isVisible()
        desk.write(card.lines["place"], "Lyon")
        desk.write(card.lines["count"], "4")
        desk.write(card.data, "{nonsense")
        desk.click(card.button)
        assert desk.window.rehearsing.running
        card.data.clear()
        desk.write(card.data, '{"by": "Ann"}')
        desk.click(card.button)
        desk.until(lambda: not desk.window.rehearsing.running)
        assert "In Lyon, 5, Ann." in texts(desk)
