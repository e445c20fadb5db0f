from typing import Any

from journeybuilder.contract.step import Fork, Meeting, Undo
from journeybuilder.errors import StepError
from tests.kinds.steps import FakeStep, complaints, visit

JOIN: dict[str, Any] = {"wait_for": "any", "timeout": "30s", "save": "met", "next": "a", "on_timeout": "b"}  # fmt: skip
MET = Meeting(
    ["price"], ["stock"], undos=[Undo("x/void", {"id": "2"}), Undo("x/free", {"id": "1"})]
)


def test_a_parallel_goes_on_in_every_lane() -> None:
    lanes = {"lanes": {"stock": "a", "price": "b"}}
    assert visit("parallel", lanes, FakeStep()) == Fork(["lanes.stock", "lanes.price"])
    assert complaints("parallel", {"lanes": {"stock": "a"}}) == [
        "lanes: there is nothing to do at the same time"
    ]


def test_a_join_saves_how_the_lanes_met() -> None:
    leave = visit("join", JOIN, FakeStep(meeting=Meeting(["price"], ["stock"])))
    assert leave.port == "next"
    assert leave.save == {"met": {"arrived": ["price"], "cancelled": ["stock"], "timed_out": False}}


def test_a_join_whose_time_passed_takes_the_way_of_the_time_out() -> None:
    step = FakeStep(meeting=Meeting([], ["stock", "price"], timed_out=True))
    leave = visit("join", JOIN, step)
    assert leave.port == "on_timeout"
    assert leave.save["met"]["timed_out"] is True


def test_a_join_takes_back_what_cancelled_lanes_did_only_where_it_says_so() -> None:
    step = FakeStep(meeting=MET)
    visit("join", JOIN, step)
    assert step.done == []
    visit("join", {**JOIN, "cancel": "undo"}, step)
    assert [(call["tool"], call["with"]) for call in step.did("tool")] == [
        ("x/void", {"id": "2"}),
        ("x/free", {"id": "1"}),
    ]


def test_an_undo_that_fails_does_not_keep_the_others_from_being_made() -> None:
    step = FakeStep(meeting=MET, tools={"x/void": [StepError("tool_failed", "gone")]})
    assert visit("join", {**JOIN, "cancel": "undo"}, step).port == "next"
    assert [call["tool"] for call in step.did("tool")] == ["x/void", "x/free"]


def test_a_join_of_no_lanes_is_none() -> None:
    assert complaints("join", {"wait_for": 0, "next": "a"}) == [
        "wait_for: fewer than one lane cannot be waited for"
    ]
