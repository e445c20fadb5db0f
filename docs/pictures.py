"""Draws the pictures of README and docs with the program itself: `python docs/pictures.py`.

Every picture is the window on a copy of the sample workspace, drawn headless by `jb open --screenshot`;
those of a rehearsal and of coverage by `pictures_live.py`, which drives the window there.
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
LIVE = {
    f"{what}-{theme}": (what, theme)
    for what in ("rehearsal", "coverage")
    for theme in ("light", "dark")
}


def main() -> int:
    """Draw every picture; exit status 1 when one could not be drawn."""
    IMAGES.mkdir(exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        space = Path(folder, "retail")
        shutil.copytree(ROOT / "samples" / "retail", space)
        for name, options in SHOTS.items():
            command = ["-m", "journeybuilder", "open", str(space / JOURNEY), "--size", "1440x900"]
            failed += not _drawn([*command, *options, "--screenshot"], name)
        for name, words in LIVE.items():
            fresh = Path(folder, name)
            shutil.copytree(ROOT / "samples" / "retail", fresh)
            failed += not _drawn(
                [str(ROOT / "docs" / "pictures_live.py"), str(fresh), *words], name
            )
    return 1 if failed else 0


def _drawn(words: list[str], name: str) -> bool:
    target = IMAGES / f"{name}.png"
    done = subprocess.run(  # noqa: S603 - our own program with words of this file
        [sys.executable, *words, str(target)], check=False
    )
    print(target.relative_to(ROOT), "failed" if done.returncode else "drawn")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
