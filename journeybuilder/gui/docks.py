"""The panels around the journeys: where they are and how one gets to them."""

import base64
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QWidget

from journeybuilder.gui.area_tabs import AreaTabs
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak_with
from journeybuilder.gui.panel_list import PANELS, Area, PanelSpec
from journeybuilder.gui.panels.panel import Panel
from journeybuilder.gui.settings import UserSettings

if TYPE_CHECKING:
    from journeybuilder.gui.panels.inspector import InspectorPanel
    from journeybuilder.gui.panels.outline import OutlinePanel
    from journeybuilder.gui.panels.palette import PalettePanel
    from journeybuilder.gui.panels.problems import ProblemsPanel
    from journeybuilder.gui.panels.rehearsal import RehearsalPanel
    from journeybuilder.gui.panels.yaml_panel import YamlPanel
    from journeybuilder.gui.window import MainWindow

_LAYOUT_VERSION = 3
_AREA = Qt.DockWidgetArea
_AREAS = {
    "left": _AREA.LeftDockWidgetArea,
    "right": _AREA.RightDockWidgetArea,
    "bottom": _AREA.BottomDockWidgetArea,
}
_SIZES = {"left": (264, 600), "right": (356, 600), "bottom": (600, 204)}
"""Width and height that an area has at first, in pixels."""
_SMALL = 1200  # pixels of a window below which the areas leave more of it to the canvas
_SMALL_SIDES = (232, 316)
_LOW = 760  # pixels of a window below which the lower area is lower
_LOW_BOTTOM = 172


