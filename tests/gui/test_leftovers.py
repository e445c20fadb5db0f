"""The strictness of the tests: whatever is left behind is noticed, and so is every warning."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import (
    QEasingCurve,
    QFileSystemWatcher,
    QLockFile,
    QObject,
    QProcess,
    QPropertyAnimation,
    QRunnable,
    QSemaphore,
    Qt,
    QThread,
    QThreadPool,
    QTimer,
)
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from tests.gui import leftovers
from tests.gui.leftovers import Before, settle

ROOT = Path(__file__).parents[2]
SLEEP = "import time; time.sleep(60)"


@contextmanager
def timer(tmp_path: Path) -> Generator[str]:
    del tmp_path
    one = QTimer()
    one.start(60_000)
    yield "QTimer '' every 60000 ms of nobody"
    one.stop()


@contextmanager
def timer_without_a_name(tmp_path: Path) -> Generator[str]:
    del tmp_path
    one = QObject()
    number = one.startTimer(60_000)
    yield "a timer of QObject"
    one.killTimer(number)


@contextmanager
def timer_in_the_application(tmp_path: Path) -> Generator[str]:
    del tmp_path
    app = QApplication.instance()
    QTimer(app, objectName="hidden").start(60_000)
    yield "QTimer 'hidden'"
    found = app.findChild(QTimer, "hidden") if app is not None else None
    assert found is not None
    found.stop()
    found.deleteLater()


@contextmanager
def animation(tmp_path: Path) -> Generator[str]:
    del tmp_path
    bar = QProgressBar()
    one = QPropertyAnimation(bar, b"value")
    one.setEasingCurve(QEasingCurve.Type.Linear)
    one.setEndValue(100)
    one.setDuration(60_000)
    one.start()
    yield "QPropertyAnimation"
    one.stop()
    bar.deleteLater()


@contextmanager
def thread(tmp_path: Path) -> Generator[str]:
    del tmp_path
    end = threading.Event()
    one = threading.Thread(target=end.wait, name="left")
    one.start()
    yield "thread left"
    end.set()
    one.join()


@contextmanager
def thread_of_qt(tmp_path: Path) -> Generator[str]:
    del tmp_path
    one = QThread()
    one.start()
    yield "QThread"
    one.quit()
    one.wait()


@contextmanager
def task_of_the_pool(tmp_path: Path) -> Generator[str]:
    del tmp_path
    end = QSemaphore()
    QThreadPool.globalInstance().start(QRunnable.create(end.acquire))
    yield "1 tasks of the thread pool"
    end.release()
    QThreadPool.globalInstance().waitForDone(5000)


@contextmanager
def process(tmp_path: Path) -> Generator[str]:
    del tmp_path
    one = QProcess()
    one.start(sys.executable, ["-c", SLEEP])
    assert one.waitForStarted()
    yield "QProcess"
    one.kill()
    one.waitForFinished()


@contextmanager
def process_of_python(tmp_path: Path) -> Generator[str]:
    del tmp_path
    with subprocess.Popen([sys.executable, "-c", SLEEP]) as one:
        yield f"process {one.pid}"
        one.kill()


@contextmanager
def watcher(tmp_path: Path) -> Generator[str]:
    one = QFileSystemWatcher([str(tmp_path)])
    yield "QFileSystemWatcher"
    one.removePath(str(tmp_path))


@contextmanager
def lock(tmp_path: Path) -> Generator[str]:
    one = QLockFile(str(tmp_path / "lock"))
    assert one.tryLock(0)
    yield "lock of"
    one.unlock()


@contextmanager
def cursor(tmp_path: Path) -> Generator[str]:
    del tmp_path
    QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    yield "an override cursor"
    while QApplication.overrideCursor() is not None:
        QApplication.restoreOverrideCursor()


PLANTS = [
    timer, timer_without_a_name, timer_in_the_application, animation, thread, thread_of_qt,
    task_of_the_pool, process, watcher, lock, cursor,
]  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__.replace("_", " "))
def test_what_goes_on_after_a_test_is_noticed(
    plant: Callable[[Path], AbstractContextManager[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    del qtbot
    monkeypatch.setattr(leftovers, "_PATIENCE", 0.05)
    before = Before()
    assert before.left() == []
    with plant(tmp_path) as words:
        assert any(words in one for one in before.left())
    settle()
    assert before.left() == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells them")
def test_a_child_process_of_pythons_is_noticed(tmp_path: Path, qtbot: QtBot) -> None:
    del qtbot
    before = Before()
    with process_of_python(tmp_path) as words:
        assert words in before.left()
    assert before.left() == []


def test_a_window_is_noticed_and_one_that_is_deleted_is_not(qtbot: QtBot) -> None:
    del qtbot
    before = Before()
    window = QWidget()
    label = QLabel("hidden and without a parent")
    assert set(before.new_windows()) == {window, label}
    window.deleteLater()
    label.deleteLater()
    settle()
    assert before.new_windows() == []


FAULTY = """
import gc, threading
from PySide6.QtCore import QObject, QTimer, qWarning
from PySide6.QtWidgets import QWidget


def test_a_warning_of_qt(qtbot):
    qWarning("beware")


def test_a_slot_that_raises(qtbot):
    def bad():
        raise ValueError("in a slot")
    QTimer.singleShot(0, bad)
    qtbot.wait(20)


def test_a_thread_that_raises():
    def bad():
        raise ValueError("in a thread")
    one = threading.Thread(target=bad)
    one.start()
    one.join()


def test_an_end_that_raises():
    class Bad:
        def __del__(self):
            raise ValueError("at its end")
    Bad()
    gc.collect()


def test_a_window(qtbot):
    global kept
    kept = QWidget()


def test_a_timer(qtbot):
    global timer
    timer = QTimer()
    timer.start(60_000)


def test_a_good_one(qtbot):
    timer.stop()
"""


def test_each_fault_fails_its_test_under_the_settings_of_this_project(tmp_path: Path) -> None:
    file = tmp_path / "test_faulty.py"
    file.write_text(FAULTY, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT),
         "-p", "tests.gui.conftest", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist",
         "-q", "-rA", "--tb=no", "--no-header", str(file)],
        capture_output=True, text=True, check=False, timeout=50, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    lines = done.stdout.splitlines()
    wrong = {
        line.partition("::")[2].partition(" ")[0]
        for line in lines
        if line.startswith(("FAILED", "ERROR"))
    }
    names = {line.partition("(")[0].removeprefix("def ") for line in FAULTY.splitlines()}
    wanted = {name for name in names if name.startswith("test_")} - {"test_a_good_one"}
    assert wrong == wanted, done.stdout + done.stderr
