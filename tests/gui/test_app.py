"""The editor as the command line starts it, in a process of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_screenshot_is_drawn_in_the_wanted_size_and_leaves_no_trace(tmp_path: Path) -> None:
    config, root, picture = tmp_path / "config", tmp_path / "space", tmp_path / "picture.png"
    config.mkdir()
    shutil.copytree(SAMPLES / "blank", root)
    before = contents(root)
    done = subprocess.run(
        [sys.executable, "-m", "journeybuilder", "open", str(root), "--screenshot", str(picture),
         "--size", "900x600", "--theme", "dark"],
        capture_output=True, text=True, check=False, timeout=100, cwd=tmp_path,
        env={**os.environ, "JOURNEYBUILDER_CONFIG": str(config), "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    header = picture.read_bytes()[:24]
    assert header[:4] == b"\x89PNG"
    assert (int.from_bytes(header[16:20]), int.from_bytes(header[20:24])) == (900, 600)
    assert contents(root) == before
    assert not list(config.iterdir())


def test_importing_the_editor_first_leaves_models_with_annotations_usable(tmp_path: Path) -> None:
    words = (
        "import journeybuilder.gui.app, sys; assert 'pydantic.fields' in sys.modules; "
        "from pydantic import BaseModel; "
        "from journeybuilder.kinds import KINDS; "
        "[kind.settings.model_json_schema() for kind in KINDS.values()]"
    )
    done = subprocess.run(
        [sys.executable, "-c", words],
        capture_output=True, text=True, check=False, timeout=100, cwd=tmp_path,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def jb(tmp_path: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "journeybuilder", "open", *words],
        capture_output=True, text=True, check=False, timeout=100, cwd=tmp_path,
        env={**os.environ, "JOURNEYBUILDER_CONFIG": str(tmp_path / "config"),
             "QT_QPA_PLATFORM": "offscreen", **more},
    )  # fmt: skip


def test_what_cannot_be_opened_is_said_before_a_window_is(tmp_path: Path) -> None:
    done = jb(tmp_path, str(tmp_path / "nothing"))
    assert done.returncode == 2
    assert "there is nothing to open here" in done.stderr
    alone = tmp_path / "alone.journey.yaml"
    alone.write_text("journeybuilder: 1\njourney: alone\n", encoding="utf-8")
    done = jb(tmp_path, str(alone))
    assert done.returncode == 2
    assert "this file is in no workspace" in done.stderr
    assert "jb init" in done.stderr


def test_a_picture_shows_the_wanted_step_and_panel_or_says_what_is_missing(tmp_path: Path) -> None:
    root, picture = tmp_path / "space", tmp_path / "picture.png"
    shutil.copytree(SAMPLES / "retail", root)
    file = str(root / "journeys" / "order-return.journey.yaml")
    done = jb(tmp_path, file, "--screenshot", str(picture), "--select", "which", "--panel",
              "outline", "--language", "de")  # fmt: skip
    assert done.returncode == 0, done.stderr
    first = picture.read_bytes()
    done = jb(tmp_path, file, "--screenshot", str(picture), "--language", "de")
    assert done.returncode == 0, done.stderr
    assert picture.read_bytes() != first
    done = jb(tmp_path, file, "--screenshot", str(picture), "--panel", "nope")
    assert done.returncode == 2
    assert "outline" in done.stderr
    done = jb(tmp_path, file, "--screenshot", str(picture), "--select", "nope")
    assert done.returncode == 2
    assert "no step 'nope'" in done.stderr
    assert jb(tmp_path, file, "--select", "which").returncode == 2
