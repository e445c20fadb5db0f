"""The smallest change of a text after which it says something else.

The tree of the text is compared with the wanted value; what differs becomes splices: a span of the
old text and what stands there instead. Everything outside the spans stays byte for byte.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from journeybuilder.document.align import Kept, align_items, align_keys
from journeybuilder.document.flow_text import flow_text
from journeybuilder.document.style import (
    WIDTH,
    entry,
    item_lines,
    key_text,
    lines_of,
    same,
    several_lines,
)
from journeybuilder.document.tree import MappingNode, Node, ScalarNode, content_end

_COLON = re.compile(r"\s*:")
_HEADER = re.compile(r"[|>][^\s]*\s+(#[^\n]*)")
_ALIAS = re.compile(r"\s*(\*[A-Za-z0-9_-]+)")


class NoSplice(Exception):  # noqa: N818 - tells the caller to take a larger piece
    """This piece of text cannot be changed in place."""


class Splice(NamedTuple):
    """Characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a value stands.

    Attributes:
        after: Offset behind the colon or dash that it follows.
        column: Column of the key or dash.
        item: True for a list item.
    """

    after: int
    column: int
    item: bool


def splices(
    text: str, root: MappingNode, old: Any, new: Mapping[str, Any], depth: int
) -> list[Splice]:
    r"""What to change in a text.

    Args:
        text: The old text, with `\n` between its lines and no byte order mark.
        root: Its tree.
        old: What it says.
        new: What it shall say.
        depth: How deep to look for the smallest piece; below it whole values are replaced.

    Raises:
        NoSplice: When a piece is written in a way that cannot be changed in place.
    """
    differ = _Differ(text, depth)
    differ.compare(root, old, new, None, 0)
    return sorted(differ.out, key=lambda item: (item.start, item.end))


def apply(text: str, changes: Sequence[Splice]) -> str:
    """The text with the splices made; they are in order and do not overlap.

    Raises:
        NoSplice: When two of them overlap.
    """
    out: list[str] = []
    done = 0
    for start, end, new in changes:
        if start < done:
            raise NoSplice
        out += [text[done:start], new]
        done = end
    return "".join([*out, text[done:]])


class _Differ:
    def __init__(self, text: str, depth: int) -> None:
        self.text = text
        self.depth = depth
        self.out: list[Splice] = []

    def compare(self, node: Node, old: Any, new: Any, slot: _Slot | None, level: int) -> None:
        if same(old, new):
            return
        kind = Mapping if isinstance(node, MappingNode) else list
        alike = isinstance(old, kind) and isinstance(new, kind) and old and new  # pyright: ignore[reportUnknownVariableType]
        if (
            isinstance(node, ScalarNode)
            or not alike
            or level >= self.depth
            or self.alias(node, slot)
        ):
            self.replace(node, new, slot)
        elif node.flow_style:  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
            self.flow(node, old, new, slot)
        elif isinstance(node, MappingNode):
            self.mapping(node, old, new, slot, level)
        else:
            self.sequence(node, old, new, level)

    def alias(self, node: Node, slot: _Slot | None) -> bool:
        return slot is not None and node.start_mark.index < slot.after

    def flow(self, node: Node, old: Any, new: Any, slot: _Slot | None) -> None:
        start, end = node.start_mark.index, node.end_mark.index
        before = self.text[start:end]
        after = flow_text(self.text, node, old, new)
        if after is None:
            raise NoSplice
        column = start - self.line_start(start)
        too_long = len(after) > len(before) and column + len(after) > WIDTH
        if slot is not None and "\n" not in before and (too_long or several_lines(new)):
            self.replace(node, new, slot)
        else:
            self.out.append(Splice(start, end, after))

    def mapping(
        self, node: MappingNode, old: Any, new: Any, slot: _Slot | None, level: int
    ) -> None:
        pairs: Sequence[tuple[Node, Node]] = node.value
        column = pairs[0][0].start_mark.column
        plan = align_keys(old, new)
        if not plan.kept:
            self.replace(node, new, slot)
            return
        self.added(plan.added.get(None, []), new, pairs[0][0].start_mark.index, column)
        for index, (key, value) in enumerate(pairs):
            kept = plan.kept.get(key.value)
            if kept is None:
                self.remove(key.start_mark.index, key, value, pairs[index + 1 :])
                continue
            self.entry(key, value, old[key.value], new[kept.name], kept, level)
            names = plan.added.get(kept.name, [])
            if names:
                lines = [line for name in names for line in entry(name, new[name], column)]
                self.insert_below(self.behind(value, key, column), lines)

    def entry(self, key: Node, value: Node, old: Any, new: Any, kept: Kept, level: int) -> None:
        if kept.renamed:
            style = cast("str", key.style or "")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
            new_key = key_text(kept.name, style)
            self.out.append(Splice(key.start_mark.index, key.end_mark.index, new_key))
        self.compare(value, old, new, self.key_slot(key), level + 1)

    def key_slot(self, key: Node) -> _Slot:
        colon = _COLON.match(self.text, key.end_mark.index)
        if colon is None:
            raise NoSplice
        return _Slot(colon.end(), key.start_mark.column, item=False)

    def added(self, names: Sequence[str], new: Any, at: int, column: int) -> None:
        """New keys before the first one, which may stand in the line of a dash."""
        if names:
            lines = [line for name in names for line in entry(name, new[name], column)]
            text = "\n".join(lines).lstrip(" ") + "\n" + " " * column
            self.out.append(Splice(at, at, text))

    def sequence(self, node: Node, old: Any, new: Any, level: int) -> None:
        items: Sequence[Node] = node.value
        column = node.start_mark.column
        dashes = self.dashes(items, column)
        plan = align_items(old, new)
        for index, item in enumerate(items):
            if index in plan.kept:
                target = plan.kept[index]
                self.compare(
                    item,
                    old[index],
                    new[target],
                    _Slot(dashes[index] + 1, column, item=True),
                    level + 1,
                )
            else:
                self.remove(dashes[index], item, item, items[index + 1 :])
        if plan.added:
            lines = [line for at in plan.added for line in self.item(new[at], column)]
            if plan.after is None:
                text = "\n".join(lines).lstrip(" ") + "\n" + " " * column
                self.out.append(Splice(dashes[0], dashes[0], text))
            else:
                self.insert_below(self.behind(items[plan.after], node, column), lines)
        if not plan.kept and not plan.added:
            raise NoSplice

    def item(self, value: Any, column: int) -> Sequence[str]:
        first, *rest = item_lines(value, column)
        return [" " * column + "-" + first, *rest]

    def dashes(self, items: Sequence[Node], column: int) -> Sequence[int]:
        """The offset of each item's dash.

        Raises:
            NoSplice: When an item is an alias, whose own place is not known.
        """
        out: list[int] = []
        done = 0
        for item in items:
            at = item.start_mark.index
            if at < done:
                raise NoSplice
            while self.text[at : at + 1] != "-" or at - self.line_start(at) != column:
                at -= 1
                if at < done:
                    raise NoSplice
            out.append(at)
            done = at + 1
        return out

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        end = len(self.text) if end < 0 else end
        return end - 1 if self.text[end - 1 : end] == "\r" and end > at else end

    def value_end(self, value: Node, before: Node) -> int:
        if value.start_mark.index >= before.start_mark.index:
            return content_end(value, self.text)
        found = _ALIAS.match(self.text, self.key_slot(before).after)
        if found is None:
            raise NoSplice
        return found.end()

    def behind(self, value: Node, before: Node, column: int) -> int:
        """The end of the line in which a value ends, past comments that are indented below it."""
        end = self.line_end(self.value_end(value, before))
        while True:
            following = re.compile(r"\r?\n( +)#[^\n]*").match(self.text, end)
            if following is None or len(following.group(1)) <= column:
                return end
            end = self.line_end(following.end(1))

    def insert_below(self, at: int, lines: Sequence[str]) -> None:
        self.out.append(Splice(at, at, "".join(f"\n{line}" for line in lines)))

    def remove(self, start: int, key: Node, value: Node, following: Sequence[object]) -> None:
        line = self.line_start(start)
        end = self.line_end(self.value_end(value, key))
        if self.text[line:start].strip():
            self.remove_first(start, end, following)
        elif end < len(self.text):
            self.out.append(Splice(line, self.text.index("\n", end) + 1, ""))
        else:
            self.out.append(Splice(max(line - 1, 0), end, ""))

    def remove_first(self, start: int, end: int, following: Sequence[object]) -> None:
        """Remove an entry that stands behind a dash; the next one moves into its line.

        Raises:
            NoSplice: When no entry follows, or a comment stands between the two.
        """
        if not following:
            raise NoSplice
        first = following[0]
        node = cast("Node", first[0] if isinstance(first, tuple) else first)
        if "#" in self.text[end : node.start_mark.index]:
            raise NoSplice
        if self.text[start : start + 1] == "-" and not isinstance(first, tuple):
            raise NoSplice
        self.out.append(Splice(start, node.start_mark.index, ""))

    def replace(self, node: Node, new: Any, slot: _Slot | None) -> None:
        if slot is None:
            raise NoSplice
        text, after = self.text, slot.after
        start, end = self.span(node, slot)
        gap = text[after:start]
        style = cast("str", node.style or "") if isinstance(node, ScalarNode) else ""
        if slot.item:
            lines = item_lines(new, slot.column)
        else:
            head = slot.after - self.line_start(slot.after)
            lines = lines_of(new, slot.column, head, style)
        if len(lines) == 1:
            self.replace_by_line(gap, after, start, end, lines[0])
        elif "\n" in gap and not lines[0].startswith(" |"):
            at = self.line_start(start)
            self.out.append(Splice(after, after, lines[0]))
            self.out.append(Splice(at, end, "\n".join(lines[1:])))
        elif "#" in gap:
            raise NoSplice
        else:
            self.replace_by_block(after, start, end, lines)

    def span(self, node: Node, slot: _Slot) -> tuple[int, int]:
        if not self.alias(node, slot):
            if self.text[node.start_mark.index : node.start_mark.index + 1] == "&":
                raise NoSplice  # other places repeat it by its name
            return node.start_mark.index, content_end(node, self.text)
        found = _ALIAS.match(self.text, slot.after)
        if found is None:
            raise NoSplice
        return found.span(1)

    def replace_by_line(self, gap: str, after: int, start: int, end: int, line: str) -> None:
        if start == end:  # nothing stood there
            self.out.append(Splice(after, after, line))
        elif "#" in gap:
            self.out.append(Splice(after, after, line))
            self.out.append(Splice(after + len(gap.rstrip()), end, ""))
        elif "\n" in gap:
            self.out.append(Splice(after, end, line))
        else:
            self.out.append(Splice(start, end, line.lstrip(" ") + self.header_note(start)))

    def header_note(self, start: int) -> str:
        """The comment behind the `|` or `>` of a text of several lines."""
        found = _HEADER.match(self.text, start)
        return f"  {found.group(1)}" if found else ""

    def replace_by_block(self, after: int, start: int, end: int, lines: Sequence[str]) -> None:
        """Several lines where the old value began in the line of its key or dash."""
        first, below = lines[0], "\n".join(lines[1:])
        note = self.header_note(start)
        if "\n" in self.text[start:end] and not first.startswith(" |"):
            self.out.append(Splice(after, end, f"{first}{note}\n{below}"))
            return
        line_end = self.line_end(end)
        behind = self.text[end:line_end].strip()
        note += f"  {behind}" if behind else ""
        self.out.append(Splice(after, line_end, f"{first}{note}\n{below}"))
