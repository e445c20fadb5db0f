"""Every variable of a journey with the places that set and read it; kept per node between edits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey, Node, mapping
from journeybuilder.gui.journey.drafting import raw_nodes
from journeybuilder.kinds import KINDS
from journeybuilder.refactor.cel_names import Read, expressions_in, reads
from journeybuilder.refactor.places import Place, places

Group = Literal["variable", "input", "output", "given"]
GIVEN: Mapping[str, Sequence[str]] = {
    "session": ("id", "channel", "language", "tenant", "started"),
    "customer": (),
    "error": ("code", "message", "node"),
    "now": (),
}
"""What every expression may use besides the variables, with its fields."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a node that sets or reads a variable.

    Attributes:
        path: From the node's settings.
        text: What stands there.
        fields: The fields that are read of it, `("total",)` for `order.total`.
    """

    node: str
    path: Path
    text: str
    fields: tuple[str, ...] = ()


@dataclass
class Entry:
    """One variable, input, output, or what is given.

    Attributes:
        name: As expressions name it: `order`, `input.order_id`, `session.language`.
        declared: Whether the journey declares it.
    """

    name: str
    group: Group
    declared: bool = False
    sets: list[Spot] = field(default_factory=list[Spot])
    reads: list[Spot] = field(default_factory=list[Spot])


_Found = tuple[Sequence[tuple[str, Path, str]], Sequence[tuple[str, Path, str, tuple[str, ...]]]]


class VariableIndex:
    """Finds variables; a node that has not changed is not read again."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Any, _Found]] = {}

    def entries(self, journey: Journey) -> list[Entry]:
        """Every variable, in the order: the journey's own, inputs, outputs, what is given."""
        out: dict[str, Entry] = {}
        for name in journey.variables:
            out[name] = Entry(name, "variable", declared=True)
        inputs = mapping(journey.input.get("properties"))
        for name in inputs:
            out[f"input.{name}"] = Entry(f"input.{name}", "input", declared=True)
        for name in mapping(journey.output.get("properties")):
            out[f"output.{name}"] = Entry(f"output.{name}", "output", declared=True)
        for first, names in GIVEN.items():
            for name in [f"{first}.{one}" for one in names] or [first]:
                out[name] = Entry(name, "given", declared=True)
        self._collect(journey, out)
        order: Sequence[Group] = ("variable", "input", "output", "given")
        return sorted(out.values(), key=lambda one: order.index(one.group))

    def _collect(self, journey: Journey, out: dict[str, Entry]) -> None:
        raw = raw_nodes(journey)
        for node in journey.nodes.values():
            sets, used = self._found(node, raw.get(node.id))
            for name, path, text in sets:
                entry = out.setdefault(name, Entry(name, "variable"))
                entry.sets.append(Spot(node.id, path, text))
            for name, path, text, fields in used:
                key, group = _key(name, fields)
                entry = out.get(key) or out.setdefault(key, Entry(key, group))
                entry.reads.append(Spot(node.id, path, text, fields))
            if node.kind == "end":
                for name in mapping(node.settings.get("output")):
                    key = f"output.{name}"
                    entry = out.setdefault(key, Entry(key, "output"))
                    entry.sets.append(Spot(node.id, ("output", name), name))
        self._kept = {name: kept for name, kept in self._kept.items() if name in journey.nodes}

    def _found(self, node: Node, raw: Any) -> _Found:
        kept = self._kept.get(node.id)
        if kept is not None and kept[0] is raw:
            return kept[1]
        found = (list(_sets(node)), list(_reads(node)))
        self._kept[node.id] = (raw, found)
        return found


def _key(name: str, fields: tuple[str, ...]) -> tuple[str, Group]:
    """Under which name a read is listed."""
    if name == "input":
        return (f"input.{fields[0]}" if fields else "input"), "input"
    if name in GIVEN:
        known = fields and fields[0] in GIVEN[name]
        return (
            f"{name}.{fields[0]}" if known or (fields and name == "customer") else name
        ), "given"
    return name, "variable"


def _sets(node: Node) -> Iterator[tuple[str, Path, str]]:
    named: set[str] = set()
    for place in places(node):
        if place.what in {"name", "key"}:
            named.add(place.text)
            yield place.text, place.path, place.text
    kind = KINDS.get(node.kind)
    for name in kind.saves(node.settings) if kind is not None else ():
        if name not in named:
            yield name, (), name


def _reads(node: Node) -> Iterator[tuple[str, Path, str, tuple[str, ...]]]:
    for place in places(node):
        for read in _reads_of(place):
            if read.name not in place.own:
                yield read.name, place.path, place.text, read.fields


def _reads_of(place: Place) -> Iterator[Read]:
    if place.what == "expression":
        yield from reads(place.text)
    elif place.what == "template":
        for _, text in expressions_in(place.text):
            yield from reads(text)
