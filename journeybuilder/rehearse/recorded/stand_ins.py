"""Personal data out of recorded traffic: every declared value is replaced by a stand-in, everywhere.

A stand-in has the form of what it stands for (letters for letters, digits for digits), so that it passes
the same schemas and patterns. It is made from the order in which values are met and not from the values,
so nobody can compute them from it; within one recording a value has always the same stand-in.
"""

import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast

from journeybuilder.contract.json import as_list, as_object

KEPT_CLASSES = frozenset({"internal", "public"})
"""Data classes that stay; every other one (`personal`, `payment`, `health` …) is taken out."""
_INSIDE = 8
_TELLING = 4
_SHORTEST = 2
_TRIES = 100
_LARGE = 1000
_NAME = re.compile(r"[^\W\d_]+(?:[ '-]+[^\W\d_]+){1,3}")
_WORDLY = re.compile(r"\w")
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass
class Removed:
    """How often values of one field were taken out.

    Attributes:
        where: The tool, or `input`, whose field it is.
        kind: Its data class.
    """

    where: str
    name: str
    kind: str
    values: set[str] = field(default_factory=set[str])

    def as_json(self) -> dict[str, Any]:
        """As `jb record --json` has it; never the values."""
        return {
            "where": self.where,
            "field": self.name,
            "class": self.kind,
            "values": len(self.values),
        }


