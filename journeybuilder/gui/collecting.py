"""When and where Python looks for garbage: not while the program opens, and in the window's thread only.

A look in another thread would let go of objects of Qt there, which ends the program: they belong to
the thread that made them.
"""

import gc
from collections.abc import Generator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QTimer

_THRESHOLDS = (10_000, 20, 50)
"""Few enough objects at a time that a look takes less than a frame."""
_EVERY = 500  # ms


class Collector(QTimer):
    """Looks for garbage in its own thread, instead of whichever thread makes an object."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._before = False
        self.setInterval(_EVERY)
        self.timeout.connect(self.look)

    def begin(self) -> None:
        """From now on nobody else looks."""
        self._before = gc.isenabled()
        gc.disable()
        self.start()

    def end(self) -> None:
        """As it was before `begin`."""
        if self.isActive():
            self.stop()
            if self._before:
                gc.enable()

    def look(self) -> None:
        """Look through as much as has gathered since the last time."""
        if _Opening.now:
            return
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > _THRESHOLDS[generation]:
                gc.collect(generation)
                return


class _Opening:
    """Whether the program opens; nobody looks then."""

    now = False


@contextmanager
def paused() -> Generator[None]:
    """No look for garbage until `again`; as before afterwards."""
    enabled = gc.isenabled()
    gc.disable()
    _Opening.now = True
    try:
        yield
    finally:
        gc.unfreeze()
        _Opening.now = False
        if enabled:
            gc.enable()


def again() -> None:
    """Look again, but not through what the program itself is made of."""
    gc.freeze()
    _Opening.now = False
