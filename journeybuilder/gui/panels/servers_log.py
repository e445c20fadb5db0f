"""What a server has written to its stderr: the end of its log, read beside the window."""

import asyncio
import re
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from journeybuilder.gui.bridge import Bridge, Job
from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.look.language import tr

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[^\t\n\x20-\x7e\xa0-\U0010ffff]")
MOST = 64_000
"""How many bytes of the log are shown."""


def read_end(path: Path) -> str:
    """The end of a log; empty where there is none."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - MOST))
            data = file.read(MOST)
    except OSError:
        return ""
    text = _CONTROL.sub("", data.decode("utf-8", "replace"))
    return text.partition("\n")[2] if size > MOST else text


class LogPage(QWidget):
    """The log of one server."""

    def __init__(self) -> None:
        super().__init__()
        self._job: Job | None = None
        self._path: Path | None = None
        self._bridge: Bridge | None = None
        layout = column(self, spacing=6, margins=(8, 8, 8, 8))
        self._empty = label(tr("It has written nothing to its log so far."), "muted", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("role", "code")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMaximumBlockCount(2000)
        self.text.setAccessibleName(tr("Log of the server"))
        layout.addWidget(self._empty)
        layout.addWidget(self.text, 1)
        line = row(spacing=8)
        again = QPushButton(tr("Read again"))
        again.clicked.connect(self.refresh)
        copy = QPushButton(tr("Copy"))
        copy.setAccessibleName(tr("Copy the log"))
        copy.clicked.connect(self._copy)
        line.addWidget(again)
        line.addWidget(copy)
        line.addStretch(1)
        layout.addLayout(line)

    def show_log(self, bridge: Bridge, path: Path | None) -> None:
        """Show the end of a log; it is read when the page is seen."""
        self._bridge = bridge
        if path != self._path:
            self._path = path
            self.text.clear()
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read the log again."""
        if self._bridge is None or self._path is None:
            return
        if self._job is not None:
            self._job.cancel()
        self._job = self._bridge.submit(asyncio.to_thread(read_end, self._path), self._read)

    def _read(self, text: str) -> None:
        self._job = None
        if text != self.text.toPlainText():
            self.text.setPlainText(text)
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.maximum())
        self._empty.setVisible(not text)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def let_go(self) -> None:
        """Wait for nothing any more."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
