"""Commands of the File menu: workspaces, windows and journeys on disk, the settings of the program."""

from journeybuilder.gui.commands import Command
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.window import MainWindow


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    files, frame = window.files, window.frame
    space, open_one = window.has_workspace, window.has_journey
    return [
        Command("file.new_journey", tr("&New journey…"), "File", files.ask_new_journey, "Ctrl+N", "add", enabled=space, section="new"),
        Command("file.new_workspace", tr("New &workspace…"), "File", frame.new_workspace, "Ctrl+Shift+N", icon="add", about=tr("Make a workspace, empty or from a template"), section="new"),
        Command("file.new_window", tr("New w&indow"), "File", frame.new_window, "Ctrl+Alt+W", icon="window", about=tr("Another window, for another workspace"), enabled=frame.has_windows, section="new"),
        Command("file.open", tr("&Open workspace…"), "File", files.ask_open, "Ctrl+O", "open", section="open", toolbar=True),
        Command("file.sample", tr("Try the &sample"), "File", frame.sample, icon="open", about=tr("Copy the sample to your documents and open it"), section="open"),
        Command("file.sample_to", tr("Copy the sample &to…"), "File", frame.choose_sample, icon="open", about=tr("Copy the sample to a place that you choose"), section="open"),
        Command("file.save", tr("&Save"), "File", window.front.save, "Ctrl+S", "save", enabled=window.front.can_save, section="save", toolbar=True),
        Command("file.save_all", tr("Save &all"), "File", files.save_all, "Ctrl+Shift+S", icon="save", enabled=window.front.has_changes, section="save"),
        Command("file.export", tr("&Export…"), "File", window.export, "Ctrl+E", "export", tr("Write one file that runs anywhere"), enabled=open_one, section="export", toolbar=True),
        Command("file.settings", tr("&Preferences…"), "File", frame.show_settings, "Ctrl+,", "settings", tr("Theme, language, size, keys"), section="settings"),
        Command("file.keys", tr("Change &keys…"), "File", frame.show_keys, icon="keyboard", about=tr("Choose the keys of commands"), section="settings"),
        Command("file.close", tr("&Close journey"), "File", window.front.close_current, "Ctrl+W; Ctrl+F4", icon="cross", enabled=open_one, section="close"),
        Command("file.close_others", tr("Close the other journeys"), "File", frame.close_others, icon="cross", enabled=frame.several_tabs, section="close"),
        Command("file.reopen", tr("Open the closed journey again"), "File", frame.reopen, "Ctrl+Shift+T", icon="undo", enabled=frame.can_reopen, section="close"),
        Command("file.close_workspace", tr("Close workspace"), "File", files.close_workspace, icon="cross", enabled=space, section="close"),
        Command("file.close_window", tr("Close window"), "File", window.close, "Ctrl+Shift+W", icon="cross", section="close"),
        Command("file.quit", tr("&Quit"), "File", frame.quit, "Ctrl+Q", icon="cross", section="quit"),
    ]  # fmt: skip
