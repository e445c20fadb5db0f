"""What a person can do with scenarios: make, edit, copy, rename, delete, rehearse, export results."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from journeybuilder.document.source import Source
from journeybuilder.document.write import save
from journeybuilder.errors import ProgramError
from journeybuilder.gui.look import questions
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.scenarios.scenario_files import ScenarioFiles
from journeybuilder.gui.scenarios.suite_book import SuiteBook
from journeybuilder.gui.scenarios.template import template

if TYPE_CHECKING:
    from journeybuilder.gui.panels.scenario_editor import ScenarioEditor
    from journeybuilder.gui.panels.scenarios import ScenariosPanel
    from journeybuilder.gui.window import MainWindow


class ScenarioDeeds(QObject):
    """The deeds of a window; lives as long as it."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.book = SuiteBook.of(window)
        self._editors: dict[str, ScenarioEditor] = {}

    @classmethod
    def of(cls, window: "MainWindow") -> "ScenarioDeeds":
        """The one of a window."""
        return window.findChild(cls) or cls(window)

    # --- files ---------------------------------------------------------------------------------------

    def ask_new(self) -> None:
        """Make a scenario of the journey in front, with a name of the person's choice; it is shown."""
        tab = self._window.tab
        if tab is None:
            return
        name = questions.ask_name(
            self._window,
            tr("New scenario"),
            tr("What happens in it?"),
            tr("The usual way through {title}", title=tab.model.title),
        )
        if name:
            others = [source.data for source in self.book.scenarios().values()]
            made = self.write(template(tab.model.journey, name, others))
            if made:
                self.edit(made)

    def write(self, data: Mapping[str, Any]) -> str:
        """Write a scenario that was made elsewhere and list it; gives its name, "" where that failed."""
        files = self.book.files
        if files is None:
            return ""
        made: list[str] = []

        def new() -> None:
            made.append(files.new(data, list(self.book.scenarios())))

        if not self._do(new):
            return ""
        known = self.book.scenarios()
        name = next((name for name, one in known.items() if one.file == made[0]), "")
        self._window.docks.show("scenarios")
        self._choose(name)
        self._window.say(tr("“{name}” is in {file}", name=name, file=made[0]))
        return name

    def duplicate(self, name: str) -> None:
        """Write a scenario once more."""
        files, source = self.book.files, self.book.scenarios().get(name)
        if files is None or source is None:
            return
        made: list[str] = []

        def copy() -> None:
            made.append(files.duplicate(source, list(self.book.scenarios())))

        if self._do(copy):
            known = self.book.scenarios()
            self._choose(next((name for name, one in known.items() if one.file == made[0]), ""))

    def ask_rename(self, name: str) -> None:
        """Give a scenario another name."""
        files, source = self.book.files, self.book.scenarios().get(name)
        if files is None or source is None:
            return
        new = questions.ask_name(
            self._window, tr("Rename the scenario"), tr("What is it called?"), name
        )
        if not new or new == name:
            return

        def rename() -> None:
            files.rename(source, new, list(self.book.scenarios()))

        if self._do(rename):
            self.book.renamed(name, new)
            self._choose(new)

    def delete(self, names: Sequence[str]) -> None:
        """Delete scenarios; "Undo" brings them back."""
        files, known = self.book.files, self.book.scenarios()
        gone = {known[name].file: name for name in names if name in known}
        if files is None or not gone:
            return

        def remove() -> None:
            files.remove(gone)

        if self._do(remove):
            words = trn("{n} scenario was deleted.", "{n} scenarios were deleted.", len(gone))
            self._window.say(f"{words} {tr('“Undo” in the list brings it back.')}")

    def save(self, source: Source, text: str) -> bool:
        """Write the text of a scenario that was edited; False when that failed, which was told."""
        files = self.book.files
        name = str(source.data.get("scenario") or source.file)

        def write(kept: ScenarioFiles) -> Callable[[], None]:
            return lambda: kept.write(source.file, text, name)

        return files is not None and self._do(write(files))

    def undo(self) -> None:
        """Take the last change of a scenario's file back."""
        files = self.book.files
        if files is None or not files.last:
            return
        title = files.last
        if self._do(files.undo):
            self._window.say(tr("Undone: {title}", title=title))

    def redo(self) -> None:
        """Make it again."""
        files = self.book.files
        if files is None or not files.next:
            return
        title = files.next
        if self._do(files.redo):
            self._window.say(tr("Done again: {title}", title=title))

    def _do(self, deed: Callable[[], object]) -> bool:
        try:
            deed()
        except ProgramError as error:
            questions.tell(self._window, tr("The scenario cannot be changed"), said(str(error)))
            return False
        self.book.reread()
        return True

    def _choose(self, name: str) -> None:
        cast("ScenariosPanel", self._window.docks.panel("scenarios")).choose(name)

    # --- elsewhere -----------------------------------------------------------------------------------

    def edit(self, name: str, line: int = 0) -> None:
        """Open a scenario in its own window, at a line of its text where one is given."""
        from journeybuilder.gui.panels.scenario_editor import (  # noqa: PLC0415 - when first needed
            ScenarioEditor,
        )

        source = self.book.scenarios().get(name)
        if source is None:
            return
        editor = self._editors.get(source.file)
        if editor is None or not editor.isVisible():
            editor = ScenarioEditor(self._window, source)
            self._editors[source.file] = editor
            editor.finished.connect(self._closed)
            editor.node_asked.connect(self.go_to_node)
            editor.show()
        editor.raise_()
        editor.activateWindow()
        if line:
            editor.go_to_line(line)

    def _closed(self) -> None:
        self._editors = {
            file: one for file, one in self._editors.items() if one is not self.sender()
        }

    def open_journey(self, name: str) -> None:
        """Show the journey of a scenario."""
        source = self.book.scenarios().get(name)
        if source is not None:
            self._window.files.open_journey(str(source.data.get("journey")))

    def go_to_node(self, journey: str, node: str) -> None:
        """Show a step; `journey/node` is one of a journey that is called."""
        inner, _, rest = node.rpartition("/")
        tab = self._window.files.open_journey(inner or journey)
        if tab is not None and rest in tab.model.journey.nodes:
            tab.go_to(rest)

    def rehearse(self, name: str) -> None:
        """Play a scenario through beside the canvas."""
        self.open_journey(name)
        self._window.docks.go("rehearsal")
        self._window.docks.rehearsal.play(name)

    def ask_junit(self) -> None:
        """Write the results of the last runs for a build server."""
        results = self.book.results
        if not results:
            return
        start = str(self.book.space.root / "junit.xml") if self.book.space is not None else ""
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, tr("Export the results as JUnit"), start, "JUnit (*.xml)"
        )
        if chosen:
            self.export_junit(Path(chosen))

    def export_junit(self, path: Path) -> None:
        """Write the results of the last runs into a file, as `jb test --junit` does."""
        try:
            save(path, self.book.junit())
        except ProgramError as error:
            questions.tell(self._window, tr("That did not work"), said(str(error)))
            return
        self._window.say(tr("The results are in {file}", file=path.name))
