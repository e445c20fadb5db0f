"""Another version of a workspace's journeys: a file beside it, or a commit of git."""

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from journeybuilder.document.model import Journey, Layout
from journeybuilder.document.source import JourneyFile
from journeybuilder.document.workspace import (
    JOURNEY_ENDING,
    Workspace,
    journey_source,
    read_bytes,
)
from journeybuilder.errors import AuthorError, OperatorError

_PATIENCE = 30.0


def other_version(workspace: Workspace, journey: str, against: str) -> Workspace:
    """The workspace with another version of a journey; everything else is as it is today.

    Of a commit the journeys that it calls are taken too, as far as the commit has them.

    Args:
        workspace: As it is today.
        journey: The journey's id.
        against: A `*.journey.yaml`, or a commit, branch or tag of git.

    Raises:
        AuthorError: When there is no such version, or it cannot be read.
        OperatorError: When git cannot be asked.
    """
    path = Path(against)
    if path.is_file():
        return _of_file(workspace, journey, path)
    if path.suffix in {".yaml", ".yml"}:
        raise AuthorError("there is no such file", where=against,
                          hint="Name a journey's file, or a commit of git.")  # fmt: skip
    return _of_commit(workspace, journey, against)


def _of_file(workspace: Workspace, journey: str, path: Path) -> Workspace:
    data = read_bytes(path)
    if isinstance(data, str):
        raise AuthorError(f"the file cannot be read: {data}", where=str(path))
    file = _parsed(data, str(path))
    if file.journey.id != journey:
        raise AuthorError(
            f"this is the journey '{file.journey.id}', not '{journey}'", where=str(path)
        )
    return _with(workspace, {journey: file})


def _of_commit(workspace: Workspace, journey: str, revision: str) -> Workspace:
    root = workspace.root
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options",
                  f"{revision}^{{commit}}")  # fmt: skip
    if commit is None:
        raise AuthorError(
            f"'{revision}' is neither a file nor a commit, branch or tag of git here",
            where=str(root),
            hint="Name a journey's file, or for example HEAD~1, main or a tag.",
        )
    found: dict[str, JourneyFile] = {}
    for name in _files_of(root, commit.decode().strip()):
        text = _git(root, "show", f"{commit.decode().strip()}:./{name}")
        if text is not None:
            file = _parsed(text, f"{revision}:{name}")
            found[file.journey.id] = file
    if journey not in found:
        raise AuthorError(f"'{revision}' has no journey '{journey}'", where=str(root))
    known = {name: file for name, file in found.items() if name in workspace.journeys}
    return _with(workspace, known)


def _files_of(root: Path, commit: str) -> list[str]:
    listed = _git(root, "ls-tree", "--name-only", "-z", commit, "./journeys/")
    names = (listed or b"").decode("utf-8", "replace").split("\0")
    return [name for name in names if name.endswith(JOURNEY_ENDING)]


def _parsed(text: bytes, origin: str) -> JourneyFile:
    source = journey_source(text, origin)
    wrong = [finding for finding in source.findings if finding.severity == "error"]
    if wrong:
        raise AuthorError(wrong[0].message, where=wrong[0].place, hint=wrong[0].hint)
    return JourneyFile(source, Journey(source.data), None, Layout({}))


def _with(workspace: Workspace, files: Mapping[str, JourneyFile]) -> Workspace:
    names = {workspace.journeys[name].source.file for name in files if name in workspace.journeys}
    kept = [finding for finding in workspace.findings if finding.file not in names]
    return replace(workspace, journeys={**workspace.journeys, **files}, findings=kept)


def _git(root: Path, *words: str) -> bytes | None:
    """What git answers; None where it says no.

    Raises:
        OperatorError: When git is not there or does not answer.
    """
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, and a revision behind --end-of-options
            ["git", *words],  # noqa: S607 - the git of whoever works here
            cwd=root, capture_output=True, timeout=_PATIENCE, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except FileNotFoundError:
        raise OperatorError(
            "git is not installed", hint="Name the other version by its file instead."
        ) from None
    except subprocess.TimeoutExpired:
        raise OperatorError("git did not answer", where=str(root)) from None
    return done.stdout if done.returncode == 0 else None
