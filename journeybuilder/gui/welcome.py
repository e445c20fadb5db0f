"""What a window shows when no workspace is open: what one can do now."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from journeybuilder.gui.forms.base import column, empty, label, row
from journeybuilder.gui.slots import weak

_WIDTH = 480


class WelcomePage(QScrollArea):
    """Open a folder, the sample or a new workspace; and the recent ones.

    Signals:
        asked: Id of a command of the registry.
        recent: Folder of a workspace.
        journey: Id of a journey of the open workspace.
    """

    asked = Signal(str)
    recent = Signal(str)
    journey = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        page = QWidget()
        page.setProperty("role", "page")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        around = row(page, margins=(32, 32, 32, 32))
        around.addStretch(1)
        self._middle = QWidget()
        self._middle.setFixedWidth(_WIDTH)
        self._layout: QVBoxLayout = column(self._middle, spacing=8)
        around.addWidget(self._middle)
        around.addStretch(1)
        self.setWidget(page)

    def show_start(self, recents: Sequence[str]) -> None:
        """No workspace is open."""
        self._clear(
            "journeybuilder",
            "Draw customer journeys over MCP tools, try them on the spot, export one file.",
        )
        self._card(
            "Try the sample",
            "A shop's returns, with its own small servers. Copied to a folder you choose.",
            "file.sample",
            primary=True,
        )
        self._card("Open a workspace", "A folder with a journeybuilder.yaml.", "file.open")
        self._card("New workspace", "A folder for journeys of your own.", "file.new_workspace")
        known = [name for name in recents if Path(name).is_dir()]
        if known:
            self._layout.addSpacing(16)
            self._layout.addWidget(label("Recent", "section"))
            for name in known:
                self._link(Path(name).name, name, weak(self._open_recent, name))
        self._layout.addStretch(1)

    def show_workspace(self, name: str, journeys: Sequence[tuple[str, str, str]]) -> None:
        """A workspace is open and no journey of it; each has an id, a title and what it is for."""
        self._clear(
            name,
            "Choose a journey to work on." if journeys else "This workspace has no journey yet.",
        )
        for journey, title, about in journeys:
            self._link(title, about or journey, weak(self._open_journey, journey))
        self._card(
            "New journey",
            "Begin with a greeting and an end.",
            "file.new_journey",
            primary=not journeys,
        )
        self._layout.addStretch(1)

    def _clear(self, heading: str, lead: str) -> None:
        empty(self._layout)
        self._layout.addSpacing(40)
        self._layout.addWidget(label(heading, "heading"))
        self._layout.addWidget(label(lead, "lead", wrap=True))
        self._layout.addSpacing(16)

    def _card(self, title: str, about: str, command: str, *, primary: bool = False) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        line = row(card, spacing=16, margins=(16, 12, 16, 12))
        holder = QWidget()
        words = column(holder, spacing=2)
        words.addWidget(label(title, "field"))
        words.addWidget(label(about, "help", wrap=True))
        line.addWidget(holder, 1)
        button = QPushButton(title)
        button.setObjectName(f"welcome.{command}")
        if primary:
            button.setProperty("role", "primary")
        button.setMinimumWidth(150)
        button.setAccessibleDescription(about)
        button.clicked.connect(weak(self._ask, command))
        line.addWidget(button)
        self._layout.addWidget(card)

    def _link(self, title: str, about: str, slot: object) -> None:
        button = QPushButton()
        button.setProperty("role", "link")
        button.setAccessibleName(f"Open {title}")
        button.setAccessibleDescription(about)
        button.setToolTip(about)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        inside = column(button, spacing=2, margins=(16, 10, 16, 10))
        for words, role in ((title, "field"), (about, "help")):
            line = label(words, role, wrap=True)
            line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inside.addWidget(line)
        button.setMinimumHeight(inside.heightForWidth(_WIDTH))
        button.clicked.connect(slot)
        self._layout.addWidget(button)

    def _ask(self, command: str) -> None:
        self.asked.emit(command)

    def _open_recent(self, folder: str) -> None:
        self.recent.emit(folder)

    def _open_journey(self, journey: str) -> None:
        self.journey.emit(journey)
