"""Every GUI test runs off screen and leaves no window, timer, animation, process or thread behind."""

import gc
import os
from collections.abc import Iterator

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("QT_FONT_DPI", "96")

from PySide6.QtCore import (
    QAbstractAnimation,
    QCoreApplication,
    QEvent,
    QObject,
    QProcess,
    QThread,
    QTimer,
)
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid


def pytest_configure(config: pytest.Config) -> None:
    """The offscreen platform says that it cannot do what popups ask for; that is no fault of ours."""
    config.addinivalue_line("qt_log_ignore", "This plugin does not support")


def settle() -> None:
    """Let Qt do what is posted and delete what waits for it."""
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _busy(one: QObject) -> bool:
    if isinstance(one, QTimer):
        return one.isActive()
    if isinstance(one, QThread):
        return one.isRunning() and one is not QCoreApplication.instance().thread()
    if isinstance(one, QAbstractAnimation):
        return one.state() == QAbstractAnimation.State.Running
    return isinstance(one, QProcess) and one.state() != QProcess.ProcessState.NotRunning


def _running() -> list[str]:
    """Timers, threads, animations and processes that Python knows and that go on."""
    known = [one for one in gc.get_objects() if issubclass(type(one), QObject)]
    return [repr(one) for one in known if isValid(one) and _busy(one)]


@pytest.fixture(autouse=True)
def nothing_dangling(qapp: QApplication) -> Iterator[None]:
    """Fails a test that leaves something of its own behind."""
    before = set(QApplication.topLevelWidgets())
    yield
    settle()
    left = [widget for widget in QApplication.topLevelWidgets() if widget not in before]
    shown = [repr(widget) for widget in left]
    for widget in left:
        widget.close()
        widget.deleteLater()
    if left:
        settle()
    assert not shown, f"windows left open: {shown}"
    running = _running()
    assert not running, f"still running: {running}"
