"""`jb export`: write a bundle, one file that runs anywhere."""

from pathlib import Path

import click

from journeybuilder.cli.output import print_findings
from journeybuilder.cli.place import in_workspace, workspace_at
from journeybuilder.document.findings import choices, near
from journeybuilder.document.workspace import Workspace
from journeybuilder.document.write import dump, save
from journeybuilder.host import findings_of, known_of
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import make_plan

SHARED = ("journeybuilder.yaml", "mcp.json", "models.yaml", "mcp.lock")


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
    files = {workspace.journeys[name].source.file, *SHARED}
    wrong = [
        item
        for item in findings_of(workspace, known)
        if item.file in files and item.severity == "error"
    ]
    if wrong:
        print_findings(wrong)
        click.echo("not exported: mend these first", err=True)
        return 1
    bundle = build(workspace, name, known, env)
    make_plan(bundle)
    text = dump(bundle.data)
    save(target.absolute(), text)
    unapproved = [tool for tool in bundle.tools if tool not in known.locked]
    if unapproved:
        click.echo(
            f"warning: not approved in mcp.lock: {choices(unapproved)}. Run 'jb lock'.", err=True
        )
    click.echo(
        f"wrote {target}: {len(bundle.tools)} tools, {len(text.encode()):,} bytes, {bundle.digest}"
    )
    return 0


def journey_named(workspace: Workspace, name: str) -> str:
    """The id of a journey given by id or by file.

    Raises:
        click.UsageError: When there is none.
    """
    if name in workspace.journeys:
        return name
    path = Path(name).resolve()
    for journey, file in workspace.journeys.items():
        if (workspace.root / file.source.file).resolve() == path:
            return journey
    hint = near(name, workspace.journeys) or f"Journeys: {choices(workspace.journeys) or 'none'}."
    raise click.UsageError(f"there is no journey '{name}'. {hint}")
