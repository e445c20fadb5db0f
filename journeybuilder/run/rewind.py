"""Going back: to before a visit of the same run, or from there on in another run."""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from journeybuilder.contract.tools import reads
from journeybuilder.errors import OperatorError
from journeybuilder.plan.plan import Plan
from journeybuilder.run.state import Event, apply, fold, without
from journeybuilder.run.tokens import ROOT, Effect, RunState, Token

Going = Sequence[tuple[str, Mapping[str, Any]]]
Place = tuple[int, int]
"""An effect: the number of its visit, and its index there."""


def rewinding(plan: Plan, events: Sequence[Event], step: int, by: str, *, force: bool) -> Going:
    """The events that bring a run back to before a visit.

    Raises:
        OperatorError: When there is no such visit; or, without `force`, something that was done since
            cannot be taken back.
    """
    state, begin = _before(events, step)
    now, since = fold(events), events[begin:]
    undos = without(now.undos, state.undos)
    taken = _taken_back(state, since)
    gone = {undo.get("visit") for undo in [*undos, *taken.values()]}
    remains = [] if force else list(_remaining(plan, since, taken, gone))
    if remains:
        raise OperatorError(
            f"what was done since cannot all be taken back: {', '.join(dict.fromkeys(remains))}",
            where=now.run,
            hint="Go back all the same with --force; these are done again when the run comes by.",
        )
    _forget(state, list(taken.values()))
    _settle(plan, state, since, gone)
    since_then = events[begin]["at"]
    body: dict[str, Any] = {"step": step, "by": by, "since": since_then, "state": state.as_json()}
    if not undos:
        return [("rewound", body)]
    resumed: Going = [("resumed", {"by": by})] if now.status != "running" else []
    closing = {
        "lane": ROOT,
        "frame": ROOT,
        "node": state.path[-1] if state.path else plan.journey.start,
        "visit": now.visits + 1,
        "then": {"event": "rewound", **body},
        "undos": undos,
    }
    return [*resumed, ("closing", closing)]


def branched(plan: Plan, events: Sequence[Event], step: int) -> Mapping[str, Any]:
    """What the first event of a branch says.

    A call that was in progress then is another run's: the branch makes its own.

    Raises:
        OperatorError: When there is no such visit.
    """
    state, begin = _before(events, step)
    for token in state.tokens.values():
        if any(_in_progress(plan, effect) for effect in token.effects.values()):
            _begin_again(token)
    return {
        "from": state.run,
        "step": step,
        "since": events[begin]["at"],
        "journey": state.journey,
        "state": state.as_json(),
    }


def _before(events: Sequence[Event], step: int) -> tuple[RunState, int]:
    """The state before a visit, and how many events had come by then.

    Raises:
        OperatorError: When there is no such visit.
    """
    state = RunState()
    for number, event in enumerate(events):
        if event["event"] == "entered" and event["visit"] == step:
            return state, number
        apply(state, event)
    raise OperatorError(
        f"the run has no step {step}",
        where=state.run,
        hint=f"Steps go from 1 to {state.visits}; 'jb runs show {state.run}' shows them.",
    )


# -- calls that other lanes were at ----------------------------------------------------------


def _settle(plan: Plan, state: RunState, since: Sequence[Event], gone: Set[Any]) -> None:
    """Let calls in progress be known as they went; where that was taken back, begin again."""
    went: dict[Place, Event] = {}
    for event in since:
        if event["event"] in {"answered", "errored"}:
            went.setdefault((event["visit"], event["index"]), event)
    for token in state.tokens.values():
        for index, effect in list(token.effects.items()):
            event = went.get((token.visit, index))
            if not _in_progress(plan, effect):
                continue
            if token.visit in gone:
                _begin_again(token)
            elif event is not None:
                effect.answer, effect.error = event.get("answer"), event.get("error")
                effect.at = event["at"]


def _begin_again(token: Token) -> None:
    token.visit, token.effects = 0, {}


def _in_progress(plan: Plan, effect: Effect) -> bool:
    return effect.kind == "tool" and not effect.settled and _writes(plan, effect.request)


def _writes(plan: Plan, request: Mapping[str, Any]) -> bool:
    tool, facts = plan.tools.get(request["tool"]), plan.facts.get(request["tool"])
    return tool is None or facts is None or not reads(tool, facts)


# -- what has been done ----------------------------------------------------------------------


def _forget(state: RunState, taken: Sequence[Mapping[str, Any]]) -> None:
    """What has been taken back since is not to be taken back again."""
    state.undos = without(state.undos, taken)
    for token in state.tokens.values():
        if token.meeting is not None:
            token.meeting = {**token.meeting, "undos": without(token.meeting["undos"], taken)}


def _taken_back(state: RunState, events: Sequence[Event]) -> Mapping[Place, Mapping[str, Any]]:
    """The undos that were called since and answered, by the effect that was the call."""
    due: dict[int, Sequence[Mapping[str, Any]]] = {}
    meetings = {
        lane: token.meeting["undos"] for lane, token in state.tokens.items() if token.meeting
    }
    out: dict[Place, Mapping[str, Any]] = {}
    for event in events:
        name = event["event"]
        if name == "closing" and "visit" in event:
            due[event["visit"]] = list(reversed(event["undos"]))
        elif name == "joined":
            meetings[event["lane"]] = event["meeting"]["undos"]
        elif name == "entered" and event["lane"] in meetings:
            due[event["visit"]] = meetings.pop(event["lane"])
        elif name == "answered" and event["index"] < len(due.get(event["visit"], ())):
            out[event["visit"], event["index"]] = due[event["visit"]][event["index"]]
    return out


def _remaining(
    plan: Plan, events: Sequence[Event], taken: Mapping[Place, Mapping[str, Any]], gone: Set[Any]
) -> Iterator[str]:
    """What was done by these events and stays done, in words."""
    begun = {event["visit"] for event in events if event["event"] == "left" and "undo" in event}
    failed = {
        (event["visit"], event["index"])
        for event in events
        if event["event"] == "errored" and not event["error"]["uncertain"]
    }
    for event in events:
        if event["event"] != "asked" or event["visit"] in gone:
            continue
        if (event["visit"], event["index"]) in failed:
            continue
        undo = taken.get((event["visit"], event["index"]))
        if undo is not None:
            if undo.get("visit") not in begun:
                yield f"that what '{undo['node']}' did was taken back"
        elif event["effect"] == "tool" and _writes(plan, event["request"]):
            yield f"the call of '{event['request']['tool']}' at '{event['node']}'"
        elif event["effect"] in {"memory", "consent"}:
            yield f"what '{event['node']}' remembers"
