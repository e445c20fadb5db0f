"""What tools and models answered in an earlier run, used again where the same is asked.

Answers are found by what was asked, not by when: a run that takes another way still finds them.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from typing_extensions import override

from journeybuilder.contract.json import canonical
from journeybuilder.contract.services import (
    ModelAnswer,
    ModelAsk,
    Models,
    ModelToolCall,
    PromptGet,
    ResourceRead,
    ToolAnswer,
    ToolCall,
    Tools,
)
from journeybuilder.contract.tools import ToolDef, reads
from journeybuilder.errors import StepError
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.world.models import RehearsedModels
from journeybuilder.rehearse.world.tools import RehearsedTools
from journeybuilder.run.calls import CACHED
from journeybuilder.run.reading import whole_requests
from journeybuilder.run.state import Event

AGAIN = "as in the earlier run"
ANEW = "asked anew: not in the earlier run"
_GATE = frozenset({"denied", "limit"})
"""Refusals by the gate: it decides again."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How a call went.

    Attributes:
        key: What was asked, as one text.
        name: The tool, alias, prompt or address, for counting calls.
        answer: The event's `answer`, or None.
        error: The event's `error`, or None.
        repeats: Whether asking the same once more may give the same answer: it only reads.
    """

    key: str
    name: str
    answer: Mapping[str, Any] | None
    error: Mapping[str, Any] | None
    repeats: bool


@dataclass
class Known:
    """The answers that are left to be used, in the order of the earlier run.

    Attributes:
        passed: How many calls of each name the run has behind it; a scenario counts on from there.
    """

    left: dict[str, deque[Settled]] = field(default_factory=dict[str, deque[Settled]])
    last: dict[str, Settled] = field(default_factory=dict[str, Settled])
    passed: dict[str, int] = field(default_factory=dict[str, int])

    def take(self, key: str) -> Settled | None:
        """The answer to this question, which is used up by that; None where nothing is known."""
        waiting = self.left.get(key)
        if waiting:
            settled = waiting.popleft()
            if settled.repeats:
                self.last[key] = settled
            return settled
        return self.last.get(key)


def known_of(plan: Plan, events: Sequence[Event], at: int, more: Known | None = None) -> Known:
    """What a branch at a moment of a run may use again.

    Args:
        plan: What is run.
        events: All events of the earlier run.
        at: How many of them the branch keeps.
        more: What the earlier run itself had left to use.
    """
    out = Known()
    for index, settled in settled_of(plan, events):
        if index < at:
            if (settled.answer or {}).get("note") != CACHED:  # that one came to nobody
                out.passed[settled.name] = out.passed.get(settled.name, 0) + 1
            if settled.repeats:
                out.last[settled.key] = settled
        elif settled.error is None or settled.error["code"] not in _GATE:
            out.left.setdefault(settled.key, deque()).append(settled)
    if more is not None:
        for key, rest in more.left.items():
            out.left.setdefault(key, deque()).extend(rest)
        out.last = {**more.last, **out.last}
    return out


def settled_of(plan: Plan, events: Iterable[Event]) -> Iterable[tuple[int, Settled]]:
    """Every call that came to an answer or an error, with the index of that event."""
    asked: dict[tuple[int, int], Event] = {}
    for index, event in enumerate(whole_requests(events)):
        if event["event"] == "asked":
            asked[event["visit"], event["index"]] = event
        elif event["event"] in {"answered", "errored"}:
            question = asked.get((event["visit"], event["index"]))
            if question is not None and question["effect"] in _KEYS:
                yield index, _settled(plan, question, event)


def _settled(plan: Plan, question: Event, event: Event) -> Settled:
    kind, request = question["effect"], question["request"]
    name, key = _KEYS[kind](plan, request)
    repeats = kind in {"resource", "prompt"} or (kind == "tool" and _reads(plan, name))
    return Settled(key, name, event.get("answer"), event.get("error"), repeats)


def _reads(plan: Plan, tool: str) -> bool:
    definition, facts = plan.tools.get(tool), plan.facts.get(tool)
    return definition is not None and facts is not None and reads(definition, facts)


# -- what is asked, as one text --------------------------------------------------------------


def without_key(plan: Plan, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call without the idempotency key that the program adds."""
    facts = plan.facts.get(tool)
    return {name: value for name, value in arguments.items() if facts is None or name != facts.key}


def _tool_key(plan: Plan, request: Mapping[str, Any]) -> tuple[str, str]:
    name = request["tool"]
    return name, f"tool {name} {canonical(without_key(plan, name, request['arguments']))}"


