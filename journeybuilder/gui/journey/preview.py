"""What an edit would change, place by place, for a person to read before it is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.document.findings import Path
from journeybuilder.document.model import Journey


@dataclass(frozen=True, slots=True)
class Difference:
    """A text that would be another one; an empty one where there is none before or after."""

    path: Path
    before: str
    after: str

    @property
    def words(self) -> str:
        """Both in a line."""
        if not self.before or not self.after:
            return self.after or f"{self.before} goes"
        return f"{self.before} → {self.after}"


def differences(before: Journey, after: Journey, renamed: Mapping[str, str]) -> list[Difference]:
    """Every text that differs; `renamed` maps old to new names of keys, such as a node's id."""
    return list(_between(before.data, after.data, (), renamed))


def _between(
    before: Any, after: Any, path: Path, renamed: Mapping[str, str]
) -> Iterator[Difference]:
    if before is after or before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        old, new = cast("Mapping[str, Any]", before), cast("Mapping[str, Any]", after)
        for key, value in old.items():
            other = key if key in new else renamed.get(key, key)
            if other != key:
                yield Difference((*path, key), key, other)
            yield from _between(value, new.get(other), (*path, key), renamed)
    elif isinstance(before, list) and isinstance(after, list):
        pairs = zip(cast("list[Any]", before), cast("list[Any]", after), strict=False)
        for index, (one, other) in enumerate(pairs):
            yield from _between(one, other, (*path, index), renamed)
    else:
        yield Difference(path, _said(before), _said(after))


def _said(value: Any) -> str:
    return "" if value is None else str(value)
