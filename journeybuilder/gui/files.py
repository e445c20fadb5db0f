"""Opening, saving and closing: what the window does with workspaces and journeys on disk."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from journeybuilder.document.root import find_root
from journeybuilder.document.workspace import Workspace
from journeybuilder.errors import ProgramError
from journeybuilder.gui.bridge import Bridge, Failure
from journeybuilder.gui.dialogs.not_saved import NotSaved
from journeybuilder.gui.following import Following
from journeybuilder.gui.journey.edit_files import journal_path
from journeybuilder.gui.journey.edit_journal import EditJournal
from journeybuilder.gui.journey.journey_file import JourneyOnDisk
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.kept_versions import KeptVersions
from journeybuilder.gui.journey.unfinished import Unfinished
from journeybuilder.gui.journey_news import JourneyNews
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look import questions
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak, weak_with
from journeybuilder.gui.orphans import Orphan, OrphanQuestion, bring_back, find_orphans, forget
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.shell import Shell
from journeybuilder.gui.workspace.new_files import extract_to_file, new_journey
from journeybuilder.gui.workspace.permissions import Permissions
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel
from journeybuilder.gui.workspace.workspace_watch import WorkspaceWatch, news_of, texts_of


class Files(QObject):
    """The open workspace and its open journeys.

    Signals:
        workspace_changed: Another workspace is open, or none.
        world_changed: Its servers, tools or files are other ones now.
        listed: Other programs have written files: journeys may have come, gone or changed their title.
        closing: The workspace is about to be closed, unless the person cancels.
    """

    workspace_changed = Signal()
    world_changed = Signal()
    listed = Signal()
    closing = Signal()

    def __init__(self, window: Shell, bridge: Bridge, settings: UserSettings) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = bridge
        self._settings = self.settings = settings
        self.permissions = Permissions(window, settings)
        self._told_unkept = False
        self._watch: WorkspaceWatch | None = None
        self.workspace: WorkspaceModel | None = None
        self.following = Following(window, self._space, self.save)
        self.news = JourneyNews(window, self)
        self.unfinished = Unfinished(window)

    def _space(self) -> WorkspaceModel | None:
        return self.workspace

    # --- workspaces ----------------------------------------------------------------------------

    def open_path(self, path: Path) -> bool:
        """Open the workspace around a folder or file, and the journey where the path is one."""
        try:
            root = find_root(path)
        except ProgramError as error:
            questions.tell(self._window, tr("This is no workspace"), str(error))
            return False
        if not self.open_workspace(root):
            return False
        if path.is_file():
            self._open_file(path.absolute())
        return True

    def visit(self, path: Path) -> None:
        """Open a workspace that the person has chosen, and ask its servers for their tools."""
        if self.open_path(path):
            self.discover(fresh=True)

    def _open_file(self, path: Path) -> None:
        if self.workspace is None:
            return
        for name, file in self.workspace.workspace.journeys.items():
            if self.workspace.root / file.source.file == path:
                self.open_journey(name)
                return

    def open_workspace(self, root: Path) -> bool:
        """Open a workspace in place of the one that is open; False when the person cancels.

        The one that is open in this window already stays as it is.
        """
        if self.workspace is not None and self.workspace.root == root.absolute():
            self.reread()
            return True
        if self._window.elsewhere(root) or not self.close_workspace():
            return False
        try:
            opened = WorkspaceModel(root, self._bridge)
        except ProgramError as error:
            questions.tell(self._window, tr("The workspace cannot be opened"), str(error))
            return False
        self.workspace = opened
        self._watch = WorkspaceWatch(opened.root, self._bridge, opened)
        self._watch.changed.connect(self._changed_outside)
        self._watch.failed.connect(self._unreadable)
        opened.world_changed.connect(self._world_changed)
        opened.failed.connect(self._failed)
        self._settings.opened(opened.root)
        # First edits follow the files that were renamed: then the journeys of last time are opened.
        orphans = find_orphans(opened.workspace) if self._settings.keeps else ()
        self.workspace_changed.emit()
        self._ask_about(orphans)
        journeys = list(opened.workspace.journeys)
        if len(journeys) == 1:
            self.open_journey(journeys[0])
        return True

    def _ask_about(self, orphans: Sequence[Orphan]) -> None:
        """Edits of files that are gone can be brought back."""
        for orphan in orphans:
            box = OrphanQuestion(self._window, orphan)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.back.clicked.connect(weak(self._bring_back, orphan))
            box.drop.clicked.connect(weak(self._forget_orphan, orphan))
            box.open()

    def _forget_orphan(self, orphan: Orphan) -> None:
        forget(orphan)
        self._window.say(tr("The changes are forgotten"))

    def _bring_back(self, orphan: Orphan) -> None:
        try:
            path = bring_back(orphan)
        except ProgramError as error:
            questions.tell(self._window, tr("The journey was not saved"), str(error))
            return
        self.reread()
        self._open_file(path)

    def close_workspace(self) -> bool:
        """Close it with all its journeys; False when the person cancels."""
        self.closing.emit()
        if not self.close_tabs(self._window.tabs()):
            return False
        self._let_go()
        return True

    def _let_go(self) -> None:
        closed, self.workspace = self.workspace, None
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        if closed is not None:
            closed.close()
            closed.deleteLater()
            self.workspace_changed.emit()

    def leave(self) -> None:
        """Let go of everything without asking: the program ends."""
        self.closing.emit()  # while the tabs are there: they are to be opened again
        for tab in self._window.tabs():
            self._window.remove_tab(tab)
        self._let_go()

    def _failed(self, failure: Failure) -> None:
        questions.tell(self._window, tr("That did not work"), str(failure))

    def ask_open(self) -> None:
        """Let the person choose a folder with a workspace."""
        folder = QFileDialog.getExistingDirectory(self._window, tr("Open a workspace"))
        if folder:
            self.visit(Path(folder))

    # --- servers -------------------------------------------------------------------------------

    def discover(self, names: Sequence[str] | None = None, *, fresh: bool = False) -> None:
        """Ask servers for their tools, all by default; the first time the person must allow a start.

        What is allowed already is asked at once.

        Args:
            names: Which servers.
            fresh: Whether the files have only just been read.
        """
        space = self.workspace
        if space is None:
            return
        try:
            if not fresh:
                space.reload()
        except ProgramError as error:
            questions.tell(self._window, tr("The workspace cannot be read"), str(error))
            return
        wanted = list(space.workspace.servers) if names is None else list(names)
        missing = self.permissions.missing(space, wanted)
        space.discover([name for name in wanted if name not in missing])
        if missing:
            self.permissions.when_allowed(space, partial(space.discover, missing), missing)

    def when_allowed(self, then: Callable[[], object]) -> None:
        """Do what starts the workspace's servers, once the person has allowed their commands."""
        if self.workspace is not None:
            self.permissions.when_allowed(self.workspace, then)

    def _world_changed(self) -> None:
        space = self.workspace
        if space is None:
            return
        risks = space.risks()
        for tab in self._window.tabs():
            if tab.model.known is not space.known:
                tab.model.set_tool_data(space.tool_data())
                tab.model.set_known(space.known, risks)
        self.world_changed.emit()

    # --- journeys --------------------------------------------------------------------------------

    def open_journey(self, name: str) -> JourneyTab | None:
        """Show a journey of the workspace, in its tab where it has one."""
        space = self.workspace
        file = space.workspace.journeys.get(name) if space is not None else None
        if space is None or file is None:
            return None
        path = space.root / file.source.file
        for tab in self._window.tabs():
            if tab.model.disk.path == path:
                self._window.show_tab(tab)
                return tab
        try:
            disk = JourneyOnDisk(path, space.root)
        except ProgramError as error:
            questions.tell(self._window, tr("The journey cannot be opened"), str(error))
            return None
        journal = self._journal_of(path)
        versions = KeptVersions(space.workspace.state_dir) if self._settings.keeps else None
        model = JourneyModel(
            disk, space.known, space.risks(), journal, versions, hurry=self._window.isVisible()
        )
        model.set_tool_data(space.tool_data())
        model.quick_offer = space.quick_kinds
        tab = JourneyTab(model, self._window.look)
        model.history.turned.connect(weak_with(self.following.turned, tab))
        if journal is not None:
            journal.stopped.connect(weak_with(self._not_kept, tab))
        self._window.add_tab(tab)
        self.news.follow(tab)
        return tab

    def _journal_of(self, path: Path) -> EditJournal | None:
        space = self.workspace
        if space is None or not self._settings.keeps:
            return None
        return EditJournal(journal_path(space.workspace.state_dir, path, space.root))

    def _not_kept(self, tab: JourneyTab, words: str) -> None:
        if not self._told_unkept:
            self._told_unkept = True
            tab.notice.tell(words)

    def ask_new_journey(self) -> None:
        """Make a journey with a name of the person's choice."""
        space = self.workspace
        if space is None:
            return
        title = questions.ask_name(
            self._window, tr("New journey"), tr("What is the journey called?")
        )
        if not title:
            return
        try:
            path = new_journey(space.workspace, title)
            space.reload()
        except ProgramError as error:
            questions.tell(self._window, tr("The journey cannot be made"), str(error))
            return
        self._open_file(path)

    def ask_extract(self, tab: JourneyTab, ids: Sequence[str]) -> None:
        """Make nodes a journey of their own, with a title of the person's choice; both are saved."""
        space = self.workspace
        title = questions.ask_name(
            self._window, tr("Make it a journey"), tr("What is the new journey called?")
        )
        if space is None or not title:
            return
        try:
            notes = extract_to_file(space.workspace, tab.model, ids, title)
        except ProgramError as error:
            questions.tell(self._window, tr("This cannot be a journey of its own"), str(error))
            return
        if self.save(tab):
            self._window.say(tr("{title} is a journey of its own now", title=title))
        if notes:
            questions.tell(self._window, tr("Please look at this"), "\n".join(notes))

    def save(self, tab: JourneyTab, *, anyway: bool = False) -> bool:
        """Write a journey; False when that failed, which was told, or waits for a decision.

        Args:
            tab: The journey.
            anyway: Whether a file that cannot be read as a journey is written over.
        """
        self._window.take_typing()
        try:
            tab.model.save(anyway=anyway)
        except ProgramError as error:
            self._not_saved(tab, error)
            return False
        self.reread()
        return True

    def _not_saved(self, tab: JourneyTab, error: ProgramError) -> None:
        if tab.model.outside.meeting is not None:
            self._window.show_tab(tab)
            self.news.decide(tab)
            return
        box = NotSaved(self._window, tab.model, error)
        box.again.clicked.connect(weak(self.save, tab))
        if box.over is not None:
            box.over.clicked.connect(weak(self.save_over, tab))
        box.open()

    def save_over(self, tab: JourneyTab) -> None:
        """Write a journey over a file that cannot be read as one: the person wants it."""
        self.save(tab, anyway=True)

    def reread(self) -> None:
        """Read the files of the workspace again; that they cannot be read is told."""
        if self.workspace is not None:
            try:
                self.workspace.reload()
            except ProgramError as error:
                questions.tell(self._window, tr("The workspace cannot be read"), str(error))

    def forget(self, tab: JourneyTab) -> None:
        """Close a journey whose file is gone, with its changes."""
        tab.model.forget_edits()
        self._window.remove_tab(tab)
        self.reread()

    def _changed_outside(self, found: Workspace) -> None:
        """Other programs have written files of the workspace."""
        space = self.workspace
        if space is None or texts_of(found) == texts_of(space.workspace):
            return
        shown = [tab.model.disk.source.file for tab in self._window.tabs()]
        words = news_of(space.workspace, found, shown)
        space.take(found)
        self.listed.emit()
        if words:
            self._window.say(words)

    def _unreadable(self, words: str) -> None:
        self._window.say(words)

    def save_all(self) -> bool:
        """Write every journey that has changes."""
        return all(self.save(tab) for tab in self._window.tabs() if not tab.model.saved)

    def close_tabs(self, tabs: Sequence[JourneyTab]) -> bool:
        """Close journeys, asking about changes; False when the person cancels."""
        dirty = [tab for tab in tabs if not tab.model.saved]
        if dirty:
            answer = questions.ask_unsaved(self._window, [tab.model.title for tab in dirty])
            if answer == "cancel" or (
                answer == "save" and not all(self.save(tab) for tab in dirty)
            ):
                return False
            if answer == "discard":
                for tab in dirty:
                    tab.model.discard()
        for tab in tabs:
            self._window.remove_tab(tab)
        return True
