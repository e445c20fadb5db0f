"""Every quick fix takes its finding away and adds no error; tried on every journey that breaks a rule."""

from collections.abc import Iterator

import pytest

from journeybuilder.checks import RULES, check_journey
from journeybuilder.document.findings import Finding, Problem
from journeybuilder.document.model import Journey, Layout
from journeybuilder.gui.fixes import FIXES, Fix, fixes_of
from journeybuilder.gui.journey.journal import Change, Draft
from tests.checks.broken import CASES, Case, whole


def located(problem: Problem) -> Finding:
    return Finding(
        problem.rule.code, problem.rule.severity, "test.journey.yaml", 1, 1, problem.node,
        problem.message, problem.hint or problem.rule.mend, problem.path,
    )  # fmt: skip


def place(node: str) -> tuple[float, float]:
    return (260.0 * len(node), 0.0)


def fixed(journey: Journey, fix: Fix) -> Journey:
    return Change(fix.title, fix.edits).apply(Draft(journey, Layout())).journey


def offered(case: Case) -> tuple[Journey, Finding, list[Fix]]:
    journey = whole(case.nodes, case.head)
    (problem,) = check_journey(journey, case.known)
    finding = located(problem)
    return journey, finding, fixes_of(finding, journey, case.known, place)


def tries() -> Iterator[tuple[Case, Fix]]:
    for case in CASES:
        for fix in offered(case)[2]:
            yield case, fix


TRIES = list(tries())


@pytest.mark.parametrize(
    ("case", "fix"), TRIES, ids=[f"{case.code}-{fix.title}" for case, fix in TRIES]
)
def test_a_fix_takes_its_finding_away_and_adds_no_error(case: Case, fix: Fix) -> None:
    journey, finding, _ = offered(case)
    if fix.deed:
        assert not fix.edits
        return
    after = check_journey(fixed(journey, fix), case.known)
    left = {(one.rule.code, one.message) for one in after}
    assert (finding.code, finding.message) not in left
    assert not [one.message for one in after if one.rule.severity == "error"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.message}")
def test_no_two_fixes_of_a_finding_are_called_alike_and_the_best_come_first(case: Case) -> None:
    fixes = offered(case)[2]
    assert len({fix.title for fix in fixes}) == len(fixes)
    assert [fix.best for fix in fixes] == sorted((fix.best for fix in fixes), reverse=True)


def test_every_rule_with_a_fix_exists() -> None:
    files = {"JB110", "JB113", "JB114", "JB115"}
    assert set(FIXES) <= {*RULES, *files}


def test_most_broken_journeys_can_be_mended_by_a_key() -> None:
    mended = [case for case in CASES if any(fix.edits for fix in offered(case)[2])]
    assert len(mended) >= 0.8 * len(CASES), [case.message for case in CASES if case not in mended]
