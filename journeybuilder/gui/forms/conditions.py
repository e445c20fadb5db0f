"""Simple conditions as rows of field, operator and value; written as CEL and read back.

What the rows cannot say stays text: `read` gives None for it. Knows no Qt.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

ValueKind = Literal["text", "number", "yes/no", "variable", "list", "none"]
Join = Literal["all", "any"]


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare.

    Attributes:
        id: CEL's sign or our word for it.
        words: As a person reads it between field and value.
        kinds: What may stand on its right; empty where nothing does.
    """

    id: str
    words: str
    kinds: tuple[ValueKind, ...]


_ANY: tuple[ValueKind, ...] = ("text", "number", "yes/no", "variable")
_ORDER: tuple[ValueKind, ...] = ("number", "text", "variable")
_WORDS: tuple[ValueKind, ...] = ("text", "variable")
OPERATORS: Mapping[str, Operator] = {
    one.id: one
    for one in (
        Operator("==", "is", _ANY),
        Operator("!=", "is not", _ANY),
        Operator(">", "is more than", _ORDER),
        Operator(">=", "is at least", _ORDER),
        Operator("<", "is less than", _ORDER),
        Operator("<=", "is at most", _ORDER),
        Operator("contains", "contains", _WORDS),
        Operator("startsWith", "starts with", _WORDS),
        Operator("endsWith", "ends with", _WORDS),
        Operator("matches", "matches pattern", _WORDS),
        Operator("in", "is one of", ("list", "variable")),
        Operator("!in", "is not one of", ("list", "variable")),
        Operator("true", "is yes", ()),
        Operator("false", "is no", ()),
        Operator("has", "is known", ()),
        Operator("!has", "is not known", ()),
    )
}
_METHODS = ("contains", "startsWith", "endsWith", "matches")
_COMPARISONS = ("==", "!=", ">", ">=", "<", "<=")


@dataclass(frozen=True, slots=True)
class Value:
    """The right side of a row: what the person typed and how it is meant."""

    text: str = ""
    kind: ValueKind = "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison."""

    field: str
    operator: str
    value: Value = Value()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows and inner groups of which all or any must hold."""

    join: Join
    parts: tuple["Row | Group", ...]


def write(condition: "Group | Row") -> str:
    """The condition as CEL; a group without rows is `true`."""
    if isinstance(condition, Row):
        return _write_row(condition)
    words = [
        f"({write(part)})" if isinstance(part, Group) and len(part.parts) > 1 else write(part)
        for part in condition.parts
    ]
    return (" && " if condition.join == "all" else " || ").join(words) or "true"


def _write_row(row: Row) -> str:
    field = row.field.strip()
    simple: dict[str, str] = {
        "true": field,
        "false": f"!{field}",
        "has": f"has({field})",
        "!has": f"!has({field})",
    }
    if row.operator in simple:
        return simple[row.operator]
    value = _write_value(row.value)
    if row.operator == "!in":
        return f"!({field} in {value})"
    if row.operator in _METHODS:
        return f"{field}.{row.operator}({value})"
    return f"{field} {row.operator} {value}"


def _write_value(value: Value) -> str:
    text = value.text.strip()
    match value.kind:
        case "number" | "variable":
            return text
        case "yes/no":
            return "true" if text.casefold() in {"yes", "true"} else "false"
        case "list":
            parts = [part.strip() for part in text.split(",") if part.strip()]
            return "[" + ", ".join(_literal(part) for part in parts) + "]"
        case _:
            return quoted(value.text)


def _literal(text: str) -> str:
    return text if _NUMBER.fullmatch(text) or text in {"true", "false"} else quoted(text)


def quoted(text: str) -> str:
    """A text as a CEL string."""
    return json.dumps(text, ensure_ascii=False)


def guess(text: str, names: Sequence[str] = ()) -> ValueKind:
    """How a typed value is probably meant."""
    plain = text.strip()
    if _NUMBER.fullmatch(plain):
        return "number"
    if plain.casefold() in {"yes", "no", "true", "false"}:
        return "yes/no"
    return "variable" if plain in names else "text"


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"""
    r"""|(?P<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*)"""
    r"""|(?P<sign>&&|\|\||==|!=|<=|>=|[<>!()\[\],]))"""
)


class _UnreadableError(Exception):
    """The text says more than rows can."""


def read(text: str) -> Group | None:
    """The rows of a CEL text, or None where it says more than rows can; empty text has no rows."""
    if not text.strip():
        return Group("all", ())
    if text.strip() == "true":
        return Group("all", ())
    try:
        parser = _Parser(_tokens(text))
        found = parser.group()
        parser.end()
    except _UnreadableError:
        return None
    return found if isinstance(found, Group) else Group("all", (found,))


