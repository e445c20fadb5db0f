"""Makes a scenario that shows a bug as short as can be: fewer lines first, then simpler values."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.simulate import Rehearsed, simulate
from journeybuilder.rehearse.soundness import Trouble, troubles

Data: TypeAlias = dict[str, Any]
Judge: TypeAlias = Callable[[Rehearsed], bool]
TRIES = 600
"""Rehearsals that the shrinking of one scenario may take."""
_PARTS = ("resources", "prompts", "events", "remembered", "people", "models", "tools", "input")
_DROPPED = ("after", "note", "by", "value", "data", "slow", "share", "calls", "given", "hears")


def shrink(
    plan: Plan,
    data: Mapping[str, Any],
    shows: Judge,
    *,
    tries: int = TRIES,
    stop: Callable[[], bool] | None = None,
) -> Data:
    """The shortest scenario found that still shows what the given one shows.

    What a scenario leaves out is made from schemas, so the shortest one holds what matters and nothing
    else. One that does not show it in the first place is given back as it is.

    Args:
        plan: The journey made ready.
        data: The values of a scenario's file.
        shows: Whether a rehearsal shows it.
        tries: Rehearsals at the most.
        stop: Asked between rehearsals; True gives what was reached so far.
    """
    return asyncio.run(_Shrinking(plan, shows, tries, stop).smallest(dict(data)))


def trouble_in(
    plan: Plan,
    data: Mapping[str, Any],
    key: tuple[str, str, str],
    invariants: Sequence[Mapping[str, Any]] = (),
) -> Trouble | None:
    """A certain trouble as a rehearsal of a scenario shows it; None where it does not."""
    done = asyncio.run(simulate(plan, scenario_of(data)))
    found = troubles(plan, done.state, done.events, invariants) if done.events else []
    return next((one for one in found if one.key == key), None)


def same_trouble(
    plan: Plan, key: tuple[str, str, str], invariants: Sequence[Mapping[str, Any]] = ()
) -> Judge:
    """Whether a rehearsal is in one certain trouble."""

    def shows(done: Rehearsed) -> bool:
        if not done.events:
            return False
        return any(one.key == key for one in troubles(plan, done.state, done.events, invariants))

    return shows


class _Shrinking:
    def __init__(
        self, plan: Plan, shows: Judge, tries: int, stop: Callable[[], bool] | None
    ) -> None:
        self._plan = plan
        self._shows = shows
        self._left = tries
        self._stop = stop
        self._tried: set[str] = set()

    async def smallest(self, data: Data) -> Data:
        if not await self._holds(data):
            return data
        shorter: Data | None = data
        while shorter is not None:
            data = shorter
            shorter = None
            for candidate in _candidates(data):
                if self._left <= 0 or (self._stop is not None and self._stop()):
                    return data
                if weight(candidate) < weight(data) and await self._holds(candidate):
                    shorter = candidate
                    break
        return data

    async def _holds(self, data: Data) -> bool:
        text = canonical(data)
        if text in self._tried:
            return False
        self._tried.add(text)
        self._left -= 1
        return self._shows(await simulate(self._plan, scenario_of(data)))


def weight(value: Any) -> int:
    """How much there is to read in a value."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return 4 + sum(4 + weight(each) for each in fields.values())
    if isinstance(value, list | tuple):
        return 3 + sum(3 + weight(each) for each in cast("Sequence[Any]", value))
    if isinstance(value, bool):
        return 2 if value else 1
    if isinstance(value, int | float):
        return 1 if value == 0 else 1 + len(str(value))
    return 1 if value is None else 1 + len(str(value))


# -- what may be simpler ---------------------------------------------------------------------


def _candidates(data: Data) -> Iterator[Data]:
    """Simpler scenarios, the boldest first."""
    for part in (*_PARTS, "customer"):
        if part in data:
            yield _without(data, part)
    for part in ("channel", "language"):
        if part in data:
            yield _without(data, part)
    yield from _fewer_lines(data)
    for part in _PARTS:
        for name in as_object(data.get(part)):
            yield {**data, part: _without(as_object(data[part]), name)}
    for part in _PARTS:
        yield from _simpler_entries(data, part)
    yield from _replaced_everywhere(data)
    lines = as_list(data.get("customer"))
    for number, line in enumerate(lines):
        for simpler in _simpler_line(as_object(line)):
            yield {**data, "customer": [*lines[:number], simpler, *lines[number + 1 :]]}


