"""Our engine on the 20-node journey; `benchmarks.engine` runs it beside the peers."""

import argparse
import asyncio
import json
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

from typing_extensions import override

from benchmarks import journey20
from benchmarks.measuring import measure
from journeybuilder.connect.scripted import Scripted
from journeybuilder.connect.store_memory import MemoryJournal
from journeybuilder.connect.store_sqlite import SqliteJournal
from journeybuilder.contract.services import (
    Channel,
    Listening,
    Message,
    Services,
    ToolAnswer,
    ToolCall,
    Tools,
)
from journeybuilder.contract.tools import ToolDef
from journeybuilder.host import Queues, SystemClock
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import make_plan
from journeybuilder.run.engine import Engine


def definition(tool: str) -> ToolDef:
    """A tool as its server would define it."""
    server, _, name = tool.partition("/")
    return ToolDef(
        server,
        name,
        input_schema=journey20.input_schema(tool),
        output_schema=journey20.output_schema(tool),
        annotations={"readOnlyHint": tool not in journey20.WRITES},
    )


class Answers(Tools):
    """A tool service inside the process: what it costs is the engine's."""

    def __init__(self) -> None:
        self._definitions = {tool: definition(tool) for tool in journey20.RESULTS}

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        return ToolAnswer(journey20.RESULTS[call.tool])

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        return self._definitions[tool]


class Silence(Channel):
    """Nobody speaks in this journey."""

    @override
    async def say(self, message: Message) -> None:
        raise AssertionError(message)

    @override
    async def listen(self, listening: Listening) -> str | None:
        raise AssertionError(listening)


def bundle() -> Bundle:
    """The journey with its tools, as `jb export` would write it."""
    tools: dict[str, Any] = {
        tool: {
            "risk": "write" if tool in journey20.WRITES else "read",
            "definition": definition(tool).definition(),
        }
        for tool in journey20.RESULTS
    }
    servers = {tool.partition("/")[0]: {"command": "none"} for tool in tools}
    journey = {
        "journeybuilder": 1,
        "journey": "return",
        "input": {"type": "object", "properties": {name: {} for name in journey20.INPUT}},
        "start": "begin",
        "nodes": journey20.NODES,
    }
    return Bundle({"journeybuilder": 1, "bundle": "return", "journeys": {"return": journey},
                   "tools": tools, "servers": servers})  # fmt: skip


async def main(store: str, runs: int, *, at_once: bool) -> dict[str, float]:
    """Run it so often with this store (`memory`, `full`, `normal`)."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "runs.db"
        if store == "memory":
            journal = MemoryJournal()
        else:
            journal = SqliteJournal(file, synchronous="FULL" if store == "full" else "NORMAL")
        services = Services(Answers(), Scripted(), Silence(), Queues(), SystemClock())
        engine = Engine(make_plan(bundle()), journal, services)

        async def run(name: str) -> None:
            state = await engine.start(journey20.INPUT, {"channel": "chat"}, run=name)
            assert (state.outcome, state.steps) == ("resolved", journey20.STEPS), state

        found = await measure(run, runs, at_once=at_once)
        events = await journal.events("run-0")
        await journal.close()
        found["events_a_run"] = len(events)
        if store != "memory":
            found["bytes_a_run"] = stored_bytes(file, "run-0")
    return found


def stored_bytes(file: Path, run: str) -> int:
    """The size of a run's events in a store."""
    db = sqlite3.connect(file)
    (size,) = db.execute("SELECT sum(length(body)) FROM events WHERE run = ?", (run,)).fetchone()
    db.close()
    return int(size)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", choices=["memory", "full", "normal"], required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--at-once", action="store_true")
    given = parser.parse_args()
    print(json.dumps(asyncio.run(main(given.store, given.runs, at_once=given.at_once))))
