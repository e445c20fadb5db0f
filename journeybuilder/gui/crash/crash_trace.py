"""A trace for the case that the process dies: what is left of it tells the next start what happened."""

import faulthandler
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from platformdirs import user_state_path

from journeybuilder import __version__
from journeybuilder.gui.crash.logs import told

log = logging.getLogger(__name__)
_ENDING = ".trace"
_LONGEST = 100_000  # characters of a trace that are shown


def state_folder() -> Path:
    """Where traces are; beside the settings where `JOURNEYBUILDER_CONFIG` is set."""
    folder = os.environ.get("JOURNEYBUILDER_CONFIG")
    return Path(folder) / "state" if folder else user_state_path("journeybuilder", appauthor=False)


def _lives(process: int) -> bool:
    """Whether a process with this number runs."""
    if process == os.getpid():
        return True
    if os.name != "posix":  # there the file of a living process cannot be removed
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


class CrashTrace:
    """One file while the program runs; it goes when the program ends as it should."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or state_folder()
        self._path = self._folder / f"{os.getpid()}{_ENDING}"
        self._file: TextIO | None = None

    def left(self) -> str | None:
        """What programs that died have left, as others may read it; None where none has died."""
        found: list[str] = []
        try:
            traces = sorted(self._folder.glob(f"*{_ENDING}"))
        except OSError:
            return None
        for path in traces:
            if not path.stem.isdecimal() or _lives(int(path.stem)):
                continue
            try:
                text = path.read_text(encoding="utf-8", errors="replace")
                path.unlink()
            except OSError:  # of a program that runs, on Windows
                continue
            found.append(told(text[-_LONGEST:]))
        return "\n\n".join(found) if found else None

    def begin(self) -> None:
        """Have the interpreter write its stacks into the file should the process die."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8")
        except OSError as error:
            log.warning("no trace can be kept in %s: %s", self._folder, error)
            return
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._file.write(f"journeybuilder {__version__}, started {now}\n")
        self._file.flush()
        faulthandler.enable(self._file)

    def end(self) -> None:
        """The program ends as it should: nothing is left."""
        file, self._file = self._file, None
        if file is None:
            return
        faulthandler.disable()
        file.close()
        self._path.unlink(missing_ok=True)
