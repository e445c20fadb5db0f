"""`jb init`: a new workspace, from a template."""

from pathlib import Path

import click

from journeybuilder.cli.output import echo
from journeybuilder.document.templates import make_workspace


@click.command("init")
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--template", default="blank", help="blank, or an industry: retail.")
def command(target: Path, template: str) -> int:
    """Make a workspace in DIR, which must not exist or be empty."""
    make_workspace(target, template)
    echo(f"made {target} from the template '{template}'")
    echo(f"  cd {target} && jb check   or   jb open {target}")
    return 0
