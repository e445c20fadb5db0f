"""The virtual clock: days pass at once."""

from typing_extensions import override

from journeybuilder.contract.services import Clock

BEGIN = 1_767_600_000.0
"""Monday, 5 January 2026, 08:00 UTC: a rehearsal without another wish starts here, so that it gives the
same run every time."""


class VirtualClock(Clock):
    """A clock that stands still until something is waited for."""

    def __init__(self, begin: float = BEGIN) -> None:
        self._now = begin

    @override
    def now(self) -> float:
        return self._now

    @override
    async def wait(self, until: float) -> bool:
        self._now = max(self._now, until)
        return True

    def pass_to(self, moment: float) -> None:
        """Let the time pass up to a moment; it never goes back."""
        self._now = max(self._now, moment)
