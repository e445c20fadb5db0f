"""The edits of one open journey in a file, so that neither a crash nor a restart loses them."""

import os
from pathlib import Path
from typing import BinaryIO

from PySide6.QtCore import QLockFile, QObject, Qt, QTimer, Signal

from journeybuilder.document.model import mapping
from journeybuilder.document.write import save
from journeybuilder.errors import AuthorError, ProgramError
from journeybuilder.gui.journey.disk_sync import DiskSync
from journeybuilder.gui.journey.edit_files import free_aside, journal_path, lines_of
from journeybuilder.gui.journey.edit_lines import (
    Line,
    Played,
    Stamp,
    TextsOf,
    as_line,
    base_line,
    packed,
    play,
    sum_of,
)
from journeybuilder.gui.journey.history import History
from journeybuilder.gui.journey.journal import Change, Draft
from journeybuilder.gui.look.language import tr

_EVERY = (
    350  # ms: what is edited is in the file this much later; with the pauses of fields, a second
)
_LARGEST = 4_000_000  # bytes; a longer journal gives up its oldest steps
_START: Line = {"start": 1}


class EditJournal(QObject):
    """Writes every edit, undo and save of a journey behind the ones before.

    The file is made with the first edit. What is written survives the end of the program in any way;
    what survives the end of the machine is what was there at the last save. Where the file cannot be
    written, or another window writes it, editing goes on without it.

    Signals:
        stopped: Words about why edits are not kept from now on; at most once.
    """

    stopped = Signal(str)

    def __init__(self, path: Path, every: int = _EVERY, largest: int = _LARGEST) -> None:
        super().__init__()
        self.path = path
        self._largest = largest
        self._lock = QLockFile(str(path) + ".lock")
        self._lock.setStaleLockTime(0)  # never by age: only the end of its program ends a lock
        self._file: BinaryIO | None = None
        self._size = 0
        self._floor = 0  # the file holds no steps before this one
        self._short = False  # what is shown lies before the first step of the file
        self._waiting: list[Line] = []
        self._sync = DiskSync()
        self.typing: dict[str, str] = {}
        """What is typed and not part of the journey yet, by its place."""
        self._base: Draft | None = None
        self._texts_of: TextsOf = _no_texts
        self._stamp = Stamp("", "")
        self._history: History | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(every)
        self._timer.timeout.connect(self.flush)

    # --- opening ---------------------------------------------------------------------------------

    def restore(self, history: History, stamp: Stamp) -> tuple[Played | None, str]:
        """Make the edits of the file again.

        Args:
            history: An empty one, which gets the steps.
            stamp: What the journey's files hold.

        Returns:
            What was found, or None; and words for the person where edits were set aside, or "". What
            does not fit the files is given back too: the caller brings both together or calls
            `give_up`.
        """
        if not self.path.exists():
            return None, ""
        if not self._own():
            return None, tr("Another window has this journey open; edits made here are not kept.")
        try:
            data = self.path.read_bytes()
        except OSError as error:
            return None, tr("The edits of last time cannot be read: {why}.", why=error.strerror)
        lines, half = lines_of(data)
        if not lines:  # its program ended within the first writing: it never held an edit
            return None, self._mended(data, lines, 0, half)
        try:
            with history.quietly():
                played = play(lines, history, stamp)
        except AuthorError as error:
            return None, self._unfit(history, tr("cannot be used. {why}", why=error.what))
        if played.behind:
            return None, self._unfit(history, tr("cannot be used. A line of it is damaged."))
        history.seal()
        self.typing = {place: text for place, text in played.typing.items() if text}
        self._waiting = [_START]  # written before the next edit, which is to merge with none
        return played, self._mended(data, lines, played.lost, half)

    def _mended(self, data: bytes, lines: list[str], lost: int, half: int) -> str:
        """Take away what cannot be read; gives words about it."""
        good = sum(
            len(line.encode("utf-8", "surrogateescape")) + 1 for line in lines[: len(lines) - lost]
        )
        self._size = good if lost else len(data) - half
        if lost:
            kept = self._copy_aside(data)
            self._cut()
            return tr(
                "A part of the edits of last time could not be read; what came before it is here. {kept}",
                kept=kept,
            ).strip()
        if half:
            self._cut()
            return tr("The very last edit was only half written and is lost.")
        return ""

    def give_up(self, history: History, *, keep: bool) -> str:
        """The edits fit no file any more: set them aside or forget them; gives words for the person."""
        self._size = 0
        self._waiting.clear()
        self.typing.clear()
        if keep:
            return self._unfit(
                history, tr("do not fit the file any more: it was changed outside since.")
            )
        with history.quietly():
            history.clear()
        self._put_aside(keep=False)
        return ""

    def _unfit(self, history: History, why: str) -> str:
        with history.quietly():
            history.clear()
        kept = self._put_aside(keep=True)
        return tr("Edits of last time that were not saved {why} {kept}", why=why, kept=kept).strip()

    def _copy_aside(self, data: bytes) -> str:
        try:
            target = free_aside(self.path)
            target.write_bytes(data)
        except OSError:
            return ""
        return tr("The whole is set aside in {name}.", name=target.name)

    def _put_aside(self, *, keep: bool) -> str:
        """Move the journal out of the way; gives words about where it is."""
        try:
            if not keep:
                self.path.unlink(missing_ok=True)
                return ""
            target = free_aside(self.path)
            self.path.replace(target)
        except OSError as error:
            self._stop(tr("Edits are not kept: {why}.", why=error.strerror))
            return ""
        return tr("They are set aside in {name}.", name=target.name)

    def _cut(self) -> None:
        """Take away what lies behind the good lines."""
        try:
            os.truncate(self.path, self._size)
        except OSError as error:
            self._stop(tr("Edits are not kept: {why}.", why=error.strerror))

    def follow(self, history: History, base: Draft, stamp: Stamp, texts_of: TextsOf) -> None:
        """Write down what happens from now on.

        Args:
            history: Whose changes.
            base: What is shown where nothing is changed, for a journal that begins now.
            stamp: What the journey's files hold.
            texts_of: Gives the texts that both files had when they said a draft, or "".
        """
        self._history = history
        self._base = base
        self._texts_of = texts_of
        self._stamp = stamp
        history.made.connect(self._made)
        history.went.connect(self._went)

    def move_to(self, journey: Path, root: Path) -> None:
        """The journey's file has another name: so has this one."""
        self.flush(sure=True)
        target = self.path.with_name(journal_path(self.path.parent.parent, journey, root).name)
        self._shut()
        try:
            if self._size:
                self.path.replace(target)
        except OSError as error:
            self._stop(tr("Edits are not kept: {why}.", why=error.strerror))
            return
        self._lock.unlock()
        self.path = target
        self._lock = QLockFile(str(target) + ".lock")
        self._lock.setStaleLockTime(0)

    def begin_anew(self, base: Draft, stamp: Stamp) -> None:
        """Forget everything: the files were read again."""
        self._waiting.clear()
        self.typing.clear()
        self._timer.stop()
        self._shut()
        if self._size:
            self._put_aside(keep=False)
        self._size = self._floor = 0
        self._short = False
        self._base = base
        self._stamp = stamp

    # --- writing ---------------------------------------------------------------------------------

    def _made(self, change: Change) -> None:
        before: Line = self._waiting[-1] if self._waiting else {}
        if change.gesture and mapping(before.get("do")).get("gesture") == change.gesture:
            merged = Change.from_json(before["do"]).merged(change)
            self._waiting[-1] = {"do": merged.as_json()}
        else:
            self._note({"do": change.as_json()})

    def _went(self, index: int) -> None:
        if self._history is not None:
            self._short = self._short or index < self._floor
            self._note({"undone": self._history.count() - index})

    def type(self, place: str, text: str) -> None:
        """Something is typed that is not part of the journey yet; "" where it is, or is gone.

        Args:
            place: Where it is typed, e.g. `yaml`.
            text: All of it.
        """
        if self.typing.get(place, "") == text:
            return
        self.typing[place] = text
        if not text:
            del self.typing[place]
        last: Line = self._waiting[-1] if self._waiting else {}
        typed = last.get("typing")
        if isinstance(typed, list) and typed[:1] == [place]:
            self._waiting.pop()
        self._note({"typing": [place, text]})

    def _note(self, line: Line) -> None:
        if self._history is None:
            return
        self._waiting.append(line)
        if not self._timer.isActive():
            self._timer.start()

    def saving(self, stamp: Stamp) -> None:
        """A save begins, after which the files hold this."""
        if self._size or self._waiting:
            self._note({"saving": stamp.as_json()})
            self.flush()

    def saved(self, stamp: Stamp) -> None:
        """A save is done."""
        before = self._stamp
        self._stamp = stamp
        if self._size and self._history is not None:
            text, drawn = self._texts_of(self._history.shown)
            self._note(
                {
                    "saved": stamp.as_json(),
                    "text": text if stamp.journey != before.journey else "",
                    "drawn": drawn if stamp.layout != before.layout else "",
                }
            )
            self.flush(sure=True)

    def theirs(self, stamp: Stamp) -> None:
        """The files hold what somebody else has written, and what is shown stays."""
        self._stamp = stamp
        self._note({"theirs": stamp.as_json()})

    def flush(self, *, sure: bool = False) -> None:
        """Write down what waits for it.

        Args:
            sure: Wait until the disk has it.
        """
        self._timer.stop()
        history = self._history
        if self._sync.late and self._file is not None:
            self._sync.start(self._file)
        if history is None or not self._waiting or self._waiting == [_START]:
            return
        try:
            if self._short:
                self._pack(history)
            else:
                self._write(history)
            if self._file is not None:
                self._to_disk(self._file, sure=sure)
            if self._size > self._largest:
                self._pack(history)
        except OSError as error:
            self._stop(tr("Edits cannot be kept between starts here: {why}.", why=error.strerror))
        except ProgramError as error:
            self._stop(tr("Edits cannot be kept between starts here: {why}", why=error.what))

    def _to_disk(self, file: BinaryIO, *, sure: bool) -> None:
        if sure:
            os.fsync(file.fileno())
            self._sync.late = False
            return
        self._sync.start(file)
        if self._sync.late:
            self._timer.start()

    def _write(self, history: History) -> None:
        file = self._open()
        if file is None:
            return
        lines = [*self._waiting]
        lines[-1] = {**lines[-1], "sum": sum_of(history.shown)}
        if not self._size and self._base is not None:
            lines.insert(0, base_line(self._base, self._stamp, self._texts_of))
        data = "".join(as_line(line) for line in lines).encode()
        file.write(data)
        file.flush()
        self._size += len(data)
        self._waiting.clear()

    def _open(self) -> BinaryIO | None:
        if self._file is not None:
            return self._file
        self.path.parent.mkdir(parents=True, exist_ok=True)
        there = self.path.stat().st_size if self.path.exists() else 0
        if not self._own() or there != self._size:
            words = tr("Another window has this journey open; edits made here are not kept.")
            self._stop(words if there else tr("Edits cannot be kept between starts here."))
            return None
        self._file = self.path.open("ab")
        return self._file

    def _own(self) -> bool:
        return self._lock.isLocked() or self._lock.tryLock(0)

    def _pack(self, history: History) -> None:
        lines, self._floor = packed(history, self._stamp, self._texts_of, self._largest // 2)
        lines += [as_line({"typing": [place, typed]}) for place, typed in self.typing.items()]
        text = "".join(lines)
        self._short = False
        self._waiting.clear()
        self._shut()
        save(self.path, text)
        self._size = len(text)
        self._largest = max(self._largest, 2 * self._size)

    # --- ending ----------------------------------------------------------------------------------

    def _stop(self, words: str) -> None:
        if self._history is not None:
            self._history.made.disconnect(self._made)
            self._history.went.disconnect(self._went)
            self._history = None
        self._waiting.clear()
        self._timer.stop()
        self._shut()
        self._lock.unlock()
        self.stopped.emit(words)

    def _shut(self) -> None:
        self._sync.end()
        if self._file is not None:
            self._file.close()
            self._file = None

    def close(self) -> None:
        """Write what waits and let go of the file; the edits can be made again from it."""
        self.flush(sure=True)
        self._shut()
        if self._history is not None:
            self._history.made.disconnect(self._made)
            self._history.went.disconnect(self._went)
            self._history = None
        self._lock.unlock()


def _no_texts(draft: Draft) -> tuple[str, str]:
    del draft
    return "", ""
