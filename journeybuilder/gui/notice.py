"""A line above a canvas that tells something and stays until the person has seen it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from journeybuilder.gui.forms.base import empty, label, row
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done about something that is told.

    Attributes:
        words: What its button says.
        run: What it does; a slot that keeps nobody alive (`slots.weak`).
        about: What that does, in a sentence.
        stays: Whether the words stay afterwards, as with looking at something.
    """

    words: str
    run: Callable[[], object]
    about: str = ""
    stays: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    words: str
    deeds: Sequence[Deed]
    done: str


class Notice(QFrame):
    """Words, deeds that they offer, and a button that closes them; the latest words stand in front."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setObjectName("notice")
        line = row(self, spacing=8)
        line.setContentsMargins(12, 6, 8, 6)
        self.words = label("", "", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._deeds = QWidget(self)
        row(self._deeds, spacing=8)
        self.buttons: list[QPushButton] = []
        self.close_button = QPushButton(tr("OK"))
        self.close_button.clicked.connect(self._next)
        for widget in (self.words, self._deeds, self.close_button):
            line.addWidget(widget, 1 if widget is self.words else 0)
        self._told: list[_Told] = []
        self.hide()

    @property
    def deed(self) -> QPushButton:
        """The button of the first deed."""
        return self.buttons[0]

    def tell(self, words: str, *deeds: Deed, done: str = "") -> None:
        """Show words; what was told before and not closed is shown again after them.

        Args:
            words: What has happened.
            deeds: What can be done about it.
            done: The words of the button that closes it.
        """
        self._told = [one for one in self._told if one.words != words]
        self._told.append(_Told(words, deeds, done or tr("OK")))
        self._show()

    def forget(self, words: str) -> None:
        """Close these words, if they are told: they are not true any more."""
        self._told = [one for one in self._told if one.words != words]
        self._show()

    def take_back(self) -> None:
        """Close everything: it is not true any more."""
        self._told.clear()
        self._show()

    def _next(self) -> None:
        if self._told:
            self._told.pop()
        self._show()

    def _show(self) -> None:
        layout = self._deeds.layout()
        if layout is not None:
            empty(layout)
        self.buttons = []
        if not self._told:
            self.hide()
            return
        told = self._told[-1]
        self.words.setText(told.words)
        for one in told.deeds:
            button = QPushButton(one.words)
            button.setToolTip(one.about)
            button.clicked.connect(weak(self._do, one))
            if layout is not None:
                layout.addWidget(button)
            self.buttons.append(button)
        self._deeds.setVisible(bool(told.deeds))
        self.close_button.setText(told.done)
        self.setAccessibleName(told.words)
        self.show()

    def _do(self, deed: Deed) -> None:
        if not deed.stays:
            self._next()
        deed.run()
