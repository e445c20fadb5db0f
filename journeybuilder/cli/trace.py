"""A run's events as lines for people."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from journeybuilder.cli.output import clean
from journeybuilder.run.waiting import lane_name

_WIDTH = 100


def short(value: Any) -> str:
    """A value on one line, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = clean(" ".join(text.split()))
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def lines(event: Mapping[str, Any]) -> Iterator[str]:
    """What an event says, in none, one or more lines."""
    name = event["event"]
    if name in _SEVERAL:
        yield from (line + _lane(event) for line in _SEVERAL[name](event))
    elif name in _ONE:
        yield _ONE[name](event) + _lane(event)
    elif name in {"parked", "ended", "failed", "cancelled"}:
        yield ending(event)


def _entered(event: Mapping[str, Any]) -> str:
    place = f"{event['journey']}/{event['node']}" if "journey" in event else event["node"]
    number = click.style(f"  #{event['visit']}", dim=True)
    return click.style(f"▸ {place}", bold=True) + number


def _lane(event: Mapping[str, Any]) -> str:
    """The lane of a `parallel` by its name; nothing for a run of one lane."""
    lane = lane_name(str(event.get("lane", "")))
    return click.style(f"  in lane {lane}", dim=True) if lane else ""


def _met(event: Mapping[str, Any]) -> str:
    meeting = event["meeting"]
    late = " when the time had passed" if meeting["timed_out"] else ""
    stopped = ", ".join(meeting["cancelled"])
    return f"    lanes met{late}: {', '.join(meeting['arrived']) or 'none'}" + (
        f"; stopped: {stopped}" if stopped else ""
    )


def _asked(event: Mapping[str, Any]) -> Iterator[str]:
    request = event["request"]
    effect = event["effect"]
    if effect == "say":
        yield f"    says     {short(request['text'])}"
        for number, choice in enumerate(request.get("choices", ()), 1):
            yield f"             {number}. {short(choice)}"
    elif effect == "tool":
        yield f"    calls    {request['tool']} {short(request['arguments'])}"
    elif effect == "model":
        yield f"    asks     model '{request['model']}'"
    elif effect == "person":
        yield f"    waits    for a decision of '{request['to']}': {', '.join(request['decisions'])}"
    elif effect in _OTHERS:
        yield f"    {_OTHERS[effect](request)}"


def _remembers(request: Mapping[str, Any]) -> str:
    if "forget" in request:
        names = request["forget"]
        return f"forgets  {'all' if names is None else short(', '.join(names))}"
    return f"keeps    {short({fact['name']: fact['value'] for fact in request['remember']})}"


def _agrees(request: Mapping[str, Any]) -> str:
    given = [
        f"'{fact['name'].partition('.')[2]}' {'given' if fact['value']['given'] else 'refused'}"
        for fact in request["remember"]
    ]
    return f"consent  {', '.join(given)}"


_OTHERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "event": lambda request: f"waits    for the event '{request['name']}'",
    "memory": _remembers,
    "consent": _agrees,
    "resource": lambda request: (
        f"reads    {short(request['resource'].partition('/')[0] + '/' + request['uri'])}"
    ),
    "prompt": lambda request: f"fetches  the prompt '{request['prompt']}'",
}


def _answered(event: Mapping[str, Any]) -> Iterator[str]:
    answer = event["answer"]
    if event["effect"] == "listen":
        heard = "nothing in time" if answer["text"] is None else short(answer["text"])
        yield f"    hears    {heard}"
    elif event["effect"] in {"tool", "resource"}:
        note = f"  ({answer['note']})" if answer["note"] else ""
        yield f"    gets     {short(answer['value'])}{note}"
    elif event["effect"] == "model":
        said = answer["text"] if answer["value"] is None else answer["value"]
        calls = ", ".join(call["name"] for call in answer["tool_calls"])
        who = "scripted stand-in" if answer["scripted"] else answer["model"]
        note = f"; {clean(answer['note'])}" if answer.get("note") else ""
        yield f"    gets     {short(calls or said)}  ({who}{note})"
    elif event["effect"] == "person":
        decision = answer["decision"] or "nothing in time"
        yield f"    decided  {decision}" + (f" by {answer['by']}" if answer.get("by") else "")


