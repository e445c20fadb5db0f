"""Writes a whole file anew from its values, with the comments of the old text at their entries."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from journeybuilder.document.comments import Notes, comments_of
from journeybuilder.document.findings import Path
from journeybuilder.document.model import mapping
from journeybuilder.document.style import (
    STEP,
    WIDTH,
    item_lines,
    key_text,
    lines_of,
    same,
    scalar,
    several_lines,
)
from journeybuilder.document.tree import (
    MappingNode,
    Marks,
    Node,
    ScalarNode,
    SequenceNode,
    Tree,
    content_end,
)


def outline(text: str, tree: Tree, new: Mapping[str, Any]) -> str:
    r"""The text of `new`, laid out like the old text where that had the same entry.

    Args:
        text: The old text, with `\n` between its lines and no byte order mark.
        tree: Its tree.
        new: What to write; its order of keys holds.
    """
    notes = comments_of(text, cast("MappingNode", tree.marks.root))
    return _Outline(text, tree, notes).write(new)


class _Outline:
    """Lays out values like the old text."""

    def __init__(self, text: str, tree: Tree, notes: dict[Path, Notes]) -> None:
        self.text = text
        self.marks: Marks = tree.marks
        self.old = tree.value
        self.notes = notes

    def write(self, new: Mapping[str, Any]) -> str:
        whole = self.notes.pop((), Notes())
        self.adopt(new)
        lines = self.mapping(new, (), 0) if new else ["{}"]
        lines = [*_tidy("", whole.above), *lines, *_tidy("", whole.below)]
        while lines and not lines[0]:
            lines.pop(0)
        while lines and not lines[-1]:
            lines.pop()
        return "\n".join(lines) + "\n"

    def adopt(self, new: Mapping[str, Any]) -> None:
        """Give the comments of entries that are gone to what is left around them."""
        for path in list(self.notes):
            nearest = path
            while nearest and not _exists(new, nearest):
                nearest = nearest[:-1]
            if nearest == path:
                continue
            lost = self.notes.pop(path)
            target = nearest or (next(iter(new), ""),)
            kept = self.notes.setdefault(target, Notes())
            kept.below += [line for line in (*lost.above, *lost.behind, *lost.below) if line]

    def mapping(self, value: Mapping[str, Any], path: Path, column: int) -> list[str]:
        out: list[str] = []
        for name, item in value.items():
            below = (*path, name)
            head = " " * column + key_text(name) + ":"
            out += self.entry(below, column, [head], self.value(item, below, column, len(head)))
        return out

    def items(self, value: Sequence[Any], path: Path, column: int) -> list[str]:
        out: list[str] = []
        for index, item in enumerate(value):
            below = (*path, index)
            lines = self.item(item, below, column)
            out += self.entry(below, column, [" " * column + "-"], lines)
        return out

    def entry(
        self, path: Path, column: int, head: Sequence[str], lines: Sequence[str]
    ) -> list[str]:
        """The lines of an entry between its comments."""
        notes = self.notes.get(path) or Notes()
        blanks = " " * column
        # Indented below a text of several lines, a comment would be part of the text.
        inner = blanks if lines[0].lstrip()[:1] in ("|", ">") else " " * (column + STEP)
        first = head[0] + lines[0]
        if notes.behind:
            first = f"{first}  ".ljust(notes.column) + " ".join(notes.behind)
        return [
            *_tidy(blanks, notes.above),
            first,
            *lines[1:],
            *_tidy(inner, notes.below),
        ]

    def value(self, value: Any, path: Path, column: int, head: int) -> list[str]:
        """What follows the colon."""
        node = self.marks.node_at(path)
        if not isinstance(value, Mapping | list) or not value:
            return self.scalar(value, path, node, column)
        if not self.wants_block(node, value, head, path):
            return [" " + self.flow(value, path)]
        if node is None:
            return lines_of(value, column, WIDTH if several_lines(value) else head)  # pyright: ignore[reportUnknownArgumentType]
        return ["", *self.block(value, path, column + STEP)]

    def block(self, value: Any, path: Path, column: int) -> list[str]:
        if isinstance(value, Mapping):
            return self.mapping(cast("Mapping[str, Any]", value), path, column)
        return self.items(cast("Sequence[Any]", value), path, column)

    def wants_block(self, node: Node | None, value: Any, head: int, path: Path) -> bool:
        """Whether an entry gets lines of its own: as before, and where one line is too short."""
        if node is None:
            return True
        if not isinstance(node, MappingNode | SequenceNode) or not node.flow_style:
            return True
        return several_lines(value) or head + 1 + len(self.flow(value, path)) > WIDTH

    def scalar(self, value: Any, path: Path, node: Node | None, column: int) -> list[str]:
        if isinstance(node, ScalarNode) and node.style == ">" and same(value, self.at(path)):
            return self.folded(node, column)
        number = self.number(value, path)
        return [f" {number}"] if number else lines_of(value, column, 0, self.quotes(path))

    def quotes(self, path: Path) -> str:
        """Quotes stay where the author wrote some; single ones where they spare escapes."""
        node = self.marks.node_at(path)
        if not isinstance(node, ScalarNode) or node.style not in ("'", '"'):
            return ""
        return node.style if '"' in node.value or "\\" in node.value else '"'

    def number(self, value: Any, path: Path) -> str:
        """A number as its author wrote it (0.10), or an empty string."""
        node = self.marks.node_at(path)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not isinstance(node, ScalarNode) or not same(value, self.at(path)):
            return ""
        return str(node.value)

    def flow(self, value: Any, path: Path) -> str:
        if isinstance(value, Mapping):
            entries = cast("Mapping[str, Any]", value).items()
            shown = [
                f"{key_text(name)}: {self.flow(item, (*path, name))}" for name, item in entries
            ]
            return "{" + ", ".join(shown) + "}"
        if isinstance(value, list):
            items = enumerate(cast("list[Any]", value))
            return "[" + ", ".join(self.flow(item, (*path, index)) for index, item in items) + "]"
        return self.number(value, path) or scalar(value, flow=True, style=self.quotes(path))

    def folded(self, node: ScalarNode, column: int) -> list[str]:
        """A folded text as it stands, at its new indentation."""
        source = self.text[node.start_mark.index : content_end(node, self.text)]
        header, *lines = source.split("\n")
        depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        blanks = " " * (column + STEP)
        style = re.split(r"\s", header)[0]
        if re.search(r"[0-9]", style):
            return lines_of(node.value, column, 0)
        return [f" {style}", *(blanks + line[depth:] if line.strip() else "" for line in lines)]

    def item(self, value: Any, path: Path, column: int) -> list[str]:
        node = self.marks.node_at(path)
        if node is None:
            return item_lines(value, column)
        lines = self.value(value, path, column, column + 1)
        if lines[0] or len(lines) == 1 or not lines[1].strip() or lines[1].lstrip()[0] == "#":
            return lines
        return [" " + lines[1].lstrip(" "), *lines[2:]]

    def at(self, path: Path) -> Any:
        value = self.old
        for part in path:
            value = value[part]
        return value


def _tidy(blanks: str, lines: Sequence[str]) -> list[str]:
    """Comment lines at their column, never two blank lines in a row."""
    out: list[str] = []
    for line in lines:
        if line or not out or out[-1]:
            out.append(blanks + line if line else "")
    return out


def _exists(value: object, path: Path) -> bool:
    for part in path:
        if isinstance(value, list) and isinstance(part, int):
            items = cast("list[object]", value)
            if part >= len(items):
                return False
            value = items[part]
        else:
            entries = mapping(cast("object", value))
            if part not in entries:
                return False
            value = entries[str(part)]
    return True
