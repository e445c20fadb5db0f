"""`tool`: calls one MCP tool."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.fields import (
    Arguments,
    Duration,
    ErrorWay,
    Part,
    Save,
    Settings,
    TimeoutWay,
    ToolName,
    Way,
)
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import ONCE, Leave, Retry, Step, Undo
from journeybuilder.errors import StepError


class RetrySettings(Part):
    """How often and how far apart to try again."""

    attempts: int = Field(default=3, ge=1, le=10, description="Calls in all.")
    wait: Duration = Field(default="1s", description="Pause before the second call; it doubles.")


class UndoSettings(Part):
    """The call that takes this one back."""

    tool: ToolName = Field(description="The tool that takes it back, as server/tool.")
    with_: Arguments = Field(
        default_factory=dict,
        alias="with",
        description="What that tool gets; what the call gave has its name of 'save'.",
    )


class ToolSettings(Settings):
    """Settings of `tool`."""

    tool: ToolName = Field(description="The tool, as server/tool.")
    with_: Arguments = Field(
        default_factory=dict, alias="with", title="Arguments", description="What the tool gets."
    )
    save: Save = Field(default=None, description="The variable that gets the result.")
    timeout: Duration = Field(default=None, description="How long the call may take; 30s if empty.")
    retry: RetrySettings | None = Field(default=None, description="Try again when it fails.")
    undo: UndoSettings | None = Field(
        default=None, description="What takes it back when the journey fails later."
    )
    cache: Duration = Field(
        default=None,
        description="How old an answer to the same arguments may be that is used again; only for a "
        "tool that reads.",
    )
    next: Way
    on_error: ErrorWay = None
    on_timeout: TimeoutWay = None


class Tool(NodeKind[ToolSettings]):
    """Calls one tool that an MCP server offers; no model is involved."""

    name: ClassVar[str] = "tool"
    title: ClassVar[str] = "Tool"
    about: ClassVar[str] = "Calls one tool of an MCP server and keeps its result."
    group: ClassVar[Group] = "tools"
    icon: ClassVar[str] = "tool"
    example: ClassVar[str] = """\
look_up:
  kind: tool
  tool: orders/get_order
  with: {order_id: "${order_id}"}
  save: order
  retry: {attempts: 3, wait: 1s}
  next: eligible
  on_error: sorry
"""
    settings = ToolSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return str(raw.get("tool") or "")

    @override
    def complaints(self, settings: ToolSettings) -> Iterable[Complaint]:
        if settings.cache is not None and settings.undo is not None:
            yield Complaint(
                ("cache",),
                "an answer that is used again did nothing that 'undo' could take back",
                "Keep 'cache' for a tool that reads, or 'undo' for one that writes.",
            )

    @override
    async def run(self, settings: ToolSettings, step: Step) -> Leave:
        retry = settings.retry
        try:
            answer = await step.call_tool(
                settings.tool,
                step.render(settings.with_),
                timeout=None if settings.timeout is None else seconds(settings.timeout),
                retry=Retry(retry.attempts, seconds(retry.wait or "1s")) if retry else ONCE,
                cache=None if settings.cache is None else seconds(settings.cache),
            )
        except StepError as error:
            if error.code == "timeout" and step.wired("on_timeout"):
                return Leave("on_timeout")
            raise
        undo = settings.undo
        return Leave(
            "next",
            {settings.save: answer.value} if settings.save else {},
            Undo(undo.tool, undo.with_) if undo else None,
        )
