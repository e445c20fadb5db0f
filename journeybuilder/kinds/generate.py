"""`generate`: one model call that gives text or a value."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.expressions import as_words
from journeybuilder.contract.fields import (
    Duration,
    ErrorWay,
    ModelName,
    Save,
    Schema,
    Settings,
    Template,
    Way,
)
from journeybuilder.contract.json import as_object
from journeybuilder.contract.kind import Group, NodeKind
from journeybuilder.contract.step import Leave, Step
from journeybuilder.contract.texts import first_words


class GenerateSettings(Settings):
    """Settings of `generate`."""

    model: ModelName = Field(description="Which model, by its alias in models.yaml.")
    instructions: Template = Field(default="", description="What the model is to do, and how.")
    prompt: Template = Field(description="What it works on; `${…}` puts values in.")
    schema_: Schema = Field(
        default=None,
        alias="schema",
        title="Schema",
        description="The value wanted instead of text.",
    )
    save: Save = Field(default=None, description="The variable that gets the answer.")
    timeout: Duration = Field(default=None, description="How long it may take; 60s if empty.")
    next: Way
    on_error: ErrorWay = None


class Generate(NodeKind[GenerateSettings]):
    """One model call: text, or a value of a given schema. It calls no tools."""

    name: ClassVar[str] = "generate"
    title: ClassVar[str] = "Generate"
    about: ClassVar[str] = "One model call that writes a text or fills in a value."
    group: ClassVar[Group] = "models"
    icon: ClassVar[str] = "generate"
    example: ClassVar[str] = """\
summary:
  kind: generate
  model: fast
  instructions: Sum up the case for a colleague in two sentences.
  prompt: "Order ${order.id}, reason: ${reason}"
  save: draft
  next: decide
"""
    settings = GenerateSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return first_words(raw.get("instructions") or raw.get("prompt"))

    @override
    def schema_of(self, raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return as_object(raw.get("schema")) or {"type": "string"}

    @override
    async def run(self, settings: GenerateSettings, step: Step) -> Leave:
        instructions = step.render(settings.instructions)
        messages = [{"role": "user", "content": as_words(step.render(settings.prompt))}]
        if instructions:
            messages.insert(0, {"role": "system", "content": as_words(instructions)})
        answer = await step.ask_model(
            settings.model,
            messages,
            schema=settings.schema_,
            timeout=None if settings.timeout is None else seconds(settings.timeout),
        )
        value = answer.text if settings.schema_ is None else answer.value
        return Leave("next", {settings.save: value} if settings.save else {})
