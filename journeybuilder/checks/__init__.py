"""What is wrong without running: one file per check; adding one is a new file and a line here."""

import gc
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager

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

__all__ = ["CHECKS", "RULES", "Known", "check_journey"]

CHECKS: Sequence[Callable[[Context], Iterable[Problem]]] = (
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
    context = Context(journey, known)
    order = {node: index for index, node in enumerate(journey.nodes)}
    with _undisturbed():
        problems = [problem for check in CHECKS for problem in check(context)]
    return sorted(problems, key=lambda problem: order.get(problem.node, -1))
