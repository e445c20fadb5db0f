"""Versions of a journey: kept by saves, told by git, compared in words and drawing, gone back to."""

import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from journeybuilder.gui.journey.kept_versions import MOST, KeptVersions
from journeybuilder.gui.journey.three_way import Pair
from journeybuilder.gui.panels.compare import Comparison
from journeybuilder.gui.panels.history import HistoryPanel
from journeybuilder.gui.panels.versions import VersionsPanel
from journeybuilder.gui.versions.git_versions import commits_in
from journeybuilder.gui.versions.text_diff import lined_up
from tests.gui.desk import JOURNEY, Desk, make_workspace

SETTLE = 45


class Space:
    """A workspace with one journey."""

    def __init__(self, tmp_path: Path) -> None:
        self.root = make_workspace(tmp_path / "space")
        self.file = self.root / "journeys" / "parcel.journey.yaml"

    def git(self, *words: str) -> None:
        """Let git do something in the workspace."""
        name = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        subprocess.run(["git", *name, *words], cwd=self.root, check=True, capture_output=True)


@pytest.fixture
def space(tmp_path: Path) -> Space:
    return Space(tmp_path)


def versions(desk: Desk) -> VersionsPanel:
    """The panel, shown."""
    desk.window.docks.go("versions")
    panel = desk.window.docks.panel("versions")
    assert isinstance(panel, VersionsPanel)
    desk.until(lambda: "Asking" not in panel.told.text())
    return panel


def choose(panel: VersionsPanel, *titles: str) -> None:
    """Select the versions with these titles."""
    panel.list.clearSelection()
    for row in range(panel.list.count()):
        if panel.list.item(row).text() in titles:
            panel.list.item(row).setSelected(True)


def comparison(desk: Desk) -> Comparison:
    """The window with the comparison, once it has compared."""
    dialog = desk.window.findChild(Comparison)
    desk.until(lambda: dialog.sight is not None)
    return dialog


def text_of(desk: Desk, node: str) -> object:
    return desk.model.journey.nodes[node].settings.get("text")


def test_a_text_is_kept_once_and_comes_back_the_same(tmp_path: Path) -> None:
    store = KeptVersions(tmp_path)
    for text in ("ä\r\nb", "c", "ä\r\nb"):
        store.keep("parcel", Pair(text, "layout"), "saved", text)
    kept = store.of("parcel")
    assert [one.title for one in kept] == ["ä\r\nb", "c", "ä\r\nb"]
    assert store.pair(kept[0].journey, kept[0].layout) == Pair("ä\r\nb", "layout")
    assert len(list((tmp_path / "versions" / "texts").glob("*/*"))) == 3


def test_the_same_version_is_not_listed_twice_in_a_row(tmp_path: Path) -> None:
    store = KeptVersions(tmp_path)
    for why in ("opened", "before", "saved"):
        store.keep("parcel", Pair("text"), why)
    assert len(store.of("parcel")) == 1


def test_the_oldest_versions_go_first_and_their_texts_with_them(tmp_path: Path) -> None:
    store = KeptVersions(tmp_path)
    store.keep("other", Pair("version 0"), "saved")
    for number in range(MOST + SETTLE):
        store.keep("parcel", Pair(f"version {number}"), "saved", str(number))
    kept = store.of("parcel")
    assert MOST <= len(kept) < MOST + SETTLE
    assert kept[0].title == str(MOST + SETTLE - 1)
    assert all(store.text(one.journey) is not None for one in kept)
    assert store.pair(store.of("other")[0].journey, "") == Pair("version 0")
    assert len(list((tmp_path / "versions" / "texts").glob("*/*"))) <= len(kept) + 1


def test_a_damaged_text_or_list_costs_only_itself(tmp_path: Path) -> None:
    store = KeptVersions(tmp_path)
    for text in ("one", "two"):
        store.keep("parcel", Pair(text), "saved", text)
    first = store.of("parcel")[1]
    next((tmp_path / "versions" / "texts").glob(f"*/{first.journey}")).write_bytes(b"garbage")
    with (tmp_path / "versions" / "parcel.jsonl").open("ab") as file:
        file.write(b'\xff{"at": "half a li')
    assert store.pair(first.journey, "") is None
    assert [one.title for one in store.of("parcel")] == ["two", "one"]
    assert store.text("../../etc/passwd") is None


def test_a_folder_that_cannot_be_written_keeps_nothing_and_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "versions").write_text("no folder", encoding="utf-8")
    store = KeptVersions(tmp_path)
    store.keep("parcel", Pair("text"), "saved")
    assert store.of("parcel") == []


def test_what_git_prints_is_read_whatever_the_message_says() -> None:
    out = (
        "\x1eabc\x1fAda\x1f2026-01-02T03:04:05+01:00\x1fA — message | with\ttabs\n\njourneys/a.journey.yaml\n"
        "\x1ebroken\n"
        "\x1edef\x1fBo\x1fno time\x1fx\n\njourneys/a.journey.yaml\n"
    )
    found = commits_in(out)
    assert [(one.id, one.message, one.path) for one in found] == [
        ("abc", "A — message | with\ttabs", "journeys/a.journey.yaml")
    ]


