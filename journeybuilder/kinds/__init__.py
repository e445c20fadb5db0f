"""Every node kind, one file each; adding one is a new file and a line here.

A kind's file is imported when the kind is first looked at: a journey uses few of them.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, Protocol

from typing_extensions import override

from journeybuilder.contract.fields import Port
from journeybuilder.contract.kind import NodeKind

_CLASSES: Mapping[str, str] = {
    "say": "Say", "ask": "Ask", "consent": "Consent", "verify": "Verify",
    "tool": "Tool", "resource": "Resource",
    "generate": "Generate", "classify": "Classify", "agent": "Agent", "guard": "Guard",
    "branch": "Branch", "split": "Split", "set": "Set", "loop": "Loop", "parallel": "Parallel",
    "join": "Join", "wait": "Wait", "journey": "SubJourney", "end": "End",
    "review": "Review", "handoff": "Handoff",
    "memory": "Memory", "legacy": "Legacy",
}  # fmt: skip
"""The class of each kind by the word after `kind:`, which is the name of its file too."""


class _Kinds(Mapping[str, NodeKind[Any]]):
    """Makes each kind once, when it is asked for."""

    def __init__(self) -> None:
        self._made: dict[str, NodeKind[Any]] = {}

    @override
    def __getitem__(self, name: str) -> NodeKind[Any]:
        if name not in self._made:
            made = _CLASSES[name]
            self._made[name] = getattr(import_module(f"journeybuilder.kinds.{name}"), made)()
        return self._made[name]

    @override
    def __contains__(self, name: object) -> bool:
        return name in _CLASSES

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(_CLASSES)

    @override
    def __len__(self) -> int:
        return len(_CLASSES)


KINDS: Mapping[str, NodeKind[Any]] = _Kinds()
"""The kinds by the word after `kind:`, in the order of the palette."""


class KindedNode(Protocol):
    """What `ports_of` needs of a node."""

    @property
    def kind(self) -> str:
        """The word after `kind:`."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """Its other keys."""
        ...


def ports_of(node: KindedNode) -> list[Port]:
    """The ways out of a node, wired or not; none for an unknown kind."""
    kind = KINDS.get(node.kind)
    return kind.ports(node.settings) if kind else []
