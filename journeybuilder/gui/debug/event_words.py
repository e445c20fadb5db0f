"""What an event of a run says, in a sentence for people, and of which sort it is."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from journeybuilder.contract.json import as_list, as_object
from journeybuilder.gui.look.language import noop, tr
from journeybuilder.run.waiting import lane_name

Event = Mapping[str, Any]
Sort = Literal["step", "call", "talk", "person", "error", "other"]
SORTS: Mapping[str, str] = {
    "": noop("All events"),
    "step": noop("Steps"),
    "call": noop("Calls of tools and models"),
    "talk": noop("Conversation"),
    "person": noop("People and waits"),
    "error": noop("What went wrong"),
}
"""What the time line can be narrowed to."""
ICONS: Mapping[Sort, str] = {
    "step": "branch", "call": "tool", "talk": "chat", "person": "person", "error": "problem",
    "other": "clock",
}  # fmt: skip
_LONG = 160
_OF_EFFECT: Mapping[str, Sort] = {
    "tool": "call", "model": "call", "resource": "call", "prompt": "call", "journey": "call",
    "say": "talk", "listen": "talk", "person": "person", "sleep": "person", "event": "person",
}  # fmt: skip
_OF_EVENT: Mapping[str, Sort] = {
    "errored": "error", "caught": "error", "failed": "error", "parked": "person",
    "resumed": "person", "signaled": "person", "snapshot": "other", "repeated": "other",
}  # fmt: skip


def sort_of(event: Event) -> Sort:
    """The sort of an event."""
    name = str(event.get("event"))
    if name in {"asked", "answered"}:
        return _OF_EFFECT.get(str(event.get("effect")), "other")
    return _OF_EVENT.get(name, "step")


def words_of(event: Event, way: str = "") -> str:
    """The event in a sentence.

    Args:
        event: It.
        way: What the way out is called by which a step is left; its port where that is empty.
    """
    name = str(event.get("event"))
    say = _WORDS.get(name)
    words = say(event) if say is not None else name
    if name == "left":
        words = _left(event, way or str(event.get("port") or ""))
    lane = lane_name(str(event.get("lane") or ""))
    return tr("{words} (lane {lane})", words=words, lane=lane) if lane else words


def short(value: Any) -> str:
    """A value on one line, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    line = " ".join(text.split())
    return line if len(line) <= _LONG else line[: _LONG - 1] + "…"


def _message(event: Event) -> str:
    return short(as_object(event.get("error")).get("message") or "")


def _names(values: Any) -> str:
    return ", ".join(str(one) for one in as_list(values))


def _left(event: Event, way: str) -> str:
    saved = as_object(event.get("save"))
    if saved:
        return tr("Goes on by “{way}”, sets {names}", way=way, names=_names(list(saved)))
    return tr("Goes on by “{way}”", way=way)


def _ended(event: Event) -> str:
    output = as_object(event.get("output"))
    words = tr("The journey ends: {outcome}", outcome=event.get("outcome") or "")
    return f"{words} {short(output)}" if output else words


def _parked(event: Event) -> str:
    waits = as_object(event.get("waiting_for"))
    kinds = {
        "customer": tr("Waits for the customer"),
        "event": tr("Waits for the event {name}", name=waits.get("name", "")),
        "time": tr("Waits for a time to come"),
        "uncertain": tr("Waits for a person to say whether it happened"),
    }
    return kinds.get(str(waits.get("kind")), tr("Waits for a person"))


def _joined(event: Event) -> str:
    meeting = as_object(event.get("meeting"))
    words = tr("Lanes meet: {lanes}", lanes=_names(meeting.get("arrived")) or tr("none"))
    return words + (tr(", the others came too late") if meeting.get("timed_out") else "")


def _asked(event: Event) -> str:
    request, effect = as_object(event.get("request")), str(event.get("effect"))
    say = _ASKED.get(effect)
    return say(request) if say is not None else effect


