"""The journal in memory: for rehearsals and tests; gone when the process ends."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from typing_extensions import override

from journeybuilder.contract.journal import Batch, Journal, NewRun, RunRow, RunStatus
from journeybuilder.contract.services import Fact, Memory
from journeybuilder.errors import ConflictError


class MemoryJournal(Journal):
    """Keeps runs in dictionaries; same rules as the stores on disk."""

    def __init__(self) -> None:
        self._plans: dict[str, str] = {}
        self._rows: dict[str, RunRow] = {}
        self._events: dict[str, list[Mapping[str, Any]]] = {}
        self._facts = MemoryFacts()

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
        self._rows[batch.run] = RunRow(  # `replace` would take three times as long
            row.run,
            row.journey,
            batch.status,
            row.version + len(batch.events),
            row.epoch,
            row.plan,
            row.created,
            batch.at,
            batch.due,
            batch.waiting_for,
            row.driver,
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
    async def prune(self, before: float, *, limit: int = 500) -> int:
        """Delete runs that are over and were last changed before a moment; how many were."""
        over = [row for row in self._rows.values() if row.status not in {"running", "parked"}]
        old = sorted((row for row in over if row.updated < before), key=lambda row: row.updated)
        for row in old[:limit]:
            del self._rows[row.run], self._events[row.run]
        return len(old[:limit])

    @override
    def memory(self) -> Memory:
        """What is remembered of customers; gone with the journal."""
        return self._facts

    @override
    async def close(self) -> None:
        return


class MemoryFacts(Memory):
    """Keeps facts about customers in dictionaries."""

    def __init__(self) -> None:
        self._facts: dict[str, dict[str, Fact]] = {}

    @override
    async def recall(self, customer: str, now: float) -> Mapping[str, Fact]:
        for known in list(self._facts):
            held = self._facts[known].items()
            self._facts[known] = {
                name: fact for name, fact in held if fact.until is None or fact.until > now
            }
        return dict(sorted(self._facts.get(customer, {}).items()))

    @override
    async def remember(self, customer: str, facts: Sequence[Fact]) -> None:
        self._facts.setdefault(customer, {}).update({fact.name: fact for fact in facts})

    @override
    async def forget(self, customer: str, names: Sequence[str] | None) -> None:
        held = self._facts.get(customer, {})
        for name in list(held) if names is None else names:
            held.pop(name, None)
