"""What commands do with the journey in front; nothing where there is none."""

from journeybuilder.gui.files import Files
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.shell import Shell


class Front:
    """The journey in front of a window."""

    def __init__(self, window: Shell, files: Files) -> None:
        self._window = window
        self._files = files

    @property
    def _tab(self) -> JourneyTab | None:
        return self._window.tab

    def has_changes(self) -> bool:
        """Whether any journey has unsaved changes."""
        return any(not tab.model.saved for tab in self._window.tabs())

    def can_save(self) -> bool:
        """Whether the journey in front has unsaved changes."""
        return self._tab is not None and not self._tab.model.saved

    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self._tab is not None and self._tab.model.history.canUndo()

    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return self._tab is not None and self._tab.model.history.canRedo()

    def has_selection(self) -> bool:
        """Whether nodes are selected."""
        return self._tab is not None and bool(self._tab.canvas.selected())

    def one_selected(self) -> bool:
        """Whether one node is selected."""
        return self._tab is not None and len(self._tab.canvas.selected()) == 1

    def save(self) -> None:
        """Write the journey in front."""
        if self._tab is not None and self._files.save(self._tab):
            self._window.say("Saved")

    def close_current(self) -> None:
        """Close the journey in front."""
        if self._tab is not None:
            self._files.close_tabs([self._tab])

    def undo(self) -> None:
        """Undo the last step."""
        if self._tab is not None:
            self._tab.model.history.undo()

    def redo(self) -> None:
        """Do the last undone step again."""
        if self._tab is not None:
            self._tab.model.history.redo()

    def duplicate(self) -> None:
        """Copy the selected nodes."""
        if self._tab is not None:
            before = set(self._tab.model.node_ids())
            self._tab.model.duplicate(self._tab.canvas.selected())
            self._tab.canvas.select(
                [name for name in self._tab.model.node_ids() if name not in before]
            )

    def remove_selected(self) -> None:
        """Remove the selected nodes."""
        if self._tab is not None:
            self._tab.model.remove(self._tab.canvas.selected())

    def start_here(self) -> None:
        """Let the journey begin at the selected node."""
        if self._tab is not None:
            self._tab.model.set_start(self._tab.canvas.selected()[0])

    def zoom_in(self) -> None:
        """Look closer."""
        if self._tab is not None:
            self._tab.canvas.zoom_by(1.2)

    def zoom_out(self) -> None:
        """Look from farther away."""
        if self._tab is not None:
            self._tab.canvas.zoom_by(1 / 1.2)

    def zoom_100(self) -> None:
        """Show nodes in their own size."""
        if self._tab is not None:
            self._tab.canvas.set_zoom(1.0)

    def fit(self) -> None:
        """Show the whole journey."""
        if self._tab is not None:
            self._tab.canvas.fit()

    def tidy(self) -> None:
        """Lay the journey out anew."""
        if self._tab is not None:
            self._tab.canvas.tidy()

    def tidy_selected(self) -> None:
        """Lay the selected nodes out anew."""
        if self._tab is not None:
            self._tab.canvas.tidy(self._tab.canvas.selected())

    def check(self) -> None:
        """Check the journey and show its problems."""
        if self._tab is not None:
            self._tab.model.check()
            self._window.go_problems()
