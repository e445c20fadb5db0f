"""The editor from end to end, by real events."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from journeybuilder.document.servers import ServerSpec
from journeybuilder.gui.forms.picks import PickEditor
from journeybuilder.gui.forms.schema_form import SwitchEditor
from journeybuilder.gui.panels.export import ExportDialog
from journeybuilder.gui.workspace.consent import ConsentDialog, shown_commands
from tests.gui.canvas.hand import ALT, CTRL, NO, SHIFT, Hand
from tests.gui.desk import JOURNEY, PARCELS, Desk, make_workspace

SAMPLES = Path(__file__).parents[2] / "samples"
EMPTY_JOURNEY = """\
journeybuilder: 1
journey: parcel
title: Where is my parcel
input: {properties: {number: {type: string}}, required: [number]}
"""


def port(desk: Desk, node: str, name: str) -> QPointF:
    assert desk.window.tab is not None
    return desk.window.tab.canvas.board.nodes[node].port_at(name)


def head(desk: Desk, node: str) -> QPointF:
    assert desk.window.tab is not None
    return desk.window.tab.canvas.board.nodes[node].card().topLeft() + QPointF(100, 14)


def field(desk: Desk, name: str) -> QLineEdit:
    return desk.window.docks.inspector.findChild(QLineEdit, name)


def test_a_journey_built_by_hand_over_a_discovered_tool_runs_headless(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", PARCELS, EMPTY_JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        desk.window.files.discover()
        space = desk.window.files.workspace
        assert space is not None
        desk.until(lambda: "parcels/find" in space.known.tools)
        hand = Hand(tab.canvas)
        hand.carry("tool", {"tool": "parcels/find"}, [QPointF(0, 0), QPointF(40, 40)])
        hand.carry("say", {}, [QPointF(300, 0), QPointF(340, 40)])
        hand.carry("end", {}, [QPointF(620, 0), QPointF(660, 40)])
        assert desk.model.node_ids() == ["find", "say", "end"]
        assert desk.model.journey.start == "find"
        hand.drag(port(desk, "find", "next"), head(desk, "say"))
        hand.drag(port(desk, "say", "next"), head(desk, "end"))

        hand.click(head(desk, "find"))
        form = desk.window.docks.inspector.form
        assert form is not None
        switch = form.findChild(SwitchEditor)
        desk.click(switch.switch)
        desk.write(QApplication.focusWidget(), "input.number")
        form.focus_path(("save",))
        desk.write(QApplication.focusWidget(), "parcel")

        hand.click(head(desk, "say"))
        form = desk.window.docks.inspector.form
        assert form is not None
        assert form.focus_path(("text",))
        desk.write(QApplication.focusWidget(), "It is in ${parcel.place}.")
        desk.until(lambda: not desk.model.findings)

        desk.key(desk.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        assert desk.model.saved
        text = (root / "journeys" / "parcel.journey.yaml").read_text(encoding="utf-8")
        assert text.startswith(EMPTY_JOURNEY)
        assert "tool: parcels/find" in text

        desk.key(desk.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        dialog = desk.window.findChild(ExportDialog)
        dialog.file.setText(str(tmp_path / "parcel.bundle.yaml"))
        desk.click(dialog.go)
        assert dialog.written is not None
        dialog.reject()
    done = subprocess.run(
        [sys.executable, "-m", "journeybuilder", "run", str(tmp_path / "parcel.bundle.yaml"),
         "--set", "number=P-7", "--json"],
        capture_output=True, text=True, check=False, timeout=50, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    said = [
        one["request"]["text"]
        for one in events
        if one.get("effect") == "say" and one["event"] == "asked"
    ]
    assert said == ["It is in Lyon, shelf 7."]
    assert events[-1]["event"] == "ended"


def test_undoing_everything_gives_the_same_bytes_and_redo_the_same_journey(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    file = root / "journeys" / "parcel.journey.yaml"
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        hand = Hand(tab.canvas)
        hand.drag(head(desk, "number"), head(desk, "number") + QPointF(0, 160))
        hand.click(head(desk, "greet"))
        desk.key(tab.canvas, Qt.Key.Key_Delete)
        desk.model.add("handoff", {"to": "desk"}, (0, 300), ("number", "on_timeout"))
        after = desk.model.journey.data
        steps = desk.model.history.count()
        desk.window.front.save()
        assert file.read_text(encoding="utf-8") != JOURNEY
        for _ in range(steps):
            desk.key(desk.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        desk.window.front.save()
        assert file.read_bytes() == JOURNEY.encode()
        for _ in range(steps):
            desk.key(desk.window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        assert desk.model.journey.data == after


def test_cutting_several_wires_with_one_stroke_is_undone_in_one_step(
    qtbot: QtBot, tmp_path: Path
) -> None:
    journey = JOURNEY.replace(
        "    next: done", "    timeout: 10m\n    on_timeout: done\n    next: done"
    )
    root = make_workspace(tmp_path / "space", journey=journey)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        before = desk.model.journey.data
        x = port(desk, "number", "next").x() + 12
        top = port(desk, "number", "next").y() - 30
        end = port(desk, "number", "on_timeout").y() + 40
        Hand(tab.canvas).drag(QPointF(x, top), QPointF(x, end), ALT | SHIFT)
        after = desk.model.journey.nodes["number"].settings
        assert not {"next", "on_timeout"} & {key for key, value in after.items() if value}
        desk.window.front.undo()
        assert desk.model.journey.data == before
        assert not desk.model.history.canUndo()


def test_a_journey_is_built_and_saved_with_keys_alone(qtbot: QtBot, tmp_path: Path) -> None:
    root = tmp_path / "space"
    shutil.copytree(SAMPLES / "blank", root)
    (root / "journeys" / "hello.layout.yaml").unlink()
    empty = "journeybuilder: 1\njourney: hello\ntitle: Hello\n"
    (root / "journeys" / "hello.journey.yaml").write_text(empty, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)

        def press(key: Qt.Key, keys: Qt.KeyboardModifier = NO) -> None:
            QTest.keyClick(focused(), key, keys)

        def choose(words: str) -> None:
            desk.until(lambda: isinstance(focused(), QLineEdit))
            QTest.keyClicks(focused(), words)
            press(Qt.Key.Key_Return)
            desk.until(tab.canvas.hasFocus)

        assert tab.canvas.hasFocus()
        press(Qt.Key.Key_Tab)
        choose("say")
        press(Qt.Key.Key_Return)
        assert desk.window.docks.inspector.isAncestorOf(focused())
        press(Qt.Key.Key_Tab)
        QTest.keyClicks(focused(), "Good day!")
        press(Qt.Key.Key_F6)
        assert tab.canvas.hasFocus()
        press(Qt.Key.Key_Tab)
        choose("end")
        assert desk.model.position("end")[0] > desk.model.position("say")[0]
        assert desk.model.position("end")[1] == desk.model.position("say")[1]
        press(Qt.Key.Key_Home)
        press(Qt.Key.Key_C)
        choose("end")
        press(Qt.Key.Key_S, CTRL)
        assert desk.model.saved
        desk.until(lambda: not desk.model.findings)
    done = subprocess.run(
        [sys.executable, "-m", "journeybuilder", "run", "hello", "--json"],
        capture_output=True, text=True, check=False, timeout=50, cwd=root,
    )  # fmt: skip
    assert "Good day!" in done.stdout, done.stderr
    assert done.returncode == 0


def focused() -> QWidget:
    """What has the focus: in an open list, else in the window."""
    popup = QApplication.activePopupWidget()
    found = (popup.focusWidget() if popup is not None else None) or QApplication.focusWidget()
    assert found is not None
    return found


def test_moving_a_node_changes_only_the_layout_file(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        Hand(tab.canvas).drag(head(desk, "done"), head(desk, "done") + QPointF(64, 64))
        assert not desk.model.saved
        desk.window.front.save()
        assert (root / "journeys" / "parcel.journey.yaml").read_bytes() == JOURNEY.encode()
        assert "done" in (root / "journeys" / "parcel.layout.yaml").read_text(encoding="utf-8")


def test_problems_follow_what_is_typed_and_a_click_goes_to_the_field(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        assert not desk.window.docks.problems.findings
        tab.canvas.select(["greet"])
        form = desk.window.docks.inspector.form
        assert form is not None
        form.focus_path(("text",))
        desk.write(QApplication.focusWidget(), " ${nubmer}")
        desk.until(lambda: bool(desk.window.docks.problems.findings))
        finding = desk.window.docks.problems.findings[0]
        assert "nubmer" in finding.message
        assert "number" in finding.hint
        assert "error" in desk.model.node("greet").badges
        tab.canvas.select(["done"])
        item = desk.window.docks.problems.list.rows()[0]
        place = desk.window.docks.problems.list.visualItemRect(item).center()
        qtbot.mouseClick(
            desk.window.docks.problems.list.viewport(), Qt.MouseButton.LeftButton, pos=place
        )
        assert tab.canvas.selected() == ("greet",)
        assert desk.window.docks.inspector.isAncestorOf(QApplication.focusWidget())


def test_typing_in_one_field_is_one_step_of_undo(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(["number"])
        form = desk.window.docks.inspector.form
        assert form is not None
        form.focus_path(("save",))
        line = QApplication.focusWidget()
        desk.write(line, "_of_it")
        assert desk.model.journey.nodes["number"].settings["save"] == "number_of_it"
        assert desk.model.history.count() == 1
        desk.window.front.undo()
        assert desk.model.journey.nodes["number"].settings["save"] == "number"
        assert isinstance(line, QLineEdit)
        assert line.text() == "number"


def test_a_dead_server_is_shown_in_its_row_and_the_other_works(
    qtbot: QtBot, tmp_path: Path
) -> None:
    servers = {**PARCELS, "dead": {"command": "${python}", "args": ["-c", "raise SystemExit(3)"]}}
    root = make_workspace(tmp_path / "space", servers)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.window.files.discover()
        space = desk.window.files.workspace
        assert space is not None
        assert space.servers["dead"].state == "connecting"
        desk.until(lambda: {one.state for one in space.servers.values()} == {"ready", "failed"})
        model = desk.window.docks.palette.model
        desk.until(lambda: bool(model.find("tool:parcels/find").isValid()))
        rows = {row.title: row for row in model.rows}
        assert space.servers["dead"].error in rows["dead"].tip
        assert len(rows["parcels"].children) == 1


def test_no_server_starts_before_the_person_allows_it(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", PARCELS)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root, allow=False)
        desk.window.files.discover()
        dialog = desk.window.findChild(ConsentDialog)
        assert dialog.isVisible()
        space = desk.window.files.workspace
        assert space is not None
        assert space.servers["parcels"].state == "idle"
        desk.click(dialog.findChild(QPushButton, "deny"))
        assert space.servers["parcels"].state == "idle"
        desk.window.files.discover()
        dialog = next(one for one in desk.window.findChildren(ConsentDialog) if one.isVisible())
        desk.click(dialog.findChild(QPushButton, "allow"))
        desk.until(lambda: space.servers["parcels"].ok)
        assert not [path for path in root.rglob("*") if "consent" in path.name]


def test_a_rehearsal_with_real_tools_starts_no_server_that_was_not_allowed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space", PARCELS)
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root, allow=False)
        panel = desk.window.docks.rehearsal
        panel.world.setCurrentIndex(panel.world.findData("real tools"))
        desk.key(desk.window, Qt.Key.Key_F5)
        dialog = next(one for one in desk.window.findChildren(ConsentDialog) if one.isVisible())
        assert not desk.window.rehearsing.running
        desk.click(dialog.findChild(QPushButton, "deny"))
        assert not desk.window.rehearsing.running
        space = desk.window.files.workspace
        assert space is not None
        assert space.servers["parcels"].state == "idle"


def test_the_command_behind_a_url_is_shown_before_it_is_allowed() -> None:
    specs = {
        "web": ServerSpec("web", "http", url="http://127.0.0.1:1", start=("${python}", "crm.py")),
        "far": ServerSpec("far", "http", url="https://example.com"),
        "off": ServerSpec("off", "stdio", command="rm", disabled=True),
    }
    assert dict(shown_commands("/w", specs)) == {"web": [sys.executable, "crm.py"]}


@pytest.mark.parametrize(
    ("button", "closed", "kept"),
    [("save", True, True), ("discard", True, False), ("cancel", False, False)],
)
def test_closing_with_changes_asks(
    qtbot: QtBot, tmp_path: Path, button: str, closed: bool, kept: bool
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.model.set_value(("title",), "Parcels")

        def answer() -> None:
            box = QApplication.activeModalWidget()
            assert isinstance(box, QMessageBox)
            desk.click(box.findChild(QPushButton, button))

        QTimer.singleShot(0, answer)
        assert desk.window.close() is closed
        text = (root / "journeys" / "parcel.journey.yaml").read_text(encoding="utf-8")
        assert ("title: Parcels" in text) is kept


def test_a_change_from_outside_is_read_when_there_is_nothing_to_lose(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        file = root / "journeys" / "parcel.journey.yaml"
        file.write_text(JOURNEY.replace("Hello!", "Welcome!"), encoding="utf-8")
        desk.until(lambda: desk.model.journey.nodes["greet"].settings["text"] == "Welcome!")
        assert desk.model.saved


def test_enter_in_the_palette_adds_behind_the_selected_node(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY.replace("    next: done\n", ""))
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.canvas.select(["number"])
        keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        desk.key(desk.window, Qt.Key.Key_A, keys)
        desk.write(QApplication.focusWidget(), "hand of")
        desk.key(QApplication.focusWidget(), Qt.Key.Key_Return)
        assert desk.model.journey.nodes["number"].settings["next"] == "handoff"
        assert tab.canvas.selected() == ("handoff",)


def test_every_command_can_be_found_in_the_command_palette(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.window.show_commands()
        shown = desk.window.commands.list.count()
        assert shown == len(desk.window.registry.commands) - 1  # all but the one that opens it
        desk.write(desk.window.commands.line, "dark")
        desk.key(desk.window.commands.line, Qt.Key.Key_Return)
        assert desk.look.theme.name == "dark"
        assert desk.settings.get("theme") == "dark"


def test_the_start_page_offers_the_sample_and_the_recent_workspaces(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        assert desk.window.welcome.findChild(QPushButton, "welcome.file.sample") is not None
        desk.open(root)
        assert desk.window.files.close_workspace()
        buttons = desk.window.welcome.findChildren(QPushButton)
        recent = [one for one in buttons if one.accessibleName() == "Open space"]
        desk.click(recent[-1])
        assert desk.window.tab is not None


def test_choosing_another_tool_makes_its_form(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", PARCELS)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        desk.window.files.discover()
        space = desk.window.files.workspace
        assert space is not None
        desk.until(lambda: "parcels/find" in space.known.tools)
        node = desk.model.add("tool", {}, (0, 400))
        tab.canvas.select([node])
        form = desk.window.docks.inspector.form
        assert form is not None
        pick = form.findChild(PickEditor)
        edit = pick.combo.lineEdit()
        assert edit is not None
        desk.write(edit, "parcels/find")
        desk.key(edit, Qt.Key.Key_Return)
        form = desk.window.docks.inspector.form
        assert form is not None
        assert desk.model.journey.nodes[node].settings["tool"] == "parcels/find"
        assert form.findChild(SwitchEditor).path == ("with", "number")
