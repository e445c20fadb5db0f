"""The tour: everything on the sample workspace, with its real servers."""

import re
from pathlib import Path

import pytest

from tests.cli.shell import program
from tests.connect.pools import free_port

pytestmark = [pytest.mark.xdist_group("retail servers"), pytest.mark.timeout(240)]


def test_the_tour_goes_from_the_servers_to_a_run_in_the_store(tmp_path: Path) -> None:
    result = program(
        "demo", "--no-gui", "--dir", str(tmp_path / "tour"),
        folder=tmp_path, env={"RETAIL_CRM_PORT": str(free_port())}, patience=200,
    )  # fmt: skip
    assert result.status == 0, result
    assert "no findings" in result.out
    assert "passed: a late return above the limit is approved by a person" in result.out
    assert re.search(r"^\d+ passed in ", result.out, re.MULTILINE)
    assert "■ ended: " in result.out
    assert "The tour is done." in result.out
    assert (tmp_path / "tour" / "order-return.bundle.yaml").is_file()


def test_the_tour_does_not_write_into_a_folder_that_has_something_in_it(tmp_path: Path) -> None:
    (tmp_path / "tour").mkdir()
    (tmp_path / "tour" / "mine.txt").write_text("mine", encoding="utf-8")
    result = program("demo", "--no-gui", "--dir", str(tmp_path / "tour"), folder=tmp_path)
    assert result.status == 2
    assert "Traceback" not in result.err
    assert [path.name for path in (tmp_path / "tour").iterdir()] == ["mine.txt"]
