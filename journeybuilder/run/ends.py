"""What follows from a node visit: where its lane goes on, what a journey's end or failure comes to.

Everything here is decided from the state and the plan alone and recorded as events, without waiting for
anything; so a recorded run can be held against it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from journeybuilder.contract.expressions import ExpressionError, render
from journeybuilder.contract.json import as_list
from journeybuilder.contract.step import Finish, Fork, Leave, Undo
from journeybuilder.errors import StepError
from journeybuilder.plan.lanes import Joining
from journeybuilder.plan.plan import Plan, PlannedJourney
from journeybuilder.run.recorder import Recorder
from journeybuilder.run.step import Visit, misfits
from journeybuilder.run.tokens import ROOT, Frame, Opened, RunState, Token, within

_HERE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Ending:
    """What concerns a whole journey in progress; its other lanes are stopped first.

    Attributes:
        lane: Where it comes from.
        frame: The journey in progress that it ends, or that goes on at its `on_error`.
        name: `ended`, `failed` or `caught`.
        body: What the event says.
        undo: Whether an end takes back what was done.
    """

    lane: str
    node: str
    frame: str
    name: str
    body: Mapping[str, Any]
    undo: bool = False


class Ends:
    """Decides for the runs of one plan."""

    def __init__(self, plan: Plan, recorder: Recorder) -> None:
        self._plan = plan
        self._recorder = recorder
        self._state: RunState = recorder.state

    def journey_of(self, frame: str) -> PlannedJourney:
        """The journey of a frame."""
        return self._plan.journeys[self._state.frames[frame].journey]

    def exceeded(self, token: Token, now: float) -> Ending | None:
        """The run's end where it has come to one of its limits."""
        state, limits = self._state, self._plan.limits
        if token.visit == 0 and state.steps >= limits.steps:
            words = f"the run has made {limits.steps} steps, which is its limit"
        elif now - state.started >= limits.duration:
            words = "the run has lasted longer than its limit allows"
        else:
            return None
        error = told(StepError("limit", words), token.node)
        return Ending(token.lane, token.node, ROOT, "failed", {"error": error})

    def result(self, token: Token, result: Leave | Fork | Finish, visit: Visit) -> Ending | None:
        """Go on as a node wants to.

        Raises:
            StepError: When that is not possible.
        """
        if isinstance(result, Leave):
            self._leave(token, result, visit)
        elif isinstance(result, Fork):
            self._fork(token, result)
        else:
            return self._finish(token, result)
        return None

    def _leave(self, token: Token, leave: Leave, visit: Visit) -> None:
        body: dict[str, Any] = {
            "port": leave.port,
            "target": self._target(token, leave.port),
            "save": dict(leave.save),
        }
        if leave.undo is not None:
            names = {**visit.names(), **leave.save}
            body["undo"] = _undo(leave.undo, names, token.node)
        if leave.keep is not None:
            kept = self._state.frames[token.frame].kept.get(token.lane, {})
            body |= _keeping(kept.get(token.node), leave.keep)
        body |= self._anew(token, body["target"])
        self._recorder.emit("left", lane=token.lane, node=token.node, visit=token.visit, **body)

    def _anew(self, token: Token, target: str) -> Mapping[str, bool]:
        """Whether what a loop has kept is of another time than this coming to it."""
        back = self.journey_of(token.frame).rounds.get(target)
        if back is None or token.node in back:
            return {}
        kept = self._state.frames[token.frame].kept.get(token.lane, {})
        return {"anew": True} if target in kept else {}

    def _target(self, token: Token, port: str) -> str:
        target = self.journey_of(token.frame).nodes[token.node].ways.get(port)
        if target is None:
            raise StepError("no_way", f"the way out '{port}' of '{token.node}' is not wired")
        return target

    def _fork(self, token: Token, fork: Fork) -> None:
        joining = self.journey_of(token.frame).joins.get(token.node, Joining(""))
        lanes: dict[str, Mapping[str, str]] = {}
        for port in fork.ports:
            name = port.partition(".")[2] or port
            part = name.replace("%", "%25").replace("/", "%2F")  # a slash stands between lanes
            lane = f"{token.lane}/{token.visit}.{part}"
            lanes[name] = {"lane": lane, "target": self._target(token, port)}
        if not lanes:
            raise StepError("no_way", f"'{token.node}' opens no lanes")
        self._recorder.emit(
            "forked",
            lane=token.lane,
            node=token.node,
            visit=token.visit,
            join=joining.node,
            lanes=lanes,
        )

    def _finish(self, token: Token, finish: Finish) -> Ending:
        output = dict(finish.output)
        wrong = misfits(self.journey_of(token.frame).journey.output, output)
        if wrong:
            words = f"what '{token.node}' gives back is not what the journey promises: {wrong}"
            raise StepError("bad_output", words)
        body = {"outcome": finish.outcome, "output": output}
        return Ending(token.lane, token.node, token.frame, "ended", body, finish.undo)

    def caught(self, token: Token, error: StepError) -> Ending | None:
        """Send an error where the node, else the journey wants it; else the journey fails."""
        planned = self.journey_of(token.frame)
        own = planned.nodes[token.node].ways.get("on_error")
        body = {"error": told(error, token.node)}
        if own is not None:
            self._recorder.emit(
                "caught", lane=token.lane, node=token.node, visit=token.visit, by="node",
                target=own, **body, **self._anew(token, own),
            )  # fmt: skip
            return None
        general = planned.journey.on_error
        frame = self._state.frames[token.frame]
        # a node that failed and fails again behind the journey's own handler would go round for ever
        again = token.node in frame.caught or token.node == general
        if not general or again:
            return Ending(token.lane, token.node, token.frame, "failed", body)
        body |= {"visit": token.visit, "by": "journey", "target": general}
        return Ending(token.lane, token.node, token.frame, "caught", body)

    # -- the end of a journey ----------------------------------------------------------------

    def others(self, ending: Ending) -> list[str]:
        """The lanes that have to stop before it can come to this."""
        outer = self._state.frames[ending.frame].lane
        return [lane for lane in self._state.tokens if lane != ending.lane and within(lane, outer)]

    def conclude(self, ending: Ending) -> None:
        """Bring a journey to its end, or to its `on_error`; one that failed first takes back."""
        frame = self._state.frames[ending.frame]
        origin = {} if ending.lane == frame.lane else {"from": ending.lane}
        if ending.name == "caught":
            self._recorder.emit(
                "caught", lane=frame.lane, node=ending.node, **origin, **ending.body
            )
            return
        undos = self._undos(ending, frame)
        if undos and frame.closing is None:
            self._recorder.emit(
                "closing",
                lane=frame.lane,
                frame=frame.id,
                node=ending.node,
                visit=self._state.visits + 1,
                then={"event": ending.name, **ending.body},
                undos=undos,
                **origin,
            )
        else:
            self.close(frame, ending.name, ending.body, origin)

    def _undos(self, ending: Ending, frame: Frame) -> list[Mapping[str, Any]]:
        """What is taken back: all by a run that failed, a journey's own by an end that says so."""
        if ending.name == "failed" and frame.id == ROOT:
            return list(self._state.undos)
        if ending.undo:
            return [undo for undo in self._state.undos if self._of(undo["frame"], frame.id)]
        return []

    def _of(self, frame: str, outer: str) -> bool:
        while frame:
            if frame == outer:
                return True
            frame = self._state.frames[frame].parent
        return False

    def close(
        self, frame: Frame, name: str, body: Mapping[str, Any], origin: Mapping[str, str] = _HERE
    ) -> None:
        """End a journey in progress: the run itself, or one that gives back to its caller."""
        state = self._state
        if name == "rewound":
            self._recorder.emit(name, **body)
        elif frame.id == ROOT:
            cost = state.cost_usd if state.cost_known else None
            self._recorder.emit(name, **body, path=list(state.path), cost_usd=cost, **origin)
        else:
            self._recorder.emit(
                "returned", lane=frame.lane, frame=frame.id, index=frame.index,
                **_given_back(frame, name, body), **origin,
            )  # fmt: skip

    # -- lanes -------------------------------------------------------------------------------

    def arrives(self, token: Token) -> str | None:
        """The name of the lane that has come to its join with this token."""
        found = self._state.fork_of(token)
        if found is None or token.visit or token.node != found[0].join:
            return None
        return found[1]

    def deadline(self, fork: Opened) -> float | None:
        """When the join stops waiting, or None for never."""
        joining = self.journey_of(fork.frame).joins.get(fork.node)
        if joining is None or joining.timeout is None:
            return None
        return fork.at + joining.timeout

    def enough(self, fork: Opened) -> bool:
        """Whether all that the join waits for have come."""
        joining = self.journey_of(fork.frame).joins.get(fork.node, Joining(""))
        need = len(fork.lanes) if joining.need is None else min(joining.need, len(fork.lanes))
        return bool(joining.node) and len(fork.arrived) >= need

    def late(self, fork: Opened) -> list[str]:
        """Lanes that have not come, and the lanes below these, where a token stands."""
        missing = [lane for name, lane in fork.lanes.items() if name not in fork.arrived]
        return [
            lane for lane in self._state.tokens if any(within(lane, outer) for outer in missing)
        ]

    def join(self, fork: Opened, *, timed_out: bool) -> None:
        """Let the lanes meet; those that have not come are gone."""
        joining = self.journey_of(fork.frame).joins[fork.node]
        cancelled = [name for name in fork.lanes if name not in fork.arrived]
        gone = [fork.lanes[name] for name in cancelled]
        undos = [
            undo
            for undo in reversed(self._state.undos)
            if joining.undo and any(within(undo["lane"], lane) for lane in gone)
        ]
        meeting = {
            "arrived": list(fork.arrived),
            "cancelled": cancelled,
            "timed_out": timed_out,
            "undos": undos,
        }
        self._recorder.emit("joined", lane=fork.lane, node=joining.node, meeting=meeting)


