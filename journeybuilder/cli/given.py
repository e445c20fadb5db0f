"""JSON that somebody gives on the command line."""

import json
from pathlib import Path
from typing import Any

import click

from journeybuilder.contract.json import as_object


def object_of(text: str, option: str) -> dict[str, Any]:
    """The JSON object in an option's text; `@FILE` reads it from a file.

    Args:
        text: What was given.
        option: The option's name, for the message.

    Raises:
        click.UsageError: When it is none.
    """

    def no_constant(name: str) -> object:
        raise click.UsageError(f"{option} holds {name}, which is no JSON")

    try:
        raw = Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text
        value: object = json.loads(raw, parse_constant=no_constant)
    except OSError as error:
        raise click.UsageError(f"{option}: {text[1:]} cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise click.UsageError(f"{option} is no JSON from {place} on") from None
    except (ValueError, RecursionError):
        raise click.UsageError(f"{option} is no JSON that can be used") from None
    if not as_object(value) and value != {}:
        raise click.UsageError(f"{option} has to be a JSON object")
    return dict(as_object(value))
