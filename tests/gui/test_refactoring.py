"""Copying nodes as text, renaming everywhere with a preview, making a part a journey of its own."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit
from pytestqt.qtbot import QtBot

from journeybuilder.document.tree import load
from journeybuilder.gui.panels.rename import RenameDialog
from tests.gui.desk import Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier
JOURNEY = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
start: greet
nodes:
  greet: {kind: say, text: "Hello!", next: number}   # be kind
  number: {kind: ask, text: What is its number?, save: number, next: tell}
  tell: {kind: say, text: "You said ${number}.", next: check}
  check:
    kind: branch
    cases:
      - {when: number == "7", next: done}
    otherwise: number
  done: {kind: end, outcome: resolved}
"""
OTHER = """\
journeybuilder: 1
journey: other
title: Other
start: greet
nodes:
  greet: {kind: end, outcome: resolved}
"""


def test_copied_nodes_are_text_that_pastes_with_inner_wires_and_undo_is_one_step(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("number", "tell"))
        tab.canvas.setFocus()
        desk.key(tab.canvas, Qt.Key.Key_C, CTRL)
        text = QApplication.clipboard().text()
        assert "tell:" in text
        assert load(text, "text").value["nodes"]["number"]["kind"] == "ask"
        desk.key(tab.canvas, Qt.Key.Key_V, CTRL)
        nodes = desk.model.journey.nodes
        assert set(tab.canvas.selected()) == {"number_2", "tell_2"}
        assert nodes["number_2"].settings["next"] == "tell_2"
        assert nodes["tell_2"].settings["next"] == "check"
        apart = (
            desk.model.position("tell_2")[0] - desk.model.position("number_2")[0],
            desk.model.position("tell")[0] - desk.model.position("number")[0],
        )
        assert apart[0] == apart[1]
        desk.key(desk.window, Qt.Key.Key_Z, CTRL)
        assert desk.model.saved
        desk.key(desk.window, Qt.Key.Key_Y, CTRL)
        assert "tell_2" in desk.model.journey.nodes


