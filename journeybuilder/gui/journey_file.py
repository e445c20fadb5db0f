"""The files of one open journey: what was read from them, writing back, noticing others' changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from journeybuilder.document.model import Journey, Layout, mapping
from journeybuilder.document.source import JourneyFile, Source
from journeybuilder.document.workspace import (
    JOURNEY_ENDING,
    LAYOUT_ENDING,
    journey_source,
    read_journey,
)
from journeybuilder.document.write import dump, rewrite, save
from journeybuilder.errors import AuthorError, OperatorError
from journeybuilder.gui.edit_lines import Stamp
from journeybuilder.gui.journal import Draft

_SETTLE = 120  # ms: an editor that saves touches a file several times

_REMEMBERED = 50  # texts as they were, so that undo gives their comments back


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
        self._texts: list[tuple[Mapping[str, Any], str]] = []
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

    def draft(self) -> Draft:
        """What the files say."""
        return Draft(self._file.journey, self._file.layout)

    def read(self) -> None:
        """Read both files again.

        Raises:
            AuthorError: When the journey's file is gone.
        """
        self._file = read_journey(self.path, self.root)
        self._texts.clear()
        self._watch()

    def read_keeping_marks(self) -> None:
        """Build on what the files say now, so that a save replaces exactly that."""
        if self.path.exists():
            self.read()

    @property
    def stamp(self) -> Stamp:
        """What the files held when they were read or written last."""
        layout = self._file.layout_source
        return Stamp.of(self.source.text, layout.text if layout else "")

    def remember(self, data: Mapping[str, Any], text: str) -> None:
        """Write this text, with its comments, where the journey says this again."""
        if len(self._texts) == _REMEMBERED:
            del self._texts[1]  # never the first: it is where undo ends
        self._texts.append((data, text))

    def known_text(self, data: Mapping[str, Any]) -> str:
        """The text that the journey's file had when it said this; "" where that is not known."""
        if data == self._file.journey.data:
            return self.source.text
        return next((text for known, text in self._texts if known == data), "")

    def prepare(self, draft: Draft) -> Texts:
        """What the files have to hold for this draft.

        Raises:
            AuthorError: When the file is unreadable, so that writing would lose what is in it.
        """
        if not self.source.readable and self.source.text.strip():
            raise AuthorError(
                "This file cannot be read as a journey, so it is not overwritten.",
                where=self.source.file,
                hint="Mend what the problems say in a text editor; the journey is loaded then.",
            )
        return Texts(draft, self.text_of(draft), self._layout_text(draft.layout))

    def write(self, texts: Texts) -> None:
        """Write what differs from the files.

        Raises:
            OperatorError: When the disk does not take it.
        """
        draft, source, layout = texts.draft, self.source, self._file.layout_source
        if texts.journey != source.text:
            self.remember(self._file.journey.data, source.text)
            save(self.path, texts.journey)
            source = journey_source(texts.journey, source.file)
        if texts.layout != (layout.text if layout else ""):
            save(self.layout_path, texts.layout)
            layout = read_journey(self.path, self.root).layout_source
        self._file = JourneyFile(source, Journey(draft.journey.data), layout, draft.layout)
        self._watch()

    def text_of(self, draft: Draft) -> str:
        """The text for a draft; one that was there before comes back with its comments.

        Raises:
            AuthorError: When the file is broken YAML.
        """
        data = draft.journey.data
        if draft.text:
            return rewrite(draft.text, data)
        known = self.known_text(data)
        if known or data == self._file.journey.data:
            return known
        text = self.source.text
        return rewrite(text, data) if text.strip() else dump(data)

    def _layout_text(self, layout: Layout) -> str:
        old = self._file.layout_source
        if layout.data == self._file.layout.data:
            return old.text if old else ""
        if old is not None and old.readable and old.text.strip():
            return rewrite(old.text, layout.data)
        named = {"journeybuilder": 1, "layout": self._file.journey.id, **layout.data}
        return dump({key: named[key] for key in named if mapping(named)})

    def _watch(self) -> None:
        wanted = [str(path) for path in (self.path, self.layout_path) if path.exists()]
        missing = [name for name in wanted if name not in self._watcher.files()]
        if missing:
            self._watcher.addPaths(missing)
        folder = str(self.path.parent)
        if folder not in self._watcher.directories() and self.path.parent.is_dir():
            self._watcher.addPath(folder)

    def _touched(self) -> None:
        self._settle.start()

    def _look(self) -> None:
        """An atomic save replaces the file, which ends the watch: watch again and compare."""
        self._watch()
        layout = self._file.layout_source
        if _differs(self.path, self.source.text) or _differs(
            self.layout_path, layout.text if layout else ""
        ):
            self.changed_outside.emit()

    def close(self) -> None:
        """Stop watching."""
        self._settle.stop()
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)


def _differs(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() != text.encode()
    except FileNotFoundError:
        return bool(text)
    except OSError as error:
        raise OperatorError(
            f"The file cannot be read: {error.strerror}.", where=str(path)
        ) from None
