"""The main window: tabs of journeys, panels around them, one registry of commands."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QMessageBox,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QToolBar,
    QToolButton,
)
from typing_extensions import override

from journeybuilder import __version__
from journeybuilder.document.findings import Finding
from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.commands import CANVAS_MENU, NODE_MENU, Command, Registry
from journeybuilder.gui.docks import Docks
from journeybuilder.gui.files import Files
from journeybuilder.gui.forms.base import FormContext
from journeybuilder.gui.front import Front
from journeybuilder.gui.journey_model import JourneyModel
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look import Look
from journeybuilder.gui.panels.command_palette import CommandPalette
from journeybuilder.gui.panels.export import ExportDialog
from journeybuilder.gui.panels.outline import Place
from journeybuilder.gui.panels.palette import PaletteEntry
from journeybuilder.gui.rehearsing import Rehearsing
from journeybuilder.gui.scope import context_of
from journeybuilder.gui.search import Hit
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.shell import Shell
from journeybuilder.gui.slots import weak
from journeybuilder.gui.statusline import StatusLine
from journeybuilder.gui.welcome import WelcomePage


class MainWindow(Shell):
    """The editor."""

    def __init__(self, look: Look, settings: UserSettings, bridge: Bridge) -> None:
        super().__init__(look)
        self._settings = settings
        self._bridge = bridge
        self._tab: JourneyTab | None = None
        self.setObjectName("window")
        self.setWindowTitle("journeybuilder")
        self.setMinimumSize(800, 560)
        self.rehearsing = Rehearsing(bridge)
        self.files = Files(self, bridge, settings)
        self.front = Front(self, self.files)
        self._build_middle()
        self.docks = Docks(self, look, self.form_context, self.rehearsing)
        self.palette_panel = self.docks.palette
        self.inspector = self.docks.inspector
        self.problems = self.docks.problems
        self.rehearsal = self.docks.rehearsal
        self.status = StatusLine(self.statusBar())
        self.status.problems.clicked.connect(self.go_problems)
        self.registry = Registry(self)
        self._toolbar = QToolBar("Toolbar")
        self._toolbar.setObjectName("toolbar")
        self._toolbar.setMovable(False)
        self._toolbar.setIconSize(QSize(20, 20))
        self._toolbar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(self._toolbar)
        self.commands = CommandPalette(self.registry, look, self)
        self._connect()
        self._recolor()
        self._workspace_changed()

    def take_commands(self, commands: Sequence[Command]) -> None:
        """Make menus, toolbar and keys out of the commands."""
        self.registry.add(commands)
        self.registry.fill_menus(self.menuBar())
        self.registry.fill_toolbar(self._toolbar)
        for name in ("run.rehearse", "file.export"):
            button = self._toolbar.widgetForAction(self.registry.action(name))
            if isinstance(button, QToolButton):
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._recolor()
        self.registry.refresh()

    def _build_middle(self) -> None:
        self.welcome = WelcomePage()
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.setMovable(True)
        self._tabs.setAccessibleName("Open journeys")
        self._tabs.tabBar().setDrawBase(False)
        self._tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self._middle = QStackedWidget()
        self._middle.addWidget(self.welcome)
        self._middle.addWidget(self._tabs)
        self.setCentralWidget(self._middle)

    def _connect(self) -> None:
        self.files.workspace_changed.connect(self._workspace_changed)
        self.files.world_changed.connect(self._world_changed)
        self.welcome.asked.connect(self.registry.run)
        self.welcome.recent.connect(self._open_recent)
        self.welcome.journey.connect(self.files.open_journey)
        self._tabs.currentChanged.connect(self._tab_changed)
        self.palette_panel.chosen.connect(self._add)
        self.palette_panel.refresh.connect(self.files.discover)
        self.problems.chosen.connect(self.go_to_finding)
        self.docks.outline.chosen.connect(self.front.go_to)
        self.docks.outline.found.connect(self._show_hit)
        self.docks.outline.asked.connect(self._outline_asked)
        self.rehearsal.states_changed.connect(self._show_run)
        self.rehearsal.servers_wanted.connect(self._rehearse_with_servers)
        self.rehearsing.began.connect(self._refresh)
        self.rehearsing.over.connect(self._refresh)
        self.look.changed.connect(self._recolor)

    # --- tabs ------------------------------------------------------------------------------------

    @override
    def tabs(self) -> list[JourneyTab]:
        """The open journeys."""
        return [cast("JourneyTab", self._tabs.widget(index)) for index in range(self._tabs.count())]

    @property
    @override
    def tab(self) -> JourneyTab | None:
        """The journey in front."""
        return self._tab

    @override
    def add_tab(self, tab: JourneyTab) -> None:
        """Show a journey in a new tab."""
        tab.selected.connect(self._selected)
        tab.opened.connect(self._node_opened)
        tab.canvas.zoom_changed.connect(self.status.show_zoom)
        tab.canvas.context_menu_requested.connect(self._context_menu)
        tab.model.saved_changed.connect(self._refresh)
        tab.model.edited.connect(self._refresh)
        tab.model.findings_changed.connect(self._findings_changed)
        tab.model.refused.connect(self.say)
        tab.show_minimap(shown=self.shows_minimap())
        index = self._tabs.addTab(tab, tab.model.journey.title)
        close = QToolButton()
        close.setText("\u2715")
        close.setProperty("role", "close")
        close.setAccessibleName(f"Close {tab.model.journey.title}")
        close.setToolTip("Close (asks about changes)")
        close.clicked.connect(weak(self._close_asked, tab))
        self._tabs.tabBar().setTabButton(index, QTabBar.ButtonPosition.RightSide, close)
        self._tabs.setCurrentIndex(index)
        self._middle.setCurrentWidget(self._tabs)
        tab.canvas.setFocus()

    @override
    def show_tab(self, tab: JourneyTab) -> None:
        """Bring a journey to the front."""
        self._tabs.setCurrentWidget(tab)

    @override
    def remove_tab(self, tab: JourneyTab) -> None:
        """Close a tab without asking."""
        if self.rehearsing.journey == tab.model.journey.id:
            self.rehearsing.stop()
        self._tabs.removeTab(self._tabs.indexOf(tab))
        tab.dispose()
        tab.deleteLater()
        if self._tabs.count() == 0:
            self._tab_changed(-1)

    def _tab_changed(self, index: int) -> None:
        self._tab = cast("JourneyTab", self._tabs.widget(index)) if index >= 0 else None
        model = self._tab.model if self._tab is not None else None
        self.inspector.set_model(model)
        self.docks.outline.set_model(model)
        self.docks.yaml.set_model(model)
        self.rehearsal.set_journey(self.files.workspace, model)
        self._middle.setCurrentIndex(1 if self._tab is not None else 0)
        if self._tab is not None:
            self.inspector.select(self._tab.canvas.selected())
            self.docks.yaml.select(self._tab.canvas.selected())
            self.status.show_zoom(self._tab.canvas.zoom())
        elif self.files.workspace is not None:
            self._show_welcome()
        self._findings_changed()
        self._refresh()

    def _close_asked(self, tab: JourneyTab) -> None:
        self.files.close_tabs([tab])

    # --- following -------------------------------------------------------------------------------

    def _workspace_changed(self) -> None:
        space = self.files.workspace
        self.setWindowTitle(
            f"{space.workspace.name} – journeybuilder" if space else "journeybuilder"
        )
        self.docks.show_all(shown=space is not None)
        self._show_welcome()
        self._world_changed()
        self._findings_changed()
        self.rehearsal.set_journey(space, self._tab.model if self._tab else None)

    def _show_welcome(self) -> None:
        space = self.files.workspace
        if space is None:
            self.welcome.show_start(self._settings.recents)
        else:
            self.welcome.show_workspace(space.workspace.name, space.listed())

    def _world_changed(self) -> None:
        space = self.files.workspace
        if space is None:
            self.palette_panel.set_world((), {}, active=False)
        else:
            self.palette_panel.set_world(list(space.servers.values()), space.tools(), active=True)
        self.inspector.world_changed()
        self._refresh()

    def _findings_changed(self) -> None:
        findings = self._tab.model.findings if self._tab is not None else ()
        self.problems.show_findings(findings, open_journey=self._tab is not None)
        self.status.show_findings(findings, active=self._tab is not None)

    def _refresh(self) -> None:
        for index, tab in enumerate(self.tabs()):
            mark = "" if tab.model.saved else " \u2022"
            self._tabs.setTabText(index, tab.model.journey.title.replace("&", "&&") + mark)
        self.status.show_saved(None if self._tab is None else self._tab.model.saved)
        self.registry.refresh()

    def _selected(self, ids: object) -> None:
        if self.sender() is self._tab:
            self.inspector.select(cast("tuple[str, ...]", ids))
            self.docks.outline.select(cast("tuple[str, ...]", ids))
            self.docks.yaml.select(cast("tuple[str, ...]", ids))
            self.registry.refresh()

    def _node_opened(self, node: str) -> None:
        del node
        self.docks.go_inspector()

    def _recolor(self) -> None:
        self.registry.set_icons(self.look.icon)
        self.palette_panel.tree.viewport().update()

    def _add(self, entry: object) -> None:
        if isinstance(entry, PaletteEntry) and self._tab is not None:
            self._tab.add(entry)

    def _show_run(self, journey: str, states: object, taken: object) -> None:
        for tab in self.tabs():
            if tab.model.journey.id == journey:
                tab.show_run(cast("dict[str, str]", states), cast("list[tuple[str, str]]", taken))

    def _context_menu(self, place: QPoint, node: str) -> None:
        names = (*NODE_MENU, *CANVAS_MENU) if node else CANVAS_MENU
        self.registry.popup(names, place)

    def _open_recent(self, folder: str) -> None:
        self.files.visit(Path(folder))

    def form_context(self, model: JourneyModel) -> FormContext:
        """What the forms of a journey may offer."""
        return context_of(model, self.files.workspace)

    # --- what commands ask -----------------------------------------------------------------------

    def has_workspace(self) -> bool:
        """Whether a workspace is open."""
        return self.files.workspace is not None

    def has_journey(self) -> bool:
        """Whether a journey is in front."""
        return self._tab is not None

    def is_rehearsing(self) -> bool:
        """Whether a rehearsal is under way."""
        return self.rehearsing.running

    def is_theme(self, name: str) -> bool:
        """Whether this theme is the chosen one."""
        return self.look.choice == name

    # --- what commands do ------------------------------------------------------------------------

    def export(self) -> None:
        """Open the export dialog."""
        if self._tab is not None and self.files.workspace is not None:
            dialog = ExportDialog(self.files.workspace, self._tab.model, self.look, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def journey_settings(self) -> None:
        """Show the settings of the journey itself."""
        if self._tab is not None:
            self._tab.canvas.select(())
            self.docks.go_inspector()

    def go_canvas(self) -> None:
        """Put the focus on the canvas."""
        if self._tab is not None:
            self._tab.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @override
    def go_problems(self) -> None:
        """Put the focus on the list of problems."""
        self.docks.go_problems()

    def go_to_finding(self, finding: object) -> None:
        """Show the node of a finding, and its field."""
        if self._tab is None or not isinstance(finding, Finding):
            return
        self.docks.show_settings()
        if finding.node in self._tab.model.journey.nodes:
            self._tab.go_to(finding.node)
        else:
            self._tab.canvas.select(())
        self.inspector.focus_finding(finding)

    def _show_hit(self, hit: object) -> None:
        """Show what was found, and its field in the settings; the cursor stays where one types."""
        if self._tab is not None and isinstance(hit, Hit):
            self._tab.go_to(hit.node)
            self.docks.show_settings()
            self.inspector.reveal(hit.path)

    def _outline_asked(self, what: str, place: object) -> None:
        if isinstance(place, Place) and not self.front.outline_asked(what, place):
            self.docks.go_inspector()

    def toggle_minimap(self) -> None:
        """Show the minimap, or do not."""
        self._settings.put("minimap", "off" if self.shows_minimap() else "on")
        for tab in self.tabs():
            tab.show_minimap(shown=self.shows_minimap())

    def shows_minimap(self) -> bool:
        """Whether the person wants the minimap."""
        return self._settings.get("minimap", "on") == "on"

    def rehearse(self) -> None:
        """Show the rehearsal and start it."""
        self.docks.go_rehearsal()
        self.rehearsal.start()

    def _rehearse_with_servers(self) -> None:
        self.files.when_allowed(self.rehearsal.start_now)

    def stop_rehearsal(self) -> None:
        """Stop the rehearsal."""
        self.rehearsal.stop()

    def choose_theme(self, name: str) -> None:
        """Use a theme and remember it."""
        self.look.choose(name)
        self._settings.put("theme", name)
        self.registry.refresh()

    def show_commands(self) -> None:
        """Open the command palette."""
        self.commands.open_over(self)

    def about(self) -> None:
        """Which version this is."""
        QMessageBox.about(
            self, "journeybuilder", f"journeybuilder {__version__}\nApache License 2.0"
        )

    @override
    def say(self, words: str) -> None:
        """A passing message in the status line."""
        self.status.say(words)

    # --- the window itself -----------------------------------------------------------------------

    def restore(self) -> None:
        """Take size and place from the last time."""
        self.docks.restore(self._settings)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.close_workspace():
            event.ignore()
            return
        self.docks.remember(self._settings)
        self.rehearsing.stop()
        self.registry.clear()
        event.accept()
