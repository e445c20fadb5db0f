"""Models that failed are left alone for a while, by everybody in this process.

A provider that is down or has said "too many requests" only gets worse by being asked again, and
everybody who asks waits for nothing.
"""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from journeybuilder.connect.model_faults import Fault

FAILURES = 3
"""After so many failures in a row a model is left alone."""
REST = 30.0
"""Seconds that it is left alone then; one more failure afterwards begins them again."""
LONGEST = 600.0
"""Seconds that a provider's own `Retry-After` is obeyed for at the most."""


@dataclass(frozen=True, slots=True)
class Resting:
    """Why a model is not asked now.

    Attributes:
        left: Seconds until it is asked again.
        told: True where the provider itself said how long.
        why: The last failure, in words.
    """

    left: float
    told: bool
    why: str


@dataclass(slots=True)
class _Record:
    failures: int = 0
    until: float = 0.0
    told: bool = False
    why: str = ""


class Cooldowns:
    """Which models are left alone.

    Args:
        clock: Seconds that only ever grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._records: dict[Hashable, _Record] = {}

    def resting(self, model: Hashable) -> Resting | None:
        """Why this model is not to be asked now, or None."""
        with self._lock:
            record = self._records.get(model)
            left = 0.0 if record is None else record.until - self._clock()
            if record is None or left <= 0:
                return None
            return Resting(left, record.told, record.why)

    def failed(self, model: Hashable, fault: Fault) -> None:
        """Count a failure that is the provider's; one of the request or the settings is not."""
        if not fault.provider:
            return
        with self._lock:
            record = self._records.setdefault(model, _Record())
            record.failures += 1
            record.why = fault.message
            if fault.retry_after is not None:
                self._rest(record, min(fault.retry_after, LONGEST), told=True)
            elif record.failures >= FAILURES:
                self._rest(record, REST, told=False)

    def _rest(self, record: _Record, length: float, *, told: bool) -> None:
        until = self._clock() + length
        if until >= record.until:
            record.until, record.told = until, told

    def answered(self, model: Hashable) -> None:
        """All is well with this model."""
        with self._lock:
            self._records.pop(model, None)


SHARED = Cooldowns()
"""The one of this process."""
