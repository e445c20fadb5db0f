"""Scenarios that the program looks for: for a way that none takes, and for bugs of random customers."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from journeybuilder.gui.panels.campaign import CampaignDialog
from journeybuilder.gui.panels.gray_branch import GrayBranchDialog, GrayBranches
from journeybuilder.gui.panels.scenarios import ScenariosPanel
from tests.gui.desk import Desk
from tests.gui.test_scenarios import FOUND, JOURNEY, space

LOOSE = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: number
nodes:
  number: {kind: ask, text: "Which number has it?", save: number, next: which}
  which:
    kind: branch
    cases: [{when: "number == 'P-1'", next: here}, {when: "number != 'P-1'", next: cut}]
    otherwise: here
  cut: {kind: set, values: {short: "${int(number)}"}, next: here}
  here: {kind: end, outcome: found}
"""


def scenarios_of(desk: Desk) -> ScenariosPanel:
    found = desk.window.docks.panel("scenarios")
    assert isinstance(found, ScenariosPanel)
    return found


def test_a_scenario_for_a_gray_wire_is_found_written_and_passes(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = space(tmp_path, found=FOUND)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.set_zoom(1.0)
        tab.canvas.center_on("which")
        wire = tab.canvas.board.wires["which", "otherwise"].item.path()
        middle = tab.canvas.mapFromScene(wire.pointAtPercent(0.5))
        QTest.mouseClick(tab.canvas.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        assert tab.canvas.board.picked == ("which", "otherwise")
        tab.canvas.context_menu_requested.emit(QPoint(10, 10), "")
        menus = [one for one in desk.window.findChildren(QMenu) if one.isVisible()]
        offered = [action.objectName() for one in menus for action in one.actions()]
        assert "scenarios.branch" in offered
        for one in menus:
            one.close()
        desk.window.registry.run("scenarios.branch")
        dialog = desk.window.findChild(GrayBranchDialog)
        assert dialog is not None
        panel = scenarios_of(desk)
        desk.until(lambda: len(panel.book.scenarios()) == 2)
        made = next(name for name in panel.book.scenarios() if name != "it is there")
        desk.until(lambda: panel.book.state(made) == "passed")
        result = panel.book.result(made)
        assert result is not None
        assert list(result.path) == ["number", "which", "lost"]


def test_a_way_that_cannot_be_is_told_and_can_be_written_by_hand(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = space(tmp_path)
    file = root / "journeys" / "parcel.journey.yaml"
    file.write_text(JOURNEY + "  alone: {kind: say, text: Hi, next: here}\n", encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        GrayBranches.of(desk.window).ask("parcel", "alone", "next")
        dialog = desk.window.findChild(GrayBranchDialog)
        assert dialog is not None
        desk.until(dialog.by_hand.isVisible)
        assert "no way leads" in dialog.words.text().lower()
        assert dialog.form.isVisible()
        dialog.reject()


def test_a_search_is_cancelled_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        GrayBranches.of(desk.window).ask("parcel", "which", "otherwise")
        dialog = desk.window.findChild(GrayBranchDialog)
        assert dialog is not None
        desk.click(dialog.cancel)
        assert not desk.window.status.line.jobs
        assert not list((root / "scenarios").iterdir())


def test_random_customers_find_a_bug_that_becomes_a_scenario(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path)
    (root / "journeys" / "parcel.journey.yaml").write_text(LOOSE, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.registry.run("scenarios.campaign")
        dialog = desk.window.findChild(CampaignDialog)
        assert dialog is not None
        dialog.runs.setValue(60)
        desk.click(dialog.start)
        assert dialog.stop.isEnabled()
        desk.until(dialog.start.isEnabled)
        assert "seed 1" in dialog.words.text()
        write = [
            one for one in dialog.findChildren(QPushButton) if one.text() == "Write as scenario"
        ]
        assert write
        desk.click(write[0])
        panel = scenarios_of(desk)
        names = list(panel.book.scenarios())
        assert len(names) == 1
        panel.book.run(names)
        desk.until(lambda: panel.book.state(names[0]) == "failed")
        dialog.reject()
