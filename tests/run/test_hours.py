"""Business hours, in their own time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from journeybuilder.errors import StepError
from journeybuilder.run.hours import opens

BERLIN = {
    "days": ["mon", "tue", "wed", "thu", "fri"],
    "from": "09:00",
    "to": "17:30",
    "zone": "Europe/Berlin",
    "closed": ["2026-12-25"],
}


def at(text: str, zone: str = "Europe/Berlin") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00"),  # a Monday, open
        ("2026-11-23T08:59", "2026-11-23T09:00"),
        ("2026-11-23T17:30", "2026-11-24T09:00"),
        ("2026-11-27T18:00", "2026-11-30T09:00"),  # Friday evening
        ("2026-12-24T20:00", "2026-12-28T09:00"),  # closed on Friday, then the weekend
        ("2026-03-28T12:00", "2026-03-30T09:00"),  # the clock is changed on Sunday
    ],
)
def test_hours_begin_at_their_wall_clocks_time(now: str, begins: str) -> None:
    assert opens(BERLIN, at(now)) == at(begins)


def test_hours_may_go_on_after_midnight() -> None:
    night = {"days": ["sat"], "from": "22:00", "to": "02:00", "zone": "UTC"}
    sunday = at("2026-11-22T01:00", "UTC")
    assert opens(night, sunday) == sunday
    assert opens(night, at("2026-11-22T02:00", "UTC")) == at("2026-11-28T22:00", "UTC")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"zone": "Europe/Atlantis"}, "'Europe/Atlantis' is not known"),
        ({"days": ["someday"]}, "never begin"),
        ({"from": "9 o'clock"}, "no time of the day"),
    ],
)
def test_hours_that_are_none_say_why(change: dict[str, object], words: str) -> None:
    with pytest.raises(StepError, match=words):
        opens({**BERLIN, **change}, at("2026-11-23T10:00"))
