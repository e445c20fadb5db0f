"""The files of edit journals: where each is, where one that does not fit is set aside, what its lines are."""

from pathlib import Path

FOLDER = "edits"
ENDING = ".jsonl"
_SET_ASIDE = 3  # journals that did not fit, by journey


def free_aside(path: Path) -> Path:
    """Where a journal that does not fit goes: beside it, and where there are some, over the oldest."""
    stem = path.name.removesuffix(ENDING)
    names = [path.with_name(f"{stem}.aside-{n}{ENDING}") for n in range(1, 1 + _SET_ASIDE)]
    free = [each for each in names if not each.exists()]
    return free[0] if free else min(names, key=lambda each: each.stat().st_mtime)


def lines_of(data: bytes) -> tuple[list[str], int]:
    """The whole lines, and how many bytes of a half one follow them."""
    whole = data.rfind(b"\n") + 1
    lines = data[:whole].split(b"\n")[:-1]
    return [line.decode("utf-8", "surrogateescape") for line in lines], len(data) - whole


def journal_path(state: Path, journey: Path, root: Path) -> Path:
    """Where the edits of a journey are.

    Args:
        state: Folder of the workspace's local state.
        journey: The journey's file.
        root: The workspace.
    """
    name = journey.name.removesuffix(".yaml").removesuffix(".journey")
    folder = journey.parent
    inside = folder.relative_to(root).parts if folder.is_relative_to(root) else folder.parts[1:]
    parts = [part for part in inside if part != "journeys"]
    return state / FOLDER / (".".join([*parts, name]) + ENDING)