class Docks:
    """Panels at the left, at the right and below; each is made when it is first shown."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._specs = {spec.id: spec for spec in PANELS}
        self._made: dict[str, Panel] = {}
        self._tabs: dict[Area, AreaTabs] = {}
        self._placed = False
        window.setCorner(Qt.Corner.BottomLeftCorner, _AREA.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, _AREA.RightDockWidgetArea)
        self._all = {name: self._dock(cast("Area", name)) for name in _AREAS}

    def _dock(self, area: Area) -> QDockWidget:
        specs = [spec for spec in PANELS if spec.area == area]
        tabs = AreaTabs(self._window.look, specs, QSize(*_SIZES[area]))
        self._tabs[area] = tabs
        tabs.wanted.connect(weak_with(self._wanted))
        dock = QDockWidget("")
        dock.setObjectName(f"dock.{area}")
        dock.setWidget(tabs)
        dock.setTitleBarWidget(QWidget())  # its tabs are its title
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self._window.addDockWidget(_AREAS[area], dock)
        return dock

    # --- the panels ------------------------------------------------------------------------------

    def panel(self, name: str) -> Panel:
        """A panel by its id, made now where it was not shown before."""
        made = self._made.get(name)
        if made is None:
            spec = self._specs[name]
            made = cast("Panel", import_module(spec.module).make_panel(self._window))
            self._made[name] = made
            self._tabs[spec.area].put(name, cast("QWidget", made))
            made.show_world(self._window.files.workspace)
            tab = self._window.tab
            made.show_journey(tab)
            made.show_selection(tab.canvas.selected() if tab is not None else ())
        return made

    def _wanted(self, name: str) -> None:
        self.panel(name)

    @property
    def made(self) -> Sequence[Panel]:
        """The panels that were shown so far."""
        return list(self._made.values())

    @property
    def specs(self) -> Sequence[PanelSpec]:
        """All panels."""
        return PANELS

    @property
    def palette(self) -> "PalettePanel":
        """Steps and tools."""
        return cast("PalettePanel", self.panel("palette"))

    @property
    def outline(self) -> "OutlinePanel":
        """The journey as a tree."""
        return cast("OutlinePanel", self.panel("outline"))

    @property
    def inspector(self) -> "InspectorPanel":
        """The settings of what is selected."""
        return cast("InspectorPanel", self.panel("inspector"))

    @property
    def rehearsal(self) -> "RehearsalPanel":
        """Where a journey is played through."""
        return cast("RehearsalPanel", self.panel("rehearsal"))

    @property
    def yaml(self) -> "YamlPanel":
        """The journey as text."""
        return cast("YamlPanel", self.panel("yaml"))

    @property
    def problems(self) -> "ProblemsPanel":
        """The findings."""
        return cast("ProblemsPanel", self.panel("problems"))

    # --- what they are told ------------------------------------------------------------------------

    def show_world(self) -> None:
        """Tell every panel about the workspace."""
        for panel in self.made:
            panel.show_world(self._window.files.workspace)

    def show_journey(self) -> None:
        """Tell every panel about the journey in front and what is selected in it."""
        tab = self._window.tab
        for panel in self.made:
            panel.show_journey(tab)
            panel.show_selection(tab.canvas.selected() if tab is not None else ())

    def show_selection(self, ids: Sequence[str]) -> None:
        """Tell every panel what is selected."""
        for panel in self.made:
            panel.show_selection(ids)

    # --- getting there -----------------------------------------------------------------------------

    def show_all(self, *, shown: bool) -> None:
        """Show the panels, or none of them."""
        for dock in self._all.values():
            dock.setVisible(shown)
        if shown and not self._placed:
            self._placed = True
            self._place()

    def _place(self) -> None:
        """Give the areas the room they have at first; what was restored is kept."""
        across = Qt.Orientation.Horizontal
        sides = [self._all["left"], self._all["right"]]
        wide = self._window.width() >= _SMALL
        widths = (_SIZES["left"][0], _SIZES["right"][0]) if wide else _SMALL_SIDES
        self._window.resizeDocks(sides, widths, across)
        lower = [self._all["bottom"]]
        high = _SIZES["bottom"][1] if self._window.height() >= _LOW else _LOW_BOTTOM
        self._window.resizeDocks(lower, [high], Qt.Orientation.Vertical)

    def show(self, name: str) -> None:
        """Bring a panel to the front, without the focus."""
        spec = self._specs[name]
        self.panel(name)
        self._all[spec.area].setVisible(True)
        self._tabs[spec.area].bring(name)

    def go(self, name: str) -> None:
        """Bring a panel to the front and put the focus into it."""
        self.show(name)
        self.panel(name).go()

    def in_front(self, name: str) -> bool:
        """Whether a panel is the one that is seen in its area."""
        return self._tabs[self._specs[name].area].current == name

    def area_shown(self, area: Area) -> bool:
        """Whether an area is seen."""
        return self._all[area].isVisible()

    def toggle_area(self, area: Area) -> None:
        """Hide an area to have more room for the canvas, or show it again."""
        self._all[area].setVisible(not self._all[area].isVisible())

    def go_find(self) -> None:
        """Put the cursor into the field that finds."""
        self.show("outline")
        self.outline.go_find()

    def find_step(self, by: int) -> None:
        """Go to the next thing found, or with -1 to the one before."""
        self.outline.step(by)

    # --- from one time to the next -----------------------------------------------------------------

    def restore(self, settings: UserSettings) -> None:
        """Give window and panels the size and place of the last time."""
        geometry = base64.b64decode(settings.get("geometry") or "")
        if not geometry or not self._window.restoreGeometry(QByteArray(geometry)):
            self._window.resize(1360, 860)
        state = base64.b64decode(settings.get("docks") or "")
        if state:
            self._placed = self._window.restoreState(QByteArray(state), _LAYOUT_VERSION)

    def remember(self, settings: UserSettings) -> None:
        """Write down size and place for the next time."""
        geometry = base64.b64encode(self._window.saveGeometry().data()).decode()
        docks = base64.b64encode(self._window.saveState(_LAYOUT_VERSION).data()).decode()
        settings.put("geometry", geometry)
        settings.put("docks", docks)


def area_title(area: Area) -> str:
    """What an area is called in menus."""
    titles = {"left": tr("Left panels"), "right": tr("Right panels"), "bottom": tr("Lower panels")}
    return titles[area]
