"""Runs a rehearsal in the bridge's loop, and knows in the window's thread all that has happened in it."""

from collections.abc import Coroutine, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast

from PySide6.QtCore import Signal

from journeybuilder.document.model import Journey
from journeybuilder.errors import AuthorError
from journeybuilder.gui.bridge import Bridge, Failure, Job
from journeybuilder.gui.expressions.book import SampleBook
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.running.begin import Beginning, Begun, begin
from journeybuilder.gui.running.feed import Event, Feed
from journeybuilder.gui.running.renames import Renames
from journeybuilder.gui.running.runs import Runs
from journeybuilder.gui.running.setup import Setup
from journeybuilder.gui.workspace.workspace_model import WorkspaceModel
from journeybuilder.rehearse.debug.breakpoints import Breakpoint, Stop
from journeybuilder.rehearse.debug.timeline import Timeline

if TYPE_CHECKING:
    from journeybuilder.rehearse.debug.debugger import Debugger

Phase = Literal["off", "starting", "running", "waiting", "stopped", "over"]
"""`stopped` is at a breakpoint or after a step; `over` keeps what happened, to look at and to branch."""
_STANDS: Mapping[str, Phase] = {
    "breakpoint": "stopped", "step": "stopped", "paused": "stopped", "waiting": "waiting",
}  # fmt: skip