def _errored(event: Mapping[str, Any]) -> str:
    return click.style(f"    ✗ {clean(event['error']['message'])}", fg="red")


def _caught(event: Mapping[str, Any]) -> str:
    message = f"    ✗ {clean(event['error']['message'])}, goes to '{event['target']}'"
    return click.style(message, fg="red")


def _left(event: Mapping[str, Any]) -> Iterator[str]:
    if event["port"] != "next":
        yield f"    → {event['port']}"


_SEVERAL: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "asked": _asked,
    "answered": _answered,
    "left": _left,
}
_ONE: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "entered": _entered,
    "errored": _errored,
    "caught": _caught,
    "forked": lambda event: f"    lanes    {', '.join(event['lanes'])}",
    "joined": _met,
    "called": lambda event: f"    ↓ journey '{event['journey']}' {short(event['input'])}",
    "returned": lambda event: f"    ↑ back {short(event.get('answer') or event.get('error'))}",
    "signaled": lambda event: f"⚑ event '{event['name']}' {short(event['data'])}",
    "closing": lambda _: "▸ taking back what was done",
    "rewound": lambda event: click.style(
        f"↩ back to before step #{event['step']}, by {event['by']}", bold=True
    ),
    "branched": lambda event: click.style(
        f"⑂ from step #{event['step']} of {event['from']}", bold=True
    ),
}
"""What is said of each event; the others say nothing that a person wants to read."""


def ending(event: Mapping[str, Any]) -> str:
    """How a run stands, in one line."""
    name = event["event"]
    if name == "ended":
        output = f" with {short(event['output'])}" if event["output"] else ""
        return click.style(f"■ ended: {event['outcome']}{output}", fg="green", bold=True)
    if name == "failed":
        error = event["error"]
        return click.style(
            f"■ failed at '{error['node']}': {clean(error['message'])}", fg="red", bold=True
        )
    if name == "cancelled":
        return click.style(f"■ cancelled by {event['by']}", bold=True)
    waits = event.get("waits") or [event["waiting_for"]]
    return click.style(f"‖ parked: {'; '.join(waiting(wait) for wait in waits)}", fg="yellow")


def waits_of(waiting_for: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    """Everything that a parked run waits for, of which `waiting_for` is the first."""
    if waiting_for is None:
        return ()
    return waiting_for.get("waits") or (waiting_for,)


def waiting(what: Mapping[str, Any] | None) -> str:
    """What a parked run waits for."""
    if what is None:
        return "nothing"
    end = what.get("until")
    until = f" until {moment(end)}" if end else ""
    place = _place(what)
    if what["kind"] == "customer":
        return f"waits for the customer at {place}{until}"
    if what["kind"] == "time":
        return f"waits{until} at {place}"
    if what["kind"] == "event":
        return f"waits for the event '{what['name']}' at {place}{until}"
    if what["kind"] == "uncertain":
        return (
            f"the call of '{what['show']['tool']}' at {place} may or may not have happened: "
            "done, not_done or cancel"
        )
    allowed = ", ".join(what["decisions"])
    return f"waits for '{what['to']}' to decide at {place} ({allowed}){until}"


def _place(what: Mapping[str, Any]) -> str:
    """Where a run waits: the node, with the journey that was called and the lane that it is in."""
    node = f"{what['journey']}/{what['node']}" if "journey" in what else what["node"]
    lane = lane_name(str(what.get("lane", "")))
    return f"'{node}'" + (f" in lane {lane}" if lane else "")


def moment(seconds: float) -> str:
    """A moment for people, in local time."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
