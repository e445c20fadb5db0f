"""The process in which long searches go on: `python -m journeybuilder.gui.scenarios.apart_worker`.

It gets one `Search` on standard input and tells on standard output how far it is and what it found.
When its input ends it stops and tells what it has by then. Knows no Qt.
"""

import contextlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from typing import IO, Any

from journeybuilder.errors import ProgramError
from journeybuilder.gui.scenarios.apart_task import News, Result, Search, Trouble
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import make_plan
from journeybuilder.rehearse.scenario import scenario_of
from journeybuilder.rehearse.suites.suite_hands import read, write

_GRACE = 8.0  # seconds for a clean end once nobody wants the rest


Tell = Callable[[Any], None]
Stop = Callable[[], bool]


def perform(search: Search, tell: Tell, stop: Stop) -> Any:
    """Look for it.

    Raises:
        ProgramError: When the journey cannot be run, or has no such way.
    """
    plan = make_plan(Bundle(search.bundle))
    options = dict(search.options)
    if search.what == "way":
        from journeybuilder.rehearse.campaigns.solve import scenario_for  # noqa: PLC0415 - one of the two

        node, port = options.pop("node"), options.pop("port")
        return scenario_for(plan, node, port, stop=stop, **options)
    from journeybuilder.rehearse.campaigns.campaign import run_campaign  # noqa: PLC0415 - one of the two

    base = options.pop("base", None)
    return run_campaign(
        plan, base=scenario_of(base) if base else None, on_progress=tell, stop=stop, **options
    )


def main(arguments: Sequence[str] = ()) -> None:
    """Do what is sent."""
    del arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
    given, answers = _own_streams()
    search: Search = read(given)
    ended = threading.Event()
    threading.Thread(target=_listen, args=(given, ended), daemon=True).start()

    def tell(value: Any) -> None:
        with contextlib.suppress(OSError):
            write(answers, News(value))

    try:
        found: Result | Trouble = Result(perform(search, tell, ended.is_set))
    except ProgramError as error:
        found = Trouble(error.what, error.where, error.hint)
    except Exception as error:  # noqa: BLE001 - whoever waits is told that it is a fault of ours
        traceback.print_exc()
        what = f"Something in the program failed ({type(error).__name__})."
        found = Trouble(what, "", "Your journey is not affected. Try again.")
    with contextlib.suppress(OSError):  # nobody listens any more
        write(answers, found)
    sys.stdout.flush()
    os._exit(0)


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The two pipes, out of reach of whatever else prints or reads."""
    given = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return given, answers


def _listen(given: IO[bytes], ended: threading.Event) -> None:
    """Wait until nobody wants more, then for a clean end."""
    with contextlib.suppress(OSError):
        given.read()
    ended.set()
    time.sleep(_GRACE)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
