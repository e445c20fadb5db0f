"""What: expressions can be read and every name in them has a value somewhere.

Why: a misspelled variable fails only when a customer comes along that path.
Example: `when: ordr.total < 200` where the variable is `order`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from journeybuilder.checks.context import Context
from journeybuilder.checks.wording import as_name, cut, place_words
from journeybuilder.contract.expressions import (
    ExpressionError,
    compile_expression,
    slots,
    split_template,
)
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
    'Conditions look like order.total > 3 && reason == "late"; values in texts like ${order.total}.',
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
    'Write for example {type: string, pattern: "^O-"} or {type: integer, minimum: 1}.',
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


def _badly_named(context: Context) -> set[str]:
    """What is saved under a name that cannot be one; that is a finding, and its uses are none."""
    saved = {str(use.value) for _, use in context.uses if use.mark.role == "save" and use.value}
    saved.update(name for _, name, _ in _set(context))
    return {name for name in saved if not NAME.fullmatch(name) or not _readable(name)}


def _set(context: Context) -> Iterator[tuple[str, str, Path]]:
    """Every variable that a `set` node sets, with the node and the place.

    Of a node whose kind is not known, what looks like it: the kind is what is wrong there.
    """
    for node in context.journey.nodes.values():
        strange = node.id not in context.kinds
        if node.kind == "set" or strange:
            for name in as_object(node.settings.get("values")):
                yield node.id, name, ("nodes", node.id, "values", name)
        if strange and isinstance(node.settings.get("save"), str):
            yield node.id, node.settings["save"], ("nodes", node.id, "save")


@dataclass(frozen=True)
class _Scope:
    """The names that expressions may use.

    Attributes:
        bad: Names that cannot be one and are reported where they are given.
    """

    names: set[str]
    bad: set[str]
    journey: Journey

    def is_about_bad(self, text: str, name: str = "") -> bool:
        """Whether an expression, or a name in it, is meant to be one of the bad names."""
        return any(
            (bad in text and (not name or name in _WORD.findall(bad)))
            or (name and name == as_name(bad))
            for bad in self.bad
        )


def check(context: Context) -> Iterable[Problem]:
    """Check every expression, template and schema of the journey."""
    bad = _badly_named(context)
    scope = _Scope({*ALWAYS, *variables(context)} - bad, bad, context.journey)
    yield from _declared(context.journey)
    yield from _taken(context)
    for node, use in context.uses:
        path: Path = ("nodes", node.id, *use.path)
        if use.value is None:
            continue
        if use.mark.role == "schema":
            yield from _schema(path, use.value)
        told: set[tuple[Path, str]] = set()
        for place, text, column in _expressions(use.mark.role, use.value):
            for problem in _expression((*path, *place), text, column, scope):
                if (problem.path, problem.message) not in told:  # one text may use a name twice
                    told.add((problem.path, problem.message))
                    yield problem


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
_WORD = re.compile(r"[A-Za-z0-9_]+")


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


def _expression(path: Path, text: str, column: int, scope: _Scope) -> Iterator[Problem]:
    if column < 0:
        yield Problem(UNREADABLE, path, text.removeprefix("${"), "Close it with '}'.")
        return
    try:
        expression = compile_expression(text)
    except ExpressionError as error:
        if not scope.is_about_bad(text):
            yield _unreadable(path, text, error)
        return
    names = scope.names
    for name in sorted(expression.names - names):
        if scope.is_about_bad(text, name):
            continue
        hint = _input_hint(name, scope.journey) or near(name, names)
        message = f"'{name}' is set nowhere in this journey"
        yield Problem(UNKNOWN_NAME, path, message, hint or f"Known are {choices(names)}.")


def _unreadable(path: Path, text: str, error: ExpressionError) -> Problem:
    bare = _without_slots(text)
    if bare != text:
        message = f"{place_words(path[2:])} is an expression already and written without '${{ }}'"
        return Problem(UNREADABLE, path, message, f"Write {bare}")
    place = f" (character {error.column})" if error.column else ""
    said = f"in '{cut(text, error.column)}'{place}: " if text.strip() else ""
    return Problem(UNREADABLE, path, f"{said}{error.message}")


def _without_slots(text: str) -> str:
    """An expression with `${a}` in it as it is meant; the text itself where there is none."""
    try:
        parts = split_template(text)
    except ExpressionError:
        return text.replace("${", "")
    return (
        "".join(
            part if isinstance(part, str) else part.expression.strip() for part in parts
        ).strip()
        if any(not isinstance(part, str) for part in parts)
        else text
    )


def _input_hint(name: str, journey: Journey) -> str:
    fields = as_object(journey.input.get("properties"))
    return f"Did you mean 'input.{name}'?" if name in fields else ""
