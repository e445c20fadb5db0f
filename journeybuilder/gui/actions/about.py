"""Commands of the Help menu."""

from journeybuilder.gui.commands import Command
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.window import MainWindow


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    frame = window.frame
    return [
        Command("help.commands", tr("All &commands"), "Help", window.show_commands, "Ctrl+K; Ctrl+Shift+P", "search", section="find"),
        Command("help.docs", tr("&Documentation"), "Help", frame.show_docs, "F1", "resource", section="read"),
        Command("help.keys", tr("&Keyboard overview"), "Help", frame.keys_overview, "Ctrl+F1", "keyboard", tr("Every key, to read or to print"), section="read"),
        Command("help.tour", tr("&Tour of the window"), "Help", frame.tour, icon="person", about=tr("What is where, in five steps"), enabled=window.has_journey, section="read"),
        Command("help.logs", tr("Show &log folder"), "Help", frame.show_logs, icon="open", section="about"),
        Command("help.about", tr("&About journeybuilder"), "Help", frame.about, icon="unknown", section="about"),
    ]  # fmt: skip
