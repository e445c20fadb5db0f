"""Tools and models that answer from a recording, by what they are asked and not by when."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from typing_extensions import override

from journeybuilder.contract.json import as_list, as_object, canonical
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
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError
from journeybuilder.rehearse.recorded.recording import (
    Json,
    Recording,
    model_request,
    prompt_request,
    resource_request,
    tool_request,
)
from journeybuilder.rehearse.recorded.recording_form import IDENTITY
from journeybuilder.rehearse.recorded.stand_ins import alike

_WIDTH = 80
_SHOWN = 4
NOT_RECORDED = "not_recorded"
"""The code of the error when a recording has no such call."""


class Replay:
    """The answers of one recording, during one run.

    The same question asked again gets its recorded answers in their order, then the last one again. A
    stand-in for something that was taken out fits whatever is asked.

    Attributes:
        misses: Every call that the recording does not have, in words.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._used: dict[str, int] = {}
        self.misses: list[str] = []

    @property
    def note(self) -> str:
        """What an answer from here says of itself."""
        return f"from the recording '{self._recording.name}'"

    def knows(self, kind: str, name: str) -> bool:
        """Whether a tool, model, resource or prompt of this name was called at all."""
        return any(self._of(kind, name))

    def _of(self, kind: str, name: str) -> Iterator[Mapping[str, Any]]:
        for call in self._recording.calls:
            request = as_object(call.get("request"))
            if call.get("kind") == kind and request.get(IDENTITY[kind]) == name:
                yield call

    def answer(self, kind: str, request: Json) -> Any:
        """The recorded answer.

        Raises:
            StepError: The recorded error, or `not_recorded`.
        """
        asked = json.loads(json.dumps(request, ensure_ascii=False, default=str))
        known = list(self._of(kind, str(request[IDENTITY[kind]])))
        exact = [call for call in known if call["request"] == asked]
        fitting = exact or [call for call in known if self._fits(call["request"], asked)]
        if not fitting:
            words = self._difference(kind, asked, known)
            if words not in self.misses:  # a node may try again
                self.misses.append(words)
            raise StepError(NOT_RECORDED, words)
        # what fits by its stand-ins counts together, however the question was worded
        key = f"{kind} {canonical(fitting[0]['request'])}"
        number = self._used.get(key, 0)
        self._used[key] = number + 1
        call = fitting[min(number, len(fitting) - 1)]
        if "error" in call:
            error = as_object(call["error"])
            raise StepError(
                str(error.get("code", "tool_failed")),
                f"{error.get('message', '')} ({self.note})",
                detail=as_object(error.get("detail")),
                uncertain=error.get("uncertain") is True,
            )
        return call.get("answer")

    def _fits(self, recorded: Any, asked: Any) -> bool:
        return alike(recorded, asked, self._recording.stand_ins)

    def _difference(self, kind: str, asked: Json, known: Sequence[Mapping[str, Any]]) -> str:
        name = asked[IDENTITY[kind]]
        if not known:
            return f"the recording '{self._recording.name}' has no call of '{name}'"
        text = canonical(asked)
        nearest = max(known, key=lambda call: _closeness(canonical(call["request"]), text))
        differing = list(_differences(nearest["request"], asked, "", self._recording.stand_ins))
        more = f" (and {len(differing) - _SHOWN} more)" if len(differing) > _SHOWN else ""
        return (
            f"the recording '{self._recording.name}' has no such call of '{name}'; "
            f"beside the nearest one: {'; '.join(differing[:_SHOWN])}{more}"
        )


def _closeness(one: str, two: str) -> float:
    return SequenceMatcher(None, one, two, autojunk=False).quick_ratio()


def _differences(
    recorded: Any, asked: Any, path: str, stand_ins: Sequence[str | int | float]
) -> Iterator[str]:
    """Field by field what differs, as `arguments.order_id is "O-2", recorded is "O-1"`."""
    if alike(recorded, asked, stand_ins):
        return
    one, two = _parts(recorded), _parts(asked)
    if one is None or two is None or type(recorded) is not type(asked):
        yield f"{path.lstrip('.')} is {_short(asked)}, recorded is {_short(recorded)}"
        return
    for name in one | two:
        place = f"{path}[{name}]" if isinstance(name, int) else f"{path}.{name}"
        if name not in two:
            yield f"{place.lstrip('.')} is missing, recorded is {_short(one[name])}"
        elif name not in one:
            yield f"{place.lstrip('.')} is {_short(two[name])}, recorded is none"
        else:
            yield from _differences(one[name], two[name], place, stand_ins)


def _parts(value: Any) -> dict[str | int, Any] | None:
    if isinstance(value, Mapping):
        return {name: item for name, item in as_object(value).items()}  # noqa: C416 - wider keys  # pyright: ignore[reportUnknownArgumentType]
    return dict(enumerate(as_list(value))) if isinstance(value, list) else None  # pyright: ignore[reportUnknownArgumentType]


def _short(value: Any) -> str:
    text = canonical(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


class ReplayedTools(Tools):
    """Tools that answer from a recording.

    Args:
        otherwise: Answers what the recording has nothing of: tools, resources and prompts of other names.
    """

    def __init__(self, replay: Replay, otherwise: Tools) -> None:
        self._replay = replay
        self._otherwise = otherwise

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        if not self._replay.knows("tool", call.tool):
            return await self._otherwise.call(call)
        return self._told(self._replay.answer("tool", tool_request(call)))

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        return None if self._replay.knows("tool", tool) else await self._otherwise.definition(tool)

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        if not self._replay.knows("resource", f"{reading.server}/{reading.uri}"):
            return await self._otherwise.read(reading)
        return self._told(self._replay.answer("resource", resource_request(reading)))

    @override
    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        if not self._replay.knows("prompt", getting.prompt):
            return await self._otherwise.prompt(getting)
        return as_list(self._replay.answer("prompt", prompt_request(getting)))

    def _told(self, answer: Any) -> ToolAnswer:
        told = as_object(answer)
        notes = [str(told.get("note") or ""), self._replay.note]
        return ToolAnswer(told.get("value"), "; ".join(filter(None, notes)))


class ReplayedModels(Models):
    """Models that answer from a recording.

    Args:
        otherwise: Answers for aliases that the recording has nothing of.
        given: Aliases that `otherwise` answers for in any case; `*` is all of them.
    """

    def __init__(self, replay: Replay, otherwise: Models, given: Collection[str] = ()) -> None:
        self._replay = replay
        self._otherwise = otherwise
        self._given = given

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        given = ask.alias in self._given or "*" in self._given
        if given or not self._replay.knows("model", ask.alias):
            return await self._otherwise.ask(ask)
        told = as_object(self._replay.answer("model", model_request(ask)))
        calls = [as_object(call) for call in as_list(told.get("tool_calls"))]
        cost = told.get("cost_usd")
        notes = [str(told.get("note") or ""), self._replay.note]
        text = str(told.get("text", ""))
        if ask.on_text is not None and ask.schema is None and text:
            ask.on_text(text)
        return ModelAnswer(
            text=text,
            model=str(told.get("model", "")),
            alias=str(told.get("alias", ask.alias)),
            value=told.get("value"),
            tool_calls=tuple(
                ModelToolCall(str(call["id"]), str(call["name"]), as_object(call["arguments"]))
                for call in calls
            ),
            tokens_in=int(told.get("tokens_in", 0)),
            tokens_out=int(told.get("tokens_out", 0)),
            cost_usd=float(cost) if isinstance(cost, int | float) else None,
            scripted=told.get("scripted") is True,
            note="; ".join(filter(None, notes)),
        )
