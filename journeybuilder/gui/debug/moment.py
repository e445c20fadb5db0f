"""The variables of a run at one moment, with their types and what has changed since the stop before."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.rehearse.debug.timeline import Timeline
from journeybuilder.rehearse.debug.watch import token_of
from journeybuilder.run.tokens import ROOT, RunState

_LONG = 120
NOTHING = object()
"""Stands for a variable that was not there."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A value at a moment.

    Attributes:
        name: The variable, a key, or the place in a list from 1 on.
        path: How one gets there, as an expression has it.
        before: What it was at the stop before; `NOTHING` where it was not there.
        own: True for a variable of the journey, which can be changed.
    """

    name: str
    path: str
    value: Any
    before: Any
    own: bool = False

    @property
    def changed(self) -> bool:
        """Whether it was another one at the stop before."""
        return self.before is NOTHING or not same(self.value, self.before)


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same; yes is not 1, though Python says so."""
    return type(one) is type(other) and one == other


def lane_at(timeline: Timeline, moment: int) -> str:
    """The lane that the last event of a moment is about; empty where there is none."""
    moment = max(0, min(moment, len(timeline)))
    return str(timeline.events[moment - 1].get("lane") or "") if moment else ""


def journey_at(state: RunState, lane: str) -> str:
    """The journey that the run is in: the one it began with, or one that was called."""
    frame = state.frames.get(token_of(state, lane).frame, state.frames[ROOT])
    return frame.journey or state.journey


def seen_at(timeline: Timeline, moment: int) -> tuple[list[Seen], list[Seen]]:
    """The variables, and what else expressions may use, at a moment."""
    before = timeline.before(moment)
    new, old = _names(timeline, moment), _names(timeline, before)
    variables = list(_pairs(new[0], old[0], own=True))
    others = list(_pairs(new[1], old[1], own=False))
    return variables, others


def _names(timeline: Timeline, moment: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    state = timeline.state(moment)
    lane = lane_at(timeline, moment)
    token = token_of(state, lane)
    frame = state.frames.get(token.frame, state.frames[ROOT])
    known = {name: fact["value"] for name, fact in state.customer.items()}
    others = {"input": dict(frame.input), "session": dict(state.session), "customer": known}
    if token.error is not None:
        others["error"] = dict(token.error)
    return timeline.variables(moment), {name: one for name, one in others.items() if one}


def _pairs(new: Mapping[str, Any], old: Mapping[str, Any], *, own: bool) -> Iterator[Seen]:
    for name, value in new.items():
        yield Seen(name, name, value, old.get(name, NOTHING), own)


def inside(seen: Seen) -> list[Seen]:
    """What is in a group or list."""
    value, before = seen.value, seen.before
    if isinstance(value, Mapping):
        old = cast("Mapping[str, Any]", before if isinstance(before, Mapping) else {})
        parts = cast("Mapping[str, Any]", value).items()
        return [
            Seen(str(key), f"{seen.path}.{key}", one, old.get(key, NOTHING)) for key, one in parts
        ]
    if isinstance(value, list):
        olds = cast("list[Any]", before if isinstance(before, list) else [])
        return [
            Seen(str(n + 1), f"{seen.path}[{n}]", one, olds[n] if n < len(olds) else NOTHING)
            for n, one in enumerate(cast("list[Any]", value))
        ]
    return []


_ICONS = (
    (bool, "type-bool", noop("yes or no")), (str, "type-text", noop("text")),
    (int, "type-number", noop("whole number")), (float, "type-number", noop("number")),
    (list, "type-list", noop("list")), (Mapping, "type-object", noop("group")),
)  # fmt: skip


def sort_of_value(value: Any) -> tuple[str, str]:
    """Icon and words for the type of a value."""
    for kind, icon, words in _ICONS:
        if isinstance(value, kind):
            return icon, tr(words)
    return "type-any", tr("nothing")


def value_words(value: Any) -> str:
    """A value on one line: a group or list by what is in it."""
    if isinstance(value, Mapping) and not value:
        return tr("empty")
    if isinstance(value, list):
        items = cast("list[Any]", value)
        if not items or isinstance(items[0], Mapping | list):
            return trn("{n} entry", "{n} entries", len(items))
    text = json.dumps(value, ensure_ascii=False, default=str)
    line = " ".join(text.split())
    return line if len(line) <= _LONG else line[: _LONG - 1] + "…"


def change_words(seen: Seen) -> str:
    """What it was before, for the tooltip; empty where nothing has changed."""
    if not seen.changed:
        return ""
    if seen.before is NOTHING:
        return tr("It was not there at the stop before.")
    return tr("Before: {value}", value=value_words(seen.before))
