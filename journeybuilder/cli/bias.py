"""`jb bias`: whether a journey treats people differently for who they are."""

from pathlib import Path

import click

from journeybuilder.checks import Known
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
from journeybuilder.contract.services import Models
from journeybuilder.document.source import Source
from journeybuilder.errors import AuthorError
from journeybuilder.host import Host, known_of
from journeybuilder.plan.bundle import Bundle, build
from journeybuilder.plan.plan import make_plan
from journeybuilder.rehearse.comparing.gathering import recordings_of
from journeybuilder.rehearse.comparing.lineup import players_of, scenarios_of, unpriced
from journeybuilder.rehearse.comparing.player import Purse
from journeybuilder.rehearse.comparing.trial import is_scripted
from journeybuilder.rehearse.fairness.attributes import reads_of
from journeybuilder.rehearse.fairness.bias import BiasResult, result_of
from journeybuilder.rehearse.fairness.twins import Asking, Twins, attributes_of, twins_of
from journeybuilder.rehearse.suites.vary import misplaced


@click.command("bias")
@click.argument("journey")
@click.option(
    "--pairs",
    default=0,
    type=click.IntRange(min=0, max=100_000),
    help="How many pairs for each two values; without it one of each scenario.",
)
@click.option(
    "--good",
    "good",
    multiple=True,
    metavar="OUTCOME",
    help="An outcome that is good for the customer; without it each is tested.",
)
@click.option("--seed", default=1, help="Of what is made up, and of models that take one.")
@click.option(
    "--max-cost", type=click.FloatRange(min=0), metavar="USD", help="End when this is spent."
)
@click.option("--env", default="", help="The environment whose bindings count.")
@in_workspace
@with_json
def command(
    journey: str,
    pairs: int,
    good: tuple[str, ...],
    seed: int,
    max_cost: float | None,
    env: str,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Swap one attribute in the scenarios of JOURNEY (its id or file), and see if it ends the same.

    What is swapped stands in the scenarios: vary: {customer.name: [John Smith, Aisha Khan]}. Twins share
    the seed and what tools answer. It also tells nodes that read who somebody is. It never says that
    there is no bias.

    Exit status 1: people are treated unlike, or a branch reads a protected or varied attribute. Exit
    status 2: no scenario says what to swap, or no pair counts.
    """
    workspace = workspace_at(folder)
    name = journey_named(workspace, journey)
    known = known_of(workspace)
    plan = make_plan(build(workspace, name, known, env))
    scenarios = scenarios_of(workspace, name)
    sources = [workspace.scenarios[each.name] for each in scenarios]
    for source in sources:
        _hold_attributes(source, known)
    data = [source.data for source in sources]
    reads = reads_of(plan, attributes_of(data))
    entries = {**players_of(scenarios, workspace, env), **plan.bundle.models}
    _hold_prices(unpriced(entries) if max_cost is not None else [])
    line = LiveLine()

    async def work(host: Host) -> tuple[list[Twins], Asking]:
        def seeded(number: int) -> Models:
            found = {alias: {**entry, "seed": number} for alias, entry in entries.items()}
            return host.models(Bundle({**plan.bundle.data, "models": found}))

        asking = Asking(
            models=seeded if any(not is_scripted(entry) for entry in entries.values()) else None,
            entries=entries,
            pairs=pairs,
            good=good,
            seed=seed,
            purse=Purse(max_cost),
            recordings=recordings_of(workspace.state_dir, scenarios),
            on_progress=lambda done, whole: line.show(f"{done} of {whole} pairs"),
        )
        return await twins_of(plan, data, asking), asking

    try:
        twins, asking = with_host(host_of(plan.bundle, workspace.root), work)
    finally:
        line.clear()
    result = result_of(plan, data, twins, reads, asking)
    if as_json:
        print_json(result.as_json())
    else:
        _print(result)
    if result.found:
        return 1
    return 0 if any(not each.why for each in result.twins) or result.stopped else 2


def _hold_attributes(source: Source, known: Known) -> None:
    for attribute, words, hint in misplaced(source.data, known):
        mark = source.place(("vary", attribute))
        where = f"{source.file}:{mark.line}" if mark else source.file
        raise AuthorError(f"vary: '{attribute}' changes nothing: {words}", where=where, hint=hint)


def _hold_prices(unknown: list[str]) -> None:
    if unknown:
        raise AuthorError(f"nobody knows the price of '{unknown[0]}', so --max-cost cannot be held",
                          where="models.yaml", hint="Add 'price' to it.")  # fmt: skip


def _print(result: BiasResult) -> None:
    rows = [
        (test.attribute, test.outcome, test.one, f"{test.one_reached}/{test.pairs}", test.other,
         f"{test.other_reached}/{test.pairs}", "–" if test.ratio is None else f"{test.ratio:.2f}")
        for test in result.tests
    ]  # fmt: skip
    print_table(("attribute", "outcome", "value", "reached", "other", "reached", "ratio"), rows)
    for test in result.tests:
        words = clean(f"{test.attribute}, {test.one} / {test.other}: {test.words}")
        echo(click.style(words, fg="red" if test.unlike else None, bold=test.unlike))
    for each in result.twins:
        if not each.why and (not each.same or not each.same_path):
            echo(clean(_parting(each)))
    for each in result.reads:
        echo(click.style(clean(each.words), fg="red" if each.serious else "yellow"))
    for note in result.notes:
        echo(click.style(clean(note), dim=True))
    echo(click.style(clean(result.verdict), bold=True))


def _parting(each: Twins) -> str:
    who = f"{each.scenario}: {each.attribute} '{each.one}' and '{each.other}'"
    ends = "end the same" if each.same else f"end {each.one_outcome} and {each.other_outcome}"
    if each.same_path:
        return f"{who} {ends}"
    there, here = each.one_next or "the end", each.other_next or "the end"
    return f"{who} {ends}, and part after {each.after or 'the start'}: {there} and {here}"
