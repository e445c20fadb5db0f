"""Breakpoints and watches of a workspace in its local state: nobody else's, and no part of a journey."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from journeybuilder.connect.state_file import write_state
from journeybuilder.document.model import mapping
from journeybuilder.rehearse.debug.breakpoints import Breakpoint

log = logging.getLogger(__name__)
FILE = "debugging.json"
_KINDS = ("node", "edge", "condition", "tool")
_DAMAGED = ".damaged"


@dataclass(slots=True)
class Notes:
    """What is kept for one journey."""

    breakpoints: list[Breakpoint] = field(default_factory=list[Breakpoint])
    watches: list[str] = field(default_factory=list[str])

    @property
    def empty(self) -> bool:
        """Whether there is nothing to keep."""
        return not self.breakpoints and not self.watches


class Notebook:
    """The file: read once, written at every change.

    Args:
        folder: The workspace's folder of local state.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._journeys: dict[str, Notes] = self._read()

    def of(self, journey: str) -> Notes:
        """The notes of a journey; what is changed in them is kept with `keep`."""
        return self._journeys.setdefault(journey, Notes())

    def keep(self) -> str:
        """Write the file; gives why that cannot be done, or an empty text."""
        data = {name: _as_json(one) for name, one in self._journeys.items() if not one.empty}
        if not data and not self._path.exists():
            return ""
        text = json.dumps({"journeys": data}, ensure_ascii=False, indent=1)
        try:
            write_state(self._path, text + "\n")
        except OSError as error:
            log.warning("%s cannot be written: %s", self._path, error)
            return str(error.strerror or error)
        return ""

    def _read(self) -> dict[str, Notes]:
        try:
            data: Any = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read: %s", self._path, error)
            self._set_aside()
            return {}
        journeys = mapping(mapping(data).get("journeys"))
        return {str(name): _notes(mapping(one)) for name, one in journeys.items()}

    def _set_aside(self) -> None:
        """Keep a damaged file under another name, so that the next change does not lose it."""
        try:
            self._path.replace(self._path.with_name(self._path.name + _DAMAGED))
        except OSError as error:
            log.warning("%s cannot be set aside: %s", self._path, error)


def _as_json(notes: Notes) -> dict[str, Any]:
    points = [
        {
            "kind": one.kind,
            **{
                name: getattr(one, name)
                for name in ("node", "port", "tool", "when")
                if getattr(one, name)
            },
            **({} if one.enabled else {"enabled": False}),
        }
        for one in notes.breakpoints
    ]
    return {"breakpoints": points, "watches": notes.watches}


def _notes(data: Mapping[str, Any]) -> Notes:
    points = [_point(mapping(one)) for one in _list(data.get("breakpoints"))]
    watches = [one for one in _list(data.get("watches")) if isinstance(one, str) and one]
    return Notes([one for one in points if one is not None], watches)


def _list(value: Any) -> Sequence[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else ()


def _point(data: Mapping[str, Any]) -> Breakpoint | None:
    """A breakpoint out of the file; None where a person or another version wrote something else."""
    kind = data.get("kind")
    if kind not in _KINDS:
        return None
    texts = {name: str(data.get(name) or "") for name in ("node", "port", "tool", "when")}
    return Breakpoint(kind, **texts, enabled=data.get("enabled") is not False)
