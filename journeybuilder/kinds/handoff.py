"""`handoff`: hands the conversation to a person with everything that is known."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.fields import Mark, Queue, Settings, Template, Way
from journeybuilder.contract.json import canonical
from journeybuilder.contract.kind import Group, NodeKind
from journeybuilder.contract.step import Leave, Step


class HandoffSettings(Settings):
    """Settings of `handoff`."""

    to: Queue = Field(description="The queue that takes over.")
    skills: list[str] = Field(default_factory=list, description="What the person should know.")
    priority: Literal["low", "normal", "high", "urgent"] = Field(
        default="normal", description="How urgent it is."
    )
    summary_with: Annotated[str | None, Mark("model")] = Field(
        default=None, description="A model that sums the case up for the person."
    )
    packet: dict[str, Template] = Field(
        default_factory=dict, description="Facts the person gets, for example the order."
    )
    next: Way
    on_return: Annotated[str | None, Mark("port", "given back")] = None
    on_unavailable: Annotated[str | None, Mark("port", "nobody there", "error")] = None


class Handoff(NodeKind[HandoffSettings]):
    """A person takes over: closes the case (`next`), gives it back, or nobody is there."""

    name: ClassVar[str] = "handoff"
    title: ClassVar[str] = "Hand off"
    about: ClassVar[str] = "Hands the conversation to a person with all that is known."
    group: ClassVar[Group] = "people"
    icon: ClassVar[str] = "handoff"
    waits: ClassVar[bool] = True
    example: ClassVar[str] = """\
to_person:
  kind: handoff
  to: returns-desk
  packet: {order: "${order}"}
  next: bye
"""
    settings = HandoffSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return f"to {raw['to']}" if raw.get("to") else ""

    @override
    async def run(self, settings: HandoffSettings, step: Step) -> Leave:
        packet = {key: step.render(value) for key, value in settings.packet.items()}
        show: dict[str, Any] = {
            "facts": packet,
            "skills": settings.skills,
            "priority": settings.priority,
        }
        if settings.summary_with:
            show["summary"] = await _summary(settings.summary_with, packet, step)
        decisions = ["done"]
        if step.wired("on_return"):
            decisions.append("return")
        if step.wired("on_unavailable"):
            decisions.append("unavailable")
        answer = await step.ask_person("handoff", settings.to, decisions, show=show)
        if answer is not None and answer.decision == "return":
            return Leave("on_return")
        if answer is None or answer.decision == "unavailable":
            return Leave("on_unavailable")
        return Leave("next")


async def _summary(model: str, packet: Mapping[str, Any], step: Step) -> str:
    messages = [
        {
            "role": "system",
            "content": "Sum this case up in three sentences for the colleague who takes over. "
            "Use only what is given.",
        },
        {"role": "user", "content": canonical(packet)},
    ]
    return (await step.ask_model(model, messages)).text
