"""How findings speak of places in a node, of values, and of what pydantic found wrong with them."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from journeybuilder.contract.fields import Path
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.findings import near

SYNONYMS: Mapping[str, str] = {
    "if": "when", "condition": "when", "then": "next", "goto": "next", "go_to": "next",
    "else": "otherwise", "default": "otherwise", "args": "with", "arguments": "with",
    "params": "with", "parameters": "with", "save_as": "save", "save_to": "save", "store": "save",
    "message": "text", "question": "text", "retries": "retry", "options": "choices",
    "on_fail": "on_error", "on_failure": "on_error", "catch": "on_error", "queue": "to",
    "system": "instructions", "labels": "routes", "description": "about",
}  # fmt: skip
"""Words that other tools use for a key of ours."""

_CUT = 80


def place_words(path: Path) -> str:
    """A place in a node's settings as people count: `'next' in case 1`, `'routes.refund.next'`."""
    at = next((index for index, part in enumerate(path) if isinstance(part, int)), -1)
    if at < 0:
        return f"'{'.'.join(str(part) for part in path)}'"
    holder, number = path[:at], int(path[at]) + 1
    item = f"case {number}" if holder == ("cases",) else f"entry {number} of {place_words(holder)}"
    rest = path[at + 1 :]
    return f"{place_words(rest)} in {item}" if rest else item


def listed(names: Iterable[str]) -> str:
    """Names inside a message, in their order."""
    return ", ".join(f"'{name}'" for name in names)


def shown(value: Any) -> str:
    """A value inside a message."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else f"'{str(value)[:40]}'"


def cut(text: str, column: int = 0) -> str:
    """A text on one line for a message; of a long one the piece around a column (from 1)."""
    line = text.replace("\n", " ")
    if len(line) <= _CUT:
        return line
    begin = max(0, min(column - 1 - _CUT // 2, len(line) - _CUT))
    end = begin + _CUT
    return ("…" if begin else "") + line[begin:end].strip() + ("…" if end < len(line) else "")


def similar(key: str, known: Iterable[str], given: Iterable[str] = ()) -> str:
    """`Did you mean 'x'?` for the key that a misspelled or foreign one stands for, else nothing.

    Args:
        key: What is written.
        known: The keys that there are.
        given: Keys that are there already, which it does not stand for.
    """
    free = set(known) - set(given)
    bare, colon, _ = key.partition(":")
    if colon and bare in free:
        return f"Did you mean '{bare}'? A blank is missing after its colon."
    word = SYNONYMS.get(key.casefold(), "")
    return f"Did you mean '{word}'?" if word in free else near(key, known)


_FORMS = {
    "string_type": ("must be text", ""),
    "int_type": ("must be a whole number", "Write for example {key}: 3."),
    "int_from_float": ("must be a whole number", "Write for example {key}: 3."),
    "float_type": ("must be a number", "Write for example {key}: 0.5."),
    "bool_type": ("must be true or false", "Write {key}: true or {key}: false."),
    "list_type": ("must be a list", "Write each entry in a line of its own that begins with '- '."),
}
_BOUNDS = {
    "greater_than_equal": ("ge", "must be at least", "more"),
    "less_than_equal": ("le", "must be at most", "less"),
}
BAD_NAME = "must be a name of letters, digits and _"
_MAPPING = ("must be a mapping of names to values", "Write {key}: {{name: value}}.")


def wrong_form(details: ErrorDetails, path: Path, holder: Any) -> tuple[str, str]:
    """What form a value has to have, and how to give it that.

    Args:
        details: One error of pydantic.
        path: Of the value in the node's settings.
        holder: The list or mapping that the value stands in.
    """
    kind, extra, value = details["type"], details.get("ctx", {}), details.get("input")
    key = str(path[-1]) if path else ""
    if kind == "literal_error":
        allowed = str(extra.get("expected", "one of the allowed words"))
        return f"must be {allowed}", near(str(value), allowed.split("'")[1::2])
    if kind in _BOUNDS:
        name, words, side = _BOUNDS[kind]
        limit = extra.get(name)
        return f"{words} {limit}", f"Write {key}: {limit} or {side}."
    if kind == "string_pattern_mismatch":
        return BAD_NAME, name_hint(value)
    if kind not in _FORMS:
        known = kind in {"dict_type", "model_type", "model_attributes_type"}
        return (_MAPPING[0], _MAPPING[1].format(key=key)) if known else ("has the wrong form", "")
    wording, hint = _FORMS[kind]
    if kind == "string_type":
        return wording, _quoted(key, value, holder)
    if kind == "list_type" and isinstance(value, str | int | float):
        return wording, f"Write {key}: [{_plain_words(value)}]."
    if isinstance(value, str) and (bare := _unquoted(kind, value)):
        return f"{wording}; in quotes it is text", f"Take the quotes away: {key}: {bare}."
    return wording, hint.format(key=key)


def _unquoted(kind: str, text: str) -> str:
    """What a text says without its quotes, where that is of the form wanted."""
    word = text.strip().casefold()
    if kind == "bool_type":
        return {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(
            word, word if word in {"true", "false"} else ""
        )
    number = r"[-+]?[0-9]+" if kind.startswith("int") else r"[-+]?[0-9]+(\.[0-9]+)?"
    return word if re.fullmatch(number, word) else ""


def _plain_words(value: Any) -> str:
    return shown(value) if isinstance(value, bool) else str(value)


def _quoted(key: str, value: Any, holder: Any) -> str:
    """How text is written that YAML takes for a number or for true and false."""
    items = as_list(holder)
    if items and not any(item is None or as_object(item) or as_list(item) for item in items):
        words = ", ".join(f'"{_plain_words(item)}"' for item in items)
        return f"Put each in quotes: [{words}]."
    if isinstance(value, bool | int | float):
        return f'Put it in quotes: {key}: "{_plain_words(value)}".'
    return f'Write {key}: "some words".'


def name_hint(value: Any) -> str:
    """How a variable could be called instead."""
    name = as_name(value) if isinstance(value, str) else ""
    return f"Write for example {name}." if name else "Begin with a letter, for example order_id."


def as_name(text: str) -> str:
    """A text with `_` for what a variable's name cannot have; empty where nothing is left."""
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in text.strip()).strip("_")
    return name if name and not name[0].isdigit() else ""
