"""The text of an expression as a tree: which names it reads, and where everything stands.

CEL's library gives no tree to Python. This reads the part of the language that journeys use; what it
does not read (it gives None then) is left to the library, whose word counts in any case.
Grammar: https://github.com/google/cel-spec/blob/master/doc/langdef.md
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from journeybuilder.contract.cel_tree import (
    LIBRARIES,
    Call,
    Each,
    Index,
    Literal,
    Made,
    Name,
    Operation,
    Select,
    Tree,
    below,
)

MACROS = {
    "all": 1,
    "exists": 1,
    "exists_one": 1,
    "filter": 1,
    "map": 2,
    "optMap": 1,
    "optFlatMap": 1,
}
_RESERVED = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
        "true",
        "false",
        "null",
    ]
)
_TOKEN = re.compile(
    r"""(?P<word>(?![rR]["'])[A-Za-z_][A-Za-z0-9_]*)"""  # most are
    r"""|(?P<blank>(?:[ \t\r\n\f]+|//[^\n]*)+)"""
    r"""|(?P<double>(?:\d+\.\d+|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)"""
    r"""|(?P<uint>(?:0x[0-9a-fA-F]+|\d+)[uU])|(?P<int>0x[0-9a-fA-F]+|\d+)"""
    r"""|(?P<string>[rR]?(?:"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')(?!["']))"""
    r"""|(?P<sign>&&|\|\||[=!<>]=|\.\?|\[\?|[-+*/%<>!?:.,()\[\]{}])"""
)
_BINDS = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "in": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "%": 5,
}  # fmt: skip
"""How strongly an operator binds; all bind to the left."""
_OPENING = (".", ".?", "[", "[?")
_DEEPEST = 40
_TALLEST = 100
"""So many levels of parts in parts; chains such as `a.b.c` and `a + b + c` grow without parentheses."""


class _Unread(Exception):  # noqa: N818 - no error: the library reads it
    """The text is beyond what is read here."""


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def _tokens(text: str) -> list[_Token]:
    out: list[_Token] = []
    place = 0
    for match in _TOKEN.finditer(text):
        kind, words = match.lastgroup, match.group()
        if match.start() != place or kind is None:
            raise _Unread
        if kind != "blank":
            out.append(_Token("sign" if words == "in" else kind, words, place + 1))
        place += len(words)
    if place < len(text):
        raise _Unread
    out.append(_Token("end", "", len(text) + 1))
    return out


class _Reader:
    """A parser by descent; binary operators by how strongly they bind."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._next = 0
        self._depth = 0

    @property
    def here(self) -> _Token:
        return self._tokens[self._next]

    def take(self, *signs: str) -> _Token | None:
        token = self._tokens[self._next]
        if token.kind == "sign" and token.text in signs:
            self._next += 1
            return token
        return None

    def need(self, *signs: str) -> _Token:
        token = self.take(*signs)
        if token is None:
            raise _Unread
        return token

    def word(self) -> _Token:
        token = self.here
        if token.kind != "word" or token.text in _RESERVED:
            raise _Unread
        self._next += 1
        return token

    def whole(self) -> Tree:
        tree = self.tree()
        if self.here.kind != "end" or _is_tall(tree):
            raise _Unread
        return tree

    def tree(self) -> Tree:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Unread
        tree = self.level(1)
        mark = self.take("?")
        if mark:
            yes = self.level(1)
            self.need(":")
            tree = Operation("?:", (tree, yes, self.tree()), mark.at)
        self._depth -= 1
        return tree

    def level(self, weakest: int) -> Tree:
        """Operators that bind at least so strongly."""
        tree = self.unary()
        while True:
            sign = self._tokens[self._next]
            strength = _BINDS.get(sign.text, 0) if sign.kind == "sign" else 0
            if not strength or strength < weakest:
                return tree
            self._next += 1
            tree = Operation(sign.text, (tree, self.level(strength + 1)), sign.at)

    def unary(self) -> Tree:
        sign = self.take("!", "-") if self._tokens[self._next].kind == "sign" else None
        if sign is None:
            return self.members(self.primary())
        if sign.text == "-" and self.here.kind in {"int", "double"}:
            number = self.here
            self._next += 1
            return self.members(Literal(number.kind, f"-{number.text}", sign.at))
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Unread
        inner = self.unary()
        self._depth -= 1
        return Operation(f"{sign.text}_", (inner,), sign.at)

    def members(self, tree: Tree) -> Tree:
        while self._tokens[self._next].text in _OPENING:
            sign = self.need(*_OPENING)
            soft = sign.text.endswith("?")
            if sign.text.startswith("["):
                by = self.tree()
                self.need("]")
                tree = Index(tree, by, sign.at, soft)
                continue
            field = self.here
            if field.kind != "word" or field.text in {"in", "true", "false", "null"}:
                raise _Unread
            self._next += 1
            opened = None if soft else self.take("(")
            tree = (
                _call(tree, field, self.parts(")"), opened.at)
                if opened
                else Select(tree, field.text, field.at, soft)
            )
        return tree

    def primary(self) -> Tree:
        token = self._tokens[self._next]
        if token.kind == "word":
            return self.named(token)
        if token.kind in {"int", "uint", "double", "string"}:
            self._next += 1
            return Literal(token.kind, token.text, token.at)
        if self.take("("):
            tree = self.tree()
            self.need(")")
            return tree
        if self.take("["):
            return self.made("list", "]", token.at)
        if self.take("{"):
            return self.made("object", "}", token.at)
        raise _Unread

    def named(self, token: _Token) -> Tree:
        """What begins with a word.

        Raises:
            _Unread: When it is one of a reserved word, or the name of a type before braces.
        """
        if token.text in {"true", "false", "null"}:
            self._next += 1
            return Literal("null" if token.text == "null" else "bool", token.text, token.at)
        name = self.word()
        opened = self.take("(")
        if opened:
            return _call(None, name, self.parts(")"), opened.at)
        if self.here.text == "{":
            raise _Unread
        return Name(name.text, name.at)

    def parts(self, close: str) -> tuple[Tree, ...]:
        out: list[Tree] = []
        while not self.take(close):
            out.append(self.tree())
            if not self.take(","):
                self.need(close)
                break
            if self.here.text == close:
                raise _Unread
        return tuple(out)

    def made(self, kind: str, close: str, at: int) -> Tree:
        parts: list[Tree] = []
        soft: list[bool] = []
        while not self.take(close):
            soft.append(self.take("?") is not None)
            parts.append(self.tree())
            if kind == "object":
                self.need(":")
                parts.append(self.tree())
            if not self.take(","):
                self.need(close)
                break
        return Made(kind, tuple(parts), tuple(soft), at)


def _is_tall(tree: Tree) -> bool:
    """Whether it has more levels than may be walked by calls that call themselves."""
    level: Sequence[Tree] = (tree,)
    for _ in range(_TALLEST):
        level = [part for each in level for part in below(each)]
        if not level:
            return False
    return True


def _call(of: Tree | None, name: _Token, parts: tuple[Tree, ...], at: int) -> Tree:
    if isinstance(of, Name) and of.id in LIBRARIES:
        return Call(f"{of.id}.{name.text}", None, parts, at)
    if of is not None and name.text in MACROS:
        more = len(parts) - 1
        first = parts[0] if parts else None
        if not 1 <= more <= MACROS[name.text] or not isinstance(first, Name):
            raise _Unread
        return Each(name.text, of, first.id, parts[1:], at)
    return Call(name.text, of, parts, at)


@lru_cache(maxsize=8192)
def read(text: str) -> Tree | None:
    """The tree of an expression; None where only the library can read it, or nobody."""
    try:
        return _Reader(text).whole()
    except _Unread:
        return None
