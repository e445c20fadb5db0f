"""Finds and renames variables in CEL expressions: exactly the identifiers that read them.

Not in texts, not fields (`x.order`), not functions (`order(…)`), not names that a comprehension or a
`cel.bind` gives to its own values.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from journeybuilder.contract.expressions import ExpressionError, split_template
from journeybuilder.errors import AuthorError

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*)
    |(?P<text>(?:[rR][bB]?|[bB][rR]?)?(?:\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
    |(?P<quoted>`[^`\n]*`)
    |(?P<number>(?:0[xX][0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|\.[0-9]+)[uU]?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true", "false", "null", "in"}
_OPENING, _CLOSING = "([{", ")]}"
# How many of the first arguments are names of its own, by macro.
_MACROS = {
    "all": 1, "exists": 1, "exists_one": 1, "existsOne": 1, "map": 1, "filter": 1, "optMap": 1,
    "optFlatMap": 1, "transformList": 2, "transformMap": 2, "transformMapEntry": 2,
}  # fmt: skip
_TWO_NAMES = {"all", "exists", "exists_one", "existsOne"}
_FEWEST_OF_TWO = 3  # `m.all(k, v, condition)` names two


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Read:
    """Where an expression reads a variable.

    Attributes:
        start: Offset of the name.
        fields: The fields that follow it at once, e.g. `("total",)` in `order.total`.
        local: Names that a comprehension around it gives to its own values.
    """

    name: str
    start: int
    fields: tuple[str, ...]
    local: frozenset[str]


def reads(expression: str) -> Iterator[Read]:
    """Every place in an expression that reads a variable; tolerant of what is no expression."""
    tokens = [
        _Token(found.lastgroup or "", found.group(), found.start())
        for found in _TOKEN.finditer(expression)
        if found.lastgroup != "blank"
    ]
    yield from _Scan(tokens).between(0, len(tokens), frozenset())


class _Scan:
    def __init__(self, tokens: Sequence[_Token]) -> None:
        self.tokens = tokens

    def text(self, at: int) -> str:
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def between(self, begin: int, end: int, local: frozenset[str]) -> Iterator[Read]:
        at = begin
        while at < end:
            token = self.tokens[at]
            is_call = self.text(at + 1) == "("
            if token.kind == "name" and is_call and self.binds(at):
                closing = self.closing(at + 1, end)
                yield from self.macro(at, closing, local)
                at = closing + 1
                continue
            if token.kind == "name" and not is_call and self.is_variable(at, local):
                yield Read(token.text, token.start, self.fields(at), local)
            at += 1

    def is_variable(self, at: int, local: frozenset[str]) -> bool:
        name = self.text(at)
        return name not in local and name not in _WORDS and not self.is_field(at)

    def is_field(self, at: int) -> bool:
        """Whether the name follows a dot that follows a value, or stands before a message's colon."""
        before = at - 2 if self.text(at - 1) == "?" and self.text(at - 2) == "." else at - 1
        if self.text(before) != ".":
            return False
        value = self.tokens[before - 1] if before > 0 else None
        return value is not None and (value.kind != "sign" or value.text in _CLOSING)

    def fields(self, at: int) -> tuple[str, ...]:
        out: list[str] = []
        while self.text(at + 1) == "." and at + 2 < len(self.tokens):
            named = self.tokens[at + 2]
            if named.kind not in {"name", "quoted"} or self.text(at + 3) == "(":
                break
            out.append(named.text.strip("`"))
            at += 2
        return tuple(out)

    def binds(self, at: int) -> bool:
        """Whether a call gives names of its own to its arguments."""
        name = self.text(at)
        if self.text(at - 1) != ".":
            return False
        return name in _MACROS or (name == "bind" and self.text(at - 2) == "cel")

    def macro(self, at: int, closing: int, local: frozenset[str]) -> Iterator[Read]:
        spans = self.arguments(at + 1, closing)
        name = self.text(at)
        count = 1 if name == "bind" else _MACROS[name]
        if name in _TWO_NAMES and len(spans) >= _FEWEST_OF_TWO:
            count = 2
        own = [self.text(begin) for begin, end in spans[:count] if end == begin + 1]
        if len(own) != count or len(spans) <= count:  # a function that is only called alike
            yield from self.between(at + 2, closing, local)
            return
        inner = local | set(own)
        for index, (begin, end) in enumerate(spans[count:]):
            outside = name == "bind" and index == 0  # what the name stands for knows it not
            yield from self.between(begin, end, local if outside else inner)

    def arguments(self, opening: int, closing: int) -> list[tuple[int, int]]:
        out: list[tuple[int, int]] = []
        begin, depth = opening + 1, 0
        for at in range(opening + 1, closing):
            text = self.sign(at)
            depth += (text in _OPENING) - (text in _CLOSING) if text else 0
            if text == "," and depth == 0:
                out.append((begin, at))
                begin = at + 1
        return [*out, (begin, closing)] if begin < closing else out

    def closing(self, opening: int, end: int) -> int:
        depth = 0
        for at in range(opening, end):
            text = self.sign(at)
            depth += (text in _OPENING) - (text in _CLOSING) if text else 0
            if depth == 0:
                return at
        return end

    def sign(self, at: int) -> str:
        token = self.tokens[at]
        return token.text if token.kind == "sign" else ""


def rename_in_expression(expression: str, old: str, new: str) -> str:
    """The expression with a variable under another name.

    Raises:
        AuthorError: When a comprehension around it already uses the new name for its own values.
    """
    out: list[str] = []
    done = 0
    for read in reads(expression):
        if read.name != old:
            continue
        if new in read.local:
            raise AuthorError(
                f"'{new}' cannot be the new name: `{expression}` uses it for values of its own.",
                hint="Choose another name.",
            )
        out += [expression[done : read.start], new]
        done = read.start + len(old)
    return "".join([*out, expression[done:]])


def rename_in_template(text: str, old: str, new: str) -> str:
    """A text with a variable under another name in each of its `${…}`; broken ones stay.

    Raises:
        AuthorError: See `rename_in_expression`.
    """
    out: list[str] = []
    done = 0
    for start, expression in expressions_in(text):
        out += [text[done:start], rename_in_expression(expression, old, new)]
        done = start + len(expression)
    return "".join([*out, text[done:]])


def expressions_in(text: str) -> list[tuple[int, str]]:
    """Offset and text of each expression in a template; none where a `${` is never closed."""
    if "${" not in text:
        return []
    try:
        parts = split_template(text)
    except ExpressionError:
        return []
    return [(part.start, part.expression) for part in parts if not isinstance(part, str)]
