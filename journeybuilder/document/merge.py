"""Two changes of one file made into one, by meaning: by node, setting, list item and way out.

What cannot be decided is a conflict, as data; the merged value then says what our side says there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from journeybuilder.document.diff import ABSENT
from journeybuilder.document.edit import PortsOf, renamed_targets
from journeybuilder.document.findings import Path
from journeybuilder.document.likeness import renamed_nodes
from journeybuilder.document.model import Journey, mapping
from journeybuilder.document.pairs import Pairs, entries_of, items_of, pair_items
from journeybuilder.document.saying import place_words, value_words, way_words
from journeybuilder.document.style import same

T = TypeVar("T")
_NODE = 2  # length of the path of a node


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that both sides changed, each in its own way.

    Attributes:
        path: In the merged value; what is not there is looked for at what should hold it.
        base: What stood there before, or `ABSENT`; likewise `ours` and `theirs`.
        words: One sentence for people.
    """

    path: Path
    base: Any
    ours: Any
    theirs: Any
    words: str

    def as_json(self) -> dict[str, Any]:
        """What `jb merge --json` promises; values that are not there are left out."""
        values = {"base": self.base, "ours": self.ours, "theirs": self.theirs}
        there = {name: value for name, value in values.items() if value is not ABSENT}
        return {"path": list(self.path), **there, "words": self.words}


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge.

    Attributes:
        value: What the file shall say.
        taken: Paths of entries that came from their side as a whole.
    """

    value: Mapping[str, Any]
    conflicts: Sequence[Conflict]
    taken: Sequence[Path]


def merge_values(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> Merged:
    """Merge two versions of a file key by key, lists of texts or mappings item by item."""
    return _Merger().whole(base, ours, theirs)


def merge_layouts(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> Merged:
    """Merge two layouts; where both moved one node it stays where ours has it, which harms nobody."""
    merged = _Merger().whole(base, ours, theirs)
    return replace(merged, conflicts=[one for one in merged.conflicts if one.path[0] != "nodes"])


def merge_journeys(base: Journey, ours: Journey, theirs: Journey, ports_of: PortsOf) -> Merged:
    """Merge two versions of a journey.

    A node that one side renamed and the other changed is both. An edge that would lead nowhere,
    because one side drew it and the other removed its node, is a conflict.

    Args:
        base: The version that both sides began with.
        ours: Our version.
        theirs: Their version.
        ports_of: The ways out of a node, which the node kinds know.
    """
    return _Journeys(base, ours, theirs, ports_of).merged()


class _Merger:
    """One merge of values."""

    def __init__(self) -> None:
        self.conflicts: list[Conflict] = []
        self.taken: list[Path] = []

    def whole(self, base: Any, ours: Any, theirs: Any) -> Merged:
        value = mapping(self.value(base, ours, theirs, ()))
        return Merged(value, self.conflicts, self.taken)

    def value(self, base: Any, ours: Any, theirs: Any, path: Path) -> Any:
        if _equal(ours, theirs) or _equal(base, theirs):
            return ours
        old, left, right = entries_of(base), entries_of(ours), entries_of(theirs)
        both_new = base is ABSENT and not _is_node(path)
        if left is not None and right is not None and (old is not None or both_new):
            return self.keys(old or {}, left, right, path)
        if _equal(base, ours):
            if ours is ABSENT:
                self.taken.append(path)
            return theirs
        before, mine, others = items_of(base), items_of(ours), items_of(theirs)
        if before and mine and others:
            return self.items(before, mine, others, path)
        self.conflicts.append(_conflict(path, base, ours, theirs))
        return ours

    def keys(
        self,
        base: Mapping[str, Any],
        ours: Mapping[str, Any],
        theirs: Mapping[str, Any],
        path: Path,
    ) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key in _woven(list(ours), list(theirs)):
            mine, other = ours.get(key, ABSENT), theirs.get(key, ABSENT)
            value = self.value(base.get(key, ABSENT), mine, other, (*path, key))
            if value is not ABSENT:
                out[key] = value
        return out

    def items(self, base: list[Any], ours: list[Any], theirs: list[Any], path: Path) -> list[Any]:
        mine, others = pair_items(base, ours), pair_items(base, theirs)
        left = _tokens(mine, len(ours), "ours")
        right = _tokens(others, len(theirs), "theirs")
        if mine.moved and others.moved and left != right:
            self.conflicts.append(_conflict(path, base, ours, theirs))
            return ours
        new = {_print(ours[index]): index for index in mine.added}
        both = {
            ("theirs", place): ("ours", new[said])
            for place in others.added
            if (said := _print(theirs[place])) in new
        }
        right = [both.get(token, token) for token in right]
        order = _woven(right, left) if others.moved else _woven(left, right)
        out: list[Any] = []
        for side, index in order:
            if side == "base":
                kept, other = mine.kept.get(index), others.kept.get(index)
                here = ABSENT if kept is None else ours[kept]
                there = ABSENT if other is None else theirs[other]
                place = path if kept is None else (*path, len(out))
                value = self.value(base[index], here, there, place)
            else:
                value = ours[index] if side == "ours" else theirs[index]
            if value is not ABSENT:
                out.append(value)
        return out


_Token = tuple[str, int]


def _tokens(pairs: Pairs, length: int, side: str) -> list[_Token]:
    """The items of one side by what they are: an item of the base, or one that was added."""
    back = {new: old for old, new in pairs.kept.items()}
    return [("base", back[at]) if at in back else (side, at) for at in range(length)]


def _is_node(path: Path) -> bool:
    return len(path) == _NODE and path[0] == "nodes"


def _woven(first: Sequence[T], second: Sequence[T]) -> list[T]:
    """The first with what only the second has, each behind what it follows there."""
    out = list(first)
    known = set(first)
    before: T | None = None
    for name in second:
        if name not in known:
            at = out.index(before) + 1 if before is not None else 0
            out.insert(at, name)
            known.add(name)
        before = name
    return out


def _equal(one: Any, other: Any) -> bool:
    if one is ABSENT or other is ABSENT:
        return one is other
    return same(one, other)


def _print(value: Any) -> str:
    """A text that values have in common that are the same, as `same` has it."""
    return json.dumps(value, sort_keys=True)


def _conflict(path: Path, base: Any, ours: Any, theirs: Any) -> Conflict:
    match path:
        case ("nodes", str(node), *rest) if rest:
            where = f"'{node}' → {place_words(tuple(rest))}"
        case ("nodes", str(node)):
            where = f"'{node}'"
        case _:
            where = place_words(path)
    return Conflict(path, base, ours, theirs, f"{where}: {_sides(base, ours, theirs)}")


def _sides(base: Any, ours: Any, theirs: Any) -> str:
    if ours is ABSENT:
        return f"we removed it, they changed it to {value_words(theirs)}"
    if theirs is ABSENT:
        return f"they removed it, we changed it to {value_words(ours)}"
    both = f"we say {value_words(ours)}, they say {value_words(theirs)}"
    return both if base is ABSENT else f"{both}, before it was {value_words(base)}"


class _Journeys:
    """One merge of journeys: in the ids of the base, then under the new ids."""

    def __init__(self, base: Journey, ours: Journey, theirs: Journey, ports_of: PortsOf) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        self.ports_of = ports_of
        self.mine = renamed_nodes(base, ours, ports_of)
        self.others = renamed_nodes(base, theirs, ports_of)

    def merged(self) -> Merged:
        if same(self.ours.data, self.theirs.data) or same(self.base.data, self.theirs.data):
            return Merged(self.ours.data, [], [])
        if same(self.base.data, self.ours.data):
            new = [name for name in self.theirs.nodes if name not in self.ours.nodes]
            return Merged(self.theirs.data, [], [("nodes", name) for name in new])
        ours = renamed_targets(self.ours, _back(self.mine), self.ports_of)
        theirs = renamed_targets(self.theirs, _back(self.others), self.ports_of)
        merged = _Merger().whole(self.base.data, ours.data, theirs.data)
        plain = Journey(merged.value)
        names, clashes = self.names(plain)
        journey = renamed_targets(plain, names, self.ports_of)
        conflicts = [
            replace(one, path=_under(one.path, names), words=_named(one.words, one.path, names))
            for one in merged.conflicts
        ]
        conflicts += clashes
        lost = {one.path for one in conflicts}
        conflicts += [one for one in self.dangling(journey, names) if one.path not in lost]
        return Merged(journey.data, conflicts, [_under(path, names) for path in merged.taken])

    def names(self, merged: Journey) -> tuple[dict[str, str], list[Conflict]]:
        """New ids by ids of the base, and what stands against some of them."""
        out: dict[str, str] = {}
        clashes: list[Conflict] = []
        for old in dict.fromkeys((*self.mine, *self.others)):
            new, other = self.mine.get(old), self.others.get(old)
            name = new or other or old
            if new and other and new != other:
                words = f"'{old}': we call it '{new}', they call it '{other}'"
            elif old not in merged.nodes:
                who, whose = ("we", "they") if new else ("they", "we")
                words = f"'{old}': {who} renamed it to '{name}', {whose} removed it"
            elif name in merged.nodes or name in out.values():
                words = f"'{old}' was renamed to '{name}', and another node has this id"
            else:
                out[old] = name
                continue
            there = name if new and other and name not in merged.nodes else old
            clashes.append(Conflict(("nodes", there), old, new or old, other or old, words))
            if there == name:
                out[old] = name
        return out, clashes

    def dangling(self, journey: Journey, names: Mapping[str, str]) -> Iterator[Conflict]:
        """Edges to nodes that one of the sides has and the merged journey has not."""
        gone = {
            names.get(name, name)
            for side, back in ((self.ours, _back(self.mine)), (self.theirs, _back(self.others)))
            for name in (back.get(node, node) for node in side.nodes)
        } - journey.nodes.keys()
        ends = [
            (("nodes", node.id, *port.path), port.target, f"'{node.id}' → ", port.path)
            for node in journey.nodes.values()
            for port in self.ports_of(node)
        ]
        ends += [((key,), journey.data.get(key), "", (key,)) for key in ("start", "on_error")]
        for path, target, head, way in ends:
            if target in gone:
                words = f"{head}{way_words(way, '', str(target))}, which one side removed"
                yield Conflict(path, ABSENT, target, target, words)


def _back(names: Mapping[str, str]) -> dict[str, str]:
    return {new: old for old, new in names.items()}


def _under(path: Path, names: Mapping[str, str]) -> Path:
    match path:
        case ("nodes", str(node), *rest):
            return ("nodes", names.get(node, node), *rest)
        case _:
            return path


def _named(words: str, path: Path, names: Mapping[str, str]) -> str:
    """The words with a renamed node under its new id."""
    match path:
        case ("nodes", str(node), *_) if node in names:
            return words.replace(f"'{node}'", f"'{names[node]}'", 1)
        case _:
            return words
