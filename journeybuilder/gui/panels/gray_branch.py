"""Writes a scenario for a way that none takes: looked for in the background, asked for where needed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialogButtonBox, QProgressBar, QPushButton
from typing_extensions import override

from journeybuilder.checks import Known
from journeybuilder.document.model import Journey
from journeybuilder.errors import ProgramError
from journeybuilder.gui.bridge import Failure
from journeybuilder.gui.commands import needs
from journeybuilder.gui.forms.base import FormContext, Path, column, label, sentence
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.panels.scenario_deeds import ScenarioDeeds
from journeybuilder.gui.scenarios.apart import Searching
from journeybuilder.gui.scenarios.result_card import node_title
from journeybuilder.gui.scenarios.scenario_form import ScenarioForm
from journeybuilder.gui.scenarios.scenario_form_schema import Section, sections_of
from journeybuilder.gui.scenarios.suite_book import SuiteBook

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.rehearse.campaigns.solve import Solved

_ASKED = frozenset({"start", "customer", "tools", "people", "events", "models"})
_ANSWERED = {
    "ask": "customer", "consent": "customer", "verify": "customer", "tool": "tools",
    "agent": "models", "classify": "models", "generate": "models", "guard": "models",
    "review": "people", "handoff": "people", "wait": "events",
}  # fmt: skip
"""Which part of a scenario answers for a kind of step."""
_WIDTH = 560


class GrayBranches(QObject):
    """What the window does for ways that no scenario takes."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @classmethod
    def of(cls, window: "MainWindow") -> "GrayBranches":
        """The one of a window."""
        return window.findChild(cls) or cls(window)

    @needs(noop("Select a step or a wire first."))
    def pointed(self) -> bool:
        """Whether a wire or one step is selected."""
        return self._place() is not None

    def _place(self) -> tuple[str, str] | None:
        tab = self._window.tab
        if tab is None:
            return None
        picked = tab.canvas.board.picked
        if picked is not None:
            return picked
        chosen = tab.canvas.selected()
        return (
            (chosen[0], "") if len(chosen) == 1 and chosen[0] in tab.model.journey.nodes else None
        )

    def ask_here(self) -> None:
        """Write a scenario for the selected wire or step."""
        place, tab = self._place(), self._window.tab
        if place is not None and tab is not None:
            self.ask(tab.model.journey.id, *place)

    def ask(self, journey: str, node: str, port: str) -> None:
        """Write a scenario that takes a way out of a step, or that comes to it."""
        dialog = GrayBranchDialog(self._window, journey, node, port)
        dialog.open()
        dialog.search()


