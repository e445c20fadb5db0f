"""JSON as people keep it in configuration files: comments and trailing commas allowed, places kept.

`json` of the standard library throws positions of values away and accepts duplicate keys silently,
so the grammar is read here and only the literals are left to it.
"""

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n\ufeff]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_LITERAL = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null")
_DEPTH = 64


class JsonError(ValueError):
    """The text cannot be read; `offset` says where, counted in characters."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass
class JsonTree:
    """What stands in the text.

    Attributes:
        text: The whole text, for lines and columns.
        value: Plain values.
        places: Offset of the value at each path.
        keys: Offset of the key at each path.
        duplicates: Paths of keys that stand twice in one object; the last one counts.
    """

    text: str
    value: Any = None
    places: dict[Path, int] = field(default_factory=dict[Path, int])
    keys: dict[Path, int] = field(default_factory=dict[Path, int])
    duplicates: list[tuple[Path, int]] = field(default_factory=list[tuple[Path, int]])

    def place(self, path: Path, *, at_key: bool = False) -> tuple[int, int]:
        """Line and column of a path, counted from 1; those of the nearest parent that exists."""
        first = self.keys if at_key else self.places
        if path in first:
            return self.line_column(first[path])
        while path and path not in self.places:
            path = path[:-1]
        return self.line_column(self.places.get(path, 0))

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, counted from 1."""
        before = self.text[:offset]
        return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.tree = JsonTree(text)

    def blank(self) -> str:
        """Skip blanks and comments; the next character, or an empty string at the end."""
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def value(self, path: Path) -> Any:
        if len(path) > _DEPTH:
            raise JsonError(f"it is nested deeper than {_DEPTH} levels", self.at)
        char = self.blank()
        self.tree.places[path] = self.at
        if char == "{":
            return self.members(path)
        if char == "[":
            return self.items(path)
        if char == '"':
            return self.string()
        found = _LITERAL.match(self.text, self.at)
        if found is None:
            raise JsonError(self.unexpected("a value"), self.at)
        try:
            value: object = json.loads(found.group())
        except ValueError:  # Python reads no number of more than 4,300 digits
            value = math.inf
        if isinstance(value, float) and not math.isfinite(value):
            raise JsonError("this number is too large", self.at)
        self.at = found.end()
        return value

    def members(self, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        self.at += 1
        while self.blank() != "}":
            if self.blank() != '"':
                raise JsonError(self.unexpected('a key in double quotes or "}"'), self.at)
            start = self.at
            name = self.string()
            below = (*path, name)
            if name in out:
                self.tree.duplicates.append((below, start))
            self.tree.keys[below] = start
            if self.blank() != ":":
                raise JsonError(self.unexpected('":" after the key'), self.at)
            self.at += 1
            out[name] = self.value(below)
            self.separator("}")
        self.at += 1
        return out

    def items(self, path: Path) -> list[Any]:
        out: list[Any] = []
        self.at += 1
        while self.blank() != "]":
            out.append(self.value((*path, len(out))))
            self.separator("]")
        self.at += 1
        return out

    def separator(self, closing: str) -> None:
        char = self.blank()
        if char == ",":
            self.at += 1
        elif char != closing:
            raise JsonError(self.unexpected(f'"," or "{closing}"'), self.at)

    def string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if found is None:
            raise JsonError("this text has no closing quotation mark", self.at)
        try:
            out: str = json.loads(found.group())
        except ValueError:
            raise JsonError(
                'this text has a line break or a backslash that JSON does not know; write "\\\\"',
                self.at,
            ) from None
        self.at = found.end()
        return out

    def unexpected(self, wanted: str) -> str:
        char = self.text[self.at : self.at + 1]
        found = f"'{char}'" if char else "the end of the file"
        return f"expected {wanted}, found {found}"


def after_value(text: str, offset: int) -> int:
    """Where the value that begins at an offset has ended.

    Raises:
        JsonError: When no value begins there.
    """
    reader = _Reader(text)
    reader.at = offset
    reader.value(())
    return reader.at


def load_jsonc(text: str) -> JsonTree:
    """The values of a JSON text with the place of each.

    Raises:
        JsonError: When the text is no JSON, comments and trailing commas aside.
    """
    reader = _Reader(text)
    reader.tree.value = reader.value(())
    if reader.blank():
        raise JsonError(reader.unexpected("the end of the file"), reader.at)
    return reader.tree
