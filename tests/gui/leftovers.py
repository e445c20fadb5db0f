"""What a test has left behind, in words; nothing of it is to be there."""

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import (
    QAbstractAnimation,
    QAbstractEventDispatcher,
    QCoreApplication,
    QEvent,
    QFileSystemWatcher,
    QLockFile,
    QObject,
    QProcess,
    QThread,
    QThreadPool,
    QTimer,
)
from PySide6.QtGui import QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

_PATIENCE = 5.0  # seconds that a thread has which is about to end


def settle() -> None:
    """Let Qt do what is posted and delete what waits for it."""
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class Before:
    """What was there before a test."""

    def __init__(self) -> None:
        self.windows = set(QApplication.topLevelWidgets())
        self.threads = set(threading.enumerate())
        self.children = _children()

    def new_windows(self) -> list[QWidget]:
        """The windows that came since."""
        return [one for one in QApplication.topLevelWidgets() if one not in self.windows]

    def left(self) -> list[str]:
        """Everything else that came since and goes on."""
        return [
            *_threads(self.threads),
            *_running(),
            *_pool(),
            *(f"process {pid}" for pid in _children() - self.children),
            *_cursor(),
        ]


def _children() -> set[int]:
    """The child processes, where the system tells them; one that has ended and waits is none."""
    if not sys.platform.startswith("linux"):
        return set()
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            found.update(
                int(pid) for pid in (task / "children").read_text(encoding="ascii").split()
            )
        except OSError:  # the thread has ended
            continue
    return {pid for pid in found if not _ended(pid)}


def _ended(pid: int) -> bool:
    try:
        return (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="ascii", errors="replace")
            .rpartition(")")[2]
            .split()[0]
            == "Z"
        )
    except OSError:
        return True


def _threads(before: set[threading.Thread]) -> Iterator[str]:
    for one in set(threading.enumerate()) - before:
        if isinstance(one, threading._DummyThread):  # a thread of Qt's that ran Python once
            continue
        one.join(_PATIENCE)
        if one.is_alive():
            yield f"thread {one.name}"


def _pool() -> Iterator[str]:
    pool = QThreadPool.globalInstance()
    if not pool.waitForDone(round(_PATIENCE * 1000)):
        yield f"{pool.activeThreadCount()} tasks of the thread pool"


def _cursor() -> Iterator[str]:
    if QApplication.overrideCursor() is not None:
        QApplication.restoreOverrideCursor()
        yield "an override cursor"


def _running() -> Iterator[str]:
    """Timers, threads, animations, processes, watchers, locks and accessible objects that go on.

    Those that Python knows, and those that C++ has made and that belong to one of them.
    """
    objects: dict[int, QObject] = {}
    for one in gc.get_objects():
        kind = type(one)
        if issubclass(kind, QObject) and isValid(one):
            objects[id(one)] = one
        elif issubclass(kind, QLockFile) and isValid(one) and one.isLocked():
            yield f"lock of {one.fileName()}"
        elif issubclass(kind, QAccessibleInterface) and isValid(one):
            yield f"accessible object {one!r}"
    known = list(objects.values())
    app = QCoreApplication.instance()
    for one in [*known, *(app.findChildren(QObject) if app is not None else ())]:
        yield from _goes_on(one)
        if one.parent() is None and one is not app:
            for child in one.findChildren(QObject):
                if id(child) not in objects:
                    yield from _goes_on(child)


def _watches(one: QFileSystemWatcher) -> bool:
    return bool(one.files() or one.directories())


def _runs(one: QThread) -> bool:
    return one.isRunning() and one is not QCoreApplication.instance().thread()


_BUSY: tuple[tuple[type, Callable[..., bool]], ...] = (
    (QTimer, QTimer.isActive),
    (QThread, _runs),
    (QAbstractAnimation, lambda one: one.state() == QAbstractAnimation.State.Running),
    (QProcess, lambda one: one.state() != QProcess.ProcessState.NotRunning),
    (QFileSystemWatcher, _watches),
)


def _goes_on(one: QObject) -> Iterator[str]:
    for kind, busy in _BUSY:
        if isinstance(one, kind):
            if busy(one):
                yield f"{_name(one)} of {_name(one.parent())}"
            return
    dispatcher = QAbstractEventDispatcher.instance()
    here = one.thread() is QThread.currentThread()
    if here and dispatcher is not None and dispatcher.registeredTimers(one):
        yield f"a timer of {_name(one)}"


def _name(one: QObject | None) -> str:
    if one is None:
        return "nobody"
    detail = f" every {one.interval()} ms" if isinstance(one, QTimer) else ""
    return f"{type(one).__name__} {one.objectName()!r}{detail}"
