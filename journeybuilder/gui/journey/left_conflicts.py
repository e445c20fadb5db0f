"""Conflicts that a merge outside has left in a journey's file as comments, read back to be decided."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.document.diff import ABSENT
from journeybuilder.document.edit import value_at
from journeybuilder.document.findings import Path
from journeybuilder.document.leftovers import LABEL, left_over
from journeybuilder.document.merge import Conflict
from journeybuilder.document.model import mapping
from journeybuilder.document.saying import place_words
from journeybuilder.document.tree import MappingNode, Node, SequenceNode, Tree, load
from journeybuilder.document.write import rewrite
from journeybuilder.gui.journey.three_way import Choice, Pair, decided, journey_of

_FULL = "#   theirs in full:"
_INDENT = "#     "
_THEY = re.compile(r"they (?:say|changed it to) '(.*?)'(?:, before it was .*)?$")
_BEFORE = re.compile(r", before it was '(.*)'$")
_GONE = "they removed it"


@dataclass(frozen=True, slots=True)
class LeftConflict:
    """One that stands in the file.

    Attributes:
        conflict: What it is about; `theirs` is `ABSENT` with `known` False where the comment does not
            tell it.
        first: Its first line, from 0.
        last: The line behind its last one.
        known: Whether their side can be read from the comment.
    """

    conflict: Conflict
    first: int
    last: int
    known: bool


def conflicts_left(text: str) -> list[LeftConflict]:
    """The conflicts in a text; none where it cannot be read."""
    if LABEL not in text:
        return []
    tree = load(text, "journey.yaml")
    if not isinstance(tree.marks.root, MappingNode):
        return []
    places = _places(tree)
    lines = text.splitlines()
    found: list[LeftConflict] = []
    for line, _, words in left_over(tree):
        found.append(_read(tree, lines, line - 1, words, places))
    return found


def _read(
    tree: Tree, lines: list[str], first: int, words: str, places: dict[int, Path]
) -> LeftConflict:
    last, full = _block(lines, first + 1)
    after = next((at for at in range(last, len(lines)) if _is_content(lines[at])), -1)
    path = _named(tree.value, places.get(after, ()), words)
    ours = value_at(tree.value, path) if path else ABSENT
    theirs, known = _theirs(words, full, path)
    before = _BEFORE.search(words)
    base = before.group(1) if before else ABSENT
    return LeftConflict(
        Conflict(path, base, ours, theirs, words), first, last, known and bool(path)
    )


def _block(lines: list[str], at: int) -> tuple[int, list[str]]:
    """The line behind a comment, and their side where it stands there in full."""
    if at >= len(lines) or lines[at].strip() != _FULL:
        return at, []
    at += 1
    full: list[str] = []
    while at < len(lines) and lines[at].lstrip().startswith(_INDENT):
        full.append(lines[at].lstrip()[len(_INDENT) :])
        at += 1
    return at, full


def _is_content(line: str) -> bool:
    plain = line.strip()
    return bool(plain) and not plain.startswith("#")


def _theirs(words: str, full: list[str], path: Path) -> tuple[Any, bool]:
    if full:
        value = load("\n".join(full) + "\n", "theirs").value
        last = path[-1] if path else None
        entries = mapping(value)
        return (entries[last] if isinstance(last, str) and last in entries else value), True
    if _GONE in words:
        return ABSENT, True
    said = _THEY.search(words)
    if said is not None and not said.group(1).endswith("…"):
        return said.group(1), True
    return ABSENT, False


def _named(value: Any, around: Path, words: str) -> Path:
    """The place that the words name: it can lie within the line that the comment stands above."""
    near = [path for path in _below(value, around) if words.startswith(f"{conflict_words(path)}: ")]
    if near or not around:
        return near[0] if near else ()
    every = [path for path in _below(value, ()) if words.startswith(f"{conflict_words(path)}: ")]
    return every[0] if every else around


def _below(value: Any, path: Path) -> Iterator[Path]:
    waiting = [path]
    while waiting:
        path = waiting.pop(0)
        if path:
            yield path
        here = value_at(value, path)
        waiting += [(*path, key) for key in mapping(here)]
        if isinstance(here, list):
            waiting += [(*path, at) for at in range(len(cast("list[Any]", here)))]


def conflict_words(path: Path) -> str:
    """How a merge names a place."""
    match path:
        case ("nodes", str(node), *rest) if rest:
            return f"'{node}' → {place_words(tuple(rest))}"
        case ("nodes", str(node)):
            return f"'{node}'"
        case _:
            return place_words(path)


def _places(tree: Tree) -> dict[int, Path]:
    """The outermost value whose key or item begins in each line, from 0."""
    out: dict[int, Path] = {}

    def walk(node: Node, path: Path) -> None:
        if isinstance(node, MappingNode):
            for key, value in node.value:
                inner = (*path, str(key.value))
                out.setdefault(key.start_mark.line, inner)
                walk(value, inner)
        elif isinstance(node, SequenceNode):
            for index, item in enumerate(node.value):
                out.setdefault(item.start_mark.line, (*path, index))
                walk(item, (*path, index))

    if tree.marks.root is not None:
        walk(tree.marks.root, ())
    return out


def without_notes(text: str, left: Sequence[LeftConflict]) -> str:
    """The text without the comments of these conflicts."""
    lines = text.splitlines(keepends=True)
    gone = {at for one in left for at in range(one.first, one.last)}
    return "".join(line for at, line in enumerate(lines) if at not in gone)


class LeftMerge:
    """A file with conflicts in it, as the view of merges takes it.

    Attributes:
        ours: What the file says without the comments.
        conflicts: What is to be decided.

    Raises:
        AuthorError: When the text is no journey.
    """

    def __init__(self, pair: Pair) -> None:
        self._text = pair.journey
        self._left = conflicts_left(pair.journey)
        self.ours = Pair(without_notes(pair.journey, self._left), pair.layout)
        self.conflicts: Sequence[Conflict] = [one.conflict for one in self._left]
        self.unknown = {at for at, one in enumerate(self._left) if not one.known}
        """Places of conflicts whose other side the comment does not tell."""
        journey_of(self.ours.journey)

    def resolved(self, choices: Mapping[int, Choice]) -> Pair:
        """The two texts with what was decided; comments of the others stay.

        Raises:
            AuthorError: When a decision cannot be written there.
        """
        done = [one for at, one in enumerate(self._left) if at in choices]
        text = without_notes(self._text, done)
        value = decided(journey_of(text).data, self.conflicts, choices)
        return Pair(rewrite(text, value), self.ours.layout)
