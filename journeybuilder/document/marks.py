"""Where in a text every key and value stands, found in the composed nodes when somebody asks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from journeybuilder.document.findings import Path
from journeybuilder.document.parser import MappingNode, Node, ScalarNode, SequenceNode

_KEEPS = re.compile(r"[|>][0-9]*\+")


@dataclass(frozen=True, slots=True)
class Mark:
    """The place of a key or value.

    Attributes:
        line: From 1.
        column: From 1, in characters.
        start: Offset of its first character in the text.
        end: Offset behind its last character; trailing blanks and comments are not part of it.
    """

    line: int
    column: int
    start: int
    end: int


class Marks:
    """The places of all keys and values of a file, by path."""

    def __init__(self, root: Node | None, text: str, shift: int = 0) -> None:
        self.root = root
        self._text = text
        self._shift = shift
        self._children: dict[int, dict[str, tuple[Node, Node]]] = {}

    def at(self, path: Path) -> Mark | None:
        """The place of the value at a path; None where there is none."""
        entry = self._find(path)
        if entry is None:
            return None
        key, value = entry
        if key is not None and value.start_mark.index < key.start_mark.index:
            return self._alias(key)
        return self._mark(value)

    def key_at(self, path: Path) -> Mark | None:
        """The place of the key whose value is at a path; None for list items and the root."""
        entry = self._find(path)
        return None if entry is None or entry[0] is None else self._mark(entry[0])

    def node_at(self, path: Path) -> Node | None:
        """The composed node of the value at a path."""
        entry = self._find(path)
        return entry[1] if entry else None

    def _find(self, path: Path) -> tuple[Node | None, Node] | None:
        if self.root is None:
            return None
        key: Node | None = None
        node = self.root
        for part in path:
            if isinstance(node, MappingNode) and isinstance(part, str):
                entry = self._entries(node).get(part)
                if entry is None:
                    return None
                key, node = entry
            elif isinstance(node, SequenceNode) and isinstance(part, int):
                if not 0 <= part < len(node.value):
                    return None
                key, node = None, node.value[part]
            else:
                return None
        return key, node

    def _entries(self, node: MappingNode) -> dict[str, tuple[Node, Node]]:
        known = self._children.get(id(node))
        if known is None:
            pairs: Sequence[tuple[Node, Node]] = node.value
            known = {key_text(key): (key, value) for key, value in pairs}
            self._children[id(node)] = known
        return known

    def _mark(self, node: Node) -> Mark:
        start = node.start_mark
        begin = start.index + self._shift
        end = max(content_end(node, self._text, self._shift), begin)
        return Mark(start.line + 1, start.column + 1, begin, end)

    def _alias(self, key: Node) -> Mark:
        """The place of `*name` after a key; the node itself stands where the name was given."""
        mark = key.end_mark
        begin = mark.index + self._shift
        found = re.compile(r"\s*:\s*(\*[^\s,\[\]{}]+)").match(self._text, begin)
        if found is None:
            return Mark(mark.line + 1, mark.column + 1, begin, begin)
        column = mark.column + 1 + found.start(1) - begin
        return Mark(mark.line + 1, column, found.start(1), found.end(1))


def key_text(key: Node) -> str:
    """A key as text; one that is none (and has a finding) as the file writes it."""
    return key.value if isinstance(key.value, str) else "?"


def content_end(node: Node, text: str, shift: int = 0) -> int:
    """Offset behind a node's last character; the parser's own mark runs on to the next token."""
    end = node.end_mark.index + shift
    if isinstance(node, ScalarNode):
        return _block_scalar_end(node, text, shift) if node.style in ("|", ">") else end
    if node.flow_style or not node.value:  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        return end
    last: Node = node.value[-1][1] if isinstance(node, MappingNode) else node.value[-1]
    before: Node = node.value[-1][0] if isinstance(node, MappingNode) else node
    if last.start_mark.index < before.start_mark.index:
        return _without_comments(text, end)
    return content_end(last, text, shift)


def _block_scalar_end(node: Node, text: str, shift: int) -> int:
    start, end = node.start_mark.index + shift, node.end_mark.index + shift
    if _KEEPS.search(text[start:end].split("\n", 1)[0]):
        return end - 1 if text[start:end].endswith("\n") else end
    return start + len(text[start:end].rstrip())


def _without_comments(text: str, end: int) -> int:
    while True:
        line = text.rfind("\n", 0, end) + 1
        content = re.sub(r"(^|\s+)#.*$", "", text[line:end]).rstrip()
        if content or line == 0:
            return line + len(content)
        end = line - 1
