"""Child processes that leave nothing behind: each in a group of its own, ended as a group."""

import asyncio
import atexit
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, SubprocessStreamProtocol
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from typing_extensions import override

from journeybuilder.connect.mcp_orphans import WATCH
from journeybuilder.errors import OperatorError

GRACE = 2.0
_LOOK = 0.02
_GROUP_GRACE = 0.5
_LIVE: set[int] = set()


@atexit.register
def _end_all() -> None:
    """The last resort where a loop ended without `stop`: no child outlives this program."""
    for pid in _LIVE:
        _signal_group(pid, hard=True)


def _signal_group(pid: int, *, hard: bool) -> None:
    if sys.platform == "win32":
        # `taskkill /T` ends the tree; there is no gentle way for a console program without one.
        taskkill = shutil.which("taskkill") or "taskkill"
        subprocess.run(  # noqa: S603 - a fixed command with a number
            [taskkill, "/PID", str(pid), "/T", "/F"], check=False, capture_output=True
        )
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL if hard else signal.SIGTERM)


def _group_lives(pid: int) -> bool:
    if sys.platform == "win32":
        return False
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


class _Streams(SubprocessStreamProtocol):
    """Tells of the process' end at once; waiting for it otherwise waits for its pipes as well."""

    def __init__(self, limit: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit, loop)
        self.exited = asyncio.Event()

    @override
    def process_exited(self) -> None:
        super().process_exited()
        self.exited.set()


class ChildProcess:
    """A running command.

    Attributes:
        pid: Of the process, which is also that of its group on POSIX.
        exited: Set when the process (not its children) has ended.
        reason: Why we ended it, where that was our decision.
    """

    def __init__(self, transport: asyncio.SubprocessTransport, protocol: _Streams) -> None:
        self.pid = transport.get_pid()
        self.exited = protocol.exited
        self.reason = ""
        self._transport = transport
        self._protocol = protocol
        _LIVE.add(self.pid)

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        talks: bool,
        limit: int,
    ) -> "ChildProcess":
        """Start the command in a group of its own.

        Args:
            command: The program and its arguments; no shell is involved.
            env: Its whole environment.
            cwd: The folder it runs in.
            talks: Whether it talks with us over stdin and stdout; else it reads nothing, and all
                it writes comes out of `stdout`.
            limit: Bytes of stdout that are held back for us at most.

        Raises:
            OSError: When it cannot be started.
        """
        loop = asyncio.get_running_loop()
        options: dict[str, Any] = (
            {"creationflags": 0x08000200}  # no window, a group of its own
            if sys.platform == "win32"
            else {"start_new_session": True}
        )
        transport, protocol = await loop.subprocess_exec(
            lambda: _Streams(limit, loop),
            *command,
            stdin=PIPE if talks else DEVNULL,
            stdout=PIPE,
            stderr=PIPE if talks else STDOUT,
            env=dict(env),
            cwd=cwd,
            **options,
        )
        child = cls(transport, protocol)
        try:
            await asyncio.to_thread(WATCH.add, child.pid)
        except BaseException:
            # Cancelled in between: nobody else knows of it yet.
            await child.stop()
            raise
        return child

    @property
    def status(self) -> int | None:
        """The exit status; negative for the signal that ended it; None while it runs."""
        return self._transport.get_returncode()

    @property
    def stdin(self) -> asyncio.StreamWriter | None:
        """What the process reads."""
        return self._protocol.stdin

    @property
    def stdout(self) -> asyncio.StreamReader:
        """What the process writes."""
        reader = self._protocol.stdout
        assert reader is not None, "every process is started with a pipe"
        return reader

    @property
    def stderr(self) -> asyncio.StreamReader:
        """What a process that talks with us complains about."""
        reader = self._protocol.stderr
        assert reader is not None, "only a process that talks has a pipe of its own for this"
        return reader

    def kill(self, reason: str) -> None:
        """End the whole group at once, and remember why."""
        self.reason = reason
        _signal_group(self.pid, hard=True)

    async def stop(self) -> None:
        """End the process and its group: by closing its stdin, asking, then without asking.

        Even where this is cancelled the group is killed.
        """
        try:
            if self.stdin is not None:
                self.stdin.close()
                await self._gone(GRACE)
            if self.status is None:
                _signal_group(self.pid, hard=False)
                await self._gone(GRACE)
            elif _group_lives(self.pid):
                # Its own children are still there, e.g. what a wrapper like npx has started.
                _signal_group(self.pid, hard=False)
                await self._group_gone()
        finally:
            if self.status is None or _group_lives(self.pid):
                _signal_group(self.pid, hard=True)
            _LIVE.discard(self.pid)
            try:
                await self._gone(GRACE)
            finally:
                self._transport.close()
                await asyncio.shield(asyncio.to_thread(WATCH.drop, self.pid))

    async def _gone(self, length: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(length):
                await self.exited.wait()

    async def _group_gone(self) -> None:
        """Nothing tells when somebody else's children end, so we look a few times."""
        for _ in range(int(_GROUP_GRACE / _LOOK)):
            if not _group_lives(self.pid):
                return
            await asyncio.sleep(_LOOK)


def find_command(command: str, env: Mapping[str, str], cwd: Path) -> str:
    """The full path of a command, as the child would find it.

    Raises:
        OperatorError: When it is not there; says where was looked and what to install.
    """
    if not cwd.is_dir():
        raise OperatorError(
            f"the folder it shall run in does not exist: {cwd}",
            hint='Create the folder, or correct "cwd" in mcp.json.',
        )
    path = env.get("PATH", os.defpath)
    local = cwd / command
    beside = len(Path(command).parts) > 1 and local.is_file() and os.access(local, os.X_OK)
    found = str(local.absolute()) if beside else shutil.which(command, path=path)
    if found is None:
        raise OperatorError(
            f"the command '{command}' was not found",
            hint=f"{_advice(command, path)} Looked in the PATH of this program: {path}",
        )
    return found


_INSTALL = {
    "npx": "Install Node.js, which brings npx.",
    "node": "Install Node.js.",
    "uvx": "Install uv, which brings uvx.",
    "uv": "Install uv.",
    "docker": "Install Docker.",
    "python": "Write ${python} to use the Python that runs this program.",
}


def _advice(command: str, path: str) -> str:
    first, _, rest = command.partition(" ")
    if rest and shutil.which(first, path=path):
        return f"Write only '{first}' as the command, and each further word into \"args\"."
    known = _INSTALL.get(Path(command).stem.lower())
    return known or "Install it, or write its full path in mcp.json."
