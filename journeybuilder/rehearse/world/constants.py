"""What the expressions of a journey look at, and the constants that they compare it with.

A value made at random takes a branch `order.total < 200` now and then; 199, 200 and 201 take every side
of it. So every comparison is followed back to where its value comes from: a tool, the customer, the
input, a person, a model, an event or what is remembered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from journeybuilder.contract import cel_syntax as cel
from journeybuilder.contract.json import as_object
from journeybuilder.kinds import KINDS
from journeybuilder.plan.plan import Plan, PlannedJourney
from journeybuilder.rehearse.world.origins import (
    ITEM,
    Origin,
    Path,
    Spot,
    Tracer,
    constant_of,
    slot_texts,
)

_COMPARES = frozenset({"==", "!=", "<", "<=", ">", ">="})
_TRUTHS = frozenset({"&&", "||", "!_"})
_RECKONS = frozenset({"-", "*", "/", "-_"})
_TEXTS = frozenset({"startsWith", "endsWith", "contains", "matches"})
_NEAR = 0.01
MOMENTS = (
    "2026-01-05T08:00:00Z", "2026-01-04T08:00:00Z", "2026-01-06T08:00:00Z", "2025-12-29T08:00:00Z",
    "2025-12-06T08:00:00Z", "2025-12-05T07:59:59Z", "2025-01-05T08:00:00Z", "2027-01-05T08:00:00Z",
)  # fmt: skip
"""Moments around that at which a rehearsal begins: a day, a week, a month, a year."""


@dataclass(frozen=True)
class Same:
    """A wished value that is another place's value in the same run, moved by `by` where it is a number."""

    spot: Spot
    by: int = 0


@dataclass
class Hints:
    """What is looked at and compared, by origin and path.

    Attributes:
        wished: Values worth trying.
        seen: Paths that expressions read, compared or not.
        forms: JSON Schemas of what a value is used as, where nobody else says of what type it is.
    """

    wished: dict[Origin, dict[Path, list[Any]]] = field(
        default_factory=dict[Origin, dict[Path, list[Any]]]
    )
    seen: dict[Origin, set[Path]] = field(default_factory=dict[Origin, set[Path]])
    forms: dict[Spot, Mapping[str, Any]] = field(default_factory=dict[Spot, Mapping[str, Any]])

    def wish(self, spot: Spot, values: Sequence[Any]) -> None:
        """Remember values worth trying at a place."""
        self.look(spot)
        known = self.wished.setdefault(spot.origin, {}).setdefault(spot.path, [])
        known += [value for value in values if not _in(value, known)]

    def look(self, spot: Spot) -> None:
        """Remember that a place is read."""
        self.seen.setdefault(spot.origin, set()).add(spot.path)

    def at(self, origin: Origin, path: Path) -> Sequence[Any]:
        """The values worth trying at a place."""
        return self.wished.get(origin, {}).get(path, ())

    def below(self, origin: Origin, path: Path) -> list[str]:
        """The names that are read one step below a place, in the order of the alphabet."""
        deep = len(path)
        found = self.seen.get(origin, ())
        return sorted({each[deep] for each in found if len(each) > deep and each[:deep] == path})


def hints_of(plan: Plan) -> Hints:
    """What the expressions of a plan and of the journeys it calls look at."""
    hints = Hints()
    for journey in plan.journeys.values():
        tracer = Tracer(plan, journey)
        _expect_arguments(plan, tracer, journey, hints)
        for one in expressions(journey):
            tree = cel.read(one.text)
            if tree is not None:
                _Reading(tracer, one.node, hints).whole(tree, truth=one.truth)
    return hints


class Written(NamedTuple):
    """An expression as it stands in a node; `truth` says that it is a condition."""

    node: str
    text: str
    truth: bool


def expressions(journey: PlannedJourney) -> Iterator[Written]:
    """Every expression of a journey, conditions and slots of texts alike."""
    for name, node in journey.journey.nodes.items():
        kind = KINDS.get(node.kind)
        for use in kind.uses(node.settings) if kind else ():
            if use.mark.role == "expression" and isinstance(use.value, str):
                yield Written(name, use.value, use.path[-1] in {"when", "passed"})
            elif use.mark.role not in {"port", "save", "schema", "expression"}:
                yield from (Written(name, text, False) for text in slot_texts(use.value))


def _expect_arguments(plan: Plan, tracer: "Tracer", journey: PlannedJourney, hints: Hints) -> None:
    """What goes into a tool as it is, is of the form that the tool takes."""
    for name, node in journey.journey.nodes.items():
        kind = KINDS.get(node.kind)
        for use in kind.uses(node.settings) if kind else ():
            if use.mark.role == "arguments" and use.mark.of == "tool":
                tool = plan.tools.get(str(_at(node.settings, (*use.path[:-1], "tool"))))
                takes = tool.input_schema if tool is not None else None
                fields = as_object(as_object(takes).get("properties"))
                for argument, schema in fields.items():
                    template = as_object(use.value).get(argument)
                    for spot in tracer.behind(template, name):
                        hints.forms.setdefault(spot, as_object(schema))


