"""The status line: problems, background work, zoom, saved state."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QPushButton, QStatusBar

from journeybuilder.document.findings import Finding, count
from journeybuilder.gui.forms.base import label
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.work import Job, WorkLine


class StatusLine:
    """Fills a status bar."""

    def __init__(self, bar: QStatusBar) -> None:
        self._bar = bar
        bar.setSizeGripEnabled(False)
        self.line = WorkLine()
        self.problems = QPushButton()
        self.problems.setProperty("role", "counts")
        self.problems.setToolTip(tr("Go to the problems"))
        self.zoom = QPushButton()
        self.zoom.setProperty("role", "counts")
        self.zoom.setToolTip(tr("Show the whole journey"))
        self._saved = label("", "status")
        for widget in (self.line, self.problems, self.zoom, self._saved):
            bar.addPermanentWidget(widget)
        self.line.hide()  # a status bar shows what it is given

    def work(self, title: str, cancel: Callable[[], object] | None = None) -> Job:
        """Show that something goes on in the background, until `end` of the job is called.

        Args:
            title: What is done, in a few words.
            cancel: Stops it, where the person may.
        """
        return self.line.begin(title, cancel)

    def show_findings(self, findings: Sequence[Finding], *, active: bool) -> None:
        """How many errors and warnings."""
        total = count(findings)
        parts: list[str] = []
        if total["error"]:
            parts.append("\u2716 " + trn("{n} error", "{n} errors", total["error"]))
        if total["warning"]:
            parts.append("\u26a0 " + trn("{n} warning", "{n} warnings", total["warning"]))
        words = "   ".join(parts) or "\u2714 " + tr("No problems")
        self.problems.setText(words)
        self.problems.setAccessibleName(tr("Problems of the journey: {words}", words=words))
        self.problems.setVisible(active)

    def show_zoom(self, zoom: float) -> None:
        """The canvas' zoom; 1.0 is 100 %."""
        percent = f"{round(zoom * 100)} %"
        self.zoom.setText(percent)
        self.zoom.setAccessibleName(tr("Zoom {percent}", percent=percent))

    def show_saved(self, saved: bool | None) -> None:
        """Whether the journey in front is saved; None where none is."""
        words = "" if saved is None else tr("Saved") if saved else "\u2022 " + tr("Not saved")
        self._saved.setText(words)
        self.zoom.setVisible(saved is not None)

    @property
    def saved_words(self) -> str:
        """What is said about saving."""
        return self._saved.text()

    def say(self, words: str, milliseconds: int = 6000) -> None:
        """A passing message."""
        self._bar.showMessage(words, milliseconds)
