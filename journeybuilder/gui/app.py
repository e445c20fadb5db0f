"""Starts the editor: `run` is what `jb open` calls."""

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

# Before anything of PySide6: its import hook makes `from __future__ import annotations` of modules
# imported after it unreadable for pydantic, whose models then fail to build.
import pydantic.fields  # noqa: F401 # pyright: ignore[reportUnusedImport]
from PySide6.QtCore import QEvent, QLibraryInfo, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

import journeybuilder.gui.plain_imports  # noqa: F401 # pyright: ignore[reportUnusedImport] - see there
from journeybuilder import __version__
from journeybuilder.document.root import find_root
from journeybuilder.errors import AuthorError, OperatorError
from journeybuilder.gui import collecting
from journeybuilder.gui.app_picture import Picture
from journeybuilder.gui.crash.crash import CrashHandler, log_qt_messages
from journeybuilder.gui.crash.crash_trace import CrashTrace
from journeybuilder.gui.crash.logs import Logbook
from journeybuilder.gui.look import language
from journeybuilder.gui.settings import UserSettings

if TYPE_CHECKING:
    from journeybuilder.gui.program import Program

_WHOLE = 100  # percent
_SETTLED = 2000  # ms after which a window has all that belongs to it
_SCALE = "QT_SCALE_FACTOR"


def run(
    path: Path | None,
    picture: Picture | None = None,
    *,
    size: tuple[int, int] | None = None,
    theme: str | None = None,
    scale: float | None = None,
    speech: str | None = None,
) -> int:
    """Open the editor and stay until it is closed; gives the exit status.

    Args:
        path: A workspace, a folder or file in one, or None for what was open the last time.
        picture: Draw the window into a file and leave; needs no screen.
        size: Width and height of the window in logical pixels.
        theme: `light`, `dark`, `high-contrast`; None takes what the person chose.
        scale: Scale of everything; 1 is normal; None takes what the person chose.
        speech: Code of the language of the window; None takes what the person chose.

    Raises:
        AuthorError: When the path is in no workspace.
        OperatorError: When it does not exist, the picture cannot be drawn, or there is no screen.
    """
    _check(path)
    settings = UserSettings(keeps=picture is None)
    scaled = os.environ.get(_SCALE)
    _environment(offscreen=picture is not None, scale=scale or _chosen_scale(settings))
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("journeybuilder")
    app.setApplicationVersion(__version__)
    qt_words(app, language.use(speech or settings.text("language")))
    with collecting.paused():
        return _run(app, settings, path, picture, size, theme, scaled)


def qt_words(app: QApplication, code: str) -> QTranslator | None:
    """Let Qt say its own texts in a language: menus of fields, questions for files and printers.

    Args:
        app: Qt's application.
        code: Of the language, as `de`.
    """
    words = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if code == "en" or not words.load(f"qtbase_{code}", folder):
        return None
    app.installTranslator(words)
    return words


def _run(
    app: QApplication,
    settings: UserSettings,
    path: Path | None,
    picture: Picture | None,
    size: tuple[int, int] | None,
    theme: str | None,
    scaled: str | None,
) -> int:
    # Only now: a text that a module shows is in the language that was chosen.
    from journeybuilder.gui.program import Program, start_again  # noqa: PLC0415

    program = Program(app, settings, (theme or settings.text("theme")).replace("-", " "))
    try:
        if picture is not None:
            return program.draw(path, picture)
        return _stay(app, program, path, size)
    finally:
        again = program.windows.restarts
        program.end()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if again:  # with the scale that is chosen now, not with that of this run
            _restore(scaled)
            start_again()


def _stay(
    app: QApplication, program: "Program", path: Path | None, size: tuple[int, int] | None
) -> int:
    """Until the last window is closed."""
    log_qt_messages()
    book, trace = Logbook(), CrashTrace()
    book.open()
    died = trace.left()
    trace.begin()
    crash = CrashHandler(program.front, program.deeds())
    crash.install()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        program.show(path, size)
        QTimer.singleShot(0, program.windows, program.first_things(died))
        QTimer.singleShot(_SETTLED, program.windows, collecting.again)
        status = app.exec()
    finally:
        crash.remove()
        trace.end()
        book.close()
    return status


def _restore(scale: str | None) -> None:
    """Give the environment the scale that it had before."""
    if scale is None:
        os.environ.pop(_SCALE, None)
    else:
        os.environ[_SCALE] = scale


def _check(path: Path | None) -> None:
    """See that there is something to open before a window is.

    Raises:
        AuthorError: When the path is in no workspace.
        OperatorError: When it does not exist.
    """
    if path is None:
        return
    if not path.exists():
        raise OperatorError(
            "there is nothing to open here",
            where=str(path),
            hint="Look for a typing mistake, or make a workspace with `jb init DIR`.",
        )
    try:
        find_root(path)
    except AuthorError as error:
        what = "this file is in no workspace" if path.is_file() else "this folder is no workspace"
        raise AuthorError(
            f"{what}: neither its folder nor one above has a journeybuilder.yaml",
            where=str(path),
            hint="Make a workspace with `jb init DIR`, and put the journey into its journeys folder.",
        ) from error


def _chosen_scale(settings: UserSettings) -> float | None:
    percent = settings.number("scale")
    return percent / _WHOLE if percent != _WHOLE else None


def _environment(*, offscreen: bool, scale: float | None) -> None:
    """What Qt reads from the environment before the first window.

    Raises:
        OperatorError: When there is no screen.
    """
    if offscreen:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if scale is not None:
        os.environ[_SCALE] = str(scale)
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
