"""What is wrong with the step that is shown: a line each, which leads to its field."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from journeybuilder.document.findings import Finding
from journeybuilder.gui.fixes import has_fixes
from journeybuilder.gui.forms.base import column, empty, label, row, sentence
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.shell import Shell


class FindingsBox(QFrame):
    """The findings on top of the form.

    Signals:
        wanted: A finding whose field is to be shown.
    """

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "findings")
        self._layout = column(self, spacing=8, margins=(12, 8, 12, 8))
        self._shown: Sequence[Finding] = ()
        self.hide()

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Show these; none hides the box."""
        if list(found) == list(self._shown):
            return
        self._shown = list(found)
        empty(self._layout)
        for finding in found:
            self._layout.addLayout(self._one(finding))
        self.setVisible(bool(found))

    def _one(self, finding: Finding) -> QVBoxLayout:
        """What is wrong over the whole width, what helps below it."""
        sign = "\u2716" if finding.severity == "error" else "\u26a0"
        message = sentence(said(finding.message))
        block, line = QVBoxLayout(), row(spacing=4)
        block.setSpacing(2)
        words = label(f"{sign} {message}", "problem", wrap=True)
        words.setProperty("severity", finding.severity)
        words.setContentsMargins(0, 4, 0, 4)  # one line is as high as the button beside it
        line.addWidget(words, 1)
        go = QPushButton("\u2192")
        go.setProperty("role", "remove")
        go.setToolTip(tr("Go to the field"))
        go.setAccessibleName(tr("Go to the field: {problem}", problem=message))
        go.clicked.connect(weak(self._go, finding))
        line.addWidget(go)
        line.setAlignment(go, Qt.AlignmentFlag.AlignTop)
        block.addLayout(line)
        if finding.hint:
            block.addWidget(label(said(finding.hint), "help", wrap=True))
        if has_fixes(finding):
            block.addWidget(self._fix(finding, message), alignment=Qt.AlignmentFlag.AlignLeft)
        return block

    def _fix(self, finding: Finding, message: str) -> QPushButton:
        fix = QPushButton(tr("Fix…"))
        fix.setProperty("role", "quiet")
        fix.setObjectName("fix")
        fix.setToolTip(tr("Quick fixes (Ctrl+.)"))
        fix.setAccessibleName(tr("Quick fixes: {problem}", problem=message))
        fix.clicked.connect(weak(self._mend, finding, fix))
        return fix

    def _go(self, finding: Finding) -> None:
        self.wanted.emit(finding)

    def _mend(self, finding: Finding, button: QPushButton) -> None:
        """Offer the quick fixes below the button."""
        window = self.window()
        if isinstance(window, Shell):
            window.ask_fix(finding, button.mapToGlobal(button.rect().bottomLeft()))
