"""`jb export`: write a bundle, one file that runs anywhere."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from journeybuilder.cli.output import echo, print_findings, print_json
from journeybuilder.cli.place import in_workspace, journey_named, json_option, workspace_at
from journeybuilder.document.findings import Finding, choices
from journeybuilder.document.write import dump, save
from journeybuilder.host import findings_of_export, known_of
from journeybuilder.plan.bundle import Bundle, build
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
@json_option(
    "Print one JSON document, for programs: what was written, or the findings that kept it back."
)
@in_workspace
def command(journey: str, target: Path, env: str, as_json: bool, folder: Path | None) -> int:
    """Write JOURNEY (its id or file) and all it needs, without secrets, into one file.

    With --json: {"journey", "file", "environment", "digest", "bytes", "tools", "unapproved",
    "findings"}; "file" and "digest" are null where it was not exported.
    """
    workspace = workspace_at(folder)
    name = journey_named(workspace, journey)
    known = known_of(workspace)
    wrong = [
        item for item in findings_of_export(workspace, name, known) if item.severity == "error"
    ]
    if wrong and as_json:
        return _kept_back(name, wrong)
    if wrong:
        print_findings(wrong)
        echo("not exported: mend these first", err=True)
        return 1
    bundle = build(workspace, name, known, env)
    make_plan(bundle)
    text = dump(bundle.data)
    save(target.absolute(), text)
    unapproved = [tool for tool in bundle.tools if tool not in known.locked]
    if as_json:
        print_json(_as_json(bundle, target, len(text.encode()), unapproved))
        return 0
    if unapproved:
        echo(f"warning: not approved in mcp.lock: {choices(unapproved)}. Run 'jb lock'.", err=True)
    number = len(bundle.tools)
    tools = f"{number} tool{'' if number == 1 else 's'}"
    echo(f"wrote {target}: {tools}, {len(text.encode()):,} bytes, {bundle.digest}")
    return 0


def _as_json(bundle: Bundle, target: Path, size: int, unapproved: Sequence[str]) -> dict[str, Any]:
    return {
        "journey": bundle.journey_id,
        "file": str(target),
        "environment": bundle.environment,
        "digest": bundle.digest,
        "bytes": size,
        "tools": sorted(bundle.tools),
        "unapproved": list(unapproved),
        "findings": [],
    }


def _kept_back(journey: str, findings: Sequence[Finding]) -> int:
    """Say for programs what keeps a journey from being exported; the exit status."""
    nothing: dict[str, Any] = {"file": None, "environment": None, "digest": None, "bytes": 0}
    listed = [item.as_json() for item in findings]
    print_json({"journey": journey, **nothing, "tools": [], "unapproved": [], "findings": listed})
    return 1
