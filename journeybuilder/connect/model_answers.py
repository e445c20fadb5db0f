"""What a model is told about the form of its answer, and how its answer is read."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.contract.json import canonical
from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.contract.services import ModelAsk, ModelTool, ModelToolCall

_FENCE = re.compile(r"```[A-Za-z0-9]*\s*\n(.*?)```", re.DOTALL)
_WRAPPED = "value"


class BrokenAnswer(Exception):  # noqa: N818 - the answer is broken, not the program
    """An answer that cannot be used; the message says why, in words for the model and for people."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A usable answer."""

    text: str
    value: Any
    tool_calls: Sequence[ModelToolCall]


def response_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The `response_format` for models that take a JSON Schema; its root must be an object."""
    wanted = dict(schema)
    if not _is_object(schema):
        definitions = wanted.pop("$defs", None)
        wanted = {"type": "object", "properties": {_WRAPPED: wanted}, "required": [_WRAPPED]}
        if definitions is not None:
            wanted["$defs"] = definitions
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": wanted}}


def _is_object(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "object"


def instructed(
    messages: Sequence[Mapping[str, Any]], schema: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The messages with the wanted form in the system message, for models that take no schema."""
    order = (
        "Answer with one JSON value that fits this JSON Schema, and with nothing else: "
        + canonical(schema)
    )
    out = [dict(message) for message in messages]
    if out and out[0].get("role") == "system" and isinstance(out[0].get("content"), str):
        out[0]["content"] = f"{out[0]['content']}\n\n{order}"
        return out
    return [{"role": "system", "content": order}, *out]


def repair(
    messages: Sequence[Mapping[str, Any]], said: str, problem: str
) -> list[Mapping[str, Any]]:
    """The messages that ask the model to mend its answer."""
    mine = [{"role": "assistant", "content": said}] if said else []
    order = f"That answer cannot be used: {problem}. Answer again, corrected, with nothing else."
    return [*messages, *mine, {"role": "user", "content": order}]


def read_answer(text: str, calls: Sequence[Any], ask: ModelAsk, *, wrapped: bool) -> Spoken:
    """Read what the model said.

    Args:
        text: Its words.
        calls: The tool calls of the response, with `id` and `function` (`name`, `arguments`).
        ask: What was asked.
        wrapped: Whether `response_format` was given, which puts a value that is no object in one.

    Raises:
        BrokenAnswer: When it is empty, no JSON, does not fit the schema or calls what is not there.
    """
    if calls:
        return Spoken(text, None, [_tool_call(call, ask.tools) for call in calls])
    if ask.schema is None:
        if not text.strip():
            raise BrokenAnswer("it is empty")
        return Spoken(text, None, ())
    value = read_json(text)
    if wrapped and not _is_object(ask.schema) and isinstance(value, Mapping):
        value = cast("Mapping[str, Any]", value).get(_WRAPPED, value)
    try:
        wrong = violations(ask.schema, value)
    except BadSchema as error:
        raise BrokenAnswer(f"the schema asked for is none, {error}") from None
    if wrong:
        raise BrokenAnswer(f"it does not fit the schema, {'; '.join(wrong[:3])}")
    return Spoken(text, value, ())


def read_json(text: str) -> Any:
    """The JSON value in a model's words: the whole, the part in a fence, or from the first bracket.

    Raises:
        BrokenAnswer: When there is none.
    """
    fence = _FENCE.search(text)
    tries = [text.strip(), fence.group(1).strip()] if fence else [text.strip()]
    for candidate in tries:
        try:
            return json.loads(candidate, parse_constant=_refuse)
        except ValueError:
            continue
    bracket = re.search(r"[{\[]", text)
    if bracket is not None:
        try:
            return json.JSONDecoder(parse_constant=_refuse).raw_decode(text, bracket.start())[0]
        except ValueError as error:
            raise BrokenAnswer(f"it is no valid JSON ({error})") from None
    raise BrokenAnswer("it holds no JSON")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not in JSON")


def _tool_call(call: Any, tools: Sequence[ModelTool]) -> ModelToolCall:
    name = str(call.function.name or "")
    allowed = [tool.name for tool in tools]
    if name not in allowed:
        raise BrokenAnswer(f"there is no tool '{name}', only {', '.join(allowed) or 'none'}")
    text = call.function.arguments or "{}"
    try:
        arguments = json.loads(text, parse_constant=_refuse)
    except ValueError as error:
        raise BrokenAnswer(f"the arguments for '{name}' are no valid JSON ({error})") from None
    if not isinstance(arguments, dict):
        raise BrokenAnswer(f"the arguments for '{name}' are no JSON object")
    return ModelToolCall(str(call.id or name), name, cast("dict[str, Any]", arguments))
