"""Which node got another id: the one that says the same and stands in the same place."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.document.edit import PortsOf
from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey, Node
from journeybuilder.document.style import scalar

_ENOUGH = 0.6  # of what both say and how both are wired
_PLAIN_ENOUGH = 0.8  # of what both say, where that is at least two things
_MOST = 60_000  # pairs that are looked at; beyond that only nodes that say the same are found

Facts = frozenset[object]


@dataclass(frozen=True, slots=True)
class _Trait:
    """What a node is known by.

    Attributes:
        says: Its settings without its wires.
        goes: Where its wires lead.
        comes: From where wires lead to it.
    """

    kind: str
    says: Facts
    goes: Facts
    comes: Facts


def renamed_nodes(old: Journey, new: Journey, ports_of: PortsOf) -> dict[str, str]:
    """New ids by old ids, of nodes that are only under another id (and may be edited besides)."""
    gone = [name for name in old.nodes if name not in new.nodes]
    come = [name for name in new.nodes if name not in old.nodes]
    if not gone or not come:
        return {}
    found: dict[str, str] = {}
    for _ in range(2):  # what is wired to a renamed node is known better the second time
        back = {other: name for name, other in found.items()}
        mine = _traits(old, gone, old.nodes.keys() - gone | found.keys(), ports_of, str)
        kept = new.nodes.keys() - come | back.keys()
        others = _traits(new, come, kept, ports_of, lambda name, back=back: back.get(name, name))
        found = _matches(mine, others)
    return found


def _traits(
    journey: Journey,
    wanted: Sequence[str],
    kept: frozenset[str] | set[str],
    ports_of: PortsOf,
    name_of: Callable[[str], str],
) -> dict[str, _Trait]:
    """The traits of some nodes; wires count where the node at their other end has stayed."""
    comes: dict[str, set[object]] = {name: set() for name in wanted}
    goes: dict[str, set[object]] = {name: set() for name in wanted}
    says: dict[str, Facts] = {}
    for node in journey.nodes.values():
        ports = ports_of(node)
        for port in ports:
            if port.target in comes and node.id in kept:
                comes[port.target].add((name_of(node.id), port.name))
            if node.id in goes and port.target in kept:
                goes[node.id].add((port.name, name_of(port.target)))
        if node.id in comes:
            says[node.id] = frozenset(_said(node, {port.path for port in ports}))
    for key in ("start", "on_error"):
        target = journey.data.get(key)
        if isinstance(target, str) and target in comes:
            comes[target].add(key)
    return {
        name: _Trait(
            journey.nodes[name].kind, says[name], frozenset(goes[name]), frozenset(comes[name])
        )
        for name in wanted
    }


def _said(node: Node, wires: set[Path]) -> Iterator[object]:
    for path, value in _leaves(node.settings, ()):
        if path not in wires:
            yield path, value


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from _leaves(item, (*path, index))
    else:
        yield path, scalar(value)


def _matches(mine: Mapping[str, _Trait], others: Mapping[str, _Trait]) -> dict[str, str]:
    many = len(mine) * len(others) > _MOST
    out = _twins(mine, others) if many else {}
    taken = set(out.values())
    pairs = _few_pairs if many else _every_pair
    rest = {name: trait for name, trait in mine.items() if name not in out}
    left = {name: trait for name, trait in others.items() if name not in taken}
    rank = {name: index for index, name in enumerate(rest)}
    scores: list[tuple[float, int, str, str]] = []
    for name, other in pairs(rest, left):
        score = _score(rest[name], left[other])
        if score:
            scores.append((-score, rank[name], name, other))
    for _, _, name, other in sorted(scores):
        if name not in out and other not in taken:
            out[name] = other
            taken.add(other)
    return out


def _twins(mine: Mapping[str, _Trait], others: Mapping[str, _Trait]) -> dict[str, str]:
    """Nodes that agree in everything; of several alike ones, each with the next in the file."""
    places: dict[_Trait, list[str]] = {}
    for other, trait in list(others.items())[::-1]:
        places.setdefault(trait, []).append(other)
    return {name: places[trait].pop() for name, trait in mine.items() if places.get(trait)}


_Pairs = Iterator[tuple[str, str]]


def _every_pair(mine: Mapping[str, _Trait], others: Mapping[str, _Trait]) -> _Pairs:
    for name, trait in mine.items():
        for other, its in others.items():
            if trait.kind == its.kind:
                yield name, other


def _few_pairs(mine: Mapping[str, _Trait], others: Mapping[str, _Trait]) -> _Pairs:
    """Pairs that say the same, each with those around its place in the file; no more than `_MOST`."""
    groups: dict[tuple[str, Facts], list[str]] = {}
    for other, trait in others.items():
        groups.setdefault((trait.kind, trait.says), []).append(other)
    seen: Counter[tuple[str, Facts]] = Counter()
    around = _MOST // (2 * len(mine)) if mine else 0
    for name, trait in mine.items():
        key = (trait.kind, trait.says)
        at = seen[key]
        seen[key] += 1
        for other in groups.get(key, [])[max(0, at - around) : at + max(around, 1)]:
            yield name, other


def _score(one: _Trait, other: _Trait) -> float:
    """How alike two nodes are, from 0 to 1; 0 where they are not the same one."""
    parts = [
        (weight, _overlap(mine, its))
        for weight, mine, its in (
            (0.5, one.says, other.says),
            (0.3, one.comes, other.comes),
            (0.2, one.goes, other.goes),
        )
        if mine or its
    ]
    total = sum(weight for weight, _ in parts)
    score = sum(weight * share for weight, share in parts) / total if total else 1.0
    plain = _overlap(one.says, other.says) if len(one.says) > 1 else 0.0
    return score if score >= _ENOUGH or plain >= _PLAIN_ENOUGH else 0.0


def _overlap(one: Facts, other: Facts) -> float:
    every = one | other
    return len(one & other) / len(every) if every else 1.0
