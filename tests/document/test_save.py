import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from journeybuilder.document.write import save
from journeybuilder.errors import AuthorError, OperatorError

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and limits of POSIX")


def test_a_saved_file_holds_exactly_the_text_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "journeys" / "x.journey.yaml"
    save(path, "a: é\r\nb: 1\n")
    assert path.read_bytes() == "a: é\r\nb: 1\n".encode()
    save(path, "b: 2\n")
    assert path.read_bytes() == b"b: 2\n"
    assert [item.name for item in path.parent.iterdir()] == ["x.journey.yaml"]


@posix
def test_a_save_keeps_the_permissions(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    path.chmod(0o640)
    save(path, "a: 2\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "real.yaml"
    target.write_text("a: 1\n", encoding="utf-8")
    link = tmp_path / "link.yaml"
    link.symlink_to(target)
    save(link, "a: 2\n")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "a: 2\n"


_FULL = """
import resource, sys
from pathlib import Path
from journeybuilder.document.write import save
from journeybuilder.errors import OperatorError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    save(Path(sys.argv[1]), "b: " + "x" * 5000)
except OperatorError as error:
    print(error)
"""


@posix
def test_a_save_that_does_not_fit_leaves_the_old_file_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(path)], capture_output=True, text=True, check=True
    )
    assert "could not be saved" in done.stdout
    assert str(path) in done.stdout
    assert path.read_text(encoding="utf-8") == "a: 1\n"
    assert [item.name for item in tmp_path.iterdir()] == ["a.yaml"]


def test_a_place_that_cannot_hold_the_file_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OperatorError, match="could not be saved"):
        save(tmp_path / "file" / "a.yaml", "a: 1\n")
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(OperatorError, match="could not be saved"):
        save(tmp_path / "folder.yaml", "a: 1\n")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["file", "folder.yaml"]


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_file_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    path.chmod(0o444)
    with pytest.raises(OperatorError, match="may not write"):
        save(path, "a: 2\n")
    assert path.read_text(encoding="utf-8") == "a: 1\n"


def test_half_a_character_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(AuthorError, match="half a character"):
        save(tmp_path / "a.yaml", "a: \ud800")
    assert list(tmp_path.iterdir()) == []
