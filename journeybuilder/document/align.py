"""Which entries of a mapping or list stayed, which got another name, which came and which went."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from journeybuilder.document.model import mapping
from journeybuilder.document.style import same


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry that stays, under the same or another name."""

    name: str
    renamed: bool = False


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """How the keys of a mapping become others.

    Attributes:
        kept: The entries that stay, by their old name.
        added: The new keys in order, by the new name of the kept key that they follow; None at the
            beginning.
    """

    kept: dict[str, Kept] = field(default_factory=dict[str, Kept])
    added: dict[str | None, list[str]] = field(default_factory=dict[str | None, list[str]])


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """How the items of a list become others.

    Attributes:
        kept: The new index of each item that stays, changed or not, by its old index.
        added: New indices of the added items; they stand together.
        after: Old index of the item that they follow; None at the beginning.
    """

    kept: dict[int, int]
    added: Sequence[int]
    after: int | None


def align_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> KeyPlan:
    """Match keys by name, and a lost key with a new one where both place and value agree."""
    order = list(new)
    follower: dict[str | None, str] = dict(zip([None, *order], order, strict=False))
    plan = KeyPlan()
    used: set[str] = set()
    before: str | None = None
    for name, value in old.items():
        if name in new:
            plan.kept[name] = Kept(name)
            before = name
            continue
        candidate = _other_name(value, list(_run(before, follower, old)), new)
        if candidate is not None:
            plan.kept[name] = Kept(candidate, renamed=True)
            used.add(candidate)
            before = candidate
    anchor: str | None = None
    for name in order:
        if name in old or name in used:
            anchor = name
        else:
            plan.added.setdefault(anchor, []).append(name)
    return plan


def _run(
    before: str | None, follower: Mapping[str | None, str], old: Mapping[str, Any]
) -> Iterator[str]:
    """The new keys that stand between a key and the next one that stays."""
    name = follower.get(before)
    while name is not None and name not in old:
        yield name
        name = follower.get(name)


def _other_name(value: object, names: Sequence[str], new: Mapping[str, Any]) -> str | None:
    """Under which of these new keys a value is now: the one that says the same, or the first."""
    exact = [name for name in names if mapping(value) and same(value, new[name])]
    if exact:
        return exact[0]
    return names[0] if names and _alike(value, new[names[0]]) else None


def _alike(left: object, right: object) -> bool:
    """True where a value is the same, or the same but for a few settings."""
    mine, other = mapping(left), mapping(right)
    if not mine or not other:
        return same(left, right)
    return set(mine) == set(other) and mine.get("kind") == other.get("kind")


def align_items(old: Sequence[Any], new: Sequence[Any]) -> ItemPlan:
    """Match items from both ends; in between as many as there are on both sides, one by one."""
    if len(old) == len(new):
        return ItemPlan({index: index for index in range(len(old))}, (), None)
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and same(old[head], new[head]):
        head += 1
    tail = 0
    while tail < shorter - head and same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    paired = shorter - tail
    kept = {index: index for index in range(paired)}
    kept |= {len(old) - tail + index: len(new) - tail + index for index in range(tail)}
    added = range(paired, len(new) - tail)
    return ItemPlan(kept, added, paired - 1 if paired else None)
