"""New workspaces and journeys on disk."""

import shutil
from pathlib import Path
from typing import Any

from journeybuilder.document.workspace import JOURNEY_ENDING, Workspace
from journeybuilder.document.write import dump, save
from journeybuilder.errors import AuthorError, OperatorError
from journeybuilder.packaged import packaged


def copy_template(template: str, target: Path) -> Path:
    """A copy of a shipped workspace in a new or empty folder.

    Raises:
        OperatorError: When the folder is taken or cannot be written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OperatorError(
            "The folder is not empty.", where=str(target), hint="Choose another, or empty it."
        )
    ignored = shutil.ignore_patterns(".journeybuilder", "__pycache__", "*.pyc")
    try:
        shutil.copytree(packaged("samples") / template, target, ignore=ignored, dirs_exist_ok=True)
        (target / ".gitignore").write_text(".journeybuilder/\n", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OperatorError(f"The folder cannot be written: {reason}.", where=str(target)) from None
    return target


def new_workspace(target: Path) -> Path:
    """An empty workspace in a new or empty folder.

    Raises:
        OperatorError: When the folder is taken or cannot be written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OperatorError(
            "The folder is not empty.", where=str(target), hint="Choose another, or empty it."
        )
    settings: dict[str, Any] = {
        "journeybuilder": 1,
        "workspace": target.name,
        "environments": {"dev": {}},
        "queues": ["desk"],
    }
    try:
        (target / "journeys").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OperatorError(f"The folder cannot be made: {reason}.", where=str(target)) from None
    save(target / "journeybuilder.yaml", dump(settings))
    save(target / "mcp.json", '{\n  "mcpServers": {}\n}\n')
    save(target / "models.yaml", dump({"models": {"rehearse": {"model": "scripted"}}}))
    save(target / ".gitignore", ".journeybuilder/\n")
    return target


def journey_id(title: str) -> str:
    """An id out of a title: `Order return!` is `order-return`."""
    plain = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in title.lower()
    )
    return "-".join(part for part in plain.split("-") if part) or "journey"


def new_journey(workspace: Workspace, title: str) -> Path:
    """A journey with a greeting and an end; gives its file.

    Raises:
        AuthorError: When the workspace has one with this id.
        OperatorError: When the file cannot be written.
    """
    name = journey_id(title)
    path = workspace.root / "journeys" / f"{name}{JOURNEY_ENDING}"
    if name in workspace.journeys or path.exists():
        raise AuthorError(f"There is already a journey '{name}'.", hint="Choose another title.")
    data: dict[str, Any] = {
        "journeybuilder": 1,
        "journey": name,
        "title": title,
        "version": 1,
        "channels": ["chat"],
        "languages": ["en"],
        "start": "greet",
        "nodes": {
            "greet": {"kind": "say", "text": "Hello! How can I help you?", "next": "done"},
            "done": {"kind": "end", "outcome": "resolved"},
        },
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OperatorError(
            f"The folder cannot be made: {reason}.", where=str(path.parent)
        ) from None
    save(path, dump(data))
    return path
