"""Reads where in a journey's text the cursor is, from the lines above it: fast, and of broken text too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_KEY = re.compile(
    r"^(?P<dash>(?:- +)*)(?P<key>[\w.$/-]*|\"[^\"]*\"|'[^']*')\s*:(?P<gap>\s*)(?P<value>.*)$"
)
_WORD = re.compile(r"[\w./:$-]*$")
_FLOW_KEY = re.compile(r"^\s*(?P<key>[\w.$-]*)\s*(?::\s*(?P<value>.*))?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the cursor is.

    Attributes:
        path: The keys and indices around it; of a value its own key too.
        value: What stands in the value before the cursor; None where a key is typed.
        typed: The word before the cursor.
        start: Where in the text that word begins.
        begin: Where in the text the value begins.
    """

    path: tuple[str | int, ...]
    value: str | None
    typed: str
    start: int
    begin: int


def spot_at(text: str, cursor: int) -> Spot:
    """Read the lines before the cursor, from the nearest upward; what follows is not looked at."""
    begin = text.rfind("\n", 0, cursor) + 1
    line = text[begin:cursor]
    bare = line.lstrip(" ")
    indent = len(line) - len(bare)
    parents = _parents(text, begin, indent, _dashes(bare))
    opened = _open_brace(line)
    if opened is not None:
        return _in_flow(text, cursor, begin, opened, parents)
    found = _KEY.match(bare)
    if found is None:
        word = _WORD.search(line)
        typed = word[0] if word else ""
        inside = _in_list(bare, parents)
        value = typed if inside is not None else None
        return Spot(inside or parents, value, typed, cursor - len(typed), cursor - len(typed))
    key = found["key"].strip("\"'")
    value = found["value"]
    word = _WORD.search(value)
    typed = word[0] if word else ""
    return Spot((*parents, key), value, typed, cursor - len(typed), cursor - len(value))


def _dashes(bare: str) -> int:
    found = re.match(r"(?:- +)*", bare)
    return len(found[0]) if found else 0


def _in_list(bare: str, parents: tuple[str | int, ...]) -> tuple[str | int, ...] | None:
    """The path of an item of a list of plain values: a word behind a dash may be one or a key."""
    return parents if bare.startswith("- ") else None


def _parents(text: str, before: int, indent: int, dashes: int) -> tuple[str | int, ...]:
    """The keys and lists around a line, from the lines above it.

    Args:
        text: The whole text.
        before: Where the line begins.
        indent: How many blanks the line begins with.
        dashes: How many characters its `- ` take after them.
    """
    path: list[str | int] = [0] if dashes else []
    limit, listed = indent, bool(dashes)
    for own, dash, key in _lines_above(text, before):
        if limit <= 0 and not listed:
            break
        at = own + dash
        inside = dash > 0 and own < limit <= at
        if inside or (key and (at < limit or (listed and at == limit and not dash))):
            if not inside:
                path.append(key)
            if dash:
                path.append(0)
            limit, listed = own, dash > 0
    return tuple(reversed(path))


def _lines_above(text: str, before: int) -> Iterator[tuple[int, int, str]]:
    """Indentation, width of the dashes and key of each line, the nearest first."""
    end = before - 1
    while end > 0:
        begin = text.rfind("\n", 0, end) + 1
        line = text[begin:end]
        end = begin - 1
        bare = line.lstrip(" ")
        if not bare or bare.startswith("#"):
            continue
        found = _KEY.match(bare)
        key = found["key"].strip("\"'") if found is not None else ""
        yield len(line) - len(bare), _dashes(bare), key


def _open_brace(line: str) -> int | None:
    """Where the innermost `{` that is not closed stands in a line."""
    depth: list[int] = []
    quote = ""
    for index, letter in enumerate(line):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "{" and not line[:index].endswith("$"):
            depth.append(index)
        elif letter == "}" and depth:
            depth.pop()
    return depth[-1] if depth else None


def _in_flow(
    text: str, cursor: int, begin: int, opened: int, parents: tuple[str | int, ...]
) -> Spot:
    """Inside of `{…}` on one line."""
    line = text[begin:cursor]
    head = line[:opened].rstrip()
    path: list[str | int] = list(parents)
    outer = _open_brace(head)
    if outer is not None:
        path += _keys_of(head[:outer])
        head = head[outer + 1 :].rpartition(",")[2]
    path += _keys_of(head)
    piece = _last_piece(line[opened + 1 :])
    found = _FLOW_KEY.match(piece)
    value = found["value"] if found else None
    word = _WORD.search(piece)
    typed = word[0] if word else ""
    if found is None or value is None:
        return Spot(tuple(path), None, typed, cursor - len(typed), cursor - len(typed))
    return Spot((*path, found["key"]), value, typed, cursor - len(typed), cursor - len(value))


def _keys_of(head: str) -> list[str | int]:
    """The key that a `{` is the value of."""
    bare = head.strip().rstrip("[").strip()
    listed = head.rstrip().endswith("[")  # a dash is one of the lines above already
    name = bare.lstrip("- ").rstrip(":").strip().strip("\"'")
    return [*([name] if name else []), *([0] if listed else [])]


def _last_piece(text: str) -> str:
    """What follows the last comma outside of quotes, brackets and braces."""
    quote, depth, start = "", 0, 0
    for index, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "{[":
            depth += 1
        elif letter in "}]":
            depth -= 1
        elif letter == "," and depth == 0:
            start = index + 1
    return text[start:]
