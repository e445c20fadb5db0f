"""No process that we have started outlives us, however we end: `kill -9` and power of the shell included.

POSIX: a shell of a few lines holds the reading end of a pipe. When we are gone, however that came
about, the pipe ends, and it ends the groups of the processes that are still there. Windows: a job
object that ends with our last handle to it; this part could not be tried out where it was written.
"""

import atexit
import contextlib
import logging
import os
import subprocess
import sys
import threading
from typing import Any

_LOG = logging.getLogger(__name__)
_SHELL = "/bin/sh"
_LAST = 2.0
# It ignores the signals that a terminal sends to everybody, so that it is there when it is needed.
_WATCH = """
trap '' INT TERM HUP QUIT PIPE
live=
while read -r what pid; do
  case $what in
    +) live="$live $pid" ;;
    -) kept=; for each in $live; do [ "$each" = "$pid" ] || kept="$kept $each"; done; live=$kept ;;
  esac
done
for each in $live; do kill -s TERM -- "-$each" 2>/dev/null; done
[ -z "$live" ] || sleep 1
for each in $live; do kill -s KILL -- "-$each" 2>/dev/null; done
"""


class Watch:
    """Knows which processes have to end with us; one shell for all of them, only while there are any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._live: set[int] = set()
        self._shell: subprocess.Popen[bytes] | None = None
        self._jobs: dict[int, Any] = {}

    def add(self, pid: int) -> None:
        """See to it that the process' group ends with us; blocks for a moment."""
        with self._lock:
            if sys.platform == "win32":
                self._jobs[pid] = _job_with(pid)
                return
            self._live.add(pid)
            self._tell(f"+ {pid}")

    def drop(self, pid: int) -> None:
        """The process has ended, and its group too; blocks for a moment."""
        with self._lock:
            if sys.platform == "win32":
                _close(self._jobs.pop(pid, None))
                return
            if pid not in self._live:
                return
            self._live.discard(pid)
            self._tell(f"- {pid}")
            if not self._live:
                self._end()

    def _tell(self, line: str) -> None:
        if self._shell is None or self._shell.poll() is not None:
            self._begin()
            return  # it was told of all that live
        self._write(line)

    def _write(self, line: str) -> None:
        if self._shell is not None and self._shell.stdin is not None:
            with contextlib.suppress(OSError):
                self._shell.stdin.write(f"{line}\n".encode())
                self._shell.stdin.flush()

    def _begin(self) -> None:
        self._end()
        if not self._live:
            return
        try:
            self._shell = subprocess.Popen(  # noqa: S603 - fixed words
                [_SHELL, "-c", _WATCH],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": os.defpath},
                start_new_session=True,
            )
        except OSError as error:
            _LOG.debug("no process watches over the servers: %s", error)
            return
        for pid in sorted(self._live):
            self._write(f"+ {pid}")

    def _end(self) -> None:
        shell, self._shell = self._shell, None
        if shell is None:
            return
        if shell.stdin is not None:
            with contextlib.suppress(OSError):
                shell.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            shell.wait(_LAST)

    def close(self) -> None:
        """The end of the program: whatever is left is ended by the shell when the pipe ends."""
        with self._lock:
            self._end()


def _job_with(pid: int) -> Any:
    """A job object that holds the process and ends it with our handle; None where that fails."""
    if sys.platform != "win32":
        return None
    import pywintypes  # noqa: PLC0415 - only there
    import win32api  # noqa: PLC0415
    import win32con  # noqa: PLC0415
    import win32job  # noqa: PLC0415

    try:
        job = win32job.CreateJobObject(None, "")
        kind = win32job.JobObjectExtendedLimitInformation
        limits = win32job.QueryInformationJobObject(job, kind)
        limits["BasicLimitInformation"]["LimitFlags"] |= win32job.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
        win32job.SetInformationJobObject(job, kind, limits)
        rights = win32con.PROCESS_SET_QUOTA | win32con.PROCESS_TERMINATE
        process = win32api.OpenProcess(rights, False, pid)
        try:
            win32job.AssignProcessToJobObject(job, process)
        finally:
            win32api.CloseHandle(process)
    except pywintypes.error as error:
        _LOG.debug("process %s is in no job: %s", pid, error)
        return None
    return job


def _close(job: Any) -> None:
    if sys.platform != "win32" or job is None:
        return
    import win32api  # noqa: PLC0415 - only there

    win32api.CloseHandle(job)


WATCH = Watch()
"""The one of this program."""
atexit.register(WATCH.close)
