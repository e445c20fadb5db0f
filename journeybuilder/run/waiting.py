"""Which of a run's waits an answer fits, and how it is recorded."""

from collections.abc import Mapping, Sequence
from typing import Any

from journeybuilder.contract.journal import RunRow
from journeybuilder.errors import OperatorError
from journeybuilder.run.recorder import Recorder

_WAITS = {
    "customer": "the customer",
    "review": "a review",
    "handoff": "a person who takes over",
    "uncertain": "somebody to say whether a call was made",
    "event": "an event",
    "time": "its time",
}


def waits_of(row: RunRow) -> Sequence[Mapping[str, Any]]:
    """All that a parked run waits for, as far as its row in the store says."""
    if row.waiting_for is None:
        return []
    return row.waiting_for.get("waits") or [row.waiting_for]


def fitting(
    run: str,
    answer: Mapping[str, Any],
    status: str,
    waits: Sequence[Mapping[str, Any]],
    node: str = "",
) -> Mapping[str, Any]:
    """The wait that this answers: the one of a node or lane, else the first that fits.

    Raises:
        OperatorError: When the run does not wait for this.
    """
    waits = waits if status == "parked" else []
    of_customer = "text" in answer
    able = [
        wait
        for wait in waits
        if (wait["kind"] == "customer" if of_customer else "decisions" in wait)
    ]
    here = meant(able, node) if node else able
    if not here:
        wanted = "the customer" if of_customer else "a person"
        place = f" at '{node}'" if node and able else ""
        now = f"waits for {_words(waits)}" if waits else f"is {status}"
        raise OperatorError(f"the run does not wait for {wanted}{place}; it {now}", where=run)
    if of_customer:
        return here[0]
    offering = [wait for wait in here if answer["decision"] in wait["decisions"]]
    if not offering:
        allowed = ", ".join(here[0]["decisions"])
        raise OperatorError(
            f"'{answer['decision']}' is no decision here",
            where=run,
            hint=f"Say one of: {allowed}.",
        )
    return offering[0]


def lane_name(lane: str) -> str:
    """A lane as people name it, with those it lies in: `left`, or `left/first`; empty for the only one."""
    return "/".join(part.partition(".")[2] for part in lane.split("/")[1:])


def meant(waits: Sequence[Mapping[str, Any]], place: str) -> list[Mapping[str, Any]]:
    """The waits at a node; or the one of a lane, for where several wait at the same node."""
    here = [wait for wait in waits if place in {wait["node"], _within(wait)}]
    lanes = [wait for wait in waits if place in {wait.get("lane"), lane_name(wait.get("lane", ""))}]
    return here or lanes


def place_of(wait: Mapping[str, Any], waits: Sequence[Mapping[str, Any]]) -> str:
    """What tells a wait from the others: its node, else its lane."""
    same = [other for other in waits if other["node"] == wait["node"]]
    return str(wait["node"] if len(same) == 1 else lane_name(wait.get("lane", "")))


def _within(wait: Mapping[str, Any]) -> str:
    return f"{wait.get('journey', '')}/{wait['node']}"


def _words(waits: Sequence[Mapping[str, Any]]) -> str:
    kinds = [_WAITS.get(wait["kind"], "a person") for wait in waits]
    return " and ".join(dict.fromkeys(kinds))


def settle(recorder: Recorder, waiting: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Record the answer to what a run was parked for."""
    state = recorder.state
    token = state.tokens[waiting["lane"]]
    place = {
        "lane": token.lane,
        "node": token.node,
        "visit": token.visit,
        "index": waiting["index"],
    }
    if waiting["kind"] == "customer":
        recorder.emit("answered", **place, effect="listen", answer={"text": answer["text"]})
    elif waiting["kind"] != "uncertain":
        recorder.emit("answered", **place, effect="person", answer=dict(answer))
    elif answer["decision"] == "done":
        value = {"value": answer.get("value"), "note": f"taken as done by {answer['by']}"}
        recorder.emit("answered", **place, effect="tool", answer=value)
    elif answer["decision"] == "not_done":
        recorder.emit("repeated", **place, by=answer["by"])
    else:
        recorder.emit("cancelled", by=answer["by"], path=list(state.path))
