"""Where the files that come with the program lie: in the wheel, or beside the package in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def packaged(folder: str) -> Path:
    """A folder that comes with the program: `samples`, `resources` or `docs`.

    Raises:
        FileNotFoundError: When the installation is not complete.
    """
    for place in (_PACKAGE / folder, _PACKAGE.parent / folder):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the installation has no folder '{folder}'; install it again")
