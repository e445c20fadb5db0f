"""A run's events as lines for people."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import click

from journeybuilder.cli.output import clean

_WIDTH = 100


def short(value: Any) -> str:
    """A value on one line, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = clean(" ".join(text.split()))
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def lines(event: Mapping[str, Any]) -> Iterator[str]:
    """What an event says, in none, one or more lines."""
    name = event["event"]
    if name == "entered":
        yield click.style(f"▸ {event['node']}", bold=True)
    elif name == "asked":
        yield from _asked(event)
    elif name == "answered":
        yield from _answered(event)
    elif name == "errored":
        yield click.style(f"    ✗ {clean(event['error']['message'])}", fg="red")
    elif name == "caught":
        message = f"    ✗ {clean(event['error']['message'])}, goes to '{event['target']}'"
        yield click.style(message, fg="red")
    elif name == "left" and event["port"] != "next":
        yield f"    → {event['port']}"
    elif name == "closing":
        yield "▸ taking back what was done"
    elif name in {"parked", "ended", "failed", "cancelled"}:
        yield ending(event)


def _asked(event: Mapping[str, Any]) -> Iterator[str]:
    request = event["request"]
    if event["effect"] == "say":
        yield f"    says     {short(request['text'])}"
    elif event["effect"] == "tool":
        yield f"    calls    {request['tool']} {short(request['arguments'])}"
    elif event["effect"] == "model":
        yield f"    asks     model '{request['model']}'"
    elif event["effect"] == "person":
        yield f"    waits    for a decision of '{request['to']}': {', '.join(request['decisions'])}"


def _answered(event: Mapping[str, Any]) -> Iterator[str]:
    answer = event["answer"]
    if event["effect"] == "listen":
        heard = "nothing in time" if answer["text"] is None else short(answer["text"])
        yield f"    hears    {heard}"
    elif event["effect"] == "tool":
        note = f"  ({answer['note']})" if answer["note"] else ""
        yield f"    gets     {short(answer['value'])}{note}"
    elif event["effect"] == "model":
        said = answer["text"] if answer["value"] is None else answer["value"]
        calls = ", ".join(call["name"] for call in answer["tool_calls"])
        who = "scripted stand-in" if answer["scripted"] else answer["model"]
        yield f"    gets     {short(calls or said)}  ({who})"
    elif event["effect"] == "person":
        decision = answer["decision"] or "nothing in time"
        yield f"    decided  {decision}" + (f" by {answer['by']}" if answer.get("by") else "")


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
    return click.style(f"‖ parked: {waiting(event['waiting_for'])}", fg="yellow")


def waiting(what: Mapping[str, Any] | None) -> str:
    """What a parked run waits for."""
    if what is None:
        return "nothing"
    end = what.get("until")
    until = f" until {moment(end)}" if end else ""
    if what["kind"] == "customer":
        return f"waits for the customer at '{what['node']}'{until}"
    if what["kind"] == "time":
        return f"waits{until} at '{what['node']}'"
    if what["kind"] == "uncertain":
        return (
            f"the call of '{what['show']['tool']}' at '{what['node']}' may or may not have happened: "
            "done, not_done or cancel"
        )
    allowed = ", ".join(what["decisions"])
    return f"waits for '{what['to']}' to decide at '{what['node']}': {allowed}{until}"


def moment(seconds: float) -> str:
    """A moment for people, in local time."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
