"""Reads YAML into plain values, with a place for every key and value, never raising for content."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.document import rules
from journeybuilder.document.decoding import Flaw, decode, unprintable
from journeybuilder.document.findings import Finding, Path, Problem, Rule
from journeybuilder.document.marks import Mark, Marks, content_end, key_text
from journeybuilder.document.parser import (
    BOOL,
    FLOAT,
    INT,
    LIST,
    MAP,
    MAX_BYTES,
    MAX_NODES,
    NULL,
    ODD,
    TEXT,
    MappingNode,
    MarkedYAMLError,
    Node,
    ScalarNode,
    SequenceNode,
    Stop,
    YAMLError,
    compose,
)
from journeybuilder.document.syntax import HARD_BLANKS, explain, look_closer

__all__ = [
    "MAX_BYTES", "MAX_NODES", "MappingNode", "Mark", "Marks", "Node", "ScalarNode", "SequenceNode",
    "Tree", "content_end", "load",
]  # fmt: skip


@dataclass(frozen=True)
class Tree:
    """What a file says.

    Attributes:
        value: Plain values; `{}` where the text could not be read, None for an empty file.
        text: The text that was read, with a byte order mark if there was one.
    """

    value: Any
    marks: Marks
    findings: list[Finding]
    text: str


def load(text: str | bytes, file: str) -> Tree:
    """Read a text.

    Args:
        text: Text, or the bytes of a file.
        file: Its name in findings.

    Raises:
        OperatorError: When PyYAML lacks its C parser; never because of what the text says.
    """
    reader = _Reader(file)
    if len(text) > MAX_BYTES:
        message = f"The file has more than {MAX_BYTES / 1e6:.0f} MB."
        reader.report(rules.BOUNDS, message, 0, 0, hint="Split it into several files.")
        return Tree({}, Marks(None, ""), reader.findings, "")
    content, flaw = decode(text) if isinstance(text, bytes) else (text, None)
    if flaw is not None:
        reader.report(rules.ENCODING, flaw.message, flaw.line, flaw.column)
        return Tree({}, Marks(None, content), reader.findings, content)
    return reader.read(content)


class _Reader:
    """One reading of one text."""

    def __init__(self, file: str) -> None:
        self.findings: list[Finding] = []
        self._file = file
        self._count = 0
        self._open: set[int] = set()
        self._done: dict[int, tuple[Any, int]] = {}
        self._hard_blank = False

    def report(
        self, rule: Rule, message: str, line: int, column: int, path: Path = (), hint: str = ""
    ) -> None:
        advice = hint or rule.mend
        node = Problem(rule, path, message).node
        self.findings.append(
            Finding(rule.code, rule.severity, self._file, line, column, node, message, advice, path)
        )

    def read(self, text: str) -> Tree:
        """Compose the nodes and turn them into values."""
        shift = 1 if text.startswith("\ufeff") else 0
        root = self._compose(text[shift:])
        value: Any = {}
        if root is not None:
            value = self._value(root, ())
            if self._hard_blank:
                root, value = None, {}  # nothing stands where it was meant to
            elif self._count > MAX_NODES:
                self._at(rules.BOUNDS, f"Its aliases unfold to {self._count:,} values.", root, ())
                root, value = None, {}
        elif not self.findings:
            value = None
        return Tree(value, Marks(root, text, shift), self.findings, text)

    def _compose(self, text: str) -> Node | None:
        try:
            return compose(text)
        except Stop as stop:
            self.report(rules.BOUNDS, stop.message, stop.mark.line + 1, stop.mark.column + 1)
        except MarkedYAMLError as error:
            self._misread(error, text)
        except (YAMLError, UnicodeEncodeError):
            self._unprintable(text)
        return None

    def _misread(self, error: MarkedYAMLError, text: str) -> None:
        mark: Any = error.problem_mark or error.context_mark
        if "another document" in (error.problem or ""):
            self.report(rules.DOCUMENTS, rules.DOCUMENTS.title + ".", mark.line + 1, 1)
            return
        mistake = explain(
            error.problem or "", error.context or "", text[mark.index : mark.index + 1]
        )
        if mistake.at_start and error.context_mark is not None:
            mark = error.context_mark
        mistake, line, column = look_closer(mistake, text, mark.line, mark.column)
        self.report(mistake.rule, mistake.message, line + 1, column + 1, hint=mistake.hint)

    def _unprintable(self, text: str) -> None:
        flaw = unprintable(text) or Flaw("This cannot be read as YAML.", 1, 1)
        self.report(rules.CONTROL, flaw.message, flaw.line, flaw.column)

    def _at(self, rule: Rule, message: str, node: Node, path: Path, hint: str = "") -> None:
        mark = node.start_mark
        self.report(rule, message, mark.line + 1, mark.column + 1, path, hint)

    def _value(self, node: Node, path: Path) -> Any:
        if isinstance(node, ScalarNode):
            return self._scalar(node, path)
        known = self._done.get(id(node))
        if known is not None:
            self._count += known[1]
            return known[0]
        if id(node) in self._open:
            self._at(rules.BOUNDS, "This value contains itself.", node, path)
            return None
        if node.tag not in (MAP, LIST):
            self._at(rules.TAG, f"The tag `{_short(node.tag)}` is not used here.", node, path)
        self._open.add(id(node))
        before = self._count
        value = (
            self._mapping(node, path) if isinstance(node, MappingNode) else self._list(node, path)
        )
        self._open.discard(id(node))
        self._done[id(node)] = (value, self._count - before)
        return value

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        pairs: Sequence[tuple[Node, Node]] = node.value
        self._count += len(pairs)
        for key, value in pairs:
            name: str = key.value if key.tag is TEXT else self._odd_key(key, path)
            if name in out:
                self._at(
                    rules.DUPLICATE_KEY, f"The key '{name}' stands here twice.", key, (*path, name)
                )
            elif name == "<<" and not key.style:  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
                self._at(rules.TAG, "Merge keys `<<` are not used here.", key, (*path, name))
            elif name.startswith(HARD_BLANKS) and not self._hard_blank:
                self._hard_blank = True
                message = "This line begins with characters that only look like blanks (U+00A0)."
                self._at(rules.SYNTAX, message, key, (), "Replace them with blanks.")
            out[name] = value.value if value.tag is TEXT else self._value(value, (*path, name))
        return out

    def _list(self, node: Node, path: Path) -> list[Any]:
        items: Sequence[Node] = node.value
        self._count += len(items)
        return [
            item.value if item.tag is TEXT else self._value(item, (*path, index))
            for index, item in enumerate(items)
        ]

    def _odd_key(self, key: Node, path: Path) -> str:
        name = key_text(key)
        if isinstance(key, ScalarNode):
            message = (
                f"The key `{name}` is no text." if name else "A key is missing before the colon."
            )
        else:
            message = "A key cannot be a list or a mapping."
        self._at(rules.KEY_TYPE, message, key, (*path, name))
        return name

    def _scalar(self, node: ScalarNode, path: Path) -> Any:
        text: str = node.value
        tag = node.tag
        if tag is TEXT:
            return text
        if tag is NULL:
            return None
        if tag is BOOL:
            return text[0] in "tT"
        if tag is INT:
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if tag is FLOAT:
            return float(text)
        if tag is ODD:
            self._at(rules.NUMBER, f"`{text[:20]}` is no number that JSON has.", node, path)
        else:
            self._at(rules.TAG, f"The tag `{_short(tag)}` is not used here.", node, path)
        return text


def _short(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
