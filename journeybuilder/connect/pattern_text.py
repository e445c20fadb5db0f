"""A text that fits a simple regular expression: `^O-[0-9]{4}$` gives `O-0000`."""

import re
from collections.abc import Iterator

_CLASSES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a"}
_QUANTIFIER = re.compile(r"\{(\d+)(?:,\d*)?\}[?+]?|[*+?][?+]?")
_RANGE_END = "]"
_LAST_PRINTABLE = 127


class _NotSimple(Exception):  # noqa: N818 - no error, the caller does without
    """The pattern uses what this module does not know."""


def text_for(pattern: str) -> str | None:
    """The shortest text that the pattern finds itself in, or None where that is not simple.

    Known are literals, classes, groups, alternatives (the first is taken) and counts; not known are
    looks around, references back and properties of characters.
    """
    try:
        text, rest = _alternatives(pattern)
        return text if not rest and re.search(pattern, text) else None
    except (_NotSimple, re.error):
        return None


def found_in(pattern: str, words: str) -> str | None:
    """The first part of the words that the whole pattern fits, or None."""
    loose = pattern.removeprefix("^").removesuffix("$")
    try:
        return next(
            (hit.group(0) for hit in re.finditer(loose, words) if re.search(pattern, hit.group(0))),
            None,
        )
    except re.error:
        return None


def _alternatives(pattern: str) -> tuple[str, str]:
    """The text for the first alternative, and what follows the group."""
    first, rest = _sequence(pattern)
    while rest.startswith("|"):
        _, rest = _sequence(rest[1:])
    return first, rest


def _sequence(pattern: str) -> tuple[str, str]:
    out = ""
    while pattern and pattern[0] not in "|)":
        atom, pattern = _atom(pattern)
        count, pattern = _count(pattern)
        out += atom * count
    return out, pattern


def _count(pattern: str) -> tuple[int, str]:
    match = _QUANTIFIER.match(pattern)
    if match is None:
        return 1, pattern
    if match.group(1):
        return int(match.group(1)), pattern[match.end() :]
    return int(pattern[0] == "+"), pattern[match.end() :]


def _atom(pattern: str) -> tuple[str, str]:
    head, rest = pattern[0], pattern[1:]
    if head in "^$":
        return "", rest
    if head == ".":
        return "a", rest
    if head == "\\":
        return _escape(rest)
    if head == "[":
        return _class(rest)
    if head == "(":
        return _group(rest)
    return head, rest


def _escape(rest: str) -> tuple[str, str]:
    if not rest:
        raise _NotSimple
    char = rest[0]
    if char in _CLASSES:
        return _CLASSES[char], rest[1:]
    if char in "bAZz":
        return "", rest[1:]
    if char.isalnum():
        raise _NotSimple
    return char, rest[1:]


def _group(rest: str) -> tuple[str, str]:
    if rest.startswith("?"):
        opening = re.match(r"\?(?::|P<\w+>)", rest)
        if opening is None:
            raise _NotSimple
        rest = rest[opening.end() :]
    text, rest = _alternatives(rest)
    if not rest.startswith(")"):
        raise _NotSimple
    return text, rest[1:]


def _class(rest: str) -> tuple[str, str]:
    negative = rest.startswith("^")
    body = rest[1:] if negative else rest
    end = body.find(_RANGE_END, 1)
    while end > 0 and body[end - 1] == "\\":
        end = body.find(_RANGE_END, end + 1)
    if end < 0:
        raise _NotSimple
    whole = "[" + rest[: end + 1 + int(negative)]
    char = next((char for char in _candidates(body) if re.fullmatch(whole, char)), None)
    if char is None:
        raise _NotSimple
    return char, body[end + 1 :]


def _candidates(body: str) -> Iterator[str]:
    yield from (char for char in body[:1] if char.isalnum())
    yield from "aA0"
    yield from (chr(code) for code in range(32, _LAST_PRINTABLE))
    yield from body