def _given_back(frame: Frame, name: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the caller of a journey gets: its outcome and output, or the error that it failed with."""
    if name == "ended":
        return {"answer": dict(body)}
    error = dict(body["error"])
    detail = {**error["detail"], "node": error.pop("node"), "journey": frame.journey}
    return {"error": {**error, "detail": detail}}


def _keeping(before: Any, keep: Any) -> Mapping[str, Any]:
    """What is recorded of what a node keeps: all of it, or what is new since its last visit.

    A loop keeps its list for as many rounds as that has items; recording all of it each time would make
    the record grow with the square of its length.
    """
    if not isinstance(before, dict) or not isinstance(keep, dict) or before.keys() != keep.keys():
        return {"keep": keep}
    old, new = cast("dict[str, Any]", before), cast("dict[str, Any]", keep)
    changed: dict[str, Any] = {}
    grown: dict[str, Sequence[Any]] = {}
    for name, value in new.items():
        first = as_list(old[name])
        if first and as_list(value)[: len(first)] == first:
            grown[name] = as_list(value)[len(first) :]
        elif value != old[name]:
            changed[name] = value
    grown = {name: tail for name, tail in grown.items() if tail}
    return {"keep_on": {"changed": changed, "grown": grown}}


def told(error: StepError, node: str) -> dict[str, Any]:
    """An error as events have it."""
    return {"code": error.code, "message": error.message, "node": node, "detail": error.detail,
            "uncertain": error.uncertain}  # fmt: skip


def _undo(undo: Undo, names: Mapping[str, Any], node: str) -> dict[str, Any]:
    try:
        arguments = render(dict(undo.arguments), names)
    except ExpressionError as error:
        raise StepError("expression", f"in 'undo' of '{node}': {error.message}") from None
    return {"tool": undo.tool, "arguments": arguments, "node": node}
