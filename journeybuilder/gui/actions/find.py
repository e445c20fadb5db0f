"""Commands that find: replacing, the whole workspace, definitions and uses, places and bookmarks."""

from functools import partial

from journeybuilder.gui.commands import Command
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.navigation import Navigation
from journeybuilder.gui.panels.find import FindPanel
from journeybuilder.gui.trail import Trail
from journeybuilder.gui.window import MainWindow


def _begin(window: MainWindow, *, everywhere: bool, replace: bool) -> None:
    window.docks.show("find")
    panel = window.docks.panel("find")
    if isinstance(panel, FindPanel):
        panel.begin(everywhere=everywhere, replace=replace)


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    trail, jump = Trail.of(window), Navigation.of(window)
    here, space = window.has_journey, window.has_workspace
    return [
        Command("find.replace", tr("Find and &replace…"), "Edit", partial(_begin, window, everywhere=False, replace=True), "Ctrl+H", "search", tr("Replace words, names, parts of expressions"), enabled=here, section="find"),
        Command("find.everywhere", tr("Find in the whole &workspace…"), "Edit", partial(_begin, window, everywhere=True, replace=False), "Ctrl+Shift+F", "search", tr("Find in all journeys, also in closed ones"), enabled=space, section="find"),
        Command("find.definition", tr("Go to what it &means"), "Edit", jump.definition, "F12", "search", tr("The called journey, the tool, the model, or the step that sets the variable"), enabled=here, section="go"),
        Command("find.uses", tr("Go to where it is &used"), "Edit", jump.uses, "Shift+F12", "search", tr("What leads to the step, and who reads what it sets"), enabled=here, section="go"),
        Command("go.back", tr("&Back"), "View", trail.back, "Alt+Left", "undo", tr("Go to the place where you were before"), enabled=trail.can_go_back, section="places"),
        Command("go.forward", tr("&Forward"), "View", trail.forward, "Alt+Right", "redo", tr("Go forward again"), enabled=trail.can_go_on, section="places"),
        *_bookmarks(window, trail),
    ]  # fmt: skip


def _bookmarks(window: MainWindow, trail: Trail) -> list[Command]:
    numbers = [str(number) for number in range(1, 10)]
    under = tr("Bookmarks")
    return [
        *(
            Command(f"bookmark.go.{n}", tr("Go to bookmark {n}", n=n), "View", partial(trail.go_bookmark, n), f"Alt+{n}", "star", enabled=window.has_journey, section="places", under=under)
            for n in numbers
        ),
        *(
            Command(f"bookmark.set.{n}", tr("Set or remove bookmark {n}", n=n), "View", partial(trail.set_bookmark, n), f"Alt+Shift+{n}", "star-full", enabled=window.has_journey, section="places", under=under)
            for n in numbers
        ),
    ]  # fmt: skip
