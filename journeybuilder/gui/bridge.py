"""The only crossing between the window and everything asynchronous.

One worker thread runs one asyncio loop. The window hands coroutines over with `submit`; the loop hands
calls back with `post`: they are queued, one wake-up signal stands for any number of them, and a burst
is worked off in slices, so that the window never waits for the loop nor drowns in its news.
"""

import asyncio
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid
from typing_extensions import override

from journeybuilder.errors import ProgramError, StepError
from journeybuilder.gui.collecting import Collector

log = logging.getLogger(__name__)

T = TypeVar("T")
_SLICE = 0.008  # seconds that one drain may take: half a frame
_TURN = 0.001  # seconds that the loop may keep the window waiting at a time
_PATIENCE = 10.0  # seconds that a stop waits for the loop


@dataclass(frozen=True, slots=True)
class Failure:
    """What a person is told when something in the loop failed."""

    what: str
    hint: str = ""

    @override
    def __str__(self) -> str:
        return f"{self.what}\n{self.hint}" if self.hint else self.what


def failure_of(error: BaseException) -> Failure:
    """An exception in our words."""
    if isinstance(error, ProgramError):
        place = f"{error.where}: " if error.where else ""
        return Failure(f"{place}{error.what}", error.hint)
    if isinstance(error, StepError):
        return Failure(error.message)
    log.error("a task of the worker loop failed", exc_info=error)
    return Failure(
        f"Something in the program failed ({type(error).__name__}).",
        "Your journey is not affected. Try again; the log has the details.",
    )


class Job:
    """One coroutine on its way; can be cancelled from the window."""

    def __init__(self, future: "Future[Any]") -> None:
        self._future = future

    @property
    def done(self) -> bool:
        """Whether it has ended, in whatever way."""
        return self._future.done()

    def cancel(self) -> None:
        """Ask it to stop; nothing is called back after this."""
        self._future.cancel()


class Bridge(QObject):
    """Owns the worker thread and its loop.

    Signals:
        failed: A `Failure` of a job that named no receiver of its own.
    """

    failed = Signal(object)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._news: deque[tuple[Callable[..., Any], tuple[Any, ...]]] = deque()
        self._pending = False
        self._closing: list[Future[Any]] = []
        self._collector = Collector(self)
        self._woken.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> bool:
        """Whether the loop is there."""
        return self._loop is not None

    def start(self) -> None:
        """Start the thread; a second time changes nothing."""
        if self._thread is not None:
            return
        # Every word with Qt gives the interpreter up, and a busy loop keeps it for so long.
        sys.setswitchinterval(_TURN)
        self._collector.begin()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._work, args=(self._loop,), name="journeybuilder-loop", daemon=True
        )
        self._thread.start()

    @staticmethod
    def _work(loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
        finally:
            loop.run_until_complete(_cancel_all())
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            loop.close()

    def submit(
        self,
        work: Coroutine[Any, Any, T],
        done: Callable[[T], Any] | None = None,
        failed: Callable[[Failure], Any] | None = None,
    ) -> Job:
        """Run a coroutine in the loop; `done` or `failed` is called in the window's thread.

        Raises:
            RuntimeError: When the bridge is not running; a mistake of ours.
        """
        if self._loop is None:
            work.close()
            raise RuntimeError("the bridge is not running")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)

        def finished(ended: "Future[T]") -> None:
            if ended.cancelled():
                return
            error = ended.exception()
            if error is None:
                if done is not None:
                    self.post(done, ended.result())
            else:
                self.post(failed or self.failed.emit, failure_of(error))

        future.add_done_callback(finished)
        return Job(future)

    def let_go(self, work: Coroutine[Any, Any, Any]) -> None:
        """Close something in the loop; a stop of the bridge waits for this, and for nothing else."""
        if self._loop is None:
            work.close()
            return
        self._closing = [future for future in self._closing if not future.done()]
        self._closing.append(asyncio.run_coroutine_threadsafe(work, self._loop))

    def post(self, call: Callable[..., Any], *args: Any) -> None:
        """Have something called in the window's thread; may be used from any thread.

        A method of an object of Qt that is gone by then is not called.
        """
        self._news.append((call, args))
        if not self._pending:
            self._pending = True
            self._woken.emit()

    def _drain(self) -> None:
        self._pending = False
        until = time.perf_counter() + _SLICE
        while self._news:
            call, args = self._news.popleft()
            receiver = getattr(call, "__self__", None)
            if not isinstance(receiver, QObject) or isValid(receiver):
                call(*args)
            if self._news and time.perf_counter() > until:
                self._pending = True
                QTimer.singleShot(0, self, self._drain)
                return

    def stop(self) -> bool:
        """Wait for what is being closed, cancel the rest, end the loop; True when all ended in time."""
        loop, thread = self._loop, self._thread
        self._loop = self._thread = None
        if loop is None or thread is None:
            return True
        wait(self._closing, timeout=_PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_PATIENCE)
        self._collector.end()
        self._news.clear()
        return not thread.is_alive()


async def _cancel_all() -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
