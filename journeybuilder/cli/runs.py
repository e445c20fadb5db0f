"""`jb runs`: look into the run store, and go on with runs."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import click

from journeybuilder.cli.given import object_of
from journeybuilder.cli.output import echo, print_json, print_table
from journeybuilder.cli.place import (
    base_of,
    in_workspace,
    json_option,
    with_host,
    with_json,
    with_json_lines,
)
from journeybuilder.cli.printing import RunPrinter, more_options
from journeybuilder.cli.trace import lines, moment, waiting
from journeybuilder.connect.terminal import Terminal
from journeybuilder.contract.journal import Journal, RunRow
from journeybuilder.document.findings import near
from journeybuilder.errors import OperatorError
from journeybuilder.host import Host, is_alive, is_left, this_process
from journeybuilder.plan.bundle import Bundle
from journeybuilder.plan.plan import make_plan
from journeybuilder.run.engine import Engine
from journeybuilder.run.state import FINAL, RunState

T = TypeVar("T")
Drive = Callable[[Engine], Awaitable[RunState]]


def with_store(function: Callable[..., int | None]) -> Callable[..., int | None]:
    """Add `--workspace` and `--store` to a command."""
    option = click.option("--store", default="", metavar="URL", help="The run store.")
    return in_workspace(option(function))


def list_or_hand_on(
    ctx: click.Context, listing: click.Command, options: Mapping[str, Any]
) -> int | None:
    """List, where no command of a group was called; else the group's options are that command's too."""
    if ctx.invoked_subcommand is None:
        return ctx.invoke(listing, **options)
    given = {name: value for name, value in options.items() if value}
    ctx.default_map = {ctx.invoked_subcommand: given}
    return None


@click.group("runs", invoke_without_command=True)
@with_json
@with_store
@click.pass_context
def command(ctx: click.Context, **options: Any) -> int | None:
    """List, show and continue runs; without a command, list them."""
    return list_or_hand_on(ctx, listing, options)


@command.command("list")
@click.option("--status", type=click.Choice(["running", "parked", "ended", "failed", "cancelled"]))
@click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many to show."
)
@with_json
@with_store
def listing(
    status: str | None = None,
    limit: int = 50,
    as_json: bool = False,
    store: str = "",
    folder: Path | None = None,
) -> int:
    """The runs, the last changed first."""
    rows = look(folder, store, lambda journal: journal.rows(status=status, limit=limit))  # pyright: ignore[reportArgumentType]
    if as_json:
        print_json({"runs": [row_json(row) for row in rows]})
    elif rows:
        cells = [
            (row.run, row.journey, row.status, moment(row.updated), _standing(row)) for row in rows
        ]
        print_table(("run", "journey", "status", "changed", ""), cells)
    elif status:
        echo(f"There are no {status} runs.")
    else:
        echo("There are no runs yet. 'jb run JOURNEY' makes one.")
    return 0


def _standing(row: RunRow) -> str:
    """What a run waits for, or that it was broken off and how it goes on."""
    if row.status == "parked":
        return waiting(row.waiting_for)
    return f"broken off; 'jb runs resume {row.run}' goes on" if is_left(row) else ""


@command.command("show")
@click.argument("run")
@json_option("Print JSON Lines, for programs: the same as 'jb runs events'.")
@with_store
def show(run: str, as_json: bool, store: str, folder: Path | None) -> int:
    """The trace of a run, for people."""
    for event in look(folder, store, lambda journal: journal.events(run)) or _none(run):
        if as_json:
            print_json(event)
            continue
        for line in lines(event):
            echo(line)
    return 0


@command.command("events")
@click.argument("run")
@json_option("Changes nothing: they are JSON Lines anyway.")
@with_store
def events(run: str, as_json: bool, store: str, folder: Path | None) -> int:
    """The events of a run, as JSON Lines."""
    del as_json
    for event in look(folder, store, lambda journal: journal.events(run)) or _none(run):
        print_json(event)
    return 0


@command.command("resume")
@click.argument("run")
@click.option("--force", is_flag=True, help="Take it from a process that seems to be alive.")
@with_json_lines
@with_store
def resume(run: str, force: bool, as_json: bool, store: str, folder: Path | None) -> int:
    """Go on with a run whose time has come, or whose process has died."""
    row = look(folder, store, lambda journal: journal.row(run))
    if row is not None and row.status in FINAL:
        raise OperatorError(
            f"the run is over: {row.status}",
            where=run,
            hint=f"'jb runs rewind {run} STEP' goes back to before a step, and on from there.",
        )
    if not force:
        _free(row, "Wait until it is done. If it is not: --force takes the run from it.")
    return drive(run, folder, store, lambda engine: engine.resume(run), as_json=as_json)


@command.command("reply")
@click.argument("run")
@click.argument("text")
@click.option("--node", default="", help="Which node or lane, when it waits at several.")
@with_json_lines
@with_store
def reply(run: str, text: str, node: str, as_json: bool, store: str, folder: Path | None) -> int:
    """Give a run the customer's answer it waits for."""
    answer = {"text": text}
    return drive(run, folder, store, lambda engine: engine.answer(run, answer, "customer", node),
                 as_json=as_json)  # fmt: skip


