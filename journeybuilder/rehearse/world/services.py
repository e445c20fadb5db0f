"""The rehearsed customer and people, from a scenario, and what is remembered of the customer."""

from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.services import (
    Channel,
    Fact,
    Listening,
    Memory,
    Message,
    People,
    PersonAnswer,
    PersonTask,
)
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.run.facts import who
from journeybuilder.run.tokens import within
from journeybuilder.run.values import CONSENT


class ScriptedCustomer(Channel):
    """A customer who answers by script; says nothing where the script has no fitting line.

    Lines are used in turn. A line with `hears` is said only once words like that were heard since the
    last answer, in the lane that listens; a line without it always fits. When nothing fits and the wait
    has an end, the clock goes there: the customer did not answer. In a lane of several it stays: others
    may have something to do before. A line `silent: true` uses its turn for saying nothing.
    """

    def __init__(self, lines: Sequence[Mapping[str, Any]], clock: VirtualClock) -> None:
        self._lines = list(lines)
        self._clock = clock
        self._heard: list[tuple[str, str]] = []
        self._silent: set[tuple[str, str, float | None]] = set()

    def add(self, line: Mapping[str, Any]) -> None:
        """One more line, for a customer who is made up as the run goes."""
        self._lines.append(line)

    @override
    async def say(self, message: Message) -> None:
        self._heard.append((message.lane, message.text))

    @override
    async def listen(self, listening: Listening) -> str | None:
        lane = listening.lane
        line = self._next(listening)
        if line is None:
            if listening.until is not None and "/" not in lane:
                self._clock.pass_to(listening.until)
            return None
        self._lines.remove(line)
        self._heard = [one for one in self._heard if not within(one[0] or lane, lane)]
        if "after" in line:
            self._clock.pass_to(self._clock.now() + seconds(str(line["after"])))
        return str(line.get("says", ""))

    def _next(self, listening: Listening) -> Mapping[str, Any] | None:
        """The line to say; None for silence, which lasts as long as the wait does."""
        lane = listening.lane
        wait = (listening.node, lane, listening.until)
        if wait in self._silent:  # asked again, as another lane has woken the run
            return None
        line = next((line for line in self._lines if self._fits(line, lane)), None)
        if line is not None and line.get("silent") is True:
            self._lines.remove(line)
            self._silent.add(wait)
            return None
        return line

    def _fits(self, line: Mapping[str, Any], lane: str) -> bool:
        wanted = str(line.get("hears", "")).casefold()
        heard = [text for of, text in self._heard if within(of or lane, lane) or within(lane, of)]
        return wanted in " ".join(heard).casefold()


class ScriptedPeople(People):
    """People who decide by script, by node; without a line nobody decides until the time is up.

    A list is used in turn, its last line again and again. A line whose decision the node does not have,
    or that comes too late, is a turn in which nobody decides.
    """

    def __init__(self, decisions: Mapping[str, Any], clock: VirtualClock) -> None:
        self._decisions = decisions
        self._clock = clock
        self._turns: dict[str, tuple[int, float | None, bool]] = {}

    @override
    async def ask(self, task: PersonTask) -> PersonAnswer | None:
        line = self._line(task)
        decision = str(line.get("decision", "done" if task.kind == "handoff" else ""))
        after = seconds(str(line.get("after", "0s")))
        answers_at = self._clock.now() + after
        late = task.until is not None and answers_at >= task.until
        if decision not in task.decisions or late:
            if task.until is not None:
                self._clock.pass_to(task.until)
            return None
        self._clock.pass_to(answers_at)
        number, _, _ = self._turns[task.node]
        self._turns[task.node] = number + 1, None, False
        return PersonAnswer(
            decision, str(line.get("by", "rehearsal")), line.get("value"), str(line.get("note", ""))
        )

    def _line(self, task: PersonTask) -> Mapping[str, Any]:
        """The line of this wait; asked again, as another lane has woken the run, it is the same."""
        number, until, asked = self._turns.get(task.node, (0, None, False))
        if asked and until != task.until:
            number += 1
        self._turns[task.node] = number, task.until, True
        entry = self._decisions.get(task.node)
        turns = as_list(entry) or [entry]
        return as_object(turns[min(number, len(turns) - 1)])


SOMEBODY = "somebody"
"""The customer of a scenario that remembers something and does not say of whom."""


async def recall(
    memory: Memory, scenario: Scenario, session: Mapping[str, str], given: Mapping[str, Any]
) -> dict[str, str]:
    """Let a memory know what the scenario says of the customer; gives the session, who it is included."""
    facts = [
        Fact(name, {"given": value is True} if name.startswith(CONSENT) else value, "rehearsal")
        for name, value in scenario.remembered.items()
    ]
    customer = who(session, given) or SOMEBODY
    if not facts:
        return dict(session)
    await memory.remember(customer, facts)
    return {**session, "customer": customer}
