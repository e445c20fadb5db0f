"""Where the values of expressions come from: tools, the customer, the input, people, models.

A name is followed back over `set` nodes, loops and called journeys, and over a sum or a product with one
number in it, to the answer of the world that its value was part of.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from journeybuilder.contract import cel_syntax as cel
from journeybuilder.contract.expressions import ExpressionError, slots
from journeybuilder.contract.json import as_object
from journeybuilder.kinds import KINDS
from journeybuilder.plan.plan import Plan, PlannedJourney

ITEM = "[]"
SIZE = "#"
_DEEPEST = 12
Path: TypeAlias = tuple[str, ...]


class Origin(NamedTuple):
    """Where a value comes from.

    Attributes:
        kind: `input`, `tool`, `customer`, `person`, `model`, `event`, `resource`, `memory`, `session`.
        key: The tool, node (`journey/node` in a called journey), event or fact; empty for the others.
    """

    kind: str
    key: str


class Spot(NamedTuple):
    """A place in a value that comes from somewhere; `[]` in the path is any item, `#` the size."""

    origin: Origin
    path: Path


def slot_texts(template: Any) -> Iterator[str]:
    """The expressions in the `${…}` of a nested value."""
    try:
        for _, slot in slots(template):
            yield slot.expression
    except ExpressionError:
        return  # such a journey has no plan


def constant_of(tree: cel.Tree | None) -> Any:
    """The value of a literal that is no null, a sign before it included; else None."""
    if isinstance(tree, cel.Operation) and tree.sign == "-_":
        value = constant_of(tree.parts[0])
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return -value if number else None
    if not isinstance(tree, cel.Literal):
        return None
    if tree.kind == "string":
        return tree.words
    if tree.text in {"true", "false"}:
        return tree.text == "true"
    try:
        return float(tree.text) if tree.kind == "double" else int(tree.text.rstrip("uU"), 0)
    except ValueError:
        return None


Undo: TypeAlias = Callable[[Any], Any]
"""Gives the value that has to be wished at the origin so that the expression has a certain value."""


def _same(value: Any) -> Any:
    return value


class Traced(NamedTuple):
    """A place that an expression's value comes from, and how to get there from a wished value."""

    spot: Spot
    undo: Undo = _same

    def below(self, part: str) -> "Traced":
        """One step deeper."""
        return Traced(Spot(self.spot.origin, (*self.spot.path, part)))


