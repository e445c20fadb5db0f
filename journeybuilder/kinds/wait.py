"""`wait`: for a time, until a moment, for business hours, or for a named event."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.fields import (
    Duration,
    Mark,
    Part,
    Port,
    Save,
    Settings,
    Template,
    TimeoutWay,
    Way,
)
from journeybuilder.contract.json import as_object
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Step
from journeybuilder.errors import StepError

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Time = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
_DAYS: list[Day] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WAYS = ("for", "until", "hours", "event")
_DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_EVENT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}")


class Hours(Part):
    """When somebody is there."""

    days: list[Day] = Field(
        default_factory=lambda: list(_DAYS), description="The days of the week: mon, tue, wed …"
    )
    from_: Time = Field(alias="from", title="From", description="When they begin, as 09:00.")
    to: Time = Field(description="When they end, as 17:30; earlier than 'from' is the next day.")
    zone: str = Field(default="UTC", description="The time zone, for example Europe/Berlin.")
    closed: list[str] = Field(
        default_factory=list, description="Days on which they are closed, as 2026-12-25."
    )


class WaitSettings(Settings):
    """Settings of `wait`."""

    for_: Duration = Field(
        default=None, alias="for", title="For", description="How long to wait, for example 2h."
    )
    until: Template = Field(
        default=None,
        description="The moment to wait for, as 2026-01-31T08:00:00Z or `${order.ready_at}`.",
    )
    hours: Hours | None = Field(
        default=None, description="Wait until these business hours; not at all within them."
    )
    event: Annotated[str | None, Mark("plain")] = Field(
        default=None, description="The name of the event that ends the wait."
    )
    timeout: Duration = Field(default=None, description="How long to wait for the event.")
    save: Save = Field(default=None, description="The variable that gets what came with the event.")
    next: Way
    on_timeout: TimeoutWay = None


class Wait(NodeKind[WaitSettings]):
    """Lets time pass, minutes or months; the run is parked meanwhile and survives restarts."""

    name: ClassVar[str] = "wait"
    title: ClassVar[str] = "Wait"
    about: ClassVar[str] = "Waits for a time, a moment, business hours or an event."
    group: ClassVar[Group] = "flow"
    icon: ClassVar[str] = "wait"
    waits: ClassVar[bool] = True
    example: ClassVar[str] = """\
until_delivered:
  kind: wait
  event: parcel_delivered
  timeout: 3d
  save: parcel
  next: ask_how_it_was
  on_timeout: look_for_it
"""
    settings = WaitSettings

    @override
    def ports(self, raw: Mapping[str, Any]) -> list[Port]:
        """Only the wait for an event can time out; a way that is wired all the same stays seen."""
        timed = bool(raw.get("event") or raw.get("on_timeout"))
        return [port for port in super().ports(raw) if timed or port.name != "on_timeout"]

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        if raw.get("hours"):
            hours = as_object(raw["hours"])
            return f"until open, {hours.get('from', '')}–{hours.get('to', '')}"
        key = next((key for key in _WAYS if raw.get(key)), "")
        return f"{key} {raw[key]}" if key else ""

    @override
    def schema_of(self, raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
        del raw
        return {"type": "object"}

    @override
    def complaints(self, settings: WaitSettings) -> Iterable[Complaint]:
        given = {
            "for": settings.for_,
            "until": settings.until,
            "hours": settings.hours,
            "event": settings.event,
        }
        ways = [key for key, value in given.items() if value is not None]
        if len(ways) != 1:
            found = " and ".join(f"'{key}'" for key in ways)
            yield Complaint(
                (ways[1],) if ways else ("for",),
                f"it is to wait for {found} at once" if ways else "it is not said what to wait for",
                "Give exactly one of 'for', 'until', 'hours' and 'event'.",
            )
        elif settings.event is None:
            yield from _only_for_events(settings)
        elif not _EVENT.fullmatch(settings.event):
            yield Complaint(
                ("event",),
                f"'{settings.event}' cannot be the name of an event",
                "Use letters, digits, '_', '.' and '-'.",
            )
        if settings.hours is not None:
            yield from _of_hours(settings.hours)

    @override
    async def run(self, settings: WaitSettings, step: Step) -> Leave:
        if settings.event is not None:
            limit = None if settings.timeout is None else seconds(settings.timeout)
            came = await step.wait_event(settings.event, timeout=limit)
            if came is None:
                return Leave("on_timeout")
            return Leave("next", {settings.save: came} if settings.save else {})
        if settings.hours is not None:
            await step.sleep_until_open(settings.hours.model_dump(by_alias=True))
        elif settings.for_ is not None:
            await step.sleep(seconds(settings.for_))
        else:
            moment = step.render(settings.until)
            if not isinstance(moment, str):
                raise StepError("expression", "'until' is no moment, like 2026-01-31T08:00:00Z")
            await step.sleep_until(moment)
        return Leave("next")


def _only_for_events(settings: WaitSettings) -> Iterable[Complaint]:
    for key in ("timeout", "save", "on_timeout"):
        if getattr(settings, key) is not None:
            yield Complaint(
                (key,), f"'{key}' goes only with 'event'", "Take it out, or wait for an event."
            )


def _of_hours(hours: Hours) -> Iterable[Complaint]:
    if not hours.days:
        yield Complaint(("hours", "days"), "there is no day on which they are open", "Add a day.")
    if hours.from_ == hours.to:
        yield Complaint(
            ("hours", "to"), "they end when they begin", "For the whole day write 00:00 to 23:59."
        )
    for index, day in enumerate(hours.closed):
        if not _DATE.fullmatch(day):
            yield Complaint(
                ("hours", "closed", index), f"'{day}' is no date", "Write it as 2026-12-25."
            )
