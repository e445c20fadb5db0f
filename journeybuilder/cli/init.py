"""`jb init`: a new workspace, from a template."""

from pathlib import Path

import click

from journeybuilder.cli.output import echo, print_json
from journeybuilder.cli.place import json_option, workspace_at
from journeybuilder.document.templates import make_workspace


@click.command("init")
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--template", default="blank", help="blank, or an industry: retail.")
@json_option('Print one JSON document, for programs: {"workspace", "template", "files"}.')
def command(target: Path, template: str, as_json: bool) -> int:
    """Make a workspace in DIR, which must not exist or be empty."""
    make_workspace(target, template)
    if as_json:
        files = sorted(workspace_at(target).sources)
        print_json({"workspace": str(target.absolute()), "template": template, "files": files})
        return 0
    echo(f"made {target} from the template '{template}'")
    echo(f"  cd {target} && jb check   or   jb open {target}")
    return 0
