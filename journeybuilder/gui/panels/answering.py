"""Where whoever rehearses answers: a line with choices in a chat, a phone on a voice channel."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import column, empty, row
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.panels.flow import FlowLayout
from journeybuilder.gui.panels.keypad import PhonePad

VOICE = frozenset({"voice", "phone"})
"""Channels on which the customer is at a telephone."""


class AnswerLine(QLineEdit):
    """The customer's words; the up key brings back what was said before."""

    def __init__(self) -> None:
        super().__init__()
        self._said: list[str] = []
        self._at = 0

    def remember(self, words: str) -> None:
        """This was said."""
        self._said = [*(one for one in self._said if one != words), words]
        self._at = len(self._said)

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(arg__1.key()), 0)
        if not by or not self._said:
            super().keyPressEvent(arg__1)
            return
        self._at = min(max(0, self._at + by), len(self._said))
        self.setText(self._said[self._at] if self._at < len(self._said) else "")


class Answering(QWidget):
    """Asks for the customer's answer in the way of the channel.

    Signals:
        answered: The customer's words.
        passed: Nobody answers: time is to pass.
    """

    answered = Signal(str)
    passed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._voice = False
        self._waits = self._others = False
        layout = column(self, spacing=8)
        self._choices = QWidget()
        self._choice_line = FlowLayout(self._choices)
        layout.addWidget(self._choices)
        self._chat = QWidget()
        self._fill_chat(row(self._chat, spacing=8))
        layout.addWidget(self._chat)
        self.phone: PhonePad | None = None
        self.pass_button = QPushButton(tr("Nobody answers: let time pass"))
        self.pass_button.setProperty("role", "quiet")
        self.pass_button.setToolTip(tr("Go to the end of the wait"))
        self.pass_button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.pass_button.clicked.connect(self.passed)
        layout.addWidget(self.pass_button)
        self.wait_for(None, ends=False)

    def _fill_chat(self, line: QHBoxLayout) -> None:
        self.answer = AnswerLine()
        self.answer.setPlaceholderText(tr("Answer as the customer"))
        self.answer.setAccessibleName(tr("Answer as the customer"))
        self.answer.returnPressed.connect(self._send)
        self._send_button = QPushButton(tr("Send"))
        self._send_button.setProperty("role", "primary")
        self._send_button.clicked.connect(self._send)
        line.addWidget(self.answer, 1)
        line.addWidget(self._send_button)

    def use_channel(self, channel: str) -> None:
        """Be a chat or a phone from now on."""
        self._voice = channel in VOICE
        if self._voice and self.phone is None:
            self.phone = PhonePad()
            self.phone.answered.connect(self.answered)
            self.phone.silent.connect(self.passed)
            cast("Any", self.layout()).insertWidget(2, self.phone)
        self._fit(())

    def wait_for(self, wait: Mapping[str, Any] | None, *, ends: bool, others: bool = False) -> None:
        """Whether the customer is waited for.

        Args:
            wait: The wait for the customer, if there is one.
            ends: Whether a wait that is shown has an end.
            others: Whether there are waits: where none is for the customer, nothing is to be typed.
        """
        self._waits = wait is not None
        self._others = others and wait is None
        given = [str(one) for one in cast("Sequence[Any]", (wait or {}).get("choices") or ())]
        empty(self._choice_line)
        for index, choice in enumerate(given, start=1):
            button = QPushButton(f"{index}  {choice}" if self._voice else choice)
            button.setAccessibleName(choice)
            button.setProperty("role", "choice")
            button.clicked.connect(weak(self._choose, choice))
            self._choice_line.addWidget(button)
        self.pass_button.setVisible(ends and not (self._voice and self._waits))
        if self.phone is not None:
            self.phone.wait_for(given, silence=ends, waits=self._waits)
        self._fit(given)

    def _fit(self, choices: Sequence[str]) -> None:
        self._choices.setVisible(self._waits and bool(choices))
        self._chat.setVisible(not self._voice and not self._others)
        self.answer.setEnabled(self._waits)
        self._send_button.setEnabled(self._waits)
        if self.phone is not None:
            self.phone.setVisible(self._voice and not self._others)

    def take_focus(self) -> None:
        """Put the focus to where one answers."""
        if self._voice and self.phone is not None:
            self.phone.setFocus()
        else:
            self.answer.setFocus()

    def _choose(self, choice: str) -> None:
        self.answered.emit(choice)

    def _send(self) -> None:
        text = self.answer.text().strip()
        if text and self.answer.isEnabled():
            self.answer.clear()
            self.answer.remember(text)
            self.answered.emit(text)
