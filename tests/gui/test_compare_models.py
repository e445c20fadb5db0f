"""Models compared on the scenarios of a journey, and what contacts will cost, in the window."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from journeybuilder.gui.panels.compare_models import CompareDialog, CompareModels
from tests.gui.desk import Desk
from tests.gui.test_scenarios import FOUND, WRONG, space


def panel_of(desk: Desk) -> CompareModels:
    desk.window.registry.run("scenarios.compare")
    dialog = desk.window.findChild(CompareDialog)
    assert dialog is not None
    desk.until(dialog.body.isVisible)
    return dialog.body


def test_two_models_are_compared_and_the_report_is_written(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path, found=FOUND, wrong=WRONG)
    (root / "models.yaml").write_text(
        "models:\n  one: {model: scripted}\n  two: {model: scripted}\n", encoding="utf-8"
    )
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        assert not panel.start.isEnabled()
        for place in range(panel.models.count()):
            panel.models.setCurrentRow(place)
            desk.key(panel.models, Qt.Key.Key_Space)
        assert panel.chosen() == ["one", "two"]
        panel.runs.setValue(2)
        desk.click(panel.start)
        desk.until(lambda: panel.table.rowCount() == 2)
        table = panel.table.model()
        cells = [[str(table.index(row, at).data()) for at in range(3)] for row in range(2)]
        assert [line[0] for line in cells] == ["one", "two"]
        assert all(line[1].startswith("50 %") and line[2] == "4/4" for line in cells)
        told = [panel.differences.item(n).text() for n in range(panel.differences.count())]
        assert any("not enough to tell" in words for words in told)
        page = tmp_path / "report.html"
        assert panel.comparing.export(str(page))
        assert "it is not there" in page.read_text(encoding="utf-8")


def test_the_forecast_says_when_it_rests_on_rehearsals(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path, found=FOUND)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        panel.tabs.setCurrentIndex(1)
        panel.contacts.setValue(500)
        desk.click(panel.reckon)
        desk.until(lambda: panel.comparing.cost is not None)
        assert "500 contacts: 0 USD" in panel.cost.text()
        assert "1 rehearsal" in panel.cost.text()


def test_a_journey_without_scenarios_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    root = space(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = panel_of(desk)
        panel.models.item(0).setCheckState(Qt.CheckState.Checked)
        desk.click(panel.start)
        desk.until(lambda: "no scenario" in panel.words.text())
        assert panel.start.isVisible()
