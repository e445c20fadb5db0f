"""The texts that a file had, by what they say, so that undo gives their comments back."""

from collections.abc import Mapping
from typing import Any

_MANY = 50


class TextMemory:
    """Some texts of one file, each behind the values that it says; the first is never forgotten."""

    def __init__(self) -> None:
        self._texts: list[tuple[Mapping[str, Any], str]] = []

    def add(self, data: Mapping[str, Any], text: str) -> None:
        """The file had this text when it said these values."""
        if len(self._texts) == _MANY:
            del self._texts[1]  # never the first: it is where undo ends
        self._texts.append((data, text))

    def get(self, data: Mapping[str, Any]) -> str:
        """The text that says these values, the oldest; "" where there is none."""
        return next((text for known, text in self._texts if known == data), "")

    @property
    def last(self) -> str:
        """The text that came last; "" where there is none."""
        return self._texts[-1][1] if self._texts else ""
