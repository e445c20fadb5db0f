"""What the editor remembers of its user: one small JSON file in the user's configuration folder."""

import hashlib
import json
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from platformdirs import user_config_path
from PySide6.QtCore import QObject, Signal

from journeybuilder.document.model import mapping, strings
from journeybuilder.document.write import save
from journeybuilder.errors import ProgramError
from journeybuilder.gui.options import BY_ID, Value

log = logging.getLogger(__name__)
SCHEMA = 2
_RECENTS = 12
_PLACES = 40
_COMMANDS = 12
_DAMAGED = ".damaged"


def default_path() -> Path:
    """Where the settings of this user are; `JOURNEYBUILDER_CONFIG` names another folder."""
    folder = os.environ.get("JOURNEYBUILDER_CONFIG")
    base = Path(folder) if folder else user_config_path("journeybuilder", appauthor=False)
    return base / "editor.json"


class UserSettings(QObject):
    """Options, keys, recent workspaces, places and consents of the person.

    A value that does not fit its option counts as not set and stays in the file; a file that cannot be
    read is set aside under another name. What this version does not know stays as it is.

    Args:
        path: The file; None takes the user's own.
        keeps: False where nothing may be written, so that no trace is left.

    Signals:
        changed: Id of an option, or `keys` or `recents`, that has another value now.
    """

    changed = Signal(str)

    def __init__(self, path: Path | None = None, *, keeps: bool = True) -> None:
        super().__init__()
        self._path = path or default_path()
        self._keeps = keeps
        self.set_aside: Path | None = None
        self._data: dict[str, Any] = upgraded(self._read())

    def _read(self) -> dict[str, Any]:
        try:
            return dict(_object(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}
        except OSError as error:
            log.warning("the settings in %s cannot be read: %s", self._path, error)
            return {}
        except ValueError as error:
            log.warning("the settings in %s are damaged: %s", self._path, error)
            self._put_aside()
            return {}

    def _put_aside(self) -> None:
        """Keep a damaged file under a name of its own: a person may want to read it."""
        if not self._keeps:
            return
        target = self._path.with_name(self._path.name + _DAMAGED)
        number = 2
        while target.exists():
            target = self._path.with_name(f"{self._path.name}{_DAMAGED}-{number}")
            number += 1
        try:
            self._path.replace(target)
            self.set_aside = target
        except OSError as error:
            log.warning("the settings in %s cannot be set aside: %s", self._path, error)

    @property
    def keeps(self) -> bool:
        """Whether anything may be written."""
        return self._keeps

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    # --- options -------------------------------------------------------------------------------

    def value(self, option: str) -> Value:
        """What an option of `OPTIONS` is set to, its default where it is not set."""
        spec = BY_ID[option]
        found: Any = self._data.get(option)
        return found if spec.fits(found) else spec.default

    def text(self, option: str) -> str:
        """The value of an option with words."""
        return str(self.value(option))

    def flag(self, option: str) -> bool:
        """Whether an option is on."""
        return self.value(option) is True

    def number(self, option: str) -> int:
        """The value of an option with a number."""
        found = self.value(option)
        return found if isinstance(found, int) else 0

    def is_default(self, option: str) -> bool:
        """Whether an option has the value that it comes with."""
        return self.value(option) == BY_ID[option].default

    def choose(self, option: str, value: Value) -> None:
        """Set an option, and tell everybody whom it concerns.

        Raises:
            ValueError: When the option cannot have this value; a mistake of ours.
        """
        if not BY_ID[option].fits(value):
            raise ValueError(f"{option} cannot be {value!r}")
        if self.value(option) == value:
            return
        self._store(option, value)
        self.changed.emit(option)

    def reset(self, option: str) -> None:
        """Give an option the value that it comes with."""
        self.choose(option, BY_ID[option].default)

    # --- keys ----------------------------------------------------------------------------------

    @property
    def keys(self) -> Mapping[str, str]:
        """Keys by command where they are not those that it comes with; "" takes them away."""
        given = mapping(self._data.get("keys"))
        return {name: keys for name, keys in given.items() if isinstance(keys, str)}

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Remember the keys that differ from those that commands come with."""
        if dict(keys) != dict(self.keys):
            self._store("keys", dict(keys))
            self.changed.emit("keys")

    # --- what was last -------------------------------------------------------------------------

    def get(self, key: str, default: str = "") -> str:
        """A text that is no option: sizes, places and the like."""
        value = self._data.get(key, default)
        return value if isinstance(value, str) else default

    def put(self, key: str, value: str) -> None:
        """Set such a text and write the file."""
        if self._data.get(key) != value:
            self._store(key, value)

    @property
    def recents(self) -> Sequence[str]:
        """Folders of workspaces, the latest first."""
        return strings(self._data.get("recents"))

    def opened(self, folder: Path) -> None:
        """Put a workspace in front of the recent ones."""
        name = str(folder)
        rest = [other for other in self.recents if other != name]
        self._recent([name, *rest][:_RECENTS])

    def forget(self, *folders: str) -> None:
        """Take workspaces out of the recent ones."""
        self._recent([other for other in self.recents if other not in folders])

    def _recent(self, names: Sequence[str]) -> None:
        if list(names) != list(self.recents):
            self._store("recents", list(names))
            self.changed.emit("recents")

    @property
    def recent_commands(self) -> Sequence[str]:
        """Ids of the commands given last in the command palette, the latest first."""
        return strings(self._data.get("commands"))

    def gave(self, command: str) -> None:
        """Put a command in front of the recent ones."""
        rest = [other for other in self.recent_commands if other != command]
        self._store("commands", [command, *rest][:_COMMANDS])

    def place(self, root: Path) -> Mapping[str, Any]:
        """What was open in a workspace and where one looked."""
        return mapping(mapping(self._data.get("places")).get(str(root)))

    def keep_place(self, root: Path, place: Mapping[str, Any]) -> None:
        """Remember that for the next time."""
        known = dict(mapping(self._data.get("places")))
        known.pop(str(root), None)
        latest = [*known.items(), (str(root), dict(place))][-_PLACES:]
        self._store("places", dict(latest))

    @property
    def session(self) -> Sequence[str]:
        """The workspaces that were open when the program ended, one for each window."""
        return strings(self._data.get("session"))

    def keep_session(self, folders: Sequence[str]) -> None:
        """Remember which workspaces are open."""
        if list(folders) != list(self.session):
            self._store("session", list(folders))

    # --- consents ------------------------------------------------------------------------------

    def consented(self, digest: str) -> bool:
        """Whether the user has allowed exactly these server commands before."""
        return digest in strings(self._data.get("consents"))

    def consent(self, digest: str) -> None:
        """Remember that the user allows these server commands."""
        known = strings(self._data.get("consents"))
        if digest not in known:
            self._store("consents", [*known, digest])

    # --- the file ------------------------------------------------------------------------------

    def _store(self, key: str, value: object) -> None:
        """Set one value; what another program of this user has written meanwhile stays."""
        self._data[key] = value
        if not self._keeps:
            return
        try:
            there = self._there()
            there[key] = value
            there["schema"] = max(SCHEMA, _version(there))
            self._path.parent.mkdir(parents=True, exist_ok=True)
            save(self._path, json.dumps(there, indent=2, ensure_ascii=False) + "\n")
        except (OSError, ProgramError) as error:
            log.warning("the settings cannot be written to %s: %s", self._path, error)

    def _there(self) -> dict[str, Any]:
        """What the file says now.

        Raises:
            OSError: When it cannot be read, so that nothing may be written over it.
        """
        try:
            return upgraded(dict(_object(self._path.read_text(encoding="utf-8"))))
        except FileNotFoundError:
            return dict(self._data)
        except ValueError:
            self._put_aside()
            return dict(self._data)


def _object(text: str) -> Mapping[str, Any]:
    found: object = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("it holds no object")  # noqa: TRY004 - like every other fault of the text
    return cast("dict[str, Any]", found)


def _version(data: Mapping[str, Any]) -> int:
    found = data.get("schema", 1)
    return found if isinstance(found, int) else 1


def upgraded(data: dict[str, Any]) -> dict[str, Any]:
    """The settings of an older version as this one writes them; those of a newer one as they are."""
    if _version(data) < SCHEMA and data.get("minimap") in {"on", "off"}:
        return {**data, "minimap": data["minimap"] == "on"}
    return data


def digest_of(parts: Mapping[str, Any]) -> str:
    """SHA-256 of what a consent covers."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
