"""Parts of a form that fold away under their name; which ones are open is remembered."""

import json

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from journeybuilder.document.model import mapping
from journeybuilder.gui.forms.base import column
from journeybuilder.gui.settings import UserSettings

_KEY = "forms.folded"


class Folds:
    """Remembers which parts the person has opened and closed.

    Args:
        settings: Where that is kept; None remembers it as long as this lives.
    """

    def __init__(self, settings: UserSettings | None = None) -> None:
        self._settings = settings
        try:
            known: object = json.loads(settings.get(_KEY) or "{}") if settings is not None else {}
        except ValueError:
            known = {}
        self._known = {str(key): value is True for key, value in mapping(known).items()}

    def is_open(self, name: str, default: bool) -> bool:
        """Whether a part is open; the default where the person has not touched it."""
        return self._known.get(name, default)

    def put(self, name: str, *, opened: bool) -> None:
        """Remember what the person did."""
        self._known[name] = opened
        if self._settings is not None:
            self._settings.put(_KEY, json.dumps(self._known, sort_keys=True))


class Section(QWidget):
    """A name with an arrow, and what folds away under it.

    Signals:
        folded: Whether it is open now, when the person has changed that.
    """

    folded = Signal(bool)

    def __init__(self, name: str, title: str, *, opened: bool) -> None:
        super().__init__()
        self.name = name
        self._title = title
        outer = column(self, spacing=8)
        self.button = QToolButton()
        self.button.setProperty("role", "section")
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setFocusPolicy(
            Qt.FocusPolicy.StrongFocus
        )  # Tab goes on from here after a click
        self.button.setCheckable(True)
        self.button.setChecked(opened)
        self.button.clicked.connect(self._clicked)
        outer.addWidget(self.button)
        self.body = QWidget(self)
        self.inside = column(self.body, spacing=16)
        outer.addWidget(self.body)
        self.count("")
        self.open(shown=opened)

    def count(self, words: str) -> None:
        """Say behind the name what is in it."""
        self.button.setText(f"{self._title}  {words}".rstrip())
        self.button.setAccessibleName(self.button.text())

    def open(self, *, shown: bool) -> None:
        """Open or fold it, without telling."""
        self.button.setChecked(shown)
        self.button.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self.body.setVisible(shown)

    @property
    def opened(self) -> bool:
        """Whether it is open."""
        return self.button.isChecked()

    def _clicked(self, checked: bool) -> None:
        self.open(shown=checked)
        self.folded.emit(checked)