class StandIns:
    """Finds declared values and then replaces them wherever they stand."""

    def __init__(self) -> None:
        self._random = Random(0)  # noqa: S311 - no secret: the same traffic gives the same file
        self._by_text: dict[str, str] = {}
        self._by_number: dict[int | float, int | float] = {}
        self._removed: dict[tuple[str, str], Removed] = {}
        self._taken: set[str] = set()
        self._lengths: dict[str, list[int]] | None = None

    @property
    def removed(self) -> Sequence[Removed]:
        """What was found, field by field."""
        return list(self._removed.values())

    @property
    def all(self) -> list[str | int | float]:
        """Every stand-in."""
        return [*self._by_text.values(), *self._by_number.values()]

    def learn(self, where: str, classes: Mapping[str, str], value: Any) -> None:
        """Find the values of declared fields.

        Args:
            where: The tool, or `input`.
            classes: Data class by field: a name at any depth, or a path such as `customer.email`.
            value: Arguments or a result.
        """
        named = {name: kind for name, kind in classes.items() if kind not in KEPT_CLASSES}
        if not named:
            return
        for path, found in _fields(value, ()):
            name = next((name for name in named if _is(name, path)), None)
            if name is not None:
                entry = Removed(where, name, named[name])
                entry = self._removed.setdefault((where, name), entry)
                for leaf in _leaves(found):
                    self._take(leaf, entry)

    def hide(self, value: Any) -> Any:
        """A JSON value with every value that was found replaced."""
        if isinstance(value, str):
            return self._hide_text(value)
        if isinstance(value, Mapping):
            items = cast("Mapping[str, Any]", value).items()
            return {self._key(key): self.hide(item) for key, item in items}
        if isinstance(value, list | tuple):
            return [self.hide(item) for item in cast("Sequence[Any]", value)]
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _LARGE:
            return self._by_number.get(value, value)
        return value

    def hide_declared(self, classes: Mapping[str, str], value: Any) -> Any:
        """A value with its declared fields replaced, also what is too short to be found elsewhere."""
        named = [name for name, kind in classes.items() if kind not in KEPT_CLASSES]
        return self._declared(named, value, ()) if named else value

    def _declared(self, named: Sequence[str], value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [self._declared(named, item, path) for item in cast("list[Any]", value)]
        if not isinstance(value, Mapping):
            return value
        out: dict[str, Any] = {}
        for name, item in cast("Mapping[str, Any]", value).items():
            place = (*path, name)
            mine = any(_is(each, place) for each in named)
            out[name] = self._every_leaf(item) if mine else self._declared(named, item, place)
        return out

    def _every_leaf(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            items = cast("Mapping[str, Any]", value).items()
            return {name: self._every_leaf(item) for name, item in items}
        if isinstance(value, list):
            return [self._every_leaf(item) for item in cast("list[Any]", value)]
        if isinstance(value, str):
            return self._by_text.get(value.strip(), value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._by_number.get(value, value)
        return value

    def _take(self, leaf: str | int | float, entry: Removed) -> None:
        entry.values.add(str(leaf))
        self._lengths = None
        if isinstance(leaf, str):
            text = leaf.strip()
            self._text(text)
            if _NAME.fullmatch(text):
                for word in _WORD.findall(text):
                    self._text(word)
        elif leaf not in self._by_number:
            self._text(str(abs(leaf)))
            self._by_number[leaf] = type(leaf)(self._by_text[str(abs(leaf))])

    def _text(self, text: str) -> None:
        if text and text not in self._by_text:
            self._taken.add(text)
            tries = (self._like(text) for _ in range(_TRIES))  # a short form has only so many
            self._by_text[text] = next((each for each in tries if each not in self._taken), "…")
            self._taken.add(self._by_text[text])

    def _like(self, text: str) -> str:
        return "".join(self._character(each) for each in text)

    def _character(self, each: str) -> str:
        if each.isdigit():
            return each if each == "0" else self._random.choice("123456789")
        if each.isalpha():
            letters = string.ascii_uppercase if each.isupper() else string.ascii_lowercase
            return self._random.choice(letters)
        return each

    def _key(self, name: str) -> str:
        """The name of a field stays; an address or a number in its place does not."""
        return name if name.isidentifier() else self._hide_text(name)

    def _hide_text(self, text: str) -> str:
        """A text with the longest values first; takes time by its length and not by their number."""
        if self._lengths is None:
            lengths: dict[str, set[int]] = {}
            for each in self._by_text:
                if len(each) >= _SHORTEST:
                    lengths.setdefault(each[:_SHORTEST], set()).add(len(each))
            self._lengths = {start: sorted(them)[::-1] for start, them in lengths.items()}
        out: list[str] = []
        at = done = 0
        while at < len(text):
            end = self._end(text, at, self._lengths)
            if end:
                out += (text[done:at], self._by_text[text[at:end]])
                done = end
            at = end or at + 1
        return "".join([*out, text[done:]])

    def _end(self, text: str, at: int, lengths: Mapping[str, Sequence[int]]) -> int:
        """Where the longest value ends that begins here; 0 where none does."""
        for length in lengths.get(text[at : at + _SHORTEST], ()):
            if text[at : at + length] in self._by_text and _counts(text, at, at + length):
                return at + length
        return 0


def _counts(text: str, start: int, end: int) -> bool:
    """Where a value counts: a long one anywhere, a short one as a whole word only."""
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return end - start >= _INSIDE or _WORDLY.search(around) is None


def _is(name: str, path: tuple[str, ...]) -> bool:
    parts = tuple(name.split("."))
    return path[-len(parts) :] == parts


def _fields(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, item in as_object(value).items():
        yield (*path, name), item
        yield from _fields(item, (*path, name))
    for item in as_list(value):
        yield from _fields(item, path)


def _leaves(value: Any) -> Iterator[str | int | float]:
    if isinstance(value, Mapping):
        for item in cast("Mapping[str, Any]", value).values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _leaves(item)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield value


def alike(recorded: Any, asked: Any, stand_ins: Sequence[str | int | float]) -> bool:
    """Whether a value is the recorded one, where a stand-in stands for anything."""
    if isinstance(recorded, str) and isinstance(asked, str):
        return recorded == asked or _alike_text(recorded, asked, stand_ins)
    if isinstance(recorded, Mapping) and isinstance(asked, Mapping):
        one, two = as_object(recorded), as_object(asked)  # pyright: ignore[reportUnknownArgumentType]
        return one.keys() == two.keys() and all(
            alike(item, two[name], stand_ins) for name, item in one.items()
        )
    if isinstance(recorded, list) and isinstance(asked, list):
        pairs = list(zip(as_list(recorded), as_list(asked), strict=False))  # pyright: ignore[reportUnknownArgumentType]
        same = len(as_list(recorded)) == len(as_list(asked))  # pyright: ignore[reportUnknownArgumentType]
        return same and all(alike(one, two, stand_ins) for one, two in pairs)
    if isinstance(recorded, bool) or isinstance(asked, bool):
        return recorded is asked
    return recorded == asked or (isinstance(recorded, int | float) and recorded in stand_ins)


def _alike_text(recorded: str, asked: str, stand_ins: Sequence[str | int | float]) -> bool:
    if recorded in stand_ins:
        return True
    long_enough = [each for each in stand_ins if isinstance(each, str) and len(each) >= _TELLING]
    there = [each for each in long_enough if each in recorded]
    if not there:
        return False
    pieces = re.split("|".join(map(re.escape, sorted(there, key=len, reverse=True))), recorded)
    if not (asked.startswith(pieces[0]) and asked.endswith(pieces[-1])):
        return False
    at = len(pieces[0])
    for piece in pieces[1:-1]:
        found = asked.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return at <= len(asked) - len(pieces[-1])
