"""What a rehearsal starts with: scenario, who plays whom, channel, language, the journey's input."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.document.model import mapping
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
from journeybuilder.gui.forms.folding import Section
from journeybuilder.gui.forms.plain import QuietCombo, TickBox
from journeybuilder.gui.forms.schema_form import Maker
from journeybuilder.gui.forms.values import set_in
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.gui.panels.persona_form import PersonaForm
from journeybuilder.gui.panels.who_plays import WhoPlays
from journeybuilder.gui.running.members import cast_of_journeys, reached, recordings_of
from journeybuilder.gui.running.setup import Player, Setup, World
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

WORLDS: tuple[tuple[World, str], ...] = (
    ("made up", noop("Tools and models: nothing real")),
    ("real tools", noop("Tools: really called")),
    ("all real", noop("Tools and models: really called")),
)
_PLAYERS: tuple[tuple[Player, str], ...] = (
    ("me", noop("I play customer and people")),
    ("script", noop("The scenario plays customer and people")),
    ("persona", noop("A simulated customer plays")),
)
_SLOWLY = 0.6
"""Seconds before each step for who wants to watch."""


class StartForm(QWidget):
    """Everything that is chosen before a rehearsal.

    Signals:
        changed: Something else is chosen.
        filled: An example was filled in: all is there to start.
    """

    changed = Signal()
    filled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._space: WorkspaceModel | None = None
        self._model: JourneyModel | None = None
        self._setup = Setup()
        self._given: dict[str, Any] = {}
        self._schema: Mapping[str, Any] = {}
        self._form: Editor | None = None
        self._wrong: QLabel | None = None
        layout = column(self, spacing=10)
        self._hint = label(tr("Open a journey to rehearse it here."), "muted", wrap=True)
        layout.addWidget(self._hint)
        self.scenario = _combo(tr("Scenario"))
        self.scenario.activated.connect(self._scenario_chosen)
        layout.addWidget(self.scenario)
        self._input = QVBoxLayout()
        self._input.setSpacing(8)
        layout.addLayout(self._input)
        self._choices = QWidget()
        self._fill_choices(column(self._choices, spacing=8))
        layout.addWidget(self._choices)
        self.who = Section("who", tr("Who plays what"), opened=False)
        self.who.inside.setSpacing(8)
        self.who.folded.connect(self._unfold_who)
        layout.addWidget(self.who)
        self.cast: WhoPlays | None = None
        for widget in (self.scenario, self._choices, self.who):
            widget.hide()

    def _fill_choices(self, layout: QVBoxLayout) -> None:
        self.player = _combo(tr("Who plays the customer"))
        self.world = _combo(tr("Which world the rehearsal uses"))
        for value, words in WORLDS:
            self.world.addItem(tr(words), value)
        self.channel = _combo(tr("Channel"))
        self.language = _combo(tr("Language"))
        self.recording = _combo(tr("Recording"))
        self.slowly = TickBox(tr("Slowly, so that I can watch"))
        pair = row(spacing=8)
        pair.addWidget(self.channel)
        pair.addWidget(self.language)
        layout.addWidget(self.player)
        self._persona_place = QVBoxLayout()
        self.customer: PersonaForm | None = None
        layout.addLayout(self._persona_place)
        layout.addWidget(self.world)
        layout.addWidget(self.recording)
        layout.addLayout(pair)
        layout.addWidget(self.slowly)
        self.player.activated.connect(self._player_chosen)
        for combo in (self.world, self.channel, self.language, self.recording):
            combo.activated.connect(self._chosen)
        self.slowly.clicked.connect(self._chosen)

    # --- showing ---------------------------------------------------------------------------------

    def show_journey(
        self, space: WorkspaceModel | None, model: JourneyModel | None, setup: Setup
    ) -> None:
        """Offer what this journey can be started with; `setup` is what was chosen the last time."""
        self._space, self._model, self._setup = space, model, setup
        there = space is not None and model is not None
        self._hint.setVisible(not there)
        self.scenario.hide()
        self._choices.setVisible(there)
        self.who.setVisible(there)
        self._clear_input()
        if space is None or model is None:
            return
        self._fill_scenarios(space, model)
        self._fill_players()
        self._fill_channels(model)
        self._fill_recordings(space)
        _choose(self.world, setup.world)
        self.slowly.setChecked(setup.delay > 0)
        self._show_who()
        self._make_input(self._script_input())

    def refresh(self) -> None:
        """Files, servers or the journey are other ones now; what is filled in stays."""
        space, model = self._space, self._model
        if space is None or model is None:
            return
        self._setup = self.setup()
        self._fill_scenarios(space, model)
        self._fill_recordings(space)
        self._show_who()
        if model.journey.input != self._schema:
            self._make_input(self._given)

    def _fill_scenarios(self, space: WorkspaceModel, model: JourneyModel) -> None:
        self.scenario.clear()
        self.scenario.addItem(tr("No scenario"), "")
        for name, source in space.workspace.scenarios.items():
            if source.data.get("journey") == model.journey.id:
                self.scenario.addItem(tr("Scenario: {name}", name=name), name)
        _choose(self.scenario, self._setup.scenario)
        self.scenario.setVisible(self.scenario.count() > 1)

    def _script(self) -> Mapping[str, Any]:
        """The values of the chosen scenario."""
        if self._space is None:
            return {}
        source = self._space.workspace.scenarios.get(str(self.scenario.currentData() or ""))
        return source.data if source is not None else {}

    def _script_input(self) -> dict[str, Any]:
        return dict(mapping(self._script().get("input")))

    def persona(self) -> Mapping[str, Any]:
        """The simulated customer of the chosen scenario; empty where it has a script or none."""
        return mapping(self._script().get("customer"))

    def _fill_players(self) -> None:
        self.player.clear()
        for value, words in _PLAYERS:
            if value != "script" or self._script():
                self.player.addItem(tr(words), value)
        _choose(self.player, self._setup.player)
        self._show_persona()

    def _show_persona(self) -> None:
        """Who the simulated customer is: as the person wrote it, else as the scenario has it."""
        wanted = self.player.currentData() == "persona" and self._space is not None
        if self.customer is None and wanted:
            self.customer = PersonaForm()
            self.customer.changed.connect(self._chosen)
            self._persona_place.addWidget(self.customer)
        if self.customer is None:
            return
        self.customer.setVisible(wanted)
        if wanted and self._space is not None:
            persona = self.persona() or self._setup.persona
            self.customer.show_persona(persona, sorted(self._space.known.models))

    def _fill_channels(self, model: JourneyModel) -> None:
        """The journey's channels and languages, first that of the scenario or of the journey."""
        journey, script = model.journey, self._script()
        for combo, names, told, chosen in (
            (self.channel, journey.channels, script.get("channel"), self._setup.channel),
            (self.language, journey.languages, script.get("language"), self._setup.language),
        ):
            combo.clear()
            offered: list[str] = [str(told), *names] if told else [*names]
            for name in dict.fromkeys(offered):
                words = said_channel(name) if combo is self.channel else said_language(name)
                combo.addItem(words, name)
            _choose(combo, chosen)
            combo.setVisible(combo.count() > 1)

    def _fill_recordings(self, space: WorkspaceModel) -> None:
        names = recordings_of(space.workspace.state_dir)
        self.recording.clear()
        self.recording.addItem(tr("No recording but that of the scenario"), "")
        for name in names:
            self.recording.addItem(tr("Recording: {name}", name=name), name)
        _choose(self.recording, self._setup.recording)
        self.recording.setVisible(bool(names))

    # --- who plays what --------------------------------------------------------------------------

    def _show_who(self) -> None:
        setup = self._setup
        self.who.count(
            "\u00b7 " + trn("{n} chosen", "{n} chosen", setup.changed) if setup.changed else ""
        )
        if not self.who.opened or self._space is None or self._model is None:
            return
        if self.cast is None:
            self.cast = WhoPlays()
            self.cast.changed.connect(self._chosen)
            self.who.inside.addWidget(self.cast)
        space, journey = self._space, self._model.journey
        others = {name: one.journey for name, one in space.workspace.journeys.items()}
        tools, models = cast_of_journeys(reached(journey, others), space.known)
        self.cast.show_cast(tools, models, (setup.tools, setup.models), setup.faults)

    def _unfold_who(self) -> None:
        self._show_who()

    # --- what is chosen --------------------------------------------------------------------------

    def setup(self) -> Setup:
        """What is chosen now."""
        chosen = replace(
            self._setup,
            scenario=str(self.scenario.currentData() or ""),
            player=cast("Player", self.player.currentData() or "me"),
            persona=self.customer.persona() if self.customer is not None else self._setup.persona,
            world=cast("World", self.world.currentData() or "made up"),
            channel=str(self.channel.currentData() or ""),
            language=str(self.language.currentData() or ""),
            recording=str(self.recording.currentData() or ""),
            delay=_SLOWLY if self.slowly.isChecked() else 0.0,
        )
        if self.cast is None:
            return chosen
        tools, models = self.cast.sources()
        return replace(chosen, tools=tools, models=models, faults=self.cast.faults())

    def given(self) -> dict[str, Any]:
        """The input of the journey."""
        return dict(self._given)

    def choose(self, scenario: str, player: Player) -> None:
        """Choose a scenario and who plays it, as the person could."""
        _choose(self.scenario, scenario)
        self._fill_players()
        _choose(self.player, player)
        self._scenario_chosen()

    def _player_chosen(self) -> None:
        self._show_persona()
        self._chosen()

    def _scenario_chosen(self) -> None:
        before = str(self.player.currentData() or "me")
        self._fill_players()
        _choose(self.player, before)
        self._show_persona()
        if self._model is not None:
            self._setup = replace(self._setup, channel="", language="")
            self._fill_channels(self._model)
        self._chosen()
        self._make_input(self._script_input())

    def _chosen(self) -> None:
        self._setup = self.setup()
        changed = self._setup.changed
        self.who.count("\u00b7 " + trn("{n} chosen", "{n} chosen", changed) if changed else "")
        self.changed.emit()

    # --- the input -------------------------------------------------------------------------------

    def _clear_input(self) -> None:
        empty(self._input)
        self._form = self._wrong = None

    def _make_input(self, given: Mapping[str, Any]) -> None:
        """The form of the journey's input."""
        self._clear_input()
        self._given = dict(given)
        if self._model is None:
            return
        self._schema = self._model.journey.input
        schema: dict[str, Any] = {"properties": {}, "type": "object", **self._model.journey.input}
        if not schema["properties"]:
            words = tr("Play the customer: press Start and answer below.")
            self._input.addWidget(label(words, "muted", wrap=True))
            return
        self._input.addWidget(label(tr("What starts this journey"), "field"))
        form: Editor = Maker(schema, FormContext(), computed=False).make(schema, ())
        form.show_value(self._given)
        form.edited.connect(self._input_edited)
        self._input.addWidget(form)
        self._wrong = label("", "wrong", wrap=True)
        self._wrong.hide()
        self._input.addWidget(self._wrong)
        self._form = form
        if self._example():
            fill = QPushButton(tr("Fill in an example"))
            fill.setObjectName("rehearsal.example")
            fill.setProperty("role", "quiet")
            fill.setToolTip(tr("What a scenario of this journey starts with, else made-up values"))
            fill.clicked.connect(self._fill_example)
            fill.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            self._input.addWidget(fill)

    def _example(self) -> dict[str, Any]:
        """What the journey can be started with; empty where nothing fits."""
        if self._space is None or self._model is None:
            return {}
        schema = self._model.journey.input
        told: list[Mapping[str, Any]] = [
            dict(mapping(source.data.get("input")))
            for source in self._space.workspace.scenarios.values()
            if source.data.get("journey") == self._model.journey.id
        ]
        made = mapping(of_schema({"type": "object", **schema}).value)
        for one in (*told, made):
            if one and not wrong_input(schema, one):
                return dict(one)
        return {}

    def _fill_example(self) -> None:
        self._given = self._example()
        if self._form is not None and self._wrong is not None:
            self._wrong.hide()
            self._form.show_value(self._given)
            self.filled.emit()

    def _input_edited(self, path: object, value: object) -> None:
        if self._wrong is not None:
            self._wrong.hide()
        changed = set_in(self._given, cast("tuple[str | int, ...]", path), value)
        self._given = {} if isinstance(changed, Unset) else changed

    def fits(self) -> bool:
        """Whether the journey can start with what is filled in; says what is wrong where it cannot."""
        if self._model is None:
            return False
        wrong = wrong_input(self._model.journey.input, self._given)
        if wrong and self._form is not None and self._wrong is not None:
            self._wrong.setText(f"\u2716 {wrong}")
            self._wrong.show()
            self._form.setFocus()
            return False
        return True


def wrong_input(schema: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """What is wrong with the input; a schema that is none is told among the problems."""
    try:
        wrong = violations({"type": "object", **schema}, given) if schema else []
    except BadSchema:
        return ""
    return sentence(said(wrong[0])) if wrong else ""


def said_channel(name: str) -> str:
    """A channel for people."""
    known = {
        "chat": tr("Chat"), "voice": tr("Phone"), "email": tr("E-mail"), "sms": tr("SMS"),
        "web": tr("Web"), "whatsapp": "WhatsApp",
    }  # fmt: skip
    return known.get(name) or name


def said_language(code: str) -> str:
    """A language in its own words."""
    name = "English" if code == "en" else QLocale(code).nativeLanguageName()
    return f"{name[:1].upper()}{name[1:]} ({code})" if name else code


def _combo(name: str) -> QuietCombo:
    combo = QuietCombo()
    combo.setAccessibleName(name)
    return combo


def _choose(combo: QuietCombo, value: str) -> None:
    combo.setCurrentIndex(max(0, combo.findData(value)))
