"""`jb compare`: the same scenarios on several models, or on two versions of a journey."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from journeybuilder import __version__
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
from journeybuilder.connect.state_file import write_state
from journeybuilder.document.workspace import Workspace
from journeybuilder.errors import AuthorError, OperatorError
from journeybuilder.host import Host
from journeybuilder.plan.bundle import Bundle
from journeybuilder.rehearse.comparing.compare import Compare, Options, Progress
from journeybuilder.rehearse.comparing.comparison import Comparison, WayDifference
from journeybuilder.rehearse.comparing.judge import RUBRIC
from journeybuilder.rehearse.comparing.lineup import Prepared, prepared, unpriced
from journeybuilder.rehearse.comparing.player import Turnstile
from journeybuilder.rehearse.comparing.report import html_report
from journeybuilder.rehearse.comparing.showing import milliseconds, number, share, usd
from journeybuilder.rehearse.comparing.trial import is_scripted


@click.command("compare")
@click.argument("journey")
@click.option("--models", default="", metavar="A,B,C", help="The aliases to compare.")
@click.option(
    "--for",
    "roles",
    multiple=True,
    metavar="ALIAS[=A,B]",
    help="Let them play this alias of the journey only; the others stay as they are.",
)
@click.option(
    "--against",
    default="",
    metavar="FILE|REV",
    help="Compare with another version of the journey: a file, or a commit of git.",
)
@click.option(
    "--runs",
    default=1,
    type=click.IntRange(1, 1000),
    help="How often each scenario is run with each candidate.",
)
@click.option("--scenario", "names", multiple=True, metavar="NAME", help="Only this scenario.")
@click.option(
    "--judge",
    default="",
    metavar="ALIAS",
    help="A model that judges the conversations, beside the expectations.",
)
@click.option("--rubric", multiple=True, metavar="TEXT", help="A criterion for the judge.")
@click.option(
    "--max-cost", type=click.FloatRange(min=0), metavar="USD", help="End when this is spent."
)
@click.option(
    "--parallel", default=4, type=click.IntRange(1, 100), help="Calls of one model at a time."
)
@click.option("--env", default="", help="The environment whose bindings count.")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a report with charts.",
)
@in_workspace
@with_json
def command(
    journey: str,
    models: str,
    roles: tuple[str, ...],
    against: str,
    runs: int,
    names: tuple[str, ...],
    judge: str,
    rubric: tuple[str, ...],
    max_cost: float | None,
    parallel: int,
    env: str,
    page: Path | None,
    folder: Path | None,
    as_json: bool,
) -> int:
    """Run all scenarios of JOURNEY (its id or file) with several models, and say who does better.

    Each model plays all aliases of the journey in turn. Tools answer from the scenarios, never really.
    A run that a provider failed counts in no rate. What may be chance is called "not enough to tell".

    Exit status 1: it ended early, or a candidate could not be tried.
    """
    workspace = workspace_at(folder)
    name = journey_named(workspace, journey)
    compared, only = _roles(models, roles)
    if not compared and not against:
        raise click.UsageError("say what to compare: --models A,B or --against FILE|REV")
    ready = prepared(
        workspace, name, models=compared, only=only, against=against, env=env, judge=judge,
        scenarios=names,
    )  # fmt: skip
    _hold_prices(ready, max_cost)
    line = LiveLine()
    options = Options(
        runs=runs,
        jobs=parallel,
        max_cost=max_cost,
        judge=judge,
        rubric=rubric or RUBRIC,
        on_progress=lambda progress: line.show(_progress(progress)),
        turnstile=Turnstile(parallel),
    )
    result = _compared(workspace, ready, options, line, page, as_json=as_json)
    whole = len(result.trials) == result.planned and not result.stopped
    return 0 if whole and all(each.counted for each in result.summaries) else 1


def _roles(models: str, roles: Sequence[str]) -> tuple[list[str], list[str]]:
    """The models that are compared, and the aliases that they play (none is all)."""
    compared, only = _listed(models), list[str]()
    for role in roles:
        alias, equals, own = role.partition("=")
        only.append(alias.strip())
        if equals:
            compared += _listed(own)
    if only and not compared:
        raise click.UsageError("say who plays it: --for ALIAS=A,B, or --models A,B")
    return list(dict.fromkeys(compared)), only


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _hold_prices(ready: Prepared, max_cost: float | None) -> None:
    unknown = unpriced(ready.lineup.entries) if max_cost is not None else []
    if unknown:
        raise AuthorError(
            f"nobody knows the price of '{unknown[0]}', so --max-cost cannot be held",
            where="models.yaml",
            hint="Add price: {input_per_million: …, output_per_million: …}, or leave --max-cost out.",
        )


def _progress(progress: Progress) -> str:
    if progress.judging:
        return f"{progress.done} runs made, judging; {usd(progress.spent_usd)} spent"
    return f"{progress.done} of {progress.planned} runs, {usd(progress.spent_usd)} spent"


def _compared(
    workspace: Workspace,
    ready: Prepared,
    options: Options,
    line: LiveLine,
    page: Path | None,
    *,
    as_json: bool,
) -> Comparison:
    """Compare and print; what was done before an interruption is printed too."""
    entries = ready.lineup.entries
    real = any(not is_scripted(entry) for entry in entries.values())
    bundle = Bundle({**ready.lineup.candidates[0].plan.bundle.data, "models": dict(entries)})
    going: list[Compare] = []

    async def work(host: Host) -> Comparison:
        models = host.models(bundle) if real else None
        if models is not None:
            await models.ready()
        going.append(
            Compare(ready.lineup.candidates, ready.scenarios, models, entries, options, ready.recordings)
        )  # fmt: skip
        return await going[0].run()

    try:
        result = with_host(host_of(bundle, workspace.root), work)
    except KeyboardInterrupt:
        line.clear()
        if going and (so_far := going[0].result()).trials:
            _tell(so_far, page, as_json=as_json)
        raise
    line.clear()
    _tell(result, page, as_json=as_json)
    return result


def _tell(result: Comparison, page: Path | None, *, as_json: bool) -> None:
    try:
        if page is not None:
            _write_page(page, result)
    finally:  # what was paid for is told also where the page cannot be written
        if as_json:
            print_json(result.as_json())
        else:
            _print(result)
    if page is not None and not as_json:
        echo(click.style(f"report: {clean(str(page))}", dim=True))
    sys.stdout.flush()


def _write_page(page: Path, result: Comparison) -> None:
    moment = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
    try:
        write_state(page, html_report(result, made=f"journeybuilder {__version__}, {moment}"))
    except OSError as error:
        raise OperatorError(
            f"the report cannot be written: {error.strerror}", where=str(page),
            hint="Name another file after --html.",
        ) from None  # fmt: skip


def _print(result: Comparison) -> None:
    head = ("candidate", "passed (95 %)", "runs", "cost a run", "median", "95 % below", "tokens",
            "model")  # fmt: skip
    rows = [
        (each.name, share(each.rate), f"{each.counted}/{each.runs}", usd(each.cost_usd),
         milliseconds(each.latency_ms), milliseconds(each.latency_p95_ms),
         number((each.tokens_in or 0) + (each.tokens_out or 0)),
         "stand-in" if each.scripted else each.model)
        for each in result.summaries
    ]  # fmt: skip
    print_table(head, rows)
    for each in result.summaries:
        for why, count in each.troubles.items():
            words = f"{each.name}: {count} run{'' if count == 1 else 's'} not counted: {why}"
            echo(click.style(clean(words), fg="yellow"))
    _print_failures(result)
    _print_differences(result)
    for way in result.ways:
        if words := _way(way):
            echo(clean(words))
    for note in [*result.notes, *([f"ended early: {result.stopped}"] if result.stopped else [])]:
        echo(click.style(clean(note), dim=True))
    echo(f"{len(result.trials)} of {result.planned} runs, {usd(result.spent_usd)} spent")


def _print_failures(result: Comparison) -> None:
    for each in result.summaries:
        for item in each.failures:
            words = f"{each.name}: {item.scenario}: {item.example}"
            echo(click.style(clean(f"failed {item.count}×  {words}"), fg="red"))


def _print_differences(result: Comparison) -> None:
    for each in result.differences:
        if each.what != "passed" and not each.one_more + each.other_more:
            continue  # nothing differs, as with the stand-in: the JSON has it all the same
        words = clean(f"{each.one} / {each.other}, {each.what}: {each.words}")
        echo(click.style(words, bold=each.beyond_chance))
    if result.judged is not None:
        for each in result.judged.preferences:
            echo(
                clean(
                    f"{each.base} / {each.candidate}, judge '{result.judged.judge}': {each.words}"
                )
            )
        if result.judged.failed:
            echo(
                clean(f"judge: {result.judged.failed} without a judgement: {result.judged.trouble}")
            )
        echo(click.style(f"the judge cost {usd(result.judged.cost_usd)}, counted apart", dim=True))


def _way(way: WayDifference) -> str:
    if way.same_path == way.pairs:
        return ""
    there, here = way.base_next or "the end", way.next or "the end"
    times = f"{way.pairs - way.same_path} of {way.pairs} runs"
    return (
        f"{way.scenario}: '{way.candidate}' goes another way than '{way.base}' in {times}: "
        f"after {way.after or 'the start'} to {here}, not to {there}"
    )
