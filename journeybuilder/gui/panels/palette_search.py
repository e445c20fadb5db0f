"""Search over everything the palette offers, in slices: thousands of tools never stop the window."""

import heapq
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from journeybuilder.gui.look.fuzzy import score
from journeybuilder.gui.workspace.palette_entries import PaletteEntry

_SLICE = 0.006  # seconds
_STEP = 32
MOST = 60
"""How many hits are shown."""
_UNUSABLE = 0.4


class PaletteSearch(QObject):
    """Looks entries through and tells the best of them, first after one slice and then at the end.

    Signals:
        found: The best entries, how many fit in all so far, and whether everything was looked at.
    """

    found = Signal(object, int, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._typed = ""
        self._left: Iterator[PaletteEntry] = iter(())
        self._weigh: Callable[[str], float] = _alike
        self._best: list[tuple[float, int, PaletteEntry]] = []
        self._count = self._order = 0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)

    @property
    def running(self) -> bool:
        """Whether there is more to look at."""
        return self._timer.isActive()

    def start(
        self, typed: str, entries: Iterable[PaletteEntry], weigh: Callable[[str], float]
    ) -> None:
        """Look for something; what was looked for before is dropped.

        Args:
            typed: The words.
            entries: Everything there is; made as they are looked at.
            weigh: How much further up an entry belongs, by its key.
        """
        self._typed, self._weigh = typed, weigh
        self._left = iter(entries)
        self._best, self._count, self._order = [], 0, 0
        self._timer.start()
        self._slice()

    def stop(self) -> None:
        """Look no further."""
        self._timer.stop()
        self._left = iter(())

    def _slice(self) -> None:
        until = time.perf_counter() + _SLICE
        first = self._order == 0
        while time.perf_counter() < until:
            for _ in range(_STEP):
                entry = next(self._left, None)
                if entry is None:
                    self._timer.stop()
                    self.found.emit(self.hits, self._count, True)
                    return
                self._look(entry)
        if first:
            self.found.emit(self.hits, self._count, False)

    def _look(self, entry: PaletteEntry) -> None:
        self._order += 1
        points = score(self._typed, entry.words)
        if points <= 0:
            return
        self._count += 1
        points *= self._weigh(entry.key) * (_UNUSABLE if entry.why else 1.0)
        item = (points, -self._order, entry)
        if len(self._best) < MOST:
            heapq.heappush(self._best, item)
        elif item > self._best[0]:
            heapq.heapreplace(self._best, item)

    @property
    def hits(self) -> Sequence[PaletteEntry]:
        """The best entries so far, best first."""
        return [entry for _, _, entry in sorted(self._best, reverse=True, key=lambda one: one[:2])]


def _alike(key: str) -> float:
    del key
    return 1.0
