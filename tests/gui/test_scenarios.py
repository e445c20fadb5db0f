"""Scenarios in the window: listed, run in other processes, edited as form and text, never lost."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QInputDialog, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.gui.panels.scenario_editor import ScenarioEditor
from journeybuilder.gui.panels.scenarios import ScenariosPanel
from tests.gui.desk import Desk, make_workspace

JOURNEY = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
input: {properties: {customer: {type: string, examples: [C-17]}}, required: [customer]}
start: number
nodes:
  number: {kind: ask, text: "Which number has it?", save: number, next: which}
  which:
    kind: branch
    cases: [{when: "number == 'P-1'", next: here}]
    otherwise: lost
  here: {kind: end, outcome: found}
  lost: {kind: end, outcome: lost}
"""
FOUND = """\
journeybuilder: 1
# it is there
scenario: it is there
journey: parcel
input: {customer: C-1}
customer: [{hears: Which number, says: P-1}]
expect: [{outcome: found}]
"""
WRONG = """\
journeybuilder: 1
scenario: it is not there
journey: parcel
input: {customer: C-1}
customer: [{hears: Which number, says: P-2}]
expect:
  - {path: [number, here]}
"""


def space(tmp_path: Path, **scenarios: str) -> Path:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    (root / "scenarios").mkdir()
    for name, text in scenarios.items():
        (root / "scenarios" / f"{name}.scenario.yaml").write_text(text, encoding="utf-8")
    return root


def panel_of(desk: Desk) -> ScenariosPanel:
    desk.window.docks.go("scenarios")
    found = desk.window.docks.panel("scenarios")
    assert isinstance(found, ScenariosPanel)
    desk.until(found.isVisible)
    return found


def tags(panel: ScenariosPanel) -> dict[str, str]:
    return {name: panel.book.state(name) for name in panel.names()}


