"""Who rehearses the scenarios of a suite: a thread of this process, or a process of its own."""

import pickle
import queue
import signal
import subprocess
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple, cast

from typing_extensions import override

from journeybuilder.plan.bundle import Bundle
from journeybuilder.rehearse.real import World
from journeybuilder.rehearse.suites.suite_task import Alive, Bench, Outcome, Task

COMMAND = [sys.executable, "-P", "-m", "journeybuilder.rehearse.suites.suite_worker"]
"""`-P`: a file of the folder in which the suite was started must never be taken for a module."""
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_GRACE = 3.0  # seconds that an idle process has to end once its input has
_GRACE_OF_WORLD = 15.0  # seconds that real servers have to end
_TAIL = 2_000


class Ready(NamedTuple):
    """The process is up."""


class Sign(NamedTuple):
    """A scenario goes on."""

    number: int
    words: str


class Died(NamedTuple):
    """The process has ended."""

    words: str


Message = Ready | Sign | Died | Outcome


@dataclass(frozen=True, slots=True)
class Work:
    """What a process is given: a task, with the bundle where it does not have that yet."""

    task: Task
    bundle: Bundle | None


class Hand(ABC):
    """Does one task at a time; what it has to say comes to the post as pairs of itself and a message."""

    kind: Literal["thread", "process"]

    @abstractmethod
    def give(self, task: Task, bundle: Bundle) -> None:
        """Begin with a task."""

    @abstractmethod
    def end(self) -> None:
        """Let it go; it has nothing to do."""

    @abstractmethod
    def kill(self) -> None:
        """End it, whatever it is doing; nothing of it is heard any more."""


@contextmanager
def uninterrupted() -> Generator[None]:
    """Hold Ctrl+C back for a moment; it comes afterwards.

    In another thread than the main one nothing has to be done: Ctrl+C never comes there.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def keep(number: int, frame: object) -> None:
        del frame
        came.append(number)

    before = signal.signal(signal.SIGINT, keep)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
        if came:
            signal.raise_signal(signal.SIGINT)


Post = queue.Queue[tuple[Hand, Message]]


class _GivenUp(BaseException):
    """Nobody waits for the scenario any more; no `Exception`, so that nothing in between takes it."""


class ThreadHand(Hand):
    """A thread of this process: nothing to start, so it is the fastest for a few scenarios.

    A thread cannot be killed: one that is given up ends with the next sign of life of its scenario, or
    with the program.
    """

    kind: Literal["thread", "process"] = "thread"

    def __init__(self, post: Post, state_dir: Path, world: World | None = None) -> None:
        self._post = post
        self._world = world
        self._work: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._state_dir = state_dir
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="suite", daemon=True)
        self._thread.start()

    @override
    def give(self, task: Task, bundle: Bundle) -> None:
        self._work.put(Work(task, bundle))

    @override
    def end(self) -> None:
        self._work.put(None)
        self._thread.join(_GRACE if self._world is None else _GRACE_OF_WORLD)

    @override
    def kill(self) -> None:
        self._given_up.set()
        self._work.put(None)

    def _run(self) -> None:
        bench = Bench(self._state_dir, self._world)
        with suppress(_GivenUp):
            while (work := self._work.get()) is not None:
                if work.bundle is not None:
                    bench.learn(work.bundle)
                alive = self._alive(work.task.number)
                self._post.put((self, bench.perform(work.task, alive)))
        bench.close()

    def _alive(self, number: int) -> Alive:
        def alive(words: str) -> None:
            if self._given_up.is_set():
                raise _GivenUp
            self._post.put((self, Sign(number, words)))

        return alive


class ProcessHand(Hand):
    """A process of its own. Whatever happens to it, only its one scenario fails.

    Raises:
        OSError: When the system starts no process.
    """

    kind: Literal["thread", "process"] = "process"

    def __init__(self, post: Post, state_dir: Path) -> None:
        self._post = post
        self._known: set[str] = set()
        self._errors = ""
        self._process = subprocess.Popen(  # noqa: S603 - this program itself
            [*COMMAND, str(state_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            creationflags=_NO_WINDOW,
        )
        self._threads = [
            threading.Thread(target=self._hear, name="suite-answers", daemon=True),
            threading.Thread(target=self._hear_errors, name="suite-errors", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @override
    def give(self, task: Task, bundle: Bundle) -> None:
        new = task.bundle not in self._known
        self._known.add(task.bundle)
        with suppress(OSError):  # it has died; whoever hears it says so
            fresh = Bundle(bundle.data) if new else None  # without what was worked out of it
            write(_stream(self._process.stdin), Work(task, fresh))

    @override
    def end(self) -> None:
        with suppress(OSError):
            _stream(self._process.stdin).close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._let_go()

    @override
    def kill(self) -> None:
        self._process.kill()
        self._let_go()

    def _let_go(self) -> None:
        """Wait for its end and close all pipes; nothing is left behind."""
        self._process.wait()
        for thread in self._threads:
            thread.join()
        with suppress(OSError):
            _stream(self._process.stdin).close()
        _stream(self._process.stdout).close()
        _stream(self._process.stderr).close()

    def _hear(self) -> None:
        stream = _stream(self._process.stdout)
        with suppress(EOFError, pickle.UnpicklingError, OSError, ValueError):
            while True:
                self._post.put((self, read(stream)))
        self._process.wait()
        self._threads[1].join()
        self._post.put((self, Died(self._death())))

    def _hear_errors(self) -> None:
        stream = _stream(self._process.stderr)
        with suppress(OSError, ValueError):
            while text := stream.read1(4096):
                self._errors = (self._errors + text.decode("utf-8", "replace"))[-_TAIL:]

    def _death(self) -> str:
        code = self._process.returncode
        how = f"was killed ({_signal_name(-code)})" if code < 0 else f"ended with status {code}"
        lines = [line.strip() for line in self._errors.splitlines() if line.strip()]
        errors = [line for line in lines if "Error" in line] or lines[:1]
        return f"{how}: {errors[-1]}" if errors else how


def write(stream: IO[bytes], value: Any) -> None:
    """Send something to the other process.

    Raises:
        OSError: When that has gone.
    """
    stream.write(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
    stream.flush()


def read(stream: IO[bytes]) -> Any:
    """The next that the other process has sent.

    Raises:
        EOFError: When it has ended.
    """
    return pickle.load(stream)  # noqa: S301 - both processes are this program


def _stream(pipe: IO[bytes] | None) -> Any:
    return cast("IO[bytes]", pipe)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
