"""What a contact used of models: read off the events of its run, a recording, or a rehearsal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from journeybuilder.contract.json import as_list, as_object, canonical
from journeybuilder.rehearse.recorded.recording import Recording
from journeybuilder.run.state import Event, whole_request
from journeybuilder.run.tokens import Effect

_LETTERS = 4
"""Characters of a token, as a rule of thumb for European languages; others have fewer."""
_NOTHING: Mapping[str, Any] = {}
_FRAME = 4
"""Tokens around each message."""


@dataclass(frozen=True, slots=True)
class Used:
    """One model call of a contact.

    Attributes:
        node: Its place, as `node` or `journey/node`; empty where that is not known.
        asked: The alias that the journey names.
        alias: The alias that answered, which may be a fallback.
        cost_usd: As it was billed; None where that was not known, or nothing was billed.
        guessed: Whether the tokens are an estimate: the stand-in answered, which counts none.
    """

    node: str
    asked: str
    alias: str
    model: str
    tokens_in: int
    tokens_out: int
    cost_usd: float | None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact: its model calls, and how often it stands for those to come.

    Attributes:
        origin: The run, recording or scenario that it is known from.
    """

    used: Sequence[Used]
    origin: str
    weight: float = 1.0

    @property
    def guessed(self) -> bool:
        """Whether any of its tokens are an estimate."""
        return any(each.guessed for each in self.used)


def used_in(events: Iterable[Event]) -> list[Used]:
    """The model calls in the events of one run."""
    out: list[Used] = []
    places: dict[tuple[str, int], str] = {}
    asked: dict[tuple[str, int], dict[int, Effect]] = {}
    for event in events:
        name, key = event["event"], (str(event.get("lane", "")), int(event.get("visit", 0)))
        if name == "entered":
            journey = f"{event['journey']}/" if "journey" in event else ""
            places[key] = f"{journey}{event['node']}"
        elif name == "asked" and event["effect"] == "model":
            effects = asked.setdefault(key, {})
            request = whole_request(event["request"], effects)
            effects[event["index"]] = Effect("model", request)
        elif name == "answered" and event["effect"] == "model":
            effect = asked.get(key, {}).get(event["index"])
            request = effect.request if effect is not None else _NOTHING
            out.append(_used(places.get(key, str(event.get("node", ""))), request, event["answer"]))
    return out


def used_in_recording(recording: Recording) -> list[Used]:
    """The model calls of a recording; it does not tell their nodes."""
    return [
        _used("", as_object(call.get("request")), as_object(call.get("answer")))
        for call in recording.calls
        if call.get("kind") == "model" and "answer" in call
    ]


def _used(node: str, request: Mapping[str, Any], answer: Mapping[str, Any]) -> Used:
    asked = str(request.get("model", ""))
    alias = str(answer.get("alias", "") or asked)
    if answer.get("scripted"):
        into, out = _guess_in(request), _guess_out(answer)
        return Used(node, asked or alias, alias, "scripted", into, out, None, guessed=True)
    cost = answer.get("cost_usd")
    return Used(
        node, asked or alias, alias, str(answer.get("model", "")),
        int(answer.get("tokens_in", 0)), int(answer.get("tokens_out", 0)),
        float(cost) if isinstance(cost, int | float) else None,
    )  # fmt: skip


def _guess_in(request: Mapping[str, Any]) -> int:
    texts = [
        _words(as_object(message).get("content")) for message in as_list(request.get("messages"))
    ]
    if request.get("schema") is not None:
        texts.append(canonical(request["schema"]))
    return sum(_tokens(text) + _FRAME for text in texts)


def _guess_out(answer: Mapping[str, Any]) -> int:
    calls = [canonical(as_object(call)) for call in as_list(answer.get("tool_calls"))]
    return sum(_tokens(text) for text in (str(answer.get("text", "")), *calls))


def _tokens(text: str) -> int:
    return ceil(len(text) / _LETTERS)


def _words(content: Any) -> str:
    return content if isinstance(content, str) else canonical(content)
