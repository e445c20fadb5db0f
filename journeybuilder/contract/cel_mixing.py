"""Whole and decimal numbers in one expression, which CEL keeps apart and JSON does not.

To JSON, 279 and 279.0 are one number, and a price is sometimes the one and sometimes the other; to CEL
they are of two types, and `price * 1.19` has no value for 279. So an operation between a whole and a
decimal number is computed with decimals. Nothing else changes: an operation that CEL has a value for
keeps it, so `7 / 2` stays 3 wherever it stands, and so do the counting of lists and `%`.
"""

from collections.abc import Callable

from journeybuilder.contract.cel_tree import (
    Call,
    Each,
    Index,
    Literal,
    Made,
    Name,
    Operation,
    Select,
    Tree,
    below,
    is_has,
)

GIVEN = "__given"
"""The variable that tells which variables are set; no journey can have one of this name."""
DECIMAL = frozenset({
    "math.ceil", "math.floor", "math.round", "math.trunc", "math.isNaN", "math.isInf", "math.isFinite",
})  # fmt: skip
"""Functions of CEL that take a decimal number only."""
_COMPARED = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
_COUNTED = frozenset({"+", "-", "*", "/"})


def written(tree: Tree, change: Callable[[Tree, list[str]], str | None] | None = None) -> str:
    """The text of a tree.

    Args:
        tree: A tree of `cel_syntax`.
        change: Given a part and the texts of its parts, another text for it, or None.
    """
    parts = [written(part, change) for part in below(tree)]
    if name := is_has(tree):
        return f"has({GIVEN}.{name})"
    changed = change(tree, parts) if change else None
    return changed if changed is not None else _plain(tree, parts)


def _plain(tree: Tree, parts: list[str]) -> str:
    match tree:
        case Literal(text=text):
            return f"({text})" if text.startswith("-") else text
        case Name(id=name):
            return name
        case Operation():
            return _operation(tree, parts)
        case Made():
            return _made(tree, parts)
        case _:
            return _member(tree, parts)


def _member(tree: Select | Index | Each | Call, parts: list[str]) -> str:
    """What stands behind a dot, in brackets or before parentheses."""
    if isinstance(tree, Select):
        return f"{parts[0]}.{'?' * tree.soft}{tree.field}"
    if isinstance(tree, Index):
        return f"{parts[0]}[{'?' * tree.soft}{parts[1]}]"
    if isinstance(tree, Each):
        return f"{parts[0]}.{tree.macro}({', '.join([tree.name, *parts[1:]])})"
    of = "" if tree.of is None else f"{parts[0]}."
    given = parts if tree.of is None else parts[1:]
    return f"{of}{tree.function}({', '.join(given)})"


def _operation(tree: Operation, parts: list[str]) -> str:
    if tree.sign == "?:":
        return f"({parts[0]} ? {parts[1]} : {parts[2]})"
    if len(parts) == 1:
        return f"({tree.sign[0]}{parts[0]})"
    return f"({parts[0]} {tree.sign} {parts[1]})"


def _made(tree: Made, parts: list[str]) -> str:
    marks = ["?" * soft for soft in tree.soft]
    if tree.kind == "list":
        return f"[{', '.join(mark + part for mark, part in zip(marks, parts, strict=True))}]"
    pairs = zip(marks, parts[::2], parts[1::2], strict=True)
    return f"{{{', '.join(f'{mark}{key}: {value}' for mark, key, value in pairs)}}}"


def asked_for(tree: Tree) -> frozenset[str]:
    """The variables in `has(variable)`."""
    name = is_has(tree)
    return frozenset({name} if name else ()).union(*(asked_for(part) for part in below(tree)))


def loosened(tree: Tree) -> str:
    """The text with no operation in it that CEL could refuse before it knows the values.

    CEL refuses `size(x) > 2.0` when it reads it; once a side is of no known type, it compares.
    """

    def loose(part: Tree, texts: list[str]) -> str | None:
        if not isinstance(part, Operation):
            return None
        if part.sign in _COUNTED and len(texts) == 2:  # noqa: PLR2004
            return _counted(part.sign, *texts)
        if part.sign in {*_COMPARED, "?:"}:
            return _plain(part, [*texts[:-2], f"dyn({texts[-2]})", texts[-1]])
        return None

    return written(tree, loose)


def counting(tree: Tree) -> str:
    """The text with every operation widened where a whole number meets a decimal one."""

    def widened(part: Tree, texts: list[str]) -> str | None:
        if isinstance(part, Operation) and part.sign in _COUNTED and len(texts) == 2:  # noqa: PLR2004
            return _counted(part.sign, *texts)
        if isinstance(part, Call) and part.function in DECIMAL and len(texts) == 1:
            return f"{part.function}(double({texts[0]}))"
        return None

    return written(tree, widened)


def _counted(sign: str, left: str, right: str) -> str:
    """One operation; both sides are evaluated once, whatever they are."""
    return (
        f"[[dyn({left}), dyn({right})]].map(__p, "
        f"type(__p[0]) == int && type(__p[1]) == double ? double(__p[0]) {sign} __p[1] : "
        f"type(__p[0]) == double && type(__p[1]) == int ? __p[0] {sign} double(__p[1]) : "
        f"__p[0] {sign} __p[1])[0]"
    )
