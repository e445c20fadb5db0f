"""The news of a run on their way into the window: gathered, in order, in slices of a frame."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

EVERY = 40
"""ms in which the events of a run become one batch."""
MOST = 10
"""Events that one batch has at most."""
_REST = 8  # ms left to the window between two slices
_SLICE = 0.003  # seconds that one slice may take

Event = Mapping[str, Any]
_Item = Event | Callable[[], object]


class Feed(QObject):
    """Takes single events and hands them on together.

    A call that is put between events is made when all events before it were handed on, and at once
    where there are few: what a person waits for is never held up.

    Signals:
        came: A list of events, in their order.
    """

    came = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._items: deque[_Item] = deque()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._work)

    def put(self, event: Event) -> None:
        """An event happened."""
        self._items.append(event)
        if not self._timer.isActive():
            self._timer.start(EVERY)

    def then(self, call: Callable[[], object]) -> None:
        """Make a call after all that came so far."""
        self._items.append(call)
        if len(self._items) <= MOST:
            self._work()
        elif not self._timer.isActive():
            self._timer.start(0)

    @property
    def busy(self) -> bool:
        """Whether something is on its way."""
        return bool(self._items)

    def clear(self) -> None:
        """Forget what is on its way."""
        self._timer.stop()
        self._items.clear()

    def _work(self) -> None:
        self._timer.stop()
        until = time.perf_counter() + _SLICE
        while self._items:
            events: list[Event] = []
            while self._items and len(events) < MOST and not callable(self._items[0]):
                events.append(self._items.popleft())  # pyright: ignore[reportArgumentType]
            if events:
                self.came.emit(events)
            if self._items and callable(self._items[0]):
                call = self._items.popleft()
                call()  # pyright: ignore[reportCallIssue]
            if self._items and time.perf_counter() > until:
                self._timer.start(_REST)
                return
