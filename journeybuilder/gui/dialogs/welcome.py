"""What a window shows when no workspace is open: what one can do now."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from journeybuilder.gui.dialogs.new_workspace import usual_folder
from journeybuilder.gui.forms.base import column, empty, label, row
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.recent_menu import shortened

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
            tr("Draw customer journeys over MCP tools, try them on the spot, export one file."),
        )
        self._card(
            tr("Try the sample"),
            tr(
                "Returns of a shop, with small servers of its own. It is copied to {folder}.",
                folder=shortened(usual_folder()),
            ),
            "file.sample",
            primary=True,
        )
        other = QPushButton(tr("Copy the sample to another place…"))
        other.setObjectName("welcome.file.sample_to")
        other.setProperty("role", "quiet")
        other.clicked.connect(weak(self._ask, "file.sample_to"))
        other.installEventFilter(self)
        self._layout.addWidget(other, 0, Qt.AlignmentFlag.AlignLeft)
        self._card(tr("Open a workspace"), tr("A folder with a journeybuilder.yaml."), "file.open")
        self._card(
            tr("New workspace"),
            tr("For journeys of your own: empty, or from a template."),
            "file.new_workspace",
        )
        known = [name for name in recents if Path(name).is_dir()]
        if known:
            self._layout.addSpacing(16)
            self._layout.addWidget(label(tr("Recent"), "section"))
            for name in known:
                folder = Path(name)
                self._link(folder.name, shortened(folder), weak(self._open_recent, name))
        self._end(tr("All commands: Ctrl+K. Help: F1."))

    def _end(self, words: str) -> None:
        self._layout.addSpacing(8)
        self._layout.addWidget(label(words, "help", wrap=True))
        self._layout.addStretch(1)

    def show_workspace(self, name: str, journeys: Sequence[tuple[str, str, str]]) -> None:
        """A workspace is open and no journey of it; each has an id, a title and what it is for."""
        self._clear(
            name,
            tr("Choose a journey to work on.")
            if journeys
            else tr("This workspace has no journey yet. Make the first one."),
        )
        for journey, title, about in journeys:
            self._link(title, about or journey, weak(self._open_journey, journey))
        self._card(
            tr("New journey"),
            tr("Begin with a greeting and an end."),
            "file.new_journey",
            primary=not journeys,
        )
        self._layout.addStretch(1)

    @override
    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        if not self._step(arg__1.key()):
            super().keyPressEvent(arg__1)

    @override
    def eventFilter(self, o: QObject, e: QEvent) -> bool:
        if isinstance(o, QPushButton) and isinstance(e, QKeyEvent):
            return e.type() == QEvent.Type.KeyPress and self._step(e.key())
        return super().eventFilter(o, e)

    def _step(self, key: int) -> bool:
        """The arrow keys go from one choice to the next, as Tab does; False for other keys."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(key))
        choices = [one for one in self.findChildren(QPushButton) if one.isVisibleTo(self)]
        if step is None or not choices:
            return False
        here = next((place for place, one in enumerate(choices) if one.hasFocus()), None)
        place = 0 if here is None else min(max(here + step, 0), len(choices) - 1)
        choices[place].setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(choices[place])
        return True

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
        button.installEventFilter(self)
        line.addWidget(button)
        self._layout.addWidget(card)

    def _link(self, title: str, about: str, slot: object) -> None:
        button = QPushButton()
        button.setProperty("role", "link")
        button.setAccessibleName(tr("Open {title}", title=title))
        button.setAccessibleDescription(about)
        button.setToolTip(about)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        inside = column(button, spacing=2, margins=(16, 10, 16, 10))
        for words, role in ((title, "field"), (about, "help")):
            line = label(words, role, wrap=True)
            line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inside.addWidget(line)
        button.setMinimumHeight(inside.heightForWidth(_WIDTH))
        button.installEventFilter(self)
        button.clicked.connect(slot)
        self._layout.addWidget(button)

    def _ask(self, command: str) -> None:
        self.asked.emit(command)

    def _open_recent(self, folder: str) -> None:
        self.recent.emit(folder)

    def _open_journey(self, journey: str) -> None:
        self.journey.emit(journey)
