"""What is remembered of customers, in the SQLite file of the runs.

A fact that is forgotten is overwritten in the file and in its write-ahead log: nobody finds it there
any more. What a run has recorded of it stays in that run until it is pruned.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from typing_extensions import override

from journeybuilder.connect.store_text import json_text
from journeybuilder.connect.store_writer import Writer
from journeybuilder.contract.services import Fact, Memory

_PORTION = 200
"""Facts of other customers, past their time, that are deleted along with one recall."""


class SqliteFacts(Memory):
    """Facts in a table of the run store.

    Args:
        writer: The store's thread; whoever owns it closes it.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @override
    async def recall(self, customer: str, now: float) -> Mapping[str, Fact]:
        def work(db: sqlite3.Connection) -> tuple[list[tuple[str, str, str, float | None]], int]:
            gone = db.execute(
                "DELETE FROM facts WHERE (customer, name) IN (SELECT customer, name FROM facts "
                "WHERE until <= ? ORDER BY until LIMIT ?)",
                (now, _PORTION),
            ).rowcount
            query = (
                "SELECT name, value, purpose, until FROM facts WHERE customer = ? "
                "AND (until IS NULL OR until > ?) ORDER BY name"
            )
            return db.execute(query, (customer, now)).fetchall(), gone

        found, gone = await self._writer.do(work)
        if gone:
            await self._writer.empty_log()
        return {
            name: Fact(name, json.loads(value), purpose, until)
            for name, value, purpose, until in found
        }

    @override
    async def remember(self, customer: str, facts: Sequence[Fact]) -> None:
        rows = [
            (customer, fact.name, json_text(fact.value), fact.purpose, fact.until) for fact in facts
        ]

        def work(db: sqlite3.Connection) -> None:
            db.executemany("INSERT OR REPLACE INTO facts VALUES (?,?,?,?,?)", rows)

        await self._writer.do(work)

    @override
    async def forget(self, customer: str, names: Sequence[str] | None) -> None:
        def work(db: sqlite3.Connection) -> None:
            if names is None:
                db.execute("DELETE FROM facts WHERE customer = ?", (customer,))
            else:
                pairs = [(customer, name) for name in names]
                db.executemany("DELETE FROM facts WHERE customer = ? AND name = ?", pairs)

        await self._writer.do(work)
        await self._writer.empty_log()
