"""Editing models.yaml: entries as values with steps to take back, written with its comments kept.

Knows no Qt.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from journeybuilder.checks.models import check_models
from journeybuilder.document.findings import Finding
from journeybuilder.document.forms import form_of, read_source
from journeybuilder.document.model import mapping
from journeybuilder.document.write import dump, rewrite, save
from journeybuilder.errors import AuthorError
from journeybuilder.gui.forms.base import UNSET
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.look.language import tr

FILE = "models.yaml"


class ModelEntries:
    """The aliases of a workspace while somebody edits them; nothing is written before `save`."""

    def __init__(self, root: Path) -> None:
        self._path = root / FILE
        self._text = self._read()
        source = read_source(self._text, FILE, form_of(FILE, {}))
        self._readable = source.readable or not self._text.strip()
        self._begin: dict[str, Any] = dict(source.data)
        self._done: list[dict[str, Any]] = [self._begin]
        self._at = 0
        self._gesture = ""

    def _read(self) -> str:
        try:
            return self._path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise AuthorError(
                tr("models.yaml cannot be read."), where=str(self._path), hint=str(error)
            ) from error

    @property
    def data(self) -> Mapping[str, Any]:
        """What the file is to say."""
        return self._done[self._at]

    @property
    def models(self) -> Mapping[str, Mapping[str, Any]]:
        """The entries by alias."""
        return {str(name): mapping(one) for name, one in mapping(self.data.get("models")).items()}

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return self.data != self._begin

    def change(self, path: tuple[str | int, ...], value: Any, gesture: str = "") -> None:
        """Set a value below `models`, UNSET removes it; the same gesture is one step."""
        before = dict(self.data)
        place = ("models", *path)
        after = set_in(before, place, value)
        if value is UNSET and len(path) > 1 and path[0] not in mapping(after.get("models")):
            after = set_in(after, ("models", path[0]), {})  # an alias stays, also an empty one
        if after == before:
            return
        del self._done[self._at + 1 :]
        if gesture and gesture == self._gesture and self._at:
            self._done[self._at] = after
        else:
            self._done.append(after)
            self._at += 1
        self._gesture = gesture

    def rename(self, old: str, new: str) -> None:
        """Give an alias that no journey uses yet another name, at its place in the file."""
        models = {(new if name == old else name): one for name, one in self.models.items()}
        self.change((), models)

    def undo(self) -> bool:
        """Take the last change back; False where there is none."""
        self._gesture = ""
        self._at = max(0, self._at - 1)
        return self._at > 0

    def redo(self) -> bool:
        """Make it again; False where there is none."""
        self._gesture = ""
        self._at = min(len(self._done) - 1, self._at + 1)
        return self._at < len(self._done) - 1

    @property
    def can_undo(self) -> bool:
        """Whether a change can be taken back."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether one can be made again."""
        return self._at < len(self._done) - 1

    def text(self) -> str:
        """What the file would hold: its text with only what is different written anew.

        Raises:
            AuthorError: When the file is no YAML, so that writing would lose what is in it.
        """
        if not self._text.strip():
            return dump({"journeybuilder": 1, **self.data})
        return rewrite(self._text, self.data)

    def findings(self) -> list[Finding]:
        """What is wrong with the entries as they are.

        Raises:
            AuthorError: See `text`.
        """
        source = read_source(self.text(), FILE, form_of(FILE, {}))
        located = [source.locate(problem) for problem in check_models(self.models)]
        return [*source.findings, *located]

    def save(self) -> None:
        """Write the file.

        Raises:
            AuthorError: When somebody has changed the file since it was read, or it is no YAML.
            OperatorError: When it cannot be written.
        """
        if self._read() != self._text:
            raise AuthorError(
                tr("models.yaml was changed by somebody else meanwhile."),
                hint=tr("Close this window and open it again; then make your change once more."),
            )
        text = self.text()
        save(self._path, text)
        self._text, self._begin = text, dict(self.data)
