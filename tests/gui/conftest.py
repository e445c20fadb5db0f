"""Every GUI test runs off screen and leaves nothing of its own behind: see `leftovers`."""

import gc
import os
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("QT_FONT_DPI", "96")

from PySide6.QtWidgets import QApplication

from tests.gui.leftovers import Before, settle


def pytest_configure(config: pytest.Config) -> None:
    """The offscreen platform says that it cannot do what popups ask for; that is no fault of ours."""
    config.addinivalue_line("qt_log_ignore", "This plugin does not support")


_FREEZE_EVERY = 100
_numbers = count()


def set_aside_what_stays() -> None:
    """Modules and collected tests are millions of objects, and every test is looked through for leftovers.

    What is there between two tests stays there: it is looked through again by none of them.
    """
    if next(_numbers) % _FREEZE_EVERY == 0:
        gc.collect()
        gc.freeze()


def drop_dead_sheet(app: QApplication) -> None:
    """A look that is gone has taken the pictures of its style sheet with it."""
    files = re.findall(r'url\("?([^")]+)', app.styleSheet())
    if any(not Path(file).exists() for file in files):
        app.setStyleSheet("")


@pytest.fixture(autouse=True)
def nothing_dangling(qapp: QApplication) -> Iterator[None]:
    """Fails a test that leaves something of its own behind."""
    drop_dead_sheet(qapp)
    set_aside_what_stays()
    before = Before()
    yield
    settle()
    drop_dead_sheet(qapp)
    left = before.new_windows()
    shown = [repr(widget) for widget in left]
    for widget in left:
        widget.close()
        widget.deleteLater()
    if left:
        settle()
    running = before.left()
    assert not shown, f"windows left open: {shown}"
    assert not running, f"still there: {running}"
