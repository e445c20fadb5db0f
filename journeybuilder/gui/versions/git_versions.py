"""The commits that touch a journey, asked from git without ever waiting for it."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from journeybuilder.gui.journey.three_way import Pair
from journeybuilder.gui.look.language import tr
from journeybuilder.gui.look.slots import weak_with

_MOST = 200
_PATIENCE = 2_000  # ms that a process gets to end once it is not wanted
_MARK = "\x1e"
_PART = "\x1f"
_FORMAT = _MARK + _PART.join(("%H", "%an", "%aI", "%s"))
_FIELDS = 4
# Nothing that a repository's own settings name is run: no pager, no monitor, no filter of diffs.
_SAFE = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
         "-c", "log.showSignature=false", "-c", "core.quotePath=false")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that touches the journey.

    Attributes:
        path: What the file was called in it, from the repository's root.
    """

    id: str
    author: str
    at: datetime
    message: str
    path: str


class GitVersions(QObject):
    """Asks git about one file; a newer question ends the one before.

    Signals:
        listed: The commits, the latest first.
        told: Words about why there are none.
    """

    listed = Signal(object)
    told = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._running: dict[str, QProcess] = {}

    def ask(self, file: Path) -> None:
        """List the commits that touch a file, under whatever name."""
        if shutil.which("git") is None:
            self.told.emit(tr("git is not installed, so there are no versions of it."))
            return
        args = (
            "log", "--follow", f"--max-count={_MOST}", f"--format={_FORMAT}", "--name-only",
            "--no-ext-diff", "--no-textconv", "--", file.name,
        )  # fmt: skip
        self._run("log", file.parent, args, self._logged)

    def fetch(self, commit: Commit, file: Path, done: Callable[[Pair], None]) -> None:
        """Get both texts of the journey as a commit has them.

        Args:
            commit: The commit.
            file: The journey's file now; git runs in its folder.
            done: A bound method that gets them.
        """
        layout = commit.path.replace(".journey.yaml", ".layout.yaml")
        self._run(
            "show",
            file.parent,
            ("show", "--no-textconv", f"{commit.id}:{commit.path}"),
            partial(self._got_journey, commit, file, layout, done),
        )

    def _got_journey(
        self, commit: Commit, file: Path, layout: str, done: Callable[[Pair], None], text: str
    ) -> None:
        self._run(
            "show", file.parent, ("show", "--no-textconv", f"{commit.id}:{layout}"),
            partial(self._got_layout, done, text),
        )  # fmt: skip

    @staticmethod
    def _got_layout(done: Callable[[Pair], None], journey: str, layout: str) -> None:
        if journey:
            done(Pair(journey, layout))

    def _logged(self, text: str) -> None:
        commits = commits_in(text)
        if commits:
            self.listed.emit(commits)
        else:
            self.told.emit(
                tr("The workspace is in no git repository, or this file is in no commit.")
            )

    def _run(
        self, what: str, folder: Path, args: Sequence[str], done: Callable[[str], None]
    ) -> None:
        self._end(what)
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        for name, value in (("GIT_OPTIONAL_LOCKS", "0"), ("GIT_TERMINAL_PROMPT", "0")):
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.setWorkingDirectory(str(folder))
        process.setProgram("git")
        process.setArguments([*_SAFE, *args])
        process.finished.connect(weak_with(self._finished, what, process, done))
        process.errorOccurred.connect(weak_with(self._failed, what, process))
        self._running[what] = process
        process.start()

    def _finished(
        self, what: str, process: QProcess, done: Callable[[str], None], code: int, *_status: object
    ) -> None:
        if self._running.get(what) is not process:
            return
        del self._running[what]
        out = bytes(process.readAllStandardOutput().data()).decode("utf-8", "replace")
        process.deleteLater()
        done(out if code == 0 else "")

    def _failed(self, what: str, process: QProcess, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and self._running.get(what) is process:
            del self._running[what]
            process.deleteLater()
            self.told.emit(tr("git cannot be started, so there are no versions of it."))

    def _end(self, what: str) -> None:
        process = self._running.pop(what, None)
        if process is not None:
            process.kill()
            process.waitForFinished(_PATIENCE)
            process.deleteLater()

    def close(self) -> None:
        """Ask nothing any more."""
        for what in list(self._running):
            self._end(what)


def commits_in(text: str) -> list[Commit]:
    """The commits in what `git log` has printed."""
    found: list[Commit] = []
    for part in text.split(_MARK)[1:]:
        head, _, names = part.partition("\n")
        fields = head.split(_PART)
        path = names.strip().splitlines()
        if len(fields) != _FIELDS or not path:
            continue
        try:
            at = datetime.fromisoformat(fields[2])
        except ValueError:
            continue
        found.append(Commit(fields[0], fields[1], at, fields[3], path[0]))
    return found
