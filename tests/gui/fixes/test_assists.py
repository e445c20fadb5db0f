"""What makes a step safer: an approval before what cannot be undone, ways out for errors, limits."""

from journeybuilder.checks import check_journey
from journeybuilder.document.model import Journey, Layout
from journeybuilder.gui.fixes.assists import assists, limited
from journeybuilder.gui.fixes.fix import Fix
from journeybuilder.gui.journey.journal import Change, Draft
from tests.checks.broken import WORLD, whole

NODES = (
    "a: {kind: ask, text: Which?, save: n, next: pay}\n"
    "pay: {kind: tool, tool: orders/get_order, with: {order_id: O-1}, next: z}\n"
    "sorry: {kind: say, text: Sorry, next: z}"
)


def place(node: str) -> tuple[float, float]:
    del node
    return (0.0, 0.0)


def of(journey: Journey, node: str) -> list[Fix]:
    risks = {"orders/get_order": "irreversible"}
    return list(assists(journey, journey.nodes[node], risks, ["desk"], place))  # type: ignore[arg-type]


def done(journey: Journey, fix: Fix) -> Journey:
    after = Change("", fix.edits).apply(Draft(journey, Layout())).journey
    assert not [one.message for one in check_journey(after, WORLD) if one.rule.severity == "error"]
    return after


def test_an_approval_comes_before_a_tool_that_cannot_be_undone_and_only_once() -> None:
    journey = whole(NODES, "on_error: sorry")
    approval = of(journey, "pay")[0]
    assert approval.title == "Have 'pay' approved by 'desk' first"
    after = done(journey, approval)
    assert after.nodes["a"].settings["next"] == "approve_pay"
    assert after.nodes["approve_pay"].settings["decisions"]["approve"] == "pay"
    assert not [one for one in of(after, "pay") if "approved" in one.title]


def test_errors_get_a_way_to_the_error_handler() -> None:
    journey = whole(NODES, "on_error: sorry")
    (way,) = [one for one in of(journey, "pay") if one.title.startswith("Lead")]
    assert done(journey, way).nodes["pay"].settings["on_error"] == "sorry"


def test_a_question_is_asked_three_times_at_most_and_a_run_is_limited() -> None:
    journey = whole(NODES, "on_error: sorry")
    (fix,) = [one for one in of(journey, "a") if "three" in one.title]
    settings = done(journey, fix).nodes["a"].settings
    assert (settings["attempts"], settings["on_invalid"]) == (3, "sorry")
    (bounds,) = limited(journey)
    limits = done(journey, bounds)
    assert set(limits.limits) == {"steps", "cost_usd", "duration"}
    assert not list(limited(limits))
