"""What two versions of a file say differently, as data and in words; lines and comments do not count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal

from journeybuilder.document.edit import PortsOf, renamed_targets
from journeybuilder.document.findings import Path
from journeybuilder.document.likeness import renamed_nodes
from journeybuilder.document.model import Journey, Layout, Node, mapping
from journeybuilder.document.pairs import entries_of, items_of, pair_items
from journeybuilder.document.saying import place_words, value_words, way_words
from journeybuilder.document.style import same


class Missing(Enum):
    """The value of what is not there; `null` is a value of its own."""

    ABSENT = "absent"


ABSENT: Final = Missing.ABSENT
What = Literal[
    "node_added", "node_removed", "node_renamed", "kind_changed", "rewired", "setting_changed",
    "journey_changed", "moved", "reordered", "value_changed", "file_added", "file_removed",
    "text_changed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    Attributes:
        node: The node it concerns, under its new id; empty where it is none's.
        path: From the root of the new file; of the old one where the new one has no such place.
        before: What stood there, or `ABSENT`.
        after: What stands there, or `ABSENT`.
        words: One line for people.
    """

    what: What
    path: Path
    before: Any
    after: Any
    words: str
    node: str = ""

    def as_json(self) -> dict[str, Any]:
        """What `jb diff --json` promises; `before` and `after` are left out where there is none."""
        out: dict[str, Any] = {"what": self.what, "node": self.node, "path": list(self.path)}
        if self.before is not ABSENT:
            out["before"] = self.before
        if self.after is not ABSENT:
            out["after"] = self.after
        return {**out, "words": self.words}


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where two values differ.

    Attributes:
        path: In the new value, or in the old one where the new one lacks it.
        reordered: True where only the order of a list's items differs.
    """

    path: Path
    before: Any
    after: Any
    reordered: bool = False


def differences(old: Any, new: Any, path: Path = ()) -> Iterator[Difference]:
    """The smallest places in which two values differ: keys of mappings, items of lists."""
    if same(old, new):
        return
    left, right = entries_of(old), entries_of(new)
    if left is not None and right is not None:
        for key in dict.fromkeys((*left, *right)):
            before, after = left.get(key, ABSENT), right.get(key, ABSENT)
            if before is ABSENT or after is ABSENT:
                yield Difference((*path, key), before, after)
            else:
                yield from differences(before, after, (*path, key))
    elif (items := items_of(old)) and (others := items_of(new)):
        yield from _item_differences(items, others, path)
    else:
        yield Difference(path, old, new)


def _item_differences(old: list[Any], new: list[Any], path: Path) -> Iterator[Difference]:
    pairs = pair_items(old, new)
    for index in pairs.gone:
        yield Difference((*path, index), old[index], ABSENT)
    for index, place in pairs.kept.items():
        yield from differences(old[index], new[place], (*path, place))
    for place in pairs.added:
        yield Difference((*path, place), ABSENT, new[place])
    if pairs.moved:
        yield Difference(path, old, new, reordered=True)


def diff_values(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """What two versions of a file say differently, key by key."""
    return [_value_change(one) for one in differences(old, new)]


def diff_layouts(old: Layout, new: Layout) -> list[Change]:
    """What differs in a layout: which nodes moved, and everything else key by key."""
    out: list[Change] = []
    for one in differences(old.data, new.data):
        match one.path:
            case ("nodes", node, "at") if node in old.positions and node in new.positions:
                words = f"'{node}' was moved"
                out.append(Change("moved", one.path, one.before, one.after, words, str(node)))
            case _:
                out.append(_value_change(one))
    return out


def diff_journeys(old: Journey, new: Journey, ports_of: PortsOf) -> list[Change]:
    """What two versions of a journey say differently.

    A node that is only under another id counts as renamed, and the wires that follow it as the same.

    Args:
        old: The journey before.
        new: The journey after.
        ports_of: The ways out of a node, which the node kinds know.
    """
    return _Journeys(old, new, ports_of).changes()


class _Journeys:
    """One comparison of two journeys."""

    def __init__(self, old: Journey, new: Journey, ports_of: PortsOf) -> None:
        self.new = new
        self.names = renamed_nodes(old, new, ports_of)
        self.old = renamed_targets(old, self.names, ports_of)
        self.before = old
        self.ports_of = ports_of

    def changes(self) -> list[Change]:
        return [*self.top(), *self.nodes()]

    def top(self) -> Iterator[Change]:
        mine = {key: item for key, item in self.old.data.items() if key != "nodes"}
        others = {key: item for key, item in self.new.data.items() if key != "nodes"}
        for one in differences(mine, others):
            if one.path in {("start",), ("on_error",)}:
                words = way_words(one.path, _name(one.before), _name(one.after))
                yield Change("journey_changed", one.path, one.before, one.after, words)
            else:
                yield _value_change(one, "journey_changed")
        raw = (self.old.data.get("nodes", ABSENT), self.new.data.get("nodes", ABSENT))
        if raw[0] is not raw[1] and not all(isinstance(item, Mapping) for item in raw):
            yield from map(_value_change, differences({"nodes": raw[0]}, {"nodes": raw[1]}))

    def nodes(self) -> Iterator[Change]:
        back = {new: old for old, new in self.names.items()}
        for name, node in self.before.nodes.items():
            if name not in self.new.nodes and name not in self.names:
                words = f"'{name}' ({node.kind or 'no kind'}) is gone"
                raw = _raw(self.before, name)
                yield Change("node_removed", ("nodes", name), raw, ABSENT, words, name)
        for name, node in self.new.nodes.items():
            old = self.old.nodes.get(name)
            if old is None:
                words = f"'{name}' ({node.kind or 'no kind'}) is new"
                raw = _raw(self.new, name)
                yield Change("node_added", ("nodes", name), ABSENT, raw, words, name)
                continue
            if name in back:
                words = f"'{back[name]}' is now called '{name}'"
                yield Change("node_renamed", ("nodes", name), back[name], name, words, name)
            yield from self.node(name, old, node)

    def node(self, name: str, old: Node, new: Node) -> Iterator[Change]:
        wires = {port.path for node in (old, new) for port in self.ports_of(node)}
        for one in differences(_raw(self.old, name), _raw(self.new, name)):
            path: Path = ("nodes", name, *one.path)
            if one.path == ("kind",):
                words = f"the kind of '{name}' is {new.kind or 'missing'} instead of {old.kind}"
                yield Change("kind_changed", path, one.before, one.after, words, name)
            elif one.path in wires and _is_way(one):
                words = f"'{name}' → {way_words(one.path, _name(one.before), _name(one.after))}"
                yield Change("rewired", path, one.before, one.after, words, name)
            else:
                what: What = "reordered" if one.reordered else "setting_changed"
                words = f"'{name}' → {_said(one)}"
                yield Change(what, path, one.before, one.after, words, name)


def _raw(journey: Journey, name: str) -> Any:
    return mapping(journey.data.get("nodes")).get(name)


def _is_way(one: Difference) -> bool:
    return all(value is ABSENT or isinstance(value, str) for value in (one.before, one.after))


def _name(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _value_change(one: Difference, what: What = "value_changed") -> Change:
    kind: What = "reordered" if one.reordered else what
    return Change(kind, one.path, one.before, one.after, _said(one))


def _said(one: Difference) -> str:
    where = place_words(one.path)
    if one.reordered:
        return f"{where}: the order of its entries is another"
    if one.before is ABSENT:
        return f"{where} is new: {value_words(one.after)}"
    if one.after is ABSENT:
        return f"{where} is gone (it was {value_words(one.before)})"
    return f"{where} is {value_words(one.after)} instead of {value_words(one.before)}"


def whole_file(what: What, words: str) -> Change:
    """A change of a file as such: it is new, gone, or a text without keys that differs."""
    return Change(what, (), ABSENT, ABSENT, words)


def summary(changes: Sequence[Change]) -> str:
    """`3 changes`, or that there is none."""
    if not changes:
        return "no difference in meaning"
    return f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
