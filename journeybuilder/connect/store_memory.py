"""The journal in memory: for rehearsals and tests; gone when the process ends."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from typing_extensions import override

from journeybuilder.contract.journal import Batch, Journal, NewRun, RunRow, RunStatus
from journeybuilder.errors import ConflictError


class MemoryJournal(Journal):
    """Keeps runs in dictionaries; same rules as the stores on disk."""

    def __init__(self) -> None:
        self._plans: dict[str, str] = {}
        self._rows: dict[str, RunRow] = {}
        self._events: dict[str, list[Mapping[str, Any]]] = {}

    @override
    async def save_plan(self, digest: str, body: str) -> None:
        self._plans.setdefault(digest, body)

    @override
    async def plan(self, digest: str) -> str | None:
        return self._plans.get(digest)

    @override
    async def create(self, new: NewRun) -> None:
        if new.run in self._rows:
            raise ConflictError("the run exists already", where=new.run)
        self._events[new.run] = list(new.events)
        self._rows[new.run] = RunRow(
            new.run,
            new.journey,
            "running",
            len(new.events),
            1,
            new.plan,
            new.at,
            new.at,
            driver=new.driver,
        )

    @override
    async def claim(self, run: str, driver: str = "") -> RunRow:
        row = self._rows[run]
        self._rows[run] = row = replace(row, epoch=row.epoch + 1, driver=driver)
        return row

    @override
    async def append(self, batch: Batch) -> None:
        row = self._rows[batch.run]
        if (row.version, row.epoch) != (batch.expected_version, batch.epoch):
            raise ConflictError("somebody else drives this run", where=batch.run)
        self._events[batch.run] += batch.events
        self._rows[batch.run] = replace(
            row,
            version=row.version + len(batch.events),
            status=batch.status,
            updated=batch.at,
            due=batch.due,
            waiting_for=batch.waiting_for,
        )

    @override
    async def events(self, run: str, after: int = 0) -> Sequence[Mapping[str, Any]]:
        return self._events.get(run, [])[after:]

    @override
    async def row(self, run: str) -> RunRow | None:
        return self._rows.get(run)

    @override
    async def rows(self, *, status: RunStatus | None = None, limit: int = 100) -> Sequence[RunRow]:
        fitting = [row for row in self._rows.values() if status is None or row.status == status]
        return sorted(fitting, key=lambda row: -row.updated)[:limit]

    @override
    async def due(self, now: float, *, limit: int = 100) -> Sequence[RunRow]:
        parked = [row for row in self._rows.values() if row.status == "parked"]
        ready = [row for row in parked if row.due is not None and row.due <= now]
        return sorted(ready, key=lambda row: row.due or 0.0)[:limit]

    @override
    async def close(self) -> None:
        return
