"""What the editor remembers of its user: one small JSON file in the user's configuration folder."""

import hashlib
import json
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from journeybuilder.document.model import mapping, strings
from journeybuilder.document.write import save
from journeybuilder.errors import ProgramError

log = logging.getLogger(__name__)
_RECENTS = 8


def default_path() -> Path:
    """Where the settings of this user are; `JOURNEYBUILDER_CONFIG` names another folder."""
    folder = os.environ.get("JOURNEYBUILDER_CONFIG")
    base = Path(folder) if folder else user_config_path("journeybuilder", appauthor=False)
    return base / "editor.json"


class UserSettings:
    """Theme, recent workspaces, window geometry and consents; unreadable ones count as absent.

    Args:
        path: The file; None takes the user's own.
        keeps: False where nothing may be written, so that no trace is left.
    """

    def __init__(self, path: Path | None = None, *, keeps: bool = True) -> None:
        self._path = path or default_path()
        self._keeps = keeps
        self._data: dict[str, Any] = {}
        try:
            self._data = dict(mapping(json.loads(self._path.read_text(encoding="utf-8"))))
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            log.warning("the settings in %s cannot be read: %s", self._path, error)

    @property
    def keeps(self) -> bool:
        """Whether anything may be written."""
        return self._keeps

    def get(self, key: str, default: str = "") -> str:
        """A text setting."""
        value = self._data.get(key, default)
        return value if isinstance(value, str) else default

    def put(self, key: str, value: str) -> None:
        """Set a text setting and write the file."""
        if self._data.get(key) != value:
            self._data[key] = value
            self._write()

    @property
    def recents(self) -> Sequence[str]:
        """Folders of workspaces, the latest first."""
        return strings(self._data.get("recents"))

    def opened(self, folder: Path) -> None:
        """Put a workspace in front of the recent ones."""
        name = str(folder)
        rest = [other for other in self.recents if other != name]
        self._data["recents"] = [name, *rest][:_RECENTS]
        self._write()

    def consented(self, digest: str) -> bool:
        """Whether the user has allowed exactly these server commands before."""
        return digest in strings(self._data.get("consents"))

    def consent(self, digest: str) -> None:
        """Remember that the user allows these server commands."""
        known = strings(self._data.get("consents"))
        if digest not in known:
            self._data["consents"] = [*known, digest]
            self._write()

    def _write(self) -> None:
        if not self._keeps:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            save(self._path, json.dumps(self._data, indent=2, ensure_ascii=False) + "\n")
        except (OSError, ProgramError) as error:
            log.warning("the settings cannot be written to %s: %s", self._path, error)


def digest_of(parts: Mapping[str, Any]) -> str:
    """SHA-256 of what a consent covers."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
