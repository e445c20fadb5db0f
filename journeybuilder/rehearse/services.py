"""The rehearsed world: tools, customer and people from a scenario; schemas where it says nothing."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from journeybuilder.connect.sample_values import sample
from journeybuilder.contract.durations import seconds
from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.contract.services import (
    Channel,
    Fact,
    Listening,
    Memory,
    Message,
    People,
    PersonAnswer,
    PersonTask,
    PromptGet,
    ResourceRead,
    ToolAnswer,
    ToolCall,
    Tools,
)
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError
from journeybuilder.rehearse.clock import VirtualClock
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.run.facts import who
from journeybuilder.run.tokens import within
from journeybuilder.run.values import CONSENT

SCRIPTED_NOTE = "from the scenario"
MADE_NOTE = "made from the tool's schema"


class RehearsedTools(Tools):
    """Tools that answer from a scenario, else from another source, else from their output schema.

    Args:
        scenario: What tools, resources and prompts answer: `{returns: …}`, `{fails: …}`, or a list of
            them, the last repeated.
        planned: The plan's definitions, for what has to be made up.
        real: Where given, whatever is not scripted is really called.
    """

    def __init__(
        self, scenario: Scenario, planned: Mapping[str, ToolDef], real: Tools | None = None
    ) -> None:
        self._scripted = scenario.tools
        self._resources = scenario.resources
        self._prompts = scenario.prompts
        self._planned = planned
        self._real = real
        self._calls: dict[str, int] = {}

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        number = self._calls.get(call.tool, 0)
        self._calls[call.tool] = number + 1
        tool = self._planned.get(call.tool)
        schema = as_object(tool.output_schema if tool is not None else None)
        if call.tool in self._scripted:
            answer = _scripted(call.tool, self._scripted[call.tool], number)
            return _filled(answer, schema, canonical(call.arguments))
        if self._real is not None:
            return await self._real.call(call)
        return ToolAnswer(sample(schema, canonical(call.arguments)) if schema else {}, MADE_NOTE)

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        if self._real is None or tool in self._scripted:
            return None
        return await self._real.definition(tool)

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        place = f"{reading.server}/{reading.uri}"
        for address, entry in self._resources.items():
            if _address(address).fullmatch(place):
                return _scripted(place, entry, 0)
        if self._real is not None:
            return await self._real.read(reading)
        return ToolAnswer(
            f"(what stands at {reading.uri})", "made up: the scenario has no such resource"
        )

    @override
    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        entry = self._prompts.get(getting.prompt)
        if entry is None and self._real is not None:
            return await self._real.prompt(getting)
        if entry is None:
            entry = f"{getting.prompt} {canonical(dict(getting.arguments))}"
        lines = as_list(entry) or [{"role": "user", "content": entry}]
        return [
            {"role": str(line.get("role", "user")),
             "content": _with_arguments(str(line.get("content", "")), getting.arguments)}
            for line in map(as_object, lines)
        ]  # fmt: skip


def _address(written: str) -> re.Pattern[str]:
    """Addresses that are the one written in a scenario, whatever stands in its blanks."""
    parts = re.split(r"\{[^{}]*\}", written)
    return re.compile("[^/]*".join(re.escape(part) for part in parts))


def _with_arguments(text: str, arguments: Mapping[str, str]) -> str:
    for name, value in arguments.items():
        text = text.replace("{" + name + "}", value)
    return text


def _scripted(tool: str, entry: Any, number: int) -> ToolAnswer:
    turns = as_list(entry) or [entry]
    turn = as_object(turns[min(number, len(turns) - 1)])
    if "fails" not in turn:
        return ToolAnswer(turn.get("returns"), SCRIPTED_NOTE)
    words = str(turn["fails"])
    if words == "timeout":
        raise StepError(
            "timeout", f"'{tool}' did not answer in time ({SCRIPTED_NOTE})", uncertain=True
        )
    if words == "unreachable":
        raise StepError("unreachable", f"the server of '{tool}' is down ({SCRIPTED_NOTE})")
    raise StepError("tool_failed", f"{words} ({SCRIPTED_NOTE})")


def _filled(answer: ToolAnswer, schema: Mapping[str, Any], seed: str) -> ToolAnswer:
    """The scenario's answer, with what the schema demands and the scenario leaves out made up.

    A scenario says what matters to it: `{returns: {total: 300}}`.
    """
    said = as_object(answer.value)
    missing = [name for name in as_list(schema.get("required")) if name not in said]
    if not said or not missing:
        return answer
    made = as_object(sample(schema, seed))
    added = {name: made[name] for name in missing if name in made}
    note = f"{answer.note}; {MADE_NOTE}: {', '.join(added)}"
    return ToolAnswer({**added, **said}, note) if added else answer


class ScriptedCustomer(Channel):
    """A customer who answers by script; says nothing where the script has no fitting line.

    Lines are used in turn. A line with `hears` is said only once words like that were heard since the
    last answer, in the lane that listens; a line without it always fits. When nothing fits and the wait
    has an end, the clock goes there: the customer did not answer. In a lane of several it stays: others
    may have something to do before.
    """

    def __init__(self, lines: Sequence[Mapping[str, Any]], clock: VirtualClock) -> None:
        self._lines = list(lines)
        self._clock = clock
        self._heard: list[tuple[str, str]] = []

    @override
    async def say(self, message: Message) -> None:
        self._heard.append((message.lane, message.text))

    @override
    async def listen(self, listening: Listening) -> str | None:
        lane = listening.lane
        line = next((line for line in self._lines if self._fits(line, lane)), None)
        if line is None:
            if listening.until is not None and "/" not in lane:
                self._clock.pass_to(listening.until)
            return None
        self._lines.remove(line)
        self._heard = [one for one in self._heard if not within(one[0] or lane, lane)]
        if "after" in line:
            self._clock.pass_to(self._clock.now() + seconds(str(line["after"])))
        return str(line.get("says", ""))

    def _fits(self, line: Mapping[str, Any], lane: str) -> bool:
        wanted = str(line.get("hears", "")).casefold()
        heard = [text for of, text in self._heard if within(of or lane, lane) or within(lane, of)]
        return wanted in " ".join(heard).casefold()


class ScriptedPeople(People):
    """People who decide by script, by node; without a line nobody decides until the time is up."""

    def __init__(self, decisions: Mapping[str, Any], clock: VirtualClock) -> None:
        self._decisions = decisions
        self._clock = clock

    @override
    async def ask(self, task: PersonTask) -> PersonAnswer | None:
        line = as_object(self._decisions.get(task.node))
        decision = str(line.get("decision", "done" if task.kind == "handoff" else ""))
        after = seconds(str(line.get("after", "0s")))
        answers_at = self._clock.now() + after
        late = task.until is not None and answers_at >= task.until
        if decision not in task.decisions or late:
            if task.until is not None:
                self._clock.pass_to(task.until)
            return None
        self._clock.pass_to(answers_at)
        return PersonAnswer(
            decision, str(line.get("by", "rehearsal")), line.get("value"), str(line.get("note", ""))
        )


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
