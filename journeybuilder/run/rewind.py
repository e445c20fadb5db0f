"""Going back: to before a visit of the same run, or from there on in another run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from journeybuilder.contract.tools import reads
from journeybuilder.errors import OperatorError
from journeybuilder.plan.plan import Plan
from journeybuilder.run.state import Event, apply
from journeybuilder.run.tokens import ROOT, RunState

Going = Sequence[tuple[str, Mapping[str, Any]]]


def rewinding(plan: Plan, events: Sequence[Event], step: int, by: str, *, force: bool) -> Going:
    """The events that bring a run back to before a visit.

    Raises:
        OperatorError: When there is no such visit; or, without `force`, something that was done since
            cannot be taken back.
    """
    state, begin = _before(events, step)
    now = RunState()
    for event in events:
        apply(now, event)
    undos = [undo for undo in now.undos if undo not in state.undos]
    remains = [] if force else list(_remaining(plan, events[begin:], len(undos)))
    if remains:
        raise OperatorError(
            f"what was done since cannot all be taken back: {', '.join(remains)}",
            where=now.run,
            hint="Go back all the same with --force; these are done again when the run comes by.",
        )
    body: dict[str, Any] = {"step": step, "by": by, "state": state.as_json()}
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


def branched(events: Sequence[Event], step: int) -> Mapping[str, Any]:
    """What the first event of a branch says.

    Raises:
        OperatorError: When there is no such visit.
    """
    state, _ = _before(events, step)
    return {"from": state.run, "step": step, "journey": state.journey, "state": state.as_json()}


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


def _remaining(plan: Plan, events: Sequence[Event], undos: int) -> Iterator[str]:
    """What was done by these events and stays done, in words."""
    taken_back = {
        (event["lane"], event["visit"])
        for event in events
        if undos and event["event"] == "left" and "undo" in event
    }
    for event in events:
        if event["event"] != "asked" or (event["lane"], event["visit"]) in taken_back:
            continue
        request = event["request"]
        if event["effect"] == "tool":
            tool, facts = plan.tools.get(request["tool"]), plan.facts.get(request["tool"])
            if tool is None or facts is None or not reads(tool, facts):
                yield f"the call of '{request['tool']}' at '{event['node']}'"
        elif event["effect"] in {"memory", "consent"}:
            yield f"what '{event['node']}' remembers"
