"""Searches that take long, in a process of their own: the window stays free, and they can be stopped."""

import asyncio
import contextlib
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from journeybuilder.checks import Known
from journeybuilder.document.workspace import Workspace
from journeybuilder.errors import OperatorError, ProgramError
from journeybuilder.gui.bridge import Failure
from journeybuilder.gui.scenarios.apart_task import News, Result, Search, Trouble
from journeybuilder.gui.scenarios.suite_book import SuiteBook
from journeybuilder.gui.work import Job

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow

_COMMAND = [sys.executable, "-P", "-m", "journeybuilder.gui.scenarios.apart_worker"]
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)


class Searching(QObject):
    """One search at a time for whoever makes it.

    Signals:
        news: How far it is.
        found: What was found; after a stop, what was found by then.
        failed: A `Failure`.
    """

    news = Signal(object)
    found = Signal(object)
    failed = Signal(object)

    def __init__(self, window: "MainWindow", parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._number = 0
        self._line: Job | None = None
        self._process: subprocess.Popen[bytes] | None = None
        window.files.workspace_changed.connect(self.drop)

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self._line is not None

    def start(
        self,
        title: str,
        what: Literal["way", "campaign"],
        journey: str,
        options: Mapping[str, Any],
    ) -> None:
        """Begin to look, in the journey as it is shown.

        Args:
            title: What is done, in a few words, for the status line.
            what: See `Search`.
            journey: Its id.
            options: See `Search`.

        Raises:
            AuthorError: When no workspace is open.
        """
        self.drop()
        book = SuiteBook.of(self._window)
        self._window.take_typing()
        shown = book.shown()
        known = book.space.known if book.space is not None else Known()
        self._number += 1
        number = self._number
        self._line = self._window.status.work(title, self.stop)
        tell = partial(self._window.bridge.post, self._told, number)
        took = partial(self._took, number)
        work = asyncio.to_thread(_follow, shown, known, journey, what, dict(options), tell, took)
        self._window.bridge.submit(work, partial(self._done, number), partial(self._broken, number))

    def _took(self, number: int, process: "subprocess.Popen[bytes]") -> bool:
        """Called in the thread that reads: whether the process is wanted still."""
        self._process = process
        return number == self._number

    def _told(self, number: int, value: Any) -> None:
        if number == self._number:
            self.news.emit(value)

    def say(self, title: str, done: float | None) -> None:
        """Say in the status line how far it is."""
        if self._line is not None:
            self._line.tell(title, done)

    def _done(self, number: int, value: Any) -> None:
        if number == self._number:
            self._end()
            self.found.emit(value)

    def _broken(self, number: int, failure: Failure) -> None:
        if number == self._number:
            self._end()
            self.failed.emit(failure)

    def stop(self) -> None:
        """Let it end; what it has found by then is told."""
        if self._process is not None:
            _close(self._process)

    def drop(self) -> None:
        """End it at once; nothing more is told."""
        self._number += 1
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(OSError):
                process.kill()
        self._end()

    def _end(self) -> None:
        line, self._line = self._line, None
        self._process = None
        if line is not None:
            line.end()


def _close(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()


def _follow(
    space: Workspace,
    known: Known,
    journey: str,
    what: Literal["way", "campaign"],
    options: Mapping[str, Any],
    tell: Callable[[Any], None],
    took: Callable[["subprocess.Popen[bytes]"], bool],
) -> Any:
    """Start the process and tell what it says; gives what it found. In a thread of its own.

    Raises:
        AuthorError: When the journey cannot be run.
        OperatorError: When the process is lost.
        _ToldError: What the process says that is wrong.
    """
    from journeybuilder.plan.bundle import build  # noqa: PLC0415
    from journeybuilder.rehearse.suites.suite_hands import read, write  # noqa: PLC0415

    search = Search(what, dict(build(space, journey, known).data), options)
    with subprocess.Popen(  # noqa: S603 - this program itself
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=_NO_WINDOW
    ) as process:
        if process.stdin is None or process.stdout is None or not took(process):
            process.kill()
            return None
        try:
            write(process.stdin, search)
            while True:
                message = read(process.stdout)
                if isinstance(message, Result):
                    return message.value
                if isinstance(message, Trouble):
                    raise _ToldError(message.what, where=message.where, hint=message.hint)
                if isinstance(message, News):
                    tell(message.value)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise OperatorError(
                "The process that was looking has ended.",
                hint="Try it again; there may be too little memory.",
            ) from error
        finally:
            _close(process)
            process.kill()


class _ToldError(ProgramError):
    """What went wrong in the other process, as it was told there."""
