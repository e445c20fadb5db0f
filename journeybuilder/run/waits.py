"""The effects of a visit that wait for time or for a named event."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from journeybuilder.errors import StepError
from journeybuilder.run.effects import Parked
from journeybuilder.run.hours import opens
from journeybuilder.run.values import Values


class Waits(Values):
    """One visit as far as it lets time pass."""

    async def sleep(self, length: float) -> None:
        """Let time pass, in seconds."""
        await self._sleep(self._services.clock.now() + length)

    async def sleep_until(self, moment: str) -> None:
        """Wait for a moment in ISO 8601.

        Raises:
            StepError: `expression` when the text is no moment.
        """
        try:
            until = datetime.fromisoformat(moment)
        except ValueError:
            words = f"'{moment}' is no moment; write for example 2026-01-31T08:00:00Z"
            raise StepError("expression", words) from None
        until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
        await self._sleep(until.timestamp())

    async def sleep_until_open(self, hours: Mapping[str, Any]) -> None:
        """Wait until business hours."""
        await self._sleep(opens(hours, self._services.clock.now()))

    async def _sleep(self, until: float) -> None:
        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            end = asked["until"]
            if self._effects.passed(end):
                return {}
            # beside other lanes time is not waited for here: they may have something to do meanwhile
            if self._state.forks or not await self._services.clock.wait(end):
                raise Parked({"kind": "time", **self._effects.place()}, end)
            return {}

        await self._do("sleep", {"until": until}, perform, safe=True)

    async def wait_event(
        self, name: str, *, timeout: float | None = None
    ) -> Mapping[str, Any] | None:
        """What came with a named event."""
        request = {"name": name, "until": self._effects.deadline(timeout)}

        async def perform(asked: Mapping[str, Any]) -> Mapping[str, Any]:
            came = self._state.signals.get(name)
            if came:
                return {"came": True, "data": came[0]}
            if self._effects.passed(asked["until"]):
                return {"came": False, "data": None}
            place = self._effects.place()
            raise Parked({"kind": "event", "name": name, **place}, asked["until"])

        answer = await self._do("event", request, perform, safe=True)
        if not answer["came"]:
            return None
        return {} if answer["data"] is None else answer["data"]  # it came, with nothing
