"""Commands about MCP servers."""

from collections.abc import Callable
from functools import partial
from operator import methodcaller

from journeybuilder.gui.commands import Command
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.window import MainWindow


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    space = window.has_workspace

    def some() -> bool:
        model = window.files.workspace
        return model is not None and bool(model.workspace.servers)

    def asking() -> bool:
        model = window.files.workspace
        return model is not None and bool(model.asking)

    do = partial(_in_panel, window)
    return [
        Command("servers.add", tr("Add a ser&ver…"), "Journey", do("add_server"), icon="add", about=tr("Add an MCP server by form, or paste its settings"), enabled=space, section="servers"),
        Command("servers.stop", tr("Stop asking the servers"), "Journey", partial(window.serving.asked, "stop", ""), icon="stop", enabled=asking, section="servers"),
        Command("servers.edit", tr("Change the selected server…"), "Journey", do("edit_server"), icon="settings", enabled=some, section="servers"),
        Command("servers.rename", tr("Rename the selected server…"), "Journey", do("rename_server"), icon="settings", about=tr("Journeys, scenarios and the lock follow"), enabled=some, section="servers"),
        Command("servers.remove", tr("Remove the selected server"), "Journey", do("remove_server"), icon="remove", enabled=some, section="servers"),
        Command("servers.undo", tr("Take back the last change of a server"), "Journey", do("undo"), icon="undo", enabled=space, section="servers"),
    ]  # fmt: skip


def _in_panel(window: MainWindow, what: str) -> Callable[[], None]:
    """Show the panel and do something there."""

    def run() -> None:
        window.docks.show("servers")
        methodcaller(what)(window.docks.panel("servers"))

    return run