def _at(settings: Any, path: Sequence[str | int]) -> Any:
    for part in path:
        settings = as_object(settings).get(str(part))
    return settings


# -- what is compared ------------------------------------------------------------------------


class _Reading:
    """Reads one expression of a node for comparisons."""

    def __init__(self, tracer: Tracer, node: str, hints: Hints) -> None:
        self._tracer = tracer
        self._node = node
        self._hints = hints

    def whole(self, tree: cel.Tree, *, truth: bool) -> None:
        """An expression with all of its parts."""
        if truth:
            self._truth(tree)
        self._part(tree)

    def _part(self, tree: cel.Tree) -> None:
        for one in self._tracer.sources(tree, self._node):
            self._hints.look(one.spot)
        if isinstance(tree, cel.Operation):
            self._operation(tree)
        elif isinstance(tree, cel.Call) and tree.function == "timestamp":
            for one in self._tracer.sources(tree, self._node):
                self._hints.forms.setdefault(one.spot, {"type": "string", "format": "date-time"})
                self._hints.wish(one.spot, MOMENTS)
        elif isinstance(tree, cel.Call) and tree.function in _TEXTS and tree.of is not None:
            self._form(tree.of, "string")
            wanted = constant_of(next(iter(tree.parts), None))
            if isinstance(wanted, str) and tree.function != "matches":
                self._wish(tree.of, [wanted, f"{wanted} and more"])
        for part in cel.below(tree):
            self._part(part)

    def _operation(self, tree: cel.Operation) -> None:
        if tree.sign in _COMPARES:
            self._compare(*tree.parts)
        elif tree.sign == "in":
            self._among(*tree.parts)
        elif tree.sign in _TRUTHS:
            for part in tree.parts:
                self._truth(part)
        elif tree.sign == "?:":
            self._truth(tree.parts[0])
        elif tree.sign in _RECKONS:
            for part in tree.parts:
                self._form(part, "number")

    def _truth(self, tree: cel.Tree) -> None:
        if isinstance(tree, cel.Name | cel.Select | cel.Index):
            self._form(tree, "boolean")
            self._wish(tree, [True, False])

    def _form(self, tree: cel.Tree, kind: str) -> None:
        """What a value is used as says of which type it is, where no schema does."""
        if not isinstance(tree, cel.Call):
            for one in self._tracer.sources(tree, self._node):
                self._hints.forms.setdefault(one.spot, {"type": kind})

    def _compare(self, left: cel.Tree, right: cel.Tree) -> None:
        for one, other in ((left, right), (right, left)):
            constant = constant_of(other)
            if constant is not None:
                self._form(one, kind_of(constant))
                self._wish(one, around(constant))
            elif _is_null(other):
                self._wish(one, [None])
            else:
                wished = [
                    Same(found.spot, by)
                    for found in self._tracer.sources(other, self._node)
                    for by in (0, -1, 1)
                ]
                self._wish(one, wished)

    def _among(self, left: cel.Tree, right: cel.Tree) -> None:
        if isinstance(right, cel.Made):
            values = [constant_of(part) for part in right.parts]
            self._wish(left, [value for value in values if value is not None])
        elif (wanted := constant_of(left)) is not None:
            for one in self._tracer.sources(right, self._node):
                self._hints.wish(one.below(ITEM).spot, [wanted])

    def _wish(self, tree: cel.Tree, values: Sequence[Any]) -> None:
        for one in self._tracer.sources(tree, self._node):
            self._hints.wish(one.spot, [_rounded(one.undo(value)) for value in values])


def _is_null(tree: cel.Tree) -> bool:
    return isinstance(tree, cel.Literal) and tree.text == "null"


def kind_of(constant: Any) -> str:
    """The JSON type of a literal."""
    if isinstance(constant, bool):
        return "boolean"
    return "string" if isinstance(constant, str) else "number"


def around(constant: Any) -> list[Any]:
    """A constant and what lies next to it on either side."""
    if isinstance(constant, bool):
        return [constant, not constant]
    if isinstance(constant, int):
        return [constant, constant - 1, constant + 1]
    if isinstance(constant, float):
        near = [constant, constant - _NEAR, constant + _NEAR, constant - 1, constant + 1]
        return [_rounded(each) for each in near]
    return [constant]


def _rounded(value: Any) -> Any:
    """A decimal without the dust of reckoning; whole ones as such."""
    if isinstance(value, float):
        value = round(value, 6)
        return int(value) if value.is_integer() else value
    return value


def _in(value: Any, known: Sequence[Any]) -> bool:
    return any(type(value) is type(each) and value == each for each in known)
