"""Reads the state of a run from its journal, from the last stored moment on."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from journeybuilder.contract.journal import Journal
from journeybuilder.run.recorder import SNAPSHOT_EVERY
from journeybuilder.run.state import apply, fold
from journeybuilder.run.tokens import RunState


async def read(journal: Journal, run: str, version: int) -> RunState:
    """The state of a run that has so many events.

    Raises:
        StoreError: When the store cannot be read.
    """
    begin = version // SNAPSHOT_EVERY * SNAPSHOT_EVERY - 1
    if begin > 0:
        events = await journal.events(run, after=begin)
        if events and events[0]["event"] == "snapshot":
            return fold(events)
    return fold(await journal.events(run))


def whole_requests(events: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The events of a run, with all messages in what models were asked.

    Stored is only what is new against an earlier question of the same visit.
    """
    state = RunState()
    for event in events:
        apply(state, event)
        if event["event"] == "asked" and "after" in event["request"]:
            effect = state.tokens[event["lane"]].effects[event["index"]]
            yield {**event, "request": effect.request}
        else:
            yield event