class Rehearsing(Runs):
    """One rehearsal at a time, of the journey as it is shown, saved or not, and what branched from it.

    It may be asked and told in the window's thread only. Events come in batches (see `Feed`), and are
    in `timelines` by then, so that any moment can be looked at.

    Attributes:
        journey: Id of the journey while a rehearsal is under way, else empty.
        shown: Id of the journey that the timelines are of; stays when the rehearsal is over.
        setup: With which choices it was started. `given`: with which input.
        begun: Its plan, and who plays what; None before it has started.
        stopped_at: The `Stop` at which it stands still; None while it runs.
        breakpoints: Where it stops; set with `use_breakpoints`.
        played: The journey as it was when it began; None before the first.
        renames: What nodes were called then.

    Signals:
        began: Id of the journey; the timelines are empty now.
        happened: A list of events, in their order; also `writing`, which no timeline keeps.
        stopped: A `Stop`: at a breakpoint, after a step, paused, waiting, ended, failed.
        waiting: What the run waits for and when that wait ends (or None); None while it runs.
        over: The rehearsal has ended, in whatever way.
        failed: A `Failure`: it could not start or go on.
        phase_changed: The new phase.
    """

    began = Signal(str)
    happened = Signal(object)
    stopped = Signal(object)
    waiting = Signal(object, object)
    over = Signal()
    failed = Signal(object)
    phase_changed = Signal(str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._feed = Feed(self)
        self._feed.came.connect(self._came)
        self._debugger: Debugger | None = None
        self._job: Job | None = None
        self._number = 0
        self._samples: SampleBook | None = None
        self.phase: Phase = "off"
        self.journey = self.shown = ""
        self.setup = Setup()
        self.given: Mapping[str, Any] = {}
        self.begun: Begun | None = None
        self.stopped_at: Stop | None = None
        self.breakpoints: Sequence[Breakpoint] = ()
        self.played: Journey | None = None
        self.renames = Renames()

    # --- what there is ---------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether one is under way, waiting and stopped included."""
        return self.journey != ""

    @property
    def can_branch(self) -> bool:
        """Whether there is a run to take another way from."""
        return self._debugger is not None and bool(self.timelines)

    @property
    def waits(self) -> Sequence[Mapping[str, Any]]:
        """All that the latest run waits for now, first what is told first."""
        if self.phase != "waiting" or not self.timelines:
            return ()
        last = self.timelines[-1]
        return last.state(len(last)).waits

    # --- beginning and ending --------------------------------------------------------------------

    def start(
        self,
        workspace: WorkspaceModel,
        model: JourneyModel,
        given: Mapping[str, Any],
        setup: Setup,
        *,
        hold: bool = False,
    ) -> None:
        """Begin anew with this input; what was rehearsed before is forgotten.

        Args:
            workspace: Where the journey is.
            model: The journey.
            given: Its input.
            setup: Who plays what, and all else that was chosen.
            hold: Whether to stop before the first node.
        """
        self.stop()
        self._forget()
        self._number += 1
        self.journey = self.shown = model.journey.id
        self.setup, self.given = setup, dict(given)
        self.played = model.journey
        self.renames.clear()
        self._samples = workspace.samples
        self._samples.rehearsal_began()
        self.began.emit(self.journey)
        self._enter("starting")
        self.waiting.emit(None, None)
        beginning = Beginning.of(workspace, model, given, setup)
        self._submit(self._begin(self._number, beginning, hold=hold))

    async def _begin(self, number: int, beginning: Beginning, *, hold: bool) -> object:
        """In the loop."""
        known: list[int] = []

        def on_event(event: Event) -> None:
            timelines = begun.debugger.timelines
            if timelines and len(timelines) not in known:
                known.append(len(timelines))
                seq = event.get("seq")
                before = [dict(one) for one in timelines[-1].events if one.get("seq") != seq]
                self._bridge.post(self._fresh, number, before)
            self._bridge.post(self._event, number, dict(event))

        def on_stop(stop: Stop) -> None:
            self._bridge.post(self._stop, number, stop)

        begun = begin(beginning, on_event, on_stop)
        begun.debugger.breakpoints[:] = self.breakpoints
        begun.debugger.delay = beginning.setup.delay
        self._bridge.post(self._ready, number, begun)
        return await begun.debugger.start(beginning.given, begun.channel, begun.language, hold=hold)

    def _ready(self, number: int, begun: Begun) -> None:
        if number == self._number and self.running:
            self.begun, self._debugger = begun, begun.debugger
        else:  # it was stopped while it began: nobody else knows of it, and it would go on for ever
            self._bridge.let_go(begun.debugger.stop())

    def stop(self) -> None:
        """End it where it stands, at once, whatever it waits for; what happened stays to look at."""
        if not self.running:
            return
        self._cancel()
        if self._debugger is not None:
            self._bridge.let_go(self._debugger.stop())
        else:
            self._number += 1  # it has not begun: nothing of it is to be heard of
        self._end()

    def forget(self) -> None:
        """Let go of what is over: nothing is there to look at any more."""
        self.stop()
        self._forget()
        self._enter("off")

    def _forget(self) -> None:
        self._number += 1
        self._feed.clear()
        self._debugger = self.begun = self.stopped_at = None
        self.timelines, self.run, self._cursor = [], 0, None
        self.shown = ""

    def _cancel(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.cancel()

    def _end(self) -> None:
        self.journey = ""
        self._enter("over")
        self.waiting.emit(None, None)
        self.over.emit()

    def _enter(self, phase: Phase) -> None:
        if phase != self.phase:
            self.phase = phase
            self.phase_changed.emit(phase)

    # --- what comes from the loop ----------------------------------------------------------------

    def _fresh(self, number: int, before: list[Event]) -> None:
        """A run begins, or a branch after these events of another."""
        if number == self._number:
            self._feed.then(partial(self._add_run, before))

    def _add_run(self, before: list[Event]) -> None:
        self.timelines.append(Timeline(before))
        self.run, self._cursor = len(self.timelines) - 1, None
        self.run_changed.emit(self.run)

    def _event(self, number: int, event: Event) -> None:
        if number == self._number:
            self._feed.put(event)

    def _stop(self, number: int, stop: Stop) -> None:
        if number == self._number:
            self._feed.then(partial(self._stands, stop))

    def _came(self, batch: object) -> None:
        events = cast("list[Event]", batch)
        if not self.timelines:
            return
        last = self.timelines[-1]
        for event in events:
            last.add(event)
            if self._samples is not None:
                self._samples.rehearsal_told(event)
        if self.phase == "starting":
            self._enter("running")
        self.happened.emit(events)
        if self.live:
            self.cursor_changed.emit(len(last))

    def _stands(self, stop: Stop) -> None:
        """The run stands still."""
        if not self.running:
            return
        self.stopped_at = stop
        self._job = None
        phase = _STANDS.get(stop.reason)
        if phase is None:
            self.stopped.emit(stop)
            self._end()
            return
        self._enter(phase)
        self._tell_wait()
        self.stopped.emit(stop)

    def _tell_wait(self) -> None:
        first = next(iter(self.waits), None)
        self.waiting.emit(first, first.get("until") if first is not None else None)

    def _submit(self, work: "Coroutine[Any, Any, object]") -> None:
        failed = partial(self._broken, self._number, self.phase)
        self._job = self._bridge.submit(work, None, failed)

    def _broken(self, number: int, before: Phase, failure: Failure) -> None:
        """A command was refused: the run stands where it stood, if it did."""
        if number != self._number:
            return
        self._feed.then(partial(self._refused, before, failure))

    def _refused(self, before: Phase, failure: Failure) -> None:
        if self.running:
            if before in {"waiting", "stopped"}:
                self._enter(before)
                self._tell_wait()
                self.failed.emit(failure)
                return
            self.failed.emit(failure)  # first why, then that it is over
            self._end()
            return
        self.failed.emit(failure)

    # --- letting it go on ------------------------------------------------------------------------

    def _current(self) -> "Debugger":
        if self._debugger is None:
            raise AuthorError("No rehearsal is under way.", hint="Start one.")
        return self._debugger

    def _drive(self, work: "Coroutine[Any, Any, object]") -> None:
        """Let it go on until it stands still again; what is shown is the latest moment then."""
        self._submit(work)
        self.stopped_at = None
        if self.timelines:
            self.look_at(len(self.timelines) - 1)
        self.journey = self.shown
        self._enter("running")
        self.waiting.emit(None, None)

    def reply(self, text: str, node: str = "") -> None:
        """Say something as the customer."""
        self._drive(self._current().reply(text, node))

    def decide(self, decision: str, value: Any = None, note: str = "", node: str = "") -> None:
        """Decide as the person whom the run waits for."""
        self._drive(self._current().decide(decision, value, note, node))

    def happen(self, event: str, data: Any) -> None:
        """Let an event come that the run waits for."""
        self._drive(self._current().happen(event, data))

    def let_time_pass(self) -> None:
        """Let the wait end as if nobody had answered."""
        self._drive(self._current().let_time_pass())

    def go_on(self) -> None:
        """Go on to the next breakpoint, wait or end; from an earlier moment, to the latest."""
        if self.phase == "stopped" and self.live:
            self._drive(self._current().go_on())
        else:
            self.look_at(len(self.timelines) - 1)

    def step(self) -> None:
        """One step on: through what is recorded, or else of the run."""
        if not self.live:
            self.step_forward()
        elif self.phase == "stopped":
            self._drive(self._current().step())

    def step_over(self) -> None:
        """Like `step`, but a called journey is gone through at once."""
        if not self.live:
            self.step_forward()
        elif self.phase == "stopped":
            self._drive(self._current().step_over())

    def run_to(self, node: str) -> None:
        """Go on until a node (in a called journey `journey/node`) comes next."""
        if self.phase == "stopped":
            self._drive(self._current().run_to(node))

    def pause(self) -> None:
        """Hold the run where it is."""
        if self.phase == "running" and self._debugger is not None:
            self._bridge.let_go(self._paused(self._debugger))

    @staticmethod
    async def _paused(debugger: "Debugger") -> None:
        debugger.pause()

    def branch(
        self, at: int, variables: Mapping[str, Any] | None = None, *,
        answers: bool = False, hold: bool = False,
    ) -> None:  # fmt: skip
        """Make a new run of the first events of the one that is looked at, and go on with it.

        Args:
            at: The moment.
            variables: What to change first.
            answers: Whether words of the customer and decisions of people are used again, too.
            hold: Whether to stop before the first node instead of going on.
        """
        self._again(self._current().branch(at, variables, answers=answers, hold=hold, of=self.run))

    def rerun(self, from_visit: int, *, hold: bool = False) -> None:
        """Go through the run that is looked at again from a node visit, with all that was answered."""
        self._again(self._current().rerun(from_visit, hold=hold, of=self.run))

    def _again(self, work: "Coroutine[Any, Any, object]") -> None:
        self._submit(work)
        self.stopped_at = None
        self.journey = self.shown
        self._enter("running")
        self.waiting.emit(None, None)

    def use_breakpoints(self, breakpoints: Sequence[Breakpoint]) -> None:
        """Stop at these from now on, also in the run under way."""
        self.breakpoints = tuple(breakpoints)
        if self._debugger is not None:
            self._debugger.breakpoints = list(self.breakpoints)

    def use_delay(self, seconds: float) -> None:
        """Let so much time pass before each node, to watch."""
        if self._debugger is not None:
            self._debugger.delay = seconds
