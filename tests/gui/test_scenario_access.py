"""Everything about scenarios can be reached by keys and has a name for screen readers."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from journeybuilder.gui.panels.campaign import CampaignDialog
from journeybuilder.gui.panels.compare_models import CompareDialog
from journeybuilder.gui.panels.coverage import CoveragePanel
from journeybuilder.gui.panels.gray_branch import GrayBranchDialog, GrayBranches
from journeybuilder.gui.panels.scenario_editor import ScenarioEditor
from journeybuilder.gui.panels.scenarios import ScenariosPanel
from tests.gui.desk import Desk
from tests.gui.test_scenarios import FOUND, WRONG, space


def nameless(widget: QWidget) -> list[str]:
    """The widgets that take the focus by keys and have nothing that a screen reader could say."""
    out: list[str] = []
    for one in widget.findChildren(QWidget):
        by_keys = bool(one.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if not by_keys or not one.isVisibleTo(widget) or one.focusProxy() is not None:
            continue
        if isinstance(one, QScrollBar) or one.objectName().startswith("qt_"):
            continue
        words = one.accessibleName()
        if not words and isinstance(one, QAbstractButton | QLabel):
            words = one.text()
        if not words:
            parent = one.parentWidget()
            out.append(f"{one!r} in {parent!r}")
    return out


def test_panels_and_windows_of_scenarios_have_names_for_everything(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = space(tmp_path, found=FOUND, wrong=WRONG)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.docks.go("scenarios")
        scenarios = desk.window.docks.panel("scenarios")
        assert isinstance(scenarios, ScenariosPanel)
        scenarios.run_all()
        desk.until(lambda: not scenarios.book.running)
        scenarios.tree.choose("it is not there")
        assert not nameless(scenarios)
        desk.window.docks.go("coverage")
        coverage = desk.window.docks.panel("coverage")
        assert isinstance(coverage, CoveragePanel)
        desk.until(lambda: coverage.numbers["nodes"].text() == "4 of 4")
        assert not nameless(coverage)
        scenarios.deeds.edit("it is there")
        editor = desk.window.findChild(ScenarioEditor)
        assert editor is not None
        assert not nameless(editor)
        editor.close()
        desk.window.registry.run("scenarios.campaign")
        campaign = desk.window.findChild(CampaignDialog)
        assert campaign is not None
        campaign.more.click()
        assert not nameless(campaign)
        campaign.reject()
        desk.window.registry.run("scenarios.compare")
        compare = desk.window.findChild(CompareDialog)
        assert compare is not None
        assert not nameless(compare)
        compare.reject()
        GrayBranches.of(desk.window).ask("parcel", "lost", "")
        branch = desk.window.findChild(GrayBranchDialog)
        assert branch is not None
        assert not nameless(branch)
        branch.reject()


def test_a_scenario_is_chosen_run_and_deleted_without_a_mouse(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path, found=FOUND, wrong=WRONG)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.key(desk.window, Qt.Key.Key_A, both)
        panel = desk.window.docks.panel("scenarios")
        assert isinstance(panel, ScenariosPanel)
        desk.until(panel.tree.hasFocus)
        desk.key(panel.tree, Qt.Key.Key_Down)
        assert panel.tree.current() == "it is not there"
        desk.key(panel.tree, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        desk.until(lambda: panel.book.state("it is not there") == "failed")
        assert panel.book.state("it is there") == "new"
        desk.key(panel.tree, Qt.Key.Key_Delete)
        assert panel.names() == ["it is there"]
        desk.key(panel.tree, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert panel.names() == ["it is there", "it is not there"]
