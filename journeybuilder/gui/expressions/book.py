"""The sample values of a workspace: typed by the person, from the last rehearsal, from scenarios."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from journeybuilder.connect.state_file import write_state
from journeybuilder.contract.json import as_object
from journeybuilder.gui.expressions.rehearsed import Rehearsed
from journeybuilder.gui.expressions.told import Told, told_by
from journeybuilder.rehearse.scenario import Scenario, scenario_of

log = logging.getLogger(__name__)
FILE = "samples.json"


class SampleBook:
    """Keeps what expressions are tried with; own values stay in the folder of local state.

    Attributes:
        version: Another number whenever a value may be another one.
    """

    def __init__(
        self, folder: Path | None = None, files: Callable[[], Iterable[Mapping[str, Any]]] = tuple
    ) -> None:
        self._path = folder / FILE if folder is not None else None
        self._files = files
        self._own: dict[str, dict[str, Any]] = self._read()
        self._rehearsed = Rehearsed()
        self._told: dict[str, Sequence[Told]] = {}
        self.version = 0

    def _read(self) -> dict[str, dict[str, Any]]:
        if self._path is None or not self._path.exists():
            return {}
        try:
            data = as_object(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            log.warning("the sample values in %s cannot be read: %s", self._path, error)
            return {}
        return {journey: dict(as_object(values)) for journey, values in data.items()}

    # --- values of the person --------------------------------------------------------------------

    def own(self, journey: str) -> Mapping[str, Any]:
        """The values that the person typed, by dotted path."""
        return self._own.get(journey, {})

    def put(self, journey: str, path: str, value: Any) -> None:
        """Try with this value from now on.

        Raises:
            OSError: When it cannot be kept on disk; it counts until the program ends.
        """
        self._own.setdefault(journey, {})[path] = value
        self._changed()
        self._write()

    def drop(self, journey: str, path: str) -> None:
        """Take the value again that comes by itself.

        Raises:
            OSError: When that cannot be kept on disk.
        """
        if self._own.get(journey, {}).pop(path, self) is not self:
            self._changed()
            self._write()

    def _write(self) -> None:
        if self._path is not None:
            kept = {journey: values for journey, values in self._own.items() if values}
            write_state(self._path, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")

    # --- what happens ------------------------------------------------------------------------------

    def rehearsal_began(self) -> None:
        """A rehearsal begins."""
        self._rehearsed.begin()

    def rehearsal_told(self, event: Mapping[str, Any]) -> None:
        """One event of it."""
        if self._rehearsed.take(event):
            self._changed()

    def files_changed(self) -> None:
        """Scenarios have been read again."""
        self._told.clear()
        self._changed()

    def _changed(self) -> None:
        self.version += 1

    # --- what there is -----------------------------------------------------------------------------

    def rehearsed(self, journey: str, node: str) -> Mapping[str, Any]:
        """What the last rehearsal knew when it came to a step."""
        return self._rehearsed.at(journey, node)

    def told(self, journey: str) -> Sequence[Told]:
        """The scenarios of a journey, that which tells most first."""
        if journey not in self._told:
            scenarios: list[Scenario] = [scenario_of(data) for data in self._files()]
            self._told[journey] = told_by(scenarios, journey)
        return self._told[journey]
