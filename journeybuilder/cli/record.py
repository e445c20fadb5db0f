"""`jb record`: run something and keep its traffic with tools and models, to rehearse with later."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from journeybuilder.cli.output import clean, echo, print_json
from journeybuilder.cli.run import perform, run_options
from journeybuilder.contract.json import as_object
from journeybuilder.contract.services import Services
from journeybuilder.document.findings import choices, near
from journeybuilder.document.model import Journey
from journeybuilder.errors import OperatorError
from journeybuilder.host import Host
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.recorded.recording import (
    RecordedModels,
    RecordedTools,
    Traffic,
    file_of,
)
from journeybuilder.run.state import RunState

STAYS = (
    "What stays: true and false, and, outside its own field, a value that is spelled otherwise, cut "
    "short, a single letter or a number below 1,000; look through the file before you share it."
)


@click.command("record")
@run_options
@click.option(
    "--server", "servers", metavar="NAME", multiple=True,
    help="Keep only what goes to this server, and nothing of models.",
)  # fmt: skip
@click.option("--name", default="", help="The recording's name; the journey's id if empty.")
@click.option("--replace", "over", is_flag=True, help="Write over a recording of that name.")
def command(servers: tuple[str, ...], name: str, over: bool, as_json: bool, **options: Any) -> int:
    """Run FILE as 'jb run' does, and keep what tools and models are asked and answer.

    Secrets and values of fields that are declared as personal are taken out before anything is
    written. A scenario replays it with 'recording: NAME'.
    """
    return perform(
        as_json=as_json, **options, around=_Keeping(servers, name, over=over, as_json=as_json)
    )


class _Keeping:
    """Looks on while a run goes, and writes the recording when it has come to a stop."""

    def __init__(self, servers: tuple[str, ...], name: str, *, over: bool, as_json: bool) -> None:
        self._servers = servers
        self._name = name
        self._over = over
        self._json = as_json
        self._place = Path()
        self._journeys: list[Journey] = []
        self._traffic: Traffic | None = None

    def services(self, host: Host, plan: Plan, services: Services) -> Services:
        """Services whose traffic is kept."""
        for server in self._servers:
            if server not in plan.bundle.servers:
                known = choices(plan.bundle.servers) or "none"
                hint = near(server, plan.bundle.servers) or f"It uses: {known}."
                raise click.UsageError(f"the journey uses no server '{server}'. {hint}")
        self._place = host.state_dir
        traffic = Traffic(
            self._name or plan.journey.id, plan.journey.id, plan.facts, host.secrets.redact_value
        )
        path = file_of(self._place, traffic.name)  # a wrong name is said before anything is called
        if path.exists() and not self._over:
            raise OperatorError(
                f"there is a recording '{traffic.name}' already",
                where=str(path),
                hint="Give another name with --name, or --replace to write over it.",
            )
        self._journeys = [
            Journey(as_object(data)) for data in as_object(plan.bundle.data["journeys"]).values()
        ]
        self._traffic = traffic
        models = services.models if self._servers else RecordedModels(services.models, traffic)
        tools = RecordedTools(services.tools, traffic, self._servers)
        return replace(services, tools=tools, models=models)

    def over(self, given: Mapping[str, Any], state: RunState | None) -> None:
        """Write what there is, also of a run that was broken off."""
        traffic = self._traffic
        if traffic is None or (state is None and not traffic.count):
            return
        for journey in self._journeys:
            traffic.learn("input", _classes(journey.input), given)
            if state is not None:
                traffic.learn("variables", _of_entries(journey.variables), state.variables)
        path = traffic.save(self._place)
        if self._json:
            print_json(_as_json(traffic, path))
        else:
            _print(traffic, path)


def _classes(schema: Mapping[str, Any]) -> dict[str, str]:
    """Data class by field name, at any depth of a schema."""
    out: dict[str, str] = {}
    for name, rule in as_object(schema.get("properties")).items():
        out |= _of_entries({name: rule}) | _classes(as_object(rule))
        out |= _classes(as_object(as_object(rule).get("items")))
    return out


def _of_entries(entries: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(as_object(entry)["data"])
        for name, entry in entries.items()
        if "data" in as_object(entry)
    }


def _as_json(traffic: Traffic, path: Path) -> dict[str, Any]:
    return {
        "event": "recorded",
        "recording": traffic.name,
        "file": str(path),
        "calls": traffic.count,
        "removed": [each.as_json() for each in traffic.removed],
        "secrets": traffic.secrets,
    }


def _print(traffic: Traffic, path: Path) -> None:
    calls = f"{traffic.count} call{'' if traffic.count == 1 else 's'}"
    echo(click.style(f"recorded {calls} as '{traffic.name}'", bold=True))
    for each in traffic.removed:
        values = f"{len(each.values)} value{'' if len(each.values) == 1 else 's'}"
        echo(f"  taken out: {clean(f'{each.where} {each.name}')} ({each.kind}), {values}")
    if traffic.secrets:
        echo("  taken out: secrets")
    if not traffic.removed and not traffic.secrets:
        echo("  nothing was taken out: no field is declared as personal")
    if traffic.removed or traffic.secrets:
        echo(f"  {STAYS}")
    echo(click.style(f"  {path}", dim=True))
    echo(f"  Rehearse with it: write 'recording: {traffic.name}' into a scenario.")
