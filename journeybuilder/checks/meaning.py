"""What: what stands in an expression goes together: fields exist, types fit, conditions are conditions.

Why: an expression that is misspelled fails only when a customer comes along.
Example: `order.totl < 200` where the tool gives `total`.
"""

from collections.abc import Iterable, Iterator, Sequence

from journeybuilder.checks.context import Context
from journeybuilder.checks.journeys import takes
from journeybuilder.checks.typed import Site
from journeybuilder.checks.wording import cut, place_words
from journeybuilder.contract.cel_reading import Clash, Reading
from journeybuilder.contract.cel_types import fits
from journeybuilder.contract.json import as_object
from journeybuilder.document.findings import Path, Problem, Rule

_INPUT = """\
input:
  properties:
    order:
      properties: {total: {type: number}, status: {enum: [open, sent]}, lines: {type: array}}
start: pick
nodes:
"""
_PICK = (
    _INPUT
    + "  pick: {kind: branch, cases: [{when: %s, next: done}], otherwise: done}\n  done: {kind: end}"
)
NO_FIELD = Rule(
    "JB409",
    "error",
    "a field that is not there",
    "The run would fail at this place.",
    "Correct the name; what a tool gives is shown by 'jb tools SERVER --schema'.",
    _PICK % "input.order.totl > 3",
)
WRONG_TYPE = Rule(
    "JB410",
    "error",
    "values that do not go together",
    "A text cannot be reckoned with, and a list is no text: the run would fail at this place.",
    "Convert the value, for example with string(x), int(x) or double(x), or take another one.",
    _PICK % "input.order.total + 'x' == '3x'",
)
NO_CONDITION = Rule(
    "JB411",
    "error",
    "an expression of the wrong kind for its place",
    "A condition has to be true or false, and a loop needs a list.",
    "Compare with something: order.total > 0, size(order.lines) > 0, order.note != ''.",
    _PICK % "input.order.total",
)
NEVER = Rule(
    "JB412",
    "warning",
    "a comparison with a value that never comes",
    "The condition never holds, or always.",
    "Write one of the values that the schema allows.",
    _PICK % "input.order.status == 'snt'",
)
WHOLE = Rule(
    "JB413",
    "warning",
    "a division that drops the decimals at times",
    "7 / 2 is 3 in CEL, and 7.0 / 2 is 3.5. A number that is whole at one time and decimal at another "
    "is divided now the one way, now the other.",
    "Write 2.0 for 2.",
    _PICK % "input.order.total / 2 > 3",
)
AS_TEXT = Rule(
    "JB414",
    "warning",
    "a list or an object in the customer's words",
    "The customer would read it with brackets, braces and quotes.",
    "Take one value out of it, or join a list of texts: order.names.join(', ').",
    _INPUT
    + "  pick: {kind: say, text: 'You have ${input.order.lines}', next: done}\n  done: {kind: end}",
)
NOT_DECLARED = Rule(
    "JB416",
    "warning",
    "a variable gets a value of another type than is declared for it",
    "Expressions are checked against the type below 'variables:', so their mistakes are not seen.",
    "Correct the declaration, or take it out: the types of tools and questions are known without.",
    "variables: {days: {type: integer}}\nstart: ask_it\nnodes:\n"
    "  ask_it: {kind: ask, text: How many days?, save: days, next: done}\n  done: {kind: end}",
)
RULES: Sequence[Rule] = (NO_FIELD, WRONG_TYPE, NO_CONDITION, NEVER, WHOLE, AS_TEXT, NOT_DECLARED)
_BY_KIND = {"field": NO_FIELD, "type": WRONG_TYPE, "never": NEVER, "whole": WHOLE}
_WANTED = {
    "when": ("bool", "true nor false"),
    "passed": ("bool", "true nor false"),
    "each": ("list", ""),
}


def check(context: Context) -> Iterable[Problem]:
    """Check every expression whose variables have types."""
    typed = context.typed
    for site, known in typed.readings:
        if known is not None:
            yield from _site(site, known)
    if context.journey.variables:
        yield from _declared(context)


def _declared(context: Context) -> Iterator[Problem]:
    """Saved values that cannot be of the type that is declared for their variable."""
    typed = context.typed
    for node, use in context.having("save", "values"):
        path: Path = ("nodes", node.id, *use.path)
        places: dict[str, Path] = {}
        if use.mark.role == "save" and isinstance(use.value, str):
            places[use.value] = path
        elif use.mark.role == "values":
            places = {name: (*path, name) for name in as_object(use.value)}
        for name in places:
            if name not in context.journey.variables or name not in typed.saved_by(node):
                continue
            wanted, given = typed[name], typed.saved_type(node, name)
            if not fits(given, wanted):
                message = f"'{name}' is declared otherwise: it {takes(wanted, given)}"
                yield Problem(NOT_DECLARED, places[name], message, NOT_DECLARED.mend)


def _site(site: Site, known: Reading) -> Iterator[Problem]:
    path: Path = ("nodes", site.node.id, *site.path)
    told: set[str] = set()
    for clash in known.clashes:
        if clash.kind in _BY_KIND and clash.message not in told:
            told.add(clash.message)
            rule = _BY_KIND[clash.kind]
            yield Problem(rule, path, _said(site, clash), clash.hint or rule.mend)
    if told:
        return
    key = str(site.path[-1])
    if site.use.mark.role == "expression" and key in _WANTED:
        wanted, _ = _WANTED[key]
        if known.type.kind not in {wanted, "dynamic", "optional"}:
            yield Problem(NO_CONDITION, path, _not_that(site, known, wanted), NO_CONDITION.mend)
    if site.use.mark.role == "text" and known.type.kind in {"list", "object"}:
        message = f"'{cut(site.text)}' is {known.type.words}, and stands in words to the customer"
        yield Problem(AS_TEXT, path, message, AS_TEXT.mend)


def _said(site: Site, clash: Clash) -> str:
    return f"in '{cut(site.text, clash.column)}' (character {clash.column}): {clash.message}"


def _not_that(site: Site, known: Reading, wanted: str) -> str:
    field = place_words(site.use.path)
    if wanted == "list":
        return f"{field} has to be a list; '{cut(site.text)}' is {known.type.words}"
    return f"{field} has to be true or false; '{cut(site.text)}' is {known.type.words}"
