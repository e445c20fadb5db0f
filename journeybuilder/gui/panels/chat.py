"""The pieces of a rehearsal's conversation: bubbles, calls, endings."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from journeybuilder.gui.forms.base import column, label, restyle, row
from journeybuilder.gui.forms.plain import ReadingText
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.panels.values_shown import as_text

_NAMED = 200
"""Letters of a bubble's words that its name for screen readers has; the text itself follows."""


def bubble(text: str, *, customer: bool, source: str = "") -> QWidget:
    """Words of the journey (left) or of the customer (right); `source` says who really spoke."""
    holder = QWidget()
    line: QHBoxLayout = row(holder, spacing=0)
    frame = QFrame()
    frame.setProperty("role", "heard" if customer else "said")
    words = text[:_NAMED]
    frame.setAccessibleName(
        tr("Customer says: {words}", words=words)
        if customer
        else tr("Journey says: {words}", words=words)
    )
    inside = column(frame, spacing=2, margins=(12, 8, 12, 8))
    inside.addWidget(ReadingText(text))
    if source:
        inside.addWidget(label(source, "origin", wrap=True))
    frame.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    line.addStretch(2) if customer else None
    line.addWidget(frame, 8)
    line.addStretch(2) if not customer else None
    return holder


def step_line(text: str) -> QLabel:
    """A quiet line about what the run did."""
    line = label(text, "help", wrap=True)
    line.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return line


class CallLine(QFrame):
    """A tool or model call: one line that opens to arguments and answer.

    What is folded away is made when it is opened the first time: a run makes many calls, and few are
    looked into.
    """

    def __init__(self, title: str, request: Any, arguments: str) -> None:
        super().__init__()
        self.setProperty("role", "call")
        self._request, self._arguments = request, arguments
        self._answer: Any = "\u2026"
        self._note = ""
        self._answered: ReadingText | None = None
        self._noted: QLabel | None = None
        self._layout: QVBoxLayout = column(self, spacing=2, margins=(8, 4, 8, 4))
        head: QHBoxLayout = row(spacing=4)
        self._fold = QToolButton()
        self._fold.setArrowType(Qt.ArrowType.RightArrow)
        self._fold.setCheckable(True)
        self._fold.setAutoRaise(True)
        self._fold.setAccessibleName(tr("Show arguments and answer of {title}", title=title))
        self._fold.toggled.connect(self._toggled)
        head.addWidget(self._fold)
        name = label(title, "code")
        name.setToolTip(title)
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head.addWidget(name, 1)
        self._layout.addLayout(head)
        self._tag = label(tr("running\u2026"), "help", wrap=True)
        self._tag.setContentsMargins(self._fold.sizeHint().width() + head.spacing(), 0, 0, 4)
        self._layout.addWidget(self._tag)
        self._body: QWidget | None = None
        self._later: str | None = None

    def _toggled(self, opened: bool) -> None:
        self._fold.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        if opened and self._body is None:
            self._body = self._make_body()
            self._layout.addWidget(self._body)
        if self._body is not None:
            self._body.setVisible(opened)

    def _make_body(self) -> QWidget:
        body = QWidget()
        inside = column(body, spacing=4, margins=(8, 0, 8, 8))
        inside.addWidget(label(self._arguments, "caption"))
        inside.addWidget(ReadingText(as_text(self._request), "reading code"))
        inside.addWidget(label(tr("Answer"), "caption"))
        self._answered = ReadingText(as_text(self._answer), "reading code")
        inside.addWidget(self._answered)
        self._noted = label(self._note, "help", wrap=True)
        self._noted.setVisible(bool(self._note))
        inside.addWidget(self._noted)
        return body

    @property
    def tag(self) -> str:
        """What it says of itself: that it runs, where the answer came from, that it failed."""
        return self._tag.text()

    def wrote(self, text: str) -> None:
        """Words while they come."""
        self._answer = text
        self._tag.setText(tr("writes: {words}", words=" ".join(text.split())[-80:]))
        if self._answered is not None:
            self._answered.show_text(text)

    def progressed(self, words: str) -> None:
        """How far a call is, in the tool's own words."""
        self._tag.setText(tr("running\u2026 {words}", words=words).strip())

    def stopped(self) -> None:
        """The run is over, and no answer has come."""
        self.answered("", tr("no answer: the rehearsal was stopped"))

    def answered(self, value: Any, tag: str, note: str = "") -> None:
        """It came back; the tag says from where."""
        self._answer, self._note = value, note
        self._tag.setText(tag)
        if self._answered is not None:
            self._answered.show_text(as_text(value))
        if self._noted is not None:
            self._noted.setText(note)
            self._noted.setVisible(bool(note))

    def wait_for_answer(self, *, waits: bool) -> None:
        """Look as it did before the answer came, or as it does now."""
        if waits != (self._later is not None):
            before, self._later = self._later, self._tag.text() if waits else None
            self._tag.setText(tr("running\u2026") if before is None else before)
            if self._answered is not None:
                self._answered.show_text("\u2026" if waits else as_text(self._answer))

    def failed(self, message: str) -> None:
        """It failed; open it so that the reason is seen."""
        self.answered(message, "\u2716 " + tr("failed"))
        restyle(self._tag, "role", "error")
        self._fold.setChecked(True)


def ending(title: str, details: Any, *, good: bool) -> QFrame:
    """How it ended."""
    frame = QFrame()
    frame.setProperty("role", "ended" if good else "failed")
    layout = column(frame, spacing=4, margins=(12, 12, 12, 12))
    sign = "\u2714" if good else "\u2716"
    frame.setAccessibleName(title)
    layout.addWidget(label(f"{sign} {title}", "field", wrap=True))
    if details not in (None, "", {}):
        layout.addWidget(ReadingText(as_text(details)))
    return frame
