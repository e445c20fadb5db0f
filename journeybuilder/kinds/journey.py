"""`journey`: runs another journey and comes back."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.fields import ErrorWay, JourneyName, Mark, Save, Settings, Way
from journeybuilder.contract.kind import Group, NodeKind
from journeybuilder.contract.step import Leave, Step


class JourneySettings(Settings):
    """Settings of `journey`."""

    journey: JourneyName = Field(description="The journey to run, by its id.")
    with_: Annotated[dict[str, Any], Mark("arguments", of="journey")] = Field(
        default_factory=dict, alias="with", title="Input", description="What it starts with."
    )
    save: Save = Field(default=None, description="The variable that gets its output.")
    next: Way
    on_error: ErrorWay = None


class SubJourney(NodeKind[JourneySettings]):
    """Another journey as one step; it has its own variables and gives back its output."""

    name: ClassVar[str] = "journey"
    title: ClassVar[str] = "Journey"
    about: ClassVar[str] = "Runs another journey within this one and comes back with its output."
    group: ClassVar[Group] = "flow"
    icon: ClassVar[str] = "journey"
    example: ClassVar[str] = """\
where:
  kind: journey
  journey: where-is-my-order
  with: {order_id: "${order_id}"}
  save: result
  next: tell
  on_error: to_person
"""
    settings = JourneySettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return str(raw.get("journey") or "")

    @override
    async def run(self, settings: JourneySettings, step: Step) -> Leave:
        result = await step.start_journey(settings.journey, step.render(settings.with_))
        return Leave("next", {settings.save: result["output"]} if settings.save else {})
