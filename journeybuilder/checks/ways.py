"""What: a way out that a node will need one day is wired.

Why: without it, the customer who does not answer in time ends in an error instead of on a way.
Example: an `ask` with `timeout: 10m` and no `on_timeout`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from journeybuilder.checks.context import Context
from journeybuilder.contract.durations import seconds
from journeybuilder.document.findings import Path, Problem, Rule
from journeybuilder.document.model import Node

UNWIRED = Rule(
    "JB307",
    "warning",
    "a way out that will be needed is not wired",
    "What it is for then counts as an error: the journey's on_error takes it, or the run fails.",
    "Add the key with the node that comes next, or take out the setting that needs it.",
    "which: {kind: ask, text: Which order?, timeout: 10m, next: done}",
)
RULES: Sequence[Rule] = (UNWIRED,)

# kind: the settings of which any one needs the way, the way, what happens
_NEEDED: Sequence[tuple[str, Sequence[str], str, str]] = (
    ("ask", ("timeout",), "on_timeout", "a customer who does not answer in time"),
    ("ask", ("attempts", "expect", "choices"), "on_invalid", "an answer that never fits"),
    ("review", ("timeout",), "on_timeout", "a decision that does not come in time"),
    ("agent", (), "on_limit", "a model that is not done after its last turn"),
)


def check(context: Context) -> Iterable[Problem]:
    """Check the ways out that may stay open, where a setting makes them likely."""
    for node in context.journey.nodes.values():
        for kind, settings, way, event in _NEEDED:
            if node.kind == kind and node.settings.get(way) is None:
                cause = next((key for key in settings if node.settings.get(key) is not None), "")
                if (cause or not settings) and _is_right(context, node):
                    yield _open(context, node, cause, way, event)
        if _waits_in_vain(context, node) and _is_right(context, node):
            yield _open(context, node, "timeout", "on_timeout", "a tool that takes too long")


def _waits_in_vain(context: Context, node: Node) -> bool:
    """Whether a tool has a limit of its own, and no way of any kind takes the error behind it."""
    ways = ("on_timeout", "on_error")
    return (
        node.kind == "tool"
        and node.settings.get("timeout") is not None
        and not context.journey.on_error
        and all(node.settings.get(way) is None for way in ways)
    )


def _is_right(context: Context, node: Node) -> bool:
    """Whether nothing is wrong with the settings; what is comes first, and may be the cause."""
    try:
        context.kinds[node.id].settings.model_validate(dict(node.settings))
        return _is_length(node.settings)
    except ValidationError:
        return False


def _is_length(settings: Mapping[str, Any]) -> bool:
    try:
        return settings.get("timeout") is None or seconds(settings["timeout"]) >= 0
    except ValueError:
        return False


def _open(context: Context, node: Node, cause: str, way: str, event: str) -> Problem:
    path: Path = ("nodes", node.id, cause) if cause else ("nodes", node.id)
    taken = context.journey.on_error
    then = f"goes to the journey's on_error, '{taken}'" if taken else "ends the run"
    message = f"'{node.id}' has no '{way}': {event} is an error, which {then}"
    return Problem(UNWIRED, path, message, f"Add '{way}:' with a node.", at_key=True)
