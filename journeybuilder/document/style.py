"""How values are written: scalars, values in one line, values in lines of their own.

Short values without mappings inside them stand in one line (`{kind: end, outcome: closed}`); all
others get a line for each key, two blanks deeper. Text is plain where nobody could misread it.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from journeybuilder.errors import AuthorError

WIDTH = 100
STEP = 2

_FIRST = set("-?:,[]{}#&*!|>'\"%@`=~ ")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_OTHERWISE_READ = re.compile(
    # numbers of YAML 1.1 and 1.2, times in base 60, dates
    r"[-+]?0[box][0-9a-fA-F_]+|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|nan)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*",
    re.IGNORECASE,
)
_WORDS = {"null", "true", "false"}
_OLD_WORDS = {"yes", "no", "on", "off", "y", "n"}


def scalar(value: object, *, flow: bool = False, key: bool = False, style: str = "") -> str:
    """A scalar in one line.

    Args:
        value: Text, number, true, false or None.
        flow: True inside `{}` or `[]`, where more characters need quotes.
        key: True for a key, where `yes` and `no` need no quotes.
        style: The quotes it had before, kept where possible: `"`, `'` or empty for none.

    Raises:
        AuthorError: When the value is none that a file can hold.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    if not isinstance(value, str):
        raise AuthorError(
            f"A value of type {type(value).__name__} cannot be written to a file.",
            hint="Files hold text, finite numbers, true, false, null, lists and mappings.",
        )
    if style == "'" and not _UNSEEN.search(value):
        return "'" + value.replace("'", "''") + "'"
    if style != '"' and _plain(value, flow=flow, key=key):
        return value
    return _UNSEEN.sub(
        lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value, ensure_ascii=False)
    )


def _plain(text: str, *, flow: bool, key: bool) -> bool:
    if not text or text[0] in _FIRST or text[-1] in " :" or _UNSEEN.search(text):
        return False
    if any(mark in text for mark in (": ", " #", "${", "<<")) or text.startswith("..."):
        return False
    if (flow or key) and any(mark in text for mark in ",[]{}:"):
        return False
    word = text.casefold()
    return not (
        word in _WORDS or (not key and word in _OLD_WORDS) or _OTHERWISE_READ.fullmatch(text)
    )


def flow(value: object) -> str:
    """A value in one line, in `{}` or `[]` where it is a mapping or list."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value).items()
        return (
            "{"
            + ", ".join(f"{_key(name, flow=True)}: {flow(item)}" for name, item in entries)
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in cast("list[object]", value)) + "]"
    return scalar(value, flow=True)


def _key(name: object, *, flow: bool = False, style: str = "") -> str:
    if not isinstance(name, str):
        raise AuthorError(f"The key {name!r} is no text.", hint="Keys of files are text.")
    return scalar(name, flow=flow, key=True, style=style)


def key_text(name: object, style: str = "") -> str:
    """A key as it is written before its colon.

    Raises:
        AuthorError: When it is no text.
    """
    return _key(name, style=style)


def literal(text: str, indent: int) -> list[str] | None:
    """`|` and the lines of a text that has several; None where quotes are needed to keep it."""
    body, ending = (text[:-1], "|") if text.endswith("\n") else (text, "|-")
    lines = body.split("\n")
    odd = body.endswith("\n") or any(
        _UNSEEN.search(line) or line != line.rstrip() for line in lines
    )
    if "\n" not in text or odd or not lines[0] or lines[0][0] == " ":
        return None
    return [ending, *(" " * indent + line if line else "" for line in lines)]


def several_lines(value: object) -> bool:
    """True where a text in the value has more than one line, so that it wants lines of its own."""
    if isinstance(value, Mapping):
        return any(several_lines(item) for item in cast("Mapping[str, object]", value).values())
    if isinstance(value, list):
        return any(several_lines(item) for item in cast("list[object]", value))
    return isinstance(value, str) and "\n" in value


def flat(value: object, *, inner: bool = False) -> bool:
    """True where a value may stand in one line: no mapping inside it, no text of several lines."""
    if not value:
        return True
    if isinstance(value, Mapping):
        items: Sequence[object] = list(cast("Mapping[str, object]", value).values())
        return not inner and all(flat(item, inner=True) for item in items)
    if isinstance(value, list):
        return all(flat(item, inner=True) for item in cast("list[object]", value))
    return not several_lines(value)


def lines_of(value: object, indent: int, head: int, style: str = "") -> list[str]:
    """What follows `key:` or `-`: the rest of that line, then further lines.

    Args:
        value: What is written.
        indent: Column of the key or dash.
        head: Length of the line up to and with the colon or dash.
        style: The quotes a scalar had before.
    """
    if not isinstance(value, Mapping | list):
        lines = literal(value, indent + STEP) if isinstance(value, str) else None
        return [f" {lines[0]}", *lines[1:]] if lines else [" " + scalar(value, style=style)]
    collection = cast("Mapping[str, Any] | list[Any]", value)
    if flat(collection):
        line = " " + flow(collection)
        if head + len(line) <= WIDTH or not collection:
            return [line]
    return ["", *block(collection, indent + STEP)]


def item_lines(value: object, indent: int) -> list[str]:
    """What follows the `-` of a list item at a column: mappings and lists begin in its line."""
    lines = lines_of(value, indent, indent + 1)
    if lines[0] or len(lines) == 1:
        return lines
    return [" " + lines[1].lstrip(" "), *lines[2:]]


def block(value: Mapping[str, Any] | list[Any], indent: int) -> list[str]:
    """A mapping or list with a line for each entry."""
    blanks = " " * indent
    out: list[str] = []
    if isinstance(value, list):
        for item in value:
            first, *rest = item_lines(item, indent)
            out += [f"{blanks}-{first}", *rest]
        return out
    for name, item in value.items():
        out += entry(name, item, indent)
    return out


def entry(name: str, value: object, indent: int) -> list[str]:
    """A key with its value, in lines at a column."""
    head = " " * indent + key_text(name) + ":"
    first, *rest = lines_of(value, indent, len(head))
    return [head + first, *rest]


def same(left: object, right: object) -> bool:
    """Equality that tells 1 from true and from 1.0, and minds no order of keys."""
    if left is right:
        return True
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        mine = cast("Mapping[str, object]", left)
        other = cast("Mapping[str, object]", right)
        return len(mine) == len(other) and all(
            name in other and same(item, other[name]) for name, item in mine.items()
        )
    if isinstance(left, list) and isinstance(right, list):
        ours, others = cast("list[object]", left), cast("list[object]", right)
        return len(ours) == len(others) and all(map(same, ours, others))
    return _same_scalar(cast("Any", left), cast("Any", right))


def _same_scalar(left: object, right: object) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    return type(left) is type(right) and left == right
