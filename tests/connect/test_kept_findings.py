"""Findings are kept while nothing has changed, and a change of anything that is read is seen."""

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from journeybuilder.connect import kept_findings
from journeybuilder.connect.kept_findings import Checked, keep, kept, mark_of
from journeybuilder.document.findings import Finding
from journeybuilder.document.workspace import read_workspace
from journeybuilder.host import findings_of
from tests.fakes import write_files

RETAIL = Path(__file__).parents[2] / "samples" / "retail"
FINDING = Finding("JB999", "error", "journeys/a.journey.yaml", 3, 5, "a", "Something.", "Mend it.")
CHECKED = Checked([FINDING], ["journeys/a.journey.yaml"])


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_shop(tmp_path / "shop")


def write_shop(root: Path) -> Path:
    shutil.copytree(RETAIL, root)
    (root / ".journeybuilder").mkdir(exist_ok=True)
    return root


def test_what_was_found_is_known_while_the_mark_is_the_same(shop: Path) -> None:
    mark = mark_of(shop)
    assert kept(shop, mark) is None
    keep(shop, mark, CHECKED)
    assert kept(shop, mark_of(shop)) == CHECKED
    assert kept(shop, "another mark") is None


_OPENED: list[Path] = []
_WATCHED: list[Path] = []


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if (
        event in {"open", "os.listdir", "os.scandir"}
        and _WATCHED
        and isinstance(args[0], str | Path)
    ):
        path = Path(args[0]).absolute()
        if path.is_relative_to(_WATCHED[0]):
            _OPENED.append(path)


def test_every_file_that_a_check_reads_is_part_of_the_mark(shop: Path) -> None:
    write_files(shop, {".journeybuilder/catalog.json": '{"version": 1, "servers": {}}'})
    sys.addaudithook(_watch)  # cannot be taken away again, so it looks only while this list is full
    _WATCHED.append(shop)
    findings_of(read_workspace(shop))
    _WATCHED.clear()
    files = {path for path in _OPENED if path.is_file()}
    assert len(files) > 8
    for path in files:
        before = mark_of(shop)
        path.write_bytes(path.read_bytes() + b"\n")
        assert mark_of(shop) != before, path
    for folder in {path for path in _OPENED if path.is_dir()}:
        before = mark_of(shop)
        (folder / "new.journey.yaml").write_text("")
        assert mark_of(shop) != before, folder


@pytest.mark.parametrize(
    "name",
    ["mcp.json", "models.yaml", "mcp.lock", "journeys/new.journey.yaml", "journeys/new.layout.yaml",
     "scenarios/new.scenario.yaml", ".journeybuilder/catalog.json"],
)  # fmt: skip
def test_a_file_that_comes_or_goes_changes_the_mark(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, {"journeybuilder.yaml": "journeybuilder: 1\n"})
    marks = [mark_of(tmp_path)]
    for content in ("", "x", "y"):
        write_files(tmp_path, {name: content})
        marks.append(mark_of(tmp_path))
    assert len(set(marks)) == 4
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    assert mark_of(tmp_path) not in marks


def test_another_program_has_another_mark(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = write_files(tmp_path / "package", {"checks/names.py": "old"})
    monkeypatch.setattr(kept_findings, "_PACKAGE", tmp_path / "package")
    del package
    mark = mark_of(shop)
    assert mark_of(shop) == mark
    write_files(tmp_path / "package", {"checks/names.py": "newer"})
    assert mark_of(shop) != mark


def test_a_file_that_changes_during_the_check_leaves_nothing_kept(shop: Path) -> None:
    mark = mark_of(shop)
    write_files(shop, {"models.yaml": "models: {}\n"})
    keep(shop, mark, CHECKED)
    assert kept(shop, mark) is None
    assert kept(shop, mark_of(shop)) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"mark": 1}', '{"mark": "MARK"}',
                                     '{"mark": "MARK", "findings": [{"a": 1}], "files": []}',
                                     "[" * 100_000])  # fmt: skip
def test_a_damaged_file_is_no_answer(shop: Path, content: str) -> None:
    mark = mark_of(shop)
    write_files(shop, {".journeybuilder/findings.json": content.replace("MARK", mark)})
    assert kept(shop, mark) is None


def test_without_a_folder_for_local_state_nothing_is_written(tmp_path: Path) -> None:
    write_files(tmp_path, {"journeybuilder.yaml": "journeybuilder: 1\n"})
    keep(tmp_path, mark_of(tmp_path), CHECKED)
    assert [path.name for path in tmp_path.iterdir()] == ["journeybuilder.yaml"]


@pytest.mark.skipif(os.name == "nt", reason="Windows makes no links without a privilege")
def test_what_cannot_be_read_has_no_mark_and_is_checked_anew(shop: Path) -> None:
    (shop / "journeys" / "loop.journey.yaml").symlink_to("loop.journey.yaml")
    assert mark_of(shop) == ""
    keep(shop, "", CHECKED)
    assert kept(shop, "") is None
