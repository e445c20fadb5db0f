"""`jb simulate --random`: a campaign of generated runs, as people see it."""

import re
import signal
import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from journeybuilder.cli.live import LiveLine
from journeybuilder.cli.output import clean, echo, print_json
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.document.tree import load
from journeybuilder.document.workspace import SCENARIO_ENDING
from journeybuilder.document.write import dump, save
from journeybuilder.errors import AuthorError
from journeybuilder.plan.plan import Plan
from journeybuilder.rehearse.campaigns.campaign import CampaignResult, Found, Progress, run_campaign
from journeybuilder.rehearse.scenario import Scenario

_FEW_GAPS = 10


def expectations(file: Path) -> Sequence[Mapping[str, Any]]:
    """What must hold in every run: a list as a scenario's `expect`, or a file with such a list in it.

    Raises:
        AuthorError: When the file cannot be read, or there is no such list in it.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        words = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise AuthorError(f"this cannot be read: {words}", where=str(file)) from None
    tree = load(text, str(file))
    for item in tree.findings:
        if item.severity == "error":
            raise AuthorError(item.message, where=item.place, hint=item.hint)
    listed = as_list(as_object(tree.value).get("expect", tree.value))
    if not listed or not all(as_object(item) for item in listed):
        raise AuthorError(
            "there is no list of expectations in it",
            where=str(file),
            hint="Write 'expect:' and below it lines such as '- when: order.total < 200'.",
        )
    return [as_object(item) for item in listed]


def campaign(
    plan: Plan,
    *,
    runs: int,
    seed: int,
    jobs: int,
    expect: Path | None,
    write: Path | None,
    base: Scenario | None,
    as_json: bool,
) -> int:
    """Make a campaign and print what it has found; gives the exit status."""
    invariants = expectations(expect) if expect is not None else ()
    live = LiveLine()
    with _stopped_by_ctrl_c() as stop:
        result = run_campaign(
            plan, runs=runs, seed=seed, invariants=invariants, base=base, jobs=jobs,
            on_progress=lambda now: live.show(_words(now)), stop=stop.is_set,
        )  # fmt: skip
    live.clear()
    files = [_written(write, found) for found in result.found] if write is not None else []
    if as_json:
        print_json({**result.as_json(), "files": [str(file) for file in files]})
    else:
        _print(plan, result, files)
    if result.stopped:
        return _INTERRUPTED
    return 1 if result.found else 0


_INTERRUPTED = 130


@contextmanager
def _stopped_by_ctrl_c() -> Generator[threading.Event]:
    """The first Ctrl+C asks for what there is so far; the second one ends the program."""
    stop = threading.Event()

    def asked(number: int, frame: object) -> None:
        del number, frame
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, asked)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _words(now: Progress) -> str:
    if now.shrinking:
        return f"{now.runs:,} runs; making the scenarios of {now.found} bugs shorter"
    return f"{now.runs:,} of {now.of:,} runs, {now.edges} ways taken, {now.found} bugs found"


def _print(plan: Plan, result: CampaignResult, files: Sequence[Path]) -> None:
    for number, found in enumerate(result.found):
        _print_found(found, result, files[number] if files else None)
    _print_coverage(result)
    if result.stopped:
        echo(click.style(f"stopped after {result.runs:,} runs", fg="yellow", bold=True))
    rate = f", {result.runs / result.seconds:,.0f} a second" if result.seconds else ""
    bugs = f"{len(result.found)} bug{'' if len(result.found) == 1 else 's'} found"
    color = "red" if result.found else "green"
    echo(click.style(f"{result.runs:,} runs{rate}: {bugs}", fg=color, bold=True))
    hint = f"jb simulate {plan.journey.id} --random {result.runs} --seed {result.seed}"
    echo(f"seed {result.seed}; the same again: {hint}")
    if result.found and not files:
        echo("'--write scenarios' makes a scenario of each bug, for 'jb test' to look at.")


def _print_found(found: Found, result: CampaignResult, file: Path | None) -> None:
    echo(f"{click.style('found', fg='red', bold=True)}: {clean(found.words)}")
    echo(
        f"  in {found.times} of {result.runs:,} runs; the shortest scenario{f', {file}' if file else ''}:"
    )
    said = {key: one for key, one in found.scenario.items() if key not in _HEAD}
    for line in dump(said).splitlines():
        echo(f"    {clean(line)}")
    echo()


_HEAD = ("journeybuilder", "scenario", "journey")


def _print_coverage(result: CampaignResult) -> None:
    coverage = result.coverage
    counts = {"nodes": coverage.node_count, "ways": coverage.edge_count,
              "errors and time-outs": coverage.error_count, "cases": coverage.case_count}  # fmt: skip
    echo(
        "covered: "
        + ", ".join(f"{one.hit} of {one.all} {name}" for name, one in counts.items() if one.all)
    )
    missing = coverage.missing()
    for gap in missing[:_FEW_GAPS]:
        echo(f"  not reached: {clean(gap.words)}")
    if len(missing) > _FEW_GAPS:
        echo(f"  … and {len(missing) - _FEW_GAPS} more")


def _written(folder: Path, found: Found) -> Path:
    """Write a bug's scenario, beside what is there already.

    Raises:
        OperatorError: When it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    title = str(found.scenario["scenario"])
    stem = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:_LONGEST_NAME]
    number = 1
    while True:
        more = f"-{number}" if number > 1 else ""
        path = folder / f"{stem}{more}{SCENARIO_ENDING}"
        name = f"{title} ({number})" if number > 1 else title
        text = dump({**found.scenario, "scenario": name})
        if not path.exists():
            save(path, text)
            return path
        if path.read_text(encoding="utf-8") == text:  # found before
            return path
        number += 1


_LONGEST_NAME = 120
