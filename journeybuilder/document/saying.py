"""Places and values of a file in words, for lists of changes and conflicts."""

import json
from typing import Any

from journeybuilder.document.findings import Path

_LONGEST = 60
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
_ONE_OF = {
    "cases": "case", "routes": "route", "ways": "way", "decisions": "decision", "lanes": "lane",
    "choices": "choice", "expect": "expectation", "customer": "line of the customer",
    "people": "person",
}  # fmt: skip
_WAYS = {
    "start": "it begins with", "next": "it goes on to", "otherwise": "otherwise it leads to",
    "on_error": "on an error it leads to", "on_timeout": "on a time-out it leads to",
    "on_invalid": "an invalid answer leads to", "on_failed": "a failure leads to",
    "on_limit": "its limit leads to", "body": "each round begins with",
}  # fmt: skip


def ordinal(index: int) -> str:
    """`first` for 0."""
    return _ORDINALS[index] if index < len(_ORDINALS) else f"{index + 1}th"


def value_words(value: Any) -> str:
    """A value in a line, cut where it is long; texts in quotes."""
    if isinstance(value, str):
        text = " ".join(value.split())
        return f"'{_cut(text)}'"
    return _cut(json.dumps(value, ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def place_words(path: Path) -> str:
    """A path for people: `limits.steps`, `the first case: when`, `the file`."""
    match path:
        case ():
            return "the file"
        case (str(list_name), int(index), *rest):
            head = f"the {ordinal(index)} {_ONE_OF.get(list_name, f'entry of {list_name}')}"
            return f"{head}: {place_words(tuple(rest))}" if rest else head
        case (str(group), str(name), *rest) if group in _ONE_OF:
            head = f"{_ONE_OF[group]} '{name}'"
            return f"{head}: {place_words(tuple(rest))}" if rest else head
        case _:
            return _dotted(path)


def _dotted(path: Path) -> str:
    out = ""
    for part in path:
        if isinstance(part, int):
            out += f"[{part}]"
        else:
            out += f".{part}" if out else part
    return out


def way_words(path: Path, before: str, after: str) -> str:
    """What became of a way out: `the first case leads to 'label' instead of 'decide'`."""
    leads = _leads(path)
    if not after:
        return f"{leads} nothing any more (it was '{before}')"
    return f"{leads} '{after}' instead of '{before}'" if before else f"{leads} '{after}'"


def _leads(path: Path) -> str:
    named = path[:-1] if len(path) > 1 and path[-1] == "next" else path
    match named:
        case (str(single),):
            return _WAYS.get(single, f"{single.replace('_', ' ')} leads to")
        case (str(group), int(index)):
            return f"the {ordinal(index)} {_ONE_OF.get(group, group)} leads to"
        case (str(group), str(name)):
            return f"{_ONE_OF.get(group, group)} '{name}' leads to"
        case _:
            return f"{_dotted(path)} leads to"
