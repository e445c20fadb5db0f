"""Real traffic with tools and models, kept in a file and answered from it later.

A recording is a file of JSON Lines: a head, then every call with its answer, then what was taken out.
It is written at the end, and only then, so that nothing stands on the disk before secrets and personal
data are out of it.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from typing_extensions import override

from journeybuilder.connect.state_file import write_state
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.services import (
    ModelAnswer,
    ModelAsk,
    Models,
    PromptGet,
    ResourceRead,
    ToolAnswer,
    ToolCall,
    Tools,
)
from journeybuilder.contract.tools import ToolDef, ToolFacts
from journeybuilder.errors import AuthorError, OperatorError, StepError
from journeybuilder.rehearse.recorded.recording_form import fault_of_call, fault_of_end
from journeybuilder.rehearse.recorded.stand_ins import Removed, StandIns

FOLDER = "recordings"
VERSION = 1
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_HALF = re.compile("[\ud800-\udfff]")
T = TypeVar("T")
Json = dict[str, Any]


@dataclass(frozen=True)
class Recording:
    """What a file of recorded traffic says.

    Attributes:
        calls: `{kind, request, answer}` or `{kind, request, error}`, in the order of the answers; `kind`
            is `tool`, `model`, `resource` or `prompt`.
        stand_ins: What stands for values that were taken out; it fits anything.
    """

    name: str
    journey: str = ""
    calls: Sequence[Mapping[str, Any]] = ()
    stand_ins: Sequence[str | int | float] = ()
    removed: Sequence[Mapping[str, Any]] = ()


def file_of(state_dir: Path, name: str) -> Path:
    """Where the recording of a name lies.

    Raises:
        AuthorError: When it is no name for a file.
    """
    if not _NAME.fullmatch(name):
        raise AuthorError(
            f"'{name}' is no name for a recording",
            hint="Use letters, digits, '-', '_' and '.', beginning with a letter or a digit.",
        )
    return state_dir / FOLDER / f"{name}.jsonl"


def load_recording(state_dir: Path, name: str) -> Recording:
    """Read a recording.

    Raises:
        AuthorError: When there is none of this name, or its file is broken.
    """
    path = file_of(state_dir, name)
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise AuthorError(
            f"there is no recording '{name}': {error.strerror or type(error).__name__}",
            where=str(path),
            hint=f"Make one with: jb record --name {name} JOURNEY",
        ) from None
    except UnicodeDecodeError:
        lines = []
    items = {n: _line(path, n, text) for n, text in enumerate(lines, 1) if text.strip()}
    every = list(items.values())
    if not every or every[0].get("version") != VERSION or "ended" not in every[-1]:
        error = _broken(path, max(items, default=1))
        raise error
    _look_through(path, items)
    head, last = every[0], as_object(every[-1]["ended"])
    return Recording(
        name=name,
        journey=str(head.get("journey", "")),
        calls=every[1:-1],
        stand_ins=as_list(last.get("stand_ins")),
        removed=as_list(last.get("removed")),
    )


def _look_through(path: Path, items: Mapping[int, Mapping[str, Any]]) -> None:
    """See that every line says what a recording says.

    Raises:
        AuthorError: With the first line that does not.
    """
    _, *calls, end = items
    for number in calls:
        if wrong := fault_of_call(items[number]):
            error = _broken(path, number, wrong)
            raise error
    if wrong := fault_of_end(items[end]["ended"]):
        error = _broken(path, end, wrong)
        raise error


def _line(path: Path, number: int, text: str) -> Mapping[str, Any]:
    """A line's object.

    Raises:
        AuthorError: When there is none.
    """
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    item = as_object(value)
    if not item:
        error = _broken(path, number)
        raise error
    return item


def _broken(path: Path, line: int, why: str = "") -> AuthorError:
    return AuthorError(
        f"this recording is broken: {why}" if why else "this recording is broken or not complete",
        where=f"{path}:{line}",
        hint=f"{'Correct the line, or record' if why else 'Record'} it anew with 'jb record'.",
    )


@dataclass
class Traffic:
    """Collects what goes to tools and models and what comes back.

    Args:
        facts: Our facts on tools; their data classes say what is taken out.
        redact: Takes secrets out of a JSON value.
    """

    name: str
    journey: str
    facts: Mapping[str, ToolFacts]
    redact: Callable[[Any], Any]
    _calls: list[Json] = field(default_factory=list[Json])
    _stand_ins: StandIns = field(default_factory=StandIns)
    secrets: bool = False

    def learn(self, where: str, classes: Mapping[str, str], value: Any) -> None:
        """Take out values that stand elsewhere than in a tool's call: in the input of a journey."""
        self._stand_ins.learn(where, classes, value)

    @property
    def removed(self) -> Sequence[Removed]:
        """What is taken out, field by field."""
        return self._stand_ins.removed

    @property
    def count(self) -> int:
        """How many calls there are."""
        return len(self._calls)

    async def through(
        self,
        kind: str,
        request: Json,
        work: Awaitable[T],
        as_json: Callable[[T], Any],
    ) -> T:
        """Let a call happen, and keep it with what came of it.

        Raises:
            StepError: What the call raised.
        """
        try:
            answer = await work
        except StepError as error:
            told = {"code": error.code, "message": error.message, "detail": error.detail}
            error_json = {**told, "uncertain": error.uncertain}
            self._keep(kind, request, {"error": error_json})
            raise
        self._keep(kind, request, {"answer": as_json(answer)})
        return answer

    def _keep(self, kind: str, request: Json, outcome: Json) -> None:
        facts = self.facts.get(str(request.get("tool", "")))
        if kind == "tool" and facts is not None and facts.data:
            self.learn(request["tool"], facts.data, request["arguments"])
            self.learn(request["tool"], facts.data, as_object(outcome.get("answer")).get("value"))
            self.learn(request["tool"], facts.data, as_object(outcome.get("error")).get("detail"))
        self._calls.append({"kind": kind, "request": request, **outcome})

    def save(self, state_dir: Path) -> Path:
        """Write the file, in place of one of the same name.

        Raises:
            AuthorError: When its name is none for a file.
            OperatorError: When it cannot be written.
        """
        path = file_of(state_dir, self.name)
        # as JSON is: what the engine was given may hold tuples, and numbers as keys
        calls = json.loads(json.dumps(self._calls, ensure_ascii=False, default=str))
        clean = self.redact(calls)
        self.secrets = clean != calls
        ended = {
            "stand_ins": self._stand_ins.all,
            "removed": [each.as_json() for each in self.removed],
            "secrets": self.secrets,
        }
        head = {"version": VERSION, "recording": self.name, "journey": self.journey}
        shown = [self._stand_ins.hide(self._declared(call)) for call in clean]
        lines = [head, *shown, {"ended": ended}]
        text = "".join(f"{_written(each)}\n" for each in lines)
        try:
            write_state(path, text)
        except OSError as error:
            raise OperatorError(
                f"the recording cannot be written: {error.strerror or type(error).__name__}",
                where=str(path),
                hint="Check that the folder may be written and that the disk has room.",
            ) from None
        return path

    def _declared(self, call: Json) -> Json:
        request, answer = call["request"], call.get("answer")
        facts = self.facts.get(str(request.get("tool", "")))
        if call["kind"] != "tool" or facts is None or not facts.data:
            return call
        hide = self._stand_ins.hide_declared
        out = {**call, "request": {**request, "arguments": hide(facts.data, request["arguments"])}}
        if answer is not None:
            out["answer"] = {**answer, "value": hide(facts.data, answer["value"])}
        if error := as_object(call.get("error")):
            out["error"] = {**error, "detail": hide(facts.data, error["detail"])}
        return out


