"""What to find, what to write for it, and where to look."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import row
from journeybuilder.gui.journey.seek import WHERE, Query
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.panels.combo_room import RoomyCombo

_HERE = noop("This journey")
_ALL = noop("Whole workspace")
_LINE = 96  # pixels that the words to find have at least
_LEAST = 336  # pixels that all of it has at least
_WHERE = 400  # pixels from which on there is room to choose in what to look
_CHOICE = 190  # pixels that a choice has at most; its longest words are seen when it is open


class FindFields(QWidget):
    """The fields above the list.

    Signals:
        changed: Something else is to be looked for.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 8, 10, 6)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        self.line = QLineEdit()
        self.line.setPlaceholderText(tr("Find"))
        self.line.setAccessibleName(tr("Find"))
        self.line.setClearButtonEnabled(True)
        self.new = QLineEdit()
        self.new.setPlaceholderText(tr("Replace with"))
        self.new.setAccessibleName(tr("Replace with"))
        switches = QWidget()
        line = row(switches, spacing=4)
        self.case = self._switch(line, "Aa", tr("Match capital and small letters"))
        self.word = self._switch(line, "ab|", tr("Whole words only"))
        self.regex = self._switch(line, ".*", tr("The words are a regular expression"))
        self.where = RoomyCombo()
        self.where.setAccessibleName(tr("In what to look"))
        for name, words in WHERE.items():
            self.where.addItem(tr(words), name)
        self.scope = RoomyCombo()
        self.scope.setAccessibleName(tr("Where to look"))
        for name, words in (("journey", _HERE), ("workspace", _ALL)):
            self.scope.addItem(tr(words), name)
        for combo in (self.where, self.scope):
            combo.setMaximumWidth(_CHOICE)
        line.addWidget(self.where)
        line.addWidget(self.scope)
        line.addStretch(1)
        deeds = QWidget()
        buttons = row(deeds, spacing=6)
        self.one = QPushButton(tr("Replace"))
        self.all = QPushButton(tr("Replace all"))
        for button in (self.one, self.all):
            buttons.addWidget(button)
        buttons.addStretch(1)
        grid.addWidget(self.line, 0, 0)
        grid.addWidget(switches, 0, 1)
        grid.addWidget(self.new, 1, 0)
        grid.addWidget(deeds, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(0, _LINE)
        self.setMinimumWidth(_LEAST)  # and not what all that is in it would take
        self.line.textChanged.connect(self.changed)
        self.where.currentIndexChanged.connect(self.changed)
        self.scope.currentIndexChanged.connect(self.changed)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.where.setVisible(self.width() >= _WHERE)

    def _switch(self, line: QHBoxLayout, words: str, about: str) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setCheckable(True)
        button.setProperty("role", "switch")
        button.setToolTip(about)
        button.setAccessibleName(about)
        button.toggled.connect(self.changed)
        line.addWidget(button)
        return button

    @property
    def query(self) -> Query:
        """What is looked for."""
        return Query(
            self.line.text(), self.case.isChecked(), self.word.isChecked(), self.regex.isChecked(),
            str(self.where.currentData()),
        )  # fmt: skip