def _tokens(text: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    place = 0
    text = text.rstrip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            raise _UnreadableError
        out.append((match.lastgroup, match.group(match.lastgroup)))
        place = match.end()
    return out


class _Parser:
    """Reads what `write` writes and what people write in the same way."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def _sign(self, text: str) -> None:
        if self._next() != ("sign", text):
            raise _UnreadableError

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise _UnreadableError

    def group(self) -> "Row | Group":
        """`a || b && c`: && binds tighter, so the `any` level is the outer one."""
        return self._joined("||", "any", self._all)

    def _all(self) -> "Row | Group":
        return self._joined("&&", "all", self._part)

    def _joined(self, sign: str, join: Join, inner: "Callable[[], Row | Group]") -> "Row | Group":
        parts: list[Row | Group] = [inner()]
        while self._peek() == ("sign", sign):
            self._next()
            parts.append(inner())
        return parts[0] if len(parts) == 1 else Group(join, tuple(parts))

    def _part(self) -> "Row | Group":
        kind, text = self._peek()
        if (kind, text) == ("sign", "("):
            self._next()
            inner = self.group()
            self._sign(")")
            return inner
        if (kind, text) == ("sign", "!"):
            self._next()
            return self._negated()
        return self._row()

    def _negated(self) -> Row:
        if self._peek() == ("sign", "("):
            self._next()
            inner = self._row()
            self._sign(")")
            if inner.operator != "in":
                raise _UnreadableError
            return Row(inner.field, "!in", inner.value)
        name = self._path()
        if self._peek() != ("sign", "("):
            return Row(name, "false")
        if name != "has":
            raise _UnreadableError
        return Row(self._argument(), "!has")

    def _path(self) -> str:
        kind, text = self._next()
        if kind != "path" or text in {"true", "false", "null", "in"}:
            raise _UnreadableError
        return text

    def _argument(self) -> str:
        self._sign("(")
        name = self._path()
        self._sign(")")
        return name

    def _row(self) -> Row:
        name = self._path()
        kind, text = self._peek()
        if (kind, text) == ("sign", "("):
            return self._call(name)
        if kind == "sign" and text in _COMPARISONS:
            self._next()
            return Row(name, text, self._value())
        if (kind, text) == ("path", "in"):
            self._next()
            return Row(name, "in", self._list())
        return Row(name, "true")

    def _call(self, name: str) -> Row:
        if name == "has":
            return Row(self._argument(), "has")
        field, _, method = name.rpartition(".")
        if not field or method not in _METHODS:
            raise _UnreadableError
        self._sign("(")
        value = self._value()
        self._sign(")")
        if value.kind not in _WORDS:
            raise _UnreadableError
        return Row(field, method, value)

    def _value(self) -> Value:
        kind, text = self._next()
        if kind == "number":
            return Value(text, "number")
        if kind == "string":
            return Value(_unquoted(text), "text")
        if kind == "path" and text in {"true", "false"}:
            return Value("yes" if text == "true" else "no", "yes/no")
        if kind == "path" and text not in {"null", "in"} and self._peek() != ("sign", "("):
            return Value(text, "variable")
        raise _UnreadableError

    def _list(self) -> Value:
        if self._peek()[0] == "path":
            return Value(self._path(), "variable")
        self._sign("[")
        parts: list[str] = []
        while self._peek() != ("sign", "]"):
            value = self._value()
            if value.kind == "variable" or "," in value.text or _ambiguous(value):
                raise _UnreadableError
            parts.append(
                {"yes": "true", "no": "false"}[value.text] if value.kind == "yes/no" else value.text
            )
            if self._peek() == ("sign", ","):
                self._next()
        self._sign("]")
        return Value(", ".join(parts), "list")


def _ambiguous(value: Value) -> bool:
    """A text in a list that the row would write back as a number or with other spaces."""
    return value.kind == "text" and (
        _literal(value.text) == value.text or value.text != value.text.strip()
    )


def _unquoted(text: str) -> str:
    if text.startswith('"'):
        try:
            return str(json.loads(text))
        except ValueError:
            raise _UnreadableError from None
    if "\\" in text:
        raise _UnreadableError
    return text[1:-1]


_SIGNS = {"==": "=", "!=": "\u2260", ">=": "\u2265", "<=": "\u2264", ">": ">", "<": "<"}


def in_words(text: str) -> str:
    """A condition as short words for people: `total \u2264 200 and status is one of sent, paid`.

    What the rows cannot say is given back as it is.
    """
    group = read(text)
    return _say_group(group) if group is not None and group.parts else text


def _say_group(group: Group) -> str:
    said = [_say(part) for part in group.parts]
    return (" and " if group.join == "all" else " or ").join(said)


def _say(part: Row | Group) -> str:
    if isinstance(part, Group):
        return f"({_say_group(part)})"
    sign = _SIGNS.get(part.operator, OPERATORS[part.operator].words)
    return f"{part.field} {sign} {part.value.text}".strip()
