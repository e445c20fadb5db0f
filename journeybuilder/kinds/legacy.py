"""`legacy`: a step that an importer could not map, kept word for word."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.fields import Mark, Settings
from journeybuilder.contract.kind import Group, NodeKind
from journeybuilder.contract.step import Leave, Step
from journeybuilder.errors import StepError


class LegacySettings(Settings):
    """Settings of `legacy`."""

    source: Any = Field(
        description="The step as it was in the other product, for whoever replaces it."
    )
    next: Annotated[str | None, Mark("port")] = None


class Legacy(NodeKind[LegacySettings]):
    """Keeps what came from another product, so that nothing is lost; a run cannot go through it."""

    name: ClassVar[str] = "legacy"
    title: ClassVar[str] = "Legacy step"
    about: ClassVar[str] = "Keeps an imported step that has no equivalent; replace it to run."
    group: ClassVar[Group] = "other"
    icon: ClassVar[str] = "legacy"
    example: ClassVar[str] = """\
old_step:
  kind: legacy
  source: {type: PlayPromptAndCollect, prompt: welcome.wav, maxDigits: 1}
  next: menu
"""
    settings = LegacySettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        source = raw.get("source")
        if isinstance(source, Mapping):
            words = source.get("type") or source.get("kind") or source.get("name") or ""  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        else:
            words = source or ""
        return " ".join(str(words).split())  # pyright: ignore[reportUnknownArgumentType]

    @override
    async def run(self, settings: LegacySettings, step: Step) -> Leave:
        raise StepError(
            "legacy",
            f"'{step.node}' was imported and has no equivalent yet; replace it with nodes of the palette",
        )
