"""Every node kind, one file each; adding one is a new file and a line here."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from journeybuilder.contract.fields import Port
from journeybuilder.contract.kind import NodeKind
from journeybuilder.kinds.agent import Agent
from journeybuilder.kinds.ask import Ask
from journeybuilder.kinds.branch import Branch
from journeybuilder.kinds.classify import Classify
from journeybuilder.kinds.end import End
from journeybuilder.kinds.generate import Generate
from journeybuilder.kinds.handoff import Handoff
from journeybuilder.kinds.review import Review
from journeybuilder.kinds.say import Say
from journeybuilder.kinds.set import Set
from journeybuilder.kinds.tool import Tool

_ALL: Sequence[NodeKind[Any]] = (
    Say(), Ask(), Tool(), Generate(), Classify(), Agent(), Branch(), Set(), Review(), Handoff(), End(),
)  # fmt: skip

KINDS: Mapping[str, NodeKind[Any]] = {kind.name: kind for kind in _ALL}
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
