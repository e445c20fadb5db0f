"""Random customers by the hundred: what goes wrong, each bug with the shortest scenario that shows it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)
from typing_extensions import override

from journeybuilder.checks import Known
from journeybuilder.checks.journeys import called_from
from journeybuilder.errors import ProgramError
from journeybuilder.gui.bridge import Failure
from journeybuilder.gui.forms.base import FormContext, Path, column, empty, label, row, sentence
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.button_row import ButtonRow
from journeybuilder.gui.look.dialog import Dialog
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.number_box import NumberBox
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.panels.scenario_deeds import ScenarioDeeds
from journeybuilder.gui.scenarios.apart import Searching
from journeybuilder.gui.scenarios.growth_line import GrowthLine
from journeybuilder.gui.scenarios.result_card import node_title
from journeybuilder.gui.scenarios.scenario_form import ScenarioForm
from journeybuilder.gui.scenarios.scenario_form_schema import Section, sections_of
from journeybuilder.gui.scenarios.suite_book import SuiteBook
from journeybuilder.kinds import ports_of

if TYPE_CHECKING:
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.rehearse.campaigns.campaign import CampaignResult, Found, Progress

_MOST_RUNS = 1_000_000
_RUNS, _SEED = 1000, 1
_SIZE = (720, 640)
_FIELD = 240  # pixels


class CampaignDialog(Dialog):
    """Sets a campaign up, shows how far it is, and lists what it has found."""

    def __init__(self, window: "MainWindow", model: JourneyModel) -> None:
        super().__init__(window)
        self.setObjectName("campaign")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._window = window
        self._book = SuiteBook.of(window)
        self._journey = model.journey
        self._expect: dict[str, Any] = {}
        self._found: list[Found] = []
        self._searching = Searching(window, self)
        self._searching.news.connect(self._progressed)
        self._searching.found.connect(self._ended)
        self._searching.failed.connect(self._failed)
        window.files.closing.connect(self.reject)
        self.setWindowTitle(tr("Random customers for {title}", title=model.title))
        outer = column(self, spacing=10, margins=(20, 16, 20, 14))
        outer.addWidget(label(tr("Random customers"), "title"))
        about = tr(
            "Customers, tools and people answer at random, rightly and wrongly, and go where nobody "
            "has been. Each bug is told with the shortest scenario that shows it."
        )
        outer.addWidget(label(about, "muted", wrap=True))
        outer.addWidget(self._settings())
        outer.addWidget(self._must_hold())
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(tr("How far the campaign is"))
        outer.addWidget(self.bar)
        self.words = label("", "muted", wrap=True)
        outer.addWidget(self.words)
        self.growth = GrowthLine(window.look)
        outer.addWidget(self.growth)
        self._area = self._results()
        outer.addWidget(self._area, 1)
        outer.addStretch(0)
        outer.addWidget(self._foot())
        for widget in (self.bar, self.words, self._area):
            widget.hide()  # until there is something to tell

    # --- building ----------------------------------------------------------------------------------

    def _settings(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        self.runs = NumberBox()
        self.runs.setRange(1, _MOST_RUNS)
        self.runs.setSingleStep(100)
        self.runs.setValue(_RUNS)
        self.seed = NumberBox()
        self.seed.setRange(0, 2**31 - 1)
        self.seed.setValue(_SEED)
        self.base = QuietCombo()
        self.base.addItem(tr("Everything at random"), "")
        for name in self._book.scenarios(self._journey.id):
            self.base.addItem(tr("As in “{name}”, the rest at random", name=name), name)
        rows = (
            (tr("Runs"), self.runs, tr("More runs find rarer bugs.")),
            (tr("Seed"), self.seed, tr("The same seed makes the same runs again.")),
            (tr("What is fixed"), self.base, tr("Input, tools and people of a scenario stay.")),
        )
        for place, (words, field, about) in enumerate(rows):
            name = label(words, "field")
            name.setBuddy(field)
            field.setAccessibleName(words)
            field.setAccessibleDescription(about)
            field.setMinimumWidth(_FIELD)
            grid.addWidget(name, place, 0)
            grid.addWidget(field, place, 1)
            grid.addWidget(label(about, "help", wrap=True), place, 2)
        grid.setColumnStretch(2, 1)
        return holder

    def _must_hold(self) -> QWidget:
        holder = QWidget()
        inside = column(holder, spacing=4)
        self.more = QToolButton()
        self.more.setText(tr("What must hold in every run"))
        self.more.setProperty("role", "section")
        self.more.setCheckable(True)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.toggled.connect(self._open_rules)
        inside.addWidget(self.more)
        self.rules = ScenarioForm()
        self.rules.setMinimumHeight(150)
        self.rules.edited.connect(self._rule_edited)
        self.rules.hide()
        inside.addWidget(self.rules)
        return holder

    def _results(self) -> QWidget:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setProperty("role", "page")
        self._list = column(inside, spacing=8, margins=(12, 10, 12, 10))
        self._list.setAlignment(Qt.AlignmentFlag.AlignTop)
        area.setWidget(inside)
        area.setMinimumHeight(120)
        return area

    def _foot(self) -> QWidget:
        box = ButtonRow()
        roles = QDialogButtonBox.ButtonRole
        self.start = QPushButton(tr("Start"))
        self.start.setProperty("role", "primary")
        self.start.clicked.connect(self.begin)
        self.stop = QPushButton(tr("Stop"))
        self.stop.clicked.connect(self._searching.stop)
        self.write_all = QPushButton(tr("Write all as scenarios"))
        self.write_all.clicked.connect(self._write_all)
        self.leave = QPushButton(tr("Close"))
        self.leave.clicked.connect(self.reject)
        for button, role in (
            (self.write_all, roles.ResetRole),
            (self.start, roles.AcceptRole),
            (self.stop, roles.ActionRole),
            (self.leave, roles.RejectRole),
        ):
            button.setAutoDefault(False)
            box.addButton(button, role)
        self.write_all.hide()  # a box shows what is put into it
        self.stop.hide()
        return box

    def _open_rules(self, shown: bool) -> None:
        self.more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        if shown and not self.rules.editors:
            space = self._book.space
            known = space.known if space is not None else Known()
            sections = [one for one in sections_of(self._journey, known) if one.key == "expect"]
            told = [Section(one.key, "", "", one.entries) for one in sections]
            self.rules.show_sections(told, FormContext())
        self.rules.setVisible(shown)

    def _rule_edited(self, path: object, value: object) -> None:
        self._expect = set_in(self._expect, cast("Path", path), value)

    # --- running -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start the campaign."""
        chosen = self._book.scenarios().get(str(self.base.currentData() or ""))
        options: dict[str, Any] = {
            "runs": self.runs.value(),
            "seed": self.seed.value(),
            "invariants": list(self._expect.get("expect") or ()),
            "base": dict(chosen.data) if chosen is not None else None,
        }
        self._show_found([])
        self.growth.begin(self.runs.value(), self._ways())
        self.bar.setRange(0, self.runs.value())
        self.bar.setValue(0)
        self._told(tr("Starting …"))
        try:
            self._searching.start(self._title(), "campaign", self._journey.id, options)
        except ProgramError as error:
            self._told(f"\u2716 {said(str(error))}")
            return
        self._let(running=True)
        self.bar.show()
        self._area.show()

    def _ways(self) -> int:
        """How many wires there are, those of journeys that are called included."""
        among = called_from(self._journey, self._book.journeys())
        ports = [port for one in among for node in one.nodes.values() for port in ports_of(node)]
        return sum(bool(port.target) for port in ports)

    def _title(self) -> str:
        return tr("Random customers for {title}", title=self._journey.title or self._journey.id)

    def _let(self, *, running: bool) -> None:
        for widget in (self.start, self.runs, self.seed, self.base, self.rules):
            widget.setEnabled(not running)
        self.start.setVisible(not running)
        self.stop.setVisible(running)
        (self.stop if running else self.start).setFocus()

    def _progressed(self, value: object) -> None:
        progress = cast("Progress", value)
        self.bar.setRange(0, progress.of)
        self.bar.setValue(progress.runs)
        parts = [tr("{runs} of {of} runs", runs=progress.runs, of=progress.of)]
        parts.append(trn("{n} wire taken", "{n} wires taken", progress.edges))
        parts.append(trn("{n} bug found", "{n} bugs found", progress.found))
        if progress.shrinking:
            parts.append(tr("making their scenarios shorter …"))
        self.words.setText(" · ".join(parts))
        self.growth.add(progress.runs, progress.edges)
        self._searching.say(self._title(), progress.runs / max(1, progress.of))

    def _ended(self, value: object) -> None:
        self._let(running=False)
        if value is None:
            return
        result = cast("CampaignResult", value)
        edges, errors = result.coverage.edge_count, result.coverage.error_count
        self.bar.setValue(self.bar.maximum())
        parts = [
            tr("Stopped.") if result.stopped else "",
            trn(
                "{n} run with seed {seed}",
                "{n} runs with seed {seed}",
                result.runs,
                seed=result.seed,
            ),
            tr("wires {hit} of {all}", hit=edges.hit, all=edges.all),
            tr("errors and time-outs {hit} of {all}", hit=errors.hit, all=errors.all),
        ]
        self.words.setText(" · ".join(part for part in parts if part))
        self._show_found(list(result.found))
        if not result.found:
            words = "\u2714 " + tr("No bug was found.")
            self._list.addWidget(label(words, "ok", wrap=True))

    def _failed(self, failure: object) -> None:
        self._let(running=False)
        self.bar.hide()
        self.growth.hide()
        self._told(f"\u2716 {said(str(cast('Failure', failure)))}")

    def _told(self, words: str) -> None:
        self.words.setText(words)
        self.words.show()

    # --- what was found ------------------------------------------------------------------------------

    def _show_found(self, found: list["Found"]) -> None:
        empty(self._list)
        self._found = found
        self.write_all.setVisible(len(found) > 1)
        for index, one in enumerate(found):
            self._list.addWidget(self._card(index, one))

    def _card(self, index: int, found: "Found") -> QFrame:
        card = QFrame()
        card.setProperty("role", "case")
        inside = column(card, spacing=6, margins=(12, 10, 12, 8))
        text = label(f"\u2716 {sentence(said(found.words))}", "text", wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inside.addWidget(text)
        title = node_title(found.node, self._journey) if found.node else ""
        parts = [
            tr("at “{title}”", title=title) if title else "",
            trn("in {n} run", "in {n} runs", found.times),
            tr("first in run {n}", n=found.run + 1),
        ]
        inside.addWidget(label(" · ".join(part for part in parts if part), "help", wrap=True))
        line = row(spacing=8)
        buttons = (
            (tr("Write as scenario"), weak(self.write, index)),
            (tr("Rehearse it"), weak(self.rehearse, index)),
            (tr("Show the step"), weak(self._show_step, index)),
        )
        for words, slot in buttons[: 3 if found.node else 2]:
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.setAccessibleName(f"{words}: {said(found.words)}")
            button.clicked.connect(slot)
            line.addWidget(button)
        line.addStretch(1)
        inside.addLayout(line)
        return card

    def _data(self, found: "Found") -> Mapping[str, Any]:
        name = str(found.scenario.get("scenario") or said(found.words))
        return {**found.scenario, "scenario": name, "journey": self._journey.id}

    def write(self, index: int) -> str:
        """Write the scenario of a bug into a file; gives its name."""
        return ScenarioDeeds.of(self._window).write(self._data(self._found[index]))

    def _write_all(self) -> None:
        for index in range(len(self._found)):
            if not self.write(index):
                return
        self._told(
            trn("{n} scenario was written.", "{n} scenarios were written.", len(self._found))
        )

    def rehearse(self, index: int) -> None:
        """Write the scenario of a bug, and play it through beside the canvas."""
        name = self.write(index)
        if name:
            ScenarioDeeds.of(self._window).rehearse(name)

    def _show_step(self, index: int) -> None:
        ScenarioDeeds.of(self._window).go_to_node(self._journey.id, self._found[index].node)

    @override
    def done(self, arg__1: int) -> None:
        self._searching.drop()
        super().done(arg__1)


def show_campaign(window: "MainWindow") -> CampaignDialog | None:
    """Open the dialog for the journey in front, beside the window."""
    tab = window.tab
    if tab is None:
        return None
    dialog = CampaignDialog(window, tab.model)
    dialog.show()
    return dialog