def _model_key(plan: Plan, request: Mapping[str, Any]) -> tuple[str, str]:
    del plan
    name = request["model"]
    asked = [request["messages"], request["schema"], request["tools"]]
    return name, f"model {name} {canonical(asked)}"


def _resource_key(plan: Plan, request: Mapping[str, Any]) -> tuple[str, str]:
    del plan
    name = f"{request['resource'].partition('/')[0]}/{request['uri']}"
    return name, f"resource {name}"


def _prompt_key(plan: Plan, request: Mapping[str, Any]) -> tuple[str, str]:
    del plan
    return request["prompt"], f"prompt {request['prompt']} {canonical(request['arguments'])}"


_KEYS = {"tool": _tool_key, "model": _model_key, "resource": _resource_key, "prompt": _prompt_key}


# -- the services ----------------------------------------------------------------------------


class KnownTools(Tools):
    """Tools that answer as in the earlier run, else from where the rehearsal has them."""

    def __init__(self, plan: Plan, known: Known, others: Tools) -> None:
        self._plan = plan
        self._known = known
        self._others = others
        if isinstance(others, RehearsedTools):
            others.begin_at(known.passed)

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        settled = self._take("tool", {"tool": call.tool, "arguments": call.arguments})
        if settled is not None:
            return ToolAnswer(settled["value"], _noted(settled["note"], AGAIN))
        answer = await self._others.call(call)
        return replace(answer, note=_noted(answer.note, ANEW))

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        return await self._others.definition(tool)

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        request = {"resource": f"{reading.server}/", "uri": reading.uri}
        settled = self._take("resource", request)
        if settled is not None:
            return ToolAnswer(settled["value"], _noted(settled["note"], AGAIN))
        answer = await self._others.read(reading)
        return replace(answer, note=_noted(answer.note, ANEW))

    @override
    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        request = {"prompt": getting.prompt, "arguments": dict(getting.arguments)}
        settled = self._take("prompt", request)
        return settled["messages"] if settled is not None else await self._others.prompt(getting)

    def _take(self, kind: str, request: Mapping[str, Any]) -> Mapping[str, Any] | None:
        name, key = _KEYS[kind](self._plan, request)
        settled = self._known.take(key)
        if settled is not None and isinstance(self._others, RehearsedTools):
            self._others.begin_at({name: 1})
        return None if settled is None else _given(settled)


class KnownModels(Models):
    """Models that answer as in the earlier run, else from where the rehearsal has them."""

    def __init__(self, plan: Plan, known: Known, others: Models) -> None:
        self._plan = plan
        self._known = known
        self._others = others
        if isinstance(others, RehearsedModels):
            others.begin_at(known.passed)

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        """Answer.

        Raises:
            StepError: What the model failed with, then or now.
        """
        request = {
            "model": ask.alias,
            "messages": list(ask.messages),
            "schema": ask.schema,
            "tools": [tool.name for tool in ask.tools],
        }
        _, key = _model_key(self._plan, request)
        settled = self._known.take(key)
        if settled is None:
            answer = await self._others.ask(ask)
            return replace(answer, note=_noted(answer.note, ANEW))
        if isinstance(self._others, RehearsedModels):
            self._others.begin_at({ask.alias: 1})
        told = dict(_given(settled))
        told["tool_calls"] = [ModelToolCall(**call) for call in told["tool_calls"]]
        answer = ModelAnswer(**told)
        if ask.on_text is not None and ask.schema is None and answer.text:
            ask.on_text(answer.text)
        return replace(answer, note=_noted(answer.note, AGAIN))


def _given(settled: Settled) -> Mapping[str, Any]:
    """The answer, as the event has it.

    Raises:
        StepError: What it failed with then.
    """
    if settled.answer is not None:
        return settled.answer
    error = {key: value for key, value in (settled.error or {}).items() if key != "node"}
    raise StepError(**error)


def _noted(note: str, more: str) -> str:
    return note if more in note else "; ".join(filter(None, [note.replace(ANEW, ""), more]))


class ApartTools(Tools):
    """Real tools under idempotency keys of this rehearsal only.

    Every rehearsal is a run of the same name, so a server would take a call of the next one for a
    repetition.

    Args:
        mark: What tells this rehearsal from all others.
    """

    def __init__(self, plan: Plan, real: Tools, mark: str) -> None:
        self._plan = plan
        self._real = real
        self._mark = mark

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        key, facts = f"{self._mark}-{call.key}", self._plan.facts.get(call.tool)
        arguments = call.arguments
        if facts is not None and facts.key in arguments:
            arguments = {**arguments, facts.key: key}
        return await self._real.call(replace(call, arguments=arguments, key=key))

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        return await self._real.definition(tool)

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        return await self._real.read(reading)

    @override
    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        return await self._real.prompt(getting)
