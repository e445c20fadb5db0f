"""A rehearsal that a person plays in, holds, looks into, and takes another way from any moment."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from journeybuilder.contract.services import Models, Tools
from journeybuilder.errors import OperatorError
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.debug.branching import branched
from journeybuilder.rehearse.debug.breakpoints import Breakpoint, Stop
from journeybuilder.rehearse.debug.holding import Mode
from journeybuilder.rehearse.debug.known import ApartTools, known_of
from journeybuilder.rehearse.debug.one_run import Begin, OneRun, World
from journeybuilder.rehearse.debug.playing import RUN
from journeybuilder.rehearse.debug.timeline import Timeline
from journeybuilder.rehearse.debug.watch import Watched, watch
from journeybuilder.rehearse.debug.worlds import Worlds
from journeybuilder.rehearse.recorded.recording import Recording
from journeybuilder.rehearse.scenario import Scenario, lines_of
from journeybuilder.rehearse.world.cast import Cast
from journeybuilder.rehearse.world.services import recall
from journeybuilder.run.recorder import Observer
from journeybuilder.run.state import FINAL, Event
from journeybuilder.run.tokens import RunState

__all__ = ["Breakpoint", "Debugger", "Stop"]


class Debugger:
    """One rehearsal at a time, and the runs that were branched from it.

    Every command that lets the run go on gives the `Stop` at which it stands still again; `on_stop` is
    told of the same. A command that is cancelled leaves the run going: `stop` ends it.
    Stepping back is looking at an earlier moment of a `Timeline`; nothing is undone by it.

    All of it belongs to one event loop.

    Args:
        plan: The journey made ready.
        scenario: What tools, models and events answer; with `script` also customer and people.
        cast: Who plays what.
        recording: Answers what the scenario does not.
        tools: Real tools, or None.
        models: Real models, or None.
        script: Whether the scenario plays customer and people too, and lets events come and time pass:
            the run goes as in `jb test`. The person at the screen is asked only where it would stay.
        on_event: Told of every event of the current run as it happens, and of words while a model
            writes (`writing`). Answers carry `took`: real seconds. Of a branch only what is new is told;
            `timelines[-1]` has all of it.
        on_stop: Told whenever the run stands still; a pause may be told of twice: at once, and when the
            call in progress has come to its end.

    Attributes:
        breakpoints: May be changed at any time.
        timelines: One for each run made, the last is the current one. They belong to the loop that
            drives the run; another thread makes its own of their `events`.
    """

    def __init__(  # noqa: PLR0913 - whoever starts a rehearsal chooses all of it
        self,
        plan: Plan,
        *,
        scenario: Scenario | None = None,
        cast: Cast | None = None,
        recording: Recording | None = None,
        tools: Tools | None = None,
        models: Models | None = None,
        script: bool = False,
        on_event: Observer,
        on_stop: Callable[[Stop], None] | None = None,
    ) -> None:
        self.breakpoints: list[Breakpoint] = []
        self.timelines: list[Timeline] = []
        self._plan = plan
        self._scenario = scenario or Scenario("", plan.journey.id)
        apart = None if tools is None else ApartTools(plan, tools, uuid4().hex[:12])
        self._worlds = Worlds(plan, self._scenario, cast, recording, apart, models, script=script)
        self._on_event = on_event
        self._on_stop = on_stop or _nobody
        self._runs: list[OneRun] = []
        self._mode: Mode = "go"
        self._delay = 0.0

    @property
    def delay(self) -> float:
        """Seconds to let pass before each node, for whoever wants to watch."""
        return self._delay

    @delay.setter
    def delay(self, seconds: float) -> None:
        self._delay = seconds
        for run in self._runs:
            run.holder.delay = seconds

    @property
    def state(self) -> RunState | None:
        """The state of the current run, to look at only; None before the first."""
        return self._runs[-1].state if self._runs else None

    @property
    def waiting_for(self) -> Mapping[str, Any] | None:
        """What the run waits for (`kind` is `customer`, `review`, `handoff` …), or None."""
        state = self.state
        return state.waiting_for if state is not None else None

    @property
    def misses(self) -> Sequence[str]:
        """What the recording was asked in the current run and does not have, in words."""
        return self._runs[-1].world.misses if self._runs else ()

    # -- beginning ---------------------------------------------------------------------------

    async def start(
        self,
        given: Mapping[str, Any],
        channel: str = "chat",
        language: str = "",
        *,
        hold: bool = False,
    ) -> Stop:
        """Begin a run; one that is under way is left where it stands.

        Args:
            given: What the run starts with.
            channel: The channel that it is held over.
            language: The customer's language; an empty text is the journey's first.
            hold: Whether to stop before the first node.

        Raises:
            OperatorError: When the journey does not take this.
            AuthorError: When the cast wants a recording or something real, and there is none.
        """
        session = {
            "channel": channel,
            "language": language or self._plan.journey.languages[0],
            "tenant": "",
        }
        world, memory = self._worlds.first()
        session = await recall(memory, self._scenario, session, given)
        run = await self._new(world, [], hold=hold)
        return await run.drive(partial(run.engine.start, given, session, RUN))

    async def _new(self, world: World, behind: Sequence[Event], *, hold: bool) -> OneRun:
        await self._leave()
        self._mode = "go"
        run = OneRun(
            self._plan, world, lambda: self.breakpoints, self._on_event, self._on_stop, behind
        )
        run.holder.delay = self._delay
        run.holder.at_once = hold
        self._runs.append(run)
        self.timelines.append(run.timeline)
        return run

    async def _leave(self) -> None:
        if self._runs:
            await self._runs[-1].leave()

    # -- letting it go on --------------------------------------------------------------------

    async def go_on(self) -> Stop:
        """Go on to the next breakpoint, wait or end."""
        return await self._let("go")

    async def step(self) -> Stop:
        """Go on to the next node, or the next effect of this one, in the lane that is shown."""
        return await self._let("step")

    async def step_over(self) -> Stop:
        """Like `step`, but a called journey and opened lanes are gone through at once."""
        return await self._let("over")

    async def run_to(self, node: str) -> Stop:
        """Go on until a node (in a called journey `journey/node`) comes next."""
        return await self._let("go", node)

    async def _let(self, mode: Mode, goal: str = "") -> Stop:
        """Let the run go on in this way, also after it has waited; one that waits stands where it is."""
        run = self._current()
        self._mode = mode
        if not run.driving:
            run.holder.let(mode, goal)
            return run.stand_again()

        def let() -> None:
            run.holder.let(mode, goal)

        return await run.on(let)

    def pause(self) -> None:
        """Hold the run where it is, at once; a call in progress comes to its end first."""
        if self._runs:
            self._runs[-1].pause()

    async def stop(self) -> None:
        """End the run where it stands, at once; nothing happens when it is over."""
        if self._runs:
            await self._runs[-1].end()

    # -- what comes from outside -------------------------------------------------------------

    async def reply(self, text: str, node: str = "") -> Stop:
        """Say something as the customer.

        Args:
            text: The words.
            node: Which node's (or lane's) wait is meant, where there are several.

        Raises:
            OperatorError: When the run does not wait for the customer.
        """
        run = self._idle()
        return await self._drive(partial(run.engine.answer, RUN, {"text": text}, "customer", node))

    async def decide(
        self, decision: str, value: Any = None, note: str = "", node: str = ""
    ) -> Stop:
        """Decide as the person whom the run waits for.

        Args:
            decision: One of the words that the wait allows.
            value: What the person changed or gave.
            note: The person's own words.
            node: Which node's (or lane's) wait is meant, where there are several.

        Raises:
            OperatorError: When the run does not wait for a person, or not for this decision.
        """
        run = self._idle()
        answer = {"decision": decision, "by": RUN, "value": value, "note": note}
        return await self._drive(partial(run.engine.answer, RUN, answer, RUN, node))

    async def happen(self, event: str, data: Any = None) -> Stop:
        """Let a named event come, as the scenario has it or with other data; also to a run that is held.

        Raises:
            OperatorError: When no event can come to the run.
        """
        run = self._alive()
        came = sum(
            one["event"] == "signaled" and one["name"] == event for one in run.timeline.events
        )
        lines = lines_of(self._scenario.events.get(event))
        scripted = lines[min(came, len(lines) - 1)].get("data") if lines else None
        coming = partial(run.engine.signal, RUN, event, scripted if data is None else data, RUN)
        if not run.driving:
            return await self._drive(coming)
        await coming()
        return run.stand_again()

    async def let_time_pass(self) -> Stop:
        """Go to the end of the wait that ends first, as if nobody had answered.

        Raises:
            OperatorError: When no wait has an end.
        """
        run = self._idle()
        ends = [float(one["until"]) for one in run.state.waits if one.get("until") is not None]
        if not ends:
            raise OperatorError("this wait has no time-out", hint="Answer, or stop the rehearsal.")
        run.world.clock.pass_to(min(ends))
        return await self._drive(partial(run.engine.resume, RUN))

    async def _drive(self, begin: Begin) -> Stop:
        run = self._current()
        run.holder.let(self._mode, run.holder.goal)
        return await run.drive(begin)

    def _current(self) -> OneRun:
        if not self._runs:
            raise OperatorError("no rehearsal is under way", hint="Start one.")
        return self._runs[-1]

    def _alive(self) -> OneRun:
        run = self._current()
        if run.state.status in FINAL:
            raise OperatorError(
                f"the run does not wait for anybody: it is {run.state.status}",
                hint="Start again, or take another way from an earlier moment.",
            )
        return run

    def _idle(self) -> OneRun:
        run = self._alive()
        if run.driving:
            raise OperatorError(
                "the run does not wait: it is under way", hint="Let it go on until it waits."
            )
        return run

    # -- another way -------------------------------------------------------------------------

    async def branch(
        self,
        at: int,
        variables: Mapping[str, Any] | None = None,
        *,
        answers: bool = False,
        hold: bool = False,
        lane: str = "",
        of: int = -1,
    ) -> Stop:
        """Make a new run of the first `at` events of one, and go on with it.

        What tools and models answered in the earlier run is used again wherever the same is asked, so
        that nothing is paid twice; what was not asked then is asked anew. Where the earlier run waited
        at that moment, the new one does too: it can be answered differently.

        Args:
            at: The moment; 0 is taken as the one after the run has started.
            variables: Variables to change first, of the journey that the run is in then.
            answers: Whether words of the customer, decisions of people, events and times that passed
                are used again too.
            hold: Whether to stop before the next node or effect instead of going on.
            lane: The lane whose variables are changed; an empty text is the one that moved last.
            of: Which of `timelines`; the last unless said.

        Raises:
            OperatorError: When there is no such run, or it was over at that moment.
        """
        source = self._source(of)
        events = list(source.timeline.events)
        at = max(1, min(at, len(events)))
        if source.timeline.state(at).status in FINAL:
            raise OperatorError("the run was over by then", hint="Choose a moment before its end.")
        world = await self._worlds.later(
            events, at, known_of(self._plan, events, at, source.world.known), answers=answers
        )
        run = await self._new(world, events[:at], hold=hold)
        run.tell(branched(source.timeline, at, variables or {}, world.clock.now(), lane))
        await run.keep()
        if run.state.status == "parked":
            run.holder.parked()
            return await run.drive(run.stay)
        return await run.drive(partial(run.engine.resume, RUN))

    async def rerun(self, from_visit: int, *, hold: bool = False, of: int = -1) -> Stop:
        """Go through a run again from before a node visit, with all that was answered then.

        Args:
            from_visit: The number of the visit (`visit` of the event `entered`).
            hold: Whether to stop before that node instead of going on.
            of: Which of `timelines`; the last unless said.

        Raises:
            OperatorError: When there is no such run or visit.
        """
        at = self._source(of).timeline.visit(from_visit)
        if at is None:
            raise OperatorError(
                f"the run has no step {from_visit}", hint="Choose a node that it has visited."
            )
        return await self.branch(at, answers=True, hold=hold, of=of)

    def _source(self, of: int) -> OneRun:
        try:
            return self._runs[of]
        except IndexError:
            raise OperatorError("there is no such run", hint="Start a rehearsal.") from None

    def evaluate(self, expression: str, at: int | None = None, lane: str = "") -> Watched:
        """The value of an expression at a moment of the current run, now unless said; raises nothing."""
        if not self._runs:
            return Watched(error="no rehearsal is under way")
        timeline = self._runs[-1].timeline
        n = len(timeline) if at is None else at
        return watch(timeline.state(n), expression, at=timeline.at(n), lane=lane)


def _nobody(stop: Stop) -> None:
    del stop
