"""The events of a run as rows of a time line: what happened where, in a few words, at what price."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from journeybuilder.contract.json import canonical
from journeybuilder.run.state import Event

_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Row:
    """One event.

    Attributes:
        index: Its number, from 0: the moment after it is `index + 1`.
        at: When, in the run's own time: seconds since 1970.
        kind: The event: `entered`, `asked`, `answered`, `errored`, `left`, `parked`, `ended` …
        node: Where: the node, in a called journey `journey/node`, or an empty text.
        words: What it is about, as the run has it: words said or heard, a tool and its arguments, a
            value, a port, a decision. No sentence, so nothing in it is to be translated.
        effect: What kind of effect was asked or answered (`say`, `tool`, `model` …), else empty.
        cost: USD of this event, None where a model was asked whose price is not known.
        tokens: Tokens that a model read and wrote.
        latency: Seconds that an answer took, as far as the run's clock or `took` tell.
        lane: The lane that it happened in.
    """

    index: int
    at: float
    kind: str
    node: str
    words: str
    effect: str = ""
    cost: float | None = 0.0
    tokens: int = 0
    latency: float = 0.0
    lane: str = ""


def row_of(index: int, event: Event, place: str, question: Event | None) -> Row:
    """The row of an event.

    Args:
        index: Its number in the run, from 0.
        event: What happened.
        place: The node that it happened at.
        question: For an answer or an error: what was asked.
    """
    answer: Mapping[str, Any] = event.get("answer") or {}
    model = event.get("effect") == "model" and event["event"] == "answered"
    return Row(
        index=index,
        at=event["at"],
        kind=event["event"],
        node=place,
        words=short(words_of(event)),
        effect=str(event.get("effect", "")),
        cost=answer.get("cost_usd") if model else 0.0,
        tokens=int(answer.get("tokens_in", 0)) + int(answer.get("tokens_out", 0)) if model else 0,
        latency=_latency(event, question),
        lane=str(event.get("lane", "")),
    )


def short(value: Any) -> str:
    """A value on one line, cut where it is long."""
    text = " ".join(_text(value).split())
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else canonical(value)


def words_of(event: Event) -> str:
    """What an event is about, in the run's own words; all of them."""
    told = _TOLD.get(event["event"])
    return "" if told is None else told(event)


def _latency(event: Event, question: Event | None) -> float:
    if question is None:
        return 0.0
    return max(float(event["at"]) - float(question["at"]), float(event.get("took", 0.0)))


def _asked(event: Event) -> str:
    request, effect = event["request"], event["effect"]
    if effect == "say":
        return str(request["text"])
    if effect == "tool":
        return f"{request['tool']} {canonical(request['arguments'])}"
    if effect == "memory" and "forget" in request:
        return canonical(request["forget"])
    name = _NAMED.get(effect)
    return "" if name is None else _text(request.get(name) or "")


_NAMED: Mapping[str, str] = {
    "model": "model",
    "person": "to",
    "event": "name",
    "resource": "uri",
    "prompt": "prompt",
    "journey": "journey",
    "memory": "remember",
    "consent": "remember",
}
"""What an effect's request is told by."""


def _answered(event: Event) -> str:
    answer, effect = event["answer"], event["effect"]
    if effect == "listen":
        return str(answer["text"] or "")
    if effect in {"tool", "resource"}:
        return _text(answer["value"])
    if effect == "model":
        calls = ", ".join(str(call["name"]) for call in answer["tool_calls"])
        said = answer["text"] if answer["value"] is None else answer["value"]
        return calls or _text(said)
    if effect == "person":
        return str(answer["decision"] or "")
    return _text(answer) if answer else ""


_TOLD: Mapping[str, Callable[[Event], str]] = {
    "asked": _asked,
    "answered": _answered,
    "errored": lambda event: str(event["error"]["message"]),
    "caught": lambda event: str(event["error"]["message"]),
    "failed": lambda event: str(event["error"]["message"]),
    "left": lambda event: str(event["port"]),
    "forked": lambda event: ", ".join(event["lanes"]),
    "arrived": lambda event: str(event["name"]),
    "joined": lambda event: ", ".join(event["meeting"]["arrived"]),
    "called": lambda event: f"{event['journey']} {canonical(event['input'])}",
    "returned": lambda event: _text(event.get("answer") or event.get("error") or ""),
    "signaled": lambda event: f"{event['name']} {_text(event['data'])}",
    "ended": lambda event: str(event["outcome"]),
    "started": lambda event: canonical(event["input"]),
    "branched": lambda event: canonical(event.get("changed") or {}),
}
