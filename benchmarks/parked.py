"""A store with very many runs in it: what a parked run costs, and how long everyday questions take.

    python -m benchmarks.parked [--parked 100000] [--events 1500000] [--quick] [--json]

Two stores are made in a temporary folder, one with a hundredth of the runs of the other, from real runs
(one that waits for its customer, one of `journey20` that has ended) which are copied under other ids.
Every question is asked of both; what grows with the store shows in the last column. The stores are
opened anew, so nothing is remembered from making them; the system's file cache is warm.
"""

import argparse
import asyncio
import gc
import json
import random
import sqlite3
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from typing_extensions import override

from benchmarks import engine_ours, journey20
from journeybuilder.connect.scripted import Scripted
from journeybuilder.connect.store_memory import MemoryJournal
from journeybuilder.connect.store_sqlite import SqliteJournal
from journeybuilder.contract.journal import Journal
from journeybuilder.contract.services import Channel, Listening, Message, Services
from journeybuilder.host import Queues, SystemClock
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import make_plan
from journeybuilder.run.engine import Engine

NODES = {
    "greet": {"kind": "say", "text": "Hello.", "next": "which"},
    "which": {"kind": "ask", "text": "Which order?", "save": "order", "next": "done"},
    "done": {"kind": "end", "outcome": "answered", "output": {"order": "${order}"}},
}
ROUNDS = 25
AIM_MS = 100.0
AIM_BYTES = 1000.0


class Quiet(Channel):
    """A customer who answers another day."""

    @override
    async def say(self, message: Message) -> None:
        return

    @override
    async def listen(self, listening: Listening) -> str | None:
        return None


def asking() -> Bundle:
    """A journey that asks and waits."""
    journey = {"journey": "asking", "start": "greet", "languages": ["en"], "channels": ["chat"],
               "nodes": NODES, "limits": {"duration": "3650d"}}  # fmt: skip
    return Bundle({"journeybuilder": 1, "bundle": "asking", "journeys": {"asking": journey},
                   "tools": {}, "servers": {}})  # fmt: skip


def engine_of(bundle: Bundle, journal: Journal) -> Engine:
    """An engine over a store."""
    services = Services(engine_ours.Answers(), Scripted(), Quiet(), Queues(), SystemClock())
    return Engine(make_plan(bundle), journal, services)


async def model_runs() -> tuple[MemoryJournal, str]:
    """One parked run (`p`) and one that has ended (`e`), with the digest of the first's plan."""
    journal = MemoryJournal()
    engine = engine_of(asking(), journal)
    parked = await engine.start({}, {"channel": "chat"}, run="p")
    ended = await engine_of(engine_ours.bundle(), journal).start(
        journey20.INPUT, {"channel": "chat"}, run="e"
    )
    assert (parked.status, ended.status) == ("parked", "ended"), (parked, ended)
    return journal, engine.plan.digest


async def fill(file: Path, parked: int, events: int) -> int:
    """Make a store with so many parked runs, and ended ones up to a number of events; how many that is."""
    journal, _ = await model_runs()
    store = SqliteJournal(file, synchronous="NORMAL")
    await store.close()
    db = sqlite3.connect(file)
    waiting, over = await journal.events("p"), await journal.events("e")
    ended = max(0, events - parked * len(waiting)) // len(over)
    for kind, number, found in (("p", parked, waiting), ("e", ended, over)):
        row = await journal.row(kind)
        assert row is not None
        half = len(found) // 2
        parts = [
            (half, json.dumps(list(found[:half]))),
            (len(found), json.dumps(list(found[half:]))),
        ]
        asks = json.dumps(row.waiting_for) if row.waiting_for else None
        moment = time.time()
        names = [f"r-{random.getrandbits(48):012x}-{kind}{one}" for one in range(number)]
        db.executemany(
            "INSERT INTO runs VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                (name, row.journey, row.status, row.version, 1, row.plan, moment, moment - one,
                 "", row.due and row.due + one, asks)
                for one, name in enumerate(names)
            ),
        )  # fmt: skip
        db.executemany(
            "INSERT INTO events VALUES (?,?,?)",
            (
                (name, seq, body.replace(f'"run": "{kind}"', f'"run": "{name}"'))
                for name in names
                for seq, body in parts
            ),
        )
        db.commit()
    db.close()
    return parked * len(waiting) + ended * len(over)


