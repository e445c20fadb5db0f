"""What a model is told about the form of its answer, and how its answer is read."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from journeybuilder.contract.json import DEEPEST, as_list, as_object, canonical, is_deep
from journeybuilder.contract.schemas import BadSchema, convert, violations
from journeybuilder.contract.services import ModelAnswer, ModelAsk, ModelTool, ModelToolCall

_FENCE = re.compile(r"```[A-Za-z0-9]*+\s*+(.*?)```", re.DOTALL)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_BRACKET = re.compile(r"[{\[]")
_MOST = 20
_TRIES = 1000
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
        return Spoken(text, None, _with_ids([_tool_call(call, ask.tools) for call in calls]))
    if ask.schema is None:
        if not text.strip():
            raise BrokenAnswer("it is empty")
        return Spoken(text, None, ())
    return Spoken(text, _fitting(text, ask.schema, wrapped=wrapped), ())


def _fitting(text: str, schema: Mapping[str, Any], *, wrapped: bool) -> Any:
    """The first value in the words that fits the schema, be it after a slip was mended.

    Raises:
        BrokenAnswer: When there is none.
    """
    wrong: list[str] = []
    found = _values(text)
    if not found and _is_text(schema):
        found = [text.strip().strip('"')]  # the words themselves, without the quotes of JSON
    for value in found:
        if wrapped and not _is_object(schema) and isinstance(value, Mapping):
            value = cast("Mapping[str, Any]", value).get(_WRAPPED, value)  # noqa: PLW2901
        for candidate in (value, mended(schema, value)):
            problems = _violations(schema, candidate)
            if not problems:
                return candidate
            wrong = wrong or problems
    if not found:
        raise BrokenAnswer(_why_no_json(text))
    raise BrokenAnswer(f"it does not fit the schema, {'; '.join(wrong[:3])}")


def _violations(schema: Mapping[str, Any], value: Any) -> list[str]:
    try:
        return violations(schema, value)
    except BadSchema as error:
        raise BrokenAnswer(f"the schema asked for is none, {error}") from None


def _is_text(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "string" or ("type" not in schema and "enum" in schema)


def mended(schema: Mapping[str, Any], value: Any) -> Any:
    """The value with the slips that models make taken back, where the schema leaves no doubt.

    `"12"` becomes 12 where a number is wanted, 12 becomes `"12"` where a text is, a field that may be
    missing and is null goes.
    """
    if isinstance(value, Mapping):
        return _mended_object(schema, cast("Mapping[str, Any]", value))
    if isinstance(value, list):
        item = as_object(schema.get("items"))
        return [mended(item, each) for each in cast("list[Any]", value)]
    if isinstance(value, str):
        return convert(schema, value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if number and schema.get("type") == "string" else value


def _mended_object(schema: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    rules, needed = as_object(schema.get("properties")), as_list(schema.get("required"))
    out = {name: mended(as_object(rules.get(name)), item) for name, item in value.items()}
    return {
        name: item
        for name, item in out.items()
        if item is not None or name in needed or _may_be_null(as_object(rules.get(name)))
    }


def _may_be_null(rule: Mapping[str, Any]) -> bool:
    kind = rule.get("type")
    return kind is None or kind == "null" or "null" in as_list(kind)


def _values(text: str) -> list[Any]:
    """The JSON values in a model's words.

    Raises:
        BrokenAnswer: When one has more levels than can be worked with.
    """
    try:
        found = _values_in(text)
        deep = any(map(is_deep, found))
    except RecursionError:
        deep, found = True, []
    if deep:
        raise BrokenAnswer(f"it has more than {DEEPEST} lists and objects inside each other")
    return found


def _values_in(text: str) -> list[Any]:
    """Every JSON value in a model's words: the whole, those in fences, those that begin in the text."""
    out: list[Any] = []
    for part in (text, *_FENCE.findall(text)):
        for candidate in (part, _TRAILING_COMMA.sub(r"\1", part)):
            try:
                out.append(_DECODER.decode(candidate.strip()))
                break
            except ValueError:
                continue
    if out:
        return out
    at = 0
    for _ in range(_TRIES):
        if (bracket := _BRACKET.search(text, at)) is None or len(out) == _MOST:
            break
        try:
            value, at = _DECODER.raw_decode(text, bracket.start())
            out.append(value)
        except ValueError:
            at = bracket.end()
    return out


def _why_no_json(text: str) -> str:
    bracket = _BRACKET.search(text)
    if bracket is None:
        return "it holds no JSON"
    try:
        _DECODER.raw_decode(text, bracket.start())
    except ValueError as error:
        return f"it is no valid JSON ({error})"
    return "it holds no JSON"


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not in JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _tool_call(call: Any, tools: Sequence[ModelTool]) -> ModelToolCall:
    name = str(call.function.name or "")
    allowed = [tool.name for tool in tools]
    if name not in allowed:
        raise BrokenAnswer(f"there is no tool '{name}', only {', '.join(allowed) or 'none'}")
    text = str(call.function.arguments or "").strip() or "{}"
    found = _values(text)
    if not found:
        raise BrokenAnswer(f"the arguments for '{name}' are no valid JSON ({_why_no_json(text)})")
    if not isinstance(found[0], dict):
        raise BrokenAnswer(f"the arguments for '{name}' are no JSON object")
    return ModelToolCall(str(call.id or ""), name, cast("dict[str, Any]", found[0]))


def _with_ids(calls: Sequence[ModelToolCall]) -> list[ModelToolCall]:
    """The calls with an id each that no other one has; some servers give none, or the same to all."""
    out: list[ModelToolCall] = []
    for number, call in enumerate(calls):
        taken = {each.id for each in out}
        free = call.id if call.id and call.id not in taken else f"call_{number}"
        while free in taken:
            free += "_"
        out.append(replace(call, id=free))
    return out


def cleaned(answer: ModelAnswer, redact: Callable[[Any], Any]) -> ModelAnswer:
    """The answer without a secret that a model, a proxy or a tool's result has put into it."""
    calls = [replace(call, arguments=redact(call.arguments)) for call in answer.tool_calls]
    return replace(
        answer,
        text=redact(answer.text),
        value=redact(answer.value),
        note=redact(answer.note),
        tool_calls=tuple(calls),
    )
