"""What commands do with the journey in front; nothing where there is none."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from journeybuilder.gui.canvas.geometry import snapped
from journeybuilder.gui.commands import needs
from journeybuilder.gui.files import Files
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak_with
from journeybuilder.gui.outline_deeds import OutlineDeeds
from journeybuilder.gui.panels.outline_tree import Place
from journeybuilder.gui.panels.rename import RenameDialog
from journeybuilder.gui.shell import Shell


class Front:
    """The journey in front of a window."""

    def __init__(self, window: Shell, files: Files) -> None:
        self._window = window
        self._files = files

    @property
    def _tab(self) -> JourneyTab | None:
        return self._window.tab

    @needs(noop("Everything is saved."))
    def has_changes(self) -> bool:
        """Whether any journey has unsaved changes."""
        return any(not tab.model.saved for tab in self._window.tabs())

    @needs(noop("Everything is saved."))
    def can_save(self) -> bool:
        """Whether the journey in front has unsaved changes."""
        return self._tab is not None and not self._tab.model.saved

    @needs(noop("There is nothing to undo."))
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self._tab is not None and self._tab.model.history.canUndo()

    @needs(noop("There is nothing to do again."))
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return self._tab is not None and self._tab.model.history.canRedo()

    @needs(noop("Select a step first."))
    def has_selection(self) -> bool:
        """Whether nodes are selected."""
        return self._tab is not None and bool(self._tab.canvas.selected())

    @needs(noop("Select a step, frame or note first."))
    def has_chosen(self) -> bool:
        """Whether nodes, frames or notes are selected."""
        return self._tab is not None and bool(self._tab.canvas.arrange.chosen())

    @needs(noop("Select one step first."))
    def one_selected(self) -> bool:
        """Whether one node is selected."""
        return self._tab is not None and len(self._tab.canvas.selected()) == 1

    def save(self) -> None:
        """Write the journey in front."""
        if self._tab is not None and self._files.save(self._tab):
            self._window.say(tr("Saved"))

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
            copies = self._tab.model.duplicate(self._tab.canvas.arrange.chosen())
            self._tab.canvas.select(copies)

    def copy(self) -> None:
        """Put what is selected on the clipboard, as text."""
        if self._tab is not None:
            QApplication.clipboard().setText(
                self._tab.model.copied(self._tab.canvas.arrange.chosen())
            )

    def cut(self) -> None:
        """Put the selected nodes on the clipboard and remove them."""
        self.copy()
        self.remove_selected()

    def paste(self) -> None:
        """Add the nodes that are on the clipboard, where the pointer is."""
        if self._tab is not None:
            place = self._tab.canvas.pointer_place()
            at = (snapped(place.x()), snapped(place.y()))
            added = self._tab.model.paste(QApplication.clipboard().text(), at)
            if added:
                self._tab.canvas.select(added)

    def rename(self) -> None:
        """Ask for another name of a variable or node, and show what that changes."""
        chosen = self._tab.canvas.selected() if self._tab is not None else ()
        self.rename_what("rename", chosen[0] if len(chosen) == 1 else "")

    def rename_what(self, what: str, name: str) -> None:
        """Ask for another name of this one: `rename` for a node, `rename_variable` for a variable."""
        tab = self._tab
        if tab is not None:
            dialog = RenameDialog(
                tab.model,
                self._window.look,
                (what, name),
                self._files.following.scenarios(),
                self._window,
            )
            dialog.followed.connect(weak_with(self._files.following.change_with, tab))
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def extract(self) -> None:
        """Make the selected nodes a journey of their own."""
        if self._tab is not None:
            self._files.ask_extract(self._tab, self._tab.canvas.selected())

    def remove_selected(self) -> None:
        """Remove the selected nodes."""
        if self._tab is not None:
            self._tab.model.remove(self._tab.canvas.arrange.chosen())

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

    def go_to(self, node: str) -> None:
        """Select a node and bring it into view."""
        if self._tab is not None and node in self._tab.model.journey.nodes:
            self._tab.canvas.select((node,))
            self._tab.canvas.reveal(self._tab.canvas.board.nodes[node].card())

    # --- the outline -------------------------------------------------------------------------------

    def outline_asked(self, what: str, place: Place) -> bool:
        """Do what a key in the outline asks for; False where that is the settings of the node."""
        tab = self._tab
        if tab is None or place.node not in tab.model.journey.nodes:
            return True
        if what == "open" and not place.port:
            self.go_to(place.node)
            return False
        OutlineDeeds(self).do(what, tab, place)
        return True

    def say(self, words: str) -> None:
        """A passing message in the status line."""
        self._window.say(words)