class Tracer:
    """Follows the names of one journey back to where their values come from."""

    def __init__(self, plan: Plan, journey: PlannedJourney) -> None:
        self._plan = plan
        self._journey = journey
        self._home = journey.journey.id == plan.journey.id

    def place(self, node: str) -> str:
        """A node's name in the whole plan."""
        return node if self._home else f"{self._journey.journey.id}/{node}"

    def trace(self, tree: cel.Tree, node: str, deep: int = 0) -> list[Traced]:
        """Where the value of an expression comes from, as far as that is a simple way."""
        if deep > _DEEPEST:
            return []
        if isinstance(tree, cel.Name):
            return self._name(tree.id, node, deep)
        if isinstance(tree, cel.Select):
            return self._select(tree, node, deep)
        if isinstance(tree, cel.Index):
            part = constant_of(tree.by)
            step = part if isinstance(part, str) else ITEM
            return [one.below(step) for one in self.trace(tree.of, node, deep + 1)]
        if isinstance(tree, cel.Operation):
            return self._operation(tree, node, deep)
        if isinstance(tree, cel.Call):
            return self._call(tree, node, deep)
        return []

    def _select(self, tree: cel.Select, node: str, deep: int) -> list[Traced]:
        of = tree.of
        if isinstance(of, cel.Name) and of.id == "session":
            return [Traced(Spot(Origin("session", ""), (tree.field,)))]
        if isinstance(of, cel.Name) and of.id == "customer":
            return [Traced(Spot(Origin("memory", tree.field), ()))]
        if isinstance(of, cel.Select) and isinstance(of.of, cel.Name) and of.of.id == "customer":
            known = f"consent.{tree.field}" if of.field == "consent" else of.field
            path: Path = () if of.field == "consent" else (tree.field,)
            return [Traced(Spot(Origin("memory", known), path))]
        return [one.below(tree.field) for one in self.trace(of, node, deep + 1)]

    def _call(self, tree: cel.Call, node: str, deep: int) -> list[Traced]:
        if tree.function == "size":
            inner = tree.of or next(iter(tree.parts), None)
            found = [] if inner is None else self.trace(inner, node, deep + 1)
            return [each.below(SIZE) for each in found]
        if tree.function in {"int", "double", "string", "timestamp", "dyn"} and tree.parts:
            return self.trace(tree.parts[0], node, deep + 1)
        if tree.function in {"lowerAscii", "upperAscii", "trim"} and tree.of is not None:
            return self.trace(tree.of, node, deep + 1)
        return []

    def _operation(self, tree: cel.Operation, node: str, deep: int) -> list[Traced]:
        """A sum or product with one number in it can be gone back over."""
        if tree.sign not in {"+", "-", "*", "/"} or len(tree.parts) != 2:  # noqa: PLR2004
            return []
        left, right = tree.parts
        number = constant_of(right)
        if isinstance(number, int | float) and not isinstance(number, bool):
            return [_moved(each, tree.sign, number) for each in self.trace(left, node, deep + 1)]
        number = constant_of(left)
        if isinstance(number, int | float) and not isinstance(number, bool) and tree.sign in "+*":
            return [_moved(each, tree.sign, number) for each in self.trace(right, node, deep + 1)]
        return []

    def _name(self, name: str, node: str, deep: int) -> list[Traced]:
        if name == "input":
            kind = ("input", "") if self._home else ("given", self._journey.journey.id)
            return [Traced(Spot(Origin(*kind), ()))]
        if (own := self._own(name, node)) is not None:
            return [own]
        out: list[Traced] = []
        for other, planned in self._journey.journey.nodes.items():
            kind = KINDS.get(planned.kind)
            if kind is not None and name in kind.saves(planned.settings):
                out += self._saved(name, other, planned.kind, planned.settings, deep)
        return out

    def _own(self, name: str, node: str) -> Traced | None:
        """Names that only the node itself knows."""
        found = self._journey.journey.nodes.get(node)
        if found is None or found.kind != "verify":
            return None
        if name == "result":
            tool = str(as_object(found.settings.get("check")).get("tool", ""))
            return Traced(Spot(Origin("tool", tool), ()))
        return Traced(Spot(Origin("customer", self.place(node)), ())) if name == "answer" else None

    def _saved(
        self, name: str, node: str, kind: str, settings: Mapping[str, Any], deep: int
    ) -> list[Traced]:
        if kind == "set":
            return self.template(as_object(settings.get("values")).get(name), node, deep)
        if kind == "loop" and name == (settings.get("as") or "item"):
            tree = cel.read(str(settings.get("each", "")))
            found = [] if tree is None else self.trace(tree, node, deep + 1)
            return [each.below(ITEM) for each in found]
        if kind == "journey":
            return [Traced(Spot(Origin("output", str(settings.get("journey", ""))), ()))]
        if kind == "resource":
            return [Traced(Spot(Origin("resource", str(settings.get("resource", ""))), ()))]
        key = {"tool": settings.get("tool"), "wait": settings.get("event")}.get(kind)
        names = {"tool": "tool", "wait": "event", "ask": "customer", "review": "person",
                 "generate": "model", "agent": "model", "classify": "model"}  # fmt: skip
        if kind not in names:
            return []
        spot = Spot(Origin(names[kind], str(key) if key is not None else self.place(node)), ())
        return [Traced(spot)]

    def template(self, template: Any, node: str, deep: int) -> list[Traced]:
        """Where a text that is nothing but one slot gets its value."""
        if not isinstance(template, str) or not template.startswith("${"):
            return []
        found = list(slot_texts(template))
        tree = cel.read(found[0]) if len(found) == 1 and template == f"${{{found[0]}}}" else None
        return [] if tree is None else self.trace(tree, node, deep + 1)

    def given(self, spot: Spot, deep: int = 0) -> list[Traced]:
        """Where a field of a called journey's input comes from, in the journeys that call it."""
        out: list[Traced] = []
        if not spot.path or deep > _DEEPEST:
            return out
        for caller in self._plan.journeys.values():
            tracer = Tracer(self._plan, caller)
            for name, node in caller.journey.nodes.items():
                if node.kind == "journey" and node.settings.get("journey") == spot.origin.key:
                    value = as_object(node.settings.get("with")).get(spot.path[0])
                    for one in tracer.template(value, name, deep + 1):
                        path = (*one.spot.path, *spot.path[1:])
                        undo = one.undo if len(spot.path) == 1 else _same
                        out.append(Traced(Spot(one.spot.origin, path), undo))
        return out

    def output(self, spot: Spot, deep: int = 0) -> list[Traced]:
        """Where a field of what a called journey gives back comes from, in that journey."""
        called = self._plan.journeys.get(spot.origin.key)
        if called is None or not spot.path or deep > _DEEPEST:
            return []
        tracer = Tracer(self._plan, called)
        out: list[Traced] = []
        for name, node in called.journey.nodes.items():
            value = as_object(node.settings.get("output")).get(spot.path[0])
            if node.kind == "end" and value is not None:
                for one in tracer.template(value, name, deep + 1):
                    path = (*one.spot.path, *spot.path[1:])
                    undo = one.undo if len(spot.path) == 1 else _same
                    out.append(Traced(Spot(one.spot.origin, path), undo))
        return out

    def behind(self, template: Any, node: str) -> list[Spot]:
        """The places whose value a text of one slot hands on as it is."""
        text = template if isinstance(template, str) and template.startswith("${") else ""
        tree = cel.read(text[2:-1]) if text else None
        return [] if tree is None else [one.spot for one in self.sources(tree, node)]

    def sources(self, tree: cel.Tree, node: str) -> list[Traced]:
        """As `trace`, followed through called journeys to what comes from outside."""
        rest = [(one, 0) for one in self.trace(tree, node)]
        out: list[Traced] = []
        while rest:
            one, deep = rest.pop(0)
            if deep > _DEEPEST:
                continue
            if one.spot.origin.kind == "given":
                rest += [(_chained(each, one), deep + 1) for each in self.given(one.spot, deep)]
            elif one.spot.origin.kind == "output":
                rest += [(_chained(each, one), deep + 1) for each in self.output(one.spot, deep)]
            else:
                out.append(one)
        return out


def _chained(inner: Traced, outer: Traced) -> Traced:
    def undo(value: Any) -> Any:
        return inner.undo(outer.undo(value))

    return Traced(inner.spot, undo)


def _moved(one: Traced, sign: str, number: float) -> Traced:
    """The way back over `value SIGN number`."""
    before = one.undo

    def undo(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        if sign == "+":
            return before(value - number)
        if sign == "-":
            return before(value + number)
        if sign == "*":
            return before(value / number if number else value)
        return before(value * number)

    return Traced(one.spot, undo)