def rss_kb() -> float:
    """Resident memory of this process; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = status.read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("VmRSS"))


async def timed(deed: Callable[[int], Awaitable[object]]) -> float:
    """Median of its milliseconds."""
    times: list[float] = []
    for number in range(ROUNDS):
        begin = time.perf_counter()
        await deed(number)
        times.append(1000 * (time.perf_counter() - begin))
    return statistics.median(times)


async def questions(file: Path) -> dict[str, float]:
    """The everyday questions to a store, in milliseconds."""
    begin = time.perf_counter()
    journal = SqliteJournal(file)
    opening = 1000 * (time.perf_counter() - begin)
    engine = engine_of(asking(), journal)
    returns = engine_of(engine_ours.bundle(), journal)
    parked = [row.run for row in await journal.rows(status="parked", limit=5 * ROUNDS)]
    random.shuffle(parked)

    async def answer(number: int) -> None:
        state = await engine.answer(parked[number], {"text": "O-1"}, by="customer")
        assert state.outcome == "answered", state

    async def start(number: int) -> None:
        state = await returns.start(journey20.INPUT, {"channel": "chat"}, run=f"new-{number}")
        assert state.outcome == "resolved", state

    found = {"open the store": opening}
    deeds: Mapping[str, Callable[[int], Awaitable[object]]] = {
        "list the last 100 runs": lambda _: journal.rows(),
        "list 100 parked runs": lambda _: journal.rows(status="parked"),
        "list 100 runs that are due": lambda _: journal.due(1e12),
        "look at one run": lambda number: journal.row(parked[-1 - number]),
        "read the events of one run": lambda number: journal.events(parked[-1 - number]),
        "answer a parked run, to its end": answer,
        "a new run of 20 nodes, to its end": start,
    }
    for name, deed in deeds.items():
        found[name] = await timed(deed)
    await journal.close()
    return found


async def holding(file: Path, number: int) -> float:
    """Bytes that Python holds for each run that this process has started and parked itself.

    SQLite's page cache is not in it: that grows to 32 MB and no further, however many runs there are.
    """
    journal = SqliteJournal(file, synchronous="NORMAL")
    engine = engine_of(asking(), journal)

    async def park(first: int, last: int) -> None:
        for begin in range(first, last, 200):
            ids = range(begin, min(last, begin + 200))
            await asyncio.gather(
                *(engine.start({}, {"channel": "chat"}, f"h-{one}") for one in ids)
            )

    await park(0, 1_200)  # caches fill with the first ones
    gc.collect()
    tracemalloc.start()
    await park(1_200, 1_200 + number)
    await asyncio.sleep(0)  # what the loop has delivered last is let go
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    await journal.close()
    return held / number


async def measure(parked: int, events: int) -> dict[str, Any]:
    """All of it."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.db", Path(folder) / "large.db"
        few = await fill(small, parked // 100, events // 100)
        many = await fill(large, parked, events)
        size = large.stat().st_size
        before = rss_kb()
        times = {"small": await questions(small), "large": await questions(large)}
        opened = 1024 * max(0.0, rss_kb() - before) / parked
        held = await holding(Path(folder) / "held.db", max(500, parked // 40))
    return {"parked": parked, "events": {"small": few, "large": many}, "bytes": size, "ms": times,
            "bytes_a_parked_run": {"in the store": opened, "started here": held}}  # fmt: skip


def main() -> int:
    """Measure and print; the status is 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--parked", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_500_000)
    parser.add_argument("--quick", action="store_true", help="a twentieth of it")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    part = 20 if given.quick else 1
    found = asyncio.run(measure(given.parked // part, given.events // part))
    slow = [name for name, ms in found["ms"]["large"].items() if ms > AIM_MS]
    heavy = [name for name, size in found["bytes_a_parked_run"].items() if size > AIM_BYTES]
    if given.json:
        print(json.dumps(found))
        return 1 if slow or heavy else 0
    sizes = found["events"]
    print(f"{found['parked']:,} parked runs, {sizes['large']:,} events, {found['bytes'] >> 20} MB;")
    print(
        f"the small store has {sizes['small']:,} events. ms, medians of {ROUNDS} (aim: {AIM_MS:.0f})"
    )
    print(f"  {'':36}{'small':>9}{'large':>9}{'ratio':>9}")
    for name, ms in found["ms"]["large"].items():
        few = found["ms"]["small"][name]
        print(f"  {name:36}{few:9.2f}{ms:9.2f}{ms / few:9.2f}{'   OVER' if name in slow else ''}")
    print(f"memory of the process for one parked run, in bytes (aim: {AIM_BYTES:.0f})")
    for name, size in found["bytes_a_parked_run"].items():
        print(f"  {name:36}{size:9.0f}{'   OVER' if name in heavy else ''}")
    return 1 if slow or heavy else 0


if __name__ == "__main__":
    raise SystemExit(main())
