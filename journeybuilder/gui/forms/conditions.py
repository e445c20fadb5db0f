"""Conditions as rows of field, operator and value, in groups; written as CEL. Knows no Qt.

`condition_reading` reads them back.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from journeybuilder.contract.durations import seconds, words
from journeybuilder.gui.look.language import noop, tr

ValueKind = Literal["text", "number", "yes/no", "variable", "list", "moment", "duration", "none"]
Join = Literal["all", "any"]
How = Literal["any", "all", "one"]


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare.

    Attributes:
        id: CEL's sign or our word for it.
        words: As a person reads it between field and value.
        kinds: What may stand on its right; empty where nothing does.
        on: The kinds of types that it is offered for; empty for all.
        opposite: The operator that holds where this does not, or "".
    """

    id: str
    words: str
    kinds: tuple[ValueKind, ...] = ()
    on: frozenset[str] = frozenset()
    opposite: str = ""


def _on(kinds: str) -> frozenset[str]:
    return frozenset(kinds.split())


_ANY: tuple[ValueKind, ...] = ("text", "number", "yes/no", "variable")
_ORDER: tuple[ValueKind, ...] = ("number", "text", "variable")
_WORDS: tuple[ValueKind, ...] = ("text", "variable")
_COUNT: tuple[ValueKind, ...] = ("number", "variable")
_ITEM: tuple[ValueKind, ...] = ("text", "number", "yes/no")
_WHEN: tuple[ValueKind, ...] = ("moment", "variable")
_PLAIN = _on("text int double number")
_LIST, _TEXT, _TIME = _on("list"), _on("text"), _on("text moment")
_NUMBER = _on("int double number text duration")
OPERATORS: Mapping[str, Operator] = {
    one.id: one
    for one in (
        Operator("==", noop("is"), _ANY, _on("text int double number bool"), "!="),
        Operator("!=", noop("is not"), _ANY, _on("text int double number bool"), "=="),
        Operator(">", noop("is more than"), _ORDER, _NUMBER),
        Operator(">=", noop("is at least"), _ORDER, _NUMBER),
        Operator("<", noop("is less than"), _ORDER, _NUMBER),
        Operator("<=", noop("is at most"), _ORDER, _NUMBER),
        Operator("contains", noop("contains"), _WORDS, _TEXT, "!contains"),
        Operator("!contains", noop("does not contain"), _WORDS, _TEXT, "contains"),
        Operator("startsWith", noop("starts with"), _WORDS, _TEXT, "!startsWith"),
        Operator("!startsWith", noop("does not start with"), _WORDS, _TEXT, "startsWith"),
        Operator("endsWith", noop("ends with"), _WORDS, _TEXT, "!endsWith"),
        Operator("!endsWith", noop("does not end with"), _WORDS, _TEXT, "endsWith"),
        Operator("matches", noop("matches pattern"), _WORDS, _TEXT, "!matches"),
        Operator("!matches", noop("does not match pattern"), _WORDS, _TEXT, "matches"),
        Operator("in", noop("is one of"), ("list", "variable"), _PLAIN, "!in"),
        Operator("!in", noop("is not one of"), ("list", "variable"), _PLAIN, "in"),
        Operator("empty", noop("is empty"), (), _TEXT, "!empty"),
        Operator("!empty", noop("is not empty"), (), _TEXT, "empty"),
        Operator("true", noop("is yes"), (), _on("bool"), "false"),
        Operator("false", noop("is no"), (), _on("bool"), "true"),
        Operator("before", noop("is before"), _WHEN, _TIME),
        Operator("after", noop("is after"), _WHEN, _TIME),
        Operator("older", noop("is longer ago than"), ("duration",), _TIME),
        Operator("younger", noop("is not as long ago as"), ("duration",), _TIME),
        Operator("holds", noop("contains"), _ITEM, _LIST, "!holds"),
        Operator("!holds", noop("does not contain"), _ITEM, _LIST, "holds"),
        Operator("none", noop("has no items"), (), _LIST, "some"),
        Operator("some", noop("has items"), (), _LIST, "none"),
        Operator("size==", noop("has exactly so many items"), _COUNT, _LIST),
        Operator("size>", noop("has more items than"), _COUNT, _LIST),
        Operator("size>=", noop("has at least so many items"), _COUNT, _LIST),
        Operator("size<", noop("has fewer items than"), _COUNT, _LIST),
        Operator("size<=", noop("has at most so many items"), _COUNT, _LIST),
        Operator("has", noop("is known"), (), opposite="!has"),
        Operator("!has", noop("is not known"), (), opposite="has"),
    )
}
METHODS = ("contains", "startsWith", "endsWith", "matches")
COMPARISONS = ("==", "!=", ">", ">=", "<", "<=")
HOWS: Mapping[How, str] = {"any": "exists", "all": "all", "one": "exists_one"}
"""How often something must hold in a list, and CEL's macro for it."""
HOW_WORDS: Mapping[tuple[How, bool], str] = {
    ("any", False): noop("holds for any item of"),
    ("all", False): noop("holds for every item of"),
    ("one", False): noop("holds for exactly one item of"),
    ("any", True): noop("holds for no item of"),
    ("all", True): noop("does not hold for every item of"),
    ("one", True): noop("does not hold for exactly one item of"),
}
"""The same for people, and the other way round."""
ITEM = "item"


