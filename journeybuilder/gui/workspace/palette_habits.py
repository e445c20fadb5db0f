"""What a person adds often, lately and likes best; kept in the settings of this machine only."""

import json
from collections.abc import Sequence
from typing import Any, Protocol

from journeybuilder.document.model import mapping, strings

_KEY = "palette.habits"
_LATELY = 30
_COUNTED = 400
_MOST = 40.0


class TextStore(Protocol):
    """Where texts are kept by name, as the user's settings do."""

    def get(self, key: str, default: str = "") -> str:
        """The text, or the default."""
        ...

    def put(self, key: str, value: str) -> None:
        """Keep a text."""
        ...


class Habits:
    """Counts by key of an entry; what cannot be read counts as nothing.

    Args:
        store: Where they are kept from one time to the next.
    """

    def __init__(self, store: TextStore) -> None:
        self._store = store
        raw: Any = None
        try:
            raw = json.loads(store.get(_KEY) or "{}")
        except ValueError:
            raw = {}
        facts = mapping(raw)
        self.favorites = list(strings(facts.get("favorites")))
        self.recent = list(strings(facts.get("recent")))
        self._counts = {
            name: count
            for name, count in mapping(facts.get("counts")).items()
            if isinstance(count, int) and not isinstance(count, bool)
        }

    def used(self, key: str) -> None:
        """An entry was added to a journey."""
        self._counts[key] = self._counts.get(key, 0) + 1
        self.recent = [key, *(other for other in self.recent if other != key)][:_LATELY]
        if len(self._counts) > _COUNTED:
            kept = sorted(self._counts, key=lambda name: -self._counts[name])[: _COUNTED // 2]
            self._counts = {name: self._counts[name] for name in {*kept, key}}
        self._write()

    def is_favorite(self, key: str) -> bool:
        """Whether the person has given it a star."""
        return key in self.favorites

    def star(self, key: str) -> bool:
        """Give a star or take it away; True where it has one now."""
        if key in self.favorites:
            self.favorites.remove(key)
        else:
            self.favorites.append(key)
        self._write()
        return key in self.favorites

    def weight(self, key: str) -> float:
        """How much further up an entry belongs: 1 for what is never used, at most 2."""
        count = min(self._counts.get(key, 0), _MOST)
        lately = 0.2 if key in self.recent[:8] else 0.0
        liked = 0.3 if key in self.favorites else 0.0
        return 1.0 + 0.5 * count / (count + 5) + lately + liked

    def often(self, most: int) -> Sequence[str]:
        """The keys that are used most, favorites aside; of equals the latest first."""
        order = {key: place for place, key in enumerate(self.recent)}
        keys = [key for key in self._counts if key not in self.favorites]
        keys.sort(key=lambda key: (-self._counts[key], order.get(key, _LATELY)))
        return keys[:most]

    def _write(self) -> None:
        facts = {"favorites": self.favorites, "recent": self.recent, "counts": self._counts}
        self._store.put(_KEY, json.dumps(facts, ensure_ascii=False))
