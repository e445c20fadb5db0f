"""Rehearsed tools: from the scenario, a recording, the output schema or a real server, tool by tool."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.contract.services import PromptGet, ResourceRead, ToolAnswer, ToolCall, Tools
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError
from journeybuilder.rehearse.recorded.recording import (
    prompt_request,
    resource_request,
    tool_request,
)
from journeybuilder.rehearse.recorded.replay import Replay, ReplayedTools
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.world import faults
from journeybuilder.rehearse.world.clock import VirtualClock
from journeybuilder.rehearse.world.faults import PLANTED_NOTE, SCRIPTED_NOTE, Turn, Turns
from journeybuilder.rehearse.world.made import edge, made
from journeybuilder.rehearse.world.sources import OTHERS, Cast, Source, seed_of

MADE_NOTE = "made from the tool's schema"
EDGE_NOTE = "an unusual value made from the tool's schema"
NOT_SCRIPTED = "not_scripted"
"""The code of the error when the scenario is to answer and says nothing."""
_OBJECT: Mapping[str, Any] = {"type": "object"}


class RehearsedTools(Tools):
    """Tools that answer from a scenario, else from another source, else from their output schema.

    Args:
        scenario: What tools, resources and prompts answer: `{returns: …}`, `{fails: …}`, or a list of
            them, the last repeated.
        planned: The plan's definitions, for what has to be made up.
        real: Where given, whatever is not scripted or recorded is really called.
        cast: Who plays which tool, and faults on top.
        clock: What `slow` and time-outs move; None moves nothing.
        replay: A recording.
    """

    def __init__(
        self,
        scenario: Scenario,
        planned: Mapping[str, ToolDef],
        real: Tools | None = None,
        *,
        cast: Cast | None = None,
        clock: VirtualClock | None = None,
        replay: Replay | None = None,
    ) -> None:
        self._scenario = scenario
        self._entries = {**scenario.resources, **scenario.tools}
        self._planned = planned
        self._real = real
        self._cast = cast or Cast()
        self._clock = clock
        self._replay = replay
        self._recorded = None if replay is None else ReplayedTools(replay, _NotRecorded(replay))
        self._calls: dict[str, int] = {}
        self._turns: dict[str, Turns] = {}
        self._faults: dict[str, Turns] = {}

    def begin_at(self, calls: Mapping[str, int]) -> None:
        """Count calls that somebody else has answered, by tool, address or prompt."""
        for name, number in calls.items():
            self._calls[name] = self._calls.get(name, 0) + number

    # -- calls -------------------------------------------------------------------------------

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        tool, number = self._planned.get(call.tool), self._count(call.tool)
        turn, note = self._turn(call.tool, call.tool, number, call.arguments)
        self._pass(turn, note, call.tool, call.timeout)
        if "fails" in turn:
            return self._fail(str(turn["fails"]), note, tool, call)
        if "returns" in turn:
            schema = as_object(tool.output_schema if tool is not None else None)
            answer = ToolAnswer(turn["returns"], note)
            return self._filled(answer, schema, call)
        return await self._unscripted(call, tool, number)

    async def _unscripted(self, call: ToolCall, tool: ToolDef | None, number: int) -> ToolAnswer:
        schema = as_object(tool.output_schema if tool is not None else None)
        match self._source("tool", call.tool):
            case "scenario" if call.tool not in self._scenario.tools:
                raise StepError(
                    NOT_SCRIPTED, f"the scenario does not say what '{call.tool}' answers"
                )
            case "recording" if self._recorded is not None:
                return await self._recorded.call(call)
            case "real" if self._real is not None:
                return await self._real.call(call)
            case "edge":
                return ToolAnswer(
                    edge(schema or _OBJECT, self._seed(call), number + self._cast.seed), EDGE_NOTE
                )
            case _:
                return ToolAnswer(self._made(schema or _OBJECT, call), MADE_NOTE)

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        planned, number = self._planned.get(tool), self._calls.get(tool, 0)
        turn, _ = self._turn(tool, tool, number)
        if planned is not None and turn.get("fails") == "drifted":
            self._calls[tool] = number + 1  # the gate refuses it, so that no call follows
            return faults.drifted(planned)
        if self._real is None or self._source("tool", tool) != "real":
            return None
        is_scripted = "returns" in turn or "fails" in turn
        return None if is_scripted else await self._real.definition(tool)

    # -- resources and prompts ---------------------------------------------------------------

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        place = f"{reading.server}/{reading.uri}"
        written = next((each for each in self._scenario.resources if _is_at(each, place)), "")
        turn, note = self._turn(written or place, place, self._count(place))
        self._pass(turn, note, place, reading.timeout)
        if turn.get("fails") == "empty":
            return ToolAnswer("", note)
        if "fails" in turn:
            error = self._error(str(turn["fails"]), note, place, reading.timeout)
            raise error
        if "returns" in turn:
            return ToolAnswer(turn["returns"], note)
        source = self._source("resource", place)
        if source == "recording" and self._recorded is not None:
            return await self._recorded.read(reading)
        if source == "real" and self._real is not None:
            return await self._real.read(reading)
        words = f"(what stands at {reading.uri})"
        return ToolAnswer(words, "made up: the scenario has no such resource")

    @override
    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        entry = self._scenario.prompts.get(getting.prompt)
        planted = self._fault(getting.prompt, self._count(getting.prompt))
        turn, note = (planted, PLANTED_NOTE) if planted else (as_object(entry), SCRIPTED_NOTE)
        self._pass(turn, note, getting.prompt, getting.timeout)
        if "fails" in turn:
            error = self._error(str(turn["fails"]), note, getting.prompt, getting.timeout)
            raise error
        if entry is None:
            source = self._source("prompt", getting.prompt)
            if source == "recording" and self._recorded is not None:
                return await self._recorded.prompt(getting)
            if source == "real" and self._real is not None:
                return await self._real.prompt(getting)
            entry = f"{getting.prompt} {canonical(dict(getting.arguments))}"
        lines = as_list(entry) or [{"role": "user", "content": entry}]
        return [
            {"role": str(line.get("role", "user")),
             "content": _with_arguments(str(line.get("content", "")), getting.arguments)}
            for line in map(as_object, lines)
        ]  # fmt: skip

    # -- who and how -------------------------------------------------------------------------

    def _source(self, kind: str, name: str) -> Source:
        """Who answers what the scenario leaves open."""
        chosen = self._cast.tools.get(name) or self._cast.tools.get(OTHERS)
        if chosen is not None:
            return chosen
        if self._replay is not None and self._replay.knows(kind, name):
            return "recording"
        return "made" if self._real is None else "real"

    def _count(self, name: str) -> int:
        number = self._calls.get(name, 0)
        self._calls[name] = number + 1
        return number

    def _turn(
        self, written: str, name: str, number: int, arguments: Mapping[str, Any] | None = None
    ) -> tuple[Turn, str]:
        """What is to happen at this call, and who says so: a fault, the scenario, or nobody."""
        if turn := self._fault(name, number, arguments):
            return turn, PLANTED_NOTE
        chosen = self._cast.tools.get(name) or self._cast.tools.get(OTHERS)
        if chosen not in {None, "scenario"} or written not in self._entries:
            return {}, ""
        if written not in self._turns:
            seed = seed_of(self._cast.seed, written)
            self._turns[written] = Turns(self._entries[written], seed)
        return self._turns[written].at(number, arguments), SCRIPTED_NOTE

    def _fault(self, name: str, number: int, arguments: Mapping[str, Any] | None = None) -> Turn:
        if not self._cast.faults:
            return {}
        if name not in self._faults:
            entry = self._cast.faults.get(name, self._cast.faults.get(OTHERS, {}))
            self._faults[name] = Turns(entry, seed_of(self._cast.seed, "fault", name))
        return self._faults[name].at(number, arguments)

    def _pass(self, turn: Turn, note: str, name: str, timeout: float) -> None:
        """Let the time of a slow answer pass.

        Raises:
            StepError: `timeout` where that is longer than the call may take.
        """
        slow = faults.slowness(turn)
        if slow >= timeout and slow > 0:
            error = self._error("timeout", note, name, timeout)
            raise error
        if slow and self._clock is not None:
            self._clock.pass_to(self._clock.now() + slow)

    def _error(self, kind: str, note: str, name: str, timeout: float) -> StepError:
        if kind != "timeout":
            return faults.failed(name, kind, note)
        if self._clock is not None:
            self._clock.pass_to(self._clock.now() + timeout)
        return faults.timed_out(name, timeout, note)

    def _fail(self, kind: str, note: str, tool: ToolDef | None, call: ToolCall) -> ToolAnswer:
        if kind == "bad_json":
            return faults.broken_result(tool, call, note)
        if kind == "empty":
            return faults.empty_result(tool, note)
        error = self._error(kind, note, call.tool, call.timeout)
        raise error

    # -- made --------------------------------------------------------------------------------

    def _seed(self, call: ToolCall) -> int:
        return seed_of(self._cast.seed, call.tool, canonical(call.arguments))

    def _made(self, schema: Mapping[str, Any], call: ToolCall) -> Any:
        seed = self._cast.seed
        return made(
            schema,
            self._seed(call),
            given=call.arguments,
            about=call.tool,
            ids=seed,
            varied=seed != 0,
        )

    def _filled(self, answer: ToolAnswer, schema: Mapping[str, Any], call: ToolCall) -> ToolAnswer:
        """The scenario's answer, with what the schema demands and the scenario leaves out made up.

        A scenario says what matters to it: `{returns: {total: 300}}`.
        """
        said = as_object(answer.value)
        missing = [name for name in as_list(schema.get("required")) if name not in said]
        if not said or not missing:
            return answer
        filling = as_object(self._made(schema, call))
        added = {name: filling[name] for name in missing if name in filling}
        note = f"{answer.note}; {MADE_NOTE}: {', '.join(added)}"
        return ToolAnswer({**added, **said}, note) if added else answer


class _NotRecorded(Tools):
    """What stands behind a recording that is to answer alone: whatever it lacks is told."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        return ToolAnswer(self._replay.answer("tool", tool_request(call)))

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        return None

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        return ToolAnswer(self._replay.answer("resource", resource_request(reading)))

    @override
    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        return as_list(self._replay.answer("prompt", prompt_request(getting)))


def _is_at(written: str, place: str) -> bool:
    """Whether a place is the address written in a scenario, whatever stands in its blanks."""
    parts = re.split(r"\{[^{}]*\}", written)
    return re.fullmatch("[^/]*".join(re.escape(part) for part in parts), place) is not None


def _with_arguments(text: str, arguments: Mapping[str, str]) -> str:
    for name, value in arguments.items():
        text = text.replace("{" + name + "}", value)
    return text
