"""Which lines of a story belong to which moment of the run, so that a past one can be shown."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from journeybuilder.gui.panels.chat import CallLine


class StoryMoments:
    """Remembers at which event each line came, and each call was answered.

    Attributes:
        count: How many events have been told.
        shown: The moment that is shown; None for now.
    """

    def __init__(self) -> None:
        self.count = 0
        self.shown: int | None = None
        self._came: dict[QWidget, int] = {}
        self._answered: dict[CallLine, int] = {}

    def clear(self) -> None:
        """Begin anew."""
        self.count, self.shown = 0, None
        self._came.clear()
        self._answered.clear()

    def came(self, line: QWidget) -> None:
        """A line came with the event that is told."""
        self._came[line] = self.count

    def answered(self, line: CallLine) -> None:
        """A call was answered with the event that is told."""
        self._answered[line] = self.count

    def is_answered(self, line: CallLine) -> bool:
        """Whether a call was answered."""
        return line in self._answered

    def gone(self, line: QWidget) -> None:
        """A line is there no longer."""
        self._came.pop(line, None)

    def of_then(self, lines: Sequence[QWidget], moment: int) -> int:
        """How many of the lines were there at a moment."""
        return next(
            (n for n, one in enumerate(lines) if self._came.get(one, 0) > moment), len(lines)
        )

    def dress(self, moment: int | None) -> None:
        """Let calls that were not answered yet at a moment say so; None: all as it is now."""
        for line, when in self._answered.items():
            line.wait_for_answer(waits=moment is not None and when > moment)
