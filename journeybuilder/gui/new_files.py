"""New journeys on disk."""

from pathlib import Path
from typing import Any

from journeybuilder.document.workspace import JOURNEY_ENDING, Workspace
from journeybuilder.document.write import dump, save
from journeybuilder.errors import AuthorError, OperatorError


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
