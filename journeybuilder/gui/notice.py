"""A line above a canvas that tells something and stays until the person has seen it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QWidget

from journeybuilder.gui.forms.base import label, row


class Notice(QFrame):
    """Words, at most one deed that they offer, and a button that closes them.

    Signals:
        asked: The person wants the deed.
    """

    asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setObjectName("notice")
        line = row(self, spacing=8)
        line.setContentsMargins(12, 6, 8, 6)
        self.words = label("", "", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.deed = QPushButton()
        self.deed.clicked.connect(self._do)
        self.close_button = QPushButton("OK")
        self.close_button.clicked.connect(self.hide)
        for widget in (self.words, self.deed, self.close_button):
            line.addWidget(widget, 1 if widget is self.words else 0)
        self.hide()

    def tell(self, words: str, deed: str = "", about: str = "", done: str = "OK") -> None:
        """Show words.

        Args:
            words: What has happened.
            deed: What can be done about it, as the words of a button; "" for none.
            about: What that does, in a sentence.
            done: The words of the button that closes it.
        """
        self.words.setText(words)
        self.deed.setText(deed)
        self.deed.setToolTip(about)
        self.deed.setVisible(bool(deed))
        self.close_button.setText(done)
        self.setAccessibleName(words)
        self.show()

    def _do(self) -> None:
        self.hide()
        self.asked.emit()
