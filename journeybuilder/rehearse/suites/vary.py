"""The variants of a scenario: the same one with one attribute swapped, for `vary:` and for bias."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.checks.context import Known
from journeybuilder.checks.scenarios import check_scenario
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.rehearse.making.made_calls import tools_of
from journeybuilder.rehearse.making.made_of import story_of
from journeybuilder.run.state import Event

_TOLD = ("customer", "tools", "models", "resources", "prompts", "events")
"""Where the old value may be told in other words; what is expected stays as it is."""
_SHORTEST = 2
_NOWHERE = frozenset({"JB913", "JB914"})
"""A tool, model or field that is not there."""


@dataclass(frozen=True)
class Variant:
    """One scenario of several that differ in one attribute.

    Attributes:
        attribute: As `vary:` names it, such as `customer.name`.
        value: What it has here.
        data: The scenario's data with that value, without `vary:`.
    """

    attribute: str
    value: Any
    data: Mapping[str, Any]


def own_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the scenario itself has of each attribute, where that is none of the values of `vary:`.

    Where it has nothing, and one value is to be set beside that, it is None.
    """
    out: dict[str, Any] = {}
    for attribute, values in as_object(data.get("vary")).items():
        found = as_list(values)
        own = next((_get(data, path) for path in _paths(data, attribute) if _has(data, path)), None)
        if own not in found and (own is not None or len(found) == 1):
            out[attribute] = own
    return out


def beside(data: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The values that are set beside each other, by attribute: its own first, then those of `vary:`."""
    own = own_values(data)
    return {
        attribute: [*([own[attribute]] if own.get(attribute) is not None else []), *as_list(values)]
        for attribute, values in as_object(data.get("vary")).items()
    }


def variants(data: Mapping[str, Any], events: Sequence[Event] = ()) -> list[Variant]:
    """Every variant that `vary:` of a scenario's data asks for; empty where it asks for none.

    Args:
        data: What the file of the scenario says.
        events: Of a run of the scenario as it is; its variants get the same answers from tools.
    """
    answered = with_answers(data, events)
    return [
        Variant(attribute, value, swapped(answered, attribute, value))
        for attribute, values in as_object(data.get("vary")).items()
        for value in as_list(values)
    ]


def misplaced(data: Mapping[str, Any], known: Known) -> Iterator[tuple[str, str, str]]:
    """Attributes whose values come to nothing, as their name is misspelled or there are none.

    Returns:
        The attribute, what is wrong, and what to do.
    """
    before = {problem.message for problem in check_scenario(data, known)}
    for attribute, values in as_object(data.get("vary")).items():
        if not as_list(values):
            yield attribute, "it has no values", "Write a list of values that are to be the same."
            continue
        changed = swapped(data, attribute, as_list(values)[0])
        for problem in check_scenario(changed, known):
            if problem.rule.code in _NOWHERE and problem.message not in before:
                yield attribute, problem.message, problem.hint


def with_answers(data: Mapping[str, Any], events: Sequence[Event]) -> dict[str, Any]:
    """A scenario that gives what tools answered in a run of it, where it left that open.

    What was made up hangs on what is asked, so another name alone could bring another answer. Real
    tools stay real.
    """
    given, sources = as_object(data.get("tools")), as_object(data.get("sources"))
    who = as_object(sources.get("tools"))
    answers = {
        name: answer
        for name, answer in (tools_of(story_of(events).effects) if events else {}).items()
        if name not in given and who.get(name, who.get("*")) != "real"
    }
    if not answers:
        return dict(data)
    cast = {**who, **dict.fromkeys(answers, "scenario")} if who else {}
    more = {"sources": {**sources, "tools": cast}} if cast else {}
    return {**data, "tools": {**answers, **given}, **more}


def swapped(data: Mapping[str, Any], attribute: str, value: Any) -> dict[str, Any]:
    """A scenario with another value for one attribute, and without `vary:`.

    Where the old value is a text, it is replaced in what customer, tools and models say, too: who is
    called otherwise says so otherwise.

    Args:
        data: What the file of the scenario says; it is not changed.
        attribute: `input.NAME`, `customer.NAME` (what is remembered of the customer, the facts of a
            simulated one, or `input.customer`), another path in the file, or a path in the input.
        value: The new value.
    """
    out = {key: one for key, one in data.items() if key != "vary"}
    paths = _paths(out, attribute)
    before = next((_get(out, path) for path in paths if _has(out, path)), None)
    if isinstance(before, str) and isinstance(value, str) and len(before) >= _SHORTEST:
        change = _replacing(before, value)
        out |= {key: _told(out[key], change) for key in _TOLD if key in out}
    for path in paths:
        out = _with(out, path, value)
    return out


def _paths(data: Mapping[str, Any], attribute: str) -> list[Sequence[str]]:
    """The places in a scenario that an attribute means; the first one where there is none yet."""
    first, _, rest = attribute.partition(".")
    parts = rest.split(".") if rest else []
    if first == "customer" and rest:
        places = [
            ("remembered", rest),
            ("customer", "facts", *parts),
            ("input", "customer", *parts),
        ]
        return [place for place in places if _has(data, place)] or [places[0]]
    if first in data and rest:
        return [_walk(data, attribute)]
    if not rest and first in {"channel", "language", "recording"}:
        return [(first,)]
    return [("input", *attribute.split("."))]


def _walk(data: Mapping[str, Any], attribute: str) -> Sequence[str]:
    """A path through data, in which names may have dots: `tools.shop/get.order.returns.total`."""
    path: list[str] = []
    rest, here = attribute, data
    while rest:
        parts = rest.split(".")
        names = [".".join(parts[:size]) for size in range(len(parts), 0, -1)]
        name = next((name for name in names if name in here), parts[0])
        path.append(name)
        rest = rest[len(name) + 1 :]
        here = as_object(here.get(name))
    return path


def _has(data: Mapping[str, Any], path: Sequence[str]) -> bool:
    holder = _get(data, path[:-1])
    return isinstance(holder, Mapping) and path[-1] in holder


def _get(data: Any, path: Sequence[str]) -> Any:
    for name in path:
        data = as_object(data).get(name)
    return data


def _with(data: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    name, *rest = path
    inner = _with(as_object(data.get(name)), rest, value) if rest else value
    return {**data, name: inner}


def _replacing(before: str, after: str) -> Callable[[str], str]:
    pattern = re.compile(rf"(?<!\w){re.escape(before)}(?!\w)")
    return lambda text: pattern.sub(lambda _: after, text)


def _told(value: Any, change: Callable[[str], str]) -> Any:
    """Every text below a value changed; names of tools and fields stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, Any]", value)
        return {key: _told(inner, change) for key, inner in mapping.items()}
    if isinstance(value, list):
        return [_told(inner, change) for inner in cast("list[Any]", value)]
    return value
