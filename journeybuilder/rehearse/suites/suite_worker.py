"""The process that rehearses scenarios of a suite: `python -m journeybuilder.rehearse.suites.suite_worker`.

It gets its work on standard input and answers on standard output. When its input ends, so does it, in
the middle of a scenario too: whoever started it is gone.
"""

import contextlib
import faulthandler
import gc
import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path
from typing import IO

from journeybuilder.rehearse.suites.suite_hands import Message, Ready, Sign, Work, read, write
from journeybuilder.rehearse.suites.suite_task import Alive, Bench

_GRACE = 1.0  # seconds for a clean end, before the process just ends
_COLLECT = (50_000, 20, 100)  # by itself Python looks for garbage far too often for many small runs


def main() -> None:
    """Rehearse what is sent until nothing more is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
    faulthandler.enable()
    given, answers = _own_streams()
    waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
    threading.Thread(target=_hear, args=(given, waiting), daemon=True).start()
    gc.set_threshold(*_COLLECT)
    gc.freeze()
    bench = Bench(Path(sys.argv[1]))
    with contextlib.suppress(OSError):  # nobody listens any more
        write(answers, Ready())
        while (work := waiting.get()) is not None:
            if work.bundle is not None:
                bench.learn(work.bundle)
            outcome: Message = bench.perform(work.task, _alive(answers, work.task.number))
            write(answers, outcome)
    bench.close()


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The two pipes, out of reach of whatever else prints or reads."""
    given = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return given, answers


def _hear(given: IO[bytes], waiting: "queue.SimpleQueue[Work | None]") -> None:
    with contextlib.suppress(EOFError, OSError):
        while True:
            waiting.put(read(given))
    waiting.put(None)
    time.sleep(_GRACE)
    os._exit(1)


def _alive(answers: IO[bytes], number: int) -> Alive:
    def alive(words: str) -> None:
        write(answers, Sign(number, words))

    return alive


if __name__ == "__main__":
    main()
