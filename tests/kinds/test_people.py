import asyncio

import pytest

from journeybuilder.errors import OperatorError
from tests.fakes import decides, plan_of, world

REVIEW = (
    """
a:
  kind: review
  to: desk
  show: {order: "${input.order}"}
  draft: "Dear ${input.name}"
  editable: true
  decisions: {approve: yes, reject: no}
  save: decision
  timeout: 4h
  on_timeout: late
yes: {kind: end, outcome: yes, output: {by: "${decision.by}", draft: "${decision.value}"}}
no: {kind: end, outcome: no}
late: {kind: end, outcome: late}
""".replace("yes", '"yes"')
    .replace("no}", '"no"}')
    .replace("no: {", '"no": {')
    .replace("outcome: no", 'outcome: "no"')
)
GIVEN = {"order": {"id": "O-1"}, "name": "Ana"}


def test_a_decision_leads_the_way_and_is_saved_with_who_made_it() -> None:
    around = world(people=[decides("approve")])
    state = around.run(plan_of(REVIEW), GIVEN)
    assert (state.outcome, state.output) == ("yes", {"by": "dana", "draft": "Dear Ana"})
    (task,) = around.people.tasks
    assert task.show == {"order": {"id": "O-1"}, "draft": "Dear Ana"}
    assert (task.to, list(task.decisions), list(task.editable)) == (
        "desk", ["approve", "reject"], ["draft"],
    )  # fmt: skip


def test_another_decision_leads_another_way() -> None:
    assert world(people=[decides("reject")]).run(plan_of(REVIEW), GIVEN).outcome == "no"


def test_a_draft_that_was_changed_is_what_counts() -> None:
    around = world(people=[decides("approve", "Hello Ana")])
    assert around.run(plan_of(REVIEW), GIVEN).output == {"by": "dana", "draft": "Hello Ana"}


def test_a_draft_that_may_not_be_changed_stays_as_it_was() -> None:
    around = world(people=[decides("approve", "Hello Ana")])
    nodes = REVIEW.replace("  editable: true\n", "")
    assert around.run(plan_of(nodes), GIVEN).output == {"by": "dana", "draft": "Dear Ana"}


def test_a_decision_that_nobody_makes_in_time_takes_the_way_of_the_time_out() -> None:
    around = world()
    begin = around.clock.now()
    assert around.run(plan_of(REVIEW), GIVEN).outcome == "late"
    assert around.clock.now() - begin == 4 * 3600


def test_a_decision_can_be_made_later_by_whoever_is_there() -> None:
    around = world()
    plan = plan_of(REVIEW.replace("  timeout: 4h\n", ""))
    state = around.run(plan, GIVEN)
    assert (state.status, (state.waiting_for or {})["kind"]) == ("parked", "review")
    answer = {"decision": "approve", "by": "miguel", "value": None, "note": ""}
    state = asyncio.run(around.engine(plan).answer("r-1", answer, "miguel"))
    assert state.output == {"by": "miguel", "draft": "Dear Ana"}


def test_a_decision_that_was_not_asked_for_is_refused_with_the_allowed_ones() -> None:
    around = world()
    plan = plan_of(REVIEW.replace("  timeout: 4h\n", ""))
    around.run(plan, GIVEN)
    answer = {"decision": "delete", "by": "miguel", "value": None, "note": ""}
    with pytest.raises(OperatorError, match="'delete' is no decision here") as caught:
        asyncio.run(around.engine(plan).answer("r-1", answer, "miguel"))
    assert caught.value.hint == "Say one of: approve, reject."


HANDOFF = """
a:
  kind: handoff
  to: desk
  skills: [returns]
  priority: high
  packet: {order: "${input.order}"}
  next: closed
  on_return: back
closed: {kind: end, outcome: closed}
back: {kind: end, outcome: back}
"""


@pytest.mark.parametrize(("decision", "outcome"), [("done", "closed"), ("return", "back")])
def test_a_person_closes_the_case_or_gives_it_back(decision: str, outcome: str) -> None:
    around = world(people=[decides(decision)])
    assert around.run(plan_of(HANDOFF), GIVEN).outcome == outcome
    (task,) = around.people.tasks
    assert task.show == {
        "facts": {"order": {"id": "O-1"}},
        "skills": ["returns"],
        "priority": "high",
    }
    assert list(task.decisions) == ["done", "return"]


def test_only_ways_that_are_wired_can_be_taken_by_the_person() -> None:
    around = world(people=[decides("done")])
    around.run(plan_of(HANDOFF.replace("  on_return: back\n", "")), GIVEN)
    assert list(around.people.tasks[0].decisions) == ["done"]


def test_a_model_sums_the_case_up_for_the_person() -> None:
    around = world(people=[decides("done")], models={"fast": [{"says": "A broken lamp."}]})
    around.run(
        plan_of(HANDOFF.replace("  next: closed", "  summary_with: fast\n  next: closed")), GIVEN
    )
    assert around.people.tasks[0].show["summary"] == "A broken lamp."
    assert around.models.asked[0].messages[1]["content"] == '{"order":{"id":"O-1"}}'


def test_nobody_there_takes_its_own_way() -> None:
    around = world(people=[decides("unavailable")])
    nodes = HANDOFF.replace("  on_return: back", "  on_unavailable: back")
    assert around.run(plan_of(nodes), GIVEN).outcome == "back"


def test_a_draft_that_may_not_be_changed_is_not_changed() -> None:
    around = world(people=[decides("approve", "Hello Ana")])
    plan = plan_of(REVIEW.replace("editable: true", "editable: false"))
    assert around.run(plan, GIVEN).output == {"by": "dana", "draft": "Dear Ana"}
