"""`jb schema`: the JSON Schemas of the files, for editors and other programs."""

import json

import click

from journeybuilder.cli.output import echo
from journeybuilder.plan.schema import SCHEMAS


@click.command("schema")
@click.argument("name", required=False, default="journey", type=click.Choice(sorted(SCHEMAS)))
def command(name: str) -> int:
    """Print the JSON Schema of a kind of file."""
    echo(json.dumps(SCHEMAS[name](), ensure_ascii=False, indent=2))
    return 0
