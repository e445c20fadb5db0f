"""What the window is to those who open, save and edit journeys in it."""

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMainWindow

from journeybuilder.document.findings import Finding
from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.look import Look


class Shell(QMainWindow):
    """Base of the main window: tabs of journeys and a place for short messages.

    Attributes:
        bridge: Where work is done that must not hold the window up.
    """

    bridge: Bridge

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look

    @property
    @abstractmethod
    def tab(self) -> JourneyTab | None:
        """The journey in front."""
        ...

    @abstractmethod
    def tabs(self) -> Sequence[JourneyTab]:
        """The open journeys."""
        ...

    @abstractmethod
    def add_tab(self, tab: JourneyTab) -> None:
        """Show a journey in a new tab."""
        ...

    @abstractmethod
    def show_tab(self, tab: JourneyTab) -> None:
        """Bring a journey to the front."""
        ...

    @abstractmethod
    def remove_tab(self, tab: JourneyTab) -> None:
        """Close a tab without asking."""
        ...

    def elsewhere(self, root: Path) -> bool:
        """Whether another window has this workspace open; it comes to the front then."""
        del root
        return False

    @abstractmethod
    def say(self, words: str) -> None:
        """A passing message in the status line."""
        ...

    @abstractmethod
    def take_typing(self) -> None:
        """Make what is typed in a panel, and is no part of the journey yet, one now."""
        ...

    @abstractmethod
    def go_text(self) -> None:
        """Show the journey as text and put the cursor into it."""
        ...

    @abstractmethod
    def ask_fix(self, finding: Finding, place: QPoint) -> None:
        """Offer the quick fixes of a finding at a place on the screen."""
        ...

    @abstractmethod
    def go_problems(self) -> None:
        """Put the focus on the list of problems."""
        ...
