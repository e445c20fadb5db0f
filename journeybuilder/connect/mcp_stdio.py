"""The stdio transport: a server as a child process, its messages one a line.

The SDK's own has no bound for a line, takes quadratic time for long ones and leaves the children of
wrappers such as npx behind; so POSIX gets ours. On Windows the SDK's job objects do that well.
"""

import asyncio
import contextlib
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client.stdio import StdioServerParameters, get_default_environment, stdio_client
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from journeybuilder.connect.mcp_log import ServerLog
from journeybuilder.connect.mcp_process import ChildProcess

MAX_LINE = 16 * 1024 * 1024
_LAST_WORDS = 0.5
_CHUNK = 65536

Incoming = MemoryObjectReceiveStream[SessionMessage | Exception]
Outgoing = MemoryObjectSendStream[SessionMessage]


@dataclass
class Launch:
    """A resolved command, and the process once it runs.

    Attributes:
        env: Declared variables; the child gets these and a short list of harmless ones.
        child: The running process; None before, and always on Windows.
    """

    command: str
    args: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    child: ChildProcess | None = None


def clean_environment(declared: Mapping[str, str]) -> dict[str, str]:
    """What a child process gets: PATH, HOME and the like, and what is declared; nothing else."""
    return get_default_environment() | dict(declared)


@asynccontextmanager
async def stdio_streams(
    launch: Launch, log: ServerLog, max_line: int = MAX_LINE
) -> AsyncGenerator[tuple[Incoming, Outgoing]]:
    """Start the server and carry its messages; at the end its whole process group is gone.

    Raises:
        OSError: When it cannot be started.
    """
    if sys.platform == "win32":
        async with _windows_streams(launch, log) as streams:
            yield streams
        return
    child = await ChildProcess.start(
        [launch.command, *launch.args],
        env=clean_environment(launch.env),
        cwd=launch.cwd,
        talks=True,
        limit=max_line,
    )
    launch.child = child
    inward, incoming = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    outgoing, outward = anyio.create_memory_object_stream[SessionMessage](0)
    tasks = [
        asyncio.create_task(_read(child, inward, log)),
        asyncio.create_task(_write(child, outward, inward)),
        asyncio.create_task(keep_log(child.stderr, log)),
    ]
    try:
        yield incoming, outgoing
    finally:
        incoming.close()
        outgoing.close()
        try:
            await child.stop()
        finally:
            await _end(tasks)
            for stream in (inward, outward):
                stream.close()


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def keep_log(words: asyncio.StreamReader, log: ServerLog) -> None:
    """Carry what a child writes into its log until it ends."""
    while data := await words.read(_CHUNK):
        await log.feed(data)


async def _read(
    child: ChildProcess, inward: MemoryObjectSendStream[SessionMessage | Exception], log: ServerLog
) -> None:
    """Carry messages until stdout ends, or shortly after the process has.

    A grandchild may hold the pipe open after the server itself has died.
    """
    lines = asyncio.create_task(_lines(child, inward, log))
    ended = asyncio.create_task(child.exited.wait())
    try:
        await asyncio.wait((lines, ended), return_when=asyncio.FIRST_COMPLETED)
        if not lines.done():
            await asyncio.wait((lines,), timeout=_LAST_WORDS)
    finally:
        inward.close()
        for task in (lines, ended):
            task.cancel()
        await asyncio.gather(lines, ended, return_exceptions=True)
    # Take what still comes, so that a server that wants to finish its output can end by itself.
    with contextlib.suppress(OSError):
        while await child.stdout.read(_CHUNK):
            pass


async def _lines(
    child: ChildProcess, inward: MemoryObjectSendStream[SessionMessage | Exception], log: ServerLog
) -> None:
    while True:
        try:
            line = await child.stdout.readuntil(b"\n")
        except (asyncio.IncompleteReadError, OSError):
            return
        except asyncio.LimitOverrunError:
            child.kill("it sent a message of more than 16 MiB")
            return
        if not line.strip():
            continue
        try:
            message = jsonrpc_message_adapter.validate_json(line, by_name=False)
        except ValueError:
            await log.note(line)
            continue
        try:
            await inward.send(SessionMessage(message))
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            return


async def _write(
    child: ChildProcess,
    outward: MemoryObjectReceiveStream[SessionMessage],
    inward: MemoryObjectSendStream[SessionMessage | Exception],
) -> None:
    stdin = child.stdin
    assert stdin is not None, "a server is started with a pipe to its stdin"
    try:
        async for item in outward:
            text = item.message.model_dump_json(by_alias=True, exclude_unset=True)
            stdin.write(text.encode() + b"\n")
            await stdin.drain()
    except OSError:
        # It no longer reads. End the connection, else a call would wait for ever.
        inward.close()


@asynccontextmanager
async def _windows_streams(
    launch: Launch, log: ServerLog
) -> AsyncGenerator[tuple[Incoming, Outgoing]]:
    parameters = StdioServerParameters(
        command=launch.command, args=list(launch.args), env=dict(launch.env), cwd=launch.cwd
    )
    log.path.parent.mkdir(parents=True, exist_ok=True)
    # A real file, because the child writes into it itself.
    with log.path.open("w", encoding="utf-8") as errors:
        try:
            async with stdio_client(parameters, errlog=errors) as (read, write):
                yield read, write  # pyright: ignore[reportReturnType] - the same methods are used
        finally:
            errors.flush()
            await asyncio.to_thread(log.recall)
