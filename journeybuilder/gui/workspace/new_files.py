"""New journeys on disk."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from journeybuilder.document.workspace import JOURNEY_ENDING, Workspace
from journeybuilder.document.write import dump, save
from journeybuilder.errors import AuthorError, OperatorError
from journeybuilder.gui.journey.journal import Edit, Follower
from journeybuilder.gui.journey.journey_model import JourneyModel
from journeybuilder.gui.look.language import tr
from journeybuilder.refactor.extract import extract


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


def extract_to_file(
    workspace: Workspace, model: JourneyModel, ids: Sequence[str], title: str
) -> Sequence[str]:
    """Make nodes of an open journey a journey in a file of its own; gives what to look at.

    Raises:
        AuthorError: When the nodes cannot be one, or the workspace has one with this id.
        OperatorError: When the file cannot be written; the open journey is then as before.
    """
    name = journey_id(title)
    path = workspace.root / "journeys" / f"{name}{JOURNEY_ENDING}"
    if name in workspace.journeys or path.exists():
        raise AuthorError(f"There is already a journey '{name}'.", hint="Choose another title.")
    done = extract(model.journey, ids, name)
    text = dump({**done.part.data, "title": title})
    save(path, text)
    corner = min(model.position(one) for one in ids)
    args = {"ids": list(ids), "new": name, "at": list(corner)}
    made = Follower(path.relative_to(workspace.root).as_posix(), None, text)
    model.apply(tr("Make {title} a journey", title=title), Edit("extract", args), followers=[made])
    return done.notes
