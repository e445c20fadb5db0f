"""What: faults, sources and expectations of a scenario are ones that exist and that can happen.

Why: a fault that is misspelled reads as the tool's own words, and an expectation that cannot be read
never holds.
Example: `tools: {orders/get_order: {fails: time-out}}` where `timeout` is meant.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from journeybuilder.checks.context import Context
from journeybuilder.contract.durations import seconds
from journeybuilder.contract.expressions import ExpressionError, compile_expression
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.patterns import BadSchema, searched
from journeybuilder.document.findings import Path, Problem, Rule, choices, near
from journeybuilder.document.scenario_form import FAULTS, SOURCES

BAD_FAULT = Rule(
    "JB916",
    "warning",
    "a fault that is not meant as it is written",
    "What is no known fault counts as the words of the tool itself, and a call that there is never "
    "fails.",
    f"Known are {', '.join(FAULTS)}; 'calls' wants numbers from 1, 'share' 0 to 1.",
    "journey: greet\ntools: {orders/get_order: {fails: time-out}}",
)
BAD_EXPECTATION = Rule(
    "JB917",
    "error",
    "an expectation that cannot be checked, or never holds",
    "The scenario fails, whatever the journey does.",
    "Conditions are CEL over the journey's variables; 'said' wants {matches: pattern}.",
    "journey: greet\nexpect: [{when: order.total = 3}]",
)
UNKNOWN_SOURCE = Rule(
    "JB918",
    "error",
    "a source of answers that does not exist",
    "Nobody would answer in its place.",
    f"Write one of {', '.join(SOURCES)}; 'recording' needs the line 'recording: NAME' too.",
    "journey: greet\nsources: {tools: {orders/get_order: mocked}}",
)
UNKNOWN_VARIABLE = Rule(
    "JB920",
    "warning",
    "a variable that a scenario changes and the journey does not have",
    "Nothing reads it, so the change does nothing.",
    "Correct the name; it is the one behind 'save:' or 'values:' of a node.",
    "journey: greet\nchanges: [{before: z, set: {ordr: 1}}]",
)
BAD_TIME = Rule(
    "JB921",
    "error",
    "a time in a scenario that is no duration",
    "The rehearsal does not know how long to wait.",
    "Write for example 500ms, 30s, 10m, 4h, 2d or 1h30m.",
    "journey: greet\npeople: {check: {decision: approve, after: soon}}",
)
RULES = (BAD_FAULT, BAD_EXPECTATION, UNKNOWN_SOURCE, UNKNOWN_VARIABLE, BAD_TIME)
_LETTERS = re.compile(r"[^a-z0-9]")
_MEANT = {
    "timedout": "timeout",
    "unauthorised": "unauthorized",
    "401": "unauthorized",
    "down": "unreachable",
    "offline": "unreachable",
    "invalidjson": "bad_json",
    "brokenjson": "bad_json",
    "drift": "drifted",
    "nothing": "empty",
    **{_LETTERS.sub("", name): name for name in FAULTS},
}
_ALWAYS = ("input", "session")


def check(data: Mapping[str, Any], context: Context) -> Iterator[Problem]:
    """Check the words of one scenario; paths are from the root of its file.

    Args:
        data: What the scenario says.
        context: The journey that it is for.
    """
    for part in ("tools", "resources", "models", "prompts"):
        for name, entry in as_object(data.get(part)).items():
            yield from _faults((part, name), entry, may_drift=part == "tools")
    yield from _times(data)
    yield from _sources(data)
    yield from _changes(data, context)
    for index, item in enumerate(as_list(data.get("expect"))):
        yield from _expected(as_object(item), ("expect", index), context)


# -- faults ----------------------------------------------------------------------------------


def _faults(path: Path, entry: Any, *, may_drift: bool) -> Iterator[Problem]:
    yield from _fault(path, as_object(entry), may_drift=may_drift)
    for index, turn in enumerate(as_list(entry)):
        yield from _fault((*path, index), as_object(turn), may_drift=may_drift)


def _fault(path: Path, turn: Mapping[str, Any], *, may_drift: bool) -> Iterator[Problem]:
    fails = turn.get("fails")
    if isinstance(fails, str):
        yield from _kind((*path, "fails"), fails, may_drift=may_drift)
    if fails == "drifted" and "given" in turn:
        message = "a definition has drifted whatever is given to the tool"
        yield Problem(BAD_FAULT, (*path, "given"), message, "Write 'calls:' instead.")
    if "fails" in turn and "returns" in turn:
        message = "it fails and returns something at once; only the failure happens"
        yield Problem(BAD_FAULT, (*path, "fails"), message, "Write two entries of a list.")
    yield from _duration((*path, "slow"), turn.get("slow"))
    share = turn.get("share")
    if isinstance(share, int | float) and not 0 < share <= 1:
        message = f"a share is above 0 and at most 1, and {share} is not"
        yield Problem(BAD_FAULT, (*path, "share"), message, "Write 0.3 for three of ten calls.")
    yield from _calls((*path, "calls"), turn.get("calls"))


def _times(data: Mapping[str, Any]) -> Iterator[Problem]:
    """How long customer, people and events take."""
    for index, line in enumerate(as_list(data.get("customer"))):
        yield from _duration(("customer", index, "after"), as_object(line).get("after"))
    for part in ("people", "events"):
        for name, entry in as_object(data.get(part)).items():
            yield from _duration((part, name, "after"), as_object(entry).get("after"))
            for index, line in enumerate(as_list(entry)):
                yield from _duration((part, name, index, "after"), as_object(line).get("after"))


def _duration(path: Path, value: Any) -> Iterator[Problem]:
    if isinstance(value, str):
        try:
            seconds(value)
        except ValueError as error:
            yield Problem(BAD_TIME, path, str(error), BAD_TIME.mend)


def _kind(path: Path, fails: str, *, may_drift: bool) -> Iterator[Problem]:
    if fails == "drifted" and not may_drift:
        message = "only the definition of a tool can drift"
        yield Problem(BAD_FAULT, path, message, f"Others are: {choices(FAULTS[:-1])}.")
    if fails in FAULTS:
        return
    meant = _MEANT.get(_LETTERS.sub("", fails.casefold()))
    hint = f"Did you mean '{meant}'?" if meant else near(fails, FAULTS)
    if hint and len(fails.split()) <= 2:  # noqa: PLR2004 - more words are a sentence of the tool
        message = f"'{fails}' is no known fault and counts as words of the tool"
        yield Problem(BAD_FAULT, path, message, hint)


def _calls(path: Path, calls: Any) -> Iterator[Problem]:
    span = as_object(calls)
    listed = (calls, *as_list(calls), *span.values())
    numbers = [each for each in listed if isinstance(each, int)]
    if any(number < 1 for number in numbers):
        yield Problem(BAD_FAULT, path, "calls are counted from 1", "Write [1] for the first call.")
    elif span and set(span) - {"from", "to"}:
        message = f"'{min(set(span) - {'from', 'to'})}' is not known here"
        yield Problem(BAD_FAULT, path, message, "Write {from: 2, to: 5}, or one of them.")
    elif len(numbers) == 2 and span and span["from"] > span["to"]:  # noqa: PLR2004 - both ends
        message = f"no call is from {span['from']} on and up to {span['to']}"
        yield Problem(BAD_FAULT, path, message, "Put the smaller number behind 'from'.")


# -- sources ---------------------------------------------------------------------------------


def _sources(data: Mapping[str, Any]) -> Iterator[Problem]:
    for part in ("tools", "models"):
        for name, source in as_object(as_object(data.get("sources")).get(part)).items():
            path: Path = ("sources", part, name)
            if source not in SOURCES:
                hint = near(str(source), SOURCES) or f"Write one of {', '.join(SOURCES)}."
                yield Problem(UNKNOWN_SOURCE, path, f"'{source}' is no source of answers", hint)
            elif source == "recording" and not data.get("recording"):
                message = "no recording is named"
                yield Problem(UNKNOWN_SOURCE, path, message, "Add the line `recording: NAME`.")


# -- changes by hand ------------------------------------------------------------------------


def _changes(data: Mapping[str, Any], context: Context) -> Iterator[Problem]:
    """Variables that are set by hand in the journey itself; those of others are not looked at."""
    known = {*context.typed.savers, *context.journey.variables}
    for index, item in enumerate(as_list(data.get("changes"))):
        if "/" in str(as_object(item).get("before", "")):
            continue
        for name in as_object(as_object(item).get("set")):
            if name not in known:
                hint = near(name, known) or f"There are: {choices(known) or 'none'}."
                message = f"'{context.journey.id}' has no variable '{name}'"
                path: Path = ("changes", index, "set", name)
                yield Problem(UNKNOWN_VARIABLE, path, message, hint, at_key=True)


# -- expectations ----------------------------------------------------------------------------


def _expected(wanted: Mapping[str, Any], path: Path, context: Context) -> Iterator[Problem]:
    if isinstance(wanted.get("when"), str):
        yield from _condition(wanted["when"], (*path, "when"), context)
    if "said" in wanted:
        yield from _said(wanted["said"], (*path, "said"))
    if "outcome" in wanted:
        yield from _outcome(wanted["outcome"], (*path, "outcome"), context)
    if "cost_usd" in wanted and not isinstance(
        as_object(wanted["cost_usd"]).get("below"), int | float
    ):
        message = "'cost_usd' wants {below: amount}"
        yield Problem(BAD_EXPECTATION, (*path, "cost_usd"), message, "Write {below: 0.05}.")
    for key, known in (("called", ("tool", "with", "times")), ("never", ("tool", "with"))):
        yield from _call(as_object(wanted.get(key)), known, (*path, key))


def _call(wanted: Mapping[str, Any], known: tuple[str, ...], path: Path) -> Iterator[Problem]:
    for name in wanted:
        if name not in known:
            hint = near(name, known) or f"Known are: {', '.join(known)}."
            message = f"'{path[-1]}' has no key '{name}'"
            yield Problem(BAD_EXPECTATION, (*path, name), message, hint, at_key=True)
    times = wanted.get("times")
    if times is not None and (not isinstance(times, int) or times < 0):
        message = f"'times' is a whole number from 0, and {times} is not"
        yield Problem(BAD_EXPECTATION, (*path, "times"), message, "Write `times: 1`.")


def _said(wanted: Any, path: Path) -> Iterator[Problem]:
    rules = as_object(wanted)
    for name in rules:
        if name != "matches":
            message = f"'said' has no key '{name}'"
            hint = near(name, ["matches"]) or "Write {matches: pattern}."
            yield Problem(BAD_EXPECTATION, (*path, name), message, hint, at_key=True)
    pattern = rules.get("matches", wanted)
    try:
        searched(str(pattern), "", any_case=True)
    except BadSchema as error:
        place = (*path, "matches") if "matches" in rules else path
        yield Problem(BAD_EXPECTATION, place, str(error), "Write plain words, or mend the pattern.")


def _outcome(wanted: Any, path: Path, context: Context) -> Iterator[Problem]:
    ends = [node for node in context.journey.nodes.values() if node.kind == "end"]
    outcomes = {str(node.settings.get("outcome") or "") for node in ends}
    if context.open or any("${" in outcome for outcome in outcomes):
        return
    if str(wanted) not in outcomes:
        hint = (
            near(str(wanted), outcomes) or f"Outcomes: {choices(filter(None, outcomes)) or 'none'}."
        )
        message = f"'{context.journey.id}' has no end with the outcome '{wanted}'"
        yield Problem(BAD_EXPECTATION, path, message, hint)


def _condition(text: str, path: Path, context: Context) -> Iterator[Problem]:
    try:
        names = compile_expression(text).names
    except ExpressionError as error:
        message = f"'{text}' cannot be read: {error.message}"
        yield Problem(BAD_EXPECTATION, path, message, BAD_EXPECTATION.mend)
        return
    known = {*context.typed.savers, *context.journey.variables, *_ALWAYS}
    for name in sorted(set(names) - known):
        hint = near(name, known) or f"There are: {choices(known)}."
        message = f"nothing is called '{name}' when the run is over"
        yield Problem(BAD_EXPECTATION, path, message, hint)
    if set(names) <= known:
        yield from _clashes(text, path, context)


def _clashes(text: str, path: Path, context: Context) -> Iterator[Problem]:
    reading = context.typed.read(text)
    if reading is None:
        return
    for clash in reading.clashes[:1]:
        if clash.kind in {"field", "type", "never"}:
            message = f"in '{text}': {clash.message}"
            yield Problem(BAD_EXPECTATION, path, message, clash.hint or BAD_EXPECTATION.mend)
    if not reading.clashes and reading.type.kind not in {"bool", "dynamic", "optional"}:
        message = f"'{text}' is {reading.type.words}, and has to be true or false"
        yield Problem(BAD_EXPECTATION, path, message, BAD_EXPECTATION.mend)
