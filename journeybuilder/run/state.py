"""The state of a run: the fold of its events, and nothing else.

`apply` is the one place where events become state; the engine, the trace, the editor and the tests all
go through it, so any moment of a run can be rebuilt from its events.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from journeybuilder.run.tokens import ROOT, Effect, Frame, Opened, RunState, Token, within

__all__ = ["EVENTS", "FINAL", "Effect", "Event", "RunState", "Token", "apply", "fold"]

Event = Mapping[str, Any]
Undoing = Mapping[str, Any]


def fold(events: Iterable[Event]) -> RunState:
    """The state after these events: all of a run, or those from a `snapshot` on."""
    state = RunState()
    for event in events:
        apply(state, event)
    return state


def apply(state: RunState, event: Event) -> None:
    """Change the state by one event.

    Raises:
        KeyError: When the event is of a kind that this version does not know.
    """
    _REDUCERS[event["event"]](state, event)
    state.version += 1


def whole_request(request: Mapping[str, Any], effects: Mapping[int, Effect]) -> Mapping[str, Any]:
    """A model's request with all of its messages.

    An event has only those that are new after an earlier model call of the same visit (`after`).
    """
    if "after" not in request:
        return request
    before = effects[request["after"]].request
    rest = {key: value for key, value in request.items() if key != "after"}
    messages = [*before["messages"], *request["messages"]]
    return {"schema": before["schema"], "tools": before["tools"], **rest, "messages": messages}


def without(undos: Sequence[Undoing], taken: Sequence[Undoing]) -> list[Undoing]:
    """The undos that are not among those taken.

    A visit leaves one at most. Its frame says nothing: that changes when a journey gives back.
    """
    visits = {undo.get("visit") for undo in taken}
    if None not in visits:
        return [undo for undo in undos if undo.get("visit") not in visits]
    olds = [_done(undo) for undo in taken]  # stored before undos told their visits
    return [undo for undo in undos if _done(undo) not in olds]


def _done(undo: Undoing) -> Undoing:
    return {key: undo[key] for key in ("lane", "node", "tool", "arguments")}


# -- the run ---------------------------------------------------------------------------------


def _started(state: RunState, event: Event) -> None:
    state.run, state.journey, state.plan = event["run"], event["journey"], event["plan"]
    state.session, state.started = event["session"], event["at"]
    state.customer = dict(event.get("customer", {}))
    state.frames = {ROOT: Frame(journey=event["journey"], input=event["input"])}
    state.tokens[ROOT] = Token(ROOT, event["node"])


def _parked(state: RunState, event: Event) -> None:
    state.status = "parked"
    state.waiting_for, state.due = event["waiting_for"], event.get("due")
    state.waits = event.get("waits") or [event["waiting_for"]]


def _resumed(state: RunState, event: Event) -> None:
    del event
    state.status = "running"
    _rest(state)


def _signaled(state: RunState, event: Event) -> None:
    state.signals.setdefault(event["name"], []).append(event["data"])


def _ended(state: RunState, event: Event) -> None:
    state.outcome, state.output = event["outcome"], event["output"]
    _over(state, event)


def _failed(state: RunState, event: Event) -> None:
    state.error = event["error"]
    _over(state, event)


def _over(state: RunState, event: Event) -> None:
    state.status = event["event"]
    state.tokens, state.forks = {}, {}
    state.frames = {ROOT: state.frames[ROOT]}
    _rest(state)


def _cancelled(state: RunState, event: Event) -> None:
    _over(state, event)


def _rest(state: RunState) -> None:
    state.waiting_for, state.waits, state.due = None, [], None


def _replaced(state: RunState, event: Event) -> None:
    """Another moment's state takes the place of this one; what must not go back does not."""
    visits, cost, known = state.visits, state.cost_usd, state.cost_known
    version, run = state.version, state.run or event["run"]
    _load(state, RunState.from_json(event["state"]))
    state.run, state.version = run, version
    state.visits, state.cost_usd = max(visits, state.visits), max(cost, state.cost_usd)
    state.cost_known = state.cost_known and known
    state.session = {**state.session, "id": run}
    # the limit of its duration counts what was lived through, not what was gone back over
    state.started += event["at"] - event.get("since", event["at"])


def _snapshot(state: RunState, event: Event) -> None:
    if state.version == 0:  # whoever folds from here
        _load(state, RunState.from_json(event["state"]))