def test_all_scenarios_run_and_the_failure_leads_to_the_step_and_to_the_line(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = space(tmp_path, found=FOUND, wrong=WRONG)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        panel = panel_of(desk)
        assert tags(panel) == {"it is there": "new", "it is not there": "new"}
        desk.click(panel.all)
        assert panel.stop.isVisible()
        desk.until(lambda: not panel.book.running)
        assert tags(panel) == {"it is there": "passed", "it is not there": "failed"}
        assert panel.tree.choose("it is not there")
        links = panel.card.findChildren(QPushButton)
        to_step = next(one for one in links if one.text() == "Go to “Here”")
        desk.click(to_step)
        assert tab.canvas.selected() == ("here",)
        to_line = next(one for one in links if one.text() == "Line 7 of the file")
        desk.click(to_line)
        editor = next(one for one in desk.window.findChildren(ScenarioEditor))
        desk.until(editor.isVisible)
        assert editor.text.area.textCursor().blockNumber() + 1 == 7
        editor.close()


def test_what_is_not_saved_runs_too_and_an_edit_makes_results_old(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = space(tmp_path, wrong=WRONG)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        panel = panel_of(desk)
        panel.run_all()
        desk.until(lambda: not panel.book.running)
        assert tags(panel) == {"it is not there": "failed"}
        tab.model.connect_port("which", "otherwise", "here")
        assert tags(panel) == {"it is not there": "changed"}
        panel.run_all()
        desk.until(lambda: not panel.book.running)
        assert tags(panel) == {"it is not there": "passed"}
        assert not tab.model.saved
        tab.model.discard()


def test_a_new_scenario_begins_with_an_example_and_passes(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        qtbot.waitUntil(panel.first.isVisible)

        def name_it() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QInputDialog)
            dialog.setTextValue("a first one")
            dialog.accept()

        QTimer.singleShot(0, desk.window, name_it)
        desk.click(panel.first)
        editor = next(one for one in desk.window.findChildren(ScenarioEditor))
        desk.until(editor.isVisible)
        text = (root / "scenarios" / "a-first-one.scenario.yaml").read_text(encoding="utf-8")
        assert "customer: C-17" in text
        assert "hears: Which number has it" in text
        assert panel.tree.current() == "a first one"
        desk.click(editor.try_it)
        desk.until(lambda: panel.book.state("a first one") == "passed")
        editor.close()


def test_a_deleted_scenario_comes_back_with_undo(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path, found=FOUND)
    file = root / "scenarios" / "found.scenario.yaml"
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        panel.tree.choose("it is there")
        desk.key(panel.tree, Qt.Key.Key_Delete)
        assert not file.exists()
        assert panel.names() == []
        desk.click(panel.back)
        assert file.read_text(encoding="utf-8") == FOUND
        assert panel.names() == ["it is there"]


def test_form_and_text_change_each_other_and_comments_stay(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path, found=FOUND)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        panel.tree.choose("it is there")
        desk.key(panel.tree, Qt.Key.Key_Return)
        editor = next(one for one in desk.window.findChildren(ScenarioEditor))
        desk.until(editor.isVisible)
        line = editor.form.editors["input",].focusProxy()
        assert line is not None
        line.setFocus()
        desk.key(line, Qt.Key.Key_End)
        desk.write(line, "7")
        assert "customer: C-17" in editor.text.area.text()
        assert "# it is there" in editor.text.area.text()
        editor.undo()
        assert editor.text.area.text() == FOUND
        editor.text.area.go_to_line(7)
        desk.key(editor.text.area, Qt.Key.Key_End)
        desk.key(editor.text.area, Qt.Key.Key_Left)
        desk.write(editor.text.area, ", {path: [number]}")
        editor.text.take_over()
        assert editor.draft.data["expect"] == [{"outcome": "found"}, {"path": ["number"]}]
        desk.click(editor.keep)
        saved = (root / "scenarios" / "found.scenario.yaml").read_text(encoding="utf-8")
        assert "expect: [{outcome: found}, {path: [number]}]" in saved
        editor.close()


@pytest.mark.parametrize("name", ["it is there"])
def test_a_scenario_is_renamed_with_its_result(qtbot: QtBot, tmp_path: Path, name: str) -> None:
    root = space(tmp_path, found=FOUND)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        panel.run_all()
        desk.until(lambda: not panel.book.running)
        files = panel.book.files
        assert files is not None
        files.rename(panel.book.scenarios()[name], "found at once", panel.names())
        panel.book.reread()
        panel.book.renamed(name, "found at once")
        assert tags(panel) == {"found at once": "passed"}


def test_a_scenario_is_rehearsed_beside_the_canvas(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path, found=FOUND)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        panel.tree.choose("it is there")
        panel.deeds.rehearse(panel.tree.current())
        desk.until(lambda: desk.window.docks.in_front("rehearsal"))
        desk.until(lambda: not desk.window.rehearsing.running)
        tab = desk.window.tab
        assert tab is not None
        desk.until(lambda: tab.canvas.board.nodes["here"].state == "done")


def test_a_run_is_stopped_at_once_and_nothing_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path, found=FOUND, wrong=WRONG)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        desk.key(desk.window, Qt.Key.Key_F7, Qt.KeyboardModifier.ControlModifier)
        assert panel.book.running
        desk.click(panel.stop)
        assert not panel.book.running
        assert not desk.window.status.line.jobs
        assert "waiting" not in tags(panel).values()


def test_results_are_exported_as_junit(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path, found=FOUND, wrong=WRONG)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        assert not desk.window.registry.action("scenarios.junit").isEnabled()
        panel.run_all()
        desk.until(lambda: not panel.book.running)
        file = tmp_path / "junit.xml"
        panel.deeds.export_junit(file)
        text = file.read_text(encoding="utf-8")
        assert 'tests="2" failures="1"' in text


def test_what_is_typed_in_a_scenario_survives_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path, found=FOUND)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        panel.deeds.edit("it is there")
        editor = next(one for one in desk.window.findChildren(ScenarioEditor))
        desk.until(editor.isVisible)
        editor.text.area.go_to_line(2)
        desk.key(editor.text.area, Qt.Key.Key_End)
        desk.write(editor.text.area, ", surely")
        assert desk.window.files.close_workspace()
        assert (root / "scenarios" / "found.scenario.yaml").read_text(encoding="utf-8") == FOUND
        desk.open(root)
        panel.deeds.edit("it is there")
        again = next(one for one in desk.window.findChildren(ScenarioEditor) if one.isVisible())
        assert again.note.isVisible()
        assert "# it is there, surely" in again.text.area.text()
        again.undo()
        assert again.text.area.text() == FOUND
        again.close()


def test_a_file_that_another_program_changes_is_followed_and_never_written_over(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = space(tmp_path, found=FOUND)
    file = root / "scenarios" / "found.scenario.yaml"
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        panel.deeds.edit("it is there")
        editor = next(one for one in desk.window.findChildren(ScenarioEditor))
        desk.until(editor.isVisible)
        file.write_text(FOUND.replace("C-1", "C-2"), encoding="utf-8")
        desk.window.files.reread()
        assert "customer: C-2" in editor.text.area.text()
        editor.draft.change(("input", "customer"), "mine")
        file.write_text(FOUND.replace("C-1", "theirs"), encoding="utf-8")
        assert not editor.save()
        assert "Another program" in editor.words.text()
        assert "theirs" in file.read_text(encoding="utf-8")
        editor.draft.forget()
        editor.draft.saved(editor.draft.text)
        editor.close()
