"""Business hours: when they begin next, in any time zone, across changes of the clock."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from journeybuilder.contract.json import as_list
from journeybuilder.errors import StepError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FARTHEST = 400
"""Days to look ahead; hours that do not come within a year never come."""

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00")


def opens(hours: Mapping[str, Any], now: float) -> float:
    """The moment at which these hours begin next; `now` itself within them.

    Args:
        hours: `days` (`mon` …, every day where it is missing), `from` and `to` (`09:00`; a `to` that is
            not later is on the next day), `zone`, and `closed` (days as `2026-12-25`).
        now: Seconds since 1970.

    Raises:
        StepError: `expression` when they never begin, or the zone or a time is not known.
    """
    zone = _zone(str(hours.get("zone") or "UTC"))
    days = set(as_list(hours.get("days"))) or set(DAYS)
    closed = {str(day) for day in as_list(hours.get("closed"))}
    begin, end = _time(hours.get("from", "00:00")), _time(hours.get("to", "24:00"))
    today = datetime.fromtimestamp(now, zone).date()
    for ahead in range(-1, FARTHEST):
        day = today + timedelta(days=ahead)
        if DAYS[day.weekday()] not in days or day.isoformat() in closed:
            continue
        first = _moment(day, begin, zone)
        last = _moment(day, end if end > begin else end + timedelta(days=1), zone)
        if now < last:
            return max(first, now)
    raise StepError("expression", "these business hours never begin")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        words = f"the time zone '{name}' is not known; write for example Europe/Berlin"
        raise StepError("expression", words) from None


def _time(text: Any) -> timedelta:
    found = _TIME.fullmatch(str(text))
    if found is None:
        raise StepError("expression", f"'{text}' is no time of the day; write for example 09:00")
    hour, minute = str(text).split(":")
    return timedelta(hours=int(hour), minutes=int(minute))


def _moment(day: date, of_day: timedelta, zone: ZoneInfo) -> float:
    """A wall clock's time on a day as a moment; one that a change of the clock skips is an hour on."""
    local = datetime.combine(day, time()) + of_day
    return local.replace(tzinfo=zone).timestamp()
