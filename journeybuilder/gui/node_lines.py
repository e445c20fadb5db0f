"""The one line that matters of a node, in the person's language."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from journeybuilder.document.model import Node, mapping
from journeybuilder.gui.look.language import noop, tr, trn
from journeybuilder.kinds import KINDS

Settings = Mapping[str, Any]

_WAITS = {"all": noop("waits for all"), "any": noop("waits for the first")}
_DETECTORS = {
    "personal_data": noop("personal data"),
    "prompt_injection": noop("attempts to talk a model round"),
    "topics": noop("words and topics"),
    "schema": noop("another form"),
    "model": noop("what a model judges"),
}


def line_of(node: Node) -> str:
    """What stands below a node's title: its own words translated, those of the journey as they are."""
    told = _TOLD.get(node.kind)
    return told(node.settings) if told is not None else KINDS[node.kind].line(node.settings)


def _queue(settings: Settings) -> str:
    return tr("to {queue}", queue=settings["to"]) if settings.get("to") else ""


def _loop(settings: Settings) -> str:
    return tr("each of {values}", values=settings["each"]) if settings.get("each") else ""


def _join(settings: Settings) -> str:
    lanes = settings.get("wait_for")
    if not lanes:
        return ""
    known = _WAITS.get(str(lanes))
    return tr(known) if known else tr("waits for {lanes}", lanes=lanes)


def _memory(settings: Settings) -> str:
    gone = settings.get("forget")
    names = cast("list[Any]", gone) if isinstance(gone, list) else [gone or ""]
    forgotten = ", ".join(str(one) for one in names)
    parts: list[str] = []
    if facts := ", ".join(mapping(settings.get("remember"))):
        parts.append(tr("remembers {facts}", facts=facts))
    if forgotten == "all":
        parts.append(tr("forgets everything"))
    elif forgotten:
        parts.append(tr("forgets {facts}", facts=forgotten))
    return "; ".join(parts)


def _agent(settings: Settings) -> str:
    tools = settings.get("tools")
    count = len(cast("list[Any]", tools)) if isinstance(tools, list) else 0
    return trn("{n} tool", "{n} tools", count)


def _guard(settings: Settings) -> str:
    found = settings.get("detect")
    names: list[str] = []
    for one in cast("list[Any]", found) if isinstance(found, list) else ():
        name = one if isinstance(one, str) else next(iter(mapping(one)), "")
        names.append(tr(_DETECTORS[name]) if name in _DETECTORS else name.replace("_", " "))
    return ", ".join(names)


def _wait(settings: Settings) -> str:
    hours = mapping(settings.get("hours"))
    if hours:
        return tr("until open, {start}–{end}", start=hours.get("from", ""), end=hours.get("to", ""))
    for key, words in _UNTIL.items():
        if settings.get(key):
            return tr(words, what=settings[key])
    return ""


_UNTIL = {"for": noop("for {what}"), "until": noop("until {what}"), "event": noop("event {what}")}
_TOLD: Mapping[str, Callable[[Settings], str]] = {
    "handoff": _queue, "review": _queue, "loop": _loop, "join": _join, "memory": _memory,
    "agent": _agent, "guard": _guard, "wait": _wait,
}  # fmt: skip
"""Of the kinds whose line has words that are not the journey's own."""
