"""What the quick menu offers first: what this journey uses most, and most behind such a step."""

from collections import Counter
from collections.abc import Sequence

from journeybuilder.document.model import Journey, Node
from journeybuilder.gui.canvas.model import QuickKind
from journeybuilder.kinds import ports_of

_BEHIND = 3
"""How much more a use behind a step of the same kind counts than one elsewhere."""
_Use = tuple[str, str]


def by_use(journey: Journey, offers: Sequence[QuickKind], source: str) -> list[QuickKind]:
    """The offers, those first that are used most; equal ones keep their order.

    Args:
        journey: Where they are counted.
        offers: What can be added.
        source: The node that it is added behind, or an empty string.
    """
    uses: Counter[_Use] = Counter(_use(node) for node in journey.nodes.values())
    first = journey.nodes.get(source)
    if first is not None:
        for node in journey.nodes.values():
            if node.kind != first.kind:
                continue
            for port in ports_of(node):
                target = journey.nodes.get(port.target)
                if target is not None:
                    uses[_use(target)] += _BEHIND
    return sorted(offers, key=lambda offer: -uses[offer[0], str(offer[3].get("tool") or "")])


def _use(node: Node) -> _Use:
    tool = node.settings.get("tool")
    return node.kind, tool if isinstance(tool, str) else ""
