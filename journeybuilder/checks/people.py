"""What: every queue that a node names is one of the workspace's queues.

Why: a review in a queue that nobody watches is never decided.
Example: `to: retruns-desk`.
"""

from collections.abc import Iterable, Sequence

from journeybuilder.checks.context import Context
from journeybuilder.document.findings import Path, Problem, Rule, choices, near

UNKNOWN_QUEUE = Rule(
    "JB701",
    "warning",
    "a queue that the workspace does not have",
    "Nobody may be watching it.",
    "Correct the name, or add it to 'queues:' in journeybuilder.yaml.",
    "to_person: {kind: handoff, to: retruns-desk, next: bye}",
)
RULES: Sequence[Rule] = (UNKNOWN_QUEUE,)


def check(context: Context) -> Iterable[Problem]:
    """Check every queue that a node names."""
    queues = context.known.queues
    if "journeybuilder.yaml" in context.known.unread:
        return
    for node, use in context.having("queue"):
        if use.value and use.value not in queues:
            path: Path = ("nodes", node.id, *use.path)
            hint = near(str(use.value), queues) or f"Queues: {choices(queues) or 'none'}."
            yield Problem(UNKNOWN_QUEUE, path, f"there is no queue '{use.value}'", hint)
