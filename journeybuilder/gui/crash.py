"""What happens when our own code fails in the window: it says so, and the work stays."""

import logging
import sys
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from journeybuilder.errors import ProgramError
from journeybuilder.gui.forms.base import column, label

log = logging.getLogger(__name__)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _qt_message(level: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(level, logging.WARNING), "%s", message)
    del context


def log_qt_messages() -> None:
    """Send Qt's own messages into the log instead of onto the terminal."""
    qInstallMessageHandler(_qt_message)


class CrashDialog(QDialog):
    """Says what happened; the journeys stay open behind it."""

    def __init__(self, what: str, hint: str, details: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("crash")
        self.setWindowTitle("Something went wrong")
        self.setMinimumWidth(520)
        layout = column(self, spacing=12, margins=(24, 24, 24, 16))
        layout.addWidget(label("Something went wrong", "title"))
        self.words = label(what, "", wrap=True)
        layout.addWidget(self.words)
        layout.addWidget(label(hint, "muted", wrap=True))
        self._details = QPlainTextEdit(details)
        self._details.setReadOnly(True)
        self._details.setProperty("role", "code")
        self._details.setAccessibleName("Details for the report")
        self._details.setMinimumHeight(160)
        self._details.hide()
        layout.addWidget(self._details)
        buttons = QDialogButtonBox()
        self._more = QPushButton("Show details")
        self._more.clicked.connect(self._toggle)
        copy = QPushButton("Copy details")
        copy.clicked.connect(self._copy)
        close = QPushButton("Go on")
        close.setProperty("role", "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons.addButton(self._more, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(close, QDialogButtonBox.ButtonRole.AcceptRole)
        layout.addWidget(buttons)

    def _toggle(self) -> None:
        self._details.setVisible(not self._details.isVisible())
        self._more.setText("Hide details" if self._details.isVisible() else "Show details")

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._details.toPlainText())


class CrashHandler(QObject):
    """Takes over `sys.excepthook` while a window is open.

    An exception in a slot or an event handler comes here, whatever thread it was in; the dialog is
    shown once at a time, further ones only go to the log.
    """

    _happened = Signal(str, str, str)

    def __init__(self, window: Callable[[], QWidget | None]) -> None:
        super().__init__()
        self._window = window
        self._before: Callable[..., None] | None = None
        self.dialog: CrashDialog | None = None
        self._happened.connect(self._show)

    def install(self) -> None:
        """Take over the hook."""
        self._before = sys.excepthook
        sys.excepthook = self.handle

    def remove(self) -> None:
        """Give the hook back."""
        if self._before is not None:
            sys.excepthook = self._before
            self._before = None
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def handle(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """What `sys.excepthook` calls."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        if isinstance(error, ProgramError):
            place = f"{error.where}: " if error.where else ""
            self._happened.emit(
                f"{place}{error.what}", error.hint or "Your journeys are still open.", details
            )
            return
        log.error("an exception in the window\n%s", details)
        self._happened.emit(
            f"The program made a mistake ({kind.__name__}).",
            "Your journeys are still open and nothing was lost. Save them now; then restart if the "
            "window behaves oddly.",
            details,
        )

    def _show(self, what: str, hint: str, details: str) -> None:
        if self.dialog is not None and self.dialog.isVisible():
            return
        self.dialog = CrashDialog(what, hint, details, self._window())
        self.dialog.open()
