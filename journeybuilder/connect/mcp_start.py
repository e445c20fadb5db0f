"""Servers with a URL on this machine that we start when nothing answers there, and end afterwards."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from journeybuilder.connect.mcp_failures import Attempt, ended, shown_url
from journeybuilder.connect.mcp_log import ServerLog
from journeybuilder.connect.mcp_process import ChildProcess, find_command
from journeybuilder.connect.mcp_stdio import clean_environment, keep_log
from journeybuilder.errors import OperatorError

READY = 20.0
_LOOK = 0.1
_REACH = 2.0
_LIMIT = 256 * 1024
_PORTS = {"http": 80, "https": 443}


@asynccontextmanager
async def served(
    command: Sequence[str], url: str, env: Mapping[str, str], cwd: Path, log: ServerLog
) -> AsyncGenerator[ChildProcess | None]:
    """See to it that something answers at the URL's host and port.

    Gives the started process, or None where something answered already. At the end the process
    and its whole group are gone.

    Raises:
        OperatorError: When the command cannot be started, ends by itself, or does not answer.
    """
    if await _answers(url):
        yield None
        return
    environment = clean_environment(env)
    program = await asyncio.to_thread(find_command, command[0], environment, cwd)
    child = await ChildProcess.start(
        [program, *command[1:]], env=environment, cwd=cwd, talks=False, limit=_LIMIT
    )
    words = asyncio.create_task(keep_log(child.stdout, log))
    try:
        yield child if await _wait(child, url, log) else None
    finally:
        try:
            await child.stop()
        finally:
            words.cancel()
            await asyncio.gather(words, return_exceptions=True)


async def _wait(child: ChildProcess, url: str, log: ServerLog) -> bool:
    """Wait until the URL answers; False where another process has got the port before ours.

    Raises:
        OperatorError: When the process ends, or nothing answers in time.
    """
    try:
        async with asyncio.timeout(READY):
            while not await _answers(url):
                if child.exited.is_set():
                    found = ended(child, Attempt(shown_url(url), READY, tail=log.tail))
                    what = found.error.removeprefix("it ")
                    raise OperatorError(f"its start command {what}", hint=found.hint)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(child.exited.wait(), _LOOK)
    except TimeoutError:
        raise OperatorError(
            f"its start command runs, but nothing answers at {shown_url(url)} after {READY:.0f}s",
            hint=f"Do url and start name the same port? See {log.path} for what it says.",
        ) from None
    return not child.exited.is_set()


async def _answers(url: str) -> bool:
    """Whether anything accepts connections at the URL's host and port."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme, 80)
    try:
        async with asyncio.timeout(_REACH):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return True
