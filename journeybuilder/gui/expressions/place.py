"""What stands before the cursor in an unfinished expression: a member, a value to compare, a beginning."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from journeybuilder.contract.cel_reading import reading
from journeybuilder.contract.cel_syntax import MACROS, read
from journeybuilder.contract.cel_types import DYNAMIC, Type
from journeybuilder.contract.json import as_list
from journeybuilder.gui.expressions.samples import MISSING
from journeybuilder.gui.expressions.scope import Scope

_WORD = re.compile(r"[A-Za-z_]\w*$")
_COMPARED = re.compile(r"(==|!=|<=|>=|<|>|\bin\b)\s*(\[[^\[\]]*)?$")
_ENDS_VALUE = re.compile(r"[\w\"')\]}]\s+$")
_QUOTES = "\"'"
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True)
class Place:
    """Where in an expression something is to be inserted.

    Attributes:
        start: Where the word or text that is being typed begins.
        word: What of it is typed.
        of: The expression before the dot, "" where it is no member.
        compared: The expression on the other side of `==`, `!=` or `in`, or "".
        quote: The quote of the text that the cursor is in, or "".
        after: The expression that ends before the cursor, where an operator could follow.
        scope: With the names that macros around it bind.
    """

    start: int
    word: str
    scope: Scope
    of: str = ""
    compared: str = ""
    quote: str = ""
    after: str = ""


def place_of(text: str, cursor: int, scope: Scope) -> Place:
    """What stands before the cursor."""
    before = text[:cursor]
    scope = _inside(before, scope)
    opened = _open_quote(before)
    if opened is not None:
        head, word = before[:opened], before[opened + 1 :]
        return Place(opened, word, scope, compared=_compared(head), quote=before[opened])
    match = _WORD.search(before)
    start = match.start() if match else cursor
    word = before[start:]
    head = before[:start]
    stripped = head.rstrip()
    if stripped.endswith((".", ".?")) and not _number_before(stripped):
        of = last_value(stripped.rstrip("?").rstrip("."))
        return Place(start, word, scope, of=of or "?")
    compared = _compared(head)
    after = last_value(head) if not compared and _ENDS_VALUE.search(head) else ""
    return Place(start, word, scope, compared=compared, after=after)


def _number_before(head: str) -> bool:
    return re.search(r"(?<![\w.])\d+\.$", head) is not None


def _open_quote(before: str) -> int | None:
    """Where a text begins that is not closed before the cursor."""
    quote, start, index = "", 0, 0
    while index < len(before):
        char = before[index]
        if quote:
            if char == "\\":
                index += 1
            elif char == quote:
                quote = ""
        elif char in _QUOTES:
            quote, start = char, index
        index += 1
    return start if quote else None


def _compared(head: str) -> str:
    match = _COMPARED.search(head)
    return last_value(head[: match.start()]) if match else ""


def last_value(head: str) -> str:
    """The value that a text ends with: `a && order.items[0].sku` gives `order.items[0].sku`."""
    end = len(head.rstrip())
    index = end
    while index > 0:
        char = head[index - 1]
        if char in _CLOSE or char in _QUOTES:
            index = _opening(head, index - 1)
        elif char.isalnum() or char in "_.?":
            index -= 1
        else:
            break
    return head[index:end].lstrip("?").strip()


def _opening(head: str, close: int) -> int:
    """Where the bracket or quote begins that ends at this place; 0 where nowhere."""
    depth, index = 0, close
    while index >= 0:
        char = head[index]
        if char in _QUOTES:
            index = head.rfind(char, 0, index)
        elif char in _CLOSE:
            depth += 1
        elif char in _OPEN:
            depth -= 1
        if depth == 0:
            return max(index, 0)
        index -= 1
    return 0


def type_of(text: str, scope: Scope) -> Type:
    """The type of an expression; dynamic where it cannot be read."""
    tree = read(text) if text else None
    return DYNAMIC if tree is None else reading(tree, scope.types).type


def _inside(before: str, scope: Scope) -> Scope:
    """The scope with the names that the macros bind in whose parentheses the cursor is."""
    for receiver, name in _macros(before):
        kind = type_of(receiver, scope)
        item = kind.item or DYNAMIC if kind.kind == "list" else DYNAMIC
        scope = scope.with_name(name, item, _first(scope, receiver))
    return scope


def _first(scope: Scope, path: str) -> object:
    """The first item of a list among the sample values."""
    if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", path):
        return MISSING
    return next(iter(as_list(scope.sample(path))), MISSING)


_MACRO = re.compile(rf"\.({'|'.join(MACROS)})\(\s*([A-Za-z_]\w*)\s*,")


def _macros(before: str) -> Iterator[tuple[str, str]]:
    """Each macro whose parenthesis is open at the end: what it runs over, and the name it binds."""
    for match in _MACRO.finditer(before):
        if _is_open(before, match.end(2)):
            yield last_value(before[: match.start()]), match.group(2)


def _is_open(text: str, start: int) -> bool:
    """Whether the parenthesis before this place is not closed in the rest of the text."""
    depth = 1
    for char in re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", "", text[start:]):
        depth += (char in _OPEN) - (char in _CLOSE)
        if depth == 0:
            return False
    return True
