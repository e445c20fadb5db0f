"""A phone in a rehearsal: a keypad whose digits choose and type, and what is heard of spoken words."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
)
from typing_extensions import override

from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak

_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")
_LETTERS = {
    "2": "ABC", "3": "DEF", "4": "GHI", "5": "JKL", "6": "MNO", "7": "PQRS", "8": "TUV", "9": "WXYZ",
}  # fmt: skip
_ACROSS = 3
_MOST = 64  # digits that a caller may press
SEND = "#"
"""The key that ends what is typed, as on a phone."""


class PhonePad(QFrame):
    """Answers as a caller does.

    A digit of an offered choice answers at once; others are gathered until `#` is pressed. `#` alone,
    and `*`, are heard as such.

    Signals:
        answered: What the journey hears.
        silent: The caller says nothing.
    """

    answered = Signal(str)
    silent = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "phone")
        self.setAccessibleName(tr("Phone"))
        self._choices: Sequence[str] = ()
        layout = column(self, spacing=8, margins=(12, 10, 12, 12))
        layout.addLayout(self._dialed())
        layout.addLayout(self._keypad(), 0)
        layout.addLayout(self._spoken())
        self.silence = QPushButton(tr("Say nothing"))
        self.silence.setObjectName("phone.silence")
        self.silence.clicked.connect(self.silent)
        layout.addWidget(self.silence)
        self.wait_for((), silence=False, waits=False)

    def _dialed(self) -> QHBoxLayout:
        line = row(spacing=8)
        self.display = label("", "dialed")
        self.display.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.display.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.display.setAccessibleName(tr("Digits so far"))
        self.erase = QPushButton("\u232b")
        self.erase.setProperty("role", "quiet")
        self.erase.setAccessibleName(tr("Take the last digit away"))
        self.erase.setToolTip(tr("Take the last digit away"))
        self.erase.clicked.connect(self._erase)
        line.addWidget(self.display, 1)
        line.addWidget(self.erase)
        return line

    def _keypad(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        self.keys: dict[str, QPushButton] = {}
        for index, key in enumerate(_KEYS):
            letters = _LETTERS.get(key, "")
            button = QPushButton(f"{key}\n{letters}" if letters else key)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
            button.setProperty("role", "phonekey")
            button.setObjectName(f"phone.{key}")
            button.setAccessibleName(_key_name(key))
            button.setAutoRepeat(False)
            button.clicked.connect(weak(self.press, key))
            grid.addWidget(button, index // _ACROSS, index % _ACROSS)
            self.keys[key] = button
        high = max(one.sizeHint().height() for one in self.keys.values())
        for line in range(len(_KEYS) // _ACROSS):
            grid.setRowMinimumHeight(line, high)
        return grid

    def _spoken(self) -> QHBoxLayout:
        line = row(spacing=8)
        self.heard = QLineEdit()
        self.heard.setPlaceholderText(tr("What is heard of the caller"))
        self.heard.setAccessibleName(tr("What is heard of the caller"))
        self.heard.setObjectName("phone.heard")
        self.heard.returnPressed.connect(self._speak)
        self.say = QPushButton(tr("Say"))
        self.say.clicked.connect(self._speak)
        line.addWidget(self.heard, 1)
        line.addWidget(self.say)
        return line

    def wait_for(self, choices: Sequence[str], *, silence: bool, waits: bool) -> None:
        """Whether it waits for the caller now, between which choices, and whether silence ends that."""
        self._choices = tuple(choices)
        self._show("")
        for widget in (*self.keys.values(), self.heard, self.say):
            widget.setEnabled(waits)
        self.silence.setEnabled(waits and silence)
        self.silence.setToolTip(
            "" if silence or not waits else tr("This question has no time-out: it waits on.")
        )
        for number, key in enumerate(_KEYS[:9], start=1):
            offered = self._choices[number - 1] if number <= len(self._choices) else ""
            self.keys[key].setToolTip(offered)
            named = _key_name(key)
            self.keys[key].setAccessibleName(f"{named}: {offered}" if offered else named)

    def press(self, key: str) -> None:
        """A key of the phone is pressed."""
        if not self.keys[key].isEnabled():
            return
        typed = self.display.text()
        if key == SEND:
            self._answer(typed or SEND)
        elif not typed and key.isdigit() and 0 < int(key) <= len(self._choices):
            self._answer(self._choices[int(key) - 1])
        else:
            self._show((typed + key)[-_MOST:])

    def _erase(self) -> None:
        self._show(self.display.text()[:-1])

    def _show(self, digits: str) -> None:
        self.display.setText(digits)
        self.erase.setEnabled(bool(digits))

    def _answer(self, words: str) -> None:
        self._show("")
        self.answered.emit(words)

    def _speak(self) -> None:
        words = self.heard.text().strip()
        if words and self.heard.isEnabled():
            self.heard.clear()
            self.answered.emit(words)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits of the keyboard are keys of the phone; Enter is `#`."""
        text = event.text()
        if text in self.keys:
            self.press(text)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.press(SEND)
        elif event.key() == Qt.Key.Key_Backspace:
            self._erase()
        else:
            super().keyPressEvent(event)


def _key_name(key: str) -> str:
    return {"*": tr("Star"), "#": tr("Hash: send the digits")}.get(key) or tr("Key {key}", key=key)
