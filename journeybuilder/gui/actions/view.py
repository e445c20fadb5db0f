"""Commands of the View menu: zoom, panels, themes."""

from functools import partial

from journeybuilder.gui.commands import Command
from journeybuilder.gui.docks import area_title
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.look import SYSTEM
from journeybuilder.gui.panel_list import AREAS, PANELS
from journeybuilder.gui.window import MainWindow

_THEMES = (
    (SYSTEM, noop("Theme: like the system")),
    ("light", noop("Theme: light")),
    ("dark", noop("Theme: dark")),
    ("high contrast", noop("Theme: high contrast")),
)


def commands(window: MainWindow) -> list[Command]:
    """Its commands, in the order of the menu."""
    here = window.has_journey
    return [
        Command("view.zoom_in", tr("Zoom &in"), "View", window.front.zoom_in, "Ctrl++; Ctrl+=", "zoom-in", enabled=here, section="zoom"),
        Command("view.zoom_out", tr("Zoom &out"), "View", window.front.zoom_out, "Ctrl+-", "zoom-out", enabled=here, section="zoom"),
        Command("view.zoom_100", tr("Zoom to 100 %"), "View", window.front.zoom_100, "Ctrl+1", icon="zoom-fit", enabled=here, section="zoom"),
        Command("view.fit", tr("Show the whole journey"), "View", window.front.fit, "Ctrl+0", "zoom-fit", enabled=here, section="zoom", toolbar=True),
        Command("view.canvas", tr("Go to the canvas"), "View", window.go_canvas, "F6", icon="branch", enabled=here, section="panels"),
        *_panels(window),
        *_areas(window),
        Command("view.minimap", tr("&Minimap"), "View", window.frame.toggle_minimap, "Ctrl+M", icon="zoom-fit", checked=window.frame.shows_minimap, section="map"),
        *_themes(window),
        Command("view.full_screen", tr("F&ull screen"), "View", window.frame.full_screen, "F11", "window", checked=window.frame.fills_screen, section="screen"),
        Command("view.next_tab", tr("Next journey"), "View", window.frame.next_tab, "Ctrl+Tab; Ctrl+PgDown", "journey", enabled=window.frame.several_tabs, section="tabs"),
        Command("view.tab_before", tr("Journey before"), "View", window.frame.tab_before, "Ctrl+Shift+Tab; Ctrl+PgUp", "journey", enabled=window.frame.several_tabs, section="tabs"),
    ]  # fmt: skip


def _panels(window: MainWindow) -> list[Command]:
    space, here = window.has_workspace, window.has_journey
    return [
        Command(
            f"view.{spec.id}",
            tr(spec.go),
            "View",
            partial(window.docks.go, spec.id),
            spec.shortcut,
            spec.icon,
            enabled=here if spec.of_journey else space,
            section="panels",
            under=tr("&Panels"),
        )
        for spec in PANELS
    ]


def _areas(window: MainWindow) -> list[Command]:
    return [
        Command(
            f"view.area.{area}",
            area_title(area),
            "View",
            partial(window.docks.toggle_area, area),
            keys,
            checked=partial(window.docks.area_shown, area),
            enabled=window.has_workspace,
            section="areas",
        )
        for area, keys in zip(AREAS, ("Ctrl+Alt+L", "Ctrl+Alt+R", "Ctrl+Alt+B"), strict=True)
    ]


def _themes(window: MainWindow) -> list[Command]:
    return [
        Command(
            f"view.theme.{name.replace(' ', '_')}",
            tr(title),
            "View",
            partial(window.frame.choose_theme, name),
            icon="moon" if name == "dark" else "sun",
            checked=partial(window.frame.is_theme, name),
            section="theme",
            under=tr("&Theme"),
        )
        for name, title in _THEMES
    ]
