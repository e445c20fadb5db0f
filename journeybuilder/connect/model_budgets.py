"""Budgets of model aliases: `budget: {usd: 10, per: day}` in `models.yaml`.

What was spent is kept beside the runs in `.journeybuilder/spending.db`, because a budget that every
process begins anew would bound nothing; where there is no such place it is kept in memory. Hours, days
and months are those of UTC. A call begins while anything is left and is then paid in full, so that
calls on the way at that moment can exceed a budget by what they cost.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from journeybuilder.connect.prices import amount
from journeybuilder.contract.json import as_object
from journeybuilder.errors import OperatorError

Period = Literal["hour", "day", "month"]
PERIODS: tuple[str, ...] = get_args(Period)
_FORMATS: Mapping[str, str] = {"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d", "month": "%Y-%m"}
_PATIENCE = 10.0
_TABLE = """
CREATE TABLE IF NOT EXISTS spent (
    alias TEXT NOT NULL, span TEXT NOT NULL, usd REAL NOT NULL, PRIMARY KEY (alias, span)
) WITHOUT ROWID
"""
_ADD = """
INSERT INTO spent VALUES (?, ?, ?)
ON CONFLICT (alias, span) DO UPDATE SET usd = usd + excluded.usd
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much USD an alias may cost in each period."""

    usd: float
    per: str

    def words(self) -> str:
        """`10 USD a day`."""
        return f"{self.usd:g} USD {'an' if self.per == 'hour' else 'a'} {self.per}"


def budget_of(entry: Mapping[str, Any]) -> Budget | None:
    """The `budget` of an alias in `models.yaml`.

    Raises:
        ValueError: When it is not of the right form; says what is.
    """
    if entry.get("budget") is None:
        return None
    given = as_object(entry["budget"])
    usd, per = given.get("usd"), given.get("per", "day")
    if not amount(usd) or per not in PERIODS or set(given) - {"usd", "per"}:
        raise ValueError(f"'budget' wants {{usd: 10, per: day}}; 'per' is {', '.join(PERIODS)}")
    return Budget(float(usd), str(per))


class Spending:
    """What each alias has cost, hour by hour. Its methods may block for a moment.

    Args:
        file: Where it is kept, made at the first amount; None keeps it in memory.
        now: Seconds since 1970.
    """

    def __init__(self, file: Path | None = None, now: Callable[[], float] = time.time) -> None:
        self._file = file
        self._now = now
        self._lock = threading.Lock()
        self._memory: dict[tuple[str, str], float] = {}

    def spent(self, alias: str, budget: Budget) -> float:
        """USD that an alias has cost in the budget's present period.

        Raises:
            OperatorError: When the file cannot be read.
        """
        span = time.strftime(_FORMATS[budget.per], time.gmtime(self._now()))
        if self._file is None:
            with self._lock:
                amounts = self._memory.items()
                return sum(usd for (who, at), usd in amounts if who == alias and _in(at, span))
        if not self._file.exists():
            return 0.0
        query = "SELECT COALESCE(SUM(usd), 0) FROM spent WHERE alias = ? AND span GLOB ? || '*'"
        return float(self._ask(self._file, query, (alias, span)) or 0.0)

    def add(self, alias: str, usd: float) -> None:
        """Note what one call has cost.

        Raises:
            OperatorError: When the file cannot be written.
        """
        span = time.strftime(_FORMATS["hour"], time.gmtime(self._now()))
        if self._file is None:
            with self._lock:
                self._memory[alias, span] = self._memory.get((alias, span), 0.0) + usd
        else:
            self._ask(self._file, _ADD, (alias, span, usd))

    @staticmethod
    def _ask(file: Path, query: str, values: tuple[object, ...]) -> Any:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(file, timeout=_PATIENCE)) as base, base:
                base.execute(_TABLE)
                row = base.execute(query, values).fetchone()
                return None if row is None else row[0]
        except (sqlite3.Error, OSError) as error:
            raise OperatorError(
                f"what models have cost cannot be kept: {error}",
                where=str(file),
                hint="Check the disk and the folder's permissions, or take 'budget' out of models.yaml.",
            ) from None


def _in(at: str, span: str) -> bool:
    return at.startswith(span)
