"""What to write into a scenario so that it goes where no scenario has gone."""

from collections.abc import Mapping
from typing import Any

from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.model import Journey, Node
from journeybuilder.document.style import flow
from journeybuilder.kinds import KINDS
from journeybuilder.rehearse.coverage import ON_ERROR, Gap

_SILENT = {
    "ask": "leave this question out of 'customer:', so that nobody answers",
    "consent": "leave this question out of 'customer:', so that nobody answers",
    "verify": "leave this question out of 'customer:', so that nobody answers",
    "review": "leave the node out of 'people:', so that nobody decides in time",
    "wait": "leave the event out of 'events:', so that it never comes",
    "join": "let a lane wait for somebody who does not answer in time",
}
_INVALID = "let the customer answer something that is not allowed, as often as it is asked"
_SPECIAL: Mapping[tuple[str, str], str] = {
    ("ask", "on_invalid"): _INVALID,
    ("verify", "on_failed"): "let the customer give a wrong answer, as often as it is asked",
    ("consent", "no"): "let the customer refuse",
    ("consent", "yes"): "let the customer agree",
    ("loop", "body"): "let the list have something in it",
    ("loop", "next"): "let the loop come to its end",
    ("handoff", "on_unavailable"): "let nobody be there to take it over",
}


def advice(gap: Gap, journey: Journey) -> str:
    """The next thing to do for something that is not covered; an empty text where nobody can tell.

    Args:
        gap: What is not covered.
        journey: The journey that it is in.
    """
    if not gap.port:
        return _reached_from(gap.node, journey)
    node = journey.nodes.get(gap.node)
    if node is None:
        return "let a tool fail at a node that has no 'on_error' of its own"
    special = _SPECIAL.get((node.kind, gap.port))
    if special is not None:
        return special
    if gap.kind == "timeout":
        return _SILENT.get(node.kind, "let nothing come until the time is over")
    if gap.kind == "error":
        return _failing(node, gap.port)
    return _case(node, gap.port) if gap.kind == "case" else ""


def _reached_from(name: str, journey: Journey) -> str:
    """The ways that lead to a node."""
    ways = [
        f"{node.id} ({port.name})"
        for node in journey.nodes.values()
        if node.kind in KINDS
        for port in KINDS[node.kind].ports(node.settings)
        if port.target == name
    ]
    if journey.on_error == name:
        ways.append(f"errors that no node catches ({ON_ERROR} of the journey)")
    if name == journey.start:
        return f"the journey starts there: write a scenario for '{journey.id}'"
    return f"reached from {', '.join(ways)}" if ways else "no way leads to it"


def _failing(node: Node, port: str) -> str:
    tool, model = node.settings.get("tool"), node.settings.get("model")
    if port == ON_ERROR and isinstance(tool, str):
        return f"tools: {{{tool}: {{fails: timeout}}}}"
    if port == ON_ERROR and isinstance(model, str):
        return f"models: {{{model}: [{{fails: timeout}}]}}"
    if node.kind == "guard":
        return "give it a value in which it finds something"
    return "let what it calls fail"


def _case(node: Node, port: str) -> str:
    first, _, name = port.partition(".")
    if first == "cases" and name.isdecimal():
        return _condition(node.settings, int(name))
    if first == "decisions":
        return f"people: {flow({node.id: {'decision': name}})}"
    if node.kind == "classify":
        label = name if first == "routes" else "none"
        says = {str(node.settings.get("model")): [{"says": {"label": label, "confidence": 0.9}}]}
        return f"models: {flow(says)}"
    if node.kind == "split":
        return f"let {node.settings.get('by') or 'the run'} have a value that goes this way"
    if node.kind == "branch":
        return "let none of its conditions hold"
    return ""


def _condition(settings: Mapping[str, Any], index: int) -> str:
    cases = as_list(settings.get("cases"))
    when = as_object(cases[index]).get("when") if index < len(cases) else ""
    before = " and no case before it" if index else ""
    return f"let this hold{before}: {when}"
