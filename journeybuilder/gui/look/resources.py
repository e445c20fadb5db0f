"""Where the files shipped beside the code are: in the wheel, or in the source tree."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


@cache
def _root() -> Traversable:
    """The wheel carries `journeybuilder/resources`; a source tree has it beside the package."""
    installed = files("journeybuilder") / "resources"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "resources"


def resource(*parts: str) -> bytes:
    """The bytes of a shipped file, for example `resource("icons", "say.svg")`.

    Raises:
        FileNotFoundError: When there is no such file.
    """
    return _root().joinpath(*parts).read_bytes()


def names(folder: str) -> list[str]:
    """File names in a shipped folder, sorted."""
    return sorted(entry.name for entry in (_root() / folder).iterdir())
