"""What: a journey that is called exists, gets what it takes, and calls do not go round for ever.

Why: the call would fail, or go deeper and deeper until a limit stops it.
Example: `journey: where-is-my-ordr`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from journeybuilder.checks.context import Context
from journeybuilder.checks.reach import reached_from
from journeybuilder.checks.wording import listed, place_words
from journeybuilder.contract.cel_types import Type, fits, of_schema
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.schemas import BadSchema, violations
from journeybuilder.document.findings import Path, Problem, Rule, choices, near
from journeybuilder.document.model import Journey, Node
from journeybuilder.kinds import ports_of

UNKNOWN_JOURNEY = Rule(
    "JB901",
    "error",
    "a journey that the workspace does not have",
    "The call would fail.",
    "Correct the id; it stands after 'journey:' at the top of the other file.",
    "call: {kind: journey, journey: tesst, next: done}",
)
NOT_GIVEN = Rule(
    "JB902",
    "error",
    "a required input is missing",
    "The journey that is called refuses to start without it.",
    "Add it to 'with:'.",
    "call: {kind: journey, journey: greet, next: done}",
)
NOT_TAKEN = Rule(
    "JB903",
    "error",
    "an input that the journey does not take",
    "It is misspelled; its value would be lost.",
    "Correct the name, or add it to 'input:' of the other journey.",
    "call: {kind: journey, journey: greet, with: {nam: Ana, name: Ana}, next: done}",
)
NO_FIT = Rule(
    "JB904",
    "error",
    "an input or output that does not fit its schema",
    "The journey that is called would refuse to start, or the caller could not use what comes back.",
    "Give a value of the type that the schema names.",
    "call: {kind: journey, journey: greet, with: {name: 5}, next: done}",
)
RING = Rule(
    "JB905",
    "warning",
    "journeys that call each other in a ring without a way out",
    "They go deeper until the run is stopped.",
    "Wire a way that comes to an end without the call, or put what both need into a third journey.",
    "call: {kind: journey, journey: test, next: done}",
)
RULES: Sequence[Rule] = (UNKNOWN_JOURNEY, NOT_GIVEN, NOT_TAKEN, NO_FIT, RING)


def check(context: Context) -> Iterable[Problem]:
    """Check every call of another journey, and what the ends give back."""
    journeys = context.known.journeys
    for node in context.journey.nodes.values():
        if node.kind == "end":
            yield from _output(context, node)
        elif node.kind == "journey" and journeys is not None:
            yield from _call(context, node, journeys)


def _call(context: Context, node: Node, journeys: Mapping[str, Journey]) -> Iterator[Problem]:
    name = node.settings.get("journey")
    if not isinstance(name, str) or not name:
        return
    path: Path = ("nodes", node.id, "journey")
    if name not in journeys and name != context.journey.id:
        hint = near(name, journeys) or f"Journeys: {choices(journeys) or 'none'}."
        yield Problem(UNKNOWN_JOURNEY, path, f"there is no journey '{name}'", hint)
        return
    ring = _ring(context.journey, name, journeys)
    if ring:
        message = f"'{context.journey.id}' calls itself on every way to an end"
        if len(ring) > 1:
            between = listed(ring[:-1])
            message = f"{message}, by way of {between}"
        yield Problem(RING, path, message, RING.mend)
    other = journeys.get(name, context.journey)
    yield from _given(context, node, name, other.input)


def _ring(journey: Journey, first: str, journeys: Mapping[str, Journey]) -> list[str]:
    """The journeys on the way of calls back to this one; none where a way leads out of the ring."""
    came: dict[str, str] = {}
    waiting = [(journey, first)]
    known = {**journeys, journey.id: journey}
    while waiting:
        caller, name = waiting.pop(0)
        if name in came or not _must_call(caller, name):
            continue
        came[name] = caller.id
        if name == journey.id:
            way = [name]
            while came[way[0]] != journey.id:
                way.insert(0, came[way[0]])
            return way
        if name in known:
            waiting += [(known[name], each) for each in _called(known[name])]
    return []


def called_from(first: Journey, journeys: Mapping[str, Journey]) -> list[Journey]:
    """A journey and all that it calls, however deep; those that do not exist are left out."""
    out = {first.id: first}
    waiting = [first]
    while waiting:
        for name in _called(waiting.pop(0)):
            if name in journeys and name not in out:
                out[name] = journeys[name]
                waiting.append(journeys[name])
    return list(out.values())


def _called(journey: Journey) -> list[str]:
    """The journeys that a journey calls."""
    calls = (
        node.settings.get("journey") for node in journey.nodes.values() if node.kind == "journey"
    )
    return list(dict.fromkeys(name for name in calls if isinstance(name, str)))


def _must_call(journey: Journey, name: str) -> bool:
    """Whether every run of a journey that comes to an end calls another before."""
    graph = {
        node.id: ()
        if node.kind == "journey" and node.settings.get("journey") == name
        else [port.target for port in ports_of(node) if port.target in journey.nodes]
        for node in journey.nodes.values()
    }
    reached = reached_from([journey.start] if journey.start in graph else [], graph)
    return not any(journey.nodes[node].kind == "end" for node in reached)


def _given(context: Context, node: Node, name: str, schema: Mapping[str, Any]) -> Iterator[Problem]:
    given = as_object(node.settings.get("with"))
    fields = as_object(schema.get("properties"))
    path: Path = ("nodes", node.id, "with")
    meant = {near(key, fields) for key in given if key not in fields}
    for key in as_list(schema.get("required")):
        if key not in given and f"Did you mean '{key}'?" not in meant:
            yield Problem(NOT_GIVEN, path, f"'{name}' needs the input '{key}'", NOT_GIVEN.mend)
    closed = bool(fields) and schema.get("additionalProperties") in (None, False)
    for key, value in given.items():
        if key in fields:
            yield from _fit(context, (*path, key), f"'{key}' of '{name}'", fields[key], value)
        elif closed:
            hint = near(key, fields) or f"It takes {choices(fields)}."
            message = f"'{name}' takes no input '{key}'"
            yield Problem(NOT_TAKEN, (*path, key), message, hint, at_key=True)


def _output(context: Context, node: Node) -> Iterator[Problem]:
    fields = as_object(context.journey.output.get("properties"))
    for key, value in as_object(node.settings.get("output")).items():
        if key in fields:
            place: Path = ("nodes", node.id, "output", key)
            yield from _fit(context, place, place_words(("output", key)), fields[key], value)


def _fit(context: Context, path: Path, who: str, schema: Any, value: Any) -> Iterator[Problem]:
    """Whether a value, computed or not, fits a schema."""
    words = misfit(context, schema, value)
    if words:
        yield Problem(NO_FIT, path, f"{who} {words}", NO_FIT.mend)


def misfit(context: Context, schema: Any, value: Any) -> str:
    """What is wrong with a value for a schema, or an empty text."""
    if "${" not in str(value):
        try:
            wrong = violations(as_object(schema), value)
        except BadSchema:
            return ""  # that is a finding of its own
        return f"does not fit: {wrong[0]}" if wrong else ""
    wanted, given = of_schema(schema), context.typed.of_template(value)
    return "" if fits(given, wanted) else takes(wanted, given)


def takes(wanted: Type, given: Type) -> str:
    """How a message says that a value is of the wrong type."""
    if wanted.kind != given.kind:
        return f"has to be {wanted.words}, and is {given.words}"
    if wanted.options and given.options:
        return f"is never one of {listed(wanted.options[:6])}"
    inner = (wanted.item, given.item)
    if wanted.kind == "list" and inner[0] and inner[1]:
        return f"has to be a list of other elements: each {takes(*inner)}"  # pyright: ignore[reportArgumentType]
    return f"is {given.words} with other fields than the schema names"
