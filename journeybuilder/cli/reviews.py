"""`jb reviews`: what waits for a person, and their decisions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from journeybuilder.cli.output import echo, print_json
from journeybuilder.cli.place import base_of, with_json, with_json_lines
from journeybuilder.cli.runs import drive, list_or_hand_on, look, row_json, with_store
from journeybuilder.cli.trace import short, waiting, waits_of
from journeybuilder.contract.journal import RunRow
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.findings import choices, near
from journeybuilder.document.workspace import read_workspace
from journeybuilder.errors import AuthorError, OperatorError
from journeybuilder.run.waiting import meant, place_of

_ALL = 1_000_000
"""Parked runs that are looked through: most of them may wait for their customer."""

_WORDS = {
    "approve": ("approve", "done", "yes", "accept"),
    "reject": ("reject", "return", "no", "decline"),
}
"""Which of a task's decisions `approve` and `reject` mean; the first that it offers."""


@click.group("reviews", invoke_without_command=True)
@with_json
@with_store
@click.pass_context
def command(ctx: click.Context, **options: Any) -> int | None:
    """List what waits for a person, and decide it; without a command, list it."""
    return list_or_hand_on(ctx, listing, options)


@command.command("list")
@with_json
@with_store
def listing(as_json: bool = False, store: str = "", folder: Path | None = None) -> int:
    """Everything that waits for a person, the last first."""
    rows = [
        row
        for row in look(folder, store, lambda journal: journal.rows(status="parked", limit=_ALL))
        if tasks_of(row)
    ]
    if as_json:
        print_json({"reviews": [row_json(row) for row in rows]})
        return 0
    for row in rows:
        for task in tasks_of(row):
            echo(f"{click.style(row.run, bold=True)}  {row.journey}  {waiting(task)}")
            for name, value in as_object(task.get("show")).items():
                echo(f"    {name}: {short(value)}")
    if not rows:
        echo("Nothing waits for a person.")
    return 0


def _decider(name: str) -> Any:
    def add(function: Any) -> Any:
        for option in (
            click.option("--note", default="", help="Why, for the record."),
            click.option(
                "--decision", default="", help="The decision's name, where there are others."
            ),
            click.option(
                "--node", default="", help="Which node or lane, when it waits at several."
            ),
            click.option("--as", "by", required=True, metavar="NAME", help="Who decides."),
            click.argument("run"),
            with_json_lines,
            with_store,
        ):
            function = option(function)
        return command.command(name)(function)

    return add


@_decider("approve")
def approve(
    run: str,
    by: str,
    node: str,
    decision: str,
    note: str,
    as_json: bool,
    store: str,
    folder: Path | None,
) -> int:
    """Let it go on."""
    given = {"by": by, "decision": decision, "note": note}
    return _decide(_Case(run, node, store, folder), "approve", given, as_json=as_json)


@_decider("reject")
def reject(
    run: str,
    by: str,
    node: str,
    decision: str,
    note: str,
    as_json: bool,
    store: str,
    folder: Path | None,
) -> int:
    """Refuse it."""
    given = {"by": by, "decision": decision, "note": note}
    return _decide(_Case(run, node, store, folder), "reject", given, as_json=as_json)


@_decider("edit")
@click.option("--value", required=True, metavar="JSON", help="The changed draft.")
def edit(
    run: str,
    by: str,
    node: str,
    decision: str,
    note: str,
    value: str,
    as_json: bool,
    store: str,
    folder: Path | None,
) -> int:
    """Let it go on with a changed draft."""
    try:
        changed = json.loads(value)
    except ValueError:
        raise click.UsageError(
            f"--value is no JSON: {value}. Text needs double quotes inside: '\"Dear Ana\"'"
        ) from None
    given = {"by": by, "decision": decision, "note": note, "value": changed}
    return _decide(_Case(run, node, store, folder), "approve", given, as_json=as_json)


