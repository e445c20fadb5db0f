"""The files of one open journey: what was read from them, writing back, noticing others' changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from journeybuilder.document.decoding import decode
from journeybuilder.document.findings import Finding
from journeybuilder.document.model import Journey, Layout, mapping
from journeybuilder.document.source import JourneyFile, Source
from journeybuilder.document.workspace import (
    JOURNEY_ENDING,
    LAYOUT_ENDING,
    journey_source,
    read_journey,
)
from journeybuilder.document.write import dump, rewrite, save
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journey.edit_lines import Played, Stamp
from journeybuilder.gui.journey.journal import Draft
from journeybuilder.gui.journey.text_memory import TextMemory
from journeybuilder.gui.journey.three_way import Pair
from journeybuilder.gui.look.language import tr

_SETTLE = 120  # ms: an editor that saves touches a file several times


@dataclass(frozen=True)
class Texts:
    """What a save writes.

    Attributes:
        journey: The text of the journey's file.
        layout: The text of the layout's; empty where there is to be none.
    """

    draft: Draft
    journey: str
    layout: str

    @property
    def stamp(self) -> Stamp:
        """What the files hold after it."""
        return Stamp.of(self.journey, self.layout)


class JourneyOnDisk(QObject):
    """Reads and writes `X.journey.yaml` and `X.layout.yaml`.

    Signals:
        changed_outside: Somebody else has written one of the files, with another content.
    """

    changed_outside = Signal()

    def __init__(self, path: Path, root: Path) -> None:
        super().__init__()
        self.path = path
        self.root = root
        stem = path.name.removesuffix(JOURNEY_ENDING)
        self.layout_path = path.with_name(stem + LAYOUT_ENDING)
        self._file: JourneyFile = read_journey(path, root)
        self._typed = ""
        self._of_typed = ""  # the typed text of the draft that the file says
        self._texts = TextMemory()
        self._layouts = TextMemory()
        self._differed = False
        self._watcher = QFileSystemWatcher(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self._look)
        self._watcher.fileChanged.connect(self._touched)
        self._watcher.directoryChanged.connect(self._touched)
        self._watch()

    @property
    def source(self) -> Source:
        """The journey's file as it was read or written last."""
        return self._file.source

    @property
    def layout_findings(self) -> Sequence[Finding]:
        """What is wrong with the layout's file."""
        layout = self._file.layout_source
        return layout.findings if layout is not None else ()

    def draft(self) -> Draft:
        """What the files say."""
        return Draft(self._file.journey, self._file.layout)

    def read(self, typed: str = "") -> None:
        """Read both files again, and build on what they say now.

        Args:
            typed: What was typed as the journey's text before this; only what is typed afterwards
                may take the place of a file that cannot be read.

        Raises:
            AuthorError: When the journey's file is gone.
        """
        before = self._file
        self._file = read_journey(self.path, self.root)
        if before.source.readable and before.source.text != self.source.text:
            self._remember_file(before)
        self._typed = self._of_typed = typed
        self._watch()

    def move_to(self, path: Path) -> None:
        """The journey's file has another name from now on."""
        self.close()
        self.path = path
        stem = path.name.removesuffix(JOURNEY_ENDING)
        self.layout_path = path.with_name(stem + LAYOUT_ENDING)
        self.read()

    @property
    def pair(self) -> Pair:
        """The texts of both files as they were read or written last."""
        layout = self._file.layout_source
        return Pair(self.source.text, layout.text if layout else "")

    @property
    def stamp(self) -> Stamp:
        """What the files held when they were read or written last."""
        return self.pair.stamp

    def now(self) -> Pair | None:
        """The texts that the files hold at this moment; None where the journey's file is gone.

        Raises:
            OSError: When one of them cannot be read.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return None
        try:
            layout = self.layout_path.read_bytes()
        except FileNotFoundError:
            layout = b""
        return Pair(_text_of(data), _text_of(layout))

    def remember(self, data: Mapping[str, Any], text: str) -> None:
        """Write this text, with its comments, where the journey says this again."""
        self._texts.add(data, text)

    def _remember_file(self, file: JourneyFile) -> None:
        """Keep the text of a file that is written over; one that was typed is kept in its draft."""
        if not self._of_typed:
            self.remember(file.journey.data, file.source.text)

    def take_texts(self, played: Played) -> None:
        """Know the texts of last time, and what the file says that it was written for."""
        for draft, text in played.texts:
            if not draft.text:
                self.remember(draft.journey.data, text)
        self._of_typed = played.typed_for.get(self.stamp.journey, "")
        for data, text in played.drawn:
            self.remember_layout(data, text)

    def forget_texts(self) -> None:
        """Undo begins anew: what the files said before does not come back."""
        self._texts, self._layouts = TextMemory(), TextMemory()

    def remember_layout(self, data: Mapping[str, Any], text: str) -> None:
        """Write this text, with its comments, where the layout says this again."""
        self._layouts.add(data, text)

    def known_text(self, data: Mapping[str, Any]) -> str:
        """The text that the journey's file had when it said this; "" where that is not known."""
        known = self._texts.get(data)  # first: the same values may stand in a text typed later
        if not known and self.source.readable and data == self._file.journey.data:
            return "" if self._of_typed else self.source.text
        return known

    def known_layout(self, data: Mapping[str, Any]) -> str:
        """The text that the layout's file had when it said this; "" where that is not known."""
        layout = self._file.layout_source
        if layout is not None and layout.readable and data == self._file.layout.data:
            return layout.text
        return self._layouts.get(data)

    def known_texts(self, draft: Draft) -> tuple[str, str]:
        """Both texts that the files had when they said this; "" where one is not known."""
        written = draft.journey.data == self._file.journey.data and draft.text == self._of_typed
        text = "" if draft.text else self.known_text(draft.journey.data)
        return self.source.text if written else text, self.known_layout(draft.layout.data)

    def prepare(self, draft: Draft, *, anyway: bool = False) -> Texts:
        """What the files have to hold for this draft.

        Args:
            draft: The journey and its layout.
            anyway: Whether a file that cannot be read is written over.

        Raises:
            AuthorError: When the file is unreadable, so that writing would lose what is in it.
        """
        held = self._holds_back(draft)
        if held and not anyway:
            raise AuthorError(
                tr("This file cannot be read as a journey, so it is not overwritten."),
                where=self.source.file,
                hint=tr("Mend what the problems say in the YAML panel or in a text editor."),
            )
        text = self.fresh_text(draft) if held else self.text_of(draft)
        return Texts(draft, text, self.layout_text(draft.layout))

    def _holds_back(self, draft: Draft) -> bool:
        """Whether the file cannot be read, and nothing was typed since that could take its place."""
        broken = not self.source.readable and bool(self.source.text.strip())
        return broken and draft.text in ("", self._typed)

    def fresh_text(self, draft: Draft) -> str:
        """The text for a draft that owes nothing to what the file says now."""
        data = draft.journey.data
        if draft.text:
            return rewrite(draft.text, data)
        known = self.known_text(data)
        if not known and self._texts.last:
            known = rewrite(self._texts.last, data)
        return known or dump(data)

    def write(self, texts: Texts) -> None:
        """Write what differs from the files.

        Raises:
            OperatorError: When the disk does not take it.
        """
        draft, source, layout = texts.draft, self.source, self._file.layout_source
        if texts.journey != source.text or not self.path.exists():
            self._remember_file(self._file)
            save(self.path, texts.journey)
            source = journey_source(texts.journey, source.file)
        gone = bool(texts.layout) and not self.layout_path.exists()
        if gone or texts.layout != (layout.text if layout else ""):
            if layout is not None and layout.readable:
                self.remember_layout(self._file.layout.data, layout.text)
            save(self.layout_path, texts.layout)
            layout = read_journey(self.path, self.root).layout_source
        self._file = JourneyFile(source, Journey(draft.journey.data), layout, draft.layout)
        self._of_typed = draft.text
        self._watch()

    def text_of(self, draft: Draft) -> str:
        """The text for a draft; one that was there before comes back with its comments.

        Raises:
            AuthorError: When the file is broken YAML.
        """
        data = draft.journey.data
        if self._holds_back(draft):
            raise AuthorError(tr("This file cannot be read as a journey."))
        if draft.text:
            return rewrite(draft.text, data)
        known = self.known_text(data)
        untyped = self.source.readable and not self._of_typed
        if known or (untyped and data == self._file.journey.data):
            return known
        text = (self._of_typed and self._texts.last) or self.source.text
        return rewrite(text, data) if text.strip() else dump(data)

    def layout_text(self, layout: Layout) -> str:
        """The text for a layout; what it says already stays as it is."""
        old = self._file.layout_source
        if layout.data == self._file.layout.data:
            return old.text if old else ""
        known = self._layouts.get(layout.data)
        if known and (old is None or old.readable):
            return known
        if old is not None and old.readable and old.text.strip():
            return rewrite(old.text, layout.data)
        named = {"journeybuilder": 1, "layout": self._file.journey.id, **layout.data}
        return dump({key: named[key] for key in named if mapping(named)})

    def _watch(self) -> None:
        """Watch both files, their folder, and the one above, which tells that the folder is gone.

        A folder with another name would still be watched under its old one: nothing stays watched
        then but where it would come back.
        """
        folders = [one for one in self.path.parents if one.is_dir()]
        here = bool(folders) and folders[0] == self.path.parent
        files = [one for one in (self.path, self.layout_path) if one.exists()]
        wanted = {str(one) for one in (*folders[: 2 if here else 1], *files)}
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if watched - wanted:
            self._watcher.removePaths([*(watched - wanted)])
        if wanted - watched:
            self._watcher.addPaths([*(wanted - watched)])

    def _touched(self) -> None:
        self._settle.start()

    def _look(self) -> None:
        """An atomic save replaces the file, which ends the watch: watch again and compare.

        That a file is again what it was is told too, to whom was told that it is not.
        """
        self._watch()
        before, self._differed = self._differed, self.differs()
        if before or self._differed:
            self.changed_outside.emit()

    def differs(self) -> bool:
        """Whether the files hold something else than was read or written last, or cannot be read."""
        try:
            now = self.now()
        except OSError:
            return True
        return now != self.pair

    def close(self) -> None:
        """Stop watching."""
        self._settle.stop()
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)


def _text_of(data: bytes) -> str:
    """The text of a file as a source has it."""
    return decode(data)[0]
