"""`jb export`: write a bundle, one file that runs anywhere."""

from pathlib import Path

import click

from journeybuilder.cli.output import echo, print_findings
from journeybuilder.cli.place import in_workspace, journey_named, workspace_at
from journeybuilder.document.findings import choices
from journeybuilder.document.write import dump, save
from journeybuilder.host import findings_of_export, known_of
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import make_plan


@click.command("export")
@click.argument("journey")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write.",
)
@click.option("--env", default="", help="The environment to bind for; dev when not given.")
@in_workspace
def command(journey: str, target: Path, env: str, folder: Path | None) -> int:
    """Write JOURNEY (its id or file) and all it needs, without secrets, into one file."""
    workspace = workspace_at(folder)
    name = journey_named(workspace, journey)
    known = known_of(workspace)
    wrong = [
        item for item in findings_of_export(workspace, name, known) if item.severity == "error"
    ]
    if wrong:
        print_findings(wrong)
        echo("not exported: mend these first", err=True)
        return 1
    bundle = build(workspace, name, known, env)
    make_plan(bundle)
    text = dump(bundle.data)
    save(target.absolute(), text)
    unapproved = [tool for tool in bundle.tools if tool not in known.locked]
    if unapproved:
        echo(f"warning: not approved in mcp.lock: {choices(unapproved)}. Run 'jb lock'.", err=True)
    echo(
        f"wrote {target}: {len(bundle.tools)} tools, {len(text.encode()):,} bytes, {bundle.digest}"
    )
    return 0
