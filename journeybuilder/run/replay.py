"""Replays a recorded run with today's plan and program: would it come to the same?

Nothing is called: every answer comes from the record. Each step is held against what the record says of
it, so two runs that differ do so at the first step that is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from typing_extensions import override

from journeybuilder.contract.json import canonical
from journeybuilder.contract.services import Clock, Services
from journeybuilder.plan.plan import Plan
from journeybuilder.run.cache import Cache
from journeybuilder.run.effects import Driven, Parked
from journeybuilder.run.gate import Gate
from journeybuilder.run.recorder import Recorder
from journeybuilder.run.state import FINAL, Event, apply
from journeybuilder.run.tokens import ROOT, Effect, RunState
from journeybuilder.run.turns import Turns


@dataclass(frozen=True)
class Replayed:
    """How a replay went.

    Attributes:
        state: The state of the record, up to the first difference or its end.
        difference: What is different today, in words; empty when all is the same.
        node: Where.
    """

    state: RunState
    difference: str = ""
    node: str = ""


class _Differs(BaseException):
    def __init__(self, words: str, node: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.node = node


class _Unanswered(BaseException):
    """The record has no answer to this: the run ended or waited here."""


class _Still(Clock):
    """The clock of the record: it shows the time of the event that is looked at."""

    def __init__(self) -> None:
        self.moment = 0.0

    @override
    def now(self) -> float:
        return self.moment

    @override
    async def wait(self, until: float) -> bool:
        raise _Unanswered


class _Nobody:
    """Every service of a replay: whoever needs one asks for something that was not recorded."""

    def __getattr__(self, name: str) -> Any:
        raise _Unanswered


class _Notes(Recorder):
    """Takes down what would be recorded, and leaves state and journal as they are."""

    def __init__(self, state: RunState, clock: Clock) -> None:
        super().__init__(state, 0, cast("Any", _Nobody()), clock)
        self.noted: list[tuple[str, Mapping[str, Any]]] = []

    @override
    def emit(self, name: str, /, **body: Any) -> None:
        if name == "asked":
            raise _Differs(f"asks for '{body['effect']}', which it did not", body["node"])
        self.noted.append((name, body))

    @override
    async def commit(self) -> None:
        return


async def replay(plan: Plan, events: Sequence[Event]) -> Replayed:
    """Go through a run's events as they were recorded, all of them from the first on."""
    clock, state = _Still(), RunState()
    nobody = cast("Any", _Nobody())
    services = Services(nobody, nobody, nobody, nobody, clock, nobody)
    replayer = _Replayer(plan, services, clock, state)
    try:
        for event in events:
            clock.moment = event["at"]
            await replayer.hold(event)
            apply(state, event)
        await replayer.hold_rest()
    except _Differs as different:
        return Replayed(state, different.words, different.node)
    return Replayed(state)