def tasks_of(row: RunRow) -> list[Mapping[str, Any]]:
    """What a run asks of people; lanes may wait for more than one of them."""
    waits = [as_object(wait) for wait in waits_of(row.waiting_for)]
    return [wait for wait in waits if "decisions" in wait]


def _task(row: RunRow, node: str) -> Mapping[str, Any]:
    """The one thing that is to be decided.

    Raises:
        OperatorError: When there is none, or more than one and no word on which.
    """
    tasks = meant(tasks_of(row), node) if node else tasks_of(row)
    if not tasks:
        what = (
            f"no decision is waited for at '{node}'" if node else "no decision is waited for here"
        )
        raise OperatorError(what, where=row.run, hint="'jb reviews list' shows what waits.")
    if len(tasks) > 1:
        nodes = ", ".join(place_of(task, tasks) for task in tasks)
        raise OperatorError(
            "more than one decision is waited for", where=row.run,
            hint=f"Say which one with --node: {nodes}.",
        )  # fmt: skip
    return tasks[0]


@dataclass(frozen=True)
class _Case:
    """A run to decide on, and where it is."""

    run: str
    node: str
    store: str
    folder: Path | None


def _decide(case: _Case, word: str, given: dict[str, Any], *, as_json: bool) -> int:
    run, store, folder = case.run, case.store, case.folder
    row = look(folder, store, lambda journal: journal.row(run))
    if row is None:
        raise OperatorError(
            "there is no such run in this store",
            where=run,
            hint="'jb reviews list' shows what waits; --workspace and --store say where to look.",
        )
    task = _task(row, case.node)
    _may(given["by"], str(task.get("to", "")), base_of(None, folder))
    offered = [str(name) for name in as_list(task["decisions"])]
    # whether a call has happened is no matter of approval: it has to be said in its own words
    usual = () if task["kind"] == "uncertain" else _WORDS[word]
    decision = given["decision"] or next((name for name in usual if name in offered), "")
    if decision not in offered:
        raise OperatorError(
            f"'{decision or word}' is no decision here",
            where=run,
            hint=f"Choose one with --decision: {', '.join(offered)}.",
        )
    if "value" in given and not as_list(task.get("editable")) and task["kind"] != "uncertain":
        raise OperatorError("nothing may be changed here", where=run, hint="Approve or reject it.")
    answer = {"value": None, **given, "decision": decision}
    at = str(task.get("lane", task["node"]))
    return drive(
        run, folder, store, lambda engine: engine.answer(run, answer, given["by"], at),
        as_json=as_json,
    )  # fmt: skip


def _may(name: str, queue: str, base: Path) -> None:
    """Whether the workspace lets somebody decide in a queue; where it names nobody, everybody may."""
    try:
        people = as_list(read_workspace(base).settings.get("people"))
    except AuthorError:
        return
    if not people:
        return
    known = {str(as_object(person).get("name")): as_object(person) for person in people}
    person = known.get(name)
    if person is None:
        raise OperatorError(
            f"'{name}' is not among the people of this workspace",
            hint=near(name, known) or _known(known),
        )
    if "reviewer" not in as_list(person.get("roles")):
        raise OperatorError(f"'{name}' is no reviewer", hint=_deciders(known, queue))
    if queue and queue not in as_list(person.get("queues")):
        raise OperatorError(f"'{name}' does not decide for '{queue}'", hint=_deciders(known, queue))


def _known(people: Mapping[str, Any]) -> str:
    return f"People: {', '.join(sorted(people))}."


def _deciders(people: Mapping[str, Mapping[str, Any]], queue: str) -> str:
    names = [
        name
        for name, person in people.items()
        if "reviewer" in as_list(person.get("roles"))
        and (not queue or queue in as_list(person.get("queues")))
    ]
    return f"Who may decide here: {choices(names) or 'nobody yet; see people: in journeybuilder.yaml'}."
