"""`end`: ends the run with an outcome and an output."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.fields import Settings, Template
from journeybuilder.contract.kind import Group, NodeKind
from journeybuilder.contract.step import Finish, Step


class EndSettings(Settings):
    """Settings of `end`."""

    outcome: str = Field(default="done", description="One word for reports: resolved, closed …")
    output: dict[str, Template] = Field(
        default_factory=dict, description="What the run gives back."
    )
    undo: bool = Field(default=False, description="Take back what the steps before have done.")


class End(NodeKind[EndSettings]):
    """The run is over."""

    name: ClassVar[str] = "end"
    title: ClassVar[str] = "End"
    about: ClassVar[str] = "Ends the journey with an outcome and what it gives back."
    group: ClassVar[Group] = "flow"
    icon: ClassVar[str] = "end"
    example: ClassVar[str] = """\
done: {kind: end, outcome: resolved, output: {label_url: "${label.url}"}}
"""
    settings = EndSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return str(raw.get("outcome") or "")

    @override
    async def run(self, settings: EndSettings, step: Step) -> Finish:
        output = {name: step.render(value) for name, value in settings.output.items()}
        return Finish(settings.outcome, output, settings.undo)
