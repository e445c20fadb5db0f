"""What commands do with the journey in front; nothing where there is none."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from journeybuilder.gui.canvas.geometry import snapped
from journeybuilder.gui.files import Files
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.panels.outline import Place
from journeybuilder.gui.panels.rename import RenameDialog
from journeybuilder.gui.shell import Shell
from journeybuilder.gui.slots import weak_with


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

    def copy(self) -> None:
        """Put the selected nodes on the clipboard, as text."""
        if self._tab is not None:
            QApplication.clipboard().setText(self._tab.model.copied(self._tab.canvas.selected()))

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
        tab = self._tab
        if tab is not None:
            chosen = tab.canvas.selected()
            node = chosen[0] if len(chosen) == 1 else ""
            dialog = RenameDialog(
                tab.model, self._window.look, node, self._files.scenarios(), self._window
            )
            dialog.followed.connect(weak_with(self._files.change_with, tab))
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def extract(self) -> None:
        """Make the selected nodes a journey of their own."""
        if self._tab is not None:
            self._files.ask_extract(self._tab, self._tab.canvas.selected())

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
        deeds = {"remove": self._take_away, "go": self._follow, "add": self._add_after}
        deeds.get(what, self._connect)(tab, place)
        return True

    @staticmethod
    def _take_away(tab: JourneyTab, place: Place) -> None:
        if place.port:
            tab.model.disconnect_port(place.node, place.port)
        else:
            tab.model.remove((place.node,))

    def _follow(self, tab: JourneyTab, place: Place) -> None:
        ports = tab.model.node(place.node).ports
        wanted = [port for port in ports if place.port in {"", port.name} and port.target]
        if wanted:
            self.go_to(wanted[0].target)

    def _add_after(self, tab: JourneyTab, place: Place) -> None:
        """What to add: on the way out, or behind the first that is free; else beside."""
        self.go_to(place.node)
        wired = {port.name: port.target for port in tab.model.node(place.node).ports}
        free = place.port or next((name for name, target in wired.items() if not target), "")
        card = tab.canvas.board.nodes[place.node].card()
        at = QPointF(card.right() + _BESIDE, card.top())
        if wired.get(free):
            tab.canvas.menus.ask_insert(at, (place.node, free))
        else:
            tab.canvas.menus.ask_kind(at, place.node if free else "", free)

    def _connect(self, tab: JourneyTab, place: Place) -> None:
        self.go_to(place.node)
        if place.port:
            tab.canvas.menus.ask_target(place.node, place.port)
        else:
            tab.canvas.menus.ask_port(place.node)


_BESIDE = 60.0  # between a node and one that is added behind it
