"""Writes scenarios' files; every change is one step that can be taken back.

Knows no Qt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journeybuilder.document.forms import SCENARIO, read_source
from journeybuilder.document.source import Source
from journeybuilder.document.workspace import SCENARIO_ENDING
from journeybuilder.document.write import dump, rewrite, save
from journeybuilder.errors import AuthorError, OperatorError
from journeybuilder.gui.look.language import tr

FOLDER = "scenarios"
_MOST = 50  # steps that can be taken back
_LONGEST = 80  # characters of a file's name, without its ending


@dataclass(frozen=True, slots=True)
class FileStep:
    """One change: the texts of files before and after; None where there was or is none."""

    title: str
    files: Mapping[str, tuple[str | None, str | None]]


def file_stem(name: str) -> str:
    """A file's name out of a scenario's: `Late return!` is `late-return`."""
    plain = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower()
    )
    return "-".join(part for part in plain.split("-") if part)[:_LONGEST] or "scenario"


class ScenarioFiles:
    """The scenarios' files of one workspace."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._steps: list[FileStep] = []
        self._undone: list[FileStep] = []

    @property
    def last(self) -> str:
        """What the next `undo` takes back; empty where there is nothing."""
        return self._steps[-1].title if self._steps else ""

    @property
    def next(self) -> str:
        """What the next `redo` makes again; empty where there is nothing."""
        return self._undone[-1].title if self._undone else ""

    def read(self, file: str) -> str | None:
        """What a file holds; None where there is none.

        Raises:
            OperatorError: When it cannot be read.
        """
        path = self.root / file
        try:
            return path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise OperatorError(
                tr("The file cannot be read."), where=str(path), hint=tr("Is it text in UTF-8?")
            ) from error

    # --- changes -----------------------------------------------------------------------------------

    def new(self, data: Mapping[str, Any], taken: Sequence[str] = ()) -> str:
        """Write a new scenario; gives its file.

        Args:
            data: What it says; its name gets a number behind it where it is taken.
            taken: The names of the workspace's scenarios.

        Raises:
            ProgramError: When it cannot be written.
        """
        name = free_name(str(data.get("scenario") or tr("New scenario")), taken)
        text = dump({"journeybuilder": 1, **data, "scenario": name})
        file = self._free_file(file_stem(name))
        self._write(tr("Write “{name}”", name=name), {file: text})
        return file

    def write(self, file: str, text: str, name: str) -> None:
        """Give a scenario another text.

        Raises:
            ProgramError: When it cannot be written.
        """
        if self.read(file) != text:
            self._write(tr("Change “{name}”", name=name), {file: text})

    def duplicate(self, source: Source, taken: Sequence[str]) -> str:
        """Write a scenario once more under another name, with its comments; gives its file.

        Raises:
            ProgramError: When the file is no YAML, or cannot be written.
        """
        name = str(source.data.get("scenario") or Path(source.file).name)
        fresh = free_name(tr("{name} (copy)", name=name), taken)
        text = rewrite(source.text, {**source.data, "scenario": fresh})
        file = self._free_file(file_stem(fresh))
        self._write(tr("Duplicate “{name}”", name=name), {file: text})
        return file

    def rename(self, source: Source, name: str, taken: Sequence[str]) -> str:
        """Give a scenario another name, and its file too where that is called after it.

        Raises:
            AuthorError: When there is one of this name, or the file is no YAML.
            OperatorError: When it cannot be written.
        """
        old = str(source.data.get("scenario") or "")
        if name == old:
            return source.file
        if name in taken:
            raise AuthorError(
                tr("There is already a scenario “{name}”.", name=name),
                hint=tr("Choose another name."),
            )
        text = rewrite(source.text, {**source.data, "scenario": name})
        title = tr("Rename “{old}” to “{new}”", old=old, new=name)
        stem = Path(source.file).name.removesuffix(SCENARIO_ENDING)
        if stem != file_stem(old) or file_stem(name) == stem:
            self._write(title, {source.file: text})
            return source.file
        file = self._free_file(file_stem(name))
        self._write(title, {file: text, source.file: None})
        return file

    def remove(self, files: Mapping[str, str]) -> None:
        """Delete scenarios, by file with their names, in one step.

        Raises:
            ProgramError: When one cannot be removed.
        """
        names = ", ".join(f"“{name}”" for name in files.values())
        self._write(tr("Delete {names}", names=names), dict.fromkeys(files))

    # --- taking back -------------------------------------------------------------------------------

    def undo(self) -> str:
        """Take the last change back; gives its title.

        Raises:
            OperatorError: When a file was changed since, which is left as it is.
        """
        step = self._steps[-1]
        self._jump(step, back=True)
        self._undone.append(self._steps.pop())
        return step.title

    def redo(self) -> str:
        """Make it again; gives its title.

        Raises:
            OperatorError: When a file was changed since, which is left as it is.
        """
        step = self._undone[-1]
        self._jump(step, back=False)
        self._steps.append(self._undone.pop())
        return step.title

    def _jump(self, step: FileStep, *, back: bool) -> None:
        for file, (before, after) in step.files.items():
            if self.read(file) != (after if back else before):
                raise OperatorError(
                    tr("{file} was changed since; it stays as it is.", file=file),
                    hint=tr("Take the change back by hand."),
                )
        for file, (before, after) in step.files.items():
            self._put(file, before if back else after)

    def _write(self, title: str, files: Mapping[str, str | None]) -> None:
        """Write texts as one step; None removes a file.

        Raises:
            ProgramError: When one cannot be written; those before it are as they were then.
        """
        step = FileStep(title, {file: (self.read(file), text) for file, text in files.items()})
        done: list[str] = []
        try:
            for file, text in files.items():
                self._put(file, text)
                done.append(file)
        except Exception:
            for file in done:
                self._put(file, step.files[file][0])
            raise
        self._steps = [*self._steps, step][-_MOST:]
        self._undone = []

    def _put(self, file: str, text: str | None) -> None:
        path = self.root / file
        try:
            if text is None:
                path.unlink(missing_ok=True)
                return
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise OperatorError(
                tr("The file cannot be changed: {reason}.", reason=reason), where=str(path)
            ) from None
        save(path, text)

    def _free_file(self, stem: str) -> str:
        number, name = 1, stem
        while (self.root / FOLDER / f"{name}{SCENARIO_ENDING}").exists():
            number += 1
            name = f"{stem}-{number}"
        return f"{FOLDER}/{name}{SCENARIO_ENDING}"


def free_name(name: str, taken: Sequence[str]) -> str:
    """The name, with a number behind it where it is taken."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} {number}"
    return found


def scenario_source(text: str, file: str) -> Source:
    """The text of a scenario with what is wrong with its form; for text that is being edited."""
    return read_source(text, file, SCENARIO)
