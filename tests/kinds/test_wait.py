from typing import Any

import pytest

from journeybuilder.errors import StepError
from journeybuilder.kinds import KINDS
from tests.kinds.steps import FakeStep, complaints, visit


def test_a_length_of_time_is_slept() -> None:
    step = FakeStep()
    assert visit("wait", {"for": "2h", "next": "a"}, step).port == "next"
    assert step.done == [("sleep", 7200)]


def test_a_moment_is_computed_and_waited_for() -> None:
    step = FakeStep({"order": {"ready_at": "2026-02-01T09:00:00Z"}})
    visit("wait", {"until": "${order.ready_at}", "next": "a"}, step)
    assert step.done == [("until", "2026-02-01T09:00:00Z")]


def test_a_moment_that_is_no_text_is_an_error() -> None:
    with pytest.raises(StepError, match="'until' is no moment"):
        visit("wait", {"until": "${order}", "next": "a"}, FakeStep({"order": 12}))


def test_business_hours_are_waited_for_as_they_are_written() -> None:
    step = FakeStep()
    hours = {"days": ["mon"], "from": "09:00", "to": "17:30", "zone": "Europe/Berlin",
        "closed": ["2026-12-25"]}  # fmt: skip
    visit("wait", {"hours": hours, "next": "a"}, step)
    assert step.done == [("open", hours)]
    step = FakeStep()
    visit("wait", {"hours": {"from": "09:00", "to": "17:30"}, "next": "a"}, step)
    assert step.did("open")[0]["days"] == ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert step.did("open")[0]["zone"] == "UTC"


EVENT = {
    "event": "parcel_delivered",
    "timeout": "3d",
    "save": "parcel",
    "next": "a",
    "on_timeout": "b",
}


def test_what_came_with_an_event_is_saved() -> None:
    step = FakeStep(event={"at": "door"})
    leave = visit("wait", EVENT, step)
    assert (leave.port, leave.save) == ("next", {"parcel": {"at": "door"}})
    assert step.did("event") == [{"name": "parcel_delivered", "timeout": 259_200}]


def test_an_event_that_does_not_come_in_time_takes_the_way_of_the_time_out() -> None:
    leave = visit("wait", EVENT, FakeStep())
    assert (leave.port, leave.save) == ("on_timeout", {})


HOURS = {"from": "09:00", "to": "17:30"}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "for: it is not said what to wait for"),
        ({"for": "1h", "event": "x"}, "event: it is to wait for 'for' and 'event' at once"),
        ({"for": "1h", "timeout": "2h"}, "timeout: 'timeout' goes only with 'event'"),
        ({"hours": HOURS, "save": "x"}, "save: 'save' goes only with 'event'"),
        ({"event": "a b"}, "event: 'a b' cannot be the name of an event"),
        ({"hours": {**HOURS, "to": "09:00"}}, "hours.to: they end when they begin"),
        ({"hours": {**HOURS, "days": []}}, "hours.days: there is no day on which they are open"),
        ({"hours": {**HOURS, "closed": ["25.12."]}}, "hours.closed.0: '25.12.' is no date"),
    ],
)  # fmt: skip
def test_what_the_settings_alone_cannot_say_is_said(settings: dict[str, Any], words: str) -> None:
    assert complaints("wait", {**settings, "next": "a"}) == [words]


def test_only_a_wait_for_an_event_has_a_way_out_at_the_time_out() -> None:
    def ports(raw: dict[str, Any]) -> list[str]:
        return [port.name for port in KINDS["wait"].ports(raw)]

    assert ports({"for": "2h"}) == ["next"]
    assert ports({"event": "delivered"}) == ["next", "on_timeout"]
    assert ports({"for": "2h", "on_timeout": "a"}) == ["next", "on_timeout"], "wired: it is seen"
