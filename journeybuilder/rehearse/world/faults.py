"""Faults on purpose: what stands behind `fails:`, `slow:`, `calls:` and `share:` in a rehearsal.

Each acts as the real thing does, so that a journey takes the same way out as on a bad day.
"""

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from journeybuilder.connect.model_faults import Fault, Target, fault_of, too_slow
from journeybuilder.contract.durations import seconds, words
from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.contract.schemas import BadSchema
from journeybuilder.contract.services import ToolAnswer, ToolCall
from journeybuilder.contract.tools import ToolDef
from journeybuilder.errors import StepError
from journeybuilder.rehearse.world.made import empty
from journeybuilder.rehearse.world.sources import seed_of

SCRIPTED_NOTE = "from the scenario"
PLANTED_NOTE = "a fault chosen for this rehearsal"
_UNAUTHORIZED, _BROKEN = 401, 500
_CUT = '{"result": {"id": "A-10'
Turn = Mapping[str, Any]


class Turns:
    """The answers of one tool, model or resource in turn, the last one again and again.

    Answers with `calls` or `share` are for some calls only and come first; they use up no turn. Those with
    `given` are for calls with these arguments, and have turns of their own.

    Args:
        entry: One answer or a list; a text is a fault.
        seed: Decides which calls `share` means.
    """

    def __init__(self, entry: Any, seed: int) -> None:
        turns = [_turn(item) for item in (as_list(entry) or [entry])]
        self._some = [turn for turn in turns if is_partial(turn)]
        self._plain = [turn for turn in turns if not is_partial(turn)]
        self._choosy = any("given" in turn for turn in turns)
        self._seed = seed
        self._used: dict[str, int] = {}
        self._known: list[Turn] = []

    def at(self, number: int, arguments: Mapping[str, Any] | None = None) -> Turn:
        """What is meant for a call, which is counted from 0; empty where nothing is.

        Args:
            number: Of the call.
            arguments: Of the call; None looks ahead to one whose arguments are not known.
        """
        while len(self._known) < number:
            self._known.append(self._next(len(self._known), None))
        if self._choosy and arguments is None:
            return self._of_some(number, None) or {}
        if len(self._known) == number:
            self._known.append(self._next(number, arguments))
        return self._known[number]

    def _of_some(self, number: int, arguments: Mapping[str, Any] | None) -> Turn | None:
        for turn in self._some:
            if is_meant(turn, number, self._seed) and _fits(turn, arguments):
                return turn
        return None

    def _next(self, number: int, arguments: Mapping[str, Any] | None) -> Turn:
        turn = self._of_some(number, arguments)
        if turn is not None:
            return turn
        fitting = [turn for turn in self._plain if "given" in turn and _fits(turn, arguments)]
        given: Mapping[str, Any] = as_object(fitting[0]["given"]) if fitting else {}
        lines = [turn for turn in self._plain if as_object(turn.get("given")) == given]
        if not lines:
            return {}
        used = self._used.get(canonical(given), 0)
        self._used[canonical(given)] = used + 1
        return lines[min(used, len(lines) - 1)]


def _fits(turn: Turn, arguments: Mapping[str, Any] | None) -> bool:
    """Whether an answer is for a call with these arguments."""
    if "given" not in turn:
        return True
    given = as_object(turn["given"])
    return arguments is not None and all(
        name in arguments and arguments[name] == value for name, value in given.items()
    )


def _turn(item: Any) -> Turn:
    return {"fails": item} if isinstance(item, str) else as_object(item)


def is_partial(turn: Turn) -> bool:
    """Whether an answer is for some calls only."""
    return "share" in turn or bool(_numbers(turn)) or _span(turn) is not None


def _numbers(turn: Turn) -> list[int]:
    """`calls: [2, 3]`; the `calls` of a model's answer are mappings and mean something else."""
    calls = turn.get("calls")
    listed = [calls] if isinstance(calls, int) else as_list(calls)
    return [each for each in listed if isinstance(each, int)]


def _span(turn: Turn) -> Mapping[str, Any] | None:
    calls = as_object(turn.get("calls"))
    return calls if "from" in calls or "to" in calls else None


