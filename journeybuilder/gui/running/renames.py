"""What nodes were called when a rehearsal began: it knows them by those names, whatever was renamed since."""

from collections.abc import Mapping


class Renames:
    """Follows the nodes of each journey from the beginning of a rehearsal on."""

    def __init__(self) -> None:
        self._then: dict[str, dict[str, str]] = {}

    def clear(self) -> None:
        """A rehearsal begins: it knows all nodes by the names that they have now."""
        self._then.clear()

    def note(self, journey: str, renamed: Mapping[str, str]) -> None:
        """Nodes of a journey are called otherwise from now on: new names by old ones."""
        known = self._then.setdefault(journey, {})
        before = {old: known.pop(old, old) for old in renamed}
        known.update({new: before[old] for old, new in renamed.items()})

    def then(self, journey: str, node: str) -> str:
        """What the rehearsal calls a node; empty for a new one that has taken the name of another."""
        known = self._then.get(journey, {})
        if node in known:
            return known[node]
        return "" if node in known.values() else node

    def now(self, journey: str, node: str) -> str:
        """What a node of the rehearsal is called now."""
        known = self._then.get(journey, {})
        return next((new for new, old in known.items() if old == node), node)
