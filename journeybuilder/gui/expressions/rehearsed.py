"""The variables of the last rehearsal at each step, folded from its events."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from journeybuilder.run.state import apply
from journeybuilder.run.tokens import RunState

log = logging.getLogger(__name__)


class Rehearsed:
    """Follows one rehearsal and keeps, by journey and step, what was known when it was entered last."""

    def __init__(self) -> None:
        self._state: RunState | None = None
        self._at: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._last: dict[str, Mapping[str, Any]] = {}

    def begin(self) -> None:
        """Another rehearsal begins; what the one before told stays until this one comes by."""
        self._state = None

    def take(self, event: Mapping[str, Any]) -> bool:
        """Follow one event; True where more is known now."""
        if event.get("event") == "started":
            self._state = RunState()
        if self._state is None or "seq" not in event:
            return False
        try:
            apply(self._state, event)
        except (KeyError, ValueError):
            log.warning("a rehearsal told something that does not follow; no samples from it")
            self._state = None
            return False
        if event.get("event") not in {"entered", "left", "caught"}:
            return False
        self._keep(self._state, str(event["lane"]))
        return True

    def _keep(self, state: RunState, lane: str) -> None:
        token = state.tokens.get(lane)
        frame = state.frames.get(token.frame) if token is not None else None
        if token is None or frame is None:
            return
        names: dict[str, Any] = {
            "input": dict(frame.input),
            "session": dict(state.session),
            **frame.variables,
        }
        if token.error is not None:
            names["error"] = dict(token.error)
        self._at[(frame.journey, token.node)] = names
        self._last[frame.journey] = names

    def at(self, journey: str, node: str) -> Mapping[str, Any]:
        """What was known when this step was entered last, else what is known at the end of the run."""
        return self._at.get((journey, node)) or self._last.get(journey, {})


def now() -> datetime:
    """The moment that `now` stands for when an expression is tried."""
    return datetime.now(UTC).replace(microsecond=0)
