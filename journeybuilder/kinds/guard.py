"""`guard`: checks a value with named detectors."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.detectors import FINDS, Detect, complaints, inspect
from journeybuilder.contract.fields import Mark, Save, Settings, Template
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Step


class GuardSettings(Settings):
    """Settings of `guard`."""

    value: Template = Field(description="What is checked, usually `${draft}`.")
    detect: Detect = Field(
        description="What to look for: personal_data, prompt_injection, {topics: […]}, "
        "{schema: {…}} or {model: …, question: …}."
    )
    save: Save = Field(
        default=None,
        description="The variable that gets the finds: class and place of each, never the value.",
    )
    pass_: Annotated[str, Mark("port", "nothing found")] = Field(alias="pass")
    fail: Annotated[str, Mark("port", "something found", "error")]


class Guard(NodeKind[GuardSettings]):
    """Looks at a value before it is said or used; what cannot be judged counts as a find."""

    name: ClassVar[str] = "guard"
    title: ClassVar[str] = "Guard"
    about: ClassVar[str] = "Checks a value for personal data, manipulation, topics or form."
    group: ClassVar[Group] = "models"
    icon: ClassVar[str] = "guard"
    example: ClassVar[str] = """\
safe:
  kind: guard
  value: "${draft}"
  detect: [personal_data, prompt_injection, {topics: [politics]}, {model: careful, question: "Does it promise money?"}]
  save: found
  pass: tell
  fail: to_person
"""
    settings = GuardSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        names = (
            one if isinstance(one, str) else next(iter(as_object(one)), "")
            for one in as_list(raw.get("detect"))
        )
        return ", ".join(name.replace("_", " ") for name in names)

    @override
    def schema_of(self, raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
        del raw
        return FINDS

    @override
    def complaints(self, settings: GuardSettings) -> Iterable[Complaint]:
        if not settings.detect:
            yield Complaint(("detect",), "nothing is looked for", "Add a detector.")
        for index, key, message, hint in complaints(settings.detect):
            path = ("detect", index, key) if key else ("detect", index)
            yield Complaint(path, message, hint)

    @override
    async def run(self, settings: GuardSettings, step: Step) -> Leave:
        seen = await inspect(settings.detect, step.render(settings.value), step)
        found = [find.as_json() for find in seen.finds]
        return Leave("fail" if found else "pass", {settings.save: found} if settings.save else {})
