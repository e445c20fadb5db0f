"""Somebody who sets the pace of a run: a debugger that may hold it before a node and before an effect."""

from collections.abc import Mapping
from typing import Any, Protocol

from journeybuilder.run.tokens import RunState, Token


class Pace(Protocol):
    """Is asked before a run goes on; whoever awaits nothing holds nothing.

    A lane that is held may be broken off: it has begun nothing, so nothing is lost.
    """

    async def before_node(self, state: RunState, token: Token) -> None:
        """A lane is about to enter the node that its token stands before; its visit has no number yet."""
        ...

    async def before_effect(
        self, state: RunState, token: Token, kind: str, request: Mapping[str, Any]
    ) -> None:
        """A node is about to ask for an effect for the first time; nothing of it is recorded yet.

        Args:
            state: The state of the run, to look at only.
            token: Where the lane stands.
            kind: See `Effect.kind`.
            request: What is asked; of a model's messages only those that are new.
        """
        ...
