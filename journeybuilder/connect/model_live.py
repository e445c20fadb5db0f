"""Live text on its way from the models' thread to whoever shows it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any


class LiveText:
    """Hands live text to the loop on which it was made; nothing comes once it is closed.

    Args:
        on_text: Shows it; gets all of the text every time, an empty one takes it back.
        redact: Takes secrets out of a text.
    """

    def __init__(self, on_text: Callable[[str], None] | None, redact: Callable[[Any], Any]) -> None:
        self._on_text = on_text
        self._redact = redact
        self._loop = asyncio.get_running_loop()

    def show(self, text: str) -> None:
        """Show this; called from any thread."""
        with suppress(RuntimeError):  # the loop has been closed: nobody is there to see it
            self._loop.call_soon_threadsafe(self._tell, self._redact(text))

    def close(self) -> None:
        """Let nothing through any more."""
        self._on_text = None

    def _tell(self, text: str) -> None:
        if self._on_text is not None:
            self._on_text(text)
