"""`jb simulate`: rehearse a journey with a scenario, in no time and without a network."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import click

from journeybuilder.cli.output import echo, print_json
from journeybuilder.cli.place import in_workspace, journey_named, with_json, workspace_at
from journeybuilder.cli.trace import lines
from journeybuilder.document.findings import choices, near
from journeybuilder.document.source import Source
from journeybuilder.document.workspace import SCENARIO_ENDING, Workspace
from journeybuilder.errors import AuthorError
from journeybuilder.host import known_of
from journeybuilder.plan.bundle import and_more, build
from journeybuilder.plan.plan import make_plan
from journeybuilder.rehearse.recording import load_recording
from journeybuilder.rehearse.scenario import Scenario, scenario_of
from journeybuilder.rehearse.simulate import Rehearsed, simulate


@click.command("simulate")
@click.argument("journey")
@click.option(
    "--scenario", required=True, metavar="FILE", help="The scenario, by its file or name."
)
@click.option("--env", default="", help="The environment to bind for.")
@in_workspace
@with_json
def command(journey: str, scenario: str, env: str, folder: Path | None, as_json: bool) -> int:
    """Rehearse JOURNEY (its id or file) with one scenario."""
    workspace = workspace_at(folder)
    name = journey_named(workspace, journey)
    script = scenario_named(workspace, scenario)
    if script.journey != name:
        raise click.UsageError(f"the scenario is for '{script.journey}', not for '{name}'")
    plan = make_plan(build(workspace, name, known_of(workspace), env))
    recording = load_recording(workspace.state_dir, script.recording) if script.recording else None
    result = asyncio.run(simulate(plan, script, recording=recording))
    if as_json:
        print_json(result.as_json())
    else:
        _print(result)
    return 0 if result.passed else 1


def scenario_named(workspace: Workspace, name: str) -> Scenario:
    """A scenario given by name or by file.

    Raises:
        AuthorError: When something is wrong with its file.
        click.UsageError: When there is none.
    """
    path = Path(name).resolve()
    for known, source in workspace.scenarios.items():
        if name in {known, _stem(source)} or (workspace.root / source.file).resolve() == path:
            return _readable(source)
    hint = (
        near(name, workspace.scenarios) or f"Scenarios: {choices(workspace.scenarios) or 'none'}."
    )
    raise click.UsageError(f"there is no scenario '{name}'. {hint}")


def _stem(source: Source) -> str:
    """The name of a scenario's file without folder and ending, which is easier to type."""
    return Path(source.file).name.removesuffix(SCENARIO_ENDING)


def _readable(source: Source) -> Scenario:
    wrong = [item for item in source.findings if item.severity == "error"]
    if wrong:
        first = wrong[0]
        raise AuthorError(
            f"{first.code} {first.message}{and_more(wrong)}", where=first.place, hint=first.hint
        )
    if isinstance(source.data.get("customer"), Mapping):
        raise AuthorError(
            "a simulated customer cannot be rehearsed yet",
            where=source.file,
            hint="Write 'customer:' as a list of {hears: …, says: …}.",
        )
    return scenario_of(source.data)


def _print(result: Rehearsed) -> None:
    for event in result.events:
        for line in lines(event):
            echo(line)
    if result.passed:
        echo(click.style(f"passed: {result.scenario}", fg="green", bold=True))
    for words in result.failures:
        echo(click.style(f"failed: {words}", fg="red", bold=True))
