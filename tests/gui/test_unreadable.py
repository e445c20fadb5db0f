"""A file that is no journey when it is opened: it is named, its text is shown, and it can be mended."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from journeybuilder.gui.canvas.hint import EmptyHint
from tests.gui.desk import JOURNEY, Desk, make_workspace

CTRL = Qt.KeyboardModifier.ControlModifier
MERGE = "<<<<<<< HEAD\n" + JOURNEY + "=======\n" + JOURNEY + ">>>>>>> theirs\n"
BROKEN = {
    "merge markers": MERGE.encode(),
    "no text": b"\x00\x01\x02\xff\xfe",
    "utf-16": JOURNEY.encode("utf-16"),
    "a list": b"- a\n- b\n",
    "tabs": JOURNEY.replace("  ", "\t").encode(),
    "too deep": b"a: " + b"[" * 2000 + b"]" * 2000,
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_no_journey_has_a_name_and_shows_its_text_with_what_is_wrong(
    qtbot: QtBot, tmp_path: Path, data: bytes
) -> None:
    root = make_workspace(tmp_path / "space")
    file = root / "journeys" / "parcel.journey.yaml"
    file.write_bytes(data)
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        assert desk.window.journeys.tabText(0) == "parcel"
        assert desk.window.windowTitle().startswith("parcel[*]")
        desk.until(tab.notice.isVisible)
        assert tab.notice.words.text().startswith("parcel.journey.yaml cannot be read as a journey")
        assert desk.window.docks.yaml.isVisible()
        assert not tab.findChild(EmptyHint).isVisible()
        desk.until(lambda: bool(tab.model.findings))
    assert file.read_bytes() == data


def test_a_file_that_is_no_journey_is_mended_as_text(qtbot: QtBot, tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "space")
    file = root / "journeys" / "parcel.journey.yaml"
    file.write_text("oops\n" + JOURNEY, encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        desk.until(tab.notice.isVisible)
        area = desk.window.docks.yaml.area
        cursor = area.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Start)
        area.setTextCursor(cursor)
        for _ in range(len("oops\n")):
            QTest.keyClick(area, Qt.Key.Key_Delete)
        desk.until(lambda: "greet" in desk.model.journey.nodes)
        desk.until(lambda: not tab.notice.isVisible())
        QTest.keyClick(area, Qt.Key.Key_S, CTRL)
        assert desk.model.saved
        assert file.read_text(encoding="utf-8") == JOURNEY
        assert desk.window.journeys.tabText(0) == "Where is my parcel"


def test_two_files_that_are_no_journeys_are_opened_again_the_next_time(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    for name in ("one", "two"):
        (root / "journeys" / f"{name}.journey.yaml").write_text("- a", encoding="utf-8")
    with Desk(qtbot, tmp_path) as desk:
        desk.window.files.open_path(root)
        desk.window.files.open_journey("one")
        desk.window.files.open_journey("two")
    with Desk(qtbot, tmp_path) as desk:
        desk.window.files.open_path(root)
        assert [tab.model.name for tab in desk.window.tabs()] == ["one", "two"]


def test_the_workspace_that_is_open_is_not_closed_when_it_is_opened_again(
    qtbot: QtBot, tmp_path: Path
) -> None:
    root = make_workspace(tmp_path / "space")
    with Desk(qtbot, tmp_path) as desk:
        tab = desk.open(root)
        desk.model.set_setting("greet", ("text",), "Mine")
        assert desk.window.files.open_path(root / "journeys" / "parcel.journey.yaml")
        assert desk.window.tab is tab
        assert not tab.model.saved
