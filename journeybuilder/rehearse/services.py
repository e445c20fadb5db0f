"""The rehearsed world: tools, customer and people from a scenario; schemas where it says nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from journeybuilder.connect.sample_values import sample
from journeybuilder.contract.durations import seconds
from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.contract.services import (
    Channel,
    Listening,
    Message,
    People,
    PersonAnswer,
    PersonTask,
    ToolAnswer,
    ToolCall,
    Tools,
)
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError
from journeybuilder.rehearse.clock import VirtualClock

SCRIPTED_NOTE = "from the scenario"
MADE_NOTE = "made from the tool's schema"


class RehearsedTools(Tools):
    """Tools that answer from a scenario, else from another source, else from their output schema.

    Args:
        scripted: By `server/tool`: `{returns: …}`, `{fails: …}`, or a list of them, the last repeated.
        planned: The plan's definitions, for what has to be made up.
        real: Where given, whatever is not scripted is really called.
    """

    def __init__(
        self, scripted: Mapping[str, Any], planned: Mapping[str, ToolDef], real: Tools | None = None
    ) -> None:
        self._scripted = scripted
        self._planned = planned
        self._real = real
        self._calls: dict[str, int] = {}

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        number = self._calls.get(call.tool, 0)
        self._calls[call.tool] = number + 1
        if call.tool in self._scripted:
            return _scripted(call.tool, self._scripted[call.tool], number)
        if self._real is not None:
            return await self._real.call(call)
        tool = self._planned.get(call.tool)
        schema = as_object(tool.output_schema if tool is not None else None)
        return ToolAnswer(sample(schema, canonical(call.arguments)) if schema else {}, MADE_NOTE)

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        if self._real is None or tool in self._scripted:
            return None
        return await self._real.definition(tool)


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


class ScriptedCustomer(Channel):
    """A customer who answers by script; says nothing where the script has no fitting line.

    Lines are used in turn. A line with `hears` is said only once words like that were heard since the
    last answer; a line without it always fits. When nothing fits and the wait has an end, the clock goes
    there: the customer did not answer.
    """

    def __init__(self, lines: Sequence[Mapping[str, Any]], clock: VirtualClock) -> None:
        self._lines = list(lines)
        self._clock = clock
        self._heard: list[str] = []

    @override
    async def say(self, message: Message) -> None:
        self._heard.append(message.text)

    @override
    async def listen(self, listening: Listening) -> str | None:
        line = next((line for line in self._lines if self._fits(line)), None)
        if line is None:
            if listening.until is not None:
                self._clock.pass_to(listening.until)
            return None
        self._lines.remove(line)
        self._heard.clear()
        if "after" in line:
            self._clock.pass_to(self._clock.now() + seconds(str(line["after"])))
        return str(line.get("says", ""))

    def _fits(self, line: Mapping[str, Any]) -> bool:
        wanted = str(line.get("hears", "")).casefold()
        return wanted in " ".join(self._heard).casefold()


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
