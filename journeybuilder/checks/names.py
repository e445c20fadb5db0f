"""What: expressions can be read and every name in them has a value somewhere.

Why: a misspelled variable fails only when a customer comes along that path.
Example: `when: ordr.total < 200` where the variable is `order`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from journeybuilder.checks.context import Context
from journeybuilder.checks.typed import Site
from journeybuilder.checks.wording import as_name, cut, place_words
from journeybuilder.contract.cel_reading import Reading
from journeybuilder.contract.cel_syntax import read
from journeybuilder.contract.cel_tree import TYPES, Name
from journeybuilder.contract.expressions import (
    ExpressionError,
    compile_expression,
    split_template,
)
from journeybuilder.contract.json import as_object
from journeybuilder.contract.schemas import BadSchema, check_schema
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
ALIKE = Rule(
    "JB415",
    "warning",
    "two variables whose names differ by small and capital letters only",
    "They are two variables, and whoever reads the journey takes them for one.",
    "Give both the same name, or one of them another.",
    "one: {kind: ask, text: Which?, save: order_id, next: two}\n"
    "two: {kind: ask, text: Which?, save: Order_id, next: done}",
)
RULES: Sequence[Rule] = (UNREADABLE, UNKNOWN_NAME, BAD_SCHEMA, TAKEN_NAME, ALIKE)

ALWAYS = ("input", "customer", "session", "error", "now")
"""Names that every expression may use."""


def variables(context: Context) -> dict[str, list[str]]:
    """Every variable of the journey with the nodes that set it."""
    out = {name: [node.id for node in nodes] for name, nodes in context.typed.savers.items()}
    for node, name, _ in _strange(context):
        out.setdefault(name, []).append(node)
    return out


def _given(context: Context) -> Iterator[tuple[str, Path]]:
    """Every name that a node gives to a variable, with the place."""
    for node, use in context.having("save", "values"):
        path: Path = ("nodes", node.id, *use.path)
        if use.mark.role == "save" and isinstance(use.value, str) and use.value:
            yield use.value, path
        elif use.mark.role == "values":
            yield from ((name, (*path, name)) for name in as_object(use.value))
    yield from ((name, path) for _, name, path in _strange(context))


def _strange(context: Context) -> Iterator[tuple[str, str, Path]]:
    """What a node of unknown kind looks like setting: the kind is what is wrong there."""
    for node in context.journey.nodes.values():
        if node.id in context.kinds:
            continue
        for name in as_object(node.settings.get("values")):
            yield node.id, name, ("nodes", node.id, "values", name)
        if isinstance(node.settings.get("save"), str):
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
    given = list(_given(context))
    places: list[tuple[str, Path]] = [
        *((name, ("variables", name)) for name in context.journey.variables),
        *given,
    ]
    bad = {name for name, _ in given if not NAME.fullmatch(name) or not _readable(name)}
    scope = _Scope({*ALWAYS, *variables(context)} - bad, bad, context.journey)
    yield from _declared(context.journey)
    yield from _taken(places)
    yield from _alike(dict(reversed(places)), bad)
    for node, use in context.having("schema"):
        if use.value is not None:
            yield from _schema(("nodes", node.id, *use.path), use.value)
    told: set[tuple[Path, str]] = set()
    for site, known in context.typed.readings:
        if known is not None and known.sure and not known.clashes and known.reads <= scope.names:
            continue  # nearly all
        for problem in _expression(context, site, known, scope):
            if (problem.path, problem.message) not in told:  # one text may use a name twice
                told.add((problem.path, problem.message))
                yield problem


def _declared(journey: Journey) -> Iterator[Problem]:
    """The schemas at the top of the journey."""
    yield from _schema(("input",), journey.input)
    yield from _schema(("output",), journey.output)
    for name, schema in journey.variables.items():
        yield from _schema(("variables", name), schema)


def _taken(places: Iterable[tuple[str, Path]]) -> Iterator[Problem]:
    for name, path in places:
        if name in ALWAYS or (NAME.fullmatch(name) and not _readable(name)):
            message = f"'{name}' cannot be a variable: the word has a meaning of its own"
            yield Problem(TAKEN_NAME, path, message, TAKEN_NAME.mend)


def _alike(places: Mapping[str, Path], bad: set[str]) -> Iterator[Problem]:
    """Names that differ by small and capital letters only."""
    first: dict[str, str] = {}
    for name in reversed(list(places)):
        other = first.setdefault(name.casefold(), name)
        if other != name and not {other, name} & bad:
            message = (
                f"the variables '{other}' and '{name}' differ by small and capital letters only"
            )
            yield Problem(ALIKE, places[name], message, ALIKE.mend)


NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD = re.compile(r"[A-Za-z0-9_]+")


@cache
def _readable(name: str) -> bool:
    """Whether an expression that is just this name reads a variable."""
    tree = read(name)
    if isinstance(tree, Name) and name not in TYPES:
        return True
    try:
        return name in compile_expression(name).names
    except ExpressionError:
        return False


def _schema(path: Path, value: Any) -> Iterator[Problem]:
    try:
        check_schema(as_object(value))
    except BadSchema as error:
        yield Problem(BAD_SCHEMA, path, f"this is no JSON Schema: {error}", BAD_SCHEMA.mend)


def _expression(
    context: Context, site: Site, known: Reading | None, scope: _Scope
) -> Iterator[Problem]:
    path: Path = ("nodes", site.node.id, *site.path)
    if site.start < 0:
        yield Problem(UNREADABLE, path, site.text.removeprefix("${"), "Close it with '}'.")
        return
    if known is not None and known.sure and not known.clashes:
        read = known.reads  # the library has nothing against it: see `tests/contract`
    else:
        try:
            read = compile_expression(site.text).names
        except ExpressionError as error:
            told = known is not None and any(each.kind == "type" for each in known.clashes)
            if not told and not scope.is_about_bad(site.text):
                yield _unreadable(path, site.text, error)
            return
    if read <= scope.names:
        return
    names = {*scope.names, *context.typed.local_names(site)}
    for name in sorted(read - names):
        if scope.is_about_bad(site.text, name):
            continue
        if name in scope.journey.variables:
            message = f"'{name}' is declared, but no node sets it"
            yield Problem(UNKNOWN_NAME, path, message, f"Save it in a node before, as '{name}'.")
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
