"""The panels around the journeys: where they are and how one gets to them."""

import base64

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QWidget

from journeybuilder.gui.look import Look
from journeybuilder.gui.panels.inspector import InspectorPanel, MakeContext
from journeybuilder.gui.panels.outline import OutlinePanel
from journeybuilder.gui.panels.palette import PalettePanel
from journeybuilder.gui.panels.problems import ProblemsPanel
from journeybuilder.gui.panels.rehearsal import RehearsalPanel
from journeybuilder.gui.panels.yaml_panel import YamlPanel
from journeybuilder.gui.rehearsing import Rehearsing
from journeybuilder.gui.settings import UserSettings

_LAYOUT_VERSION = 2
_AREA = Qt.DockWidgetArea
_BY_KEYS = Qt.FocusReason.ShortcutFocusReason


class Docks:
    """Palette and outline at the left, settings and rehearsal at the right, problems below."""

    def __init__(
        self, window: QMainWindow, look: Look, make_context: MakeContext, rehearsing: Rehearsing
    ) -> None:
        self._window = window
        self.palette = PalettePanel(look)
        self.inspector = InspectorPanel(look, make_context)
        self.problems = ProblemsPanel(look)
        self.rehearsal = RehearsalPanel(rehearsing)
        self._side = QTabWidget()
        self._side.setDocumentMode(True)
        self._side.tabBar().setDrawBase(False)
        self._side.addTab(self.inspector, "Settings")
        self._side.addTab(self.rehearsal, "Rehearsal")
        self.yaml = YamlPanel(look)
        self._side.addTab(self.yaml, "YAML")
        window.setCorner(Qt.Corner.BottomLeftCorner, _AREA.LeftDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, _AREA.RightDockWidgetArea)
        self.outline = OutlinePanel(look)
        self._left = QTabWidget()
        self._left.setDocumentMode(True)
        self._left.tabBar().setDrawBase(False)
        self._left.addTab(self.palette, "Steps and tools")
        self._left.addTab(self.outline, "Outline")
        left = self._dock("", "palette", self._left, _AREA.LeftDockWidgetArea)
        left.setTitleBarWidget(QWidget())
        right = self._dock("", "side", self._side, _AREA.RightDockWidgetArea)
        right.setTitleBarWidget(QWidget())  # its tabs are its title
        bottom = self._dock("Problems", "problems", self.problems, _AREA.BottomDockWidgetArea)
        window.resizeDocks([left, right], [264, 356], Qt.Orientation.Horizontal)
        window.resizeDocks([bottom], [120], Qt.Orientation.Vertical)
        self._all = (left, right, bottom)

    def _dock(self, title: str, name: str, panel: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(f"dock.{name}")
        dock.setWidget(panel)
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self._window.addDockWidget(area, dock)
        return dock

    def show_all(self, *, shown: bool) -> None:
        """Show the panels, or none of them."""
        for dock in self._all:
            dock.setVisible(shown)

    def show_settings(self) -> None:
        """Bring the settings to the front, without the focus."""
        self._side.setCurrentWidget(self.inspector)

    def go_palette(self) -> None:
        """Put the cursor into the search of the palette."""
        self._left.setCurrentWidget(self.palette)
        self.palette.search.setFocus(_BY_KEYS)
        self.palette.search.selectAll()

    def go_outline(self) -> None:
        """Show the outline and put the focus into its tree."""
        self._left.setCurrentWidget(self.outline)
        self.outline.tree.setFocus(_BY_KEYS)
        first = self.outline.tree.topLevelItem(0)
        if first is not None and self.outline.tree.currentItem() is None:
            self.outline.tree.setCurrentItem(first)

    def go_find(self) -> None:
        """Put the cursor into the field that finds."""
        self._left.setCurrentWidget(self.outline)
        self.outline.go_find()

    def go_inspector(self) -> None:
        """Put the cursor into the settings."""
        self.show_settings()
        self.inspector.focus_first()

    def go_rehearsal(self) -> None:
        """Show the rehearsal."""
        self._side.setCurrentWidget(self.rehearsal)
        self.rehearsal.start_button.setFocus(_BY_KEYS)

    def go_yaml(self) -> None:
        """Show the text and put the cursor into it."""
        self._side.setCurrentWidget(self.yaml)
        self.yaml.area.setFocus(_BY_KEYS)

    def go_problems(self) -> None:
        """Put the focus on the list of problems."""
        self.problems.list.setFocus(_BY_KEYS)
        if self.problems.list.currentRow() < 0:
            self.problems.list.setCurrentRow(0)

    # --- from one time to the next -----------------------------------------------------------------

    def restore(self, settings: UserSettings) -> None:
        """Give window and panels the size and place of the last time."""
        geometry = base64.b64decode(settings.get("geometry") or "")
        if not geometry or not self._window.restoreGeometry(QByteArray(geometry)):
            self._window.resize(1360, 860)
        state = base64.b64decode(settings.get("docks") or "")
        if state:
            self._window.restoreState(QByteArray(state), _LAYOUT_VERSION)

    def remember(self, settings: UserSettings) -> None:
        """Write down size and place for the next time."""
        geometry = base64.b64encode(self._window.saveGeometry().data()).decode()
        docks = base64.b64encode(self._window.saveState(_LAYOUT_VERSION).data()).decode()
        settings.put("geometry", geometry)
        settings.put("docks", docks)
