"""Who answers in a rehearsal on the screen: the person, a scenario, or an earlier run once more."""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.services import (
    Channel,
    Listening,
    Message,
    People,
    PersonAnswer,
    PersonTask,
)
from journeybuilder.rehearse.scenario import Scenario, lines_of
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.rehearse.world.services import ScriptedCustomer
from journeybuilder.run.engine import Engine
from journeybuilder.run.state import Event, RunState

RUN = "rehearsal"
_BY_PEOPLE = frozenset({"listen", "person"})


class Player(Protocol):
    """Moves a run on that waits, as somebody else than the person at the screen would."""

    async def move(self, engine: Engine, state: RunState) -> RunState | None:
        """Let come what comes next; None when the person at the screen has to do something."""
        ...


class Screen(Channel, People):
    """Nobody answers at once: the run parks, and the screen shows what it waits for.

    Args:
        again: Answers of an earlier run that are given once more, by the node that asked.
    """

    def __init__(self, again: "Again | None") -> None:
        self._again = again

    @override
    async def say(self, message: Message) -> None:
        del message  # the event shows it

    @override
    async def listen(self, listening: Listening) -> str | None:
        answer = self._next("listen", listening.node)
        return None if answer is None else answer["text"]

    @override
    async def ask(self, task: PersonTask) -> PersonAnswer | None:
        answer = self._next("person", task.node)
        if answer is None or answer["decision"] not in task.decisions:
            return None
        return PersonAnswer(**answer)

    def _next(self, kind: str, node: str) -> Mapping[str, Any] | None:
        return None if self._again is None else self._again.answer(kind, node)


class Again(Player):
    """What came from outside in an earlier run, once more and in the same order.

    Args:
        events: All of the earlier run's events.
        at: How many of them lie behind the new run.
    """

    def __init__(self, events: Sequence[Event], at: int, clock: VirtualClock) -> None:
        self._clock = clock
        self._answers: dict[tuple[str, str], deque[Mapping[str, Any]]] = {}
        self._came: dict[str, deque[Any]] = {}
        self._passed = 0
        asked: dict[tuple[int, int], int] = {}
        moment = float(events[at - 1]["at"]) if at else 0.0
        for number, event in enumerate(events):
            if event["event"] == "asked":
                asked[event["visit"], event["index"]] = number
            elif event["event"] in {"answered", "errored"}:
                begun = asked.pop((event["visit"], event["index"]), at)
                # a wait that is over by then ends by itself
                silent = event.get("effect") in _BY_PEOPLE and _is_silence(
                    event.get("answer") or {}
                )
                if begun < at and event["at"] <= moment and silent:
                    continue
            if number >= at:
                self._take(event)
        self._unanswered = {
            (events[number]["effect"], events[number]["node"]) for number in asked.values()
        }

    def _take(self, event: Event) -> None:
        name = event["event"]
        if name == "answered" and event["effect"] in _BY_PEOPLE:
            place = event["effect"], event["node"]
            self._answers.setdefault(place, deque()).append(event["answer"])
        elif name == "signaled":
            self._came.setdefault(event["name"], deque()).append(event["data"])
        elif name == "resumed" and event["by"] == "time":
            self._passed += 1

    def answer(self, kind: str, node: str) -> Mapping[str, Any] | None:
        """The next answer at a node, which is used up by that; None where nobody answered, or asked."""
        left = self._answers.get((kind, node))
        return left.popleft() if left and not _is_silence(left[0]) else None

    @override
    async def move(self, engine: Engine, state: RunState) -> RunState | None:
        for wait in state.waits:
            came = self._came.get(str(wait.get("name", "")))
            if wait["kind"] == "event" and came:
                return await engine.signal(RUN, str(wait["name"]), came.popleft(), "rehearsal")
        for wait in state.waits:
            answer = self.answer(*_asker(wait)) if _is_for_people(wait) else None
            if answer is not None:
                by = "customer" if "text" in answer else RUN
                return await engine.answer(RUN, answer, by, wait["lane"])
        ends = _ends(state)
        silent = [wait for wait in state.waits if self._answers.get(_asker(wait))]
        if not ends or not (silent or self._passed):
            return None
        if any(map(self._is_asked_anew, state.waits)):
            return None
        self._clock.pass_to(min(ends))
        for wait in silent:
            if wait["until"] is not None and wait["until"] <= min(ends):
                self._answers[_asker(wait)].popleft()
        self._passed = max(0, self._passed - 1)
        return await engine.resume(RUN)

    def _is_asked_anew(self, wait: Mapping[str, Any]) -> bool:
        """Whether somebody is waited for who was not left waiting in the earlier run."""
        asker = _asker(wait)
        known = asker in self._unanswered or self._answers.get(asker)
        return _is_for_people(wait) and not known


class Script(Player):
    """What the scenario lets come: events at their time, and the ends of waits.

    Args:
        behind: The events of the run that lie behind: what has come by then does not come again.
    """

    def __init__(
        self, scenario: Scenario, clock: VirtualClock, behind: Sequence[Event] = ()
    ) -> None:
        self._clock = clock
        came = Counter(event["name"] for event in behind if event["event"] == "signaled")
        self._coming = {
            name: deque(lines_of(entry)[came[name] :]) for name, entry in scenario.events.items()
        }
        self._moments: dict[str, float] = {}

    @override
    async def move(self, engine: Engine, state: RunState) -> RunState | None:
        for wait in state.waits:
            name = str(wait.get("name", ""))
            if wait["kind"] == "event" and self._coming.get(name) and name not in self._moments:
                after = seconds(str(self._coming[name][0].get("after", "0s")))
                self._moments[name] = self._clock.now() + after
        ends = _ends(state)
        event = min(self._moments, key=lambda name: self._moments[name], default=None)
        if event is not None and self._moments[event] <= min(ends, default=self._moments[event]):
            self._clock.pass_to(self._moments.pop(event))
            data = self._coming[event].popleft().get("data")
            return await engine.signal(RUN, event, data, "scenario")
        if not ends:
            return None
        self._clock.pass_to(min(ends))
        return await engine.resume(RUN)


async def scripted_customer(
    scenario: Scenario, clock: VirtualClock, behind: Sequence[Event]
) -> ScriptedCustomer:
    """The scenario's customer, who has lived through the events that lie behind."""
    customer = ScriptedCustomer(scenario.customer, clock)
    for event in behind:
        if event["event"] != "asked" or event["effect"] not in {"say", "listen"}:
            continue
        clock.pass_to(event["at"])
        if event["effect"] == "say":
            words = str(event["request"]["text"])
            await customer.say(Message(RUN, event["node"], words, lane=event["lane"]))
        else:
            await customer.listen(Listening(RUN, event["node"], lane=event["lane"]))
    return customer


async def hear(customer: Channel, behind: Sequence[Event]) -> None:
    """Let a simulated customer hear what was said before it took over."""
    for event in behind:
        if event["event"] == "asked" and event["effect"] == "say":
            words = str(event["request"]["text"])
            await customer.say(Message(RUN, event["node"], words, lane=event["lane"]))


def _ends(state: RunState) -> list[float]:
    return [float(wait["until"]) for wait in state.waits if wait.get("until") is not None]


def _asker(wait: Mapping[str, Any]) -> tuple[str, str]:
    return ("listen" if wait["kind"] == "customer" else "person"), wait["node"]


def _is_silence(answer: Mapping[str, Any]) -> bool:
    """Whether nobody said or decided anything."""
    return answer.get("text", answer.get("decision")) is None


def _is_for_people(wait: Mapping[str, Any]) -> bool:
    return wait["kind"] not in {"time", "event"}
