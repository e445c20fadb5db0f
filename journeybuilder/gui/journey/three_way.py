"""Two changes of one journey brought together: what can be is, what cannot waits for a person.

A journey is two files here, its own and the layout's; conflicts of both stand in one list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from journeybuilder.document import forms
from journeybuilder.document.diff import ABSENT, Change, diff_journeys
from journeybuilder.document.edit import remove_value, rename_node, set_value, value_at
from journeybuilder.document.forms import read_source
from journeybuilder.document.merge import Conflict, Merged, merge_journeys, merge_layouts
from journeybuilder.document.merged_text import merged_text
from journeybuilder.document.model import Journey
from journeybuilder.document.pairs import entries_of
from journeybuilder.document.workspace import journey_source
from journeybuilder.errors import AuthorError
from journeybuilder.gui.journey.edit_lines import Stamp
from journeybuilder.kinds import ports_of

Side = Literal["mine", "theirs", "both", "own"]
_NODE = 2  # length of the path of a node


@dataclass(frozen=True, slots=True)
class Pair:
    """The texts of a journey's two files; "" where there is none."""

    journey: str
    layout: str = ""

    @property
    def stamp(self) -> Stamp:
        """What they are known by."""
        return Stamp.of(self.journey, self.layout)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person has decided about a conflict.

    Attributes:
        value: What is to stand there, where they wrote it themselves (`own`).
    """

    side: Side
    value: Any = ABSENT


MINE = Choice("mine")


def says(text: str) -> Mapping[str, Any]:
    """What the text of a layout says; nothing where it is empty or broken."""
    if not text.strip():
        return {}
    source = read_source(text, "layout.yaml", forms.LAYOUT)
    return source.data if source.readable else {}


def journey_of(text: str) -> Journey:
    """The journey that a text says.

    Raises:
        AuthorError: When nothing can be made of it, with the first reason.
    """
    source = journey_source(text, "journey.yaml")
    if not source.readable:
        first = source.findings[0] if source.findings else None
        words = f"line {first.line}: {first.message}" if first else "it says nothing"
        raise AuthorError(words, hint=first.hint if first else "")
    return Journey(source.data)


def changes_between(old: str, new: str) -> Sequence[Change]:
    """What two texts of a journey say differently.

    Raises:
        AuthorError: When one of them cannot be read.
    """
    return diff_journeys(journey_of(old), journey_of(new), ports_of)


class ThreeWay:
    """One meeting of two changes.

    Args:
        base: What both began with.
        ours: What is shown here.
        theirs: What the files hold now.

    Attributes:
        conflicts: What a person has to decide, the journey's first; by their place in this list.

    Raises:
        AuthorError: When one of the journeys cannot be read.
    """

    def __init__(self, base: Pair, ours: Pair, theirs: Pair) -> None:
        self.base, self.ours, self.theirs = base, ours, theirs
        mine, others = journey_of(ours.journey), journey_of(theirs.journey)
        before = journey_of(base.journey) if base.journey.strip() else Journey({})
        self._journey = merge_journeys(before, mine, others, ports_of)
        self._layout = merge_layouts(says(base.layout), says(ours.layout), says(theirs.layout))
        self.conflicts: Sequence[Conflict] = [*self._journey.conflicts, *self._layout.conflicts]

    def in_layout(self, index: int) -> bool:
        """Whether a conflict is about the layout."""
        return index >= len(self._journey.conflicts)

    def resolved(self, choices: Mapping[int, Choice]) -> Pair:
        """The two texts with what was decided; ours holds where nothing was.

        Raises:
            AuthorError: When a decision cannot be written there.
        """
        cut = len(self._journey.conflicts)
        first = {at: one for at, one in choices.items() if at < cut}
        rest = {at - cut: one for at, one in choices.items() if at >= cut}
        return Pair(
            _text(self.ours.journey, self.theirs.journey, self._journey, first),
            _text(self.ours.layout, self.theirs.layout, self._layout, rest),
        )


def _text(ours: str, theirs: str, merged: Merged, choices: Mapping[int, Choice]) -> str:
    value = decided(merged.value, merged.conflicts, choices)
    if not ours.strip() and theirs.strip():
        ours = theirs
    if not ours.strip() and not value:
        return ours
    return merged_text(ours, theirs, replace(merged, value=value, conflicts=()))


def decided(
    value: Mapping[str, Any], conflicts: Sequence[Conflict], choices: Mapping[int, Choice]
) -> Mapping[str, Any]:
    """A merged value with what was decided about its conflicts.

    Raises:
        AuthorError: When a decision cannot be written there.
    """
    out = Journey(value)
    for index in sorted(choices, reverse=True):  # items of a list keep their places so
        out = _decide(out, conflicts[index], choices[index])
    return out.data


def _decide(journey: Journey, conflict: Conflict, choice: Choice) -> Journey:
    if choice.side == "mine":
        return journey
    if choice.side == "own":
        return _put(journey, conflict, choice.value)
    if choice.side == "both":
        return _put(journey, conflict, both(conflict))
    if is_renaming(conflict):
        old, new = str(conflict.path[1]), str(conflict.theirs)
        known = old in journey.nodes and new not in journey.nodes
        return rename_node(journey, old, new, ports_of) if known else journey
    if is_loose(conflict):
        return remove_value(journey, conflict.path)
    return _put(journey, conflict, conflict.theirs)


def _put(journey: Journey, conflict: Conflict, value: Any) -> Journey:
    here: Any = value_at(journey.data, conflict.path)
    if conflict.ours is ABSENT and _is_list(here) and not _is_list(value):
        if value is ABSENT:
            return journey
        end = len(cast("list[Any]", here))  # an item of a list that we removed: it comes back last
        return set_value(journey, (*conflict.path, end), value)
    if value is ABSENT:
        return remove_value(journey, conflict.path)
    return set_value(journey, conflict.path, value)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def is_renaming(conflict: Conflict) -> bool:
    """Whether it is about the id of a node: its values are ids then."""
    return (
        len(conflict.path) == _NODE
        and conflict.path[0] == "nodes"
        and all(isinstance(one, str) for one in (conflict.ours, conflict.theirs))
    )


def is_loose(conflict: Conflict) -> bool:
    """Whether it is about a way that leads to a node which one side has removed."""
    return (
        conflict.base is ABSENT
        and isinstance(conflict.ours, str)
        and conflict.ours == conflict.theirs
    )


def both(conflict: Conflict) -> Any:
    """Both sides as one value: two texts below each other, items of both lists, keys of both.

    `ABSENT` where there is no sense in that.
    """
    ours, theirs = conflict.ours, conflict.theirs
    if _is_list(ours) and _is_list(theirs):
        mine: list[Any] = [*cast("list[Any]", ours)]
        others: list[Any] = [*cast("list[Any]", theirs)]
        return [*mine, *(one for one in others if one not in mine)]
    mine_keys, their_keys = entries_of(ours), entries_of(theirs)
    if mine_keys is not None and their_keys is not None:
        return {**their_keys, **mine_keys}
    texts = isinstance(ours, str) and isinstance(theirs, str) and not is_renaming(conflict)
    if texts and _is_prose(conflict):
        return f"{ours}\n{theirs}"
    return ABSENT


_PROSE = {"text", "note", "about", "title", "prompt", "instructions", "message", "description"}


def _is_prose(conflict: Conflict) -> bool:
    """Only what people read may be both; a node id or an expression cannot."""
    return any(key in _PROSE for key in conflict.path[-2:])
