"""Changes of a journey that other files follow: making them, undoing them, doing them again."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from journeybuilder.document.write import rewrite, save
from journeybuilder.errors import ProgramError
from journeybuilder.gui.journey.followers import follow
from journeybuilder.gui.journey.journal import Change, Edit, Follower
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look import questions
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.shell import Shell

if TYPE_CHECKING:
    from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

Space = Callable[[], "WorkspaceModel | None"]
Save = Callable[[JourneyTab], bool]


class Following(QObject):
    """Keeps the other files of the workspace beside the journeys of a window.

    Args:
        window: Its journeys and its messages.
        space: Gives the open workspace.
        save_tab: Writes a journey; False when that failed, which was told.
    """

    def __init__(self, window: Shell, space: Space, save_tab: Save) -> None:
        super().__init__(window)
        self._window = window
        self._space = space
        self._save = save_tab

    def scenarios(self) -> dict[str, Mapping[str, Any]]:
        """What the scenarios of the workspace say, by their file."""
        space = self._space()
        sources = space.workspace.scenarios.values() if space is not None else ()
        return {source.file: source.data for source in sources}

    def change_with(
        self, tab: JourneyTab, title: str, edit: Edit, changed: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Make a change and save the journey, and the scenarios with what they are to say then."""
        space = self._space()
        if space is None:
            return
        try:
            texts = {source.file: source.text for source in space.workspace.scenarios.values()}
            followers = [
                Follower(file, texts[file], rewrite(texts[file], data))
                for file, data in changed.items()
            ]
            if not tab.model.apply(title, edit, followers=followers) or not self._save(tab):
                return
            for one in followers:
                save(space.root / one.file, one.after or "")
            space.reload()
        except ProgramError as error:
            questions.tell(self._window, tr("A scenario was not saved"), str(error))

    def turned(self, tab: JourneyTab, change: Change, forward: bool) -> None:
        """A change was undone or done again: the files that followed it follow, and all is saved."""
        space = self._space()
        if space is None:
            return
        self._let_go(space.root, change, forward=forward)
        left = follow(space.root, change, forward=forward, held=self._held())
        if not self._save(tab):
            return
        if left:
            words = tr("They were changed since, so they stay as they are. Please look at them:")
            questions.tell(self._window, tr("Some files did not follow"), "\n".join([words, *left]))
        else:
            files = ", ".join(one.file for one in change.followers)
            self._window.say(tr("Saved, and so that it fits: {files}", files=files))

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
