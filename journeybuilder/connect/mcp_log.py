"""One log file per server: what it writes to stderr, bounded and without secrets."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

CAP = 1_000_000
_TAIL = 20
_LINE = 4000


class ServerLog:
    """Collects a server's lines; the file is cut to its newer half where it would pass the cap.

    Attributes:
        path: Where the lines go.
        said: How many lines the server has printed to stdout that are no messages.
    """

    def __init__(self, path: Path, redact: Callable[[str], str], cap: int = CAP) -> None:
        self.path = path
        self.said = 0
        self._redact = redact
        self._cap = cap
        self._rest = b""
        self._tail: deque[str] = deque(maxlen=_TAIL)
        self._lock = asyncio.Lock()

    @property
    def tail(self) -> Sequence[str]:
        """The last lines, without secrets."""
        rest = self._text(self._rest).strip()
        return [*self._tail, rest] if rest else list(self._tail)

    def begin(self) -> None:
        """A new start of the server: what was said before no longer explains anything."""
        self._tail.clear()
        self._rest = b""
        self.said = 0

    async def feed(self, data: bytes) -> None:
        """Bytes from stderr, cut anywhere."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LINE:
            lines.append(self._rest)
            self._rest = b""
        await self._add([self._text(line) for line in lines])

    async def note(self, line: bytes) -> None:
        """A line from stdout that is no message of the protocol."""
        self.said += 1
        await self._add([f"stdout: {self._text(line[:_LINE])}"])

    def recall(self) -> None:
        """Take the last lines from the file, where a child has written them there itself."""
        try:
            data = self.path.read_bytes()[-_LINE:]
        except OSError:
            return
        self._tail.extend(self._text(line) for line in data.split(b"\n") if line.strip())

    async def _add(self, lines: list[str]) -> None:
        shown = [line for line in lines if line.strip()]
        if not shown:
            return
        self._tail.extend(shown)
        async with self._lock:
            await asyncio.to_thread(self._append, "".join(f"{line}\n" for line in shown))

    def _append(self, text: str) -> None:
        """Runs in a thread. A disk that is full must not stop the server: the tail is in memory."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists() and self.path.stat().st_size + len(text) > self._cap:
                kept = self.path.read_bytes()[-self._cap // 2 :]
                self.path.write_bytes(kept[kept.find(b"\n") + 1 :])
            with self.path.open("a", encoding="utf-8", errors="replace", newline="\n") as file:
                file.write(text[-self._cap :])
        except OSError:
            return

    def _text(self, data: bytes) -> str:
        return self._redact(data[:_LINE].decode("utf-8", "replace").rstrip("\r\n"))
