"""Finds the comments and blank lines of a text and the entries that they belong to."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from journeybuilder.document.findings import Path
from journeybuilder.document.tree import MappingNode, Node, ScalarNode, content_end


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key or list item that has a line of its own."""

    path: Path
    start: int
    column: int


@dataclass(slots=True)
class Notes:
    """Comments of an entry.

    Attributes:
        above: Lines above it, empty for a blank line.
        behind: What stands behind it in its line.
        column: Where that began.
        below: Lines below it, indented like what it holds.
    """

    above: list[str] = field(default_factory=list[str])
    behind: list[str] = field(default_factory=list[str])
    column: int = 0
    below: list[str] = field(default_factory=list[str])


def comments_of(text: str, root: MappingNode) -> dict[Path, Notes]:
    """The comments of a text by the path of their entry.

    A comment in braces or brackets belongs to the entry whose value they are.

    Args:
        text: The text, with one newline character between its lines and no byte order mark.
        root: Its tree.
    """
    return _Collector(text, root).collect()


def _entries(node: Node, path: Path) -> Iterator[_Entry]:
    if isinstance(node, ScalarNode) or node.flow_style:  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        return
    column = node.start_mark.column
    if isinstance(node, MappingNode):
        pairs: Sequence[tuple[Node, Node]] = node.value
        for key, value in pairs:
            below = (*path, str(key.value))
            yield _Entry(below, key.start_mark.index, column)
            if value.start_mark.index >= key.start_mark.index:
                yield from _entries(value, below)
        return
    items: Sequence[Node] = node.value
    for index, item in enumerate(items):
        below = (*path, index)
        if item.start_mark.index >= node.start_mark.index:
            yield _Entry(below, item.start_mark.index, column)
            yield from _entries(item, below)


def _leaves(node: Node, text: str) -> Iterator[tuple[int, int]]:
    """Spans of all scalars, in which `#` begins no comment."""
    if isinstance(node, ScalarNode):
        start = node.start_mark.index
        end = content_end(node, text)
        if node.style in ("|", ">"):
            header = text.find("\n", start)
            yield start, start + 1
            start = header if 0 <= header < end else start
        yield start, end
    else:
        children: Sequence[Node] = node.value
        if isinstance(node, MappingNode):
            pairs: Sequence[tuple[Node, Node]] = node.value
            children = [part for pair in pairs for part in pair]
        for child in children:
            if child.start_mark.index >= node.start_mark.index:
                yield from _leaves(child, text)


def within_values(text: str, root: MappingNode) -> list[tuple[int, int]]:
    """Spans of all scalars, in which `#` begins no comment; offsets are those of the tree's text."""
    shift = 1 if text.startswith("\ufeff") else 0
    return [(start + shift, end + shift) for start, end in _leaves(root, text[shift:])]


class _Collector:
    """Finds the comments of a text and the entries they belong to."""

    def __init__(self, text: str, root: MappingNode) -> None:
        self.text = text
        every = list(_entries(root, ()))
        outer = {entry.start: entry for entry in reversed(every)}
        # Where several entries begin in one place (`- a: 1`), a comment above is the outermost's.
        self.entries = sorted(outer.values(), key=lambda entry: entry.start)
        self.starts = [entry.start for entry in self.entries]
        self.deepest = {entry.start: entry.path for entry in every}
        self.columns = {entry.path: entry.column for entry in every}
        self.spans = sorted(_leaves(root, text))
        self.notes: dict[Path, Notes] = {}

    def collect(self) -> dict[Path, Notes]:
        done = 0
        for start, end in [*self.spans, (len(self.text), len(self.text))]:
            if start > done:
                self.gap(done, start)
            done = max(done, end)
        return self.notes

    def gap(self, start: int, end: int) -> None:
        """Blank lines and comments between two scalars."""
        blank: list[int] = []
        at = start
        for index, line in enumerate(self.text[start:end].split("\n")):
            content = line.strip()
            whole = index > 0 or start == 0
            last = at + len(line) >= end and end < len(self.text)
            if "#" in line:
                note = line[line.index("#") :].rstrip()
                self.note(at + line.index("#"), note, blank, whole=whole and content[0] == "#")
                blank = []
            elif not content and whole and not last:
                blank = blank or [at]
            at += len(line) + 1
        if blank and end < len(self.text):
            self.space(blank[0], end)

    def note(self, at: int, note: str, blank: list[int], *, whole: bool) -> None:
        if not whole:
            self.behind(at, note)
            return
        lines = ["", note] if blank else [note]
        column = at - (self.text.rfind("\n", 0, at) + 1)
        count = bisect(self.starts, at)
        if count == 0:
            self.of(()).above.extend(lines)
        elif count < len(self.entries):
            self.between(count, column, lines)
        elif column == 0:
            self.of(()).below.extend(lines)
        else:
            self.below(self.entries[count - 1], column, lines)

    def between(self, count: int, column: int, lines: list[str]) -> None:
        following = self.entries[count]
        if column <= following.column:
            self.above(following, lines)
        else:
            self.below(self.entries[count - 1], column, lines)

    def space(self, at: int, end: int) -> None:
        """Give a blank line to the outermost entry that begins below it; none inside braces."""
        index = bisect(self.starts, at)
        if index < len(self.entries) and self.starts[index] <= end:
            self.above(self.entries[index], [""])

    def above(self, entry: _Entry, lines: list[str]) -> None:
        self.of(entry.path).above.extend(lines)

    def behind(self, at: int, note: str) -> None:
        line = self.text.rfind("\n", 0, at) + 1
        first, count = bisect(self.starts, line - 1), bisect(self.starts, at)
        if first < count:
            notes = self.of(self.entries[first].path)
            notes.column = notes.column or at - line
            notes.behind.append(note)
        else:
            self.of(self.entries[count - 1].path if count else ()).above.append(note)

    def below(self, last: _Entry, column: int, lines: list[str]) -> None:
        """Give a comment to the entry it stands below, by its indentation."""
        path = self.deepest[last.start]
        while len(path) > 1 and self.columns[path] > column:
            path = path[:-1]
        if self.columns[path] == column:
            path = path[:-1]
        self.of(path).below.extend(lines)

    def of(self, path: Path) -> Notes:
        return self.notes.setdefault(path, Notes())