def operators_for(kind: str) -> list[Operator]:
    """The operators that make sense for a kind of type; all of them where it is not known."""
    unknown = not any(kind in one.on for one in OPERATORS.values())
    return [one for one in OPERATORS.values() if unknown or not one.on or kind in one.on]


@dataclass(frozen=True, slots=True)
class Value:
    """The right side of a row: what the person typed and how it is meant."""

    text: str = ""
    kind: ValueKind = "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison."""

    field: str
    operator: str
    value: Value = Value()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows and inner groups of which all or any must hold.

    Attributes:
        negated: Whether it is meant the other way round.
        each: The list whose items it is about, or "": then it holds as often as `how` says.
        name: What an item of that list is called inside.
    """

    join: Join
    parts: tuple["Row | Group", ...]
    negated: bool = False
    each: str = ""
    how: How = "any"
    name: str = ITEM


# --- writing ---------------------------------------------------------------------------------------


def write(condition: Group | Row) -> str:
    """The condition as CEL; a group without rows is `true`."""
    if isinstance(condition, Row):
        return _write_row(condition)
    inside = _write_parts(condition)
    if condition.each:
        macro = HOWS[condition.how]
        inside = f"{condition.each.strip()}.{macro}({condition.name}, {inside})"
        return f"!{inside}" if condition.negated else inside
    return f"!({inside})" if condition.negated else inside


def _write_parts(group: Group) -> str:
    sign = " && " if group.join == "all" else " || "
    alone = len(group.parts) == 1
    return sign.join(_wrapped(part, alone=alone) for part in group.parts) or "true"


def _wrapped(part: Row | Group, *, alone: bool) -> str:
    bare = isinstance(part, Row) or part.negated or part.each or len(part.parts) < 2  # noqa: PLR2004
    return write(part) if bare or alone else f"({write(part)})"


def _write_row(row: Row) -> str:
    field = row.field.strip()
    simple: dict[str, str] = {
        "true": field,
        "false": f"!{field}",
        "has": f"has({field})",
        "!has": f"!has({field})",
        "empty": f'{field} == ""',
        "!empty": f'{field} != ""',
        "none": f"size({field}) == 0",
        "some": f"size({field}) > 0",
    }
    if row.operator in simple:
        return simple[row.operator]
    return _write_compared(field, row.operator, row.value)


def _write_compared(field: str, operator: str, given: Value) -> str:
    value = write_value(given)
    plain, negated = operator.removeprefix("!"), operator.startswith("!") and operator != "!="
    no = "!" if negated else ""
    if plain in METHODS:
        return f"{no}{field}.{plain}({value})"
    if plain == "in":
        return f"!({field} in {value})" if negated else f"{field} in {value}"
    if plain == "holds":
        return f"!({value} in {field})" if negated else f"{value} in {field}"
    if plain.startswith("size"):
        return f"size({field}) {plain.removeprefix('size')} {value}"
    if plain in {"before", "after"}:
        return f"{_moment(field)} {'<' if plain == 'before' else '>'} {value}"
    if plain in {"older", "younger"}:
        return f"now - {_moment(field)} {'>' if plain == 'older' else '<'} {value}"
    return f"{field} {operator} {value}"


def _moment(field: str) -> str:
    return field if field == "now" else f"timestamp({field})"


def write_value(value: Value) -> str:
    """The right side as CEL."""
    text = value.text.strip()
    match value.kind:
        case "number" | "variable":
            return text
        case "yes/no":
            return "true" if text.casefold() in {"yes", "true"} else "false"
        case "list":
            parts = [part.strip() for part in text.split(",") if part.strip()]
            return "[" + ", ".join(literal(part) for part in parts) + "]"
        case "moment":
            return f"timestamp({quoted(text)})"
        case "duration":
            return f"duration({quoted(cel_duration(text))})"
        case _:
            return quoted(value.text)


def cel_duration(text: str) -> str:
    """A duration of ours (`30d`) as CEL takes it (`720h`); what is none stays as it is."""
    try:
        length = seconds(text)
    except ValueError:
        return text
    for unit, size in (("h", 3600), ("m", 60), ("s", 1)):
        if length and length % size == 0:
            return f"{int(length // size)}{unit}"
    return f"{length:g}s"


def our_duration(text: str) -> str | None:
    """The inverse of `cel_duration`, None where it would be written otherwise."""
    try:
        found = words(seconds(text))
    except ValueError:
        return None
    return found if found and seconds(found) == seconds(text) else None


def literal(text: str) -> str:
    """A part of a typed list as CEL."""
    return text if NUMBER.fullmatch(text) or text in {"true", "false"} else quoted(text)


def quoted(text: str) -> str:
    """A text as a CEL string."""
    return json.dumps(text, ensure_ascii=False)


NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def guess(text: str, names: Sequence[str] = ()) -> ValueKind:
    """How a typed value is probably meant."""
    plain = text.strip()
    if NUMBER.fullmatch(plain):
        return "number"
    if plain.casefold() in {"yes", "no", "true", "false"}:
        return "yes/no"
    return "variable" if plain in names else "text"


# --- one form for what means the same ----------------------------------------------------------------


def normal(group: Group) -> Group:
    """The form in which a condition is read back: no group around a single part, one way to say it."""
    parts = tuple(_normal_part(part) for part in group.parts)
    group = replace(group, parts=parts)
    if len(parts) == 1 and isinstance(parts[0], Group):
        return _around(group, parts[0])
    if len(parts) == 1 and not group.each and group.negated and isinstance(parts[0], Row):
        opposite = OPERATORS[parts[0].operator].opposite
        if opposite:
            return Group("all", (replace(parts[0], operator=opposite),))
    return replace(group, join="all") if len(parts) == 1 else group


def _around(group: Group, inner: Group) -> Group:
    """A group that has only another one in it."""
    if not group.each and not group.negated:
        return inner
    if not group.each and not inner.negated:
        return replace(inner, negated=True)
    if group.each and not inner.each and not inner.negated:
        return replace(group, join=inner.join, parts=inner.parts)
    return replace(group, join="all")


def _normal_part(part: Row | Group) -> Row | Group:
    if isinstance(part, Row):
        return _normal_row(part)
    found = normal(part)
    lone = len(found.parts) == 1 and not found.negated and not found.each
    return found.parts[0] if lone else found


def _normal_row(row: Row) -> Row:
    if row.operator in {"==", "!="} and row.value == Value("", "text"):
        return Row(row.field, "empty" if row.operator == "==" else "!empty")
    sizes = {("size==", "0"): "none", ("size>", "0"): "some"}
    known = sizes.get((row.operator, row.value.text))
    return Row(row.field, known) if known and row.value.kind == "number" else row


# --- for people --------------------------------------------------------------------------------------

_SIGNS = {"==": "=", "!=": "\u2260", ">=": "\u2265", "<=": "\u2264", ">": ">", "<": "<"}


def say_group(group: Group) -> str:
    """A condition as short words: `total \u2264 200 and status is one of sent, paid`."""
    said = [_say(part) for part in group.parts]
    inside = (tr(" and ") if group.join == "all" else tr(" or ")).join(said)
    if group.each:
        return f"{tr(HOW_WORDS[group.how, group.negated])} {group.each}: {inside}"
    return tr("not ({condition})", condition=inside) if group.negated else inside


def _say(part: Row | Group) -> str:
    if isinstance(part, Group):
        return f"({say_group(part)})"
    sign = _SIGNS.get(part.operator, tr(OPERATORS[part.operator].words))
    return f"{part.field} {sign} {part.value.text}".strip()
