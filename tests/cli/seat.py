"""Somebody at a terminal: runs `jb` on one of its own, types, and sees what it shows. Not on Windows."""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType


class Seat:
    """A terminal with a program on it.

    Attributes:
        seen: Everything that the terminal was sent, what was typed included.
    """

    def __init__(
        self, *words: str, folder: Path, env: Mapping[str, str] | None = None, columns: int = 80
    ) -> None:
        self.seen = ""
        self._end, its_end = pty.openpty()
        fcntl.ioctl(its_end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self._program = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "journeybuilder", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **(env or {})},
            stdin=its_end,
            stdout=its_end,
            stderr=its_end,
        )
        os.close(its_end)

    def sees(self, text: str) -> None:
        """Wait until this is shown behind what was waited for before."""
        start = len(self.seen)
        while text not in self.seen[start:]:
            assert self._read(), f"not shown: {text!r} in {self.seen!r}"

    def types(self, line: str) -> None:
        os.write(self._end, f"{line}\n".encode())

    def leaves(self) -> int:
        """Wait for the end of the program; its exit status."""
        while self._read():
            pass
        return self._program.wait(30)

    def _read(self) -> bool:
        try:
            data = os.read(self._end, 65536)
        except OSError:  # Linux says so when the program has gone
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)

    def __enter__(self) -> "Seat":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._program.poll() is None:
            self._program.kill()
        self._program.wait()
        os.close(self._end)
