"""Reads the rows of a condition out of its CEL, or says why it cannot be shown as rows. Knows no Qt.

The text is taken apart at `&&`, `||`, `!` and parentheses; each piece is then read as a tree, and must
be one of the forms that a row is written in.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from journeybuilder.contract.cel_syntax import read as read_tree
from journeybuilder.contract.cel_tree import (
    Call,
    Index,
    Literal,
    Made,
    Name,
    Operation,
    Select,
    Tree,
)
from journeybuilder.gui.forms.conditions import (
    COMPARISONS,
    HOWS,
    METHODS,
    NUMBER,
    OPERATORS,
    Group,
    How,
    Join,
    Row,
    Value,
    literal,
    our_duration,
    say_group,
)
from journeybuilder.gui.look.language import tr

_DEEPEST = 5
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d+\])*")
_EACH = re.compile(r"(!?)([A-Za-z_][\w.\[\]]*)\.(exists|all|exists_one)\(\s*([A-Za-z_]\w*)\s*,")
_JOINS: tuple[tuple[str, Join], ...] = (("||", "any"), ("&&", "all"))
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


class _Unreadable(Exception):  # noqa: N818 - no error: it stays text
    """The text says more than rows can; the message says what."""


def read(text: str) -> Group | None:
    """The rows of a CEL text, or None where it says more than rows can; empty text has no rows."""
    found = read_or_reason(text)
    return found if isinstance(found, Group) else None


def read_or_reason(text: str) -> Group | str:
    """The rows of a CEL text, else why it cannot be shown as rows, for people."""
    plain = text.strip()
    if not plain or plain == "true":
        return Group("all", ())
    if read_tree(plain) is None:
        return tr("It cannot be read as a condition, so it cannot be shown as rows.")
    try:
        found = _condition(plain, 0)
    except _Unreadable as reason:
        return str(reason)
    return found if isinstance(found, Group) else Group("all", (found,))


def in_words(text: str) -> str:
    """A condition as short words for people: `total \u2264 200 and status is one of sent, paid`.

    What the rows cannot say is given back as it is.
    """
    group = read(text)
    return say_group(group) if group is not None and group.parts else text


def _condition(text: str, depth: int) -> Row | Group:
    """`a || b && c`: && binds tighter, so the `any` level is the outer one.

    Raises:
        _Unreadable: When it says more than rows can.
    """
    if depth > _DEEPEST:
        raise _Unreadable(tr("Its groups are nested too deeply to be shown as rows."))
    for sign, join in _JOINS:
        parts = _split(text, sign)
        if len(parts) > 1:
            return _group(parts, join, depth)
    return _piece(text.strip(), depth)


def _group(parts: list[str], join: Join, depth: int) -> Group:
    return Group(join, tuple(_condition(part, depth + 1) for part in parts))


def _piece(text: str, depth: int) -> Row | Group:
    if text.startswith("(") and _closes_at_end(text, 0):
        return _condition(text[1:-1], depth)
    if text.startswith("!") and not text.startswith("!="):
        return _negated(text[1:].strip(), depth)
    each = _each(text, depth)
    return each if each is not None else _row(text)


def _negated(text: str, depth: int) -> Row | Group:
    inner = _piece(text, depth)
    if isinstance(inner, Row):
        opposite = OPERATORS[inner.operator].opposite
        if opposite:
            return replace(inner, operator=opposite)
        return Group("all", (inner,), negated=True)
    if inner.negated:
        return Group("all", (inner,), negated=True)
    return replace(inner, negated=True)


def _each(text: str, depth: int) -> Group | None:
    """`order.items.exists(item, item.price > 3)`: a group about the items of a list."""
    match = _EACH.match(text)
    if match is None or match.group(1) or not _closes_at_end(text, text.index("(", match.start(3))):
        return None
    inside = _condition(text[match.end() : -1], depth)
    hows: dict[str, How] = {macro: how for how, macro in HOWS.items()}
    plain = isinstance(inside, Group) and not inside.negated and not inside.each
    group = inside if isinstance(inside, Group) and plain else Group("all", (inside,))
    return replace(group, each=match.group(2), how=hows[match.group(3)], name=match.group(4))


def _masked(text: str) -> str:
    """The text with what stands in quotes blanked, so that signs in it do not count."""
    return _QUOTED.sub(lambda match: "_" * len(match.group()), text)


def _split(text: str, sign: str) -> list[str]:
    """The parts between a sign that stands in no bracket."""
    masked, parts, depth, begin, index = _masked(text), [], 0, 0, 0
    out: list[str] = parts
    while index < len(masked):
        char = masked[index]
        depth += (char in "([{") - (char in ")]}")
        if depth == 0 and masked.startswith(sign, index):
            out.append(text[begin:index])
            begin = index = index + len(sign)
            continue
        index += 1
    return [*out, text[begin:]]


def _closes_at_end(text: str, start: int) -> bool:
    """Whether the parenthesis that opens here is closed by the last character."""
    depth = 0
    for index, char in enumerate(_masked(text)):
        if index < start:
            continue
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            return index == len(text) - 1
    return False


# --- a row -------------------------------------------------------------------------------------------


def _row(text: str) -> Row:
    tree = read_tree(text)
    if tree is None:
        raise _Unreadable(_not_a_row(text))
    field = _field(tree)
    if field:
        return Row(field, "true")
    for form in _FORMS:
        found = form(tree)
        if found is not None:
            return found
    raise _Unreadable(_not_a_row(text))


def _not_a_row(text: str) -> str:
    part = text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004 - a line of a panel
    return tr("“{part}” says more than a row can show.", part=part)


def _field(tree: Tree) -> str:
    """A variable or a field of one, `order.items[0].sku`; "" for anything else."""
    if isinstance(tree, Name):
        return tree.id
    if isinstance(tree, Select) and not tree.soft:
        of = _field(tree.of)
        return f"{of}.{tree.field}" if of else ""
    if isinstance(tree, Index) and not tree.soft and isinstance(tree.by, Literal):
        of = _field(tree.of)
        return f"{of}[{tree.by.text}]" if of and tree.by.text.isdigit() else ""
    return ""


def _value(tree: Tree) -> Value | None:
    if isinstance(tree, Literal):
        return _fixed(tree)
    if isinstance(tree, Call) and tree.of is None and len(tree.parts) == 1:
        return _time(tree)
    field = _field(tree)
    return Value(field, "variable") if field else None


def _fixed(tree: Literal) -> Value | None:
    if tree.kind == "bool":
        return Value("yes" if tree.text == "true" else "no", "yes/no")
    if tree.kind in {"int", "double"} and NUMBER.fullmatch(tree.text):
        return Value(tree.text, "number")
    words = tree.words if not tree.text.startswith(("r", "R")) else None
    return Value(words, "text") if words is not None else None


def _time(tree: Call) -> Value | None:
    inner = tree.parts[0]
    words = inner.words if isinstance(inner, Literal) else None
    if words is None:
        return None
    if tree.function == "timestamp":
        return Value(words, "moment")
    ours = our_duration(words) if tree.function == "duration" else None
    return None if ours is None else Value(ours, "duration")


def _compared(tree: Tree) -> Row | None:
    if not isinstance(tree, Operation) or tree.sign not in COMPARISONS:
        return None
    left, right = tree.parts
    time = _compared_time(left, tree.sign, right) or _counted(left, tree.sign, right)
    if time is not None:
        return time
    field, value = _field(left), _value(right)
    if field and value is not None:
        if value == Value("", "text") and tree.sign in {"==", "!="}:
            return Row(field, "empty" if tree.sign == "==" else "!empty")
        return Row(field, tree.sign, value) if value.kind in OPERATORS[tree.sign].kinds else None
    other, turned = _field(right), _value(left)
    if other and turned is not None and turned.kind in {"text", "number", "yes/no"}:
        return Row(other, _FLIPPED[tree.sign], turned)
    return None


def _counted(left: Tree, sign: str, right: Tree) -> Row | None:
    """`size(list) > 3` and `list.size() > 3`."""
    if not isinstance(left, Call) or left.function != "size":
        return None
    inner = left.of if left.of is not None else (left.parts[0] if len(left.parts) == 1 else None)
    field, value = ("" if inner is None else _field(inner)), _value(right)
    if not field or value is None or value.kind not in {"number", "variable"} or sign == "!=":
        return None
    short = {("==", "0"): "none", (">", "0"): "some"}.get((sign, value.text))
    return Row(field, short) if short else Row(field, f"size{sign}", value)


def _compared_time(left: Tree, sign: str, right: Tree) -> Row | None:
    """`timestamp(a) < timestamp("…")` and `now - timestamp(a) > duration("…")`."""
    value = _value(right)
    field = _moment(left)
    if field and sign in {"<", ">"} and value is not None and value.kind in {"moment", "variable"}:
        return Row(field, "before" if sign == "<" else "after", value)
    if not isinstance(left, Operation) or left.sign != "-" or value is None:
        return None
    begin, ago = left.parts
    field = _moment(ago)
    if isinstance(begin, Name) and begin.id == "now" and field and value.kind == "duration":
        return {"<": Row(field, "younger", value), ">": Row(field, "older", value)}.get(sign)
    return None


def _moment(tree: Tree) -> str:
    """The field in `timestamp(field)`, or `now`."""
    if isinstance(tree, Name) and tree.id == "now":
        return "now"
    if isinstance(tree, Call) and tree.function == "timestamp" and len(tree.parts) == 1:
        return _field(tree.parts[0])
    return ""


def _within(tree: Tree) -> Row | None:
    if not isinstance(tree, Operation) or tree.sign != "in":
        return None
    left, right = tree.parts
    field, holder = _field(left), _field(right)
    if field and isinstance(right, Made) and right.kind == "list" and not any(right.soft):
        return Row(field, "in", _list(right))
    if field and holder:
        return Row(field, "in", Value(holder, "variable"))
    value = _fixed(left) if isinstance(left, Literal) else None
    return Row(holder, "holds", value) if holder and value is not None else None


def _list(tree: Made) -> Value:
    parts: list[str] = []
    for part in tree.parts:
        value = _fixed(part) if isinstance(part, Literal) else None
        if value is None or "," in value.text or _ambiguous(value):
            raise _Unreadable(tr("Its list has items that a row cannot show."))
        words = {"yes": "true", "no": "false"}
        parts.append(words[value.text] if value.kind == "yes/no" else value.text)
    return Value(", ".join(parts), "list")


def _ambiguous(value: Value) -> bool:
    """A text in a list that the row would write back as a number or with other spaces."""
    return value.kind == "text" and (
        not value.text or literal(value.text) == value.text or value.text != value.text.strip()
    )


def _called(tree: Tree) -> Row | None:
    if not isinstance(tree, Call) or len(tree.parts) != 1:
        return None
    if tree.function == "has" and tree.of is None:
        field = _field(tree.parts[0])
        return Row(field, "has") if field and "[" not in field else None
    field = _field(tree.of) if tree.of is not None else ""
    value = _value(tree.parts[0])
    if not field or value is None or tree.function not in METHODS:
        return None
    return Row(field, tree.function, value) if value.kind in {"text", "variable"} else None


_FORMS: tuple[Callable[[Tree], Row | None], ...] = (_compared, _within, _called)
