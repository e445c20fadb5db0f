"""Files that follow a change of a journey when it is undone or done again."""

from collections.abc import Collection
from pathlib import Path

from journeybuilder.document.write import save
from journeybuilder.errors import ProgramError
from journeybuilder.gui.journey.journal import Change


def follow(root: Path, change: Change, *, forward: bool, held: Collection[Path] = ()) -> list[str]:
    """Write the files as they are to be after the change, or before it.

    Args:
        root: The workspace.
        change: The change that was undone or done again.
        forward: Whether it was done again.
        held: Files that have changes elsewhere, which are not touched.

    Returns:
        The names of those that stay as they are, because somebody has changed them since or they
        cannot be written.
    """
    left: list[str] = []
    for one in change.followers:
        old, new = (one.before, one.after) if forward else (one.after, one.before)
        path = root / one.file
        if not _follows(path, old, new, held=path in held):
            left.append(one.file)
    return left


def _follows(path: Path, old: str | None, new: str | None, *, held: bool) -> bool:
    try:
        now = path.read_bytes().decode("utf-8", "replace") if path.exists() else None
        if now == new:
            return True
        if now != old or held:
            return False
        if new is None:
            path.unlink()
        else:
            save(path, new)
    except (OSError, ProgramError):
        return False
    return True
