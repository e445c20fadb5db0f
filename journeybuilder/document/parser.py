"""Composes YAML into nodes whose tags are our own types; bounded in depth, number and size.

Scalars follow the YAML 1.2 core schema: `yes`, `no`, `on`, `off` and dates are text. This is the only
file that knows PyYAML.
"""

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from journeybuilder.errors import OperatorError

__all__ = [
    "BOOL", "FLOAT", "INT", "LIST", "MAP", "MAX_BYTES", "MAX_DEPTH", "MAX_NODES", "NULL", "ODD", "TEXT",
    "MappingNode", "MarkedYAMLError", "Node", "ScalarNode", "SequenceNode", "Stop", "YAMLError", "compose",
]  # fmt: skip

MAX_BYTES = 5_000_000
MAX_NODES = 200_000
MAX_DEPTH = 100
MAX_DIGITS = 1_000

# Our own names of the resolved types; whatever else a node has was written in the file as a tag.
TEXT, NULL, BOOL, INT, FLOAT, ODD, MAP, LIST = (
    "text", "null", "bool", "int", "float", "odd", "map", "list",
)  # fmt: skip
_WORDS: dict[str, str] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), NULL),
    **dict.fromkeys(("true", "True", "TRUE", "false", "False", "FALSE"), BOOL),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_JSON = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class Stop(Exception):  # noqa: N818 - it ends the composing, it is no error of its own
    """The text goes past a bound.

    Attributes:
        message: What is too much.
        mark: Where.
    """

    def __init__(self, message: str, mark: Any) -> None:
        super().__init__(message)
        self.message = message
        self.mark = mark


def _resolve(_self: object, kind: type[Node], value: Any, implicit: tuple[bool, bool]) -> str:
    if kind is not ScalarNode:
        return MAP if kind is MappingNode else LIST
    if not implicit[0]:
        return TEXT
    word = _WORDS.get(value)
    if word is not None:
        return word
    if value[0] not in "-+.0123456789":
        return TEXT
    if _INTEGER.fullmatch(value):
        return INT if len(value) <= MAX_DIGITS else ODD
    if _DECIMAL.fullmatch(value):
        return FLOAT if len(value) <= MAX_DIGITS and math.isfinite(float(value)) else ODD
    return ODD if _NOT_JSON.fullmatch(value) else TEXT


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
                raise Stop(f"More than {MAX_DEPTH} levels inside each other.", parent.start_mark)
            if self.count > MAX_NODES and parent is not None:
                raise Stop(f"More than {MAX_NODES:,} keys and values.", parent.start_mark)

        def ascend_resolver(self) -> None:
            self.depth -= 1

    return Parser


def compose(text: str) -> Node | None:
    """The root node of a text; None where it holds nothing.

    Raises:
        Stop: When the text goes past a bound.
        MarkedYAMLError: When it is no YAML.
        YAMLError: When it holds characters that YAML does not allow.
        UnicodeEncodeError: When it holds half a character.
        OperatorError: When PyYAML lacks its C parser.
    """
    parser: Any = None
    try:
        parser = _parser()(text)
        return parser.get_single_node()
    finally:
        if parser is not None:
            parser.dispose()
