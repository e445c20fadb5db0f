"""Commands of the Run menu: rehearsals."""

from journeybuilder.gui.commands import Command
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.window import MainWindow


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    return [
        Command("run.rehearse", tr("&Rehearse"), "Run", window.rehearse, "F5", "play", tr("Play the journey through, as the customer"), enabled=window.has_journey, section="run", toolbar=True),
        Command("run.stop", tr("&Stop the rehearsal"), "Run", window.stop_rehearsal, "Shift+F5", "stop", enabled=window.is_rehearsing, section="run", toolbar=True),
    ]  # fmt: skip
