"""Find and replace in the window, jumps, back and forward, bookmarks."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from journeybuilder.gui.look.rows import SUB
from journeybuilder.gui.panels.find import FindPanel
from journeybuilder.gui.trail import Trail
from tests.gui.desk import JOURNEY, Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
OTHER = """\
journeybuilder: 1
journey: other
title: Another one
start: a
nodes:
  a: {kind: say, text: "Is it your number?", next: call}
  call: {kind: journey, journey: parcel, next: z}
  z: {kind: end}
"""


def active(desk: Desk) -> None:
    desk.window.activateWindow()
    desk.until(desk.window.isActiveWindow)


def panel_of(desk: Desk) -> FindPanel:
    panel = desk.window.docks.panel("find")
    assert isinstance(panel, FindPanel)
    desk.until(panel.isVisible)
    return panel


def two_journeys(tmp_path: Path) -> Path:
    root = make_workspace(tmp_path / "space")
    (root / "journeys" / "other.journey.yaml").write_text(OTHER, encoding="utf-8")
    return root


def test_words_are_found_shown_on_the_canvas_and_replaced_one_by_one(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        active(desk)
        desk.key(desk.window, Qt.Key.Key_H, CTRL)
        panel = panel_of(desk)
        desk.until(panel.line.hasFocus)
        QTest.keyClicks(panel.line, "hello")
        desk.until(lambda: len(panel.found) == 1)
        QTest.keyClicks(panel.new, "Good day")
        assert "Hello!  →  Good day!" in panel.tree.rows()[0].data(0, SUB)
        desk.key(panel.line, Qt.Key.Key_Return)
        assert tab.canvas.selected() == ("greet",)
        desk.key(panel.new, Qt.Key.Key_Return)
        assert desk.model.journey.nodes["greet"].settings["text"] == "Good day!"
        assert not panel.found
        desk.model.history.undo()
        assert desk.model.saved


def test_replacing_all_renames_names_everywhere_and_is_one_step(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        active(desk)
        desk.key(desk.window, Qt.Key.Key_H, CTRL)
        panel = panel_of(desk)
        QTest.keyClicks(panel.line, "number")
        QTest.keyClicks(panel.new, "code")
        desk.until(lambda: [one.match.found for one in panel.found] == ["number"] * 3)
        desk.until(panel.all.isEnabled)
        desk.click(panel.all)
        nodes = desk.model.journey.nodes
        assert nodes["greet"].settings["next"] == "code"
        assert nodes["code"].settings["save"] == "code"
        assert nodes["code"].settings["text"] == "What is its code?"
        desk.model.history.undo()
        assert desk.model.saved


def test_a_pattern_that_cannot_be_read_is_told_below_the_field(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        active(desk)
        desk.key(desk.window, Qt.Key.Key_H, CTRL)
        panel = panel_of(desk)
        panel.regex.click()
        QTest.keyClicks(panel.line, "(")
        desk.until(lambda: "cannot be read" in panel.words.text())
        assert not panel.found


def test_the_whole_workspace_is_searched_and_closed_journeys_open_to_be_changed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = two_journeys(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        assert desk.window.files.open_path(root)
        desk.window.files.open_journey("parcel")
        active(desk)
        desk.key(desk.window, Qt.Key.Key_F, CTRL | SHIFT)
        panel = panel_of(desk)
        desk.until(panel.line.hasFocus)
        QTest.keyClicks(panel.line, "number?")
        desk.until(lambda: {one.journey for one in panel.found} == {"parcel", "other"})
        QTest.keyClicks(panel.new, "code?")
        desk.click(panel.all)
        models = {tab.model.journey.id: tab.model for tab in desk.window.tabs()}
        assert models["other"].journey.nodes["a"].settings["text"] == "Is it your code?"
        assert models["parcel"].journey.nodes["number"].settings["text"] == "What is its code?"
        assert desk.model is models["parcel"]
        for model in models.values():
            model.history.undo()
            assert model.saved


def test_back_and_forward_go_through_the_places_across_journeys(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = two_journeys(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        assert desk.window.files.open_path(root)
        first = desk.window.files.open_journey("parcel")
        assert first is not None
        first.go_to("number")
        first.go_to("done")
        other = desk.window.files.open_journey("other")
        assert other is not None
        other.go_to("call")
        active(desk)
        desk.key(desk.window, Qt.Key.Key_Left, ALT)
        assert desk.window.tab is other
        desk.key(desk.window, Qt.Key.Key_Left, ALT)
        assert desk.window.tab is first
        assert first.canvas.selected() == ("done",)
        desk.key(desk.window, Qt.Key.Key_Left, ALT)
        assert first.canvas.selected() == ("number",)
        first.model.remove(("done",))
        desk.key(desk.window, Qt.Key.Key_Right, ALT)
        assert desk.window.tab is other, "a place that is gone is passed by"
        first.model.history.undo()


def test_f12_goes_to_the_called_journey_and_to_who_sets_a_variable(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = two_journeys(tmp_path)
    with Desk(qtbot, tmp_path) as desk:
        assert desk.window.files.open_path(root)
        other = desk.window.files.open_journey("other")
        assert other is not None
        other.go_to("call")
        active(desk)
        desk.key(desk.window, Qt.Key.Key_F12)
        assert desk.model.journey.id == "parcel"
        tab = desk.window.tab
        assert tab is not None
        desk.model.set_setting("greet", ("text",), "Hi ${number}")
        tab.go_to("greet")
        desk.key(desk.window, Qt.Key.Key_F12)
        assert tab.canvas.selected() == ("number",)
        desk.key(desk.window, Qt.Key.Key_F12, SHIFT)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        words = [one.text() for one in menu.actions()]
        assert words == ["Greet leads here by ‘next’", "Greet reads number"]
        QTest.keyClick(menu, Qt.Key.Key_Return)
        assert tab.canvas.selected() == ("greet",)
        desk.model.history.undo()


def test_a_bookmark_is_set_gone_to_and_kept_in_the_layout(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space", journey=JOURNEY)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        tab.go_to("number")
        desk.window.registry.run("bookmark.set.3")
        assert desk.model.bookmarks() == {"3": "number"}
        tab.go_to("done")
        active(desk)
        desk.key(desk.window, Qt.Key.Key_3, ALT)
        assert tab.canvas.selected() == ("number",)
        assert Trail.of(desk.window).places[-1].node == "number"
        desk.window.front.save()
        layout = (root / "journeys" / "parcel.layout.yaml").read_text(encoding="utf-8")
        assert "bookmarks" in layout
        desk.window.registry.run("bookmark.set.3")
        assert desk.model.bookmarks() == {}
        desk.model.history.undo()
