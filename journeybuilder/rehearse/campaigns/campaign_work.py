"""Does the parts of a random campaign and shrinks what was found, in this process."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.campaigns.campaign_block import Block, Sighting, Task, run_block
from journeybuilder.rehearse.campaigns.seeds import Seeds
from journeybuilder.rehearse.campaigns.shrink import same_trouble, shrink, trouble_in

TELL_EVERY = 0.1
"""Seconds between two words on how far a campaign is."""
Stop: TypeAlias = Callable[[], bool]
Shrunk: TypeAlias = tuple[dict[str, Any], str]
"""The values of the shortest scenario, and what goes wrong in it in words."""


class Workers:
    """Does the parts of a campaign, one after another in this process."""

    def __init__(self, seeds: Seeds) -> None:
        self._seeds = seeds

    def blocks(
        self, tasks: Sequence[Task], stop: Stop, tell: Callable[[Block], None]
    ) -> Iterator[Block]:
        """What the parts of a round come to, in their order."""
        so_far = Block()
        for task in tasks:
            tell_of = _telling(so_far, tell)
            block = asyncio.run(run_block(self._seeds, task, stop, tell_of))
            so_far = Block(so_far.runs + block.runs, None, {**so_far.found, **block.found})
            yield block

    def shrunk(
        self, sightings: Sequence[Sighting], invariants: Sequence[Mapping[str, Any]], stop: Stop
    ) -> list[Shrunk]:
        """The shortest scenarios, in the order of the sightings."""
        return [shrunk_one(self._seeds.plan, one, invariants, stop) for one in sightings]


def _telling(so_far: Block, tell: Callable[[Block], None]) -> Callable[[Block], None]:
    last = 0.0

    def on_run(block: Block) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= TELL_EVERY:
            last = now
            found = {**so_far.found, **block.found}
            tell(Block(so_far.runs + block.runs, None, found, reached=block.reached))

    return on_run


def shrunk_one(
    plan: Plan, one: Sighting, invariants: Sequence[Mapping[str, Any]], stop: Stop
) -> Shrunk:
    """The shortest scenario that shows a trouble, and what it says of it."""
    if stop():
        return one.data, one.trouble.words
    key = one.trouble.key
    data = shrink(plan, one.data, same_trouble(plan, key, invariants), stop=stop)
    shown = trouble_in(plan, data, key, invariants)
    return data, (shown or one.trouble).words
