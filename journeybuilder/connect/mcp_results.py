"""A tool's answer as the value that a journey works with, and the checks on both ends of a call."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from referencing.exceptions import Unresolvable

from journeybuilder.connect.mcp_files import Keeping
from journeybuilder.connect.mcp_words import visible
from journeybuilder.contract.json import DEEPEST, canonical, is_deep
from journeybuilder.contract.schemas import BadSchema, Checker
from journeybuilder.contract.services import ToolAnswer
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError

LARGEST = 1_000_000
_SHOWN = 3
_KEPT = 2000
_KIND = 40


def check_arguments(tool: ToolDef, arguments: Mapping[str, Any]) -> None:
    """Refuse arguments that do not fit the tool's schema, before anything is sent.

    A schema that cannot be used checks nothing here; the server will.

    Raises:
        StepError: `bad_arguments`.
    """
    try:
        wrong = tool.takes.violations(dict(arguments))
    except (BadSchema, Unresolvable, RecursionError):
        return
    except (TypeError, ValueError):
        message = f"the arguments of '{tool.id}' hold values that JSON does not have"
        raise StepError("bad_arguments", message) from None
    if wrong:
        message = f"the arguments of '{tool.id}' do not fit: {_listed(wrong)}"
        raise StepError("bad_arguments", message)


def answer_of(tool: ToolDef, result: Mapping[str, Any], keeping: Keeping) -> ToolAnswer:
    """The answer in a `tools/call` result, as it came over the wire.

    Structured content counts; without it, text that is a JSON object or array is read as one.
    Images, sounds and resources become references without their data, which `keeping` holds.

    Raises:
        StepError: `tool_failed` where the tool says that it failed; `bad_result` where the answer
            is not what the tool's output schema promises, or too large (the tool has run all the
            same).
    """
    content = [cast("Mapping[str, Any]", part) for part in result.get("content") or ()]
    if result.get("isError"):
        raise StepError("tool_failed", f"'{tool.id}' failed: {_complaint(content)}")
    notes: list[str] = []
    structured = "structuredContent" in result
    value = result["structuredContent"] if structured else content_of(content, keeping, notes)
    if tool.gives is not None:
        _check_result(tool, tool.gives, value)
        if not structured:
            notes.append("The tool gave its result as text; it fits the promised form.")
    _refuse_large(tool.id, value)
    return ToolAnswer(value, " ".join([*notes, *keeping.notes]))


def read_of(what: str, result: Mapping[str, Any], keeping: Keeping) -> ToolAnswer:
    """The answer in a `resources/read` result: text, parsed JSON, or references to kept bytes.

    Args:
        what: Name of the resource for messages.
        result: As it came over the wire.
        keeping: Takes the bytes.

    Raises:
        StepError: `bad_result` where it is too large or no JSON value.
    """
    notes: list[str] = []
    parts = [cast("Mapping[str, Any]", part) for part in result.get("contents") or ()]
    values = [_contents(part, keeping, notes) for part in parts]
    value = values[0] if len(values) == 1 else values or None
    _refuse_large(what, value)
    return ToolAnswer(value, " ".join([*notes, *keeping.notes]))


def _contents(part: Mapping[str, Any], keeping: Keeping, notes: list[str]) -> Any:
    mime = part.get("mimeType")
    if "blob" in part:
        return keeping.blob("resource", part.get("blob"), mime, uri=str(part.get("uri") or ""))
    text = str(part.get("text", ""))
    kind = mime.partition(";")[0].strip().lower() if isinstance(mime, str) else ""
    says_json = kind == "application/json" or kind.endswith("+json")
    if len(text) <= LARGEST and (says_json or not kind):
        return _parsed(text, any_value=says_json)
    return cut_text(text, notes)


def messages_of(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The messages in a `prompts/get` result; what is no text is named by its kind and type."""
    out: list[dict[str, Any]] = []
    for each in result.get("messages") or ():
        content = cast("Mapping[str, Any]", each.get("content") or {})
        inner = cast("Mapping[str, Any]", content.get("resource") or content)
        words = inner.get("text")
        if not isinstance(words, str):
            name = inner.get("uri") or inner.get("mimeType") or "of no known type"
            words = f"[{content.get('type', 'content')}: {name}]"
        out.append({"role": str(each.get("role") or "user"), "content": words})
    return out


def cut_text(text: str, notes: list[str]) -> str:
    """The beginning of a text that is too long, with a note; others as they are."""
    if len(text) < LARGEST // 6 or (size := len(canonical(text))) <= LARGEST:
        return text
    kept = text[:LARGEST]
    while (now := len(canonical(kept))) > LARGEST:
        kept = kept[: len(kept) * LARGEST // now - 2]
    notes.append(f"The answer had {size:,} characters and was cut to {len(kept):,}.")
    return kept


def _refuse_large(what: str, value: Any) -> None:
    """Cutting a structured value would make another value of it, so one that is too large is none.

    Raises:
        StepError: `bad_result`.
    """
    if isinstance(value, str) and len(value) < LARGEST // 6:
        return
    if is_deep(value):
        message = f"'{what}' gave a value of more than {DEEPEST} levels, which is not kept"
        raise StepError("bad_result", message, detail={"ran": True}, uncertain=True)
    size = _size(what, value)
    if size > LARGEST:
        message = f"'{what}' gave {size:,} characters of JSON; more than {LARGEST:,} are not kept"
        raise StepError("bad_result", message, detail={"ran": True}, uncertain=True)


def _size(what: str, value: Any) -> int:
    try:
        return len(canonical(value))
    except (ValueError, RecursionError):
        message = f"'{what}' has run, but its result holds values that JSON does not have"
        raise StepError("bad_result", message, detail={"ran": True}, uncertain=True) from None


def _check_result(tool: ToolDef, gives: Checker, value: Any) -> None:
    try:
        wrong = gives.violations(value)
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


def content_of(content: Sequence[Mapping[str, Any]], keeping: Keeping, notes: list[str]) -> Any:
    """Nothing is None, one part is its value, several are a list."""
    if len(content) == 1 and content[0].get("type") == "text":
        text = str(content[0].get("text", ""))
        return cut_text(text, notes) if len(text) > LARGEST else _parsed(text)
    values = [_part(part, keeping, notes) for part in content]
    return values[0] if len(values) == 1 else values or None


def _parsed(text: str, *, any_value: bool = False) -> Any:
    if not any_value and text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        value = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text
    return text if is_deep(value) else value


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _part(part: Mapping[str, Any], keeping: Keeping, notes: list[str]) -> Any:
    kind = str(part.get("type"))
    if kind == "text":
        return cut_text(str(part.get("text", "")), notes)
    if kind == "resource":
        inner = cast("Mapping[str, Any]", part.get("resource") or {})
        uri, mime = str(inner.get("uri") or ""), inner.get("mimeType")
        if "blob" in inner:
            return keeping.blob(kind, inner.get("blob"), mime, uri=uri)
        return keeping.text(str(inner.get("text", "")), mime, uri=uri)
    if kind == "resource_link":
        return _link(part)
    return keeping.blob(visible(kind)[:_KIND], part.get("data"), part.get("mimeType"))


def _link(part: Mapping[str, Any]) -> dict[str, Any]:
    """A link is a reference already; nothing is fetched."""
    link = {"kind": "link", "uri": part.get("uri"), "name": part.get("name")}
    return {**link, "mime": part.get("mimeType") or "", "bytes": part.get("size")}


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