class GrayBranchDialog(Dialog):
    """Looks for a scenario; asks for what cannot be worked out."""

    def __init__(self, window: "MainWindow", journey: str, node: str, port: str) -> None:
        super().__init__(window)
        self.setObjectName("gray branch")
        self._window = window
        self._journey, self._node, self._port = journey, node, port
        self._given: dict[str, Any] = {}
        self._searching = Searching(window, self)
        self._searching.found.connect(self._found)
        self._searching.failed.connect(self._failed)
        self.setWindowTitle(tr("Write a scenario"))
        self.setMinimumWidth(_WIDTH)
        outer = column(self, spacing=12, margins=(24, 20, 24, 16))
        outer.addWidget(label(self._title(), "title", wrap=True))
        self.words = label("", "muted", wrap=True)
        outer.addWidget(self.words)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(tr("Looking for a scenario"))
        outer.addWidget(self.bar)
        self.form = ScenarioForm()
        self.form.setMinimumHeight(260)
        self.form.edited.connect(self._edited)
        self.form.hide()
        outer.addWidget(self.form, 1)
        buttons = ButtonRow()
        roles = QDialogButtonBox.ButtonRole
        self.again = QPushButton(tr("Try again with these"))
        self.again.setProperty("role", "primary")
        self.again.clicked.connect(self.search)
        self.by_hand = QPushButton(tr("Write it by hand"))
        self.by_hand.clicked.connect(self._by_hand)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.clicked.connect(self.reject)
        buttons.addButton(self.again, roles.AcceptRole)
        buttons.addButton(self.by_hand, roles.ActionRole)
        buttons.addButton(self.cancel, roles.RejectRole)
        self.again.hide()  # a box shows what is put into it
        self.by_hand.hide()
        outer.addWidget(buttons)

    def _shown(self) -> Journey | None:
        return SuiteBook.of(self._window).journeys().get(self._journey)

    def _title(self) -> str:
        if not self._node:
            return tr("A scenario with an error that no step catches")
        title = node_title(self._node, self._shown())
        if not self._port:
            return tr("A scenario that comes to “{title}”", title=title)
        tab = self._window.tab
        port = self._port
        if tab is not None and self._node in tab.model.journey.nodes:
            views = {one.name: one for one in tab.model.node(self._node).ports}
            port = views[port].label or port if port in views else port
        return tr("A scenario that leaves “{title}” by “{port}”", title=title, port=port)

    def search(self) -> None:
        """Begin to look."""
        self.words.setText(
            tr("Conditions on the way are solved where that is possible; else runs are tried.")
        )
        self.bar.show()
        self.again.setEnabled(False)
        self.form.setEnabled(False)
        options = {"node": self._node, "port": self._port, "given": self._given or None}
        try:
            self._searching.start(self._title(), "way", self._journey, options)
        except ProgramError as error:
            self._stuck(said(str(error)))

    def _found(self, value: object) -> None:
        self.bar.hide()
        if value is None:
            return
        solved = cast("Solved", value)
        if solved.scenario is not None:
            self.accept()
            deeds = ScenarioDeeds.of(self._window)
            name = deeds.write(self._named(solved.scenario))
            if name:
                deeds.book.run([name])
            return
        if solved.why:
            why = sentence(said(solved.why))
            self._stuck(tr("There can be no such scenario: {why}.", why=why))
            return
        asked = [said(one.words) for one in solved.missing]
        lines = "\n".join(f"• {words}" for words in asked)
        if asked:
            words = tr("Some of it has to be told. Fill in below what is asked for:")
            self._stuck(f"{words}\n{lines}")
            self._go_to(solved.missing[0].node)
        else:
            self._stuck(tr("No scenario was found. Tell more of it below, and try again."))

    def _named(self, data: Mapping[str, Any]) -> dict[str, Any]:
        name = str(data.get("scenario") or self._title())
        return {**data, "scenario": name, "journey": self._journey}

    def _failed(self, failure: object) -> None:
        self.bar.hide()
        self._stuck(f"\u2716 {said(str(cast('Failure', failure)))}")

    def _stuck(self, words: str) -> None:
        """Let the person tell more."""
        self.words.setText(words)
        self.bar.hide()
        journey = self._shown()
        if journey is not None and not self.form.isVisibleTo(self):
            space = SuiteBook.of(self._window).space
            known = space.known if space is not None else Known()
            self.form.show_sections(_asked(sections_of(journey, known)), FormContext())
            self.form.show()
            self.resize(self.width(), 640)
        self.form.setEnabled(True)
        for button in (self.again, self.by_hand):
            button.show()
        self.again.setEnabled(True)
        self.again.setFocus()

    def _go_to(self, node: str) -> None:
        """Put the cursor where a question about a step is answered."""
        journey = self._shown()
        found = journey.nodes.get(node) if journey is not None else None
        self.form.go_to_section(_ANSWERED.get(found.kind if found is not None else "", "start"))

    def _edited(self, path: object, value: object) -> None:
        self._given = set_in(self._given, cast("Path", path), value)

    def _by_hand(self) -> None:
        """Write what was told so far as a scenario, and open it."""
        self.accept()
        deeds = ScenarioDeeds.of(self._window)
        name = deeds.write(self._named(self._given))
        if name:
            deeds.edit(name)

    @override
    def done(self, arg__1: int) -> None:
        self._searching.drop()
        super().done(arg__1)
        self.deleteLater()


def _asked(sections: list[Section]) -> list[Section]:
    """The parts that a search can use; the name is made."""
    out: list[Section] = []
    for section in sections:
        if section.key in _ASKED:
            entries = [one for one in section.entries if one.path != ("scenario",)]
            if entries:
                out.append(Section(section.key, section.title, section.about, entries))
    return out
