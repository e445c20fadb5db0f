"""Edits of journeys whose file is gone: a renamed file gets them back, others can be brought back."""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile
from PySide6.QtWidgets import QMessageBox, QWidget

from journeybuilder.document.model import Journey, Layout
from journeybuilder.document.workspace import JOURNEY_ENDING, LAYOUT_ENDING, Workspace
from journeybuilder.document.write import dump, rewrite, save
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journey.edit_files import ENDING, FOLDER, journal_path, lines_of
from journeybuilder.gui.journey.edit_lines import Played, Stamp, play
from journeybuilder.gui.journey.history import History
from journeybuilder.gui.journey.journal import Draft
from journeybuilder.gui.look.dialog import Question
from journeybuilder.gui.look.language import tr

log = logging.getLogger(__name__)
_NOWHERE = Stamp("", "")


@dataclass(frozen=True, slots=True)
class Orphan:
    """Edits that were not saved, of a file that is not there any more.

    Attributes:
        journal: Where they are kept.
        file: Where the journey's file was, or would be.
        title: What the journey is called.
        text: What the file would say; `layout` likewise for the layout's.
    """

    journal: Path
    file: Path
    title: str
    text: str
    layout: str


def find_orphans(space: Workspace) -> list[Orphan]:
    """Give journals of renamed files to these files; gives the edits that have no file any more.

    Edits that were saved are left alone: the file may come back, with another branch for example.
    """
    folder = space.state_dir / FOLDER
    files = [space.root / one.source.file for one in space.journeys.values()]
    known = {journal_path(space.state_dir, file, space.root): file for file in files}
    found: list[Orphan] = []
    for journal in sorted(folder.glob("*" + ENDING)):
        if journal in known or ".aside-" in journal.name:
            continue
        try:
            orphan = _orphan(journal, space, known)
        except (OSError, AuthorError) as error:
            log.warning("the edits in %s cannot be read: %s", journal, error)
            continue
        if orphan is not None:
            found.append(orphan)
    return found


def _orphan(journal: Path, space: Workspace, known: dict[Path, Path]) -> Orphan | None:
    lock = QLockFile(str(journal) + ".lock")
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        return None  # another window has it
    try:
        holder = _Holder()
        with holder.history.quietly():
            played = play(lines_of(journal.read_bytes())[0], holder.history, _NOWHERE)
            clean = holder.history.isClean()
            holder.history.clear()
        if _moved(journal, played, known) or clean:
            return None
        return _made(journal, space, played)
    finally:
        lock.unlock()


class _Holder:
    """A history that shows nothing."""

    def __init__(self) -> None:
        self.history = History(self.show, Draft(Journey({}), Layout()))

    def show(self, draft: Draft) -> None:
        """Nothing is shown."""


def _moved(journal: Path, played: Played, known: dict[Path, Path]) -> bool:
    """Whether the file has another name now, which gets the journal."""
    for target, file in known.items():
        if not target.exists() and _digest(file) == played.left.journey:
            journal.replace(target)
            return True
    return False


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _made(journal: Path, space: Workspace, played: Played) -> Orphan:
    data, layout = played.draft.journey.data, played.draft.layout.data
    base = played.draft.text or played.text(played.left.journey)
    stem = journal.name.removesuffix(ENDING)
    return Orphan(
        journal,
        space.root / "journeys" / f"{stem}{JOURNEY_ENDING}",
        played.draft.journey.title or stem,
        rewrite(base, data) if base else dump(data),
        dump(layout) if layout else "",
    )


def bring_back(orphan: Orphan) -> Path:
    """Write the files of edits again; gives the journey's.

    Raises:
        ProgramError: When they cannot be written; the edits are still kept then.
    """
    save(orphan.file, orphan.text)
    if orphan.layout:
        stem = orphan.file.name.removesuffix(JOURNEY_ENDING)
        save(orphan.file.with_name(stem + LAYOUT_ENDING), orphan.layout)
    orphan.journal.unlink(missing_ok=True)
    return orphan.file


class OrphanQuestion(Question):
    """Asks what to do with edits whose file is gone.

    Attributes:
        back: The button that writes the file again; `drop` forgets the edits.
    """

    def __init__(self, parent: QWidget, orphan: Orphan) -> None:
        super().__init__(parent)
        self.setObjectName("orphan")
        self.setWindowTitle(tr("A journey with unsaved changes is gone"))
        self.setText(
            tr("“{title}” had changes that were not saved, and its file {name} is gone.",
               title=orphan.title, name=orphan.file.name)
        )  # fmt: skip
        self.setInformativeText(
            tr("Bring it back to write the file again with the changes. Otherwise they are kept, and you"
               " are asked again next time.")
        )  # fmt: skip
        self.back = self.addButton(tr("Bring it back"), QMessageBox.ButtonRole.AcceptRole)
        self.drop = self.addButton(tr("Forget the changes"), QMessageBox.ButtonRole.DestructiveRole)
        later = self.addButton(tr("Not now"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.back)
        self.setEscapeButton(later)


def forget(orphan: Orphan) -> None:
    """Let the edits go for good."""
    try:
        orphan.journal.unlink(missing_ok=True)
    except OSError as error:
        log.warning("the edits in %s cannot be removed: %s", orphan.journal, error)
    else:
        log.info("the edits in %s are forgotten", orphan.journal)
