"""What the debugger's panels, commands and canvases share: breakpoints, the runs of this session, marks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, QTimer, Signal

from journeybuilder.gui.debug.breakpoints import Breakpoints
from journeybuilder.gui.debug.debug_bar import DebugBar
from journeybuilder.gui.debug.marks import HERE, LAYER, breakpoints_layer, here_layer
from journeybuilder.gui.debug.moment import journey_at, lane_at
from journeybuilder.gui.debug.past_bar import PastBar
from journeybuilder.gui.debug.stop_words import stop_words
from journeybuilder.gui.journey.node_views import title_of
from journeybuilder.gui.journey_tab import JourneyTab
from journeybuilder.gui.look.language import tr
from journeybuilder.rehearse.debug.breakpoints import Breakpoint, Stop
from journeybuilder.rehearse.debug.timeline import Timeline, place_of

if TYPE_CHECKING:
    from journeybuilder.gui.rehearsing import Rehearsing
    from journeybuilder.gui.window import MainWindow
    from journeybuilder.gui.workspace.workspace_model import WorkspaceModel

_MOST_RUNS = 40
_SETTLE = 60  # ms in which news of a quick run become one picture


@dataclass(frozen=True, slots=True)
class SessionRun:
    """A run that was made since the program began.

    Attributes:
        name: What it is called: a number, and which run it has branched off.
        journey: Id of its journey.
    """

    name: str
    journey: str
    timeline: Timeline


class Debugging(QObject):
    """One for each window.

    Signals:
        moment_changed: Another moment is to be shown, or the one that is shown has grown.
        runs_changed: There is another run of this session.
    """

    moment_changed = Signal()
    runs_changed = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._space: WorkspaceModel | None = None
        self._bars: dict[JourneyTab, PastBar] = {}
        self._once = ""
        self._count = 0
        self._source: Timeline | None = None
        self._able: object = None
        self.runs: list[SessionRun] = []
        self.breakpoints = Breakpoints(self)
        self.breakpoints.renamed.connect(self._renamed)
        self.breakpoints.changed.connect(self._points_changed)
        self.breakpoints.refused.connect(window.say)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(self._show_moment)
        self._follow(window.rehearsing)
        window.files.workspace_changed.connect(self._sync)
        window.journeys.currentChanged.connect(self._sync)
        self._sync()

    @classmethod
    def of(cls, window: "MainWindow") -> "Debugging":
        """The one of a window."""
        return window.findChild(cls) or cls(window)

    def _follow(self, rehearsing: "Rehearsing") -> None:
        rehearsing.began.connect(self._began)
        rehearsing.run_changed.connect(self._run_changed)
        rehearsing.happened.connect(self._happened)
        rehearsing.cursor_changed.connect(self._soon)
        rehearsing.stopped.connect(self._stopped)
        rehearsing.phase_changed.connect(self._phase_changed)

    @property
    def rehearsing(self) -> "Rehearsing":
        """What runs."""
        return self._window.rehearsing

    @property
    def settling(self) -> bool:
        """Whether panels and canvas do not show the latest news yet."""
        return self._settle.isActive()

    @property
    def window(self) -> "MainWindow":
        """The window."""
        return self._window

    # --- workspace and tabs ------------------------------------------------------------------------

    def _sync(self, *_signal: object) -> None:
        """Another workspace, or another journey in front."""
        space = self._window.files.workspace
        if space is not self._space:
            self._space = space
            self.breakpoints.open(space.workspace.state_dir if space is not None else None)
            self.runs = []
            self._count = 0
            self.runs_changed.emit()
        open_tabs = self._window.tabs()
        self._bars = {tab: bar for tab, bar in self._bars.items() if tab in open_tabs}
        for tab in open_tabs:
            if tab not in self._bars:
                self._take(tab)
        self._mark_moment()

    def _take(self, tab: JourneyTab) -> None:
        """A journey was opened."""
        self.breakpoints.follow(tab.model)
        bar = PastBar(self, tab)
        self._bars[tab] = bar
        self._mark(tab)

    def _mark(self, tab: JourneyTab) -> None:
        points = self.breakpoints.of(tab.model.journey.id)
        tab.canvas.set_layer(LAYER, breakpoints_layer(points))

    def _renamed(self, journey: str, renamed: object) -> None:
        """The run goes on with the old names."""
        self.rehearsing.renames.note(journey, cast("dict[str, str]", renamed))
        if self.rehearsing.timeline is not None:
            self.rehearsing.cursor_changed.emit(self.rehearsing.cursor)  # all is to be marked anew

    def _points_changed(self, journey: str) -> None:
        for tab in self._window.tabs():
            if tab.model.journey.id == journey:
                self._mark(tab)
        self.use_breakpoints()

    # --- what a run stops at -----------------------------------------------------------------------

    def use_breakpoints(self) -> None:
        """Let the rehearsal know where to stop: the one under way, or the next one."""
        journey = self.rehearsing.shown
        if not journey and self._window.tab is not None:
            journey = self._window.tab.model.journey.id
        called = self._space.workspace.journeys if self._space is not None else ()
        points = self._as_the_run_knows(journey, self.breakpoints.for_run(journey, called))
        if self._once:
            points.append(Breakpoint("node", node=self._once))
        self.rehearsing.use_breakpoints([one for one in points if not one.problem])

    def _as_the_run_knows(self, journey: str, points: Sequence[Breakpoint]) -> list[Breakpoint]:
        """Breakpoints with the names that their nodes had when the run began."""
        found: list[Breakpoint] = []
        for one in points:
            inner, _, node = one.node.rpartition("/")
            then = self.rehearsing.renames.then(inner or journey, node) if node else ""
            if then:
                found.append(replace(one, node=f"{inner}/{then}" if inner else then))
            elif not node:
                found.append(one)
        return found

    def stop_once_at(self, node: str) -> None:
        """Stop before this node the next time a run comes there, and then never again."""
        self._once = node
        self.use_breakpoints()

    # --- following the rehearsal -------------------------------------------------------------------

    def _began(self, _journey: str) -> None:
        self.use_breakpoints()
        self._soon()

    def _run_changed(self, _run: int) -> None:
        self._note_runs()
        self._soon()

    def _happened(self, _events: object) -> None:
        self._note_runs()
        self._soon()

    def _note_runs(self) -> None:
        """Remember the runs of this session: they can be laid side by side later."""
        known = {id(one.timeline) for one in self.runs}
        new = [one for one in self.rehearsing.timelines if id(one) not in known]
        for timeline in new:
            self._count += 1
            name = tr("Run {n}", n=self._count)
            origin = self._origin(timeline)
            if origin:
                name = tr("{run}, off {origin}", run=name, origin=origin)
            self.runs.append(SessionRun(name, self.rehearsing.shown, timeline))
        if new:
            self.runs = self.runs[-_MOST_RUNS:]
            self.runs_changed.emit()

    def _origin(self, timeline: Timeline) -> str:
        """The name of the run that a run has branched off; empty for the first of a rehearsal."""
        place = self.rehearsing.timelines.index(timeline)
        if place == 0:
            return ""
        source = self._source or self.rehearsing.timelines[place - 1]
        found = next((one for one in self.runs if one.timeline is source), None)
        return found.name.partition(",")[0] if found is not None else ""

    def branch(self, at: int, variables: dict[str, Any] | None, *, hold: bool) -> None:
        """Take another way from a moment of the run that is looked at."""
        self._source = self.rehearsing.timeline
        self.rehearsing.branch(at, variables, hold=hold)

    def rerun(self, visit: int, *, hold: bool) -> None:
        """Go through the run that is looked at again from a visit."""
        self._source = self.rehearsing.timeline
        self.rehearsing.rerun(visit, hold=hold)

    def _stopped(self, stop: object) -> None:
        if isinstance(stop, Stop):
            if stop.reason != "waiting" or stop.place == self._once:
                self._once, once = "", self._once
                if once:
                    self.use_breakpoints()
            if stop.reason in {"breakpoint", "paused"}:
                self._tell(stop_words(stop, self.title))
        self._soon()

    def _tell(self, words: str) -> None:
        """Say why the run stands still, in the status line and to screen readers."""
        self._window.say(words)
        if self._window.tab is not None:
            self._window.tab.canvas.reading.say(words)

    def _phase_changed(self, phase: str) -> None:
        if phase == "running":
            self._window.say("")  # why it stood still is not true any more
        self._note_runs()
        self._able = None
        self._soon()

    def _soon(self, *_signal: object) -> None:
        if not self._settle.isActive():
            self._settle.start()

    def _show_moment(self) -> None:
        self._mark_moment()
        self._refresh_commands()
        self.moment_changed.emit()

    def _refresh_commands(self) -> None:
        """Let commands know where one can go from here; not at every event of a quick run."""
        rehearsing, timeline = self.rehearsing, self.rehearsing.timeline
        count = len(timeline) if timeline is not None else 0
        moment = rehearsing.cursor
        able = (rehearsing.phase, rehearsing.live, moment > 0, moment < count, len(self.runs))
        if able != self._able:
            self._able = able
            self._window.registry.refresh()
            DebugBar.of(self._window).tell()

    # --- the moment on the canvas --------------------------------------------------------------------

    def _mark_moment(self) -> None:
        rehearsing, timeline = self.rehearsing, self.rehearsing.timeline
        for tab, bar in self._bars.items():
            mine = tab.model.journey.id == rehearsing.shown
            bar.show_moment(mine and timeline is not None and not rehearsing.live)
            here = self._standing(tab.model.journey.id) if timeline is not None else ()
            states = timeline.node_states(rehearsing.cursor) if timeline is not None else {}
            now = partial(rehearsing.renames.now, tab.model.journey.id)
            states = {now(place): state for place, state in states.items()}
            words = self.here_words()
            tab.canvas.set_layer(HERE, here_layer(here, words, states))

    def _standing(self, journey: str) -> Sequence[str]:
        """The nodes of a journey that a run has come to and not begun, at the moment that is looked at."""
        rehearsing, timeline = self.rehearsing, self.rehearsing.timeline
        stands = not rehearsing.live or rehearsing.phase == "stopped"
        if timeline is None or not stands:
            return ()
        state = timeline.state(rehearsing.cursor)
        places = [place_of(state, one) for one in state.tokens.values()]
        if journey == rehearsing.shown:
            nodes = [one for one in places if "/" not in one]
        else:
            inner = f"{journey}/"
            nodes = [one.removeprefix(inner) for one in places if one.startswith(inner)]
        return [rehearsing.renames.now(journey, one) for one in nodes]

    def here_words(self) -> str:
        """Why the run stands where it stands."""
        stop = self.rehearsing.stopped_at
        if stop is not None and self.rehearsing.live:
            return stop_words(stop, self.title)
        return tr("The rehearsal is here at the moment that you look at.")

    # --- names ---------------------------------------------------------------------------------------

    def title(self, place: str) -> str:
        """What a step is called; of a called journey with that journey's title before it."""
        journey, _, node = place.rpartition("/")
        name = journey or self.rehearsing.shown
        titled = self._title_in(name, node)
        if not journey:
            return titled
        found = self._space.workspace.journeys.get(journey) if self._space is not None else None
        return f"{found.journey.title if found is not None else journey}: {titled}"

    def _title_in(self, journey: str, node: str) -> str:
        node = self.rehearsing.renames.now(journey, node)
        for tab in self._window.tabs():
            if tab.model.journey.id == journey and node in tab.model.journey.nodes:
                return title_of(tab.model.journey.nodes[node])
        file = self._space.workspace.journeys.get(journey) if self._space is not None else None
        found = file.journey.nodes.get(node) if file is not None else None
        return title_of(found) if found is not None else node

    def title_of_other(self) -> str:
        """The title of the journey that is rehearsed where another one is in front; else empty."""
        shown, tab = self.rehearsing.shown, self._window.tab
        played = self.rehearsing.played
        if not shown or played is None or (tab is not None and tab.model.journey.id == shown):
            return ""
        return played.title

    def way_words(self, place: str, port: str) -> str:
        """What a way out of a step is called."""
        journey, _, node = place.rpartition("/")
        name = journey or self.rehearsing.shown
        node = self.rehearsing.renames.now(name, node)
        for tab in self._window.tabs() if port else ():
            if tab.model.journey.id == name and node in tab.model.journey.nodes:
                labels = {one.name: one.label for one in tab.model.node(node).ports}
                return labels.get(port) or port
        return port

    def run_names(self) -> list[str]:
        """The names of the runs of this rehearsal."""
        names = {id(one.timeline): one.name for one in self.runs}
        return [names.get(id(one), "") for one in self.rehearsing.timelines]

    def journey_in(self) -> str:
        """The journey that the run is in at the moment that is looked at."""
        timeline, moment = self.rehearsing.timeline, self.rehearsing.cursor
        if timeline is None:
            return self.rehearsing.shown
        return journey_at(timeline.state(moment), lane_at(timeline, moment))

    def branch_words(self) -> str:
        """The moment that is looked at, as a sentence about a branch has it."""
        timeline, moment = self.rehearsing.timeline, self.rehearsing.cursor
        place = timeline.place(moment) if timeline is not None else ""
        if not place:
            return tr("at the start")
        return tr("at the step “{step}”", step=self.title(place))

    # --- where to look -------------------------------------------------------------------------------

    def look_at(self, moment: int) -> None:
        """Look at a moment of the run that is looked at."""
        self.rehearsing.go_to(moment)

    def look_at_run(self, run: int) -> None:
        """Look at another run of this rehearsal."""
        self.rehearsing.look_at(run)

    def look_at_moment(self, run: SessionRun, moment: int) -> bool:
        """Look at a moment of a run; False where it is of an earlier rehearsal."""
        timelines = self.rehearsing.timelines
        place = next((n for n, one in enumerate(timelines) if one is run.timeline), None)
        if place is None:
            self._window.say(tr("{run} is of an earlier rehearsal.", run=run.name))
            return False
        self.rehearsing.look_at(place)
        self.rehearsing.go_to(moment)
        return True

    def look_at_now(self) -> None:
        """Look at the latest moment of the latest run."""
        self.rehearsing.look_at(len(self.rehearsing.timelines) - 1)

    def go_to_node(self, place: str) -> None:
        """Show a step on the canvas; its journey is opened where it is another one."""
        journey, _, node = place.rpartition("/")
        if journey and (self._window.tab is None or self._window.tab.model.journey.id != journey):
            self._window.files.open_journey(journey)
        if self._window.tab is not None:
            name = journey or self.rehearsing.shown
            self._window.tab.go_to(self.rehearsing.renames.now(name, node))
