"""Files of local state: whoever reads one sees the old or the new content, never half of it."""

import os
from pathlib import Path


def write_state(path: Path, text: str) -> None:
    """Put a text in the place of a file, readable by its owner only; missing folders are made.

    Raises:
        OSError: When it cannot be written; the old file is then untouched.
    """
    import tempfile  # noqa: PLC0415 - a check that keeps nothing need not pay for it

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
