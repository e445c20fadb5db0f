"""Commands of the Edit menu: undo, the clipboard, finding, renaming."""

from functools import partial

from journeybuilder.gui.commands import Command
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.window import MainWindow


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    some, chosen = window.front.has_selection, window.front.has_chosen
    return [
        Command("edit.undo", tr("&Undo"), "Edit", window.front.undo, "Ctrl+Z", "undo", enabled=window.front.can_undo, section="undo", toolbar=True),
        Command("edit.redo", tr("&Redo"), "Edit", window.front.redo, "Ctrl+Shift+Z; Ctrl+Y", "redo", enabled=window.front.can_redo, section="undo", toolbar=True),
        Command("edit.cut", tr("Cu&t"), "Edit", window.front.cut, "Ctrl+X", icon="cut", enabled=chosen, section="nodes"),
        Command("edit.copy", tr("&Copy"), "Edit", window.front.copy, "Ctrl+C", icon="copy", about=tr("Copy the selected nodes as text"), enabled=chosen, section="nodes"),
        Command("edit.paste", tr("&Paste"), "Edit", window.front.paste, "Ctrl+V", icon="paste", about=tr("Add the nodes that are on the clipboard"), enabled=window.has_journey, section="nodes"),
        Command("edit.duplicate", tr("&Duplicate"), "Edit", window.front.duplicate, "Ctrl+D", icon="duplicate", enabled=chosen, section="nodes"),
        Command("edit.remove", tr("Re&move the selection"), "Edit", window.front.remove_selected, icon="remove", enabled=chosen, section="nodes"),
        Command("edit.find", tr("&Find in this journey"), "Edit", window.docks.go_find, "Ctrl+F", "search", tr("Find words in the names and texts of the nodes"), enabled=window.has_journey, section="find"),
        Command("edit.find_next", tr("Find the next"), "Edit", partial(window.docks.find_step, 1), "F3", icon="search", enabled=window.has_journey, section="find"),
        Command("edit.find_before", tr("Find the one before"), "Edit", partial(window.docks.find_step, -1), "Shift+F3", icon="search", enabled=window.has_journey, section="find"),
        Command("edit.rename", tr("&Rename everywhere…"), "Edit", window.front.rename, "Shift+F2", "pencil", tr("Rename a variable or node wherever it is named"), enabled=window.has_journey, section="refactor"),
        Command("edit.extract", tr("Make the selection a &journey…"), "Edit", window.front.extract, icon="journey", about=tr("The selected nodes become a journey of their own that is called here"), enabled=some, section="refactor"),
        Command("edit.start_here", tr("Start the journey here"), "Edit", window.front.start_here, icon="start", enabled=window.front.one_selected, section="nodes"),
    ]  # fmt: skip
