"""The least that a durable engine can do: a plain loop that appends the same events to SQLite.

No expressions, no gate, no schemas, no checks, no fold of a state: one dictionary an event, one JSON
text an event, one writer thread with group commit. It commits exactly where our engine does: at the
start, before and after a call that writes, after one that reads, at the end.
"""

import argparse
import asyncio
import json
import queue
import sqlite3
import tempfile
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from benchmarks import journey20
from benchmarks.measuring import measure

VALUES: dict[str, Any] = {
    "person.name": "Ana Ruiz", "person.tier": "gold", "order.total * 1.19": 154.581,
    "size(order.lines)": 2, "parcel.days": 3, "size(returns.items)": 1, "order.weight": 1.4,
    "person.country": "ES", "quote.price": 4.5, "quote.carrier": "Correo", "case.id": "R-2",
    "label.url": "https://example.org/labels/R-2.pdf", "country": "ES", "weight": 1.4,
    "input.customer_id": "C-100200", "input.order_id": "O-1001", "order.id": "O-1001",
    "person.id": "C-100200", "reason": "does not fit", "case_id": "R-2", "fee": 4.5,
    "label_url": "https://example.org/labels/R-2.pdf",
}  # fmt: skip
TABLES = """
CREATE TABLE runs (run TEXT PRIMARY KEY, status TEXT, version INTEGER, updated REAL) WITHOUT ROWID;
CREATE TABLE events (run TEXT, seq INTEGER, body TEXT, PRIMARY KEY (run, seq)) WITHOUT ROWID;
"""
Rows = tuple[str, int, str, list[str]]


def rendered(value: Any) -> Any:
    """What an expression would have given."""
    if not isinstance(value, str):
        return value
    return VALUES[value[2:-1]] if value.startswith("${") else value


class Log:
    """One SQLite file, one writer thread; all that waits shares a commit."""

    def __init__(self, file: Path, synchronous: str) -> None:
        self._queue: queue.SimpleQueue[tuple[Rows, Future[None]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, args=(file, synchronous))
        self._thread.start()

    async def append(self, run: str, version: int, status: str, bodies: list[str]) -> None:
        """Durable when this returns."""
        done: Future[None] = Future()
        self._queue.put(((run, version, status, bodies), done))
        await asyncio.wrap_future(done)

    def close(self) -> None:
        """Write the rest."""
        self._queue.put(None)
        self._thread.join()

    def _write(self, file: Path, synchronous: str) -> None:
        db = sqlite3.connect(file, isolation_level=None)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(f"PRAGMA synchronous = {synchronous}")
        db.executescript(TABLES)
        while (item := self._queue.get()) is not None:
            group = [item]
            while len(group) < 512 and not self._queue.empty():
                item = self._queue.get()
                if item is None:
                    self._queue.put(None)
                    break
                group.append(item)
            db.execute("BEGIN IMMEDIATE")
            for (run, version, status, bodies), _ in group:
                last = version + len(bodies)
                db.execute(
                    "INSERT INTO runs VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                    "status = excluded.status, version = excluded.version, updated = excluded.updated",
                    (run, status, last, time.time()),
                )
                rows = [(run, version + index, body) for index, body in enumerate(bodies, 1)]
                db.executemany("INSERT INTO events VALUES (?, ?, ?)", rows)
            db.execute("COMMIT")
            for _, done in group:
                done.set_result(None)
        db.close()


class Run:
    """One run."""

    def __init__(self, log: Log, name: str) -> None:
        self.log, self.name, self.version, self.visit = log, name, 0, 0
        self.pending: list[str] = []
        self.variables: dict[str, Any] = {}
        self.path: list[str] = []

    def emit(self, event: str, **body: Any) -> None:
        """Note an event."""
        seq = self.version + len(self.pending) + 1
        whole = {"event": event, "run": self.name, "seq": seq, "at": time.time(), **body}
        self.pending.append(json.dumps(whole, ensure_ascii=False, separators=(",", ":")))

    async def commit(self, status: str = "running") -> None:
        """Make what was noted durable."""
        bodies, self.pending = self.pending, []
        await self.log.append(self.name, self.version, status, bodies)
        self.version += len(bodies)

    async def drive(self) -> None:
        """From the first node to the last."""
        session = {"id": self.name, "started": time.time(), "channel": "chat"}
        self.emit("started", journey="return", plan="sha256:" + "0" * 64, node="begin",
                  input=journey20.INPUT, session=session)  # fmt: skip
        await self.commit()
        node = "begin"
        while True:
            settings = journey20.NODES[node]
            self.visit += 1
            self.path.append(node)
            place = {"lane": "0", "node": node, "visit": self.visit}
            self.emit("entered", **place)
            if settings["kind"] == "end":
                break
            saved, port = await self.step(settings, place)
            self.variables.update(saved)
            after = settings.get("next") or settings["cases"][0]["next"]
            self.emit("left", **place, port=port, target=after, save=saved)
            if settings["kind"] == "tool":
                await self.commit()
            node = after
        output = {"label_url": self.variables["label_url"]}
        self.emit("ended", outcome="resolved", output=output, path=self.path, cost_usd=0.0)
        await self.commit("ended")

    async def step(
        self, settings: dict[str, Any], place: dict[str, Any]
    ) -> tuple[dict[str, Any], str]:
        """What a node does: the variables it saves and the port it leaves by."""
        if settings["kind"] == "set":
            return {name: rendered(value) for name, value in settings["values"].items()}, "next"
        if settings["kind"] == "branch":
            return {}, "cases.0"
        tool = settings["tool"]
        arguments = {name: rendered(value) for name, value in settings["with"].items()}
        request = {"tool": tool, "arguments": arguments, "timeout": 30.0,
                   "key": f"{self.name}-{self.visit}-0"}  # fmt: skip
        self.emit("asked", **place, index=0, effect="tool", request=request)
        if tool in journey20.WRITES:
            await self.commit()
        value = journey20.RESULTS[tool]
        self.emit("answered", **place, index=0, effect="tool", answer={"value": value, "note": ""})
        return {settings["save"]: value}, "next"


async def main(store: str, runs: int, *, at_once: bool) -> dict[str, float]:
    """Run it so often with this `synchronous` (`full`, `normal`)."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log.db"
        log = Log(file, store.upper())

        async def run(name: str) -> None:
            await Run(log, name).drive()

        found = await measure(run, runs, at_once=at_once)
        log.close()
        db = sqlite3.connect(file)
        found["events_a_run"], found["bytes_a_run"] = db.execute(
            "SELECT count(*), sum(length(body)) FROM events WHERE run = 'run-0'"
        ).fetchone()
        db.close()
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=["full", "normal"], required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--at-once", action="store_true")
    given = parser.parse_args()
    print(json.dumps(asyncio.run(main(given.store, given.runs, at_once=given.at_once))))
