"""A model's words while it writes, on their way to whoever looks at the run."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress


class Writing:
    """Hands words to the loop of the engine, from whatever thread they come; none after the call.

    Args:
        tell: Told all of the words so far, on the loop on which this was made.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._open = True

    def text(self, text: str) -> None:
        """Tell this; called from any thread."""
        if threading.get_ident() == self._thread:
            self._now(text)
        else:
            with suppress(RuntimeError):  # the loop has been closed: nobody is there to see it
                self._loop.call_soon_threadsafe(self._now, text)

    def close(self) -> None:
        """Let nothing through any more: the whole answer is there, or none comes."""
        self._open = False

    def _now(self, text: str) -> None:
        if self._open:
            self._tell(text)
