"""The bar above a canvas that shows a past moment: which one, and the way back to now."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QSizePolicy, QToolButton

from journeybuilder.gui.forms.base import label, row
from journeybuilder.gui.look.language import tr

if TYPE_CHECKING:
    from journeybuilder.gui.debug.debugging import Debugging
    from journeybuilder.gui.journey_tab import JourneyTab


class PastBar(QFrame):
    """Words and three buttons, two of them with an icon only; seen only while a past moment is looked at."""

    def __init__(self, debugging: "Debugging", tab: "JourneyTab") -> None:
        super().__init__(tab)
        self._debugging = debugging
        self._tab = tab
        self.setProperty("role", "past")
        self.setObjectName("debug.past")
        line = row(self, spacing=8, margins=(12, 6, 8, 6))
        self.words = label("", "moment", wrap=True)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        line.addWidget(self.words, 1)
        self.back = self._button("debug-back", tr("Step back"))
        self.back.clicked.connect(debugging.rehearsing.step_back)
        self.forward = self._button("debug-forward", tr("Step forward"))
        self.forward.clicked.connect(debugging.rehearsing.step_forward)
        self.now = QPushButton(tr("Back to now"))
        self.now.setProperty("role", "primary")
        self.now.setObjectName("debug.past.now")
        self.now.clicked.connect(debugging.look_at_now)
        for button in (self.back, self.forward, self.now):
            line.addWidget(button)
        layout = tab.layout()
        if isinstance(layout, QBoxLayout):
            layout.insertWidget(layout.count() - 1, self)
        self.hide()

    @staticmethod
    def _button(icon: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(icon)
        button.setProperty("role", "switch")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(words)
        button.setToolTip(words)
        return button

    def show_moment(self, past: bool) -> None:
        """Say which moment it is, or go away."""
        if past:
            words = self._told()
            if words != self.words.text() or not self.isVisible():
                self._tab.canvas.reading.say(words)
            self.words.setText(words)
            self.setAccessibleName(words)
            rehearsing = self._debugging.rehearsing
            timeline = rehearsing.timeline
            moment = rehearsing.cursor
            for button in (self.back, self.forward):
                button.setIcon(self._debugging.window.look.icon(button.objectName()))
            self.back.setEnabled(moment > 0)
            self.forward.setEnabled(timeline is not None and moment < len(timeline))
        self.setVisible(past)

    def _told(self) -> str:
        debugging, rehearsing = self._debugging, self._debugging.rehearsing
        timeline, moment = rehearsing.timeline, rehearsing.cursor
        if timeline is None:
            return ""
        if moment >= len(timeline):
            names = debugging.run_names()
            return tr("Earlier run: {run}", run=names[rehearsing.run])
        if not moment:
            return tr("Past moment: before the first step")
        return tr(
            "Past moment: {step}, event {n} of {all}",
            step=debugging.title(timeline.place(moment)),
            n=moment,
            all=len(timeline),
        )
