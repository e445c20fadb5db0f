"""Commands of the Journey menu: its settings, layout, checks, servers."""

from journeybuilder.gui.commands import Command
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.window import MainWindow


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    here = window.has_journey
    return [
        Command("journey.settings", tr("Settings of the &journey"), "Journey", window.journey_settings, "Ctrl+J", "settings", enabled=here, section="journey"),
        Command("journey.tidy", tr("&Tidy up"), "Journey", window.front.tidy, "Ctrl+T", "tidy", tr("Lay the journey out anew"), enabled=here, section="layout", toolbar=True),
        Command("journey.tidy_selected", tr("Tidy up the selection"), "Journey", window.front.tidy_selected, icon="tidy", enabled=window.front.has_selection, section="layout"),
        Command("journey.check", tr("&Check now"), "Journey", window.front.check, "Ctrl+Shift+C", "check", enabled=here, section="check"),
        Command("journey.refresh", tr("&Refresh servers"), "Journey", window.files.discover, "Ctrl+R", "server", tr("Ask every server again for its tools"), enabled=window.has_workspace, section="check"),
    ]  # fmt: skip
