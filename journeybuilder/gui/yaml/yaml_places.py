"""Where in a journey's text its nodes and findings stand."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from journeybuilder.document.findings import Finding
from journeybuilder.document.source import Source
from journeybuilder.document.tree import Mark


@dataclass(frozen=True)
class NodeLines:
    """The lines of the nodes, in the order of the text.

    Attributes:
        starts: First line of each, from 1, ascending.
        ends: Last line of each.
        names: Their ids.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    names: Sequence[str]

    def at(self, line: int) -> str:
        """The node that a line belongs to, or ""."""
        index = bisect_right(self.starts, line) - 1
        return self.names[index] if index >= 0 and line <= self.ends[index] else ""


def node_lines(source: Source) -> NodeLines:
    """Where each node stands."""
    found: list[tuple[int, int, str]] = []
    nodes = source.data.get("nodes")
    for name in nodes if isinstance(nodes, dict) else ():  # pyright: ignore[reportUnknownVariableType]
        lines = lines_of(source, str(name))  # pyright: ignore[reportUnknownArgumentType]
        if lines:
            found.append((lines.start, lines.stop - 1, str(name)))  # pyright: ignore[reportUnknownArgumentType]
    found.sort()
    return NodeLines(*([one[n] for one in found] for n in range(3)))  # type: ignore[arg-type]


def lines_of(source: Source, node: str) -> range:
    """The lines of a node, from its id to the last of its settings."""
    mark = source.marks.at(("nodes", node))
    if mark is None:
        return range(0)
    key = source.marks.key_at(("nodes", node))
    whole = source.text[mark.start : mark.end].rstrip()
    return range(key.line if key else mark.line, mark.line + whole.count("\n") + 1)


def part_of(source: Source, finding: Finding) -> tuple[int, int] | None:
    """The part of the text to underline: a value or key on its first line; None where it has no place."""
    mark = source.place(finding.path) if finding.path else None
    if mark is None and finding.line:
        lines = source.text.split("\n")
        begin = sum(len(one) + 1 for one in lines[: finding.line - 1])
        line = lines[finding.line - 1] if finding.line <= len(lines) else ""
        inside = len(line) - len(line.lstrip())
        return (begin + inside, begin + len(line)) if line.strip() else None
    if mark is None:
        return None
    exact = source.marks.at(finding.path) or source.marks.key_at(finding.path)
    return _first_line(source.text, exact or source.marks.key_at(finding.path) or mark)


def _first_line(text: str, mark: Mark) -> tuple[int, int] | None:
    end = text.find("\n", mark.start, mark.end)
    stop = end if end >= 0 else mark.end
    return (mark.start, stop) if stop > mark.start else None
