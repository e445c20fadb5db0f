"""Opening, saving and closing: what the window does with workspaces and journeys on disk."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from journeybuilder.document.root import find_root
from journeybuilder.document.templates import make_workspace
from journeybuilder.document.write import rewrite, save
from journeybuilder.errors import ProgramError
from journeybuilder.gui import questions
from journeybuilder.gui.bridge import Bridge, Failure
from journeybuilder.gui.consent import ConsentDialog, consent_digest, shown_commands
from journeybuilder.gui.edit_journal import EditJournal, journal_path
from journeybuilder.gui.followers import follow
from journeybuilder.gui.journal import Change, Edit, Follower
from journeybuilder.gui.journey_file import JourneyOnDisk
from journeybuilder.gui.journey_model import JourneyModel
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.new_files import extract_to_file, new_journey
from journeybuilder.gui.settings import UserSettings
from journeybuilder.gui.shell import Shell
from journeybuilder.gui.slots import weak, weak_with
from journeybuilder.gui.workspace_model import WorkspaceModel


class Files(QObject):
    """The open workspace and its open journeys.

    Signals:
        workspace_changed: Another workspace is open, or none.
        world_changed: Its servers, tools or files are other ones now.
    """

    workspace_changed = Signal()
    world_changed = Signal()

    def __init__(self, window: Shell, bridge: Bridge, settings: UserSettings) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = bridge
        self._settings = settings
        self._consent: ConsentDialog | None = None
        self._told_unkept = False
        self.workspace: WorkspaceModel | None = None

    # --- workspaces ----------------------------------------------------------------------------

    def open_path(self, path: Path) -> bool:
        """Open the workspace around a folder or file, and the journey where the path is one."""
        try:
            root = find_root(path)
        except ProgramError as error:
            questions.tell(self._window, "This is no workspace", str(error))
            return False
        if not self.open_workspace(root):
            return False
        if path.is_file():
            self._open_file(path.absolute())
        return True

    def visit(self, path: Path) -> None:
        """Open a workspace that the person has chosen, and ask its servers for their tools."""
        if self.open_path(path):
            self.discover()

    def _open_file(self, path: Path) -> None:
        if self.workspace is None:
            return
        for name, file in self.workspace.workspace.journeys.items():
            if self.workspace.root / file.source.file == path:
                self.open_journey(name)
                return

    def open_workspace(self, root: Path) -> bool:
        """Open a workspace in place of the one that is open; False when the person cancels."""
        if not self.close_workspace():
            return False
        try:
            opened = WorkspaceModel(root, self._bridge)
        except ProgramError as error:
            questions.tell(self._window, "The workspace cannot be opened", str(error))
            return False
        self.workspace = opened
        opened.world_changed.connect(self._world_changed)
        opened.failed.connect(self._failed)
        self._settings.opened(opened.root)
        self.workspace_changed.emit()
        journeys = list(opened.workspace.journeys)
        if len(journeys) == 1:
            self.open_journey(journeys[0])
        return True

    def close_workspace(self) -> bool:
        """Close it with all its journeys; False when the person cancels."""
        if not self.close_tabs(self._window.tabs()):
            return False
        closed, self.workspace = self.workspace, None
        if closed is not None:
            closed.close()
            closed.deleteLater()
            self.workspace_changed.emit()
        return True

    def leave(self) -> None:
        """Let go of everything without asking: the program ends."""
        for tab in self._window.tabs():
            self._window.remove_tab(tab)
        self.close_workspace()

    def _failed(self, failure: Failure) -> None:
        questions.tell(self._window, "That did not work", str(failure))

    def ask_open(self) -> None:
        """Let the person choose a folder with a workspace."""
        folder = QFileDialog.getExistingDirectory(self._window, "Open a workspace")
        if folder:
            self.visit(Path(folder))

    def ask_sample(self) -> None:
        """Copy the sample to a folder of the person's choice and open it."""
        folder = QFileDialog.getExistingDirectory(
            self._window, "Where should the sample go?", str(Path.home())
        )
        if folder:
            target = _free(Path(folder) / "retail-sample")
            self._made(target, sample=True)

    def ask_new_workspace(self) -> None:
        """Make an empty workspace in a folder of the person's choice."""
        folder = QFileDialog.getExistingDirectory(
            self._window, "Where should the workspace go?", str(Path.home())
        )
        if not folder:
            return
        name = questions.ask_name(
            self._window, "New workspace", "Name of its folder", "my-journeys"
        )
        if name:
            self._made(Path(folder) / name, sample=False)

    def _made(self, target: Path, *, sample: bool) -> None:
        try:
            made = make_workspace(target, "retail" if sample else "blank")
        except ProgramError as error:
            questions.tell(self._window, "The workspace cannot be made", str(error))
            return
        self.visit(made)

    # --- servers -------------------------------------------------------------------------------

    def discover(self) -> None:
        """Ask the servers for their tools; the first time the person must allow their start."""
        space = self.workspace
        if space is None:
            return
        try:
            space.reload()
        except ProgramError as error:
            questions.tell(self._window, "The workspace cannot be read", str(error))
            return
        self.when_allowed(space.discover)

    def when_allowed(self, then: Callable[[], object]) -> None:
        """Do what starts the workspace's servers, once the person has allowed their commands."""
        space = self.workspace
        if space is None:
            return
        commands = shown_commands(str(space.root), space.workspace.servers)
        digest = consent_digest(str(space.root), space.workspace.servers)
        if not commands or self._settings.consented(digest):
            then()
            return
        if self._consent is not None and self._consent.isVisible():
            return
        self._consent = ConsentDialog(space.workspace.name, commands, self._window)
        self._consent.accepted.connect(weak(self._consented, digest, then))
        self._consent.open()

    def _consented(self, digest: str, then: Callable[[], object]) -> None:
        self._settings.consent(digest)
        then()

    def _world_changed(self) -> None:
        space = self.workspace
        if space is None:
            return
        risks = space.risks()
        for tab in self._window.tabs():
            if tab.model.known is not space.known:
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
            questions.tell(self._window, "The journey cannot be opened", str(error))
            return None
        journal = self._journal_of(path)
        model = JourneyModel(disk, space.known, space.risks(), journal)
        model.quick_offer = space.quick_kinds
        tab = JourneyTab(model, self._window.look)
        tab.notice.asked.connect(weak(self._discard, tab))
        model.history.turned.connect(weak_with(self._turned, tab))
        if journal is not None:
            journal.stopped.connect(weak_with(self._not_kept, tab))
        disk.changed_outside.connect(weak(self._changed_outside, tab))
        self._window.add_tab(tab)
        self._tell_recovered(tab)
        return tab

    def _journal_of(self, path: Path) -> EditJournal | None:
        space = self.workspace
        if space is None or not self._settings.keeps:
            return None
        return EditJournal(journal_path(space.workspace.state_dir, path, space.root))

    @staticmethod
    def _tell_recovered(tab: JourneyTab) -> None:
        words = tab.model.recovered
        if tab.model.saved:
            if words:
                tab.notice.tell(words)
            return
        tab.notice.tell(
            f"Changes that were not saved last time are here again. {words}".strip(),
            "Discard",
            "Go back to what is saved; Redo brings the changes back",
            "Keep",
        )

    def _discard(self, tab: JourneyTab) -> None:
        tab.model.discard()
        self._window.say("The changes are discarded; Redo brings them back")

    def _not_kept(self, tab: JourneyTab, words: str) -> None:
        if not self._told_unkept:
            self._told_unkept = True
            tab.notice.tell(words)

    def ask_new_journey(self) -> None:
        """Make a journey with a name of the person's choice."""
        space = self.workspace
        if space is None:
            return
        title = questions.ask_name(self._window, "New journey", "What is the journey called?")
        if not title:
            return
        try:
            path = new_journey(space.workspace, title)
            space.reload()
        except ProgramError as error:
            questions.tell(self._window, "The journey cannot be made", str(error))
            return
        self._open_file(path)

    def ask_extract(self, tab: JourneyTab, ids: Sequence[str]) -> None:
        """Make nodes a journey of their own, with a title of the person's choice; both are saved."""
        space = self.workspace
        title = questions.ask_name(
            self._window, "Make it a journey", "What is the new journey called?"
        )
        if space is None or not title:
            return
        try:
            notes = extract_to_file(space.workspace, tab.model, ids, title)
        except ProgramError as error:
            questions.tell(self._window, "This cannot be a journey of its own", str(error))
            return
        if self.save(tab):
            self._window.say(f"{title} is a journey of its own now")
        if notes:
            questions.tell(self._window, "Please look at this", "\n".join(notes))

    def save(self, tab: JourneyTab) -> bool:
        """Write a journey; False when that failed, which was told."""
        try:
            tab.model.save()
        except ProgramError as error:
            questions.tell(self._window, "The journey was not saved", str(error))
            return False
        if self.workspace is not None:
            self.workspace.reload()
        return True

    def scenarios(self) -> dict[str, Mapping[str, Any]]:
        """What the scenarios of the workspace say, by their file."""
        space = self.workspace
        sources = space.workspace.scenarios.values() if space is not None else ()
        return {source.file: source.data for source in sources}

    def change_with(
        self, tab: JourneyTab, title: str, edit: Edit, changed: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Make a change and save the journey, and the scenarios with what they are to say then."""
        space = self.workspace
        if space is None:
            return
        try:
            texts = {source.file: source.text for source in space.workspace.scenarios.values()}
            followers = [
                Follower(file, texts[file], rewrite(texts[file], data))
                for file, data in changed.items()
            ]
            if not tab.model.apply(title, edit, followers=followers) or not self.save(tab):
                return
            for one in followers:
                save(space.root / one.file, one.after or "")
            space.reload()
        except ProgramError as error:
            questions.tell(self._window, "A scenario was not saved", str(error))

    def _turned(self, tab: JourneyTab, change: Change, forward: bool) -> None:
        """A change was undone or done again: the files that followed it follow, and all is saved."""
        space = self.workspace
        if space is None:
            return
        self._let_go(space.root, change, forward=forward)
        left = follow(space.root, change, forward=forward, held=self._held())
        if not self.save(tab):
            return
        if left:
            questions.tell(
                self._window,
                "Some files did not follow",
                "They were changed since, so they stay as they are. Please look at them:\n"
                + "\n".join(left),
            )
        else:
            files = ", ".join(one.file for one in change.followers)
            self._window.say(f"Saved, and so that it fits: {files}")

    def _held(self) -> set[Path]:
        """The files of open journeys with changes that are not saved."""
        return {tab.model.disk.path for tab in self._window.tabs() if not tab.model.saved}

    def _let_go(self, root: Path, change: Change, *, forward: bool) -> None:
        """Close the journeys whose files go away."""
        gone = {
            root / one.file
            for one in change.followers
            if (one.after, one.before)[not forward] is None
        }
        for tab in self._window.tabs():
            if tab.model.disk.path in gone and tab.model.saved:
                self._window.remove_tab(tab)

    def save_all(self) -> bool:
        """Write every journey that has changes."""
        return all(self.save(tab) for tab in self._window.tabs() if not tab.model.saved)

    def close_tabs(self, tabs: Sequence[JourneyTab]) -> bool:
        """Close journeys, asking about changes; False when the person cancels."""
        dirty = [tab for tab in tabs if not tab.model.saved]
        if dirty:
            answer = questions.ask_unsaved(self._window, [tab.model.journey.title for tab in dirty])
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

    def _changed_outside(self, tab: JourneyTab) -> None:
        model = tab.model
        if not model.disk.path.exists():
            model.keep_mine()
            self._window.say(f"{model.disk.path.name} is gone; saving writes it again")
            return
        if not model.saved and questions.ask_whose(self._window, model.journey.title) == "mine":
            model.keep_mine()
            return
        try:
            model.reload()
        except ProgramError as error:
            questions.tell(self._window, "The journey cannot be read", str(error))
            return
        self._window.say(f"{model.journey.title} was changed outside and read again")


def _free(target: Path) -> Path:
    """The folder itself, or with a number where it is taken."""
    number = 2
    found = target
    while found.exists() and (not found.is_dir() or any(found.iterdir())):
        found = target.with_name(f"{target.name}-{number}")
        number += 1
    return found
