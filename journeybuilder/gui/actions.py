"""Every command of the window; menus, toolbar, keys and palette are made from this list."""

from functools import partial

from journeybuilder.gui.commands import Command
from journeybuilder.gui.look import SYSTEM
from journeybuilder.gui.window import MainWindow

_THEMES = (
    (SYSTEM, "Theme: like the system"),
    ("light", "Theme: light"),
    ("dark", "Theme: dark"),
    ("high contrast", "Theme: high contrast"),
)


def commands_of(window: MainWindow) -> list[Command]:
    """The commands, in the order of the menus."""
    return [
        *_file(window),
        *_edit(window),
        *_view(window),
        *_journey(window),
        *_run(window),
        *_help(window),
    ]


def _file(window: MainWindow) -> list[Command]:
    files, space, open_one = window.files, window.has_workspace, window.has_journey
    return [
        Command("file.new_journey", "&New journey…", "File", files.ask_new_journey, "Ctrl+N", "add", enabled=space, section="new"),
        Command("file.new_workspace", "New &workspace…", "File", files.ask_new_workspace, "Ctrl+Shift+N", icon="add", section="new"),
        Command("file.open", "&Open workspace…", "File", files.ask_open, "Ctrl+O", "open", section="new", toolbar=True),
        Command("file.sample", "Open the &sample…", "File", files.ask_sample, icon="open", section="new"),
        Command("file.save", "&Save", "File", window.front.save, "Ctrl+S", "save", enabled=window.front.can_save, section="save", toolbar=True),
        Command("file.save_all", "Save &all", "File", files.save_all, "Ctrl+Shift+S", icon="save", enabled=window.front.has_changes, section="save"),
        Command("file.export", "&Export…", "File", window.export, "Ctrl+E", "export", "Write one file that runs anywhere", enabled=open_one, section="export", toolbar=True),
        Command("file.close", "&Close journey", "File", window.front.close_current, "Ctrl+W", icon="cross", enabled=open_one, section="close"),
        Command("file.close_workspace", "Close workspace", "File", files.close_workspace, icon="cross", enabled=space, section="close"),
        Command("file.quit", "&Quit", "File", window.close, "Ctrl+Q", icon="cross", section="close"),
    ]  # fmt: skip


def _edit(window: MainWindow) -> list[Command]:
    some = window.front.has_selection
    return [
        Command("edit.undo", "&Undo", "Edit", window.front.undo, "Ctrl+Z", "undo", enabled=window.front.can_undo, section="undo", toolbar=True),
        Command("edit.redo", "&Redo", "Edit", window.front.redo, "Ctrl+Shift+Z; Ctrl+Y", "redo", enabled=window.front.can_redo, section="undo", toolbar=True),
        Command("edit.cut", "Cu&t", "Edit", window.front.cut, "Ctrl+X", icon="cross", enabled=some, section="nodes"),
        Command("edit.copy", "&Copy", "Edit", window.front.copy, "Ctrl+C", icon="add", about="Copy the selected nodes as text", enabled=some, section="nodes"),
        Command("edit.paste", "&Paste", "Edit", window.front.paste, "Ctrl+V", icon="add", about="Add the nodes that are on the clipboard", enabled=window.has_journey, section="nodes"),
        Command("edit.duplicate", "&Duplicate", "Edit", window.front.duplicate, "Ctrl+D", icon="add", enabled=some, section="nodes"),
        Command("edit.remove", "Re&move selected nodes", "Edit", window.front.remove_selected, icon="remove", enabled=some, section="nodes"),
        Command("edit.find", "&Find in this journey", "Edit", window.docks.go_find, "Ctrl+F", "search", "Find words in the names and texts of the nodes", enabled=window.has_journey, section="find"),
        Command("edit.find_next", "Find the next", "Edit", partial(window.docks.outline.step, 1), "F3; Ctrl+G", icon="search", enabled=window.has_journey, section="find"),
        Command("edit.find_before", "Find the one before", "Edit", partial(window.docks.outline.step, -1), "Shift+F3; Ctrl+Shift+G", icon="search", enabled=window.has_journey, section="find"),
        Command("edit.rename", "&Rename everywhere…", "Edit", window.front.rename, "Shift+F2", "settings", "Rename a variable or node wherever it is named", enabled=window.has_journey, section="refactor"),
        Command("edit.extract", "Make the selection a &journey…", "Edit", window.front.extract, icon="journey", about="The selected nodes become a journey of their own that is called here", enabled=some, section="refactor"),
        Command("edit.start_here", "Start the journey here", "Edit", window.front.start_here, icon="start", enabled=window.front.one_selected, section="nodes"),
    ]  # fmt: skip