def _load(state: RunState, other: RunState) -> None:
    for name in RunState.__slots__:
        setattr(state, name, getattr(other, name))


# -- a visit ---------------------------------------------------------------------------------


def _entered(state: RunState, event: Event) -> None:
    token = state.tokens[event["lane"]]
    token.node, token.visit, token.at = event["node"], event["visit"], event["at"]
    token.effects = {}
    state.visits = max(state.visits, token.visit)
    state.steps += 1
    state.path.append(f"{event['journey']}/{token.node}" if "journey" in event else token.node)
    if token.meeting is not None:  # from here on the join answers for them
        state.undos = without(state.undos, token.meeting["undos"])


def _asked(state: RunState, event: Event) -> None:
    effects = state.tokens[event["lane"]].effects
    request = whole_request(event["request"], effects)
    effects[event["index"]] = Effect(event["effect"], request, event["at"])


def _answered(state: RunState, event: Event) -> None:
    effect = state.tokens[event["lane"]].effects[event["index"]]
    effect.answer, effect.at = event["answer"], event["at"]
    change = _ANSWERS.get(event["effect"])
    if change is not None:
        change(state, effect.request, event["answer"])


def _paid(state: RunState, request: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    del request
    cost = answer.get("cost_usd")
    state.cost_usd += cost or 0.0
    state.cost_known = state.cost_known and cost is not None


def _taken(state: RunState, request: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    if answer.get("came"):
        state.signals[request["name"]] = state.signals[request["name"]][1:]


def _memory(state: RunState, request: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    del answer
    for fact in request.get("remember", ()):
        state.customer[fact["name"]] = {key: fact[key] for key in ("value", "purpose", "until")}
    if "forget" in request:
        names = request["forget"]
        gone = list(state.customer) if names is None else names
        state.customer = {name: one for name, one in state.customer.items() if name not in gone}


_ANSWERS: Mapping[str, Callable[[RunState, Mapping[str, Any], Mapping[str, Any]], None]] = {
    "model": _paid,
    "event": _taken,
    "memory": _memory,
    "consent": _memory,
}
"""What an answer changes beyond its effect."""


def _errored(state: RunState, event: Event) -> None:
    effect = state.tokens[event["lane"]].effects[event["index"]]
    effect.error, effect.at = event["error"], event["at"]


def _repeated(state: RunState, event: Event) -> None:
    del state.tokens[event["lane"]].effects[event["index"]]


def _left(state: RunState, event: Event) -> None:
    lane = event["lane"]
    token = state.tokens[lane]
    frame = state.frames[token.frame]
    frame.variables.update(event["save"])
    if "undo" in event:
        own = {"lane": lane, "visit": event["visit"], "frame": frame.id}
        state.undos.append({**event["undo"], **own})
    kept = frame.kept.setdefault(lane, {}) if "keep" in event else frame.kept.get(lane, {})
    before = kept.pop(token.node, None)
    if "keep" in event:
        kept[token.node] = event["keep"]
    elif "keep_on" in event:
        news = event["keep_on"]
        grown = {name: [*before[name], *tail] for name, tail in news["grown"].items()}
        kept[token.node] = {**before, **news["changed"], **grown}
    if "anew" in event:
        kept.pop(event["target"], None)
    state.tokens[lane] = Token(lane, event["target"], token.frame, error=token.error)


def _caught(state: RunState, event: Event) -> None:
    token = state.tokens[event.get("from", event["lane"])]
    frame = state.frames[token.frame]
    if event["by"] == "journey":
        _drop_frame(state, frame)
        frame.caught.add(event["node"])
    lane = event["lane"]
    if "anew" in event:
        frame.kept.get(lane, {}).pop(event["target"], None)
    state.tokens[lane] = Token(lane, event["target"], frame.id, error=event["error"])


# -- lanes -----------------------------------------------------------------------------------


def _forked(state: RunState, event: Event) -> None:
    token = state.tokens.pop(event["lane"])
    lanes = {name: one["lane"] for name, one in event["lanes"].items()}
    state.forks[token.lane] = Opened(
        token.lane, token.node, token.frame, event["at"], event["join"], lanes, error=token.error
    )
    for one in event["lanes"].values():
        state.tokens[one["lane"]] = Token(
            one["lane"], one["target"], token.frame, error=token.error
        )


def _arrived(state: RunState, event: Event) -> None:
    fork_and_name = state.fork_of(state.tokens.pop(event["lane"]))
    if fork_and_name is not None:
        fork_and_name[0].arrived.append(event["name"])


def _joined(state: RunState, event: Event) -> None:
    fork = state.forks.pop(event["lane"])
    _drop_below(state, fork.lane)
    state.tokens[fork.lane] = Token(
        fork.lane, event["node"], fork.frame, error=fork.error, meeting=event["meeting"]
    )


def _drop_below(state: RunState, lane: str) -> None:
    """Nothing of the lanes below this one remains but what they did."""

    def below(other: str) -> bool:
        return other != lane and within(other, lane)

    state.tokens = {name: token for name, token in state.tokens.items() if not below(name)}
    state.forks = {name: fork for name, fork in state.forks.items() if not below(name)}
    for frame in reversed(list(state.frames.values())):  # one comes after the one that called it
        if below(frame.lane):
            _hand_up(state, frame)
        frame.kept = {name: kept for name, kept in frame.kept.items() if not below(name)}


def _drop_frame(state: RunState, frame: Frame) -> None:
    """All tokens of a frame go, and the lanes and frames that it has opened."""
    _drop_below(state, frame.lane)
    state.tokens.pop(frame.lane, None)
    state.forks.pop(frame.lane, None)
    for other in reversed(list(state.frames.values())):
        if other.lane == frame.lane and other.id != frame.id and _called_by(state, other, frame.id):
            _hand_up(state, other)


def _called_by(state: RunState, frame: Frame, outer: str) -> bool:
    while frame.parent:
        if frame.parent == outer:
            return True
        frame = state.frames[frame.parent]
    return False


def _hand_up(state: RunState, frame: Frame) -> None:
    """A frame goes; what it has done is its caller's to take back."""
    del state.frames[frame.id]
    state.undos = [
        {**undo, "frame": frame.parent} if undo["frame"] == frame.id else undo
        for undo in state.undos
    ]


# -- called journeys -------------------------------------------------------------------------


def _called(state: RunState, event: Event) -> None:
    caller = state.tokens[event["lane"]]
    state.frames[event["frame"]] = Frame(
        id=event["frame"],
        journey=event["journey"],
        lane=event["lane"],
        input=event["input"],
        parent=caller.frame,
        caller=caller,
        index=event["index"],
    )
    state.tokens[event["lane"]] = Token(event["lane"], event["target"], event["frame"])


def _returned(state: RunState, event: Event) -> None:
    frame = state.frames[event["frame"]]
    _drop_frame(state, frame)
    _hand_up(state, frame)
    caller = frame.caller
    if caller is not None:
        effect = caller.effects[frame.index]
        effect.answer, effect.error = event.get("answer"), event.get("error")
        effect.at = event["at"]
        state.tokens[caller.lane] = caller


def _closing(state: RunState, event: Event) -> None:
    lane = event.get("lane")
    frame = state.frames[event.get("frame", ROOT)]
    _drop_frame(state, frame)
    undos = event.get("undos", state.undos)
    frame.closing = {"then": event["then"], "undos": undos}
    state.undos = without(state.undos, undos)
    # a visit of its own: an undo must not share an idempotency key with the last node's calls
    visit = event.get("visit", state.visits + 1)
    token = Token(lane or "undo", event["node"], frame.id, visit, event["at"])
    state.visits = max(state.visits, visit)
    state.tokens[token.lane] = token


_REDUCERS: Mapping[str, Callable[[RunState, Event], None]] = {
    "started": _started,
    "entered": _entered,
    "asked": _asked,
    "answered": _answered,
    "errored": _errored,
    "repeated": _repeated,
    "left": _left,
    "caught": _caught,
    "forked": _forked,
    "arrived": _arrived,
    "joined": _joined,
    "called": _called,
    "returned": _returned,
    "parked": _parked,
    "resumed": _resumed,
    "signaled": _signaled,
    "closing": _closing,
    "ended": _ended,
    "failed": _failed,
    "cancelled": _cancelled,
    "rewound": _replaced,
    "branched": _replaced,
    "snapshot": _snapshot,
}
"""Every event there is; a new one gets its line here and a way to be made."""

EVENTS = frozenset(_REDUCERS)
FINAL = frozenset({"ended", "failed", "cancelled"})