def test_cut_nodes_paste_into_another_journey_without_wires_to_strangers(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    (root / "journeys" / "other.journey.yaml").write_text(OTHER, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.window.files.open_workspace(root)
        tab = desk.window.files.open_journey("parcel")
        assert tab is not None
        tab.canvas.select(("tell",))
        tab.canvas.setFocus()
        desk.key(tab.canvas, Qt.Key.Key_X, CTRL)
        assert "tell" not in desk.model.journey.nodes
        other = desk.window.files.open_journey("other")
        assert other is not None
        desk.key(desk.window, Qt.Key.Key_V, CTRL)
        assert other.model.journey.nodes["tell"].settings == {"text": "You said ${number}."}
        desk.key(desk.window, Qt.Key.Key_Z, CTRL)
        desk.window.show_tab(tab)
        desk.key(desk.window, Qt.Key.Key_Z, CTRL)


def test_text_out_of_a_chat_pastes_and_what_is_no_node_is_refused_in_words(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.setFocus()
        refused: list[str] = []
        desk.model.refused.connect(refused.append)
        QApplication.clipboard().setText("hi: {kind: say, text: Hi, next: bye}\nbye: {kind: end}")
        desk.key(tab.canvas, Qt.Key.Key_V, CTRL)
        assert desk.model.journey.nodes["hi"].settings["next"] == "bye"
        for nonsense in ("", "just words", "a: [1", "price: 3"):
            QApplication.clipboard().setText(nonsense)
            desk.key(tab.canvas, Qt.Key.Key_V, CTRL)
        assert len(refused) == 4
        assert refused[0].startswith("What is on the clipboard is no node")
        desk.key(desk.window, Qt.Key.Key_Z, CTRL)
        assert desk.model.saved
        del refused[:]


def test_copy_in_a_field_copies_its_text_and_no_nodes(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("greet",))
        fields = desk.window.docks.inspector.findChildren(QLineEdit)
        field = next(one for one in fields if one.isVisible() and one.text())
        field.setFocus()
        field.setText("copied")
        field.selectAll()
        QApplication.clipboard().setText("before")
        desk.key(field, Qt.Key.Key_C, CTRL)
        assert QApplication.clipboard().text() == "copied"
        desk.key(field, Qt.Key.Key_V, CTRL)
        assert list(desk.model.journey.nodes) == ["greet", "number", "tell", "check", "done"]


def test_renaming_a_variable_shows_every_place_and_changes_them_in_one_step(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.key(desk.window, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
        dialog = desk.window.findChild(RenameDialog)
        assert dialog.what.currentText() == "Variable number"
        assert not dialog.go.isEnabled()
        QTest.keyClicks(dialog.name, "input")
        assert not dialog.go.isEnabled(), "a name that means something else is refused"
        dialog.name.clear()
        QTest.keyClicks(dialog.name, "parcel_no")
        shown = [dialog.list.item(row).text() for row in range(dialog.list.count())]
        assert shown == [
            "number → parcel_no",
            "You said ${number}. → You said ${parcel_no}.",
            'number == "7" → parcel_no == "7"',
        ]
        desk.click(dialog.go)
        nodes = desk.model.journey.nodes
        assert nodes["number"].settings["save"] == "parcel_no"
        assert nodes["check"].settings["cases"][0]["when"] == 'parcel_no == "7"'
        desk.until(lambda: not desk.model.findings)
        assert desk.model.history.count() == 1
        desk.window.front.undo()
        assert desk.model.saved


def test_renaming_a_node_shows_its_wires(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("number",))
        desk.key(desk.window, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
        dialog = desk.window.findChild(RenameDialog)
        assert dialog.what.currentText() == "Step number"
        QTest.keyClicks(dialog.name, "ask_it")
        assert dialog.words.text() == "3 places change."
        desk.key(dialog.name, Qt.Key.Key_Escape)
        assert desk.model.saved


SCENARIO = """\
journeybuilder: 1
scenario: short
journey: parcel
customer: [{hears: number, says: "7"}]   # a good one
expect:
  - path: [greet, number, tell]
  - when: number == "7"
"""


def test_scenarios_follow_a_rename_and_are_saved_with_the_journey(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    (root / "scenarios").mkdir()
    file = root / "scenarios" / "short.scenario.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("tell",))
        desk.key(desk.window, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
        dialog = desk.window.findChild(RenameDialog)
        QTest.keyClicks(dialog.name, "say_it")
        assert dialog.go.text() == "Rename and save"
        assert "Scenarios that follow: 1" in dialog.words.text()
        desk.click(dialog.go)
        assert desk.model.saved
        text = file.read_text(encoding="utf-8")
        assert text == SCENARIO.replace("number, tell]", "number, say_it]")
        assert "say_it:" in (root / "journeys" / "parcel.journey.yaml").read_text(encoding="utf-8")


def test_a_selection_becomes_a_journey_of_its_own_that_is_called(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(("tell",))

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QInputDialog)
            QTest.keyClicks(dialog.findChild(QLineEdit), "Say it")
            QTest.keyClick(dialog, Qt.Key.Key_Return)

        QTimer.singleShot(0, desk.window, answer)
        desk.window.registry.run("edit.extract")
        made = root / "journeys" / "say-it.journey.yaml"
        assert "You said ${number}." in made.read_text(encoding="utf-8")
        calls = [node for node in desk.model.journey.nodes.values() if node.kind == "journey"]
        assert [node.settings["journey"] for node in calls] == ["say-it"]
        assert "tell" not in desk.model.journey.nodes
        assert desk.model.saved
        space = desk.window.files.workspace
        assert space is not None
        assert space.workspace.journeys["say-it"].journey.title == "Say it"
        desk.model.check()
        assert not [one for one in desk.model.findings if one.severity == "error"]
        for box in desk.window.findChildren(QInputDialog):
            box.deleteLater()
        for box in QApplication.topLevelWidgets():
            if box.objectName() == "told":
                box.close()
