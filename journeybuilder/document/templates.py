"""New workspaces from the templates that come with the program."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from journeybuilder.document.findings import choices, near
from journeybuilder.document.tree import load
from journeybuilder.document.workspace import SERVERS_FILE, SETTINGS_FILE, STATE_FOLDER
from journeybuilder.document.write import rewrite, save
from journeybuilder.errors import OperatorError
from journeybuilder.packaged import packaged

GIT_FILES = {
    ".gitignore": (f"{STATE_FOLDER}/",),
    ".gitattributes": (
        "*.yaml    diff=journeybuilder merge=journeybuilder",
        "mcp.json  diff=journeybuilder",
        "mcp.lock  diff=journeybuilder merge=journeybuilder",
    ),
}
"""What git is told of a workspace; how its commands are switched on stands in docs/git.md."""


def make_workspace(target: Path, template: str) -> Path:
    """Copy a template into a new or empty folder; the workspace is named after the folder.

    A folder that holds nothing but an `mcp.json` of another MCP client, or hidden files, will do; the
    `mcp.json` stays as it is.

    Args:
        target: The folder, which must not exist or be empty.
        template: Its name: `blank`, or an industry such as `retail`.

    Raises:
        OperatorError: When there is no such template, or the folder is taken or cannot be written.
    """
    templates = {path.name: path for path in packaged("samples").iterdir() if path.is_dir()}
    if template not in templates:
        raise OperatorError(
            f"there is no template '{template}'",
            hint=near(template, templates) or f"Templates: {choices(templates)}.",
        )
    if target.exists() and not target.is_dir():
        raise OperatorError("this is a file", where=str(target), hint="Name a new folder.")
    there = [path.name for path in target.iterdir()] if target.exists() else []
    if any(name != SERVERS_FILE and not name.startswith(".") for name in there):
        raise OperatorError(
            "the folder is not empty", where=str(target), hint="Choose another, or empty it."
        )
    kept = [name for name in (SERVERS_FILE, *GIT_FILES) if name in there]
    ignored = shutil.ignore_patterns(STATE_FOLDER, "__pycache__", "*.pyc", *kept)
    try:
        shutil.copytree(templates[template], target, ignore=ignored, dirs_exist_ok=True)
        for name, lines in GIT_FILES.items():
            _write_lines(target / name, lines)
        _name(target / SETTINGS_FILE, target.absolute().name)
    except OSError as error:
        raise OperatorError(
            f"the folder cannot be written: {error.strerror or 'not every file could be copied'}",
            where=str(target),
            hint="Check its permissions and the disk, or choose another place.",
        ) from None
    return target


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    """Add the lines that a file does not have yet; the file as it stands for others stays."""
    old = path.read_bytes() if path.exists() else b""
    there = {b" ".join(line.split()) for line in old.splitlines()}
    new = [line for line in lines if b" ".join(line.encode().split()) not in there]
    if new:
        gap = "" if not old or old.endswith(b"\n") else "\n"
        with path.open("ab") as file:
            file.write((gap + "".join(f"{line}\n" for line in new)).encode())


def _name(settings: Path, name: str) -> None:
    text = settings.read_text(encoding="utf-8")
    save(settings, rewrite(text, {**load(text, settings.name).value, "workspace": name}))
