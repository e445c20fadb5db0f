"""The rehearsal: a conversation through the journey, with every call and every person in it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from journeybuilder.gui.debug.debugging import Debugging
from journeybuilder.gui.forms.base import column, label, restyle, row
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.forms.tab_order import tabbed
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.language import tr, trn
from journeybuilder.gui.look.one_line import OneLine
from journeybuilder.gui.panels.answering import Answering, AnswerLine
from journeybuilder.gui.panels.conversation import Conversation
from journeybuilder.gui.panels.making_scenario import MakingScenario
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.gui.panels.rehearsal_start import WORLDS, StartForm, said_channel, said_language
from journeybuilder.gui.panels.standing import StandingStill
from journeybuilder.gui.panels.story import Story
from journeybuilder.gui.rehearsing import Rehearsing
from journeybuilder.gui.running.setup import SetupBook
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.running.setup import Player
    from journeybuilder.gui.window import MainWindow


class RehearsalPanel(Panel, QWidget):
    """Start form, conversation, answers.

    Signals:
        states_changed: Journey id, state by node, wires taken, wires just taken: for the canvas.
        servers_wanted: Servers are to be started, where the person allows it; `start_now` follows.
        problems_wanted: The journey cannot be rehearsed: show why.
        scenario_wanted: A scenario is to be made of the run.
    """

    states_changed = Signal(str, object, object, object)
    servers_wanted = Signal()
    problems_wanted = Signal()
    scenario_wanted = Signal()

    def __init__(self, rehearsing: Rehearsing) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._rehearsing = rehearsing
        self._workspace: WorkspaceModel | None = None
        self._model: JourneyModel | None = None
        self._book = SetupBook(None)
        self._marked = ""
        layout = column(self, spacing=8, margins=(12, 12, 12, 12))
        layout.addLayout(self._controls())
        self._pages = QStackedWidget()
        self.start_form = StartForm()
        self.start_form.changed.connect(self._keep)
        self.start_form.filled.connect(self.go)
        self._pages.addWidget(_scrolled(self.start_form))
        self.story = Story()
        self._pages.addWidget(self.story)
        self.conversation = Conversation(rehearsing, self.story, self)
        self.conversation.told.connect(self._told)
        self.conversation.problems_wanted.connect(self.problems_wanted)
        layout.addWidget(self._pages, 1)
        self.answering = Answering()
        self.answering.answered.connect(rehearsing.reply)
        self.answering.passed.connect(rehearsing.let_time_pass)
        layout.addWidget(self.answering)
        self.standing = StandingStill(rehearsing)
        layout.addWidget(self.standing)
        self.make_button = QPushButton(tr("Make a scenario of this run\u2026"))
        self.make_button.setObjectName("rehearsal.make")
        self.make_button.clicked.connect(self.scenario_wanted)
        layout.addWidget(self.make_button)
        rehearsing.began.connect(self._began)
        rehearsing.waiting.connect(self._waiting)
        rehearsing.phase_changed.connect(self._fit)
        rehearsing.cursor_changed.connect(self._mark)
        rehearsing.cursor_changed.connect(self._show_moment)
        rehearsing.run_changed.connect(self._mark)
        self.set_journey(None, None)

    @override
    def sizeHint(self) -> QSize:
        return QSize(352, 320)

    @property
    def answer(self) -> AnswerLine:
        """Where the customer's words are typed."""
        return self.answering.answer

    @property
    def pass_button(self) -> QPushButton:
        """What lets time pass."""
        return self.answering.pass_button

    @property
    def world(self) -> QuietCombo:
        """What is really called."""
        return self.start_form.world

    def _controls(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(6)
        line: QHBoxLayout = row(spacing=8)
        self.start_button = QPushButton(tr("Start"))
        self.start_button.setProperty("role", "primary")
        self.start_button.setObjectName("rehearsal.start")
        self.start_button.clicked.connect(self.start)
        self.stop_button = QPushButton(tr("Stop"))
        self.stop_button.setObjectName("rehearsal.stop")
        self.stop_button.clicked.connect(self.stop)
        line.addWidget(self.start_button)
        line.addWidget(self.stop_button)
        line.addStretch(1)
        box.addLayout(line)
        self.mode = OneLine("help")
        self.total = label("", "help", wrap=True)
        box.addWidget(self.mode)
        box.addWidget(self.total)
        words = tr(
            "You have changed the journey since this rehearsal began. It goes on as the journey was then: "
            "restart to rehearse your changes."
        )
        self.changed = label("\u26a0 " + words, "help", wrap=True)
        self.changed.setObjectName("rehearsal.changed")
        self.changed.hide()
        box.addWidget(self.changed)
        return box

    # --- which journey -------------------------------------------------------------------------

    @override
    def show_world(self, space: "WorkspaceModel | None") -> None:
        if space is not self._workspace:
            self.set_journey(space, None)
        else:
            self.start_form.refresh()

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        self.set_journey(self._workspace, tab.model if tab is not None else None)

    @override
    def go(self) -> None:
        """Put the focus on the button that starts."""
        self.start_form.refresh()
        self.start_button.setFocus(BY_KEYS)

    def set_journey(self, workspace: WorkspaceModel | None, model: JourneyModel | None) -> None:
        """Rehearse this journey from the next start on."""
        if workspace is not self._workspace:
            self._rehearsing.forget()
            self._book = SetupBook(workspace.workspace.state_dir if workspace is not None else None)
        other = model is not self._model or workspace is not self._workspace
        self._follow(model)
        self._workspace, self._model = workspace, model
        rehearsing = self._rehearsing
        if rehearsing.phase == "off":
            self.conversation.space, self.conversation.model = workspace, model
        if other:
            self._show_start()
        else:
            self.start_form.refresh()
        self._fit()

    def _follow(self, model: JourneyModel | None) -> None:
        """Tell when the journey is no longer what is rehearsed."""
        if model is self._model:
            return
        if self._model is not None:
            self._model.edited.disconnect(self._tell_changed)
        if model is not None:
            model.edited.connect(self._tell_changed)

    def _tell_changed(self) -> None:
        played, model = self._rehearsing.played, self._model
        changed = False
        if model is not None and played is not None and self._is_mine():
            changed = self._rehearsing.phase != "off" and model.journey.data != played.data
        self.changed.setVisible(changed)

    def _show_start(self) -> None:
        model = self._model
        setup = self._book.of(model.journey.id if model is not None else "")
        self.start_form.show_journey(self._workspace, model, setup)

    def _keep(self) -> None:
        if self._model is not None:
            self._book.keep(self._model.journey.id, self.start_form.setup())

    def play(self, scenario: str, player: "Player" = "script") -> None:
        """Rehearse a scenario of this journey; by default it plays customer and people itself."""
        self._rehearsing.forget()
        self._show_start()
        self.start_form.choose(scenario, player)
        self.start()

    # --- driving -------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, or begin again."""
        if self._workspace is None or self._model is None:
            return
        if not self.start_form.fits():
            self._rehearsing.forget()
            return
        if self.start_form.setup().calls_tools():
            self.servers_wanted.emit()
        else:
            self.start_now()

    def start_now(self) -> None:
        """Begin with what is set; where tools are really called, their servers may be started."""
        if self._workspace is None or self._model is None:
            return
        form = self.start_form
        self.conversation.space, self.conversation.model = self._workspace, self._model
        self._rehearsing.start(self._workspace, self._model, form.given(), form.setup())

    def stop(self) -> None:
        """End it; when it is over, show the start form again."""
        if self._rehearsing.running:
            self._rehearsing.stop()
            return
        self._rehearsing.forget()
        self._clear_marks()
        self._show_start()
        self._fit()
        self.go()

    # --- following the run ---------------------------------------------------------------------

    def _began(self, journey: str) -> None:
        del journey
        self._clear_marks()
        self.answering.use_channel(self._rehearsing.setup.channel)
        self._told()
        self._fit()

    def _told(self) -> None:
        words = self.conversation.totals.words()
        self.total.setText(words.replace(" USD", "\u00a0USD"))
        self.total.setVisible(bool(words))

    def _show_moment(self, moment: int) -> None:
        """Tell the story only as far as the moment that is looked at."""
        timeline = self._rehearsing.timeline
        now = timeline is None or moment >= len(timeline)
        self.story.show_moment(None if now else moment)
        self._show_standing()

    def _show_standing(self) -> None:
        """What lets it go on, while it stands still and the latest moment is shown."""
        stands = self._rehearsing.phase == "stopped" and self._rehearsing.live
        self.standing.refresh()
        self.standing.setVisible(stands and self._pages.currentWidget() is self.story)

    # --- the canvas ----------------------------------------------------------------------------

    def _clear_marks(self) -> None:
        if self._marked:
            self.states_changed.emit(self._marked, {}, [], [])
        self._marked = ""

    def _mark(self, _moment: int = 0) -> None:
        """Show on the canvas the moment that is looked at."""
        rehearsing, timeline = self._rehearsing, self._rehearsing.timeline
        if timeline is None:
            return
        self._marked = rehearsing.shown
        n = rehearsing.cursor
        states: Mapping[str, str] = timeline.node_states(n)
        if not rehearsing.running and rehearsing.live:  # stopped: nothing goes on any more
            states = {k: "" if v in {"running", "waiting"} else v for k, v in states.items()}
        self.states_changed.emit(self._marked, states, timeline.wires(n), rehearsing.live)

    # --- what it waits for ---------------------------------------------------------------------

    def _waiting(self, waiting: object, due: object) -> None:
        del waiting, due
        rehearsing = self._rehearsing
        waits = rehearsing.waits
        if rehearsing.begun is not None:
            self.answering.use_channel(rehearsing.begun.channel)
        customer = next((one for one in waits if one.get("kind") == "customer"), None)
        ends = any(one.get("until") is not None for one in waits)
        if customer is None:
            self._leave_answering()
        self.answering.wait_for(customer, ends=ends, others=bool(waits))
        if customer is not None:
            self.answering.take_focus()
        self._fit()

    def _leave_answering(self) -> None:
        """Keep the focus near: Qt would give it to whatever comes next."""
        focused = QApplication.focusWidget()
        if focused is not None and self.answering.isAncestorOf(focused):
            self.story.setFocus()

    # --- view ----------------------------------------------------------------------------------

    def _fit(self, _phase: str = "") -> None:
        rehearsing = self._rehearsing
        phase, running = rehearsing.phase, rehearsing.running
        begun = running or (phase != "off" and self._is_mine())
        self._pages.setCurrentIndex(1 if begun else 0)
        again = begun and self._is_mine() and phase != "off"
        self.start_button.setText(tr("Restart") if again else tr("Start"))
        self.start_button.setEnabled(self._model is not None)
        restyle(self.start_button, "role", "" if again and running else "primary")
        words = tr("Cancel") if phase == "starting" else tr("Stop") if running else tr("Clear")
        self.stop_button.setText(words)
        self.stop_button.setVisible(begun)
        self.mode.setText(self._mode_words() if begun else "")
        self.mode.setVisible(begun)
        self.total.setVisible(begun and bool(self.total.text()) and bool(rehearsing.timelines))
        stands = begun and phase == "stopped"
        self._show_standing()
        self._tell_changed()
        if not (begun and running and not stands):
            self._leave_answering()
        self.answering.setVisible(begun and running and not stands)
        if not running:
            self.answering.wait_for(None, ends=False)
        ended = begun and phase == "over" and bool(rehearsing.timelines)
        self.make_button.setVisible(ended)
        if ended:
            self._mark()

    def _is_mine(self) -> bool:
        """Whether the journey in front is the one that is rehearsed."""
        return self._model is not None and self._rehearsing.shown == self._model.journey.id

    def _mode_words(self) -> str:
        """With what it was started, in one line."""
        rehearsing = self._rehearsing
        setup = rehearsing.setup
        parts = [tr(dict(WORLDS)[setup.world])]
        model = self.conversation.model
        if model is not None and not self._is_mine():
            parts.insert(0, model.title)
        if setup.scenario:
            parts.insert(0, tr("Scenario: {name}", name=setup.scenario))
        if rehearsing.begun is not None:
            parts.append(said_channel(rehearsing.begun.channel))
            parts.append(said_language(rehearsing.begun.language))
        if setup.changed:
            parts.append(trn("{n} chosen otherwise", "{n} chosen otherwise", setup.changed))
        return " \u00b7 ".join(parts)


class _FormArea(QScrollArea):
    """Scrolls the start form."""

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes through the form as the eye does."""
        return tabbed(self, forward=next)


def _scrolled(widget: QWidget) -> QScrollArea:
    area = _FormArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    page = QWidget()
    page.setProperty("role", "page")
    layout = column(page, spacing=0)
    layout.addWidget(widget)
    layout.addStretch(1)
    area.setWidget(page)
    return area


def make_panel(window: "MainWindow") -> RehearsalPanel:
    """The panel of a window."""
    panel = RehearsalPanel(window.rehearsing)
    panel.standing.titled = Debugging.of(window).title
    panel.states_changed.connect(window.show_run)
    panel.servers_wanted.connect(window.rehearse_with_servers)
    panel.problems_wanted.connect(window.go_problems)
    panel.scenario_wanted.connect(MakingScenario.of(window).ask)
    return panel
