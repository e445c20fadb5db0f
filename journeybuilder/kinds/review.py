"""`review`: a person approves, edits or rejects."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.fields import (
    Duration,
    Mark,
    Queue,
    Save,
    Settings,
    Template,
    TimeoutWay,
    Way,
)
from journeybuilder.contract.json import as_object
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Step


class ReviewSettings(Settings):
    """Settings of `review`."""

    to: Queue = Field(description="The queue of people who decide.")
    show: dict[str, Template] = Field(default_factory=dict, description="What they see.")
    draft: Template = Field(default=None, description="A proposal that they may change.")
    editable: Annotated[bool, Mark("plain")] = Field(
        default=False, description="Whether the draft may be changed."
    )
    decisions: dict[str, Way] = Field(description="The decisions and where each leads.")
    save: Save = Field(
        default=None, description="The variable that gets {decision, by, value, note}."
    )
    timeout: Duration = Field(default=None, description="How long to wait for a decision.")
    on_timeout: TimeoutWay = None


class Review(NodeKind[ReviewSettings]):
    """Waits until a person has decided; survives restarts."""

    name: ClassVar[str] = "review"
    title: ClassVar[str] = "Review"
    about: ClassVar[str] = "A person looks at the case and decides how it goes on."
    group: ClassVar[Group] = "people"
    icon: ClassVar[str] = "review"
    waits: ClassVar[bool] = True
    example: ClassVar[str] = """\
decide:
  kind: review
  to: returns-desk
  show: {order: "${order}"}
  decisions: {approve: label, reject: too_late}
  timeout: 4h
  on_timeout: to_person
"""
    settings = ReviewSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return f"to {raw['to']}" if raw.get("to") else ""

    @override
    def schema_of(self, raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
        decision: dict[str, Any] = {"type": "string"}
        if names := list(as_object(raw.get("decisions"))):
            decision["enum"] = names
        text = {"type": "string"}
        return {
            "type": "object",
            "properties": {"decision": decision, "by": text, "value": {}, "note": text},
            "required": ["decision", "by", "value", "note"],
        }

    @override
    def complaints(self, settings: ReviewSettings) -> Iterable[Complaint]:
        if not settings.decisions:
            yield Complaint(
                ("decisions",), "nobody can decide anything", "Add at least one decision."
            )
        if settings.editable and settings.draft is None:
            yield Complaint(("editable",), "there is no draft to change", "Add 'draft'.")

    @override
    async def run(self, settings: ReviewSettings, step: Step) -> Leave:
        show: dict[str, Any] = {key: step.render(value) for key, value in settings.show.items()}
        if settings.draft is not None:
            show["draft"] = step.render(settings.draft)
        answer = await step.ask_person(
            "review",
            settings.to,
            list(settings.decisions),
            show=show,
            editable=["draft"] if settings.editable else [],
            timeout=None if settings.timeout is None else seconds(settings.timeout),
        )
        if answer is None:
            return Leave("on_timeout")
        changed = settings.editable and answer.value is not None
        value = answer.value if changed else show.get("draft")
        result = {
            "decision": answer.decision,
            "by": answer.by,
            "value": value,
            "note": answer.note,
        }
        return Leave(
            f"decisions.{answer.decision}", {settings.save: result} if settings.save else {}
        )
