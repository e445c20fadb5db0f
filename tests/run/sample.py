"""The sample's journey over tools that keep a ledger of their effects in a file.

Used by the tests of the engine and, as a program, by the kill tests: `sample.py STORE LEDGER RUN N WHEN`
drives a run and kills its own process at the N-th commit, before or after it.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from journeybuilder.connect.scripted import Scripted
from journeybuilder.connect.store_sqlite import SqliteJournal
from journeybuilder.contract.journal import Batch, NewRun
from journeybuilder.contract.services import Services, ToolAnswer, ToolCall
from journeybuilder.document.workspace import read_workspace
from journeybuilder.host import known_of
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.state import RunState, fold

RETAIL = Path(__file__).parents[2] / "samples" / "retail"
SESSION = {"channel": "chat", "language": "en", "tenant": ""}
INPUT = {"customer_id": "C-17"}
SAYS = {"Which order": "O-1002", "Why": "It arrived broken"}


def retail_plan(journey: str = "order-return") -> Plan:
    workspace = read_workspace(RETAIL)
    return make_plan(build(workspace, journey, known_of(workspace)))


class Ledger:
    """Tools that write every effect into a file, once for each idempotency key."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def effects(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            return []
        return [json.loads(line) for line in self._path.read_text().splitlines()]

    async def definition(self, tool: str) -> None:
        return None

    async def call(self, call: ToolCall) -> ToolAnswer:
        if call.tool == "orders/get_order":
            return ToolAnswer(ORDER)
        key = call.arguments.get("request_id", call.key)
        done = {effect["key"]: effect["answer"] for effect in self.effects()}
        if key not in done:
            done[key] = self._answer(call.tool, len(done) + 1)
            line = json.dumps({"tool": call.tool, "key": key, "answer": done[key]}) + "\n"
            with self._path.open("a") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        return ToolAnswer(done[key])

    @staticmethod
    def _answer(tool: str, number: int) -> Mapping[str, Any]:
        if tool == "shipping/create_label":
            return {"id": f"L-{number}", "order_id": "O-1002", "carrier": "Parcelo",
                    "tracking": "PA1", "url": "https://labels.example.com/1.pdf",
                    "made_at": "2026-01-05T08:00:00Z"}  # fmt: skip
        return {"note_id": f"N-{number}", "customer_id": "C-17", "made_at": "2026-01-05T08:00:00Z"}


ORDER = {
    "order_id": "O-1002",
    "customer_id": "C-17",
    "status": "delivered",
    "placed_on": "2025-12-20",
    "age_days": 12,
    "total": 349.0,
    "refunded": 0,
    "currency": "EUR",
    "items": [{"sku": "CHAIR-02", "title": "Chair", "quantity": 1, "price": 349.0}],
}


class Customer:
    """Answers a question by what was asked, however often it is asked."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def say(self, message: Any) -> None:
        self.heard.append(message.text)

    async def listen(self, listening: Any) -> str | None:
        node = {"which": "Which order", "ask_why": "Why"}[listening.node]
        return SAYS[node]


class NobodyNow:
    async def ask(self, task: Any) -> None:
        return None


class RealTime:
    def now(self) -> float:
        return time.time()

    async def wait(self, until: float) -> bool:
        await asyncio.sleep(max(0.0, until - time.time()))
        return True


def services(ledger: Ledger) -> Services:
    return Services(
        tools=ledger,
        models=Scripted({"fast": [{"says": {"label": "damaged", "confidence": 0.9}}]}),
        channel=Customer(),
        people=NobodyNow(),
        clock=RealTime(),
    )


async def drive(engine: Engine, run: str, journal: Any) -> RunState:
    """Start the run, or go on with it wherever it stands, and decide what it waits for."""
    row = await journal.row(run)
    if row is None:
        state = await engine.start(INPUT, SESSION, run)
    elif row.status == "running":
        state = await engine.resume(run)
    else:
        state = fold(await journal.events(run))
    while state.status == "parked" and state.waiting_for["kind"] == "review":
        answer = {"decision": "approve", "by": "dana", "value": None, "note": ""}
        state = await engine.answer(run, answer, "dana")
    return state


class KillingJournal(SqliteJournal):
    """Kills this process at the n-th commit, before or after it is durable."""

    def __init__(self, path: Path, n: int, when: str) -> None:
        super().__init__(path)
        self.commits = 0
        self._n, self._when = n, when

    async def _at_commit(self, commit: Any) -> None:
        self.commits += 1
        if self.commits == self._n and self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        await commit
        if self.commits == self._n and self._when == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    async def create(self, new: NewRun) -> None:
        await self._at_commit(super().create(new))

    async def append(self, batch: Batch) -> None:
        await self._at_commit(super().append(batch))


async def main(store: str, ledger: str, run: str, n: str, when: str) -> None:
    journal = KillingJournal(Path(store), int(n), when)
    engine = Engine(retail_plan(), journal, services(Ledger(Path(ledger))))
    state = await drive(engine, run, journal)
    await journal.close()
    print(json.dumps({"commits": journal.commits, "outcome": state.outcome}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