def test_lines_of_both_texts_stand_beside_each_other() -> None:
    left, right = lined_up("a\nb\nc\n", "a\nB\nb2\nc\n")
    assert [one.what for one in left] == ["same", "gone", "none", "same"]
    assert [one.text for one in right] == ["a", "B", "b2", "c"]


def test_commits_of_a_renamed_file_are_listed_compared_and_gone_back_to_as_one_step(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    old = space.file.with_name("old.journey.yaml")
    space.file.rename(old)
    space.git("init")
    space.git("add", ".")
    space.git("commit", "-m", "First")
    space.git("mv", str(old), str(space.file))
    space.git("commit", "-am", "Moved")
    space.file.write_text(JOURNEY.replace("Hello!", "Welcome!"), encoding="utf-8")
    space.git("commit", "-am", "Kinder")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        panel = versions(desk)
        desk.until(lambda: "3 commits" in panel.told.text())
        choose(panel, "First")
        desk.click(panel.compare)
        desk.until(lambda: desk.window.findChild(Comparison) is not None)
        dialog = comparison(desk)
        assert [one.words for one in dialog.list.changes] == [
            "'greet' → text is 'Welcome!' instead of 'Hello!'"
        ]
        steps = desk.model.history.count()
        desk.click(dialog.go_back)
        assert desk.model.history.count() == steps + 1
        assert text_of(desk, "greet") == "Hello!"
        desk.until(lambda: not dialog.list.changes)
        dialog.reject()
        desk.window.front.save()
        assert space.file.read_text(encoding="utf-8") == JOURNEY  # comments and all
        desk.model.history.undo()
        assert text_of(desk, "greet") == "Welcome!"


def test_without_git_the_panel_says_so_and_lists_what_is_kept(
    qtbot: QtBot, tmp_path: Path, space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "Mine")
        desk.window.front.save()
        panel = versions(desk)
        assert "git is not installed" in panel.told.text()
        titles = [panel.list.item(row).text() for row in range(panel.list.count())]
        assert "Change text of Greet" in titles


def test_one_change_of_a_version_is_taken_and_the_others_stay(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "Mine")
        desk.model.remove(["done"])
        desk.model.add("say", {"text": "New"}, (500, 300))
        desk.window.registry.run("versions.compare_saved")
        dialog = comparison(desk)
        whats = [one.what for one in dialog.list.changes]
        assert {"node_removed", "setting_changed", "node_added"} <= set(whats)
        dialog.list.setCurrentRow(whats.index("node_removed"))
        desk.click(dialog.take)
        assert "done" in desk.model.journey.nodes
        assert text_of(desk, "greet") == "Mine"
        desk.until(lambda: "node_removed" not in [one.what for one in dialog.list.changes])
        dialog.list.setCurrentRow([one.what for one in dialog.list.changes].index("node_added"))
        desk.click(dialog.take)
        assert "say" not in desk.model.journey.nodes
        desk.model.history.undo()
        assert "say" in desk.model.journey.nodes
        dialog.reject()


def test_a_comparison_draws_what_is_gone_and_changes_nothing_by_the_canvas(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        desk.model.remove(["done"])
        before = desk.model.draft
        desk.window.registry.run("versions.compare_saved")
        dialog = comparison(desk)
        assert "done" in dialog.canvas.board.nodes
        dialog.canvas.select(("done",))
        desk.key(dialog.canvas, Qt.Key.Key_Delete)
        assert "done" in dialog.canvas.board.nodes
        assert desk.model.draft is before
        dialog.reject()


def test_two_versions_are_compared_with_each_other(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        for node in ("greet", "number"):
            desk.model.set_setting(node, ("text",), "Mine")
            desk.window.front.save()
        panel = versions(desk)
        choose(panel, "Change text of Greet", "Change text of Number")
        desk.click(panel.compare)
        dialog = comparison(desk)
        assert [one.node for one in dialog.list.changes] == ["number"]
        assert not dialog.go_back.isVisible()
        desk.click(dialog.copy)
        assert "What is its number?" in QApplication.clipboard().text()
        dialog.reject()


def test_the_history_shows_what_is_saved_and_a_click_goes_to_any_state_after_a_restart_too(
    qtbot: QtBot, tmp_path: Path, space: Space
) -> None:
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        desk.model.set_setting("greet", ("text",), "One")
        desk.window.front.save()
        desk.model.set_setting("number", ("text",), "Two")
    with Desk(qtbot, tmp_path) as desk:
        desk.open(space.root)
        desk.window.docks.go("history")
        panel = desk.window.docks.panel("history")
        assert isinstance(panel, HistoryPanel)
        said = [panel.list.item(row).toolTip().splitlines() for row in range(panel.list.count())]
        assert [one[0] for one in said] == [
            "The beginning", "Change text of Greet", "Change text of Number",
        ]  # fmt: skip
        assert said[1][1] == "saved"
        assert said[2][1] == "shown now"
        assert ":" in said[2][2]
        panel.list.setCurrentRow(0)
        desk.key(panel.list, Qt.Key.Key_Return)
        assert text_of(desk, "greet") == "Hello!"
        assert panel.list.item(2).toolTip().splitlines()[1] == "undone"
        desk.click(panel.saved)
        assert desk.model.saved
        assert text_of(desk, "greet") == "One"
