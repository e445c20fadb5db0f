"""`join`: waits for the lanes of one `parallel`."""

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.fields import Duration, Save, Settings, TimeoutWay, Way
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Step
from journeybuilder.errors import StepError

_NAMES = {"type": "array", "items": {"type": "string"}}


class JoinSettings(Settings):
    """Settings of `join`."""

    wait_for: Literal["all", "any"] | int = Field(
        default="all", description="How many lanes to wait for: all, any, or a number."
    )
    timeout: Duration = Field(
        default=None, description="How long to wait, counted from when the lanes began."
    )
    cancel: Literal["stop", "undo"] = Field(
        default="stop",
        description="What becomes of the other lanes: they stop, or what they did is taken back too.",
    )
    save: Save = Field(
        default=None, description="The variable that gets {arrived, cancelled, timed_out}."
    )
    next: Way
    on_timeout: TimeoutWay = None


class Join(NodeKind[JoinSettings]):
    """Brings the lanes of a parallel together: all of them, the first, or as many as are needed."""

    name: ClassVar[str] = "join"
    title: ClassVar[str] = "Join"
    about: ClassVar[str] = "Waits for the lanes of a 'parallel' and goes on with one."
    group: ClassVar[Group] = "flow"
    icon: ClassVar[str] = "join"
    waits: ClassVar[bool] = False  # for what the lanes do, which may be nothing but computing
    example: ClassVar[str] = """\
meet:
  kind: join
  wait_for: all
  timeout: 30s
  cancel: undo
  save: met
  next: offer
  on_timeout: sorry
"""
    settings = JoinSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return f"waits for {raw['wait_for']}" if raw.get("wait_for") else ""

    @override
    def schema_of(self, raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
        del raw
        return {
            "type": "object",
            "properties": {
                "arrived": _NAMES,
                "cancelled": _NAMES,
                "timed_out": {"type": "boolean"},
            },
            "required": ["arrived", "cancelled", "timed_out"],
        }

    @override
    def complaints(self, settings: JoinSettings) -> Iterable[Complaint]:
        if isinstance(settings.wait_for, int) and settings.wait_for < 1:
            yield Complaint(
                ("wait_for",),
                "fewer than one lane cannot be waited for",
                "Write all, any, or a number from 1 to the number of lanes.",
            )

    @override
    async def run(self, settings: JoinSettings, step: Step) -> Leave:
        meeting = step.meeting
        if settings.cancel == "undo":
            for undo in meeting.undos:
                with contextlib.suppress(StepError):  # recorded as `errored`; others still go on
                    await step.call_tool(undo.tool, undo.arguments)
        met = {
            "arrived": list(meeting.arrived),
            "cancelled": list(meeting.cancelled),
            "timed_out": meeting.timed_out,
        }
        return Leave(
            "on_timeout" if meeting.timed_out else "next",
            {settings.save: met} if settings.save else {},
        )
