"""What the window is to those who open, save and edit journeys in it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QMainWindow

from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look import Look


class Shell(QMainWindow):
    """Base of the main window: tabs of journeys and a place for short messages."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look

    @property
    def tab(self) -> JourneyTab | None:
        """The journey in front."""
        raise NotImplementedError

    def tabs(self) -> Sequence[JourneyTab]:
        """The open journeys."""
        raise NotImplementedError

    def add_tab(self, tab: JourneyTab) -> None:
        """Show a journey in a new tab."""
        raise NotImplementedError

    def show_tab(self, tab: JourneyTab) -> None:
        """Bring a journey to the front."""
        raise NotImplementedError

    def remove_tab(self, tab: JourneyTab) -> None:
        """Close a tab without asking."""
        raise NotImplementedError

    def say(self, words: str) -> None:
        """A passing message in the status line."""
        raise NotImplementedError

    def go_problems(self) -> None:
        """Put the focus on the list of problems."""
        raise NotImplementedError
