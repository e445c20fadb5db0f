"""What can be done where a rehearsal stands still at a breakpoint or after a step."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QPushButton

from journeybuilder.gui.debug.stop_words import stop_words
from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.rehearsing import Rehearsing


class StandingStill(QFrame):
    """Says why it stands still, and lets it go on; stands where the customer answers otherwise.

    Attributes:
        titled: What a step is called.
    """

    def __init__(self, rehearsing: Rehearsing) -> None:
        super().__init__()
        self._rehearsing = rehearsing
        self.titled: Callable[[str], str] = str
        self.setProperty("role", "case")
        layout = column(self, spacing=8, margins=(12, 10, 12, 12))
        self.words = label("", "moment", wrap=True)
        layout.addWidget(self.words)
        line = row(spacing=8)
        self.go_on = QPushButton(tr("Go on"))
        self.go_on.setObjectName("rehearsal.go_on")
        self.go_on.setProperty("role", "primary")
        self.go_on.setToolTip(tr("Go on to the next breakpoint, wait or end"))
        self.go_on.clicked.connect(rehearsing.go_on)
        self.step = QPushButton(tr("Step"))
        self.step.setObjectName("rehearsal.step")
        self.step.setToolTip(tr("One step on"))
        self.step.clicked.connect(rehearsing.step)
        line.addWidget(self.go_on)
        line.addWidget(self.step)
        line.addStretch(1)
        layout.addLayout(line)
        self.hide()

    def refresh(self) -> None:
        """Say where it stands now."""
        stop = self._rehearsing.stopped_at
        words = stop_words(stop, self.titled) if stop is not None else ""
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.setAccessibleName(words)
