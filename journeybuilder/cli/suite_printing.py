"""What `jb test` prints for people: scenarios with what failed, coverage, what is missing, the slowest."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import click

from journeybuilder.cli.live import LiveLine
from journeybuilder.cli.output import clean, echo, print_table
from journeybuilder.document.model import Journey
from journeybuilder.rehearse.advice import advice
from journeybuilder.rehearse.coverage import Count, Coverage, Gap
from journeybuilder.rehearse.suites.suite import Failure, ScenarioResult, SuiteResult

FEW_GAPS = 5
"""Missing ways that are shown of each journey."""
_ALL_NAMED = 40
_SLOW_MS = 100.0
_SLOWEST = 3


class Progress:
    """How far a suite is, on one line of a terminal that does not last."""

    def __init__(self, number: int) -> None:
        self._all = number
        self._done = 0
        self._failed = 0
        self._live = LiveLine()

    def start(self) -> None:
        """Show that it has begun."""
        self._show("")

    def result(self, result: ScenarioResult) -> None:
        """One more is over."""
        self._done += 1
        self._failed += 1 if result.wrong else 0
        self._show(result.name)

    def sign(self, name: str, words: str) -> None:
        """Something long goes on."""
        if words:
            self._show(f"{name}: {words}")

    def clear(self) -> None:
        """Leave an empty line."""
        self._live.clear()

    @property
    def words(self) -> str:
        """How far it is."""
        failed = f", {self._failed} failed" if self._failed else ""
        return f"{self._done} of {self._all} scenarios{failed}"

    def _show(self, more: str) -> None:
        self._live.show(f"{self.words} · {more}" if more else self.words)


def print_suite(
    result: SuiteResult, journeys: Mapping[str, Journey], *, verbose: bool, gaps: int | None
) -> None:
    """Everything about a suite.

    Args:
        result: How it went.
        journeys: By id, for what to do next.
        verbose: Name every scenario; else many that passed are only counted.
        gaps: How many missing ways to show of each journey; None for all.
    """
    _print_scenarios(result, named=verbose or len(result.results) <= _ALL_NAMED)
    _print_coverage(result, journeys, gaps)
    _print_slowest(result)
    _print_totals(result)


def _print_scenarios(result: SuiteResult, *, named: bool) -> None:
    ordered = sorted(result.results, key=lambda one: one.journey)
    for journey, some in groupby(ordered, key=lambda one: one.journey):
        results = list(some)
        passed = sum(1 for one in results if one.passed)
        head = clean(journey or "no journey")
        count = "" if named else f"  {passed} of {len(results)} passed"
        echo(click.style(head, bold=True) + count)
        for one in results:
            if named or not one.passed:
                _print_scenario(one)


def _print_scenario(one: ScenarioResult) -> None:
    name = clean(one.name)
    if one.passed:
        runs = f"  ({one.runs} runs)" if one.runs > 1 else ""
        echo(f"  {click.style('passed', fg='green')}  {name}{runs}")
        return
    if one.skipped:
        echo(f"  {click.style('skipped', fg='yellow')} {name}: {clean(one.skipped)}")
        return
    echo(f"  {click.style('FAILED', fg='red', bold=True)}  {name}")
    for failure in one.wrong:
        _print_failure(failure)
    if one.path:
        echo(click.style(f"      path: {clean(' → '.join(one.path))}", dim=True))


def _print_failure(failure: Failure) -> None:
    for line in [*failure.words.splitlines(), *failure.hint.splitlines()]:
        echo(f"      {clean(line.strip())}")
    node = f"  at {clean(failure.node)}" if failure.node else ""
    echo(click.style(f"      {clean(failure.place)}{node}", dim=True))


def _print_coverage(result: SuiteResult, journeys: Mapping[str, Journey], gaps: int | None) -> None:
    names = sorted(result.coverage.journeys)
    if names:
        echo()
        parts = {name: result.coverage.of_journey(name) for name in names}
        rows = [_row(name, part) for name, part in parts.items()]
        if len(names) > 1:
            rows.append(_row("all", result.coverage))
        print_table(("coverage", "nodes", "edges", "errors, time-outs", "cases"), rows)
        for name, part in parts.items():
            _print_gaps(name, _shown(part), journeys.get(name), gaps)
    for name, why in result.uncounted.items():
        echo(f"\n{click.style('not counted', fg='yellow')}: {clean(name)}: {clean(why)}")


def _row(name: str, coverage: Coverage) -> Sequence[str]:
    counts = (
        coverage.node_count, coverage.edge_count, coverage.error_count, coverage.case_count,
    )  # fmt: skip
    return (name, *(_share(count) for count in counts))


def _share(count: Count) -> str:
    return f"{count.hit}/{count.all} {count.percent:.0f} %" if count.all else "–"


def _shown(coverage: Coverage) -> list[Gap]:
    """What is missing; the ways out of a node that nobody came to go without saying."""
    missing = coverage.missing()
    unvisited = {gap.node for gap in missing if not gap.port}
    return [gap for gap in missing if not gap.port or gap.node not in unvisited]


def _print_gaps(
    name: str, missing: Sequence[Gap], journey: Journey | None, limit: int | None
) -> None:
    if not missing:
        return
    echo(f"\n{click.style('missing', bold=True)} in {clean(name)}")
    for gap in missing[:limit]:
        words = advice(gap, journey) if journey is not None else ""
        then = click.style(f"  {clean(words)}", dim=True) if words else ""
        echo(f"  {clean(gap.words)}{then}")
    if limit is not None and len(missing) > limit:
        echo(click.style(f"  … and {len(missing) - limit} more: jb test --missing", dim=True))


def _print_slowest(result: SuiteResult) -> None:
    slow = [one for one in result.slowest(_SLOWEST) if one.ms >= _SLOW_MS]
    if slow:
        words = ", ".join(f"{clean(one.name)} {one.ms / 1000:.1f} s" for one in slow)
        echo(f"\nslowest: {words}")


def _print_totals(result: SuiteResult) -> None:
    passed = click.style(f"{result.passed} passed", fg="green" if result.passed else None)
    failed = click.style(f"{result.failed} failed", fg="red", bold=True) if result.failed else ""
    skipped = click.style(f"{result.skipped} skipped", fg="yellow") if result.skipped else ""
    words = ", ".join(part for part in (failed, passed, skipped) if part)
    echo(f"\n{words} in {result.ms / 1000:.1f} s")
