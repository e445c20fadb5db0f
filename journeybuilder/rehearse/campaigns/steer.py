"""Changes what the world answers in a run so that a node is left another way.

Conditions are solved where that is simple: comparisons with constants or with other values, truths,
lists of values, sizes. Everything else is left to chance.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any, NamedTuple, TypeAlias

from journeybuilder.contract import cel_syntax as cel
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.campaigns.seeds import Genes, Site
from journeybuilder.rehearse.world.constants import around
from journeybuilder.rehearse.world.customers import words_of
from journeybuilder.rehearse.world.origins import (
    ITEM,
    SIZE,
    Origin,
    Path,
    Spot,
    Tracer,
    constant_of,
)

_MOST = 24
_NEGATED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": lambda one, two: one == two,
    "!=": lambda one, two: one != two,
    "<": lambda one, two: one < two,
    "<=": lambda one, two: one <= two,
    ">": lambda one, two: one > two,
    ">=": lambda one, two: one >= two,
}


class Wish(NamedTuple):
    """A value wished for at a place; `same` says that it is a place itself, whose value is meant."""

    spot: Spot
    value: Any
    same: bool = False


Way: TypeAlias = tuple[Wish, ...]
"""Wishes that must come true together."""


class Solver:
    """Solves the conditions of one journey of a plan."""

    def __init__(self, plan: Plan, journey: str) -> None:
        self._tracer = Tracer(plan, plan.journeys[journey])

    def ways(self, condition: str, node: str, *, holds: bool) -> list[Way]:
        """How a condition can come to hold, or not to; none where that is not simple."""
        tree = cel.read(condition)
        return [] if tree is None else list(islice(self._ways(tree, node, holds=holds), _MOST))

    def both(self, first: Sequence[Way], second: Sequence[Way]) -> list[Way]:
        """Ways in which both come true; what cannot be solved is left to chance."""
        if not first or not second:
            return list(first or second)
        return [(*one, *two) for one, two in islice(product(first, second), _MOST)]

    def origins(self, condition: str, node: str) -> list[Spot]:
        """The places whose values a condition looks at."""
        tree = cel.read(condition)
        if tree is None:
            return []
        found = [one.spot for part in _parts(tree) for one in self._tracer.sources(part, node)]
        longest = [each for each in found if not any(_goes_on(each, other) for other in found)]
        return list(dict.fromkeys(longest))

    def _ways(self, tree: cel.Tree, node: str, *, holds: bool) -> Iterator[Way]:
        if isinstance(tree, cel.Operation):
            yield from self._operation(tree, node, holds=holds)
        elif isinstance(tree, cel.Name | cel.Select | cel.Index):
            yield from self._wished(tree, node, [holds])
        elif isinstance(tree, cel.Call) and tree.of is not None:
            text = constant_of(next(iter(tree.parts), None))
            if isinstance(text, str) and tree.function in {"startsWith", "endsWith", "contains"}:
                yield from self._wished(tree.of, node, [text if holds else "other"])

    def _operation(self, tree: cel.Operation, node: str, *, holds: bool) -> Iterator[Way]:
        if tree.sign == "!_":
            yield from self._ways(tree.parts[0], node, holds=not holds)
        elif tree.sign in {"&&", "||"}:
            one, two = (
                list(islice(self._ways(part, node, holds=holds), _MOST)) for part in tree.parts
            )
            if (tree.sign == "&&") == holds:
                yield from self.both(one, two)
            else:
                yield from (*one, *two)
        elif tree.sign in _NEGATED:
            yield from self._compared(tree, node, holds=holds)
        elif tree.sign == "in":
            yield from self._among(tree, node, holds=holds)

    def _compared(self, tree: cel.Operation, node: str, *, holds: bool) -> Iterator[Way]:
        left, right = tree.parts
        sign = tree.sign if holds else _NEGATED[tree.sign]
        if (constant := constant_of(right)) is not None:
            yield from self._wished(left, node, _that_hold(sign, constant))
        elif (constant := constant_of(left)) is not None:
            yield from self._wished(right, node, _that_hold(_TURNED[sign], constant))
        else:
            for one in self._tracer.sources(left, node):
                for other in self._tracer.sources(right, node):
                    by = {"<": -1, ">": 1, "!=": 1}.get(sign, 0)
                    yield (Wish(one.spot, (other.spot, by), same=True),)
                    yield (Wish(other.spot, (one.spot, -by), same=True),)

    def _among(self, tree: cel.Operation, node: str, *, holds: bool) -> Iterator[Way]:
        left, right = tree.parts
        if isinstance(right, cel.Made):
            values = [constant_of(part) for part in right.parts]
            wished = [value for value in values if value is not None] if holds else ["other"]
            yield from self._wished(left, node, wished)
        elif (constant := constant_of(left)) is not None:
            for one in self._tracer.sources(right, node):
                yield (Wish(one.below(ITEM).spot, constant if holds else "other"),)

    def _wished(self, tree: cel.Tree, node: str, values: Sequence[Any]) -> Iterator[Way]:
        for one in self._tracer.sources(tree, node):
            for value in values:
                yield (Wish(one.spot, one.undo(value)),)


def _parts(tree: cel.Tree) -> Iterator[cel.Tree]:
    yield tree
    for part in cel.below(tree):
        yield from _parts(part)


def _goes_on(spot: Spot, other: Spot) -> bool:
    """Whether another place lies below this one."""
    deep = len(spot.path)
    return spot.origin == other.origin and len(other.path) > deep and other.path[:deep] == spot.path


def _that_hold(sign: str, constant: Any) -> list[Any]:
    """Values next to a constant for which a comparison with it holds."""
    near = around(constant)
    if isinstance(constant, str):
        near = [constant, f"{constant} and more", "other"]
    out: list[Any] = []
    for value in near:
        try:
            if _HOLDS[sign](value, constant):
                out.append(value)
        except TypeError:
            continue
    return out


# -- answers of the world --------------------------------------------------------------------


def with_wishes(genes: Genes, way: Way) -> Genes:
    """The answers of the world with values put where they are wished for, as far as it was asked there."""
    out = dict(genes)
    for wish in way:
        value = wish.value
        if wish.same:
            spot, by = value
            value = _value_at(out, spot)
            if value is None:
                continue
            moved = isinstance(value, int | float) and not isinstance(value, bool)
            value = value + by if moved else (f"{value} and more" if by else value)
        for site in _sites(out, wish.spot.origin):
            out[site] = _put(out[site], wish.spot, value)
    return out


def _sites(genes: Mapping[Site, Any], origin: Origin) -> list[Site]:
    """Where the world was asked for values of an origin."""
    if origin.kind in {"input", "session", "memory"}:
        return [(origin.kind,)]
    if origin.kind == "model":
        name = origin.key.rpartition("/")[2]
        return [site for site in genes if site[0] == "model" and site[2] == name]
    name = origin.key.rpartition("/")[2] if origin.kind == "person" else origin.key
    return [site for site in genes if site[0] == origin.kind and site[1] == name]


def _value_at(genes: Mapping[Site, Any], spot: Spot) -> Any:
    found = _sites(genes, spot.origin)
    value = _inside(genes.get(found[-1]), spot.origin.kind) if found else None
    for part in spot.path:
        items = as_list(value)
        value = (items[0] if items else None) if part == ITEM else as_object(value).get(part)
    return value


def _inside(entry: Any, kind: str) -> Any:
    """The value in an answer of the world."""
    key = {"tool": "returns", "customer": "says", "event": "data"}.get(kind)
    if kind == "model":
        return as_object(as_list(entry)[-1] if as_list(entry) else {}).get("says")
    return entry if key is None else as_object(entry).get(key)


def _put(entry: Any, spot: Spot, value: Any) -> Any:
    kind = spot.origin.kind
    if kind == "customer":
        return {"says": words_of(value)}
    if kind == "session":
        channel, language = entry
        return (value, language) if spot.path == ("channel",) else (channel, value)
    if kind == "memory":
        return _set({**as_object(entry)}, (spot.origin.key, *spot.path), value)
    if kind == "model":
        lines = [dict(as_object(line)) for line in as_list(entry)]
        last = {key: one for key, one in lines[-1].items() if key not in {"fails", "calls"}}
        return [*lines[:-1], {**last, "says": _set(last.get("says"), spot.path, value)}]
    key = {"tool": "returns", "event": "data"}.get(kind)
    if key is None:
        return _set(entry, spot.path, value)
    rest = {name: one for name, one in as_object(entry).items() if name != "fails"}
    return {**rest, key: _set(rest.get(key), spot.path, value)}


def _set(whole: Any, path: Path, value: Any) -> Any:
    """A JSON value with another one at a place; what is missing on the way is made."""
    if not path:
        return value
    part, rest = path[0], path[1:]
    if part == SIZE:
        return _sized(whole, value)
    if part == ITEM:
        items = as_list(whole) or [{}]
        return [_set(items[0], rest, value), *items[1:]]
    return {**as_object(whole), part: _set(as_object(whole).get(part), rest, value)}


def _sized(whole: Any, size: Any) -> Any:
    if not isinstance(size, int) or not 0 <= size <= 1000:  # noqa: PLR2004 - a list in a scenario
        return whole
    if isinstance(whole, str):
        return (whole + "x" * size)[:size]
    items = as_list(whole)
    return [items[number % len(items)] if items else {} for number in range(size)]