def _written(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    # half a character (a lone surrogate), which UTF-8 lacks, is written as an escape
    return text if _HALF.search(text) is None else json.dumps(value)


class RecordedTools(Tools):
    """Tools whose traffic is kept.

    Args:
        servers: The only servers whose traffic is kept; empty for all.
    """

    def __init__(self, tools: Tools, traffic: Traffic, servers: Sequence[str] = ()) -> None:
        self._tools = tools
        self._traffic = traffic
        self._servers = frozenset(servers)

    def _wanted(self, server: str) -> bool:
        return not self._servers or server in self._servers

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        work = self._tools.call(call)
        if not self._wanted(call.tool.partition("/")[0]):
            return await work
        return await self._traffic.through("tool", tool_request(call), work, asdict)

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        return await self._tools.definition(tool)

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        work = self._tools.read(reading)
        if not self._wanted(reading.server):
            return await work
        return await self._traffic.through("resource", resource_request(reading), work, asdict)

    @override
    async def prompt(self, getting: PromptGet) -> Sequence[Mapping[str, Any]]:
        work = self._tools.prompt(getting)
        if not self._wanted(getting.prompt.partition("/")[0]):
            return await work
        return await self._traffic.through("prompt", prompt_request(getting), work, list)


class RecordedModels(Models):
    """Models whose traffic is kept."""

    def __init__(self, models: Models, traffic: Traffic) -> None:
        self._models = models
        self._traffic = traffic

    @override
    async def ask(self, ask: ModelAsk) -> ModelAnswer:
        return await self._traffic.through(
            "model", model_request(ask), self._models.ask(ask), asdict
        )


def tool_request(call: ToolCall) -> Json:
    """What tells one tool call from another; an idempotency key does not."""
    given = {name: value for name, value in call.arguments.items() if value != call.key}
    return {"tool": call.tool, "arguments": given}


def model_request(ask: ModelAsk) -> Json:
    """What tells one question to a model from another."""
    return {
        "model": ask.alias,
        "messages": [dict(message) for message in ask.messages],
        "schema": None if ask.schema is None else dict(ask.schema),
        "tools": [tool.name for tool in ask.tools],
    }


def resource_request(reading: ResourceRead) -> Json:
    """What tells one read of a resource from another."""
    return {"resource": f"{reading.server}/{reading.uri}"}


def prompt_request(getting: PromptGet) -> Json:
    """What tells one prompt from another."""
    return {"prompt": getting.prompt, "arguments": dict(getting.arguments)}
