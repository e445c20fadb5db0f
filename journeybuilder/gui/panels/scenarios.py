"""The scenarios of a journey or the whole workspace: what came of each, and what can be done with them."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSplitter, QStackedLayout, QToolButton, QWidget
from typing_extensions import override

from journeybuilder.gui.forms.base import column, label, row
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.slots import weak
from journeybuilder.gui.panels.combo_room import RoomyCombo
from journeybuilder.gui.panels.flow import FlowLayout
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.gui.panels.scenario_deeds import ScenarioDeeds
from journeybuilder.gui.scenarios.result_card import ResultCard
from journeybuilder.gui.scenarios.scenario_tree import Row, ScenarioTree
from journeybuilder.gui.scenarios.suite_book import State, SuiteBook

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

_OFTEN = 100  # ms between two looks while scenarios run
_SETTLE = 250  # ms after an edit until states are told anew
_TOLD: tuple[State, ...] = ("passed", "failed", "changed", "broken", "skipped", "new")


class ScenariosPanel(Panel, QWidget):
    """The list at the left, the result of the current scenario at the right."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__()
        self._window = window
        self.book = SuiteBook.of(window)
        self.deeds = ScenarioDeeds.of(window)
        self._model: JourneyModel | None = None
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        layout = column(self, spacing=0)
        layout.addWidget(self._head())
        self.words = label("", "muted", wrap=True)
        self.words.setContentsMargins(12, 0, 12, 6)
        layout.addWidget(self.words)
        layout.addWidget(self._middle(), 1)
        self._settle, self._often = self._timer(_SETTLE), self._timer(_OFTEN)
        self.book.changed.connect(self._book_changed)
        self.book.told.connect(self._told)
        self._wrong = ""
        self.refresh()

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(self.refresh)
        return timer

    # --- building ----------------------------------------------------------------------------------

    def _head(self) -> QWidget:
        head = QWidget()
        flow = QWidget()
        row(head, margins=(12, 8, 12, 6)).addWidget(flow)
        line = FlowLayout(flow, 6)
        self.scope = RoomyCombo()
        self.scope.setAccessibleName(tr("Which scenarios"))
        self.scope.addItem(tr("This journey"), "journey")
        self.scope.addItem(tr("Whole workspace"), "workspace")
        self.scope.currentIndexChanged.connect(self.refresh)
        self.all = self._button(tr("Run all"), self.run_all, "scenarios.all")
        self.all.setProperty("role", "primary")
        self.one = self._button(tr("Run selected"), self.run_chosen, "scenarios.one")
        self.stop = self._button(tr("Stop"), self.book.cancel, "scenarios.stop")
        self.new = self._button(tr("New…"), self.deeds.ask_new, "scenarios.new")
        self.new.setAccessibleName(tr("New scenario"))
        self.back = self._button(tr("Undo"), self.deeds.undo, "scenarios.undo")
        self.more = QToolButton()
        self.more.setText("\u22ef")
        self.more.setProperty("role", "switch")
        self.more.setAccessibleName(tr("More about the selected scenario"))
        self.more.setToolTip(tr("More about the selected scenario"))
        self.more.clicked.connect(self._ask_more)
        for widget in (self.scope, self.all, self.one, self.stop, self.new, self.back, self.more):
            line.addWidget(widget)
        return head

    @staticmethod
    def _button(words: str, slot: object, name: str) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(name)
        button.clicked.connect(slot)
        return button

    def _middle(self) -> QWidget:
        middle = QWidget()
        self._pages = QStackedLayout(middle)
        empty = QWidget()
        inside = column(empty, spacing=8, margins=(12, 12, 12, 12))
        inside.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.nothing = label("", "muted", wrap=True)
        inside.addWidget(self.nothing)
        self.first = self._button(
            tr("Write the first scenario"), self.deeds.ask_new, "scenarios.first"
        )
        inside.addWidget(self.first, 0, Qt.AlignmentFlag.AlignLeft)
        self.tree = ScenarioTree(self._window.look)
        self.card = ResultCard()
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.tree)
        self.split.addWidget(self.card)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([1000, 1000])
        self.tree.setMinimumWidth(160)
        self.card.setMinimumWidth(180)
        self._pages.addWidget(empty)
        self._pages.addWidget(self.split)
        self.tree.asked.connect(self._asked)
        self.tree.menu_asked.connect(self._menu)
        self.tree.picked.connect(self._picked)
        self.tree.itemSelectionChanged.connect(self._ready)
        self.card.node_asked.connect(self._go_to_node)
        self.card.line_asked.connect(self._go_to_line)
        return middle

    # --- what is shown -----------------------------------------------------------------------------

    @override
    def show_world(self, space: "WorkspaceModel | None") -> None:
        self._later()

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        if self._model is not None:
            self._model.edited.disconnect(self._later)
        self._model = tab.model if tab is not None else None
        if self._model is not None:
            self._model.edited.connect(self._later)
        self.refresh()

    @override
    def go(self) -> None:
        """Put the focus on the list, or on what makes the first scenario."""
        if self.tree.rows():
            self.tree.setFocus(BY_KEYS)
            if not self.tree.current():  # Qt takes the head of a group
                self.tree.setCurrentItem(self.tree.rows()[0])
        else:
            (self.first if self.first.isVisibleTo(self) else self.scope).setFocus(BY_KEYS)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _later(self) -> None:
        if self.isVisible():
            self._settle.start()

    def _book_changed(self) -> None:
        """At once, but while many results come only now and then."""
        begun = self.book.running != self.stop.isVisibleTo(self)
        if self.isVisible() and (begun or not self.book.running):
            self.refresh()
        elif self.isVisible() and not self._often.isActive():
            self._often.start()

    def _told(self, words: str) -> None:
        self._wrong = words
        self.refresh()

    @property
    def whole(self) -> bool:
        """Whether the scenarios of every journey are listed."""
        return self.scope.currentData() == "workspace" or self._model is None

    def names(self) -> list[str]:
        """The scenarios that are listed."""
        if self.whole:
            return list(self.book.scenarios())
        return list(self.book.scenarios(self._model.journey.id)) if self._model is not None else []

    def refresh(self) -> None:
        """Show what there is now."""
        self._settle.stop()
        self._often.stop()
        names, running = self.names(), self.book.running
        states = self.book.states(names)
        self.tree.show_groups(self._groups(states))
        self._pages.setCurrentIndex(1 if names else 0)
        self.nothing.setText(self._nothing_words())
        self.first.setVisible(self._model is not None)
        self.words.setText(self._summary(states))
        self.words.setVisible(bool(names) or bool(self._wrong))
        self.all.setVisible(not running)
        self.one.setVisible(not running)
        self.stop.setVisible(running)
        self._ready()
        self._picked()

    def _groups(self, states: Mapping[str, State]) -> list[tuple[str, list[Row]]]:
        known, journeys = self.book.scenarios(), self.book.journeys()
        groups: dict[str, list[Row]] = {}
        for name, state in states.items():
            journey = str(known[name].data.get("journey") or "")
            found = journeys.get(journey)
            title = (found.title or journey) if found is not None else journey
            words = title or tr("Of no journey")
            groups.setdefault(words, []).append(Row(name, state, self._about(name, state)))
        return list(groups.items())

    def _about(self, name: str, state: State) -> str:
        """The line below a scenario's name."""
        result = self.book.result(name)
        if result is None or state == "waiting":
            return ""
        if result.failures and state == "failed":
            return said(result.failures[0])
        return trn("{n} step", "{n} steps", len(result.path))

    def _nothing_words(self) -> str:
        if self.book.space is None:
            return tr("Open a workspace to see its scenarios.")
        if self._model is None and self.whole:
            return tr("This workspace has no scenarios yet. Open a journey to write the first one.")
        return tr(
            "A scenario plays the journey through without a customer: what is said, what tools "
            "answer, what people decide, and what must come of it. This journey has none yet."
        )

    def _summary(self, states: Mapping[str, State]) -> str:
        if self._wrong:
            return f"\u2716 {self._wrong}"
        counted = Counter(states.values())
        if self.book.running:
            done, total = self.book.done, self.book.total
            return tr("Running: {done} of {total} done", done=done, total=total)
        many = {
            "passed": trn("{n} passed", "{n} passed", counted["passed"]),
            "failed": trn("{n} failed", "{n} failed", counted["failed"]),
            "changed": trn("{n} changed since", "{n} changed since", counted["changed"]),
            "broken": trn("{n} cannot be run", "{n} cannot be run", counted["broken"]),
            "skipped": trn("{n} skipped", "{n} skipped", counted["skipped"]),
            "new": trn("{n} not run yet", "{n} not run yet", counted["new"]),
        }
        return " · ".join(many[state] for state in _TOLD if counted[state])

    def _ready(self) -> None:
        idle, chosen = not self.book.running, bool(self.tree.chosen())
        self.all.setEnabled(idle and bool(self.tree.rows()))
        self.one.setEnabled(idle and chosen)
        self.more.setEnabled(self.book.space is not None)
        self.new.setEnabled(self._model is not None)
        files = self.book.files
        last = files.last if files is not None else ""
        self.back.setVisible(bool(last))
        self.back.setToolTip(tr("Undo: {title}", title=last) if last else "")

    def _picked(self) -> None:
        name = self.tree.current()
        source = self.book.scenarios().get(name)
        if source is None:
            self.card.tell(tr("Choose a scenario to see what came of it."))
            return
        journey = self.book.journeys().get(str(source.data.get("journey")))
        state, result = self.book.state(name), self.book.result(name)
        self.card.show_result(name, state, source, result, journey)

    def choose(self, name: str) -> None:
        """Make a scenario the current one; the others of the workspace are listed too where needed."""
        self.refresh()
        if not self.tree.choose(name):
            self.scope.setCurrentIndex(self.scope.findData("workspace"))
            self.tree.choose(name)
        self._picked()

    # --- deeds ---------------------------------------------------------------------------------------

    def run_all(self) -> None:
        """Run everything that is listed."""
        self._wrong = ""
        self.book.run(self.names())

    def run_chosen(self) -> None:
        """Run what is selected."""
        self._wrong = ""
        self.book.run(self.tree.chosen())

    def _asked(self, what: str) -> None:
        name = self.tree.current()
        deeds = {
            "edit": weak(self.deeds.edit, name),
            "run": weak(self.run_chosen),
            "rename": weak(self.deeds.ask_rename, name),
            "duplicate": weak(self.deeds.duplicate, name),
            "delete": weak(self.deeds.delete, self.tree.chosen()),
            "rehearse": weak(self.deeds.rehearse, name),
            "undo": weak(self.deeds.undo),
            "redo": weak(self.deeds.redo),
            "junit": weak(self.deeds.ask_junit),
        }
        deeds[what]()

    def _ask_more(self) -> None:
        self._menu(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        one, files = bool(self.tree.current()), self.book.files
        some, idle = bool(self.tree.chosen()), not self.book.running
        entries = (
            ("edit", tr("Edit…"), one),
            ("run", tr("Run selected"), some and idle),
            ("rehearse", tr("Rehearse this scenario"), one),
            ("", "", True),
            ("rename", tr("Rename…"), one),
            ("duplicate", tr("Duplicate"), one),
            ("delete", tr("Delete"), some),
            ("", "", True),
            ("undo", tr("Undo"), files is not None and bool(files.last)),
            ("redo", tr("Redo"), files is not None and bool(files.next)),
            ("", "", True),
            ("junit", tr("Export the results as JUnit…"), bool(self.book.results)),
        )
        for what, words, able in entries:
            if not what:
                menu.addSeparator()
                continue
            action = menu.addAction(words)
            action.setObjectName(f"scenarios.menu.{what}")
            action.setEnabled(able)
            action.triggered.connect(weak(self._asked, what))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _go_to_node(self, node: str) -> None:
        source = self.book.scenarios().get(self.tree.current())
        if source is not None:
            self.deeds.go_to_node(str(source.data.get("journey")), node)

    def _go_to_line(self, line: int) -> None:
        self.deeds.edit(self.tree.current(), line)


def make_panel(window: "MainWindow") -> ScenariosPanel:
    """The panel of a window."""
    return ScenariosPanel(window)
