"""The log of the window in the user's log folder: bounded, and without what it may not tell."""

import logging
import logging.handlers
import os
import re
from pathlib import Path

from platformdirs import user_log_path
from typing_extensions import override

NAME = "editor.log"
_BYTES = 500_000
_FILES = 3
_SECRET = re.compile(
    r"(?i)\b(authorization|api[-_]?key|token|secret|password|passwd|bearer)\b(\s*[:=]\s*|\s+)"
    r"(\"[^\"]*\"|'[^']*'|\S+)"
)


def log_folder() -> Path:
    """Where the logs of this user are; beside the settings where `JOURNEYBUILDER_CONFIG` is set."""
    folder = os.environ.get("JOURNEYBUILDER_CONFIG")
    return Path(folder) / "log" if folder else user_log_path("journeybuilder", appauthor=False)


def told(text: str) -> str:
    """A text as others may read it: the person's own folder as `~`, values of secrets left out."""
    home = str(Path.home())
    if len(home) > 1:
        text = text.replace(home, "~").replace(home.replace("\\", "/"), "~")
    return _SECRET.sub(r"\1\2***", text)


class Discreet(logging.Formatter):
    """Formats records, tracebacks too, as others may read them."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        return told(super().format(record))


class Logbook:
    """Writes what is logged into a file while the program has windows."""

    def __init__(self) -> None:
        self._handler: logging.Handler | None = None
        self._levels: dict[str, int] = {}

    def open(self, folder: Path | None = None) -> None:
        """Begin; a folder that cannot be written is no reason not to work."""
        place = folder or log_folder()
        try:
            place.mkdir(parents=True, exist_ok=True)
            handler = logging.handlers.RotatingFileHandler(
                place / NAME, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8", delay=True
            )
        except OSError:
            return
        handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handler.setLevel(logging.INFO)
        for name in ("journeybuilder", "qt"):
            logger = logging.getLogger(name)
            self._levels[name] = logger.level
            logger.setLevel(logging.INFO)
            logger.addHandler(handler)
        self._handler = handler

    def close(self) -> None:
        """End, and close the file."""
        handler, self._handler = self._handler, None
        if handler is None:
            return
        for name, level in self._levels.items():
            logging.getLogger(name).removeHandler(handler)
            logging.getLogger(name).setLevel(level)
        handler.close()