@command.command("signal")
@click.argument("run")
@click.argument("name")
@click.option("--data", "given", default="{}", metavar="JSON", help="What comes with the event.")
@click.option("--as", "by", default="operator", metavar="NAME", help="Who says so, for the record.")
@with_json_lines
@with_store
def signal(
    run: str, name: str, given: str, by: str, as_json: bool, store: str, folder: Path | None
) -> int:
    """Tell a run that something has happened.

    A 'wait' node with 'event: NAME' goes on; an event that comes early is kept for it.
    """
    data = object_of(given, "--data")
    return drive(
        run, folder, store, lambda engine: engine.signal(run, name, data, by), as_json=as_json
    )


@command.command("rewind")
@click.argument("run")
@click.argument("step")
@click.option("--copy", is_flag=True, help="Leave this run as it is and go on in a new one.")
@click.option("--force", is_flag=True, help="Also where a step cannot be taken back.")
@click.option("--as", "by", default="operator", metavar="NAME", help="Who does it, for the record.")
@with_json_lines
@with_store
def rewind(
    run: str,
    step: str,
    copy: bool,
    force: bool,
    by: str,
    as_json: bool,
    store: str,
    folder: Path | None,
) -> int:
    """Go back to just before a step, and on from there.

    STEP is a number as 'jb runs show' prints it behind each node (#4), or a node: its last visit.
    What has an 'undo' is taken back; where something cannot be, nothing happens without --force.
    """
    number = _step(look(folder, store, lambda journal: journal.events(run)) or _none(run), step)
    if not copy:
        row = look(folder, store, lambda journal: journal.row(run))
        _free(row, "Wait until it is done, or make a copy that goes on from there with --copy.")

    async def copied(engine: Engine) -> RunState:
        made = f"r-{uuid4().hex[:12]}"
        await engine.branch(run, number, made)
        return await engine.resume(made)

    async def back(engine: Engine) -> RunState:
        return await engine.rewind(run, number, by, force=force)

    return drive(run, folder, store, copied if copy else back, as_json=as_json)


def _free(row: RunRow | None, hint: str) -> None:
    """Refuse to take a run from a process that is at it.

    Raises:
        OperatorError: When one of this machine drives it.
    """
    if row is not None and row.status == "running" and is_alive(row.driver):
        raise OperatorError(
            f"process {row.driver.rpartition(':')[2]} on this machine drives this run",
            where=row.run,
            hint=hint,
        )


def _step(events: Sequence[Mapping[str, Any]], given: str) -> int:
    """The visit that a number or the name of a node means."""
    visits = {event["visit"]: str(event["node"]) for event in events if event["event"] == "entered"}
    if given.removeprefix("#").isdecimal():
        number = int(given.removeprefix("#"))
        if number in visits:
            return number
    named = [number for number, node in visits.items() if node == given]
    if named:
        return named[-1]
    hint = near(given, visits.values()) or "'jb runs show RUN' prints the steps."
    raise OperatorError(f"the run has made no step '{given}'", hint=hint)


@command.command("cancel")
@click.argument("run")
@click.option("--as", "name", default="operator", help="Who cancels it, for the record.")
@with_json_lines
@with_store
def cancel(run: str, name: str, as_json: bool, store: str, folder: Path | None) -> int:
    """End a run where it stands."""
    drive(run, folder, store, lambda engine: engine.cancel(run, name), as_json=as_json)
    return 0


def look(folder: Path | None, store: str, query: Callable[[Journal], Awaitable[T]]) -> T:
    """Ask the run store something."""

    async def work(host: Host) -> T:
        return await query(host.journal(store, create=False))

    return with_host(Host(base_of(None, folder), {}), work)


def drive(run: str, folder: Path | None, store: str, action: Drive, *, as_json: bool) -> int:
    """Go on with a run, with the plan that it began with."""
    base = base_of(None, folder)
    row = look(folder, store, lambda journal: journal.row(run))
    body = look(folder, store, lambda journal: journal.plan(row.plan)) if row is not None else None
    if body is None:
        _none(run)
    bundle = Bundle(json.loads(body or "{}"))
    printer = RunPrinter(as_json=as_json, trace=False, more=more_options(folder, store))
    terminal = Terminal((), interactive=False, write=printer.said)

    async def work(host: Host) -> RunState:
        journal = host.journal(store)
        services = host.services(bundle, terminal)
        plan = make_plan(bundle, begun=True)
        engine = Engine(plan, journal, services, printer.event, driver=this_process())
        return await action(engine)

    try:
        return printer.close(with_host(Host.of_bundle(bundle, base), work))
    except KeyboardInterrupt:
        printer.interrupted()
        raise


def row_json(row: RunRow) -> dict[str, object]:
    """A run as `jb runs list --json` lists it."""
    return {
        "run": row.run,
        "journey": row.journey,
        "status": row.status,
        "created": row.created,
        "updated": row.updated,
        "due": row.due,
        "waiting_for": row.waiting_for,
    }


def _none(run: str) -> list[dict[str, object]]:
    raise OperatorError(
        "there is no such run in this store", where=run, hint="'jb runs list' shows the runs."
    )
