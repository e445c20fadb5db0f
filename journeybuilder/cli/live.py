"""A model's words on one line of the terminal, while it writes them."""

import os
import sys
import unicodedata

from journeybuilder.cli.output import clean

_USUAL_WIDTH = 80
_MARK = "… "


class LiveLine:
    """One line of standard error that shows the last words; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._shown = 0
        self._able = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Show these words, of which the last ones that fit, in place of what stands there."""
        if not self._able:
            return
        words = " ".join(clean(text).split())
        self.clear()
        if words:
            line = _MARK + _end_of(words, _width() - len(_MARK) - 1)
            self._shown = sum(_columns(letter) for letter in line)
            self._write(f"{line}\r")

    def clear(self) -> None:
        """Leave an empty line, for what is to stand there for good."""
        if self._shown:
            self._write(f"\r{' ' * self._shown}\r")
            self._shown = 0

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:  # nobody sees it any more
            self._able = False


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def _end_of(words: str, width: int) -> str:
    """The end of a text, as many columns as this wide."""
    start = len(words)
    while start and (width := width - _columns(words[start - 1])) >= 0:
        start -= 1
    return words[start:]


def _columns(letter: str) -> int:
    """How many columns a terminal gives a letter."""
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1
