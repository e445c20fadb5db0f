"""Reads YAML into plain values, with a place for every key and value, never raising for content.

Scalars follow the YAML 1.2 core schema: `yes`, `no`, `on`, `off` and dates are text. The composed
node tree is kept, so that places cost nothing until somebody asks for one.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from journeybuilder.document import rules
from journeybuilder.document.decoding import Flaw, decode, unprintable
from journeybuilder.document.findings import Finding, Path, Problem, Rule
from journeybuilder.document.syntax import HARD_BLANKS, explain, look_closer
from journeybuilder.errors import OperatorError

__all__ = ["MappingNode", "Mark", "Marks", "Node", "ScalarNode", "SequenceNode", "Tree", "load"]

MAX_BYTES = 5_000_000
MAX_NODES = 200_000
MAX_DEPTH = 100
MAX_DIGITS = 1_000

# Our own names of the resolved types; whatever else a node has was written in the file as a tag.
_TEXT, _NULL, _BOOL, _INT, _FLOAT, _ODD, _MAP, _LIST = (
    "text", "null", "bool", "int", "float", "odd", "map", "list",
)  # fmt: skip
_WORDS: dict[str, str] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), _NULL),
    **dict.fromkeys(("true", "True", "TRUE", "false", "False", "FALSE"), _BOOL),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_JSON = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
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


class _Stop(Exception):  # noqa: N818 - it ends the composing, it is no error of its own
    """The text goes past a bound."""

    def __init__(self, message: str, mark: Any) -> None:
        super().__init__(message)
        self.message = message
        self.mark = mark


def _resolve(_self: object, kind: type[Node], value: Any, implicit: tuple[bool, bool]) -> str:
    if kind is not ScalarNode:
        return _MAP if kind is MappingNode else _LIST
    if not implicit[0]:
        return _TEXT
    word = _WORDS.get(value)
    if word is not None:
        return word
    if value[0] not in "-+.0123456789":
        return _TEXT
    if _INTEGER.fullmatch(value):
        return _INT if len(value) <= MAX_DIGITS else _ODD
    if _DECIMAL.fullmatch(value):
        return _FLOAT if len(value) <= MAX_DIGITS and math.isfinite(float(value)) else _ODD
    return _ODD if _NOT_JSON.fullmatch(value) else _TEXT


@cache
def _parser() -> Callable[[str], Any]:
    try:
        from yaml._yaml import CParser  # noqa: PLC0415 - some builds of PyYAML lack it
    except ImportError as error:
        raise OperatorError(
            "PyYAML was installed without its fast parser (libyaml).",
            hint="Install it from a wheel: pip install --force-reinstall --only-binary :all: pyyaml",
        ) from error

    class Parser(CParser):
        """Composes nodes with our types; counts, because the C code would overflow its stack."""

        resolve = _resolve

        def __init__(self, text: str) -> None:
            super().__init__(text)
            self.depth = 0
            self.count = 0

        def descend_resolver(self, parent: Node | None, index: object) -> None:
            del index
            self.depth += 1
            self.count += 1
            if self.depth > MAX_DEPTH and parent is not None:
                raise _Stop(f"More than {MAX_DEPTH} levels inside each other.", parent.start_mark)
            if self.count > MAX_NODES and parent is not None:
                raise _Stop(f"More than {MAX_NODES:,} keys and values.", parent.start_mark)

        def ascend_resolver(self) -> None:
            self.depth -= 1

    return Parser


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
        parser: Any = None
        try:
            parser = _parser()(text)
            return parser.get_single_node()
        except _Stop as stop:
            self.report(rules.BOUNDS, stop.message, stop.mark.line + 1, stop.mark.column + 1)
        except MarkedYAMLError as error:
            self._misread(error, text)
        except (YAMLError, UnicodeEncodeError):
            self._unprintable(text)
        finally:
            if parser is not None:
                parser.dispose()
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
        if node.tag not in (_MAP, _LIST):
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
            name: str = key.value if key.tag is _TEXT else self._odd_key(key, path)
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
            out[name] = value.value if value.tag is _TEXT else self._value(value, (*path, name))
        return out

    def _list(self, node: Node, path: Path) -> list[Any]:
        items: Sequence[Node] = node.value
        self._count += len(items)
        return [
            item.value if item.tag is _TEXT else self._value(item, (*path, index))
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
        if tag is _TEXT:
            return text
        if tag is _NULL:
            return None
        if tag is _BOOL:
            return text[0] in "tT"
        if tag is _INT:
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        if tag is _FLOAT:
            return float(text)
        if tag is _ODD:
            self._at(rules.NUMBER, f"`{text[:20]}` is no number that JSON has.", node, path)
        else:
            self._at(rules.TAG, f"The tag `{_short(tag)}` is not used here.", node, path)
        return text


def _short(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")