def _replaced_everywhere(data: Data) -> Iterator[Data]:
    """A value that must be the same in several places gets plainer in all of them at once."""
    parts = {part: data[part] for part in (*_PARTS, "customer") if part in data}
    seen: dict[str, int] = {}
    for leaf in _leaves(parts):
        if isinstance(leaf, str) and leaf:
            seen[leaf] = seen.get(leaf, 0) + 1
    for text, number in seen.items():
        if number > 1:
            yield from ({**data, **_with(parts, text, one)} for one in _plainer(text))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for item in as_object(value).values():  # pyright: ignore[reportUnknownArgumentType]
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _leaves(item)
    else:
        yield value


def _with(value: Any, old: str, new: Any) -> Any:
    """A value with one leaf replaced wherever it stands."""
    if isinstance(value, Mapping):
        items = as_object(value).items()  # pyright: ignore[reportUnknownArgumentType]
        return {name: _with(item, old, new) for name, item in items}
    if isinstance(value, list):
        return [_with(item, old, new) for item in cast("list[Any]", value)]
    return new if isinstance(value, str) and value == old else value


def _without(fields: Mapping[str, Any], name: str) -> Data:
    return {key: value for key, value in fields.items() if key != name}


def _fewer_lines(data: Data) -> Iterator[Data]:
    lines = as_list(data.get("customer"))
    for fewer in _fewer(lines):
        yield {**data, "customer": fewer}


def _fewer(items: Sequence[Any]) -> Iterator[list[Any]]:
    """Half of a list, then a list without one of its items."""
    half = len(items) // 2
    if half:
        yield list(items[:half])
        yield list(items[half:])
    for number in range(len(items) - 1, -1, -1):
        yield [*items[:number], *items[number + 1 :]]


def _simpler_entries(data: Data, part: str) -> Iterator[Data]:
    entries = as_object(data.get(part))
    for name, entry in entries.items():
        simpler = _simpler(entry) if part in {"input", "remembered"} else _simpler_entry(entry)
        for one in simpler:
            yield {**data, part: {**entries, name: one}}


def _simpler_entry(entry: Any) -> Iterator[Any]:
    """A tool's, model's or person's entry, or a list of such."""
    turns = as_list(entry)
    if turns:
        if len(turns) > 1:
            yield from (fewer[0] if len(fewer) == 1 else fewer for fewer in _fewer(turns) if fewer)
        for number, turn in enumerate(turns):
            for one in _simpler_line(as_object(turn)):
                yield [*turns[:number], one, *turns[number + 1 :]]
        return
    yield from _simpler_line(as_object(entry))


def _simpler_line(line: Mapping[str, Any]) -> Iterator[Data]:
    for key in _DROPPED:
        if key in line:
            yield _without(line, key)
    for key in ("returns", "says", "data", "value", "with"):
        if key in line:
            yield from ({**line, key: one} for one in _simpler(line[key]))
    if line.get("fails") not in {None, "error"}:
        yield {**line, "fails": "error"}


def _simpler(value: Any) -> Iterator[Any]:
    """Simpler values: less of it, then plainer leaves."""
    if isinstance(value, Mapping):
        fields = dict(as_object(value))  # pyright: ignore[reportUnknownArgumentType]
        if len(fields) > 1:
            yield from ({name: one} for name, one in fields.items())
        yield from (_without(fields, name) for name in fields)
        for name, item in fields.items():
            yield from ({**fields, name: one} for one in _simpler(item))
    elif isinstance(value, list):
        items = as_list(cast("object", value))
        if items:
            yield []
        yield from _fewer(items)
        for number, item in enumerate(items):
            for one in _simpler(item):
                yield [*items[:number], one, *items[number + 1 :]]
    else:
        yield from _plainer(value)


def _plainer(value: Any) -> Iterator[Any]:
    if value is True:
        yield False
    elif isinstance(value, str) and value:
        yield from ("", "x", value[:1], value[: len(value) // 2])
    elif isinstance(value, int | float) and not isinstance(value, bool) and value != 0:
        yield from (0, 1)
        yield int(value)
