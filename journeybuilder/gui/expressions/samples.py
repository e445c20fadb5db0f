"""A value to try an expression with: where it is from, and how one is read and changed at a path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from typing_extensions import override

from journeybuilder.gui.look.language import noop, tr

Source = Literal["own", "rehearsal", "scenario", "schema", "computed", "made up", "here", "clock"]

SOURCES: Mapping[Source, str] = {
    "own": noop("typed by you"),
    "rehearsal": noop("from the last rehearsal"),
    "scenario": noop("from a scenario"),
    "schema": noop("an example of its schema"),
    "computed": noop("computed from other sample values"),
    "made up": noop("made up from its schema"),
    "clock": noop("the time now"),
    "here": noop("known in this field only"),
}
"""Words for where a sample value is from."""


class Missing:
    """Stands for `there is no sample value`."""

    @override
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


@dataclass(frozen=True)
class Sample:
    """A value to try an expression with.

    Attributes:
        name: Of the scenario that it is from, or "".
        own: The dotted paths below it that the person has typed; "" is the whole.
    """

    value: Any
    source: Source
    name: str = ""
    own: frozenset[str] = field(default_factory=frozenset[str])

    def source_of(self, path: str) -> str:
        """Where the value of a field of it comes from, in words."""
        if any(path == one or path.startswith(f"{one}.") or not one for one in self.own):
            return tr(SOURCES["own"])
        if self.source == "scenario" and self.name:
            return tr("from the scenario “{name}”", name=self.name)
        return tr(SOURCES[self.source])


def read_at(value: Any, path: Sequence[str]) -> Any:
    """The value of a field, MISSING where there is none; a list's fields are those of its first item."""
    for name in path:
        if isinstance(value, list):
            items = cast("list[Any]", value)
            value = items[0] if items else None
        if not isinstance(value, Mapping) or name not in value:
            return MISSING
        value = cast("Mapping[str, Any]", value)[name]
    return value


def changed_at(value: Any, path: Sequence[str], new: Any) -> Any:
    """A copy in which a field has another value; what is no object on the way becomes one."""
    if not path:
        return new
    old = dict(cast("Mapping[str, Any]", value)) if isinstance(value, Mapping) else {}
    old[path[0]] = changed_at(old.get(path[0]), path[1:], new)
    return old
