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
