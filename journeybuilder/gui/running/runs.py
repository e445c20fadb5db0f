"""The runs of a rehearsal, and the moment of one of them that is looked at."""

from PySide6.QtCore import QObject, Signal

from journeybuilder.rehearse.debug.timeline import Timeline
from journeybuilder.rehearse.debug.watch import Watched, watch


class Runs(QObject):
    """What happened in each run made, and where one looks.

    Attributes:
        timelines: One for each run made: the first, and every branch.
        run: Which of them is looked at; new events are those of the last.

    Signals:
        cursor_changed: The moment that is looked at, as a number of events.
        run_changed: The run that is looked at.
    """

    cursor_changed = Signal(int)
    run_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._cursor: int | None = None
        self.timelines: list[Timeline] = []
        self.run = 0

    @property
    def timeline(self) -> Timeline | None:
        """What happened in the run that is looked at; None before the first."""
        return self.timelines[self.run] if self.timelines else None

    @property
    def cursor(self) -> int:
        """The moment that is looked at: so many events have happened."""
        timeline = self.timeline
        if timeline is None:
            return 0
        return len(timeline) if self._cursor is None else self._cursor

    @property
    def live(self) -> bool:
        """Whether the latest moment of the latest run is looked at."""
        return self._cursor is None and self.run >= len(self.timelines) - 1

    def evaluate(self, expression: str, at: int | None = None, lane: str = "") -> Watched:
        """The value of an expression at a moment of the run that is looked at; raises nothing."""
        timeline = self.timeline
        if timeline is None:
            return Watched(error="no rehearsal is under way")
        n = self.cursor if at is None else at
        when = timeline.events[n - 1]["at"] if 0 < n <= len(timeline) else 0.0
        return watch(timeline.state(n), expression, at=float(when), lane=lane)

    # --- looking at another moment -----------------------------------------------------------------

    def go_to(self, n: int) -> None:
        """Look at the moment after the first `n` events; nothing is undone by it."""
        timeline = self.timeline
        if timeline is None:
            return
        n = max(0, min(n, len(timeline)))
        self._cursor = None if n == len(timeline) else n
        self.cursor_changed.emit(self.cursor)

    def step_back(self) -> None:
        """Look at the stop before."""
        if self.timeline is not None:
            self.go_to(self.timeline.before(self.cursor))

    def step_forward(self) -> None:
        """Look at the next stop of what is recorded."""
        if self.timeline is not None:
            self.go_to(self.timeline.after(self.cursor))

    def look_at(self, run: int) -> None:
        """Look at the latest moment of one of the runs."""
        if not 0 <= run < len(self.timelines):
            return
        moved, self._cursor = self._cursor is not None, None
        if run != self.run:
            self.run = run
            self.run_changed.emit(run)
            moved = True
        if moved:
            self.cursor_changed.emit(self.cursor)
