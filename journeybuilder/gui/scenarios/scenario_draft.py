"""A scenario that somebody edits: its text with steps to take back, what it says, what is wrong with it.

Knows no Qt.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from journeybuilder.checks import Known
from journeybuilder.checks.scenarios import check_scenario
from journeybuilder.document.findings import Finding
from journeybuilder.document.source import Source
from journeybuilder.document.write import rewrite, save
from journeybuilder.errors import ProgramError
from journeybuilder.gui.forms.base import UNSET
from journeybuilder.gui.forms.values import get_in, set_in
from journeybuilder.gui.scenarios.scenario_files import scenario_source

_MOST = 500  # steps that are kept
_FOLDER = "drafts"


class ScenarioDraft:
    """One scenario while it is edited; nothing is written before it is saved, but for what is kept.

    Args:
        source: Its file as it was read.
        state: Folder of the local state, where what is not saved is kept; None keeps nothing.
    """

    def __init__(self, source: Source, state: Path | None = None) -> None:
        self.file = source.file
        self._saved = source.text
        self._texts = [source.text]
        self._at = 0
        self._gesture = ""
        self._source = source
        self._kept = state / _FOLDER / Path(source.file).name if state is not None else None
        self.restored = False
        before = self._read_kept()
        if before is not None and before != source.text:
            self._push(before, "")
            self.restored = True

    def _read_kept(self) -> str | None:
        try:
            return self._kept.read_bytes().decode("utf-8") if self._kept is not None else None
        except (OSError, UnicodeDecodeError):
            return None

    # --- what it says ------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self._texts[self._at]

    @property
    def source(self) -> Source:
        """The text as it is now, read."""
        if self._source.text != self.text:
            self._source = scenario_source(self.text, self.file)
        return self._source

    @property
    def data(self) -> Mapping[str, Any]:
        """What it says; empty where it cannot be read."""
        return self.source.data

    @property
    def name(self) -> str:
        """What the scenario is called."""
        return str(self.data.get("scenario") or Path(self.file).name)

    @property
    def changed(self) -> bool:
        """Whether there is anything to save."""
        return self.text != self._saved

    @property
    def base(self) -> str:
        """The text that the file had when it was read or written last."""
        return self._saved

    def value(self, path: tuple[str | int, ...]) -> Any:
        """The value at a path; UNSET where there is none."""
        return get_in(self.data, path)

    def findings(self, known: Known) -> list[Finding]:
        """What is wrong with it, where it stands."""
        source = self.source
        found = list(source.findings)
        if source.readable:
            found += [source.locate(one) for one in check_scenario(source.data, known)]
        return found

    # --- changes -----------------------------------------------------------------------------------

    def change(self, path: tuple[str | int, ...], value: Any, gesture: str = "") -> bool:
        """Set a value, UNSET removes it; the same gesture is one step. False where nothing changes.

        Raises:
            AuthorError: When the text is no YAML, so that it has to be mended first.
        """
        after = set_in(dict(self.data), path, value)
        top = path[0]
        if value is UNSET and len(path) > 1 and after is not UNSET and after.get(top) == {}:
            after = set_in(after, (top,), UNSET)
        if after == self.data:
            return False
        return self._push(rewrite(self.text, after), gesture)

    def retype(self, text: str, gesture: str = "text") -> bool:
        """Take over what was typed as text."""
        return self._push(text, gesture)

    def _push(self, text: str, gesture: str) -> bool:
        if text == self.text:
            return False
        del self._texts[self._at + 1 :]
        if gesture and gesture == self._gesture and self._at:
            self._texts[self._at] = text
        else:
            self._texts = [*self._texts, text][-_MOST:]
            self._at = len(self._texts) - 1
        self._gesture = gesture
        return True

    def settle(self) -> None:
        """What comes next is a step of its own."""
        self._gesture = ""

    @property
    def can_undo(self) -> bool:
        """Whether a change can be taken back."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether one can be made again."""
        return self._at < len(self._texts) - 1

    def step(self, by: int) -> bool:
        """Take the last change back with -1, or make it again with 1."""
        self._gesture = ""
        at = min(max(0, self._at + by), len(self._texts) - 1)
        moved, self._at = at != self._at, at
        return moved

    # --- keeping -----------------------------------------------------------------------------------

    def saved(self, text: str) -> None:
        """The file holds this text now."""
        self._saved = text
        self._gesture = ""
        self.forget()

    def keep(self) -> None:
        """Write what is not saved to where the next start finds it; that it fails costs no more."""
        if self._kept is None:
            return
        if not self.changed:
            self.forget()
            return
        try:
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            save(self._kept, self.text)
        except (OSError, ProgramError):
            return

    def reload(self, source: Source) -> None:
        """The file says something else, and nothing was changed here: go on with that."""
        self._push(source.text, "")
        self.saved(source.text)

    def forget(self) -> None:
        """Drop what was kept."""
        if self._kept is not None:
            try:
                self._kept.unlink(missing_ok=True)
            except OSError:
                return
