"""`generate`: one model call that gives text or a value."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.expressions import as_words
from journeybuilder.contract.fields import (
    Duration,
    ErrorWay,
    Mark,
    ModelName,
    Save,
    Schema,
    Settings,
    Template,
    Use,
    Way,
)
from journeybuilder.contract.json import as_object
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Step
from journeybuilder.contract.texts import first_words

_PROMPT = re.compile(r"[^/\s$]+/[^\s$]+")


class GenerateSettings(Settings):
    """Settings of `generate`."""

    model: ModelName = Field(description="Which model, by its alias in models.yaml.")
    instructions: Template = Field(default="", description="What the model is to do, and how.")
    prompt: Template = Field(
        description="What it works on; `${…}` puts values in. With arguments below: the prompt of an "
        "MCP server to begin from, as server/prompt."
    )
    with_: Annotated[dict[str, Any] | None, Mark("plain")] = Field(
        default=None,
        alias="with",
        title="Arguments",
        description="What the server's prompt gets; leave it out where the prompt is a text.",
    )
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
    def uses(self, raw: Mapping[str, Any]) -> Iterable[Use]:
        fetched = raw.get("with") is not None
        for use in super().uses(raw):
            if use.path == ("prompt",) and fetched:
                yield use._replace(mark=Mark("prompt"))
            elif use.path == ("with",) and fetched:
                yield use._replace(mark=Mark("arguments", of="prompt"))
            else:
                yield use

    @override
    def complaints(self, settings: GenerateSettings) -> Iterable[Complaint]:
        if settings.with_ is not None and not _PROMPT.fullmatch(str(settings.prompt)):
            yield Complaint(
                ("prompt",),
                "with arguments it has to name a server's prompt",
                "Write it as server/prompt, or take 'with:' out where it is a text.",
            )

    @override
    async def run(self, settings: GenerateSettings, step: Step) -> Leave:
        instructions = step.render(settings.instructions)
        messages = await _messages(settings, step)
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


async def _messages(settings: GenerateSettings, step: Step) -> list[dict[str, Any]]:
    if settings.with_ is None:
        return [{"role": "user", "content": as_words(step.render(settings.prompt))}]
    fetched = await step.get_prompt(str(settings.prompt), step.render(settings.with_))
    return [dict(message) for message in fetched]
