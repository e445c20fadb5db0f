"""Where an answer in a rehearsal came from, in words: never is one that was made up taken for a real one."""

from collections.abc import Mapping
from typing import Any

from journeybuilder.gui.look.language import noop, tr

_KNOWN = {
    "from the scenario": noop("from the scenario"),
    "made from the tool's schema": noop("made up from the tool's schema"),
    "an unusual value made from the tool's schema": noop("edge case made up from the tool's schema"),
    "made up: the scenario has no such resource": noop("made up"),
}  # fmt: skip
_MADE_TOO = "made from the tool's schema: "
_RECORDED = "from the recording '"


def of_tool(answer: Mapping[str, Any]) -> str:
    """Where the answer of a tool, resource or prompt came from."""
    note = str(answer.get("note") or "")
    return "; ".join(_part(part) for part in note.split("; ")) if note else tr("really called")


def _part(part: str) -> str:
    if part in _KNOWN:
        return tr(_KNOWN[part])
    if part.startswith(_MADE_TOO):
        return tr("made up: {names}", names=part.removeprefix(_MADE_TOO))
    if part.startswith(_RECORDED):
        name = part.removeprefix(_RECORDED).removesuffix("'")
        return tr("from the recording “{name}”", name=name)
    return part


def of_model(answer: Mapping[str, Any]) -> str:
    """Which model answered, or that none did."""
    note = str(answer.get("note") or "")
    if _RECORDED in note:
        return next(_part(part) for part in note.split("; ") if part.startswith(_RECORDED))
    if answer.get("scripted"):
        return tr("stand-in: no model was asked")
    return str(answer.get("model", ""))
