"""`jb simulate`: rehearse a journey with a scenario, or with generated ones; without a network."""

import asyncio
from pathlib import Path

import click

from journeybuilder.cli.output import echo, print_json
from journeybuilder.cli.place import in_workspace, journey_named, with_json, workspace_at
from journeybuilder.cli.real_world import RealWorld
from journeybuilder.cli.trace import lines
from journeybuilder.document.workspace import Workspace
from journeybuilder.host import known_of
from journeybuilder.plan.bundle import build
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.real import rehearse
from journeybuilder.rehearse.recorded.recording import Recording, load_recording
from journeybuilder.rehearse.scenario import Scenario
from journeybuilder.rehearse.simulate import Rehearsed
from journeybuilder.rehearse.suites.choosing import name_of, script_of


@click.command("simulate")
@click.argument("journey")
@click.option("--scenario", metavar="FILE", help="The scenario, by its file or name.")
@click.option(
    "--random", "runs", type=click.IntRange(1), metavar="N",
    help="Make N runs with generated customers, tools, models and people, and tell what goes wrong.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0), default=None, metavar="S",
    help="What everything random comes from; the same seed makes the same runs. 1 without it.",
)  # fmt: skip
@click.option(
    "--jobs", "-j", type=click.IntRange(1), default=1, show_default=True, metavar="N",
    help="Processes for --random.",
)  # fmt: skip
@click.option(
    "--expect", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Expectations, as 'expect:' of a scenario, that must hold in every random run.",
)  # fmt: skip
@click.option(
    "--write", type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Write the shortest scenario of each bug that --random finds into this folder.",
)  # fmt: skip
@click.option("--env", default="", help="The environment to bind for.")
@in_workspace
@with_json
def command(
    journey: str,
    scenario: str | None,
    runs: int | None,
    seed: int | None,
    jobs: int,
    expect: Path | None,
    write: Path | None,
    env: str,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Rehearse JOURNEY (its id or file) with one scenario, or with generated customers.

    With both, what the scenario gives is fixed and only the rest is generated.
    """
    _fitting(scenario, runs, given=seed is not None or jobs > 1 or bool(expect) or bool(write))
    workspace = workspace_at(folder)
    name = journey_named(workspace, journey)
    script = None if scenario is None else _script(workspace, scenario, name)
    plan = make_plan(build(workspace, name, known_of(workspace), env))
    if runs is not None:
        from journeybuilder.cli.campaigns import campaign  # noqa: PLC0415 - slow import

        return campaign(
            plan, runs=runs, seed=1 if seed is None else seed, jobs=jobs, expect=expect,
            write=write, base=script, as_json=as_json,
        )  # fmt: skip
    assert script is not None  # `_fitting` has seen to that
    return _rehearse(workspace, plan, script, as_json=as_json)


def _fitting(scenario: str | None, runs: int | None, *, given: bool) -> None:
    """See that the options go together.

    Raises:
        click.UsageError: When they do not.
    """
    if scenario is None and runs is None:
        raise click.UsageError("say '--scenario FILE' for one rehearsal, or '--random N' for many")
    if runs is None and given:
        raise click.UsageError("--seed, --jobs, --expect and --write go with '--random N'")


def _script(workspace: Workspace, scenario: str, journey: str) -> Scenario:
    script = script_of(workspace, workspace.scenarios[name_of(workspace, scenario)])
    if script.journey != journey:
        raise click.UsageError(f"the scenario is for '{script.journey}', not for '{journey}'")
    return script


def _rehearse(workspace: Workspace, plan: Plan, script: Scenario, *, as_json: bool) -> int:
    recording = load_recording(workspace.state_dir, script.recording) if script.recording else None
    result = asyncio.run(_really(workspace, plan, script, recording))
    if as_json:
        print_json(result.as_json())
    else:
        _print(result)
    return 0 if result.passed else 1


async def _really(
    workspace: Workspace, plan: Plan, script: Scenario, recording: Recording | None
) -> Rehearsed:
    """Rehearse it, with real servers and models where the scenario wants some."""
    world = RealWorld(workspace.root)
    try:
        return await rehearse(plan, script, world, recording=recording)
    finally:
        await world.close()


def _print(result: Rehearsed) -> None:
    for event in result.events:
        for line in lines(event):
            echo(line)
    if result.passed:
        echo(click.style(f"passed: {result.scenario}", fg="green", bold=True))
    for words in result.failures:
        echo(click.style(f"failed: {words}", fg="red", bold=True))
