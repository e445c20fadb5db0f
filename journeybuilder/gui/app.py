"""Starts the editor: `run` is what `jb open` calls."""

import logging
import os
import signal
import sys
from pathlib import Path

# Before anything of PySide6: its import hook makes `from __future__ import annotations` of modules
# imported after it unreadable for pydantic, whose models then fail to build.
import pydantic.fields  # noqa: F401 # pyright: ignore[reportUnusedImport]
from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from journeybuilder import __version__
from journeybuilder.errors import OperatorError
from journeybuilder.gui.actions import commands_of
from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.crash import CrashHandler, log_qt_messages
from journeybuilder.gui.look import SYSTEM, Look
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.window import MainWindow

_PICTURE = (1360, 860)
_SETTLE = 600  # ms that a screenshot waits for fonts, layout and a first check


def run(
    path: Path | None,
    screenshot: Path | None = None,
    size: tuple[int, int] | None = None,
    theme: str | None = None,
    scale: float | None = None,
) -> int:
    """Open the editor and stay until it is closed; gives the exit status.

    Args:
        path: A workspace, a folder or file in one, or None for the welcome page.
        screenshot: Draw the window into this file and leave; needs no screen.
        size: Width and height of the window in logical pixels.
        theme: `light`, `dark`, `high-contrast`; None takes what the person chose.
        scale: Scale of everything; 1 is normal.

    Raises:
        OperatorError: When the screenshot cannot be written, or there is no screen to open a window on.
    """
    _environment(screenshot is not None, scale)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("journeybuilder")
    app.setApplicationVersion(__version__)
    log_qt_messages()
    settings = UserSettings(keeps=screenshot is None)
    chosen = (theme or settings.get("theme", SYSTEM)).replace("-", " ")
    look = Look(app, chosen)
    bridge = Bridge()
    bridge.start()
    window = MainWindow(look, settings, bridge)
    window.take_commands(commands_of(window))
    crash = CrashHandler(_front)
    crash.install()
    try:
        if screenshot is None:
            window.restore()
        if size is not None or screenshot is not None:
            window.resize(*(size or _PICTURE))
        if path is not None:
            window.files.open_path(path.absolute())
        window.show()
        status = _shoot(window, screenshot) if screenshot is not None else _stay(app, window)
    finally:
        crash.remove()
        window.files.leave()
        bridge.stop()
    window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return status


def _environment(offscreen: bool, scale: float | None) -> None:
    """What Qt reads from the environment before the first window.

    Raises:
        OperatorError: When there is no screen.
    """
    if offscreen:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if scale is not None:
        os.environ["QT_SCALE_FACTOR"] = str(scale)
    no_screen = not (
        os.environ.get("DISPLAY")
        or os.environ.get("WAYLAND_DISPLAY")
        or os.environ.get("QT_QPA_PLATFORM")
    )
    if sys.platform.startswith("linux") and no_screen:
        raise OperatorError(
            "there is no screen to open a window on",
            hint="Run it on a desktop, or draw a picture with --screenshot FILE.",
        )


def _front() -> MainWindow | None:
    found = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]
    return found[0] if found else None


def _stay(app: QApplication, window: MainWindow) -> int:
    """Until the window is closed; the servers are asked once it is shown."""
    QTimer.singleShot(0, window.files.discover)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return app.exec()


def _shoot(window: MainWindow, target: Path) -> int:
    """Draw the window as it looks after a moment.

    Raises:
        OperatorError: When the picture cannot be written.
    """
    waiting = QEventLoop()  # a quit of the application would close the window first
    QTimer.singleShot(_SETTLE, waiting.quit)
    waiting.exec()
    target.parent.mkdir(parents=True, exist_ok=True)
    if not window.grab().save(str(target)):
        raise OperatorError(
            "the picture cannot be written", where=str(target), hint="Use a name that ends in .png."
        )
    logging.getLogger(__name__).info("wrote %s", target)
    return 0
