"""What happens when our own code fails in the window: it says so, and the work stays."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from journeybuilder.errors import ProgramError
from journeybuilder.gui.crash.crash_dialog import CrashDialog, Deeds
from journeybuilder.gui.crash.logs import told
from journeybuilder.gui.look.language import tr

log = logging.getLogger(__name__)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Unraisable(Protocol):
    """What `sys.unraisablehook` is given."""

    exc_type: type[BaseException]
    exc_value: BaseException | None
    exc_traceback: TracebackType | None
    err_msg: str | None
    object: object


def _qt_message(level: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(level, logging.WARNING), "%s", message)
    del context


def log_qt_messages() -> None:
    """Send Qt's own messages into the log instead of onto the terminal."""
    qInstallMessageHandler(_qt_message)


class CrashHandler(QObject):
    """Takes over the hooks of the interpreter while a window is open.

    An exception in a slot, an event handler, another thread or where nobody can raise it comes here;
    one dialog at a time tells it. The same one again only counts up there.

    Args:
        window: The window over which a dialog is shown.
        deeds: What the dialog offers besides going on.
    """

    _happened = Signal(str, str, str)

    def __init__(self, window: Callable[[], QWidget | None], deeds: Deeds | None = None) -> None:
        super().__init__()
        self._window = window
        self._deeds = deeds or Deeds()
        self._before: tuple[Any, Any, Any] | None = None
        self._muted: set[str] = set()
        self.dialog: CrashDialog | None = None
        self._happened.connect(self._show)

    def install(self) -> None:
        """Take over the hooks."""
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self.handle
        threading.excepthook = self._in_thread
        sys.unraisablehook = self._unraisable

    def remove(self) -> None:
        """Give the hooks back."""
        if self._before is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            self._before = None
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def handle(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """What `sys.excepthook` calls; may be called from any thread."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        details = told("".join(traceback.format_exception(kind, error, trace)))
        if isinstance(error, ProgramError):
            place = f"{error.where}: " if error.where else ""
            hint = error.hint or tr("Your journeys are still open.")
            self._happened.emit(f"{place}{error.what}", hint, details)
            return
        log.error("an exception in the window\n%s", details)
        self._happened.emit(
            tr("The program made a mistake ({name}).", name=kind.__name__),
            tr(
                "Your journeys are still open and nothing was lost. Save them now; then restart if "
                "the window behaves oddly."
            ),
            details,
        )

    def _in_thread(self, what: threading.ExceptHookArgs) -> None:
        if what.exc_value is not None and not issubclass(what.exc_type, SystemExit):
            self.handle(what.exc_type, what.exc_value, what.exc_traceback)

    def _unraisable(self, what: Unraisable) -> None:
        if what.exc_value is not None:
            self.handle(what.exc_type, what.exc_value, what.exc_traceback)

    def _show(self, what: str, hint: str, details: str) -> None:
        kind = details.strip().rsplit("\n", 1)[-1]
        if kind in self._muted:
            return
        if self.dialog is not None:
            self.dialog.again(details)
            return
        self.dialog = CrashDialog(what, hint, details, self._deeds, self._window())
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            if dialog.muted:
                self._muted.add(dialog.kind)
            dialog.deleteLater()
