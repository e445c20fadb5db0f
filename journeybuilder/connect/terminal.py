"""The terminal as a channel: prepared lines first, then whoever sits at the keyboard."""

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from typing_extensions import override

from journeybuilder.contract.services import Channel, Listening, Message

_CHUNK = 65536
_PROMPT = "❯ "


class Terminal(Channel):
    """Prints what the customer is told and gives what the customer types.

    Lines given beforehand are used up first and echoed; then the keyboard is read where the terminal is
    interactive. Without either there is no answer now, and the run parks.

    Args:
        lines: Words of the customer, in turn.
        interactive: Whether somebody sits at the keyboard.
        write: Takes one line without its end; standard output by default.
        prompt: Shows a text and stays on its line: what stands before the words that are typed. Without
            it, nothing does.
        read: Gives one line, an empty text at the end of input; standard input by default.
        now: Seconds since 1970.
    """

    def __init__(
        self,
        lines: Sequence[str] = (),
        *,
        interactive: bool,
        write: Callable[[str], object] | None = None,
        prompt: Callable[[str], object] | None = None,
        read: Callable[[], str] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._lines = list(lines)
        self._interactive = interactive
        self._write = write or _write
        self._read = read or _StandardInput().line
        self._now = now
        self._said: set[str] = set()
        self._reading: Future[str] | None = None
        self._prompt = prompt
        self._waiting = 0
        self._prompted = False

    @override
    async def say(self, message: Message) -> None:
        """Print the words and the choices; a message whose key was said before is dropped."""
        if message.key and message.key in self._said:
            return
        self._said.add(message.key)
        self._take_prompt_away()
        first, *rest = message.text.splitlines() or [""]
        self._write(f"● {first}")
        for line in rest:
            self._write(f"  {line}")
        for number, choice in enumerate(message.choices, 1):
            self._write(f"  {number}. {choice}")
        self._show_prompt()

    @override
    async def listen(self, listening: Listening) -> str | None:
        """The next line; a number stands for the choice of that number.

        A line typed after the wait ended is kept for the next wait. The end of input (Ctrl+D) and a
        passed `until` give None.
        """
        if self._lines:
            line = self._lines.pop(0)
            self._write(f"{_PROMPT}{line}")
        else:
            typed = await self._typed(listening.until) if self._interactive else None
            if typed is None:
                return None
            line = typed
        return _chosen(line.strip(), listening.choices)

    async def _typed(self, until: float | None) -> str | None:
        self._waiting += 1
        try:
            return await self._line(until)
        finally:  # also where nobody waits for the customer any more
            self._waiting -= 1
            if not self._waiting:
                self._take_prompt_away()

    async def _line(self, until: float | None) -> str | None:
        while True:
            self._show_prompt()
            reading = self._reading or self._start_reading()
            limit = None if until is None else max(0.0, until - self._now())
            done, _ = await asyncio.wait([asyncio.wrap_future(reading)], timeout=limit)
            if not done:
                return None
            if reading is self._reading:  # else another lane of the run has got this line
                break
        line = reading.result()
        if not line:
            self._take_prompt_away()
            self._interactive = False  # the end of input stays the end
            return None
        self._reading = None
        self._prompted = False  # the end of the line that was typed has ended the prompt's too
        return line

    def _show_prompt(self) -> None:
        """Show that the customer may type, once for all lanes that wait."""
        if self._prompt is not None and self._waiting and not self._prompted:
            self._prompt(_PROMPT)
            self._prompted = True

    def _take_prompt_away(self) -> None:
        """Leave the prompt's line, as something else is to stand on the next."""
        if self._prompt is not None and self._prompted:
            self._prompt("\n")
            self._prompted = False

    def _start_reading(self) -> "Future[str]":
        """Read one line in a thread that nobody has to wait for when the program ends."""
        reading: Future[str] = Future()
        reading.set_running_or_notify_cancel()  # from here on no waiting task can cancel it

        def work() -> None:
            try:
                reading.set_result(self._read())
            except (OSError, ValueError):  # the input was closed under us: nothing more will come
                reading.set_result("")

        self._reading = reading
        threading.Thread(target=work, name="terminal-input", daemon=True).start()
        return reading


def _chosen(line: str, choices: Sequence[str]) -> str:
    if line in choices or not line.isdecimal():
        return line
    number = int(line)
    return choices[number - 1] if 1 <= number <= len(choices) else line


def _write(line: str) -> None:
    """One line to standard output, also where its encoding lacks a character."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()


class _StandardInput:
    """Lines of standard input, read below Python's buffer.

    A thread that waits inside the buffer holds its lock, and the interpreter then aborts at its end;
    reading the raw file holds none.
    """

    def __init__(self) -> None:
        self._rest = b""

    def line(self) -> str:
        """The next line, or an empty text at the end of input."""
        raw = getattr(getattr(sys.stdin, "buffer", None), "raw", None)
        if raw is None:
            return sys.stdin.readline()
        while b"\n" not in self._rest:
            chunk = raw.read(_CHUNK)
            if not chunk:
                break
            self._rest += chunk
        line, end, self._rest = self._rest.partition(b"\n")
        return (line + end).decode(sys.stdin.encoding or "utf-8", "replace")
