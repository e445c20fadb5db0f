"""Waiting for the disk without letting the window wait: a file's bytes survive a power cut then."""

import os
import threading
from typing import BinaryIO


class DiskSync:
    """Has what was written to a file put on the disk, in a thread that lives as long as that takes."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self.late = False
        """Whether something was written that nobody waits for yet."""

    def start(self, file: BinaryIO) -> None:
        """Begin to wait; while an earlier wait goes on, `late` says that there is more."""
        if self._thread is not None and self._thread.is_alive():
            self.late = True
            return
        self.late = False
        copy = os.dup(file.fileno())  # the file may be closed meanwhile
        self._thread = threading.Thread(
            target=_sync, args=(copy,), name="journeybuilder-disk", daemon=True
        )
        self._thread.start()

    def end(self) -> None:
        """Wait for the wait that goes on."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None


def _sync(handle: int) -> None:
    try:
        os.fsync(handle)
    except OSError:  # a disk that cannot tell; the next save asks again and says so
        return
    finally:
        os.close(handle)
