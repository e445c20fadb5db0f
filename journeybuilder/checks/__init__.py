"""What is wrong without running: one file per check; adding one is a new file and a line here."""

import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import TypeAlias

from journeybuilder.checks import (
    environments,
    flow,
    graph,
    journeys,
    lanes,
    limits,
    meaning,
    models,
    names,
    offers,
    people,
    scenarios,
    secrets,
    settings,
    texts,
    tools,
    ways,
    workspace,
)
from journeybuilder.checks.context import Context, Known
from journeybuilder.document.findings import Problem, Rule
from journeybuilder.document.model import Journey

__all__ = ["CHECKS", "RULES", "Context", "Known", "check_context", "check_journey", "checking"]

Check: TypeAlias = Callable[[Context], Iterable[Problem]]
CHECKS: Sequence[Check] = (
    settings.check,
    limits.check,
    graph.check,
    lanes.check,
    ways.check,
    names.check,
    meaning.check,
    flow.check,
    texts.check,
    tools.check,
    offers.check,
    models.check,
    people.check,
    journeys.check,
    secrets.check,
)

RULES: Mapping[str, Rule] = {
    rule.code: rule
    for module in (
        settings,
        limits,
        graph,
        lanes,
        ways,
        names,
        meaning,
        flow,
        texts,
        tools,
        offers,
        models,
        people,
        journeys,
        scenarios,
        workspace,
        environments,
    )
    for rule in module.RULES
}
"""The rules of all checks by code."""


@contextmanager
def _undisturbed() -> Generator[None]:
    """Let the search for cyclic garbage wait: a check makes much that lives on, and nothing cyclic.

    It takes a quarter of the time otherwise.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def check_journey(journey: Journey, known: Known) -> list[Problem]:
    """Every problem of a journey, in the order of its nodes; the document's form comes apart."""
    return check_context(Context(journey, known))


def check_context(context: Context) -> list[Problem]:
    """The same for whoever wants to know what else was worked out."""
    with _undisturbed():
        problems = [problem for check in CHECKS for problem in check(context)]
    return _ordered(context, problems)


def checking(context: Context) -> Generator[None, None, list[Problem]]:
    """The same piece by piece, for whoever has something else to do in between.

    A piece takes a few milliseconds at 1,000 nodes; what it gives at the end is what `check_context`
    gives.
    """
    problems: list[Problem] = []
    for prepare in _PREPARED:
        with _undisturbed():
            attrgetter(prepare)(context)
        yield
    for check in CHECKS:
        parts = iter(_IN_PIECES.get(check, check)(context))
        more = True
        while more:
            with _undisturbed():
                more = _take(parts, problems)
            yield
    return _ordered(context, problems)


def _take(parts: Iterator[Problem | None], problems: list[Problem]) -> bool:
    """Take the problems up to the next pause; False where there is none."""
    for part in parts:
        if part is None:
            return True
        problems.append(part)
    return False


_IN_PIECES: Mapping[Check, Callable[[Context], Iterable[Problem | None]]] = {
    flow.check: flow.pieces,
    graph.check: graph.pieces,
    secrets.check: secrets.pieces,
}
"""The long ones give None wherever something else may be done."""
_PREPARED = (
    "kinds", "uses", "by_role", "ports", "edges", "ways", "typed.sites", "typed.readings",
    "successors", "roots",
)  # fmt: skip
"""What most checks need and the first of them would wait for."""


def _ordered(context: Context, problems: Iterable[Problem]) -> list[Problem]:
    order = {node: index for index, node in enumerate(context.journey.nodes)}
    return sorted(problems, key=lambda problem: order.get(problem.node, -1))
