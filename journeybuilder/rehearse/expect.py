"""What a scenario expects, checked against the events of its run."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from journeybuilder.contract.expressions import ExpressionError, compile_expression
from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.contract.patterns import BadSchema, searched
from journeybuilder.run.state import Event, RunState
from journeybuilder.run.values import CONSENT


def failures(
    expect: Sequence[Mapping[str, Any]], state: RunState, events: Sequence[Event]
) -> list[str]:
    """Every expectation that does not hold, in words; empty when all hold."""
    out: list[str] = []
    for item in expect:
        for name, wanted in item.items():
            check = _CHECKS.get(name)
            if check is None:
                known = ", ".join(_CHECKS)
                out.append(f"'{name}' is no expectation; known are {known}")
            elif words := check(wanted, state, events):
                out.append(f"{name}: {words}")
    return out


def _path(wanted: Any, state: RunState, events: Sequence[Event]) -> str:
    """The nodes `wanted` are visited in this order; others may lie between."""
    del events
    rest = iter(state.path)
    missing = [
        node
        for node in ([wanted] if isinstance(wanted, str) else as_list(wanted))
        if not any(node in (one, f"{state.journey}/{one}") for one in rest)
    ]
    return f"went {' → '.join(state.path)}, without {missing[0]} in its place" if missing else ""


def calls(events: Sequence[Event]) -> list[Mapping[str, Any]]:
    """The requests of all tool calls of a run."""
    return [
        event["request"]
        for event in events
        if event["event"] == "asked" and event["effect"] == "tool"
    ]


def _tool(wanted: Any) -> str:
    """The tool of `{tool: …}`, or of its name alone."""
    return str(as_object(wanted).get("tool", wanted))


def _times(number: Any) -> str:
    return "once" if number == 1 else f"{number} times"


def _matching(wanted: Any, events: Sequence[Event]) -> int:
    arguments = as_object(as_object(wanted).get("with"))
    return sum(
        request["tool"] == _tool(wanted)
        and all(request["arguments"].get(name) == value for name, value in arguments.items())
        for request in calls(events)
    )


def _called(wanted: Any, state: RunState, events: Sequence[Event]) -> str:
    del state
    number = _matching(wanted, events)
    tool, times = _tool(wanted), as_object(wanted).get("times")
    if number == times or (times is None and number > 0):
        return ""
    made = ", ".join(f"{item['tool']} {canonical(item['arguments'])}" for item in calls(events))
    asked = _times(times) if times is not None else "at least once"
    return f"{tool} was called {_times(number)}, not {asked}; calls: {made or 'none'}"


def _never(wanted: Any, state: RunState, events: Sequence[Event]) -> str:
    del state
    number = _matching(wanted, events)
    return f"{_tool(wanted)} was called {_times(number)}" if number else ""


def _said(wanted: Any, state: RunState, events: Sequence[Event]) -> str:
    del state
    words = [
        str(event["request"]["text"])
        for event in events
        if event["event"] == "asked" and event["effect"] == "say"
    ]
    pattern = str(as_object(wanted).get("matches", wanted))
    try:
        for text in words or [""]:  # a pattern that is none is told, whatever was said
            answer = searched(pattern, text, any_case=True)
            if answer is None:
                return f"it takes too long to find out whether '{pattern}' matches; write it more simply"
            if answer and words:
                return ""
    except BadSchema as error:
        return str(error)
    return f"nothing said matches '{pattern}'; said was: {' | '.join(words) or 'nothing'}"


def _outcome(wanted: Any, state: RunState, events: Sequence[Event]) -> str:
    del events
    if state.outcome == wanted:
        return ""
    reached = state.outcome or (state.error or {}).get("message") or state.status
    return f"it was '{reached}', not '{wanted}'"


def _output(wanted: Any, state: RunState, events: Sequence[Event]) -> str:
    del events
    wrong = [name for name, value in as_object(wanted).items() if state.output.get(name) != value]
    if not wrong:
        return ""
    name = wrong[0]
    got, asked = canonical(state.output.get(name)), canonical(as_object(wanted)[name])
    return f"'{name}' is {got}, not {asked}"


def _cost(wanted: Any, state: RunState, events: Sequence[Event]) -> str:
    del events
    below = as_object(wanted).get("below")
    if not isinstance(below, int | float):
        return "say 'below:' and an amount"
    if not state.cost_known:
        return "a model of unknown price was used"
    return f"{state.cost_usd} USD is not below {below}" if state.cost_usd >= below else ""


def _when(wanted: Any, state: RunState, events: Sequence[Event]) -> str:
    del events
    try:
        names = {
            "input": state.input, "session": state.session, "outcome": state.outcome,
            "output": state.output, **state.variables,
        }  # fmt: skip
        value = compile_expression(str(wanted)).value(names)
    except ExpressionError as error:
        return f"'{wanted}': {error.message}"
    return "" if value is True else f"'{wanted}' does not hold"


def _remembered(wanted: Any, state: RunState, events: Sequence[Event]) -> str:
    """What is known of the customer in the end; null is nothing."""
    del events
    for name, value in as_object(wanted).items():
        known = _known(state).get(name)
        if known != value:
            return f"'{name}' is {canonical(known)}, not {canonical(value)}"
    return ""


def _known(state: RunState) -> Mapping[str, Any]:
    """The facts of the customer by name; `consent.PURPOSE` is true or false."""
    facts = {name: as_object(fact).get("value") for name, fact in state.customer.items()}
    return {
        name: as_object(value).get("given") if name.startswith(CONSENT) else value
        for name, value in facts.items()
    }


def _sound(wanted: Any, state: RunState, events: Sequence[Event]) -> str:
    """`sound: true` needs the plan: `soundness.unsound` looks at it."""
    del state, events
    return "" if wanted is True else "say 'sound: true', or leave it out"


def unknown_in(expect: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is no expectation in a list of such, in words."""
    known = ", ".join(_CHECKS)
    return [
        f"'{name}' is no expectation; known are {known}"
        for item in expect
        for name in item
        if name not in _CHECKS
    ]


_CHECKS: Mapping[str, Callable[[Any, RunState, Sequence[Event]], str]] = {
    "path": _path,
    "called": _called,
    "never": _never,
    "said": _said,
    "outcome": _outcome,
    "output": _output,
    "cost_usd": _cost,
    "remembered": _remembered,
    "when": _when,
    "sound": _sound,
}
