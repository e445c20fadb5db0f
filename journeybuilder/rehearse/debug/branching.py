"""The event by which a run is taken another way from one of its moments."""

from collections.abc import Mapping
from typing import Any

from journeybuilder.rehearse.debug.playing import RUN
from journeybuilder.rehearse.debug.timeline import Timeline
from journeybuilder.run.state import Event
from journeybuilder.run.tokens import Effect, RunState, Token

_KEPT = frozenset({"listen", "person", "sleep", "event", "journey"})
"""Effects that go on where they were: their end does not depend on what is asked for."""


def branched(
    source: Timeline, at: int, variables: Mapping[str, Any], now: float, lane: str = ""
) -> Event:
    """The first event of a branch, after the `at` events that it shares with its source.

    A call that was in progress then belongs to the other run: the branch makes its own.

    Args:
        source: The time line of the run that it comes from.
        at: The moment.
        variables: What is changed of the variables of the journey that the run is in then.
        now: The time, in seconds since 1970.
        lane: The lane whose variables are meant; an empty text is the one that moved last.
    """
    state = RunState.from_json(source.state(at).as_json())
    for token in state.tokens.values():
        token.effects = {
            index: effect for index, effect in token.effects.items() if not _is_open(effect)
        }
    state.frames[source.frame(at, lane)].variables.update(variables)
    return {
        "event": "branched",
        "run": RUN,
        "seq": at + 1,
        "at": now,
        "from": RUN,
        "step": state.visits,
        "since": now,
        "journey": state.journey,
        "moment": at,
        "changed": dict(variables),
        "lane": _lane(state, source.token(at, lane)),
        "state": state.as_json(),
    }


def _is_open(effect: Effect) -> bool:
    return not effect.settled and effect.kind not in _KEPT


def _lane(state: RunState, token: Token | None) -> str:
    return token.lane if token is not None else next(iter(state.tokens), "")
