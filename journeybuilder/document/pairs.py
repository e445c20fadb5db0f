"""Which item of a list became which: by a name in it, else by what it says, else by its place."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.document.model import mapping
from journeybuilder.document.style import flow

_NAMES = ("id", "name", "when", "hears")


@dataclass(frozen=True, slots=True)
class Pairs:
    """How the items of a list become those of another.

    Attributes:
        kept: New index by old index, of items that are still there, changed or not.
        gone: Old indices of the others.
        added: New indices of items that were not there.
        moved: True where the kept items stand in another order.
    """

    kept: Mapping[int, int]
    gone: Sequence[int]
    added: Sequence[int]
    moved: bool


def entries_of(value: object) -> Mapping[str, Any] | None:
    """The mapping, where the value is one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None


def items_of(value: object) -> list[Any] | None:
    """The list, where its items are things of their own: texts or mappings, no coordinates."""
    items = cast("list[Any]", value) if isinstance(value, list) else None
    if items is None or not all(isinstance(item, str | Mapping) for item in items):
        return None
    return items


def pair_items(old: Sequence[Any], new: Sequence[Any]) -> Pairs:
    """Match the items of two lists that `items_of` knows."""
    mine, others = _identities(old, new)
    places = {name: index for index, name in enumerate(others)}
    kept = {index: places[name] for index, name in enumerate(mine) if name in places}
    kept |= _edited(old, new, kept)
    taken = set(kept.values())
    order = [kept[index] for index in sorted(kept)]
    return Pairs(
        {index: kept[index] for index in sorted(kept)},
        [index for index in range(len(old)) if index not in kept],
        [index for index in range(len(new)) if index not in taken],
        order != sorted(order),
    )


def _identities(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[object], list[object]]:
    every = [mapping(item) for item in (*old, *new)]
    for key in _NAMES:
        if all(isinstance(item.get(key), str) for item in every):
            mine, others = [item[key] for item in old], [item[key] for item in new]
            if len(set(mine)) == len(mine) and len(set(others)) == len(others):
                return list(mine), list(others)
    return _said(old), _said(new)


def _said(items: Sequence[Any]) -> list[object]:
    seen: Counter[str] = Counter()
    out: list[object] = []
    for item in items:
        text = flow(item)
        out.append((text, seen[text]))
        seen[text] += 1
    return out


def _edited(old: Sequence[Any], new: Sequence[Any], kept: Mapping[int, int]) -> dict[int, int]:
    """Mappings that stand between the same neighbors and look alike: one was edited."""
    out: dict[int, int] = {}
    taken = set(kept.values())
    at = -1  # where the last item that is still there stands now
    for index, item in enumerate(old):
        if index in kept:
            at = kept[index]
            continue
        following = at + 1
        if following < len(new) and following not in taken and _alike(item, new[following]):
            out[index] = following
            taken.add(following)
            at = following
    return out


def _alike(one: Any, other: Any) -> bool:
    mine, others = mapping(one), mapping(other)
    return bool(mine) and set(mine) == set(others)
