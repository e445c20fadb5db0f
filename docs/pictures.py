"""Draws the pictures of README and docs with the program itself: `python docs/pictures.py`.

Every picture is the window on a copy of the sample workspace, drawn headless by `jb open --screenshot`.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
JOURNEY = Path("journeys", "order-return.journey.yaml")
SHOTS = {
    "editor-light": ("--theme", "light", "--select", "eligible"),
    "editor-dark": ("--theme", "dark", "--select", "ask_why"),
    "editor-contrast": ("--theme", "high-contrast", "--select", "decide"),
    "editor-german": ("--theme", "light", "--language", "de", "--select", "label"),
    "editor-text": ("--theme", "dark", "--panel", "yaml", "--select", "why"),
    "editor-variables": ("--theme", "light", "--panel", "variables", "--select", "look_up"),
}


def main() -> int:
    """Draw every picture; exit status 1 when one could not be drawn."""
    IMAGES.mkdir(exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        space = Path(folder, "retail")
        shutil.copytree(ROOT / "samples" / "retail", space)
        for name, options in SHOTS.items():
            target = IMAGES / f"{name}.png"
            command = [sys.executable, "-m", "journeybuilder", "open", str(space / JOURNEY)]
            done = subprocess.run(  # noqa: S603 - our own program with words of this file
                [*command, "--screenshot", str(target), "--size", "1440x900", *options], check=False
            )
            failed += done.returncode != 0
            print(target.relative_to(ROOT), "failed" if done.returncode else "drawn")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
