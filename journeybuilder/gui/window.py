"""The main window: tabs of journeys, panels around them, one registry of commands."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedWidget
from typing_extensions import override

from journeybuilder.document.findings import Finding
from journeybuilder.gui.bridge import Bridge
from journeybuilder.gui.commands import (
    CANVAS_MENU,
    NODE_MENU,
    WIRE_MENU,
    Command,
    Registry,
    needs,
)
from journeybuilder.gui.dialogs.welcome import WelcomePage
from journeybuilder.gui.docks import Docks
from journeybuilder.gui.files import Files
from journeybuilder.gui.form_requests import FormRequests
from journeybuilder.gui.forms.base import FormContext
from journeybuilder.gui.frame import Frame
from journeybuilder.gui.front import Front
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.search import Hit
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import noop
from journeybuilder.gui.look.look import Look
from journeybuilder.gui.mending import Mending
from journeybuilder.gui.panels.command_palette import CommandPalette
from journeybuilder.gui.panels.export import ExportDialog
from journeybuilder.gui.panels.outline import Place
from journeybuilder.gui.panels.palette import PaletteEntry
from journeybuilder.gui.recent_menu import RecentMenu
from journeybuilder.gui.rehearsing import Rehearsing
from journeybuilder.gui.running.marks import in_journey
from journeybuilder.gui.serving import Serving
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.shell import Shell
from journeybuilder.gui.statusline import StatusLine
from journeybuilder.gui.tabs import JourneyTabs
from journeybuilder.gui.toolbar import Toolbar
from journeybuilder.gui.window_work import WindowWork
from journeybuilder.gui.workspace.scope import context_of

if TYPE_CHECKING:
    from journeybuilder.gui.windows import Windows


class MainWindow(Shell):
    """The editor."""

    def __init__(
        self,
        look: Look,
        settings: UserSettings,
        bridge: Bridge,
        windows: "Windows | None" = None,
    ) -> None:
        super().__init__(look)
        self._settings = settings
        self.windows = windows
        self.bridge = self._bridge = bridge
        self._tab: JourneyTab | None = None
        self.setObjectName("window")
        self.setWindowTitle("journeybuilder")
        self.setMinimumSize(800, 560)
        self.rehearsing = Rehearsing(bridge)
        self.files = Files(self, bridge, settings)
        self.serving = Serving(self, self.files)
        self.front = Front(self, self.files)
        self.frame = Frame(self, settings)
        self.work = WindowWork(self)
        self._build_middle()
        self.docks = Docks(self)
        self.status = StatusLine(self.statusBar())
        self.status.problems.clicked.connect(self.go_problems)
        self.status.zoom.clicked.connect(self.front.fit)
        self.registry = Registry(self)
        self.registry.use_keys(settings.keys)
        self.toolbar = Toolbar(self.registry)
        self.addToolBar(self.toolbar)
        self.commands = CommandPalette(self)
        self._connect()
        self._recolor()
        self._workspace_changed()

    def take_commands(self, commands: Sequence[Command]) -> None:
        """Make menus, toolbar and keys out of the commands."""
        self.registry.add(commands)
        menus = self.registry.fill_menus(self.menuBar())
        self.recent_menu = RecentMenu(self, menus["File"], self.registry.action("file.open"))
        self.toolbar.fill()
        self._recolor()
        self.registry.refresh()

    def _build_middle(self) -> None:
        self.welcome = WelcomePage()
        self.journeys = JourneyTabs()
        self._middle = QStackedWidget()
        self._middle.addWidget(self.welcome)
        self._middle.addWidget(self.journeys)
        self.setCentralWidget(self._middle)

    def _connect(self) -> None:
        self.files.workspace_changed.connect(self._workspace_changed)
        self.files.closing.connect(self.frame.keep_place)
        self.journeys.closing.connect(self.files.close_tabs)
        self.journeys.asked.connect(self.frame.tab_asked)
        self._settings.changed.connect(self._settings_changed)
        self.files.world_changed.connect(self._world_changed)
        self.files.listed.connect(self._show_welcome)
        self.welcome.asked.connect(self.registry.run)
        self.welcome.recent.connect(self.frame.open_recent)
        self.welcome.journey.connect(self.files.open_journey)
        self.journeys.currentChanged.connect(self._tab_changed)
        self.rehearsing.began.connect(self._refresh)
        self.rehearsing.over.connect(self._refresh)
        self.look.changed.connect(self._recolor)

    # --- tabs ------------------------------------------------------------------------------------

    @override
    def tabs(self) -> list[JourneyTab]:
        """The open journeys."""
        return self.journeys.all()

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
        self.frame.fit(tab)
        self.work.follow(tab)
        self.journeys.add(tab)
        self._middle.setCurrentWidget(self.journeys)
        tab.canvas.setFocus()

    @override
    def show_tab(self, tab: JourneyTab) -> None:
        """Bring a journey to the front."""
        self.journeys.setCurrentWidget(tab)

    @override
    def remove_tab(self, tab: JourneyTab) -> None:
        """Close a tab without asking."""
        if self.rehearsing.journey == tab.model.journey.id:
            self.rehearsing.stop()
        self.journeys.take(tab)
        tab.dispose()
        tab.deleteLater()
        if self.journeys.count() == 0:
            self._tab_changed(-1)

    def _tab_changed(self, index: int) -> None:
        self._tab = self.journeys.at(index) if index >= 0 else None
        self.docks.show_journey()
        self._middle.setCurrentIndex(1 if self._tab is not None else 0)
        if self._tab is not None:
            self.status.show_zoom(self._tab.canvas.zoom())
        elif self.files.workspace is not None:
            self._show_welcome()
        self._findings_changed()
        self._refresh()

    # --- following -------------------------------------------------------------------------------

    def _workspace_changed(self) -> None:
        space = self.files.workspace
        self.journeys.forget_closed()
        self.work.follow_servers(space)
        self.docks.show_all(shown=space is not None)
        self._show_welcome()
        self._world_changed()
        self._findings_changed()
        self.frame.open_again()

    def _settings_changed(self, option: str) -> None:
        if option == "recents" and self.files.workspace is None:
            self._show_welcome()

    def _show_welcome(self) -> None:
        space = self.files.workspace
        if space is None:
            self.welcome.show_start(self._settings.recents)
        else:
            self.welcome.show_workspace(space.workspace.name, space.listed())

    def _world_changed(self) -> None:
        self.docks.show_world()
        self._refresh()

    def _findings_changed(self) -> None:
        findings = self._tab.model.findings if self._tab is not None else ()
        self.status.show_findings(findings, active=self._tab is not None)

    def _refresh(self) -> None:
        self.journeys.show_titles()
        self._show_title()
        self.status.show_saved(None if self._tab is None else self._tab.model.saved)
        self.registry.refresh()

    def _show_title(self) -> None:
        """The journey with a mark where it is not saved, the workspace, the program."""
        space, tab = self.files.workspace, self._tab
        parts = [tab.model.title.replace("[*]", "[*][*]") + "[*]"] if tab else []
        parts += [space.workspace.name] if space else []
        self.setWindowTitle(" \u2013 ".join([*parts, "journeybuilder"]))
        self.setWindowModified(tab is not None and not tab.model.saved)

    def _selected(self, ids: object) -> None:
        if self.sender() is self._tab:
            self.docks.show_selection(cast("tuple[str, ...]", ids))
            self.registry.refresh()

    def _node_opened(self, node: str) -> None:
        del node
        self.docks.go("inspector")

    def _recolor(self) -> None:
        self.registry.set_icons(self.look.icon)

    def add(self, entry: object) -> None:
        """Add what was chosen in the palette to the journey in front."""
        if isinstance(entry, PaletteEntry) and self._tab is not None:
            self._tab.add(entry)

    def show_run(self, journey: str, states: object, taken: object, moving: object) -> None:
        """Light up in the tabs what a rehearsal does, in the journeys that it calls too."""
        told = cast("dict[str, str]", states), cast("list[tuple[str, str]]", taken)
        for tab in self.tabs():
            now = partial(self.rehearsing.renames.now, tab.model.journey.id)
            nodes, wires = in_journey(tab.model.journey.id, journey, *told)
            nodes = {now(node): state for node, state in nodes.items()}
            wires = [(now(node), port) for node, port in wires]
            tab.show_run(nodes, wires, moving=bool(moving))

    def _context_menu(self, place: QPoint, node: str) -> None:
        names = (*NODE_MENU, *CANVAS_MENU) if node else CANVAS_MENU
        if not node and self._tab is not None and self._tab.canvas.board.picked is not None:
            names = (*WIRE_MENU, *CANVAS_MENU)
        self.registry.popup(names, place)

    @property
    def settings(self) -> UserSettings:
        """What the editor remembers of its user."""
        return self._settings

    def form_context(self, model: JourneyModel) -> FormContext:
        """What the forms of a journey may offer."""
        return context_of(model, self.files.workspace, FormRequests.of(self).request)

    # --- what commands ask -----------------------------------------------------------------------

    @needs(noop("Open a workspace first."))
    def has_workspace(self) -> bool:
        """Whether a workspace is open."""
        return self.files.workspace is not None

    @needs(noop("Open a journey first."))
    def has_journey(self) -> bool:
        """Whether a journey is in front."""
        return self._tab is not None

    @needs(noop("No rehearsal is under way."))
    def is_rehearsing(self) -> bool:
        """Whether a rehearsal is under way."""
        return self.rehearsing.running

    # --- what commands do ------------------------------------------------------------------------

    def export(self) -> None:
        """Open the export dialog."""
        if self._tab is not None and self.files.workspace is not None:
            dialog = ExportDialog(self.files.workspace, self._tab.model, self.look, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.went.connect(self.go_to_finding)
            dialog.open()

    def journey_settings(self) -> None:
        """Show the settings of the journey itself."""
        if self._tab is not None:
            self._tab.canvas.select(())
            self.docks.go("inspector")

    def go_canvas(self) -> None:
        """Put the focus on the canvas."""
        if self._tab is not None:
            self._tab.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @override
    def take_typing(self) -> None:
        """Make what is typed in a panel, and is no part of the journey yet, one now."""
        for panel in self.docks.made:
            panel.take_typing()

    @override
    def go_text(self) -> None:
        """Show the journey as text and put the cursor into it."""
        self.docks.go("yaml")

    @override
    def ask_fix(self, finding: Finding, place: QPoint) -> None:
        """Offer the quick fixes of a finding at a place on the screen."""
        if self._tab is not None:
            Mending.of(self).popup(self._tab.model, [finding], place, self)

    @override
    def go_problems(self) -> None:
        """Put the focus on the list of problems."""
        self.docks.go("problems")

    def go_to_finding(self, finding: object) -> None:
        """Show the node of a finding, and its field."""
        if self._tab is None or not isinstance(finding, Finding):
            return
        self.docks.show("inspector")
        if finding.node in self._tab.model.journey.nodes:
            self._tab.go_to(finding.node)
        else:
            self._tab.canvas.select(())
        self.docks.inspector.focus_finding(finding)

    def show_hit(self, hit: object) -> None:
        """Show what was found, and its field in the settings; the cursor stays where one types."""
        if self._tab is not None and isinstance(hit, Hit):
            self._tab.go_to(hit.node)
            self.docks.show("inspector")
            self.docks.inspector.reveal(hit.path)

    def outline_asked(self, what: str, place: object) -> None:
        """Do what a key in the outline asks for."""
        if isinstance(place, Place) and not self.front.outline_asked(what, place):
            self.docks.go("inspector")

    def rehearse(self) -> None:
        """Show the rehearsal and start it; one that stands at a breakpoint goes on."""
        if self.rehearsing.phase == "stopped":
            self.rehearsing.go_on()
            return
        self.docks.go("rehearsal")
        self.docks.rehearsal.start()

    def rehearse_with_servers(self) -> None:
        """Start the rehearsal with real tools, once their servers may be started."""
        self.files.when_allowed(self.docks.rehearsal.start_now)

    def stop_rehearsal(self) -> None:
        """Stop the rehearsal."""
        self.docks.rehearsal.stop()

    def show_commands(self) -> None:
        """Open the command palette."""
        self.commands.open_over()

    @override
    def say(self, words: str) -> None:
        """A passing message in the status line."""
        self.status.say(words)

    # --- the window itself -----------------------------------------------------------------------

    def restore(self) -> None:
        """Take size and place from the last time."""
        self.docks.restore(self._settings)

    @override
    def elsewhere(self, root: Path) -> bool:
        """Whether another window has this workspace open; it comes to the front then."""
        other = self.windows.with_workspace(root) if self.windows is not None else None
        if other is None or other is self:
            return False
        other.raise_()
        other.activateWindow()
        return True

    def leave(self) -> None:
        """Close without asking: changes that are not saved wait in their journals."""
        self.frame.keep_place()
        self.files.leave()
        self.close()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self.windows is not None:
            self.windows.keep_session()
        if not self.files.close_workspace():
            event.ignore()
            return
        self.docks.remember(self._settings)
        self.rehearsing.stop()
        self.frame.leave()
        self.registry.clear()
        event.accept()
        if self.windows is not None:
            self.windows.closed(self)