def _remembers(request: Event) -> str:
    if "forget" in request:
        names = request["forget"]
        return tr("Forgets {names}", names=tr("everything") if names is None else _names(names))
    facts = [as_object(one).get("name") for one in as_list(request.get("remember"))]
    return tr("Remembers {names}", names=_names(facts))


_ASKED: Mapping[str, Callable[[Event], str]] = {
    "say": lambda request: tr("Says: {words}", words=short(request.get("text", ""))),
    "listen": lambda _: tr("Listens to the customer"),
    "tool": lambda request: tr(
        "Calls {tool} with {arguments}",
        tool=request.get("tool"),
        arguments=short(request.get("arguments")),
    ),
    "model": lambda request: tr("Asks the model {name}", name=request.get("model")),
    "person": lambda request: tr(
        "Asks {queue} to decide: {decisions}",
        queue=request.get("to") or tr("a person"),
        decisions=_names(request.get("decisions")),
    ),
    "sleep": lambda _: tr("Waits for a time to come"),
    "event": lambda request: tr("Waits for the event {name}", name=request.get("name")),
    "memory": _remembers,
    "consent": lambda _: tr("Keeps what the customer agreed to"),
    "resource": lambda request: tr("Reads {name}", name=request.get("uri")),
    "prompt": lambda request: tr("Fetches the prompt {name}", name=request.get("prompt")),
    "journey": lambda request: tr("Calls the journey {name}", name=request.get("journey", "")),
}


def _answered(event: Event) -> str:
    answer, effect = as_object(event.get("answer")), str(event.get("effect"))
    if effect == "listen":
        text = answer.get("text")
        return tr("The customer did not answer.") if text is None else _heard(text)
    if effect == "person":
        decision = answer.get("decision")
        return (
            tr("Nobody decided in time.")
            if decision is None
            else tr("Decided: {decision}", decision=decision)
        )
    if effect in {"tool", "resource", "journey"}:
        return tr("Answers: {value}", value=short(answer.get("value", answer)))
    if effect == "model":
        value = answer.get("value")
        shown = answer.get("text") if value is None else value
        calls = [as_object(one).get("name") for one in as_list(answer.get("tool_calls"))]
        return tr("Answers: {value}", value=short(shown) if not calls else _names(calls))
    return tr("Done") if not answer else tr("Done: {value}", value=short(answer))


def _heard(text: Any) -> str:
    return tr("Customer says: {words}", words=short(str(text)))


_WORDS: Mapping[str, Callable[[Event], str]] = {
    "started": lambda _: tr("The journey begins"),
    "entered": lambda _: tr("The step begins"),
    "left": lambda event: _left(event, ""),
    "asked": _asked,
    "answered": _answered,
    "errored": lambda event: tr("Failed: {message}", message=_message(event)),
    "repeated": lambda _: tr("Tries again"),
    "caught": lambda event: tr("The error is dealt with: {message}", message=_message(event)),
    "forked": lambda event: tr(
        "Lanes begin: {lanes}", lanes=_names(list(as_object(event["lanes"])))
    ),
    "arrived": lambda _: tr("The lane has arrived"),
    "joined": _joined,
    "called": lambda event: tr("Begins the journey {name}", name=event.get("journey")),
    "returned": lambda _: tr("The called journey is over"),
    "parked": _parked,
    "resumed": lambda _: tr("Goes on"),
    "signaled": lambda event: tr("The event {name} comes", name=event.get("name")),
    "closing": lambda _: tr("Takes back what was done"),
    "ended": _ended,
    "failed": lambda event: tr("The run failed: {message}", message=_message(event)),
    "cancelled": lambda _: tr("Stopped"),
    "rewound": lambda _: tr("Goes back to an earlier step"),
    "branched": lambda _: tr("Branches off with other values"),
    "snapshot": lambda _: tr("The moment is stored"),
}
