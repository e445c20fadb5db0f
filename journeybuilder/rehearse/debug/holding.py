"""Holds a run at breakpoints and steps: the pace that a debugger sets.

The lanes of a run go on by themselves, each in a task. Whoever comes to a place where the run is to stop
is held there, and so is every other lane at its next place; a step lets only the lane go on that is
shown, and when that one has come to its end, the lane that has been held longest is shown.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from typing_extensions import override

from journeybuilder.rehearse.debug.breakpoints import Breakpoint, Stop, StopReason
from journeybuilder.rehearse.debug.timeline import place_of, wires_of
from journeybuilder.rehearse.debug.watch import holds
from journeybuilder.run.pace import Pace
from journeybuilder.run.state import Event
from journeybuilder.run.tokens import ROOT, RunState, Token, within

Mode = Literal["go", "step", "over", "hold"]


_WAITS = frozenset({"listen", "person", "sleep", "event"})
"""Effects that stop the run anyway, if they take time."""


@dataclass(eq=False)
class Held:
    """A lane that has come to a place where it can be held.

    Attributes:
        place: The node, in a called journey `journey/node`.
        known_as: The same with the journey's name in front, also in the run's own journey.
        tool: What is about to be called, or an empty text before a node.
        hit: The breakpoint that it has come to, or None.
        shown: Whether a stop has told of it.
    """

    lane: str
    frame: str
    place: str
    known_as: str
    holds: Callable[[str, Mapping[str, Any]], bool | None]
    task: "asyncio.Task[Any] | None"
    tool: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    within_visit: bool = False
    hit: Breakpoint | None = None
    shown: bool = False
    go: "asyncio.Future[None] | None" = None

    @property
    def before_node(self) -> bool:
        """Whether a node comes next, not an effect of one."""
        return not self.within_visit


class Holder(Pace):
    """Holds the lanes of one run.

    Args:
        breakpoints: Those that there are now.
        stopped: Told of every stop; its index is for the listener to fill in.
        now: The run's time.

    Attributes:
        mode: How the run goes on.
        goal: The node that it goes on to, or an empty text.
        at_once: Whether it is to be held at the first place that it comes to.
        delay: Seconds before each node.
        driver: The task that drives the run; lanes have others.
        shown: The lane that was told of last, while it is held.
    """

    def __init__(
        self,
        breakpoints: Callable[[], Sequence[Breakpoint]],
        stopped: Callable[[StopReason, Held, str], None],
        now: Callable[[], float],
    ) -> None:
        self._breakpoints = breakpoints
        self._stopped = stopped
        self._now = now
        self._held: list[Held] = []
        self._watched: set[asyncio.Task[Any]] = set()
        self._moving: asyncio.Task[Any] | None = None
        self._start: Held | None = None
        self._parents: Mapping[str, str] = {}
        self._held_before: dict[Breakpoint, bool] = {}
        self._wire: Breakpoint | None = None
        self._pausing = False
        self.mode: Mode = "go"
        self.goal = ""
        self.at_once = False
        self.delay = 0.0
        self.driver: asyncio.Task[Any] | None = None
        self.shown: Held | None = None

    # -- commands ----------------------------------------------------------------------------

    def let(self, mode: Mode, goal: str = "") -> None:
        """Let the run go on; a breakpoint that another lane has come to meanwhile is shown first."""
        self._pausing = False
        self.mode, self.goal = mode, goal
        waiting = next((one for one in self._held if one.hit is not None and not one.shown), None)
        if waiting is not None:
            self._show("breakpoint", waiting)
            return
        shown, self.shown = self.shown, None
        if mode == "go":
            for one in list(self._held):
                self._release(one)
        elif shown is not None and shown in self._held:
            self._start, self._moving = shown, shown.task
            self._release(shown)
        elif self._held:
            self._show("step", self._held[0])

    def pause(self) -> None:
        """Hold everything at its next place."""
        self.mode, self._pausing = "hold", True

    def told(self, event: Event, place: str, state: RunState) -> None:
        """Look whether a wire with a breakpoint was gone along."""
        for node, port in wires_of(event, place):
            for point in self._enabled("edge"):
                if point.port == port and point.node in {node, f"{state.journey}/{node}"}:
                    token = _after(state, event)
                    if not point.when or holds(state, token, point.when, self._now()):
                        self._wire = point

    def parked(self) -> None:
        """The run waits for somebody: what it has come by meanwhile is seen anyway."""
        self._wire = None
        self._moving = None

    # -- the pace ----------------------------------------------------------------------------

    @override
    async def before_node(self, state: RunState, token: Token) -> None:
        if self.delay:  # at 0 not even a turn of the loop: lanes go on as without anybody looking
            await asyncio.sleep(self.delay)
        await self._come(state, self._at(state, token))

    @override
    async def before_effect(
        self, state: RunState, token: Token, kind: str, request: Mapping[str, Any]
    ) -> None:
        held = self._at(state, token)
        held.within_visit = True
        if kind == "tool":
            held.tool, held.arguments = request["tool"], request["arguments"]
        elif kind == "model":
            held.tool, held.arguments = f"model:{request['model']}", {}
        await self._come(state, held, free=not token.effects or kind in _WAITS)

    def _at(self, state: RunState, token: Token) -> Held:
        place = place_of(state, token)
        known_as = place if token.frame != ROOT else f"{state.journey}/{place}"

        def true(expression: str, more: Mapping[str, Any]) -> bool | None:
            return holds(state, token, expression, self._now(), more)

        return Held(token.lane, token.frame, place, known_as, true, asyncio.current_task())

    async def _come(self, state: RunState, held: Held, *, free: bool = False) -> None:
        held.hit = self._hit(held)
        arrived = self.at_once or self._arrives(held)
        self._parents = {frame.id: frame.parent for frame in state.frames.values()}
        if held.hit is None and not arrived and self._passes(held, free=free):
            return
        self._watch(held.task)
        held.go = asyncio.get_running_loop().create_future()
        self._held.append(held)
        if self.shown is None:
            self._tell(held, arrived=arrived)
        try:
            await held.go
        finally:
            if held in self._held:
                self._held.remove(held)
            if self.shown is held:
                self.shown = None

    def _tell(self, held: Held, *, arrived: bool) -> None:
        """Show a lane that has come to where the run is to stop; else it is held quietly."""
        if held.hit is not None:
            self._show("breakpoint", held)
        elif arrived or (self.mode in {"step", "over"} and self._its_turn(held)):
            self._show("step", held)
        elif self._pausing:
            self._show("paused", held)

    def _passes(self, held: Held, *, free: bool) -> bool:
        """Whether a lane goes by without being held; `free` is an effect that a step does not end at."""
        if self.mode == "hold":
            return False
        if self.mode == "go":
            return True
        return free or (self.mode == "over" and self._below(held))

    def _arrives(self, held: Held) -> bool:
        return bool(self.goal) and held.before_node and self.goal in {held.place, held.known_as}

    def _below(self, held: Held) -> bool:
        """Whether it lies in a journey or a lane that the node stepped over has opened."""
        start = self._start
        if start is None:
            return False
        deeper = held.lane != start.lane and within(held.lane, start.lane)
        return deeper or self._inside(held.frame, start.frame)

    def _inside(self, frame: str, outer: str) -> bool:
        while frame != outer and frame in self._parents:
            frame = self._parents[frame]
            if frame == outer:
                return True
        return False

    def _its_turn(self, held: Held) -> bool:
        """Whether the step ends with this lane: it is the one that was let go, or comes after it."""
        moving = self._moving
        if moving is None or moving.done() or moving is held.task:
            return True
        return moving is self.driver  # it has opened lanes, of which this is the first to come

    def _watch(self, task: "asyncio.Task[Any] | None") -> None:
        if task is not None and task is not self.driver and task not in self._watched:
            self._watched.add(task)
            task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[Any]") -> None:
        """A lane has come to its end: in a step, the one that has been held longest is shown."""
        self._watched.discard(task)
        if task is self._moving:
            self._moving = None
            if self.mode in {"step", "over"} and self._held:
                self._show("step", self._held[0])

    def _release(self, held: Held) -> None:
        if held.go is not None and not held.go.done():
            held.go.set_result(None)
        self._held.remove(held)

    def _show(self, reason: StopReason, held: Held) -> None:
        self.mode, self.goal, self.shown, held.shown = "hold", "", held, True
        self._pausing = self.at_once = False
        self._moving = None
        self._stopped(reason, held, _words(reason, held))

    # -- breakpoints -------------------------------------------------------------------------

    def _enabled(self, kind: str) -> list[Breakpoint]:
        return [one for one in self._breakpoints() if one.enabled and one.kind == kind]

    def _hit(self, held: Held) -> Breakpoint | None:
        wire, self._wire = self._wire, None
        if wire is not None:
            return wire
        points = [one for one in self._breakpoints() if one.enabled and one.kind != "edge"]
        hits = [
            one for one in points if self._is_hit(one, held)
        ]  # each: conditions are kept track of
        return hits[0] if hits else None

    def _is_hit(self, point: Breakpoint, held: Held) -> bool:
        here = point.node in {held.place, held.known_as}
        if point.kind == "condition" and not point.node:
            return self._begins(point, held)
        if point.kind == "condition":
            return here and held.before_node and held.holds(point.when, {}) is True
        if point.kind == "tool":
            meant = bool(point.tool) and point.tool == held.tool and (here or not point.node)
            return meant and self._agrees(point, held)
        return here and held.before_node and self._agrees(point, held)

    def _agrees(self, point: Breakpoint, held: Held) -> bool:
        return (
            not point.when.strip() or held.holds(point.when, {"arguments": held.arguments}) is True
        )

    def _begins(self, point: Breakpoint, held: Held) -> bool:
        """Whether a condition that is looked at anywhere has begun to hold."""
        now, before = held.holds(point.when, {}), self._held_before.get(point, False)
        if now is not None:  # a called journey may not know the names
            self._held_before[point] = now
        return now is True and not before


def _after(state: RunState, event: Event) -> Token:
    """Where the lane stands that has gone along a wire."""
    found = state.tokens.get(event["lane"])
    return found or next(iter(state.tokens.values()), Token(ROOT, ""))


def _words(reason: StopReason, held: Held) -> str:
    place = f"'{held.place}'"
    before = place if held.before_node else f"the next effect of {place}"
    if held.tool:
        before = f"'{held.tool}' at {place}"
    if reason == "paused":
        return f"paused before {before}"
    if reason == "step" or held.hit is None:
        return f"before {before}"
    point = held.hit
    if point.kind == "condition":
        return f"'{point.when}' holds, before {before}"
    if point.kind == "edge":
        return f"came along '{point.port}' of '{point.node}', before {before}"
    return f"breakpoint before {before}"


def stop_of(reason: StopReason, held: Held, words: str, index: int) -> Stop:
    """What is told of a lane that is held."""
    return Stop(
        reason, held.place, words, index, held.hit, held.tool, dict(held.arguments), held.lane
    )
