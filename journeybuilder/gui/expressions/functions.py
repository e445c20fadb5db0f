"""The functions that expressions may call, each with one line for people and how it is written."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from journeybuilder.gui.look.language import noop


class Function(NamedTuple):
    """A function or method as completion offers it.

    Attributes:
        name: As it is written: `size`, `math.round`.
        signature: How a call looks; what stands in brackets need not be given.
        about: One line, in English; shown with `tr`.
        on: The kinds of types whose method it is; empty for a function.
        insert: What is inserted; `|` is where the cursor goes.
        gives: The kind of type of its value.
    """

    name: str
    signature: str
    about: str
    on: frozenset[str] = frozenset()
    insert: str = ""
    gives: str = ""


def _of(
    kinds: str, name: str, signature: str, about: str, gives: str, insert: str = ""
) -> Function:
    return Function(name, signature, about, frozenset(kinds.split()), insert, gives)


FUNCTIONS: Sequence[Function] = (
    Function("has", "has(order.note)", noop("Whether a variable or field is there."), gives="bool"),
    Function("size", "size(list)", noop("How many items or characters."), gives="int"),
    Function("int", "int(text)", noop("As a whole number."), gives="int"),
    Function("double", "double(text)", noop("As a decimal number."), gives="double"),
    Function("string", "string(value)", noop("As text."), gives="text"),
    Function("bool", "bool(text)", noop("The text true or false as yes or no."), gives="bool"),
    Function(
        "timestamp", 'timestamp("2026-01-31T08:00:00Z")', noop("A moment out of a text."),
        gives="moment",
    ),
    Function("duration", 'duration("24h")', noop("A length of time out of a text."), gives="duration"),
    Function("math.round", "math.round(number)", noop("The nearest whole number."), gives="double"),
    Function("math.ceil", "math.ceil(number)", noop("Rounded up."), gives="double"),
    Function("math.floor", "math.floor(number)", noop("Rounded down."), gives="double"),
    Function("math.abs", "math.abs(number)", noop("Without its sign."), gives="number"),
    Function("math.greatest", "math.greatest(a, b)", noop("The largest of several."), gives="number"),
    Function("math.least", "math.least(a, b)", noop("The smallest of several."), gives="number"),
)  # fmt: skip
"""Functions that stand alone."""

_EACH = "item"
METHODS: Sequence[Function] = (
    _of("text list object", "size", "size()", noop("How many items or characters."), "int", "size()|"),
    _of("text", "contains", 'contains("part")', noop("Whether a text has this in it."), "bool"),
    _of("text", "startsWith", 'startsWith("O-")', noop("Whether a text begins so."), "bool"),
    _of("text", "endsWith", 'endsWith(".pdf")', noop("Whether a text ends so."), "bool"),
    _of("text", "matches", 'matches("^O-[0-9]+$")', noop("Whether a pattern is found in it."), "bool"),
    _of("text", "lowerAscii", "lowerAscii()", noop("In small letters."), "text", "lowerAscii()|"),
    _of("text", "upperAscii", "upperAscii()", noop("In capital letters."), "text", "upperAscii()|"),
    _of("text", "trim", "trim()", noop("Without blanks at its ends."), "text", "trim()|"),
    _of("text", "replace", 'replace("old", "new")', noop("With something put for something."), "text"),
    _of("text", "split", 'split(",")', noop("Its parts between separators, as a list."), "list"),
    _of("text", "substring", "substring(0, 3)", noop("A part of it, counted from 0."), "text"),
    _of("text", "indexOf", 'indexOf("part")', noop("Where a part begins, -1 if nowhere."), "int"),
    _of("list", "join", 'join(", ")', noop("A list of texts as one text."), "text"),
    _of("list", "exists", f"exists({_EACH}, condition)", noop("Whether it holds for any item."),
        "bool", f"exists({_EACH}, |)"),
    _of("list", "all", f"all({_EACH}, condition)", noop("Whether it holds for every item."),
        "bool", f"all({_EACH}, |)"),
    _of("list", "exists_one", f"exists_one({_EACH}, condition)",
        noop("Whether it holds for exactly one item."), "bool", f"exists_one({_EACH}, |)"),
    _of("list", "filter", f"filter({_EACH}, condition)", noop("The items for which it holds."),
        "list", f"filter({_EACH}, |)"),
    _of("list", "map", f"map({_EACH}, value)", noop("A value made of each item."),
        "list", f"map({_EACH}, |)"),
    _of("moment", "getFullYear", 'getFullYear("Europe/Berlin")', noop("Its year."), "int",
        "getFullYear()|"),
    _of("moment", "getMonth", "getMonth()", noop("Its month, 0 is January."), "int", "getMonth()|"),
    _of("moment", "getDate", "getDate()", noop("Its day of the month, from 1."), "int", "getDate()|"),
    _of("moment", "getDayOfWeek", "getDayOfWeek()", noop("Its weekday, 0 is Sunday."), "int",
        "getDayOfWeek()|"),
    _of("moment duration", "getHours", "getHours()", noop("Its hours."), "int", "getHours()|"),
    _of("moment duration", "getMinutes", "getMinutes()", noop("Its minutes."), "int",
        "getMinutes()|"),
    _of("optional", "orValue", 'orValue("")', noop("It, or this where it is missing."), "dynamic"),
    _of("optional", "hasValue", "hasValue()", noop("Whether it is there."), "bool", "hasValue()|"),
)  # fmt: skip
"""What is called on a value, as `order.note.contains("x")`."""

OPERATORS: Mapping[str, Sequence[tuple[str, str]]] = {
    "text": (("==", noop("is")), ("!=", noop("is not")), ("in", noop("is one of"))),
    "number": (
        ("==", noop("is")), ("!=", noop("is not")), (">", noop("is more than")),
        (">=", noop("is at least")), ("<", noop("is less than")), ("<=", noop("is at most")),
    ),
    "bool": (("&&", noop("and")), ("||", noop("or")), ("==", noop("is"))),
    "moment": (("<", noop("is before")), (">", noop("is after"))),
    "duration": (("<", noop("is shorter than")), (">", noop("is longer than"))),
    "": (("==", noop("is")), ("!=", noop("is not")), ("&&", noop("and")), ("||", noop("or"))),
}  # fmt: skip
"""Operators behind a value, by the kind of its type."""
