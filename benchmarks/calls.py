"""One tool call: through our engine and gate, through the gate alone, and with the SDK's bare client.

    python -m benchmarks.calls [--rounds 5] [--calls 200] [--quick] [--json]

Three ways to the same server (`calls_server.py`): inside the process, stdio, HTTP. In each round every
contender makes its calls one after another, in turn, so that all suffer the same from a busy machine;
medians of the rounds. The engine's number is a run of 20 tool nodes in memory, per call.
"""

import argparse
import asyncio
import json
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from typing_extensions import override

from benchmarks.calls_server import server
from benchmarks.engine_ours import Silence
from journeybuilder.connect.mcp_asking import Asking
from journeybuilder.connect.mcp_files import Files
from journeybuilder.connect.mcp_pool import Pool
from journeybuilder.connect.mcp_results import check_arguments
from journeybuilder.connect.mcp_sanitize import ToolFilter
from journeybuilder.connect.mcp_session import Session
from journeybuilder.connect.scripted import Scripted
from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.store_memory import MemoryJournal
from journeybuilder.connect.variables import Variables
from journeybuilder.contract.services import (
    PromptGet,
    ResourceRead,
    Services,
    ToolAnswer,
    ToolCall,
    Tools,
)
from journeybuilder.contract.tools import ToolDef
from journeybuilder.document.servers import ServerSpec
from journeybuilder.host import Queues, SystemClock
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.gate import Gate

HERE = Path(__file__).parent
NODES = 20
ARGUMENTS = {"a": 1, "b": 2}
Work = Callable[[int], Awaitable[None]]


class Direct(Tools):
    """Our session over the SDK's client to a server inside the process; no link, no process."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @override
    async def call(self, call: ToolCall) -> ToolAnswer:
        tool = self._session.tools[call.tool.partition("/")[2]]
        check_arguments(tool, call.arguments)
        return await self._session.call(tool, call)

    @override
    async def definition(self, tool: str) -> ToolDef | None:
        return self._session.tools.get(tool.partition("/")[2])

    @override
    async def read(self, reading: ResourceRead) -> ToolAnswer:
        return await self._session.read(reading.uri, reading.timeout)

    @override
    async def prompt(self, getting: PromptGet) -> list[dict[str, Any]]:
        return await self._session.prompt(getting.prompt, getting.arguments, getting.timeout)


def plan(tool: ToolDef) -> Plan:
    nodes: dict[str, Any] = {
        f"n{number}": {
            "kind": "tool",
            "tool": tool.id,
            "with": ARGUMENTS,
            "save": "found",
            "next": f"n{number + 1}",
        }
        for number in range(NODES)
    }
    nodes[f"n{NODES}"] = {"kind": "end", "outcome": "done"}
    journey = {"journeybuilder": 1, "journey": "calls", "start": "n0", "nodes": nodes}
    data = {
        "journeybuilder": 1,
        "bundle": "calls",
        "journeys": {"calls": journey},
        "servers": {"calls": {"command": "none"}},
        "tools": {tool.id: {"risk": "read", "definition": tool.definition()}},
    }
    return make_plan(Bundle(data))


def through_gate(plan: Plan, services: Services, tool: str) -> Work:
    gate = Gate(plan, services)

    async def work(calls: int) -> None:
        for number in range(calls):
            await gate.call_tool(ToolCall("r", "n", tool, ARGUMENTS, 30.0, f"k{number}"))

    return work


def through_engine(plan: Plan, services: Services) -> Work:
    numbers = iter(range(10**9))

    async def work(calls: int) -> None:
        engine = Engine(plan, MemoryJournal(), services)
        for _ in range(max(1, calls // NODES)):
            state = await engine.start({}, {"channel": "chat"}, run=f"run-{next(numbers)}")
            assert state.outcome == "done", state

    return work


def bare(client: Client) -> Work:
    async def work(calls: int) -> None:
        for _ in range(calls):
            result = await client.call_tool("add", ARGUMENTS, read_timeout_seconds=30)
            assert result.structured_content == {"total": 3}

    return work


def services(tools: Tools) -> Services:
    return Services(tools, Scripted(), Silence(), Queues(), SystemClock())


@asynccontextmanager
async def inside() -> AsyncIterator[tuple[Client, Tools]]:
    """The server in this process, once for each."""
    async with Client(server()) as peer, Client(server()) as client:
        await peer.list_tools()
        with tempfile.TemporaryDirectory() as folder:
            asking, files = Asking("calls"), Files(Path(folder))
            session = Session("calls", client, ToolFilter(), "inside", asking, files)
            await session.refresh(30)
            yield peer, Direct(session)


@asynccontextmanager
async def outside(transport: str) -> AsyncIterator[tuple[Client, Tools]]:
    """The server in a process of its own, once for each."""
    words = [str(HERE / "calls_server.py"), transport]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if transport == "stdio":
            peer = Client(StdioServerParameters(command=sys.executable, args=words))
            spec = ServerSpec("calls", "stdio", command=sys.executable, args=tuple(words))
        else:
            port = _port()
            url = f"http://127.0.0.1:{port}/mcp"
            start = (sys.executable, *words, str(port))
            spec = ServerSpec("calls", "http", url=url, start=start)
            http = await stack.enter_async_context(httpx2.AsyncClient(timeout=30))
            peer = Client(streamable_http_client(url, http_client=http))
        secrets = Secrets({}, keyring=lambda: None)
        pool = Pool({"calls": spec}, variables=Variables(folder, secrets), log_dir=folder / "logs")
        stack.push_async_callback(pool.close)
        state = (await pool.discover())[0]
        assert state.ok, state
        await stack.enter_async_context(peer)
        await peer.list_tools()
        yield peer, pool


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def timed(work: Work, calls: int) -> tuple[float, float]:
    cpu, begin = time.process_time(), time.perf_counter()
    await work(calls)
    spent = time.perf_counter() - begin
    return 1000 * spent / calls, 1000 * (time.process_time() - cpu) / calls


async def measured(way: str, rounds: int, calls: int) -> Mapping[str, tuple[float, float]]:
    """Milliseconds and CPU milliseconds of this process per call, by contender."""
    opening = inside() if way == "inside" else outside(way)
    async with opening as (peer, tools):
        tool = await tools.definition("calls/add")
        assert tool is not None
        plan_, world = plan(tool), services(tools)
        contenders = {
            "bare": bare(peer),
            "gate": through_gate(plan_, world, tool.id),
            "engine": through_engine(plan_, world),
        }
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
        for work in contenders.values():
            await work(2 * NODES)
        for _ in range(rounds):
            for name, work in contenders.items():
                found[name].append(await timed(work, calls))
    return {
        name: (statistics.median(ms for ms, _ in each), statistics.median(cpu for _, cpu in each))
        for name, each in found.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--quick", action="store_true", help="2 rounds of 60 calls")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rounds, calls = (2, 60) if options.quick else (options.rounds, options.calls)
    found = {way: asyncio.run(measured(way, rounds, calls)) for way in ("inside", "stdio", "http")}
    if options.json:
        print(json.dumps(found))
        return
    print("one call, milliseconds (CPU of this process); aim: engine / bare 1.15 or less")
    for way, each in found.items():
        base = each["bare"][0]
        for name, (ms, cpu) in each.items():
            print(f"{way:<8}{name:<8}{ms:8.3f}  ({cpu:.3f})   {ms / base:5.2f} x bare")


if __name__ == "__main__":
    main()
