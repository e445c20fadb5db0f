"""The tree of an expression: its parts, the names it reads, what its parts are called."""

import ast
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias


class Literal(NamedTuple):
    """A number, text, true, false or null; `text` is how it is written."""

    kind: str
    text: str
    at: int

    @property
    def words(self) -> str | None:
        """The text that it stands for; None of a number, or where only the library can tell."""
        try:
            return str(ast.literal_eval(self.text)) if self.kind == "string" else None
        except (SyntaxError, ValueError):
            return None


class Name(NamedTuple):
    """A variable, or a name that a macro binds."""

    id: str
    at: int


class Select(NamedTuple):
    """`of.field`, or `of.?field`; `at` is the place of the field."""

    of: "Tree"
    field: str
    at: int
    soft: bool = False


class Index(NamedTuple):
    """`of[by]`, or `of[?by]`."""

    of: "Tree"
    by: "Tree"
    at: int
    soft: bool = False


class Operation(NamedTuple):
    """An operator with what it stands between or before; `? :` has three."""

    sign: str
    parts: "tuple[Tree, ...]"
    at: int


class Call(NamedTuple):
    """A call, `of.function(…)` or `function(…)`; a name with dots where it belongs to a library."""

    function: str
    of: "Tree | None"
    parts: "tuple[Tree, ...]"
    at: int


class Each(NamedTuple):
    """A macro that runs over a list: `of.filter(name, part)`."""

    macro: str
    of: "Tree"
    name: str
    parts: "tuple[Tree, ...]"
    at: int


class Made(NamedTuple):
    """A list, or an object whose keys and values follow each other."""

    kind: str
    parts: "tuple[Tree, ...]"
    soft: tuple[bool, ...]
    at: int


Tree: TypeAlias = Literal | Name | Select | Index | Operation | Call | Each | Made

LIBRARIES = frozenset({"math", "strings", "optional"})
"""Names before the dot of functions that belong to nothing."""
TYPES = frozenset({
    "int", "uint", "double", "string", "bool", "bytes", "list", "map", "type", "null_type",
})  # fmt: skip
"""Names of types: `type(x) == int`."""


def below(tree: Tree) -> Sequence[Tree]:
    """The parts of a part."""
    if isinstance(tree, Select):
        return (tree.of,)
    if isinstance(tree, Index):
        return (tree.of, tree.by)
    if isinstance(tree, Operation | Made):
        return tree.parts
    if isinstance(tree, Call):
        return tree.parts if tree.of is None else (tree.of, *tree.parts)
    if isinstance(tree, Each):
        return (tree.of, *tree.parts)
    return ()


def names(tree: Tree) -> frozenset[str]:
    """The variables that are read."""
    out: set[str] = set()
    _collect(tree, frozenset(), out)
    return frozenset(out)


def _collect(tree: Tree, bound: frozenset[str], out: set[str]) -> None:
    while isinstance(tree, Select):
        tree = tree.of
    if isinstance(tree, Name):
        if tree.id not in bound and tree.id not in TYPES:
            out.add(tree.id)
    elif isinstance(tree, Each):
        _collect(tree.of, bound, out)
        for part in tree.parts:
            _collect(part, bound | {tree.name}, out)
    else:
        for part in below(tree):
            _collect(part, bound, out)


def is_has(tree: Tree) -> str:
    """The variable in `has(variable)`, which CEL itself does not know; else an empty text."""
    if (
        isinstance(tree, Call)
        and tree.function == "has"
        and tree.of is None
        and len(tree.parts) == 1
    ):
        inner = tree.parts[0]
        return inner.id if isinstance(inner, Name) else ""
    return ""


def place(tree: Tree) -> str:
    """A variable or a field of it as dotted text (`order.total`); empty for anything else."""
    parts: list[str] = []
    while isinstance(tree, Select) and not tree.soft:
        parts.append(tree.field)
        tree = tree.of
    return ".".join([tree.id, *reversed(parts)]) if isinstance(tree, Name) else ""
