"""What every panel around the canvas is told; a panel takes what it needs of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

BY_KEYS = Qt.FocusReason.ShortcutFocusReason


class Panel:
    """Mixed into a widget: `class VariablesPanel(Panel, QWidget)`.

    A panel is made when it is shown for the first time, and told at once what is in front. Its module
    has a function `make_panel(window)` that makes it and connects its signals.
    """

    def show_world(self, space: "WorkspaceModel | None") -> None:
        """Another workspace is open, or its servers, tools or files are other ones; None: none is."""

    def show_journey(self, tab: "JourneyTab | None") -> None:
        """Another journey is in front; None where none is."""

    def show_selection(self, ids: Sequence[str]) -> None:
        """Other nodes are selected on the canvas."""

    def take_typing(self) -> None:
        """The journey is to be saved: what is typed here and no part of it yet becomes one."""

    def go(self) -> None:
        """The person has asked for this panel: put the focus to where the work in it begins."""
        if isinstance(self, QWidget):
            self.setFocus(BY_KEYS)