class _Replayer:
    def __init__(self, plan: Plan, services: Services, clock: _Still, state: RunState) -> None:
        self._plan = plan
        self._services = services
        self._clock = clock
        self._state = state

    async def hold(self, event: Event) -> None:
        """See whether today this event would come too.

        Raises:
            _Differs: When not.
        """
        name = event["event"]
        if name == "started":
            if event["node"] != self._plan.journey.start:
                words = f"starts at '{self._plan.journey.start}', not at '{event['node']}'"
                raise _Differs(words, event["node"])
        elif name == "entered":
            self._known(event)
        elif name in _OF_A_VISIT:
            await self._visit(event)
        elif name == "joined":
            self._joined(event)

    def _known(self, event: Event) -> None:
        token = self._state.tokens[event["lane"]]
        journey = self._plan.journeys.get(self._state.frames[token.frame].journey)
        if journey is None or event["node"] not in journey.nodes:
            raise _Differs(f"has no node '{event['node']}'", event["node"])

    async def _visit(self, event: Event) -> None:
        frame = self._state.frames.get(event.get("frame", ROOT))
        if frame is not None and frame.closing is not None and event["event"] in _LAST:
            return  # the undos are done: it comes as `closing` has said
        if event["event"] == "closing" and event["then"]["event"] == "rewound":
            return  # somebody wanted it
        lane = event.get("from", event.get("lane", ROOT))
        token = self._state.tokens[lane]
        noted = await self._turn(lane)
        if not noted:
            raise _Differs(f"waits, where it {_said(event)}", token.node)
        name, body = noted[0]
        today = {"event": name, **body}
        if not _same(today, event):
            words = f"{_said(today)}, where it {_said(event)}"
            if _said(today) == _said(event):
                words = _values(today, event)
            raise _Differs(words, token.node)

    async def _turn(self, lane: str) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """What a lane's visit comes to today, with the recorded answers."""
        notes = _Notes(self._state, self._clock)
        compare = None if self._state.forks else self._compare(self._state.tokens[lane].node)
        gate = Gate(self._plan, self._services)
        driven = Driven(self._plan, self._services, gate, notes, Cache(), compare=compare)
        turns = Turns(driven)
        try:
            ending = await turns.turn(self._state.tokens[lane])
        except (_Unanswered, Parked):
            return []
        if ending is not None:
            turns.ends.conclude(ending)
        return notes.noted

    @staticmethod
    def _compare(node: str) -> Any:
        def compare(effect: Effect, today: Mapping[str, Any]) -> None:
            for key in _ASKED.get(effect.kind, ()):
                then, now = effect.request.get(key), today.get(key)
                if canonical(then) != canonical(now):
                    words = f"asks with '{key}' {canonical(now)}, where it was {canonical(then)}"
                    raise _Differs(words, node)

        return compare

    def _joined(self, event: Event) -> None:
        fork = self._state.forks[event["lane"]]
        ends = Turns(
            Driven(
                self._plan,
                self._services,
                Gate(self._plan, self._services),
                _Notes(self._state, self._clock),
                Cache(),
            )
        ).ends
        end, met = ends.deadline(fork), event["meeting"]
        late = end is not None and self._clock.now() >= end
        if not (late if met["timed_out"] else ends.enough(fork)):
            raise _Differs("goes on waiting for its lanes, where it went on", event["node"])

    async def hold_rest(self) -> None:
        """See whether a run that waits would still wait today.

        Raises:
            _Differs: When not.
        """
        if self._state.status in FINAL:
            return
        for lane, token in list(self._state.tokens.items()):
            if token.visit and not self._state.frames[token.frame].closing:
                noted = await self._turn(lane)
                if noted:
                    today = {"event": noted[0][0], **noted[0][1]}
                    raise _Differs(f"{_said(today)}, where it waits", token.node)


_OF_A_VISIT = frozenset(
    {"left", "caught", "forked", "called", "returned", "closing", "ended", "failed"}
)
_LAST = frozenset({"returned", "ended", "failed"})
_ASKED: Mapping[str, Sequence[str]] = {
    "tool": ("tool", "arguments"),
    "model": ("model", "schema"),
    "say": ("text", "choices"),
    "person": ("to", "decisions", "show"),
    "journey": ("journey", "input"),
    "resource": ("uri",),
    "prompt": ("prompt", "arguments"),
    "event": ("name",),
}
"""What has to be asked for in the same words; moments are left out, and the words to a model as well:
how a kind instructs it is worded better from version to version, and the recorded answer stands."""


_TOLD = frozenset({"run", "seq", "at"})
_MAY_LACK = frozenset({"undo", "keep", "keep_on", "anew", "answer", "error"})


def _same(today: Mapping[str, Any], then: Mapping[str, Any]) -> bool:
    """Whether two events say the same; an old version may have said less."""
    keys = (set(then) | (set(today) & _MAY_LACK)) - _TOLD
    return all(canonical(today.get(key)) == canonical(then.get(key)) for key in keys)


def _said(event: Mapping[str, Any]) -> str:
    name = event["event"]
    if name == "left":
        return f"goes by '{event['port']}' to '{event['target']}'"
    if name == "caught":
        return f"fails ({event['error']['code']}) and goes to '{event['target']}'"
    if name == "closing":
        return f"takes back what was done, then is {event['then']['event']}"
    if name == "failed":
        return f"fails: {event['error']['message']}"
    if name == "ended":
        return f"ends with '{event['outcome']}'"
    return _NAMES.get(name, str(name))


_NAMES = {"forked": "opens lanes", "called": "calls a journey", "returned": "gives back",
          "entered": "begins"}  # fmt: skip


def _values(today: Mapping[str, Any], then: Mapping[str, Any]) -> str:
    """The first value in which two events of the same kind differ."""
    for key in {**then, **today}:
        one, other = today.get(key), then.get(key)
        if key not in {"event", "run", "seq", "at"} and canonical(one) != canonical(other):
            return f"gives for '{key}' {canonical(one)}, where it was {canonical(other)}"
    return "differs"
