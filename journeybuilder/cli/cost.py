"""`jb cost`: what contacts will cost, from models, prices and what contacts used so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from journeybuilder.cli.live import LiveLine
from journeybuilder.cli.output import clean, echo, print_json, print_table
from journeybuilder.cli.place import (
    host_of,
    in_workspace,
    journey_named,
    with_host,
    with_json,
    workspace_at,
)
from journeybuilder.contract.json import as_object
from journeybuilder.document.findings import choices, near
from journeybuilder.document.workspace import Workspace
from journeybuilder.errors import AuthorError
from journeybuilder.host import Host, known_of
from journeybuilder.plan.bundle import Bundle, build
from journeybuilder.plan.plan import Plan, make_plan
from journeybuilder.rehearse.comparing.cost import Forecast, Line, Seen, forecast, paying
from journeybuilder.rehearse.comparing.gathering import (
    of_recordings,
    of_rehearsal,
    of_runs,
    recordings_of,
)
from journeybuilder.rehearse.comparing.lineup import players_of, scenarios_of, unpriced
from journeybuilder.rehearse.comparing.player import Purse, Turnstile
from journeybuilder.rehearse.comparing.showing import number, span_usd, usd
from journeybuilder.rehearse.comparing.trial import Bench, Candidate, is_scripted

_ORIGINS = {
    "runs": "{n} finished run{s} of the store",
    "recordings": "{n} recording{s}",
    "rehearsal": "{n} rehearsal{s} of the scenarios",
}


@dataclass(frozen=True)
class _Asked:
    """What is wanted of the rehearsals."""

    real: bool
    runs: int
    mix: Mapping[str, float]
    max_cost: float | None
    store: str
    origin: str
    env: str


@click.command("cost")
@click.argument("journey")
@click.option("--contacts", required=True, type=click.IntRange(min=1), help="How many are to come.")
@click.option(
    "--from",
    "origin",
    type=click.Choice(["auto", "runs", "recordings", "rehearsal"]),
    default="auto",
    help="What it is to rest on; by itself the best that there is.",
)
@click.option(
    "--ask-models", "real", is_flag=True, help="Rehearse with the real models, which costs money."
)
@click.option(
    "--runs", default=1, type=click.IntRange(1, 1000), help="How often each scenario is rehearsed."
)
@click.option(
    "--mix",
    multiple=True,
    metavar="NAME=SHARE",
    help="How often a contact goes as in this scenario; the others then weigh nothing.",
)
@click.option("--models", default="", metavar="A,B", help="The aliases to set it beside.")
@click.option(
    "--max-cost",
    type=click.FloatRange(min=0),
    metavar="USD",
    help="End the rehearsals when this is spent.",
)
@click.option("--seed", default=1, help="Of the drawing for the spread.")
@click.option("--env", default="", help="The environment whose bindings count.")
@click.option("--store", default="", metavar="URL", help="The run store.")
@in_workspace
@with_json
def command(
    journey: str,
    contacts: int,
    origin: str,
    real: bool,
    runs: int,
    mix: tuple[str, ...],
    models: str,
    max_cost: float | None,
    seed: int,
    env: str,
    store: str,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Forecast what contacts of JOURNEY (its id or file) will cost, with the spread.

    It rests on the finished runs of the store where there are ten at least, else on recordings, else on
    rehearsals of the scenarios. A price that nobody knows is said: then there is no total.

    Exit status 1: there is no total, as a price is not known.
    """
    workspace = workspace_at(folder)
    name = journey_named(workspace, journey)
    others = _others(workspace, models)
    plan = make_plan(build(workspace, name, known_of(workspace), env))
    store = store or str(as_object(plan.bundle.data.get("environment")).get("store", ""))
    asked = _Asked(real, runs, _mix(mix), max_cost, store, "rehearsal" if real else origin, env)
    line = LiveLine()
    try:
        found = _found(workspace, plan, asked, line)
    finally:
        line.clear()
    result = forecast(
        name, contacts, found, plan.bundle.models, workspace.models, others=others, seed=seed
    )
    if as_json:
        print_json(result.as_json())
    else:
        _print(result)
    return 1 if result.total is None else 0


def _others(workspace: Workspace, models: str) -> list[str]:
    names = [part.strip() for part in models.split(",") if part.strip()]
    for name in names:
        if name not in workspace.models:
            hint = near(name, workspace.models) or f"It has: {choices(workspace.models) or 'none'}."
            raise AuthorError(f"there is no model '{name}'", where="models.yaml", hint=hint)
    return names


