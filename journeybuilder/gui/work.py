"""What goes on in the background, in the status line: its name, how far it is, and a way to stop it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QMenu, QProgressBar, QToolButton, QWidget

from journeybuilder.gui.forms.base import label, row
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.slots import weak

_WIDTH = 96
_MANY = 1000  # parts of the bar


class Job(QObject):
    """One piece of work; whoever does it says how far it is and when it is over.

    Signals:
        changed: It says something else now.
        over: It has ended, or was stopped.
    """

    changed = Signal()
    over = Signal()

    def __init__(self, title: str, cancel: Callable[[], object] | None, parent: QObject) -> None:
        super().__init__(parent)
        self.title = title
        self.done: float | None = None
        self.running = True
        self._cancel = cancel

    @property
    def can_cancel(self) -> bool:
        """Whether the person may stop it."""
        return self._cancel is not None

    def tell(self, title: str | None = None, done: float | None = None) -> None:
        """Say what is done now and how much of it is, from 0 to 1; None where that is not known."""
        if title is not None:
            self.title = title
        self.done = done if done is None else min(max(done, 0.0), 1.0)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop it, as the person wishes."""
        if self.running and self._cancel is not None:
            self._cancel()
            self.end()

    def end(self) -> None:
        """It is over; said twice does no harm."""
        if self.running:
            self.running = False
            self._cancel = None
            self.over.emit()


class WorkLine(QWidget):
    """Shows the work that began last, and how much more there is; hidden where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("work")
        line = row(self, spacing=6, margins=(8, 0, 8, 0))
        self.words: QLabel = label("", "status")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(_WIDTH, 8)
        self.more = QToolButton()
        self.more.setProperty("role", "more")
        self.more.clicked.connect(self._list)
        self.stop = QToolButton()
        self.stop.setObjectName("work.stop")
        self.stop.setText("\u2715")
        self.stop.setProperty("role", "close")
        self.stop.clicked.connect(self._stop)
        for widget in (self.words, self.bar, self.more, self.stop):
            line.addWidget(widget)
        self._jobs: list[Job] = []
        self.hide()

    @property
    def jobs(self) -> list[Job]:
        """What goes on, the latest last."""
        return list(self._jobs)

    def begin(self, title: str, cancel: Callable[[], object] | None = None) -> Job:
        """Show a piece of work until its `end` is called.

        Args:
            title: What is done, in a few words.
            cancel: Stops it, where the person may; keeps nothing alive that is a bound method's owner
                longer than the work lasts.
        """
        job = Job(title, cancel, self)
        job.changed.connect(self._show)
        job.over.connect(weak(self._over, job))
        self._jobs.append(job)
        self._show()
        return job

    def _over(self, job: Job) -> None:
        if job in self._jobs:
            self._jobs.remove(job)
        job.deleteLater()
        self._show()

    def _stop(self) -> None:
        if self._jobs:
            self._jobs[-1].cancel()

    def _show(self) -> None:
        self.setVisible(bool(self._jobs))
        if not self._jobs:
            return
        latest, others = self._jobs[-1], len(self._jobs) - 1
        self.words.setText(latest.title)
        self.bar.setAccessibleName(latest.title)
        self.bar.setRange(0, 0 if latest.done is None else _MANY)
        if latest.done is not None:
            self.bar.setValue(round(latest.done * _MANY))
        self.more.setVisible(others > 0)
        self.more.setText(trn("and {n} more", "and {n} more", others))
        self.stop.setVisible(latest.can_cancel)
        words = tr("Stop: {title}", title=latest.title)
        self.stop.setAccessibleName(words)
        self.stop.setToolTip(words)

    def _list(self) -> None:
        """Everything that goes on, each with its own way to stop it."""
        menu = QMenu(self)
        for job in self._jobs:
            part = "" if job.done is None else f" ({round(job.done * 100)} %)"
            words = tr("Stop: {title}", title=job.title) if job.can_cancel else job.title
            action = menu.addAction(words + part)
            action.setEnabled(job.can_cancel)
            action.triggered.connect(weak(job.cancel))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()))
