"""Where the workspace is; needs nothing that takes time to import."""

from pathlib import Path

from journeybuilder.errors import AuthorError

SETTINGS_FILE = "journeybuilder.yaml"
STATE_FOLDER = ".journeybuilder"


def find_root(start: Path) -> Path:
    """The workspace that encloses a folder or file.

    Raises:
        AuthorError: When neither it nor a folder above holds `journeybuilder.yaml`.
    """
    place = start.absolute()
    for folder in (place, *place.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise AuthorError(
        f"No workspace here: neither this folder nor one above it has a {SETTINGS_FILE}.",
        where=str(start),
        hint="Go to a workspace, name one with --workspace DIR, or make one with `jb init DIR`.",
    )
