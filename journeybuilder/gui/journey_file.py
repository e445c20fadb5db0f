"""The files of one open journey: what was read from them, writing back, noticing others' changes."""

from collections import deque
from collections.abc import Mapping
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
from journeybuilder.gui.journal import Draft

_SETTLE = 120  # ms: an editor that saves touches a file several times

_REMEMBERED = 50  # texts as they were, so that undo gives their comments back


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
        self._texts: deque[tuple[Mapping[str, Any], str]] = deque(maxlen=_REMEMBERED)
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

    def write(self, draft: Draft) -> None:
        """Write what differs from the files.

        Raises:
            AuthorError: When the file is unreadable, so that writing would lose what is in it.
            OperatorError: When the disk does not take it.
        """
        if not self.source.readable and self.source.text.strip():
            raise AuthorError(
                "This file cannot be read as a journey, so it is not overwritten.",
                where=self.source.file,
                hint="Mend what the problems say in a text editor; the journey is loaded then.",
            )
        text = self.source.text
        if draft.journey.data != self._file.journey.data:
            self._texts.append((self._file.journey.data, text))
            text = self._text_of(draft.journey.data)
            save(self.path, text)
        layout = self._write_layout(draft.layout)
        source = journey_source(text, self.source.file) if text != self.source.text else self.source
        self._file = JourneyFile(source, Journey(draft.journey.data), layout, draft.layout)
        self._watch()

    def _text_of(self, data: Mapping[str, Any]) -> str:
        """The text for these values; one that was there before comes back with its comments."""
        for known, text in self._texts:
            if known == data:
                return text
        text = self.source.text
        return rewrite(text, data) if text.strip() else dump(data)

    def _write_layout(self, layout: Layout) -> Source | None:
        old = self._file.layout_source
        if layout.data == self._file.layout.data:
            return old
        named = {"journeybuilder": 1, "layout": self._file.journey.id, **layout.data}
        if old is not None and old.readable and old.text.strip():
            text = rewrite(old.text, layout.data)
        else:
            text = dump({key: named[key] for key in named if mapping(named)})
        save(self.layout_path, text)
        return read_journey(self.path, self.root).layout_source

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
