"""The status line: problems, zoom, saved state."""

from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton, QStatusBar

from journeybuilder.document.findings import Finding, Severity, count
from journeybuilder.gui.forms.base import label

_SIGNS: tuple[tuple[Severity, str], ...] = (("error", "\u2716"), ("warning", "\u26a0"))


class StatusLine:
    """Fills a status bar."""

    def __init__(self, bar: QStatusBar) -> None:
        self._bar = bar
        bar.setSizeGripEnabled(False)
        self.problems = QPushButton()
        self.problems.setProperty("role", "counts")
        self.problems.setAccessibleName("Problems of the journey")
        self._zoom = label("", "status")
        self._saved = label("", "status")
        for widget in (self.problems, self._zoom, self._saved):
            bar.addPermanentWidget(widget)

    def show_findings(self, findings: Sequence[Finding], *, active: bool) -> None:
        """How many errors and warnings."""
        total = count(findings)
        parts = [
            f"{sign} {total[severity]} {severity}{'' if total[severity] == 1 else 's'}"
            for severity, sign in _SIGNS
            if total[severity]
        ]
        self.problems.setText("   ".join(parts) or "\u2714 No problems")
        self.problems.setVisible(active)

    def show_zoom(self, zoom: float) -> None:
        """The canvas' zoom; 1.0 is 100 %."""
        self._zoom.setText(f"{round(zoom * 100)} %")

    def show_saved(self, saved: bool | None) -> None:
        """Whether the journey in front is saved; None where none is."""
        self._saved.setText("" if saved is None else "Saved" if saved else "\u2022 Not saved")
        self._zoom.setVisible(saved is not None)

    def say(self, words: str, milliseconds: int = 6000) -> None:
        """A passing message."""
        self._bar.showMessage(words, milliseconds)
