"""Pools for tests: real servers, and proof that none of their processes is left."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journeybuilder.connect.catalog import ServerState
from journeybuilder.connect.mcp_pool import Pool
from journeybuilder.connect.secrets import Secrets
from journeybuilder.connect.variables import Variables
from journeybuilder.contract.services import ToolAnswer, ToolCall
from journeybuilder.document.servers import ServerSpec
from journeybuilder.errors import StepError

SERVERS = Path(__file__).parent / "servers"


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(work)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bad(kind: str, folder: Path, **more: Any) -> ServerSpec:
    """A plain server with the fault of this name."""
    env = {"PIDS": str(folder), **more.pop("env", {})}
    args = (str(SERVERS / "bad.py"), kind)
    return ServerSpec(kind, "stdio", command=sys.executable, args=args, env=env, **more)


def good(folder: Path, **more: Any) -> ServerSpec:
    """The SDK's own server over stdio."""
    args = (str(SERVERS / "good.py"), "stdio")
    env = {"PIDS": str(folder)}
    return ServerSpec("good", "stdio", command=sys.executable, args=args, env=env, **more)


def web(folder: Path, port: int, *words: str, path: str = "/mcp", **more: Any) -> ServerSpec:
    """The SDK's own server over HTTP, started by the pool."""
    start = (sys.executable, str(SERVERS / "good.py"), "http", str(port), *words)
    url = f"http://127.0.0.1:{port}{path}"
    return ServerSpec("web", "http", url=url, env={"PIDS": str(folder)}, start=start, **more)


class States(list[ServerState]):
    """What a pool told of its servers, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    def heard(self, state: ServerState) -> None:
        self.append(state)
        self._news.set()

    async def until(self, holds: Callable[[ServerState], bool]) -> ServerState:
        """The first state, from the beginning, for which this holds."""
        while True:
            self._news.clear()
            for state in self:
                if holds(state):
                    return state
            await self._news.wait()


@dataclass
class Opened:
    """A pool and what it told."""

    pool: Pool
    states: States

    async def until(self, holds: Callable[[ServerState], bool]) -> ServerState:
        return await self.states.until(holds)

    async def call(
        self, tool: str, arguments: Mapping[str, Any] | None = None, timeout: float = 30.0
    ) -> ToolAnswer:
        return await self.pool.call(ToolCall("r1", "n1", tool, arguments or {}, timeout, "k1"))

    async def failure(self, *args: Any, **more: Any) -> StepError:
        """The error of a call that has to fail."""
        try:
            answer = await self.call(*args, **more)
        except StepError as error:
            return error
        raise AssertionError(f"the call did not fail but gave {answer}")

    async def discover(self) -> ServerState:
        return (await self.pool.discover())[0]


@asynccontextmanager
async def opened(
    folder: Path, *specs: ServerSpec, environ: Mapping[str, str] | None = None
) -> AsyncIterator[Opened]:
    """A pool over these servers; afterwards no process of theirs may be left."""
    secrets = Secrets(environ or {}, keyring=lambda: None)
    variables = Variables(folder, secrets, environ or {})
    states = States()
    pool = Pool(
        {spec.name: spec for spec in specs},
        variables=variables,
        log_dir=folder / "logs",
        on_change=states.heard,
    )
    try:
        yield Opened(pool, states)
    finally:
        await pool.close()
    assert living(folder) == []


def pids(folder: Path, name: str = "*") -> list[int]:
    return [int(file.suffix[1:]) for file in folder.glob(f"{name}.[0-9]*")]


def living(folder: Path, name: str = "*") -> list[int]:
    """The processes that servers have left word of and that still run."""
    return [pid for pid in pids(folder, name) if lives(pid)]


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    # One that has ended and that nobody has looked after yet does no harm any more.
    return not (
        status.exists() and status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    )


async def appears(file: Path) -> None:
    """Wait until another process has made a file."""
    await becomes(file.exists)


async def becomes(holds: Callable[[], bool]) -> None:
    """Wait for something outside of this process, of which no event tells."""
    while not holds():  # noqa: ASYNC110 - see above
        await asyncio.sleep(0.02)


def library(folder: Path, way: str = "stdio", era: str = "2026", **more: Any) -> ServerSpec:
    """The server that has resources, prompts, questions and pictures, in one of its ways."""
    words = [str(SERVERS / "library.py"), way]
    env = {"PIDS": str(folder)}
    if way == "stdio":
        args = (*words, "--era", era)
        return ServerSpec("library", "stdio", command=sys.executable, args=args, env=env, **more)
    port = free_port()
    start = (sys.executable, *words, str(port), "--era", era)
    url = f"http://127.0.0.1:{port}/{'mcp' if way == 'http' else 'sse'}"
    transport: Any = way
    return ServerSpec("library", transport, url=url, env=env, start=start, **more)
