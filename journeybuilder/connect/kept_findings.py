"""The findings of the last check, for as long as nothing has changed that a check looks at.

A check of an unchanged workspace then costs no more than reading its files: no parser, no node kinds,
no expressions. The mark under which they are kept is a digest of the content of every file that may be
read and of the program itself, so a stale answer would take two files with one digest.
"""

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from journeybuilder import __version__
from journeybuilder.connect.state_file import write_state
from journeybuilder.document.findings import Finding
from journeybuilder.document.root import STATE_FOLDER

FILE = "findings.json"
CATALOG = "catalog.json"
_ENDINGS = (".yaml", ".yml", ".json", ".lock")
_FOLDERS = ("", "journeys", "scenarios")
_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a check.

    Attributes:
        files: Every file of the workspace that was read, by its name from the root.
    """

    findings: Sequence[Finding]
    files: Sequence[str]


def mark_of(root: Path) -> str:
    """A digest of all that a check of this workspace depends on; empty where that cannot be read."""
    digest = hashlib.sha256(f"{__version__} {sys.version} {sys.platform}\0".encode())
    try:
        for part in (*_program(), *_inputs(root)):
            digest.update(part)
            digest.update(b"\0")
    except OSError:
        return ""
    return digest.hexdigest()


def kept(root: Path, mark: str) -> Checked | None:
    """What was found when the workspace had this mark; None where that is not known."""
    if not mark:
        return None
    try:
        with (root / STATE_FOLDER / FILE).open(encoding="utf-8") as stream:
            found = json.load(stream)
        if found["mark"] != mark:
            return None
        return Checked([Finding(**each) for each in found["findings"]], found["files"])
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
    ):  # none there, or not written by us
        return None


def keep(root: Path, mark: str, checked: Checked) -> None:
    """Keep what was found under a mark; where there is no folder for local state, nothing is kept.

    Args:
        root: The workspace.
        mark: The one from before the check; where the files have changed since, nothing is kept.
        checked: What was found.
    """
    folder = root / STATE_FOLDER
    if not mark or not folder.is_dir() or mark_of(root) != mark:
        return
    findings = [finding.as_json() for finding in checked.findings]
    text = json.dumps({"mark": mark, "files": list(checked.files), "findings": findings})
    with contextlib.suppress(OSError):  # a full disk or a folder of somebody else: it takes longer
        write_state(folder / FILE, text)


def _inputs(root: Path) -> Iterator[bytes]:
    for name in _FOLDERS:
        yield from _of_folder(root / name)
    with contextlib.suppress(FileNotFoundError):
        yield (root / STATE_FOLDER / CATALOG).read_bytes()


def _of_folder(folder: Path) -> Iterator[bytes]:
    """Names and contents of the files of a folder, or why it has none."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError) as error:
        yield type(error).__name__.encode()
        return
    for entry in entries:
        if entry.name.endswith(_ENDINGS):
            yield os.fsencode(entry.name)
            if entry.is_file():
                yield Path(entry).read_bytes()
            else:
                yield b"a folder" if entry.is_dir() else b"no file"


def _program() -> Iterator[bytes]:
    """Which program this is: its own files, and where the libraries lie, with when they changed."""
    here = Path.cwd()  # on the path of `python -m`, and different for every caller
    libraries = [Path(entry) for entry in sys.path if entry and Path(entry) != here]
    for place in (Path(sys.executable), *libraries):
        with contextlib.suppress(OSError):
            yield _stat(os.fsencode(place), place.stat())
    for folder, _, names in os.walk(_PACKAGE):
        for name in sorted(names):
            if name.endswith(".py"):
                path = Path(folder, name)
                yield _stat(os.fsencode(path), path.stat())


def _stat(name: bytes, stat: os.stat_result) -> bytes:
    return name + f" {stat.st_size} {stat.st_mtime_ns}".encode()
