"""What a finding says, why it matters, and what mends it: beside the list of problems."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QWidget

from journeybuilder.document.findings import Finding, Rule
from journeybuilder.gui.fixes import Fix
from journeybuilder.gui.forms.base import column, empty, label, sentence
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak

_MOST = 6


def rule_of(code: str) -> Rule | None:
    """The rule behind a code."""
    from journeybuilder.checks.every_rule import ALL_RULES  # noqa: PLC0415 - not for the first window

    return ALL_RULES.get(code)


class ProblemCard(QScrollArea):
    """The page of one finding.

    Signals:
        wanted: The `Fix` to make.
    """

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("About the problem"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._page = QWidget()
        self._page.setProperty("role", "page")
        self._layout = column(self._page, spacing=6, margins=(14, 10, 14, 12))
        self.setWidget(self._page)
        self.buttons: list[QPushButton] = []
        self.show_finding(None, ())

    def show_finding(self, finding: Finding | None, fixes: Sequence[Fix]) -> None:
        """Show another finding with its fixes, or none."""
        empty(self._layout)
        self.buttons = []
        if finding is None:
            words = tr("Choose a problem to see why it matters and how to mend it.")
            self._layout.addWidget(label(words, "muted", wrap=True))
            self._layout.addStretch(1)
            return
        message = label(sentence(said(finding.message)), "field", wrap=True)
        self._layout.addWidget(message)
        if finding.hint:
            self._layout.addWidget(label(said(finding.hint), "muted", wrap=True))
        if fixes:
            self._layout.addWidget(label(tr("Quick fixes"), "caption"))
        for fix in fixes[:_MOST]:
            button = QPushButton(fix.title.replace("&", "&&"))
            button.setProperty("role", "quiet")
            button.setObjectName("fix")
            button.clicked.connect(weak(self._choose, fix))
            self._layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self.buttons.append(button)
        self._add_rule(finding)
        self._layout.addStretch(1)
        self.verticalScrollBar().setValue(0)

    def _add_rule(self, finding: Finding) -> None:
        rule = rule_of(finding.code)
        if rule is None:
            return
        parts = (
            (tr("Why it matters"), tr(rule.why)),
            (tr("How to mend it"), tr(rule.mend)),
        )
        for title, words in parts:
            self._layout.addWidget(label(title, "caption"))
            self._layout.addWidget(label(words.replace("`", ""), "muted", wrap=True))
        if rule.example:
            self._layout.addWidget(label(tr("For example, this has it"), "caption"))
            example = label(rule.example, "code", wrap=True)
            example.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._layout.addWidget(example)
        code = tr("{code}: {title}", code=rule.code, title=tr(rule.title))
        self._layout.addWidget(label(code, "help", wrap=True))

    def _choose(self, fix: Fix) -> None:
        self.wanted.emit(fix)
