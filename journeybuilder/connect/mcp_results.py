"""A tool's answer as the value that a journey works with, and the checks on both ends of a call."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from referencing.exceptions import Unresolvable

from journeybuilder.connect.mcp_sanitize import visible
from journeybuilder.contract.json import canonical
from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.contract.services import ToolAnswer
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError

LARGEST = 1_000_000
_SHOWN = 3
_KEPT = 2000


def check_arguments(tool: ToolDef, arguments: Mapping[str, Any]) -> None:
    """Refuse arguments that do not fit the tool's schema, before anything is sent.

    A schema that cannot be used checks nothing here; the server will.

    Raises:
        StepError: `bad_arguments`.
    """
    try:
        wrong = violations(tool.input_schema, dict(arguments))
    except (BadSchema, Unresolvable, RecursionError):
        return
    except (TypeError, ValueError):
        message = f"the arguments of '{tool.id}' hold values that JSON does not have"
        raise StepError("bad_arguments", message) from None
    if wrong:
        message = f"the arguments of '{tool.id}' do not fit: {_listed(wrong)}"
        raise StepError("bad_arguments", message)


def answer_of(tool: ToolDef, result: Mapping[str, Any]) -> ToolAnswer:
    """The answer in a `tools/call` result, as it came over the wire.

    Structured content counts; without it, text that is a JSON object or array is read as one.
    Images, sounds and resources become references without their data.

    Raises:
        StepError: `tool_failed` where the tool says that it failed; `bad_result` where the answer
            is not what the tool's output schema promises (the tool has run all the same).
    """
    content = [cast("Mapping[str, Any]", part) for part in result.get("content") or ()]
    if result.get("isError"):
        raise StepError("tool_failed", f"'{tool.id}' failed: {_complaint(content)}")
    structured = "structuredContent" in result
    value = result["structuredContent"] if structured else _content(content)
    notes: list[str] = []
    if tool.output_schema is not None:
        _check_result(tool, tool.output_schema, value)
        if not structured:
            notes.append("The tool gave its result as text; it fits the promised form.")
    size = _size(tool, value)
    if size > LARGEST:
        value = _Cut(LARGEST).cut(value)
        notes.append(f"The answer had {size:,} bytes and was cut to about {LARGEST:,}.")
    return ToolAnswer(value, " ".join(notes))


def _size(tool: ToolDef, value: Any) -> int:
    try:
        return len(canonical(value).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        message = f"'{tool.id}' has run, but its result holds values that JSON does not have"
        raise StepError("bad_result", message, detail={"ran": True}, uncertain=True) from None


def _check_result(tool: ToolDef, schema: Mapping[str, Any], value: Any) -> None:
    try:
        wrong = violations(schema, value)
    except (BadSchema, Unresolvable, RecursionError):
        wrong = ["the schema of its result cannot be used"]
    if not wrong:
        return
    kept = _Cut(_KEPT).cut(value)
    raise StepError(
        "bad_result",
        f"'{tool.id}' has run, but its result is not what it promises: {_listed(wrong)}",
        detail={"ran": True, "result": kept},
        uncertain=True,
    )


def _listed(wrong: Sequence[str]) -> str:
    said = list(dict.fromkeys(wrong))
    more = len(said) - _SHOWN
    return "; ".join(said[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def _complaint(content: Sequence[Mapping[str, Any]]) -> str:
    texts = [visible(str(part.get("text", "")), lines=True).strip() for part in content]
    said = " ".join(text for text in texts if text)
    return said[:_KEPT] or "it does not say why"


def _content(content: Sequence[Mapping[str, Any]]) -> Any:
    """Nothing is None, one part is its value, several are a list."""
    values = [_part(part) for part in content]
    if len(values) == 1:
        return _parsed(values[0]) if isinstance(values[0], str) else values[0]
    return values or None


def _parsed(text: str) -> Any:
    if text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _part(part: Mapping[str, Any]) -> Any:
    kind = part.get("type")
    if kind == "text":
        return str(part.get("text", ""))
    if kind == "resource":
        inner = cast("Mapping[str, Any]", part.get("resource") or {})
        text, blob = inner.get("text"), inner.get("blob")
        size = len(str(text).encode()) if text is not None else _decoded(blob)
        return {"type": kind, "uri": inner.get("uri"), **_reference(inner, size)}
    if kind == "resource_link":
        link = {"type": kind, "uri": part.get("uri"), "name": part.get("name")}
        return {**link, **_reference(part, part.get("size"))}
    return {"type": str(kind), **_reference(part, _decoded(part.get("data")))}


def _reference(part: Mapping[str, Any], size: object) -> dict[str, Any]:
    return {"mime_type": part.get("mimeType"), "bytes": size}


def _decoded(data: object) -> int:
    """How many bytes a Base64 text stands for."""
    text = data if isinstance(data, str) else ""
    return len(text) * 3 // 4 - text[-2:].count("=")


class _Cut:
    """Keeps the beginning of a value within a budget of characters; its shape stays."""

    def __init__(self, budget: int) -> None:
        self.left = budget

    def cut(self, value: Any) -> Any:
        if isinstance(value, str):
            kept = value[: max(self.left, 0)]
            self.left -= len(kept)
            return kept
        if isinstance(value, Mapping):
            return self._members(cast("Mapping[str, Any]", value))
        if isinstance(value, list):
            return self._items(cast("list[Any]", value))
        self.left -= 8
        return value

    def _members(self, value: Mapping[str, Any]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, item in value.items():
            if self.left <= 0:
                break
            self.left -= len(key) + 4
            out[key] = self.cut(item)
        return out

    def _items(self, value: list[Any]) -> list[Any]:
        out: list[Any] = []
        for item in value:
            if self.left <= 0:
                break
            self.left -= 2
            out.append(self.cut(item))
        return out