def _mix(pairs: Sequence[str]) -> dict[str, float]:
    out: dict[str, float] = {}
    for pair in pairs:
        name, _, text = pair.rpartition("=")
        try:
            share = float(text)
        except ValueError:
            share = -1.0
        if not name or not 0 <= share < float("inf"):
            raise click.UsageError(f"'--mix {pair}' is not of the form NAME=SHARE")
        out[name] = share
    return out


def _found(workspace: Workspace, plan: Plan, asked: _Asked, line: LiveLine) -> Seen:
    """What is known of how contacts go.

    Raises:
        AuthorError: When what is asked for is not there.
    """
    journey = plan.journey.id
    if asked.origin in {"auto", "runs"}:
        host = host_of(plan.bundle, workspace.root)
        seen = with_host(host, lambda host: of_runs(host.journal(asked.store, create=False), plan))
        if seen is not None:
            return seen
    if asked.origin in {"auto", "recordings"}:
        seen = of_recordings(workspace.state_dir, journey)
        if seen is not None:
            return seen
    if asked.origin in {"runs", "recordings"}:
        raise AuthorError(
            f"there are too few {asked.origin} of '{journey}' to go by",
            hint="Leave --from out, or use --from rehearsal.",
        )
    return _rehearsed(workspace, plan, asked, line)


def _rehearsed(workspace: Workspace, plan: Plan, asked: _Asked, line: LiveLine) -> Seen:
    scenarios = scenarios_of(workspace, plan.journey.id)
    recordings = recordings_of(workspace.state_dir, scenarios)
    entries = plan.bundle.models
    if asked.real:
        players = players_of(scenarios, workspace, asked.env)
        entries = {**players, **paying(plan.bundle.models, workspace.models)}
    if asked.real and asked.max_cost is not None and (unknown := unpriced(plan.bundle.models)):
        raise AuthorError(f"nobody knows the price of '{unknown[0]}', so --max-cost cannot be held",
                          where="models.yaml", hint="Add 'price' to it.")  # fmt: skip
    bundle = Bundle({**plan.bundle.data, "models": dict(entries)})

    async def work(host: Host) -> Seen:
        models = host.models(bundle) if asked.real else None
        if models is not None:
            await models.ready()
        bench = Bench(models, entries, Turnstile(), Purse(asked.max_cost), recordings)
        scripted = all(is_scripted(entry) for entry in entries.values())
        candidate = Candidate(plan.journey.id, plan, scripted=scripted)
        runs = asked.runs if asked.real else 1  # the stand-in says the same every time
        return await of_rehearsal(
            candidate, scenarios, bench, asked.mix, runs,
            lambda done, whole: line.show(f"{done} of {whole} rehearsals"),
        )  # fmt: skip

    return with_host(host_of(bundle, workspace.root), work)


def _print(result: Forecast) -> None:
    rests = _ORIGINS[result.origin].format(n=result.seen, s="" if result.seen == 1 else "s")
    if result.total is None:
        part = f"the known part of {result.contacts:,} contacts: {usd(result.known_total)}"
        echo(click.style(clean(f"no total: the price of {', '.join(result.unknown)} is not known"),
                         fg="yellow", bold=True))  # fmt: skip
        echo(part)
    else:
        words = f"{result.contacts:,} contacts: {span_usd(result.total)}"
        echo(click.style(words, bold=True))
        echo(f"a contact: {span_usd(result.usd)}; 95 % stay below {usd(result.p95)}")
    echo(click.style(f"95 % intervals, from {rests}", dim=True))
    _lines("node", result.nodes)
    _lines("model", result.models)
    if result.alternatives:
        echo()
        rows = [
            (each.plays if each.alias == "*" else f"{each.alias} by {each.plays}", usd(each.usd),
             span_usd(each.total), "–" if each.change is None else f"{each.change:+.0%}", each.model)
            for each in result.alternatives
        ]  # fmt: skip
        print_table(("with", "a contact", "all contacts", "change", "model"), rows)
    for note in result.notes:
        echo(click.style(clean(note), dim=True))


def _lines(what: str, lines: Sequence[Line]) -> None:
    if not lines:
        return
    echo()
    rows = [
        ((each.node or "–") if what == "node" else each.alias, number(each.calls),
         number(each.tokens_in), number(each.tokens_out), usd(each.usd),
         "–" if each.share is None else f"{each.share:.0%}",
         each.alias if what == "node" else each.model)
        for each in lines
    ]  # fmt: skip
    last = "alias" if what == "node" else "behind it"
    print_table((what, "calls", "tokens in", "out", "a contact", "share", last), rows)


__all__ = ["command"]
