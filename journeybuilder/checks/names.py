"""What: expressions can be read and every name in them has a value somewhere.

Why: a misspelled variable fails only when a customer comes along that path.
Example: `when: ordr.total < 200` where the variable is `order`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from journeybuilder.checks.context import Context
from journeybuilder.contract.expressions import ExpressionError, compile_expression, slots
from journeybuilder.contract.json import as_object
from journeybuilder.contract.schemas import BadSchema, check_schema
from journeybuilder.contract.texts import variants
from journeybuilder.document.findings import Path, Problem, Rule, choices, near
from journeybuilder.document.model import Journey

UNREADABLE = Rule(
    "JB401",
    "error",
    "an expression that cannot be read",
    "Conditions and `${…}` are written in CEL; this one is not.",
    "Mend it as the message says; the condition builder of the editor writes correct ones.",
    "cases: [{when: order.total = 3, next: done}]",
)
UNKNOWN_NAME = Rule(
    "JB402",
    "error",
    "a variable that nothing sets",
    "The run would fail at this place.",
    "Correct the name, or save the value in a node before.",
    "cases: [{when: ordr.total > 3, next: done}]",
)
BAD_SCHEMA = Rule(
    "JB403",
    "error",
    "a text that is no JSON Schema",
    "Values could not be checked against it.",
    "Mend it at the place that the message names.",
    "expect: {type: strng}",
)
TAKEN_NAME = Rule(
    "JB404",
    "error",
    "a variable with a name that is taken",
    "No expression could read it: the word means something else.",
    "Choose another name.",
    "ask_it: {kind: ask, text: Hi, save: now, next: done}",
)
RULES: Sequence[Rule] = (UNREADABLE, UNKNOWN_NAME, BAD_SCHEMA, TAKEN_NAME)

ALWAYS = ("input", "customer", "session", "error", "now")
"""Names that every expression may use."""


def variables(context: Context) -> dict[str, list[str]]:
    """Every variable of the journey with the nodes that set it; declared ones have no node."""
    out: dict[str, list[str]] = {name: [] for name in context.journey.variables}
    for node, use in context.uses:
        if use.mark.role == "save" and isinstance(use.value, str):
            out.setdefault(use.value, []).append(node.id)
    for node, name, _ in _set(context):
        out.setdefault(name, []).append(node)
    return out


def _set(context: Context) -> Iterator[tuple[str, str, Path]]:
    """Every variable that a `set` node sets, with the node and the place."""
    for node in context.journey.nodes.values():
        if node.kind == "set":
            for name in as_object(node.settings.get("values")):
                yield node.id, name, ("nodes", node.id, "values", name)


def check(context: Context) -> Iterable[Problem]:
    """Check every expression, template and schema of the journey."""
    names = {*ALWAYS, *variables(context)}
    yield from _declared(context.journey)
    yield from _taken(context)
    for node, use in context.uses:
        path: Path = ("nodes", node.id, *use.path)
        if use.value is None:
            continue
        if use.mark.role == "schema":
            yield from _schema(path, use.value)
        for place, text, column in _expressions(use.mark.role, use.value):
            yield from _expression((*path, *place), text, column, names, context.journey)


def _declared(journey: Journey) -> Iterator[Problem]:
    """The schemas at the top of the journey."""
    yield from _schema(("input",), journey.input)
    yield from _schema(("output",), journey.output)
    for name, schema in journey.variables.items():
        yield from _schema(("variables", name), schema)


def _taken(context: Context) -> Iterator[Problem]:
    places: list[tuple[str, Path]] = [
        (name, ("variables", name)) for name in context.journey.variables
    ]
    places += [
        (use.value, ("nodes", node.id, *use.path))
        for node, use in context.uses
        if use.mark.role == "save" and isinstance(use.value, str)
    ]
    places += [(name, path) for _, name, path in _set(context)]
    for name, path in places:
        if name in ALWAYS or (NAME.fullmatch(name) and not _readable(name)):
            message = f"'{name}' cannot be a variable: the word has a meaning of its own"
            yield Problem(TAKEN_NAME, path, message, TAKEN_NAME.mend)


NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _readable(name: str) -> bool:
    """Whether an expression that is just this name reads a variable."""
    try:
        return name in compile_expression(name).names
    except ExpressionError:
        return False


def _schema(path: Path, value: Any) -> Iterator[Problem]:
    try:
        check_schema(as_object(value))
    except BadSchema as error:
        yield Problem(BAD_SCHEMA, path, f"this is no JSON Schema: {error}", BAD_SCHEMA.mend)


def _expressions(role: str, value: Any) -> Iterator[tuple[Path, str, int]]:
    """Expressions in a marked value: path, text, and how far into the text it begins."""
    if role == "expression" and isinstance(value, str):
        yield (), value, 0
    elif role in {"template", "arguments"}:
        yield from _slots(value)
    elif role == "text":
        for place, words in variants(value):
            for _, text, column in _slots(words):
                yield place, text, column


def _slots(value: Any) -> Iterator[tuple[Path, str, int]]:
    try:
        for place, slot in slots(value):
            yield place, slot.expression, slot.start
    except ExpressionError as error:
        yield (), "${" + error.message, -1


def _expression(
    path: Path, text: str, column: int, names: set[str], journey: Journey
) -> Iterator[Problem]:
    if column < 0:
        yield Problem(UNREADABLE, path, text.removeprefix("${"), "Close it with '}'.")
        return
    try:
        expression = compile_expression(text)
    except ExpressionError as error:
        place = f" (character {error.column})" if error.column else ""
        shown = f"in '{text}'{place}: " if text.strip() else ""
        yield Problem(UNREADABLE, path, f"{shown}{error.message}")
        return
    for name in sorted(expression.names - names):
        hint = _input_hint(name, journey) or near(name, names) or f"Known are {choices(names)}."
        yield Problem(UNKNOWN_NAME, path, f"'{name}' is set nowhere in this journey", hint)


def _input_hint(name: str, journey: Journey) -> str:
    fields = as_object(journey.input.get("properties"))
    return f"Did you mean 'input.{name}'?" if name in fields else ""
