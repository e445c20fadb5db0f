"""The variables of the journey: where each is set and used, by keys."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from journeybuilder.document.model import Journey
from journeybuilder.gui.journey.variable_index import VariableIndex
from journeybuilder.gui.look.rows import TAG
from journeybuilder.gui.panels.rename import RenameDialog
from journeybuilder.gui.panels.variables import MIME, VariablesPanel
from tests.gui.desk import Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier
JOURNEY = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
input: {properties: {order_id: {type: string}, never: {type: integer}}}
output: {properties: {told: {type: string}}}
variables: {ghost: {type: string}}
start: greet
nodes:
  greet: {kind: say, text: "Hello ${input.order_id}!", next: number}
  number: {kind: ask, text: What is its number?, save: number, next: pick}
  pick: {kind: branch, cases: [{when: "number == 'x'", next: done}], otherwise: tell}
  tell: {kind: say, text: "It is ${number}, ${session.language}", next: done}
  done: {kind: end, output: {told: "${number}"}}
"""


def items(panel: VariablesPanel) -> dict[str, QTreeWidgetItem]:
    tree, out = panel.tree, dict[str, QTreeWidgetItem]()
    for index in range(tree.topLevelItemCount()):
        head = tree.topLevelItem(index)
        assert head is not None
        for n in range(head.childCount()):
            child = head.child(n)
            assert child is not None
            out[child.text(0)] = child
    return out


def shown(desk: Desk) -> VariablesPanel:
    desk.window.docks.go("variables")
    panel = desk.window.docks.panel("variables")
    assert isinstance(panel, VariablesPanel)
    desk.until(panel.isVisible)
    return panel


def test_every_variable_is_listed_with_where_it_is_set_and_used(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = shown(desk)
        rows = items(panel)
        assert rows["number"].data(0, TAG) == "set 1 · used 3"
        assert rows["ghost"].data(0, TAG) == "⚠ never set"
        assert rows["input.never"].data(0, TAG) == "⚠ never used"
        assert rows["output.told"].data(0, TAG) == "set 1 time"
        assert rows["session.language"].data(0, TAG) == "used 1 time"
        QTest.keyClicks(panel.line, "num")
        assert list(items(panel)) == ["number"]


def test_enter_goes_to_the_place_and_f2_renames(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        panel = shown(desk)
        panel.choose("number")
        panel.tree.setFocus()
        desk.key(panel.tree, Qt.Key.Key_Down)
        desk.key(panel.tree, Qt.Key.Key_Return)
        assert tab.canvas.selected() == ("number",)
        desk.key(panel.tree, Qt.Key.Key_Down)
        desk.key(panel.tree, Qt.Key.Key_Return)
        assert tab.canvas.selected() == ("pick",)
        desk.key(panel.tree, Qt.Key.Key_F2)
        dialog = desk.window.findChild(RenameDialog)
        assert isinstance(dialog, RenameDialog)
        assert dialog.what.currentText() == "Variable number"
        dialog.name.setText("parcel_number")
        dialog.accept()
        desk.until(lambda: "parcel_number" in items(panel))


def test_a_variable_is_copied_and_dragged_as_text(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        panel = shown(desk)
        panel.choose("input.order_id")
        desk.key(panel.tree, Qt.Key.Key_C, CTRL)
        data = QApplication.clipboard().mimeData()
        assert data.text() == "${input.order_id}"
        assert bytes(data.data(MIME).data()) == b"input.order_id"


def test_an_edit_of_one_node_reads_no_other_one_again() -> None:
    nodes = {f"n{n}": {"kind": "say", "text": f"${{v{n}}}", "next": "z"} for n in range(5)}
    journey = Journey({"nodes": {**nodes, "z": {"kind": "end"}}})
    index = VariableIndex()
    first = {one.name: one.reads for one in index.entries(journey)}
    changed = {**journey.data["nodes"], "n0": {"kind": "say", "text": "${w}", "next": "z"}}
    second = {one.name: one.reads for one in index.entries(Journey({"nodes": changed}))}
    assert "v0" in first
    assert "v0" not in second
    assert second["w"][0].node == "n0"
    assert second["v1"] == first["v1"]
