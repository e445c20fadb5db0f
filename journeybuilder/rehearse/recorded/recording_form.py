"""What a line of a recording must look like; people edit these files, and merge them."""

from collections.abc import Callable, Mapping
from typing import Any

from journeybuilder.contract.json import as_list, as_object

IDENTITY: Mapping[str, str] = {
    "tool": "tool",
    "model": "model",
    "resource": "resource",
    "prompt": "prompt",
}
"""By the kind of a call, the key of its request that says whom it went to."""


def fault_of_call(call: Mapping[str, Any]) -> str:
    """Why a line is no call, as a clause, or an empty text."""
    kind, request = call.get("kind"), call.get("request")
    if not isinstance(kind, str) or kind not in IDENTITY:
        return f"'kind' must be one of {', '.join(IDENTITY)}"
    if not _is(dict, request):
        return "'request' must be an object"
    if not isinstance(as_object(request).get(IDENTITY[kind]), str):
        return f"'{IDENTITY[kind]}' of 'request' must be a text"
    if ("answer" in call) == ("error" in call):
        return "it must have either 'answer' or 'error'"
    return _of_error(call["error"]) if "error" in call else _ANSWERS[kind](call["answer"])


def fault_of_end(ended: Any) -> str:
    """Why the last line is none, as a clause, or an empty text."""
    if not _is(dict, ended):
        return "'ended' must be an object"
    stand_ins = as_object(ended).get("stand_ins", [])
    if not _is(list, stand_ins) or any(
        isinstance(each, bool) or not isinstance(each, str | int | float)
        for each in as_list(stand_ins)
    ):
        return "'stand_ins' of 'ended' must be a list of texts and numbers"
    return ""


def _of_error(error: Any) -> str:
    if not _is(dict, error):
        return "'error' must be an object"
    wrong = [
        name for name in ("code", "message") if not isinstance(as_object(error).get(name), str)
    ]
    if wrong:
        return f"'{wrong[0]}' of 'error' must be a text"
    if _is(dict, as_object(error).get("detail", {})):
        return ""
    return "'detail' of 'error' must be an object"


def _of_tool(answer: Any) -> str:
    return "" if _is(dict, answer) and "value" in answer else "'answer' must have a 'value'"


def _of_prompt(answer: Any) -> str:
    lines = as_list(answer)
    fine = _is(list, answer) and all(_is(dict, line) for line in lines)
    return "" if fine else "'answer' must be a list of messages"


def _of_model(answer: Any) -> str:
    if not _is(dict, answer):
        return "'answer' must be an object"
    told = as_object(answer)
    for name in ("tokens_in", "tokens_out"):
        if not _is_number(told.get(name, 0)) or not isinstance(told.get(name, 0), int):
            return f"'{name}' of 'answer' must be a whole number"
    if told.get("cost_usd") is not None and not _is_number(told["cost_usd"]):
        return "'cost_usd' of 'answer' must be a number or null"
    for name in ("text", "note"):
        if not isinstance(told.get(name) or "", str):
            return f"'{name}' of 'answer' must be a text"
    if not _is(list, told.get("tool_calls", [])):
        return "'tool_calls' of 'answer' must be a list"
    wrong = (_of_tool_call(call) for call in as_list(told.get("tool_calls")))
    return next((words for words in wrong if words), "")


def _of_tool_call(call: Any) -> str:
    told = as_object(call)
    fine = all(isinstance(told.get(name), str) for name in ("id", "name"))
    if fine and _is(dict, told.get("arguments")):
        return ""
    return "each of 'tool_calls' must have 'id', 'name' and 'arguments'"


def _is(kind: type, value: Any) -> bool:
    return isinstance(value, kind)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_ANSWERS: Mapping[str, Callable[[Any], str]] = {
    "tool": _of_tool,
    "model": _of_model,
    "resource": _of_tool,
    "prompt": _of_prompt,
}