def _view(window: MainWindow) -> list[Command]:
    here = window.has_journey
    themes = [
        Command(f"view.theme.{name.replace(' ', '_')}", title, "View", partial(window.choose_theme, name), icon="moon" if name == "dark" else "sun",
                checked=partial(window.is_theme, name), section="theme")
        for name, title in _THEMES
    ]  # fmt: skip
    return [
        Command("view.zoom_in", "Zoom &in", "View", window.front.zoom_in, "Ctrl++; Ctrl+=", "zoom-in", enabled=here, section="zoom"),
        Command("view.zoom_out", "Zoom &out", "View", window.front.zoom_out, "Ctrl+-", "zoom-out", enabled=here, section="zoom"),
        Command("view.zoom_100", "Zoom to 100 %", "View", window.front.zoom_100, "Ctrl+1", icon="zoom-fit", enabled=here, section="zoom"),
        Command("view.fit", "Show the whole journey", "View", window.front.fit, "Ctrl+0", "zoom-fit", enabled=here, section="zoom", toolbar=True),
        Command("view.palette", "Go to steps and tools", "View", window.docks.go_palette, "Ctrl+Shift+A", "search", section="panels"),
        Command("view.outline", "Go to the outline", "View", window.docks.go_outline, "F9", icon="classify", section="panels"),
        Command("view.canvas", "Go to the canvas", "View", window.go_canvas, "F6", icon="branch", enabled=here, section="panels"),
        Command("view.inspector", "Go to the settings", "View", window.docks.go_inspector, "F4", icon="settings", section="panels"),
        Command("view.rehearsal", "Go to the rehearsal", "View", window.docks.go_rehearsal, "F7", icon="chat", section="panels"),
        Command("view.yaml", "Go to the text (YAML)", "View", window.docks.go_yaml, "F10", icon="generate", enabled=here, section="panels"),
        Command("view.problems", "Go to the problems", "View", window.go_problems, "F8", "problem", section="panels"),
        Command("view.minimap", "&Minimap", "View", window.toggle_minimap, "Ctrl+M", icon="zoom-fit", checked=window.shows_minimap, section="map"),
        *themes,
    ]  # fmt: skip


def _journey(window: MainWindow) -> list[Command]:
    here = window.has_journey
    return [
        Command("journey.settings", "Settings of the &journey", "Journey", window.journey_settings, "Ctrl+J", "settings", enabled=here, section="journey"),
        Command("journey.tidy", "&Tidy up", "Journey", window.front.tidy, "Ctrl+T", "tidy", "Lay the journey out anew", enabled=here, section="layout", toolbar=True),
        Command("journey.tidy_selected", "Tidy up the selection", "Journey", window.front.tidy_selected, icon="tidy", enabled=window.front.has_selection, section="layout"),
        Command("journey.check", "&Check now", "Journey", window.front.check, "Ctrl+Shift+C", "check", enabled=here, section="check"),
        Command("journey.refresh", "&Refresh servers", "Journey", window.files.discover, "Ctrl+R", "server", "Ask every server again for its tools", enabled=window.has_workspace, section="check"),
    ]  # fmt: skip


def _run(window: MainWindow) -> list[Command]:
    return [
        Command("run.rehearse", "&Rehearse", "Run", window.rehearse, "F5", "play", "Play the journey through, as the customer", enabled=window.has_journey, section="run", toolbar=True),
        Command("run.stop", "&Stop the rehearsal", "Run", window.stop_rehearsal, "Shift+F5", "stop", enabled=window.is_rehearsing, section="run", toolbar=True),
    ]  # fmt: skip


def _help(window: MainWindow) -> list[Command]:
    return [
        Command(
            "help.commands",
            "All &commands",
            "Help",
            window.show_commands,
            "Ctrl+K; Ctrl+Shift+P",
            "search",
        ),
        Command("help.about", "&About journeybuilder", "Help", window.about),
    ]
