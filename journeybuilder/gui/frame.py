"""What the File, View and Help menus do that concerns the window and no journey."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog

from journeybuilder.gui.commands import needs
from journeybuilder.gui.crash.logs import log_folder
from journeybuilder.gui.dialogs.new_workspace import BLANK, SAMPLE, NewWorkspaceDialog, make_sample
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look import questions
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.places import opened_in, place_of, show_again
from journeybuilder.gui.settings import UserSettings

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow


class Frame(QObject):
    """Dialogs and deeds around the journeys of one window."""

    def __init__(self, window: "MainWindow", settings: UserSettings) -> None:
        super().__init__(window)
        self._window = window
        self.settings = settings
        settings.changed.connect(self._changed)

    def leave(self) -> None:
        """Follow the settings no longer: the window goes."""
        self.settings.changed.disconnect(self._changed)

    def _changed(self, option: str) -> None:
        """An option or the keys are other ones now."""
        if option == "keys":
            self._window.registry.use_keys(self.settings.keys)
        for tab in self._window.tabs():
            self.fit(tab)
        self._window.registry.refresh()

    def fit(self, tab: JourneyTab) -> None:
        """Let a tab be as the person has set it, and show of it what was seen the last time."""
        space = self._window.files.workspace
        if space is not None and not tab.seen:
            tab.first_look = partial(show_again, place=self.settings.place(space.root))
        tab.show_minimap(shown=self.settings.flag("minimap"))
        tab.canvas.snap = self.settings.flag("snap")
        tab.canvas.reduced_motion = self._window.look.reduced_motion

    def open_again(self) -> None:
        """Open the journeys that were open in this workspace the last time."""
        space = self._window.files.workspace
        if space is None:
            return
        names, front = opened_in(self.settings.place(space.root))
        for name in (*names, front):
            if name in space.workspace.journeys:
                self._window.files.open_journey(name)

    def keep_place(self) -> None:
        """Remember what is open and where one looks, for the next time."""
        space = self._window.files.workspace
        if space is not None:
            before = self.settings.place(space.root)
            place = place_of(self._window.tabs(), self._window.tab, before)
            self.settings.keep_place(space.root, place)

    # --- options ---------------------------------------------------------------------------------

    def toggle_minimap(self) -> None:
        """Show the minimap, or do not."""
        self.settings.choose("minimap", not self.shows_minimap())

    def shows_minimap(self) -> bool:
        """Whether the person wants the minimap."""
        return self.settings.flag("minimap")

    def choose_theme(self, name: str) -> None:
        """Use a theme and remember it."""
        self._window.look.choose(name)
        self.settings.choose("theme", name)

    def is_theme(self, name: str) -> bool:
        """Whether this theme is the chosen one."""
        return self._window.look.choice == name

    # --- workspaces ------------------------------------------------------------------------------

    def new_workspace(self, template: str = BLANK) -> None:
        """Ask for a template, a name and a place, and open what is made."""
        dialog = NewWorkspaceDialog(self._window.look, template, self._window)
        dialog.made.connect(self._made)
        dialog.open()

    def choose_sample(self) -> None:
        """Copy the sample to a place of the person's choice, and open it."""
        self.new_workspace(SAMPLE)

    def sample(self) -> None:
        """Copy the sample to the usual place and open it, with nothing to answer."""
        made = make_sample(self._tell)
        if made is not None:
            self._made(made)
            self._window.say(tr("The sample is in {folder}", folder=str(made)))

    def _tell(self, title: str, words: str) -> None:
        questions.tell(self._window, title, words)

    def _made(self, folder: object) -> None:
        self._window.files.visit(Path(str(folder)))

    def open_recent(self, folder: str) -> None:
        """Open a workspace of the list, or offer to take it off where it is gone."""
        if Path(folder).is_dir():
            self._window.files.visit(Path(folder))
            return
        self.settings.forget(folder)
        self._tell(
            tr("This workspace is gone"),
            tr("{folder} is not there any more, so it was taken off the list.", folder=folder),
        )

    def clear_recents(self) -> None:
        """Take every workspace off the list."""
        self.settings.forget(*self.settings.recents)

    @needs(noop("No workspace was open before."))
    def has_recents(self) -> bool:
        """Whether there is a list."""
        return bool(self.settings.recents)

    # --- windows ---------------------------------------------------------------------------------

    def new_window(self) -> None:
        """Another window, with nothing open in it."""
        if self._window.windows is not None:
            self._window.windows.open_new()

    @needs(noop("This window stands alone."))
    def has_windows(self) -> bool:
        """Whether there may be further windows."""
        return self._window.windows is not None

    def quit(self) -> None:
        """Close every window and end the program."""
        if self._window.windows is not None:
            self._window.windows.quit()
        else:
            self._window.close()

    def full_screen(self) -> None:
        """Fill the whole screen, or be a window again."""
        if self._window.isFullScreen():
            self._window.setWindowState(
                self._window.windowState() & ~Qt.WindowState.WindowFullScreen
            )
        else:
            self._window.setWindowState(
                self._window.windowState() | Qt.WindowState.WindowFullScreen
            )

    def fills_screen(self) -> bool:
        """Whether it fills the whole screen."""
        return self._window.isFullScreen()

    # --- tabs ------------------------------------------------------------------------------------

    def next_tab(self) -> None:
        """Show the journey to the right."""
        self._window.journeys.step(1)

    def tab_before(self) -> None:
        """Show the journey to the left."""
        self._window.journeys.step(-1)

    @needs(noop("Open a second journey first."))
    def several_tabs(self) -> bool:
        """Whether there is another journey to go to."""
        return self._window.journeys.several()

    def close_others(self) -> None:
        """Close every journey but the one in front."""
        self._window.files.close_tabs(list(self._window.journeys.others()))

    @needs(noop("Nothing was closed."))
    def can_reopen(self) -> bool:
        """Whether a journey was closed that can be opened again."""
        return self._window.journeys.has_closed()

    def reopen(self) -> None:
        """Open the journey again that was closed last and still exists."""
        while name := self._window.journeys.reopened():
            if self._window.files.open_journey(name) is not None:
                return

    def tab_asked(self, command: str, tab: object) -> None:
        """Do what the menu of a tab asks for."""
        if not isinstance(tab, JourneyTab):
            return
        if command == "file.save":
            self._window.files.save(tab)
        elif command == "file.copy_path":
            QApplication.clipboard().setText(str(tab.model.disk.path))
            self._window.say(tr("The path is on the clipboard"))
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(tab.model.disk.path.parent)))

    # --- dialogs ---------------------------------------------------------------------------------

    def show_settings(self, page: str = "") -> None:
        """Open the settings of the program."""
        from journeybuilder.gui.dialogs.settings_dialog import SettingsDialog  # noqa: PLC0415 - when asked

        self._open(SettingsDialog(self._window, self.settings, page))

    def show_keys(self) -> None:
        """Open the settings at the keys."""
        self.show_settings("keys")

    def keys_overview(self) -> None:
        """List all keys."""
        from journeybuilder.gui.dialogs.keys_overview import KeysOverview  # noqa: PLC0415 - when asked

        self._open(KeysOverview(self._window.registry, self._window))

    def show_docs(self, page: str = "") -> None:
        """Open the documentation."""
        from journeybuilder.gui.dialogs.doc_pages import DocPages  # noqa: PLC0415 - when asked

        self._open(DocPages(page, self._window))

    def about(self) -> None:
        """Say which version this is, of what, and under which licenses."""
        from journeybuilder.gui.dialogs.about import AboutDialog  # noqa: PLC0415 - when asked

        self._open(AboutDialog(self._window))

    def tour(self) -> None:
        """Show around in the window."""
        from journeybuilder.gui.dialogs.tour import Tour  # noqa: PLC0415 - when asked

        if self._window.findChild(Tour) is None:
            Tour(self._window, self.settings).begin()

    def show_logs(self) -> None:
        """Open the folder with what the program has noted down."""
        folder = log_folder()
        folder.mkdir(parents=True, exist_ok=True)
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._tell(tr("The folder cannot be shown"), str(folder))

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
