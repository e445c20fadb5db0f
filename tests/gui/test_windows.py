"""Several windows, tabs, places of last time, the recent workspaces."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.gui.desk import JOURNEY, Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def make_two(root: Path) -> Path:
    """A workspace with two journeys."""
    make_workspace(root)
    second = JOURNEY.replace("journey: parcel", "journey: second").replace(
        "Where is my parcel", "Second & last"
    )
    (root / "journeys" / "second.journey.yaml").write_text(second, encoding="utf-8")
    return root


def titles(desk: Desk) -> list[str]:
    return [tab.model.journey.title for tab in desk.window.tabs()]


def open_two(desk: Desk, root: Path) -> None:
    desk.window.files.open_path(root)
    desk.window.files.open_journey("parcel")
    desk.window.files.open_journey("second")
    desk.window.activateWindow()
    desk.qtbot.waitUntil(desk.window.isActiveWindow)


def test_a_second_window_has_a_workspace_of_its_own_and_the_same_settings(
    qtbot: QtBot, tmp_path: Path
) -> None:
    one, two = make_workspace(tmp_path / "one"), make_workspace(tmp_path / "two")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(one)
        other = desk.windows.open_new(two)
        assert other.files.workspace is not None
        assert desk.window.files.workspace is not None
        assert other.files.workspace.root != desk.window.files.workspace.root
        other.frame.choose_theme("dark")
        assert desk.window.frame.is_theme("dark")
        other.close()
        assert desk.windows.open == [desk.window]
        assert desk.window.isVisible()


def test_a_workspace_that_another_window_has_open_is_shown_there(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "one")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        other = desk.windows.open_new()
        other.files.visit(root)
        assert other.files.workspace is None
        qtbot.waitUntil(desk.window.isActiveWindow)
        other.close()


def test_tabs_are_switched_and_closed_and_opened_again_by_keys(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        open_two(desk, make_two(tmp_path / "space"))
        assert desk.model.journey.id == "second"
        desk.key(desk.window, Qt.Key.Key_PageDown, CTRL)
        assert desk.model.journey.id == "parcel"
        desk.key(desk.window, Qt.Key.Key_PageUp, CTRL)
        assert desk.model.journey.id == "second"
        desk.key(desk.window, Qt.Key.Key_W, CTRL)
        assert titles(desk) == ["Where is my parcel"]
        desk.key(desk.window, Qt.Key.Key_T, CTRL | SHIFT)
        assert titles(desk) == ["Where is my parcel", "Second & last"]
        desk.window.registry.run("file.close_others")
        assert titles(desk) == ["Second & last"]


def test_the_middle_button_closes_a_tab(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        open_two(desk, make_two(tmp_path / "space"))
        bar = desk.window.journeys.tabBar()
        QTest.mouseClick(
            bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(0).center() - QPoint(10, 0)
        )
        assert titles(desk) == ["Second & last"]


def test_the_menu_of_a_tab_closes_the_others(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        open_two(desk, make_two(tmp_path / "space"))
        menu = desk.window.journeys.tab_menu(desk.window.tabs()[0])
        menu.popup(QPoint(0, 0))
        action = next(one for one in menu.actions() if "others" in one.text())
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
        assert titles(desk) == ["Where is my parcel"]


def test_what_was_open_and_where_one_looked_is_there_the_next_time(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_two(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        open_two(desk, root)
        desk.window.files.open_journey("parcel")
        qtbot.waitUntil(lambda: all(tab.seen for tab in desk.window.tabs()))
        QApplication.processEvents()
        assert desk.window.tab is not None
        desk.window.tab.canvas.set_zoom(1.5)
        desk.window.tab.canvas.centerOn(400, 120)
        assert desk.window.close()
        assert desk.settings.session == [str(root)]
    with Desk(qtbot, tmp_path) as desk:
        desk.windows.restore()
        assert sorted(titles(desk)) == ["Second & last", "Where is my parcel"]
        tab = desk.window.tab
        assert tab is not None
        assert tab.model.journey.id == "parcel"
        qtbot.waitUntil(lambda: tab.canvas.zoom() == 1.5)
        center = tab.canvas.visible_area().center()
        # panels that are made meanwhile may take a little of the width
        assert abs(center.x() - 400) < 60
        assert abs(center.y() - 120) < 60


def test_the_title_of_the_window_says_what_is_open_and_not_saved(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        assert desk.window.windowTitle() == "journeybuilder"
        desk.open(make_workspace(tmp_path / "space"))
        assert (
            desk.window.windowTitle() == "Where is my parcel[*] \u2013 test \u2013 journeybuilder"
        )
        assert not desk.window.isWindowModified()
        desk.model.set_value(("title",), "Parcels")
        assert desk.window.isWindowModified()
        assert desk.window.windowTitle().startswith("Parcels[*]")


def test_recent_workspaces_that_are_gone_leave_the_list(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        desk.settings.opened(tmp_path / "gone")
        desk.open(root)
        desk.window.files.close_workspace()
        menu: QMenu = desk.window.recent_menu.menu
        menu.aboutToShow.emit()
        assert desk.settings.recents == [str(root)]
        menu.actions()[0].trigger()
        assert desk.window.tab is not None
        desk.window.frame.clear_recents()
        assert not desk.settings.recents


def test_full_screen_and_back(qtbot: QtBot, tmp_path: Path) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.key(desk.window, Qt.Key.Key_F11)
        assert desk.window.isFullScreen()
        desk.key(desk.window, Qt.Key.Key_F11)
        assert not desk.window.isFullScreen()


def test_a_restart_asks_nothing_and_the_edits_are_there_again(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(root)
        desk.model.set_value(("title",), "Not saved")
        desk.windows.restart()
        assert not desk.window.isVisible()
        assert desk.settings.session == [str(root)]
    with Desk(qtbot, tmp_path) as desk:
        desk.windows.restore()
        assert desk.model.journey.title == "Not saved"
        assert not desk.model.saved


def test_a_restart_opens_the_journeys_that_were_open(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_two(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        open_two(desk, root)
        desk.windows.restart()
    with Desk(qtbot, tmp_path) as desk:
        desk.windows.restore()
        assert titles(desk) == ["Where is my parcel", "Second & last"]


def test_background_work_shows_how_far_it_is_and_can_be_stopped(
    qtbot: QtBot, tmp_path: Path
) -> None:
    stopped: list[str] = []
    with Desk(qtbot, tmp_path) as desk:
        line = desk.window.status.line
        assert not line.isVisible()
        first = desk.window.status.work("Asking", lambda: stopped.append("asking"))
        second = desk.window.status.work("Laying out", lambda: stopped.append("layout"))
        second.tell(done=0.25)
        assert line.isVisible()
        assert line.words.text() == "Laying out"
        assert line.bar.value() == line.bar.maximum() // 4
        assert line.more.text() == "and 1 more"
        desk.click(line.stop)
        assert stopped == ["layout"]
        assert line.words.text() == "Asking"
        first.end()
        first.end()
        assert not line.isVisible()