def is_meant(turn: Turn, number: int, seed: int) -> bool:
    """Whether an answer is for this call, which is counted from 0."""
    share, span = turn.get("share"), _span(turn)
    if numbers := _numbers(turn):
        return number + 1 in numbers
    if span is not None:
        return span.get("from", 1) <= number + 1 <= span.get("to", number + 1)
    if isinstance(share, int | float):
        return Random(seed_of(seed, number)).random() < share  # noqa: S311 - no secret
    return True


def slowness(turn: Turn) -> float:
    """How long an answer takes, in seconds.

    Raises:
        StepError: `bug` when what stands there is no duration.
    """
    try:
        return seconds(str(turn["slow"])) if "slow" in turn else 0.0
    except ValueError as error:
        raise StepError("bug", f"slow: {error}") from None


# -- tools -----------------------------------------------------------------------------------


def timed_out(what: str, timeout: float, note: str) -> StepError:
    """The call was given up, and nobody knows how far the tool got."""
    message = f"'{what}' gave no answer within {words(timeout)} ({note})"
    return StepError("timeout", message, uncertain=True)


def failed(what: str, kind: str, note: str) -> StepError:
    """A call that failed at once, as `connect` tells it of a real server."""
    if kind == "unreachable":
        message = f"'{what}': nothing answers where its server should be ({note})"
        return StepError("unreachable", message)
    if kind == "unauthorized":
        message = f"'{what}': its server wants to know who asks (HTTP 401) ({note})"
        return StepError("unreachable", message, detail={"status": _UNAUTHORIZED})
    said = "the tool could not do it" if kind == "error" else kind
    return StepError("tool_failed", f"'{what}' failed: {said} ({note})")


def broken_result(tool: ToolDef | None, call: ToolCall, note: str) -> ToolAnswer:
    """Half of an answer: text where JSON was promised.

    Raises:
        StepError: `bad_result` where the tool promises nothing that this breaks.
    """
    try:
        promised = tool is not None and tool.gives is not None and tool.gives.violations(_CUT)
    except BadSchema:
        promised = False
    if promised:
        return ToolAnswer(_CUT, note)  # the gate refuses it, as it does a real one
    message = f"'{call.tool}' has run, but its answer cannot be read as JSON ({note})"
    raise StepError("bad_result", message, detail={"ran": True}, uncertain=True)


def empty_result(tool: ToolDef | None, note: str) -> ToolAnswer:
    """The answer of a tool that has found nothing."""
    schema = None if tool is None else tool.output_schema
    return ToolAnswer(None if schema is None else empty(schema), note)


def drifted(tool: ToolDef) -> ToolDef:
    """The definition as a server gives it that was changed since it was approved."""
    said = f"{tool.description} (changed since it was approved)".strip()
    return replace(tool, description=said)


# -- models ----------------------------------------------------------------------------------


class _Refused(Exception):  # noqa: N818 - what a provider answers, in place of LiteLLM's own
    """An answer of a provider with a status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status_code = status


class APIConnectionError(Exception):
    """As LiteLLM calls it: `fault_of` goes by names."""


class JSONDecodeError(Exception):
    """As LiteLLM calls it: `fault_of` goes by names."""


def model_fault(target: Target, kind: str, limit: float, *, schema: bool) -> Fault:
    """What a real model of this alias would have failed with."""
    match kind:
        case "timeout":
            return too_slow(target, limit)
        case "unreachable":
            return fault_of(APIConnectionError(), target, limit)
        case "unauthorized":
            return fault_of(_Refused(_UNAUTHORIZED), target, limit)
        case "error":
            return fault_of(_Refused(_BROKEN), target, limit)
        case "bad_json" if schema:
            return _unusable(target, "it is no valid JSON")
        case "bad_json":
            return fault_of(JSONDecodeError(), target, limit)
        case "empty":
            return _unusable(target, "it is empty")
        case _:
            return Fault(f"model '{target.alias}' failed: {kind}")


def _unusable(target: Target, why: str) -> Fault:
    return Fault(f"model '{target.alias}' gave no usable answer: {why}")
