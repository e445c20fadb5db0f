"""What the commands about versions do with the journey in front."""

from journeybuilder.gui.dialogs.merge_view import show_merge
from journeybuilder.gui.dialogs.not_saved import ask_copy
from journeybuilder.gui.journey.left_conflicts import conflicts_left
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.panels.compare import show_comparison
from journeybuilder.gui.shell import Shell


class VersionDeeds:
    """The deeds of one window."""

    def __init__(self, window: Shell) -> None:
        self._window = window

    @property
    def _tab(self) -> JourneyTab | None:
        return self._window.tab

    def can_compare(self) -> bool:
        """Whether the journey in front differs from its file."""
        tab = self._tab
        return tab is not None and not tab.model.saved and tab.model.disk.source.readable

    def can_decide(self) -> bool:
        """Whether something waits for a decision."""
        tab = self._tab
        if tab is None:
            return False
        waits = tab.model.outside.meeting is not None
        return waits or bool(conflicts_left(tab.model.draft.text or tab.model.disk.source.text))

    def compare_saved(self) -> None:
        """Show what differs from the file."""
        if self._tab is not None:
            show_comparison(self._window, self._tab, self._tab.model.disk.pair, tr("saved"))

    def go_saved(self) -> None:
        """Show what the file says."""
        if self._tab is not None:
            self._tab.model.discard()
            self._window.say(tr("This is what is saved; Redo or Undo brings the changes back"))

    def decide(self) -> None:
        """Open the view of conflicts."""
        if self._tab is not None and show_merge(self._window, self._tab) is None:
            self._window.say(tr("Nothing is to be decided any more"))

    def save_copy(self) -> None:
        """Write what is shown to another file."""
        if self._tab is not None:
            path = ask_copy(self._window, self._tab.model)
            if path is not None:
                self._window.say(tr("A copy is in {path}", path=path))
