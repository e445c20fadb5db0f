"""Commands about versions: what was changed, going back, deciding conflicts, a copy elsewhere."""

from journeybuilder.gui.commands import Command
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.version_deeds import VersionDeeds
from journeybuilder.gui.window import MainWindow


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    deeds = VersionDeeds(window)
    return [
        Command("versions.compare_saved", tr("Show &changes since saving"), "Journey", deeds.compare_saved, "Ctrl+Alt+D", "versions", tr("What differs from the file on disk"), enabled=deeds.can_compare, section="versions"),
        Command("versions.go_saved", tr("Go back to what is sa&ved"), "Journey", deeds.go_saved, icon="history", about=tr("Take back every change since the last save; Redo brings them back"), enabled=deeds.can_compare, section="versions"),
        Command("versions.decide", tr("&Decide conflicts…"), "Journey", deeds.decide, icon="merge", about=tr("See both sides of what was changed here and outside"), enabled=deeds.can_decide, section="versions"),
        Command("file.save_copy", tr("Save a cop&y…"), "File", deeds.save_copy, "Ctrl+Alt+S", "copy", tr("Write what is shown to another file"), enabled=window.has_journey, section="save"),
    ]  # fmt: skip
