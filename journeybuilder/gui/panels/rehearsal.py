"""The rehearsal: a conversation through the journey, with every call and every person in it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.document.model import mapping
from journeybuilder.gui.bridge import Failure
from journeybuilder.gui.expressions.made import of_schema
from journeybuilder.gui.forms.base import (
    Editor,
    FormContext,
    Unset,
    column,
    empty,
    label,
    row,
    sentence,
)
from journeybuilder.gui.forms.plain import QuietCombo
from journeybuilder.gui.forms.schema_form import Maker
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.gui.look.slots import weak, weak_with
from journeybuilder.gui.panels.chat import TaskCard, ending, step_line
from journeybuilder.gui.panels.event_card import EventCard, fields_of
from journeybuilder.gui.panels.panel import BY_KEYS, Panel
from journeybuilder.gui.panels.story import Story
from journeybuilder.gui.rehearsing import Rehearsing, World
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

if TYPE_CHECKING:
    from journeybuilder.gui.journey_tab import JourneyTab
    from journeybuilder.gui.window import MainWindow

_WORLDS: tuple[tuple[World, str], ...] = (
    ("made up", noop("Tools: made-up answers")),
    ("real tools", noop("Tools: really called")),
    ("all real", noop("Tools and models: really called")),
)


class RehearsalPanel(Panel, QWidget):
    """Start form, conversation, answer line.

    Signals:
        states_changed: Journey id, state by node, wires taken: for the canvas.
    """

    states_changed = Signal(str, object, object)
    servers_wanted = Signal()

    def __init__(self, rehearsing: Rehearsing) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, on=True)
        self._rehearsing = rehearsing
        self._workspace: WorkspaceModel | None = None
        self._model: JourneyModel | None = None
        self._given: dict[str, Any] = {}
        self._form: Editor | None = None
        self._wrong: QLabel | None = None
        self._shown = ""
        layout = column(self, spacing=8, margins=(12, 12, 12, 12))
        layout.addLayout(self._controls())
        self.story = Story()
        layout.addWidget(self.story, 1)
        self._choices = QWidget()
        self._choice_line: QHBoxLayout = row(self._choices, spacing=8)
        layout.addWidget(self._choices)
        layout.addLayout(self._answer_line())
        layout.addWidget(self.pass_button, 0, Qt.AlignmentFlag.AlignLeft)
        rehearsing.began.connect(self._began)
        rehearsing.happened.connect(self._happened)
        rehearsing.waiting.connect(self._waiting)
        rehearsing.over.connect(self._over)
        rehearsing.failed.connect(self._failed)
        self.set_journey(None, None)

    @override
    def sizeHint(self) -> QSize:
        return QSize(352, 320)

    def _controls(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(8)
        line: QHBoxLayout = row(spacing=8)
        self.start_button = QPushButton(tr("Start"))
        self.start_button.setProperty("role", "primary")
        self.start_button.setObjectName("rehearsal.start")
        self.start_button.clicked.connect(self.start)
        self.stop_button = QPushButton(tr("Stop"))
        self.stop_button.setObjectName("rehearsal.stop")
        self.stop_button.clicked.connect(self.stop)
        self.world = QuietCombo()
        self.world.setAccessibleName(tr("Which world the rehearsal uses"))
        for value, words in _WORLDS:
            self.world.addItem(tr(words), value)
        line.addWidget(self.start_button)
        line.addWidget(self.stop_button)
        self._mode = label("", "help", wrap=True)
        line.addStretch(1)
        box.addLayout(line)
        box.addWidget(self._mode)
        box.addWidget(self.world)
        self.scenario = QuietCombo()
        self.scenario.setAccessibleName(tr("Scenario"))
        self.scenario.activated.connect(self._scenario_chosen)
        box.addWidget(self.scenario)
        return box

    def _answer_line(self) -> QHBoxLayout:
        line: QHBoxLayout = row(spacing=8)
        self.answer = QLineEdit()
        self.answer.setPlaceholderText(tr("Answer as the customer"))
        self.answer.setAccessibleName(tr("Answer as the customer"))
        self.answer.returnPressed.connect(self._send)
        self._send_button = QPushButton(tr("Send"))
        self._send_button.clicked.connect(self._send)
        self.pass_button = QPushButton(tr("Nobody answers: let time pass"))
        self.pass_button.setProperty("role", "quiet")
        self.pass_button.setToolTip(tr("Go to the end of the wait"))
        self.pass_button.clicked.connect(self._rehearsing.let_time_pass)
        line.addWidget(self.answer, 1)
        line.addWidget(self._send_button)
        return line

    # --- which journey -------------------------------------------------------------------------

    @override
    def show_world(self, space: "WorkspaceModel | None") -> None:
        if space is not self._workspace:
            self.set_journey(space, None)

    @override
    def show_journey(self, tab: "JourneyTab | None") -> None:
        self.set_journey(self._workspace, tab.model if tab is not None else None)

    @override
    def go(self) -> None:
        """Put the focus on the button that starts."""
        self.start_button.setFocus(BY_KEYS)

    def set_journey(self, workspace: WorkspaceModel | None, model: JourneyModel | None) -> None:
        """Rehearse this journey from the next start on."""
        self._workspace, self._model = workspace, model
        if not self._rehearsing.running:
            self._fill_scenarios()
            self._show_start()
        self._fit()

    def _fill_scenarios(self) -> None:
        self.scenario.clear()
        self.scenario.addItem(tr("No scenario: I play the customer"), "")
        if self._workspace is None or self._model is None:
            return
        for name, source in self._workspace.workspace.scenarios.items():
            if source.data.get("journey") == self._model.journey.id:
                self.scenario.addItem(tr("Scenario: {name}", name=name), name)

    def _scenario_chosen(self) -> None:
        if not self._rehearsing.running:
            self._show_start()

    def _show_start(self) -> None:
        """The form of the journey's input."""
        self._clear_lines()
        self._given = {}
        if self._workspace is None or self._model is None:
            self.story.put(label(tr("Open a journey to rehearse it here."), "muted", wrap=True))
            return
        source = self._workspace.workspace.scenarios.get(str(self.scenario.currentData() or ""))
        if source is not None:
            self._given = dict(mapping(source.data.get("input")))
        schema: dict[str, Any] = {"properties": {}, "type": "object", **self._model.journey.input}
        if not schema["properties"]:
            self.story.put(
                label(tr("Play the customer: press Start and answer below."), "muted", wrap=True)
            )
            return
        self.story.put(label(tr("What starts this journey"), "field"))
        form: Editor = Maker(schema, FormContext(), computed=False).make(schema, ())
        form.show_value(self._given)
        form.edited.connect(self._input_edited)
        self.story.put(form)
        self._wrong = label("", "wrong", wrap=True)
        self._wrong.hide()
        self.story.put(self._wrong)
        self._form = form
        if self._example():
            fill = QPushButton(tr("Fill in an example"))
            fill.setObjectName("rehearsal.example")
            fill.setProperty("role", "quiet")
            fill.setToolTip(tr("What a scenario of this journey starts with, else made-up values"))
            fill.clicked.connect(self._fill_example)
            fill.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            self.story.put(fill)

    def _example(self) -> dict[str, Any]:
        """What the journey can be started with; empty where nothing fits."""
        if self._workspace is None or self._model is None:
            return {}
        schema = self._model.journey.input
        told: list[Mapping[str, Any]] = [
            dict(mapping(source.data.get("input")))
            for source in self._workspace.workspace.scenarios.values()
            if source.data.get("journey") == self._model.journey.id
        ]
        made = mapping(of_schema({"type": "object", **schema}).value)
        for one in (*told, made):
            if one and not self._wrong_input(schema, one):
                return dict(one)
        return {}

    def _fill_example(self) -> None:
        self._given = self._example()
        if self._form is not None and self._wrong is not None:
            self._wrong.hide()
            self._form.show_value(self._given)
            self.start_button.setFocus(BY_KEYS)

    def _clear_lines(self) -> None:
        self.story.clear()
        self._form = self._wrong = None

    def _input_edited(self, path: object, value: object) -> None:
        if self._wrong is not None:
            self._wrong.hide()
        changed = set_in(self._given, cast("tuple[str | int, ...]", path), value)
        self._given = {} if isinstance(changed, Unset) else changed

    # --- driving -------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, or begin again."""
        if self._workspace is None or self._model is None:
            return
        given = dict(self._given)
        wrong = self._wrong_input(self._model.journey.input, given)
        if wrong and self._form is not None and self._wrong is not None:
            self._wrong.setText(f"\u2716 {wrong}")
            self._wrong.show()
            self._form.setFocus()
            return
        if self.world.currentData() == "made up":
            self.start_now()
        else:
            self.servers_wanted.emit()

    def start_now(self) -> None:
        """Begin with what is set; where tools are really called, their servers may be started."""
        if self._workspace is None or self._model is None:
            return
        world = cast("World", self.world.currentData())
        scenario = str(self.scenario.currentData() or "")
        given = dict(self._given)
        self._rehearsing.start(self._workspace, self._model, given, scenario, world)

    @staticmethod
    def _wrong_input(schema: Mapping[str, Any], given: Mapping[str, Any]) -> str:
        """What is wrong with the input; a schema that is none is told among the problems."""
        try:
            wrong = violations({"type": "object", **schema}, given) if schema else []
        except BadSchema:
            return ""
        return sentence(said(wrong[0])) if wrong else ""

    def stop(self) -> None:
        """End it and show the start form again."""
        if self._rehearsing.running:
            self._rehearsing.stop()
            self.story.put(step_line(tr("Stopped.")))
            return
        self._clear_states()
        self._shown = ""
        self.story.ends = False
        self._show_start()
        self._fit()

    def _send(self) -> None:
        text = self.answer.text().strip()
        if text and self.answer.isEnabled():
            self.answer.clear()
            self._rehearsing.reply(text)

    # --- following the run ---------------------------------------------------------------------

    def _began(self, journey: str) -> None:
        self._clear_lines()
        self._shown = journey
        self.story.ends = True
        self._clear_states()
        self._fit()

    def _clear_states(self) -> None:
        self.story.forget()
        self._tell()

    def _tell(self) -> None:
        self.states_changed.emit(self._shown, dict(self.story.states), list(self.story.taken))

    def _happened(self, event: Mapping[str, Any]) -> None:
        self.story.add(event, self._title)
        self._tell()

    def _title(self, node: str) -> str:
        found = self._model.journey.nodes.get(node) if self._model is not None else None
        return title_of(found) if found is not None else node

    def _waiting(self, waiting: object, due: object) -> None:
        empty(self._choice_line)
        task = mapping(waiting)
        kind = str(task.get("kind", ""))
        customer = kind == "customer"
        node = str(task.get("node", ""))
        if node:
            self.story.states[node] = "waiting"
            self._tell()
        self.answer.setEnabled(customer)
        self._send_button.setEnabled(customer)
        self.pass_button.setVisible(due is not None)
        if customer:
            for choice in cast("list[Any]", task.get("choices") or []):
                button = QPushButton(str(choice))
                button.setProperty("role", "choice")
                button.clicked.connect(weak(self._rehearsing.reply, str(choice)))
                self._choice_line.addWidget(button)
            self._choice_line.addStretch(1)
            self.answer.setFocus()
        elif kind == "event":
            self._put_event(node, str(task.get("name", "")))
        elif kind == "time":
            self.story.put(
                step_line(tr("{title} waits. Let time pass to go on.", title=self._title(node)))
            )
        elif kind:
            card = TaskCard(task)
            card.decided.connect(self._rehearsing.decide)
            self.story.put(card)
            card.focus_first()
        self._choices.setVisible(customer and bool(task.get("choices")))
        self._fit()

    def _put_event(self, node: str, event: str) -> None:
        """A card that lets the event happen."""
        if self._model is None or self._workspace is None:
            return
        source = self._workspace.workspace.scenarios.get(str(self.scenario.currentData() or ""))
        events = mapping(source.data.get("events") if source is not None else None)
        example = mapping(events.get(event)).get("data")
        card = EventCard(event, fields_of(self._model.journey, node, example))
        card.happened.connect(weak_with(self._rehearsing.happen, event))
        self.story.put(card)
        card.setFocus()

    def _over(self) -> None:
        self._fit()

    def _failed(self, failure: Failure) -> None:
        self.story.put(ending(said(failure.what), said(failure.hint), good=False))

    # --- view ----------------------------------------------------------------------------------

    def _fit(self) -> None:
        running = self._rehearsing.running
        ready = self._model is not None
        self.start_button.setText(tr("Restart") if running or self._shown else tr("Start"))
        self.start_button.setEnabled(ready)
        self.stop_button.setText(tr("Stop") if running else tr("Clear"))
        self.stop_button.setEnabled(running or bool(self._shown))
        self.world.setVisible(not running)  # it cannot change now; the conversation needs the room
        self.world.setEnabled(ready)
        self._mode.setText(self.world.currentText() if running else "")
        self._mode.setVisible(running)
        self.scenario.setVisible(self.scenario.count() > 1 and not running)
        self.scenario.setEnabled(ready)
        if not running:
            self.answer.setEnabled(False)
            self._send_button.setEnabled(False)
            self.pass_button.hide()
            self._choices.hide()


def make_panel(window: "MainWindow") -> RehearsalPanel:
    """The panel of a window."""
    panel = RehearsalPanel(window.rehearsing)
    panel.states_changed.connect(window.show_run)
    panel.servers_wanted.connect(window.rehearse_with_servers)
    return panel
