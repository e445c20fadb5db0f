"""Tells a rehearsal in its story: what happens, what it waits for, what it came to."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from journeybuilder.document.model import mapping
from journeybuilder.gui.bridge import Failure
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.look.finding_words import said
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak_with
from journeybuilder.gui.panels.chat import ending, step_line
from journeybuilder.gui.panels.event_card import EventCard, fields_of
from journeybuilder.gui.panels.story import Story
from journeybuilder.gui.panels.task_card import TaskCard
from journeybuilder.gui.rehearsing import Rehearsing
from journeybuilder.gui.running.feed import Event, Feed
from journeybuilder.gui.running.totals import Totals
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel
from journeybuilder.rehearse.scenario import lines_of
from journeybuilder.run.waiting import place_of

Wait = Mapping[str, Any]


class Conversation(QObject):
    """Follows a rehearsal and fills a story.

    Attributes:
        totals: What the run that is looked at came to.
        space: Where the journey is. `model`: the journey; None while none is in front.

    Signals:
        told: Something was told.
        problems_wanted: The person wants to see why the journey cannot be rehearsed.
    """

    told = Signal()
    problems_wanted = Signal()

    def __init__(self, rehearsing: Rehearsing, story: Story, parent: QObject) -> None:
        super().__init__(parent)
        self._rehearsing = rehearsing
        self._story = story
        self._feed = Feed(self)
        self._feed.came.connect(self._tell)
        self._starting: QWidget | None = None
        self._cards: list[QWidget] = []
        self.totals = Totals()
        self.space: WorkspaceModel | None = None
        self.model: JourneyModel | None = None
        rehearsing.began.connect(self._began)
        rehearsing.happened.connect(self._happened)
        rehearsing.run_changed.connect(self._run_changed)
        rehearsing.waiting.connect(self._waiting)
        rehearsing.over.connect(self._over)
        rehearsing.failed.connect(self._failed)

    # --- what happens ----------------------------------------------------------------------------

    def _began(self, journey: str) -> None:
        del journey
        self._anew()
        self._story.ends = True
        self._story.speaker = {
            "script": tr("played by the scenario"), "persona": tr("a simulated customer"),
        }.get(self._rehearsing.setup.player, "")  # fmt: skip
        self._starting = step_line(tr("Starting\u2026"))
        self._story.put(self._starting)

    def _anew(self) -> None:
        self._feed.clear()
        self._story.clear()
        self._cards, self._starting = [], None
        self.totals = Totals()

    def _take_starting(self) -> None:
        line, self._starting = self._starting, None
        if line is not None:
            self._story.take(line)

    @property
    def _is_latest(self) -> bool:
        return self._rehearsing.run == len(self._rehearsing.timelines) - 1

    def _happened(self, batch: object) -> None:
        if not self._is_latest:
            return  # told when that run is looked at
        events = cast("list[Event]", batch)
        if self._feed.busy:
            for event in events:
                self._feed.put(event)
        else:
            self._tell(events)

    def _tell(self, batch: object) -> None:
        events = cast("list[Event]", batch)
        self._take_starting()
        for event in events:
            self.totals.add(event)
        self._story.add(events, self._title)
        self.told.emit()

    def _run_changed(self, run: int) -> None:
        """Another run is looked at: its story is told from its beginning, in slices."""
        timeline = self._rehearsing.timelines[run]
        self._anew()
        for event in timeline.events:
            self._feed.put(event)
        self._feed.then(self._put_waits)
        self.told.emit()

    def _over(self) -> None:
        if self._starting is not None:
            self._take_starting()
            self._story.put(step_line(tr("Stopped.")))
        self._take_cards()

    def _failed(self, found: object) -> None:
        failure = cast("Failure", found)
        self._take_starting()
        card = ending(said(failure.what), said(failure.hint), good=False)
        if not self._rehearsing.timelines:
            go = QPushButton(tr("Show the problems of the journey"))
            go.setProperty("role", "quiet")
            go.clicked.connect(self.problems_wanted)
            cast("QVBoxLayout", card.layout()).addWidget(go)
        self._story.put(card)

    # --- what it waits for -----------------------------------------------------------------------

    def _waiting(self, waiting: object, due: object) -> None:
        del waiting, due
        self._take_cards()
        if self._is_latest and not self._feed.busy:
            self._put_waits()

    def _take_cards(self) -> None:
        """Cards that nobody has answered go: what they ask for is asked anew, or not at all."""
        for card in self._cards:
            if card.isEnabled():
                self._story.take(card)
        self._cards = []

    def _put_waits(self) -> None:
        if not self._is_latest:
            return
        self._take_cards()
        waits = self._rehearsing.waits
        for wait in waits:
            card = self._card(wait, waits)
            if card is not None:
                self._story.put(card)
                self._cards.append(card)
        first = next((card for card in self._cards if card.focusProxy() is not None), None)
        if first is not None and not any(wait.get("kind") == "customer" for wait in waits):
            first.setFocus()

    def _card(self, wait: Wait, waits: Sequence[Wait]) -> QWidget | None:
        kind, node = str(wait.get("kind", "")), str(wait.get("node", ""))
        if kind in {"", "customer"}:
            return None
        if kind == "time":
            words = tr("{title} waits. Let time pass to go on.", title=self._title(node))
            return step_line(words)
        if kind == "event":
            return self._event(node, str(wait.get("name", "")))
        card = TaskCard(wait)
        place = place_of(wait, waits) if len(waits) > 1 else ""
        card.decided.connect(weak_with(self._decide, place))
        return card

    def _event(self, node: str, event: str) -> QWidget:
        """A card that lets the event happen."""
        name = self._rehearsing.setup.scenario
        source = self.space.workspace.scenarios.get(name) if self.space is not None else None
        events = mapping(source.data.get("events") if source is not None else None)
        lines = lines_of(events.get(event))
        example = mapping(lines[0].get("data") if lines else None)
        fields = dict(example)
        if self.model is not None:
            fields = fields_of(self.model.journey, node, example)
        card = EventCard(event, fields)
        card.happened.connect(weak_with(self._rehearsing.happen, event))
        return card

    def _title(self, node: str) -> str:
        if self.model is None:
            return node
        node = self._rehearsing.renames.now(self.model.journey.id, node)
        found = self.model.journey.nodes.get(node)
        return title_of(found) if found is not None else node

    def _decide(self, place: str, decision: str, value: object, note: str) -> None:
        self._rehearsing.decide(decision, value, note, place)
