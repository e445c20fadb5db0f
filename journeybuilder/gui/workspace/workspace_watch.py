"""Notices what other programs do to the files of the workspace: servers, models, scenarios, journeys."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from journeybuilder.document.versions import compare
from journeybuilder.document.workspace import (
    JOURNEY_ENDING,
    LAYOUT_ENDING,
    LOCK_FILE,
    MODELS_FILE,
    SERVERS_FILE,
    SETTINGS_FILE,
    Workspace,
    read_workspace,
)
from journeybuilder.errors import AuthorError
from journeybuilder.gui.bridge import Bridge, Failure, Job
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.kinds import ports_of

_SETTLE = 250  # ms: a checkout touches many files
_NAMED = 3  # files that are named; the rest is counted
_FOLDERS = ("journeys", "scenarios", "policies")
_FILES = (SETTINGS_FILE, SERVERS_FILE, MODELS_FILE, LOCK_FILE)


class WorkspaceWatch(QObject):
    """Watches one workspace.

    Signals:
        changed: The `Workspace` as its files say it now, where they say something else.
        failed: Words: its folder cannot be read any more.
    """

    changed = Signal(object)
    failed = Signal(str)

    def __init__(self, root: Path, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._root = root
        self._bridge = bridge
        self._job: Job | None = None
        self._again = False
        self._watcher = QFileSystemWatcher(self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self.look)
        self._watcher.fileChanged.connect(self._touched)
        self._watcher.directoryChanged.connect(self._touched)
        self._watch()

    def _watch(self) -> None:
        known = {*self._watcher.files(), *self._watcher.directories()}
        wanted = [self._root, *(self._root / name for name in (*_FOLDERS, *_FILES))]
        missing = [str(path) for path in wanted if str(path) not in known and path.exists()]
        if missing:
            self._watcher.addPaths(missing)

    def _touched(self) -> None:
        self._settle.start()

    def look(self) -> None:
        """Read the files in the background, and tell what they say."""
        if not self._bridge.running:
            return
        self._watch()
        if self._job is not None and not self._job.done:
            self._again = True
            return
        work = asyncio.to_thread(read_workspace, self._root)
        self._job = self._bridge.submit(work, self._read, self._not_read)

    def _read(self, found: Workspace) -> None:
        self.changed.emit(found)
        if self._again:
            self._again = False
            self._settle.start()

    def _not_read(self, failure: Failure) -> None:
        self.failed.emit(str(failure))

    def close(self) -> None:
        """Stop watching."""
        self._settle.stop()
        if self._job is not None:
            self._job.cancel()
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)


def texts_of(space: Workspace) -> Mapping[str, str]:
    """What the files of a workspace hold, by their name."""
    return {name: source.text for name, source in space.sources.items()}


def news_of(old: Workspace, new: Workspace, open_files: Sequence[str] = ()) -> str:
    """What other programs have changed, in a line; "" where nothing has.

    Args:
        old: As it was read before.
        new: As it is now.
        open_files: Names of files that tell of themselves.
    """
    before, after = texts_of(old), texts_of(new)
    names = [
        name
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name) and name not in open_files
    ]
    shown = [_said(name, before.get(name), after.get(name)) for name in names]
    told = [words for words in shown if words]
    if not told:
        return ""
    rest = len(told) - _NAMED
    more = [trn("{n} more file", "{n} more files", rest)] if rest > 0 else []
    return tr("Changed outside: {what}", what="; ".join([*told[:_NAMED], *more]))


def _said(name: str, old: str | None, new: str | None) -> str:
    short = name.rpartition("/")[2]
    if name.endswith(LAYOUT_ENDING):
        return ""
    if old is None:
        return tr("{file} is new", file=short)
    if new is None:
        return tr("{file} is gone", file=short)
    try:
        changes = compare(name, old.encode(), new.encode(), ports_of)
    except (AuthorError, UnicodeEncodeError):
        return tr("{file} cannot be read any more", file=short)
    if not changes:
        return ""
    if len(changes) == 1 and not name.endswith(JOURNEY_ENDING):
        return tr("{file}: {what}", file=short, what=changes[0].words)
    return trn("{file}: {n} change", "{file}: {n} changes", len(changes), file=short)
