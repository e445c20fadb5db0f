"""What is kept of an open journey besides its files: its edits, its versions, what is being typed."""

from abc import abstractmethod
from pathlib import Path

from PySide6.QtCore import Signal

from journeybuilder.document.workspace import JOURNEY_ENDING
from journeybuilder.document.write import dump
from journeybuilder.gui.journey.drawing_edits import DrawingEdits
from journeybuilder.gui.journey.edit_journal import EditJournal
from journeybuilder.gui.journey.edit_lines import Played
from journeybuilder.gui.journey.journal import Edit
from journeybuilder.gui.journey.journey_file import JourneyOnDisk
from journeybuilder.gui.journey.kept_versions import KeptVersions, Why, list_name
from journeybuilder.gui.journey.three_way import Pair, says
from journeybuilder.gui.look.language import tr


class KeptJourney(DrawingEdits):
    """A journey whose edits and versions are kept.

    Attributes:
        disk: Its files.

    Signals:
        saved_changed: Saved or modified now.
    """

    saved_changed = Signal()

    def __init__(
        self, disk: JourneyOnDisk, journal: EditJournal | None, versions: KeptVersions | None
    ) -> None:
        super().__init__()
        self.disk = disk
        self._journal = journal
        self._versions = versions

    @property
    def name(self) -> str:
        """Its id in the workspace; the name of its file while the file says none."""
        return self.journey.id or self.disk.path.name.removesuffix(JOURNEY_ENDING)

    @property
    def title(self) -> str:
        """Its name for people, which is never empty."""
        return self.journey.title or self.name

    @property
    def readable(self) -> bool:
        """Whether what is shown is what the file says, and no picture of one that cannot be read."""
        source = self.disk.source
        return source.readable or not source.text.strip() or bool(self.journey.id)

    def keep_version(self, pair: Pair, why: Why, title: str = "") -> None:
        """Keep these texts among the versions of this journey."""
        if self._versions is not None:
            self._versions.keep(list_name(self.disk.path, self.disk.root), pair, why, title)

    @property
    def versions(self) -> KeptVersions | None:
        """The versions that are kept of it and of others; None where none are."""
        return self._versions

    def replace_with(self, title: str, pair: Pair) -> bool:
        """Show what two texts say, as one step of undo; False where that was refused."""
        retype = Edit("retype", {"text": pair.journey})
        return self.apply(title, retype, Edit("relayout", {"layout": dict(says(pair.layout))}))

    def type(self, place: str, text: str) -> None:
        """Keep what is typed somewhere and is no part of the journey yet; "" where it is one."""
        if self._journal is not None:
            self._journal.type(place, text)

    def typed(self, place: str) -> str:
        """What was typed there and is no part of the journey yet."""
        return self._journal.typing.get(place, "") if self._journal is not None else ""

    def move_to(self, path: Path) -> None:
        """Its file has another name from now on.

        Raises:
            AuthorError: When there is no such file.
        """
        self.disk.move_to(path)
        if self._journal is not None:
            self._journal.move_to(path, self.disk.root)
        self.saved_changed.emit()

    def forget_edits(self) -> None:
        """Keep nothing of what was edited: the journey is not wanted any more."""
        if self._journal is not None:
            self._journal.begin_anew(self.draft, self.disk.stamp)
        self.history.setClean()

    def flush_journal(self) -> None:
        """Write down now the edits that wait for it."""
        if self._journal is not None:
            self._journal.flush()

    def base_of(self, played: Played) -> Pair | None:
        """The texts that the edits of last time were built on, where they are still known."""
        kept = self._versions
        left = played.left
        text = played.text(left.journey) or (kept.text(left.journey) if kept is not None else "")
        if not text:
            return None
        layout = kept.text(left.layout) if kept is not None else None
        if layout is None:
            saved = self.history.at_saved()
            layout = dump(saved.layout.data) if saved is not None and saved.layout.data else ""
        return Pair(text, layout)

    @abstractmethod
    def reload(self) -> None:
        """Take what the files say now; undo begins anew."""
        ...

    @abstractmethod
    def built_on(self, *, saved: bool) -> None:
        """The files hold something else now, and the draft is built on it."""
        ...

    def discard(self) -> None:
        """Go back to what is saved; the edits since then can be done again with redo or undo."""
        clean = self.history.cleanIndex()
        if clean >= 0:
            self.history.setIndex(clean)
        elif not self.disk.path.exists():
            if self._journal is not None:
                self._journal.begin_anew(self.draft, self.disk.stamp)
        elif not self.disk.source.readable:
            self.reload()
        elif self.replace_with(tr("Go back to what is saved"), self.disk.pair):
            self.built_on(saved=True)
