"""`resource`: reads an MCP resource."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.fields import ErrorWay, Mark, ResourceName, Save, Settings, Way
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Step

_VARIABLE = re.compile(r"\{[+#./;?&]?([^{}]*)\}")


class ResourceSettings(Settings):
    """Settings of `resource`."""

    resource: ResourceName = Field(
        description="The resource as server/address, for example kb/articles://{topic}."
    )
    with_: Annotated[dict[str, Any], Mark("arguments", of="resource")] = Field(
        default_factory=dict,
        alias="with",
        title="Arguments",
        description="Values for the names in braces in the address.",
    )
    save: Save = Field(default=None, description="The variable that gets the text or value.")
    next: Way
    on_error: ErrorWay = None


class Resource(NodeKind[ResourceSettings]):
    """Reads what an MCP server offers for reading: an article, a file, a record."""

    name: ClassVar[str] = "resource"
    title: ClassVar[str] = "Resource"
    about: ClassVar[str] = "Reads an article, file or record that an MCP server offers."
    group: ClassVar[Group] = "tools"
    icon: ClassVar[str] = "resource"
    example: ClassVar[str] = """\
article:
  kind: resource
  resource: "kb/articles://{topic}"
  with: {topic: "${topic}"}
  save: article
  next: tell
  on_error: sorry
"""
    settings = ResourceSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return str(raw.get("resource") or "")

    @override
    def complaints(self, settings: ResourceSettings) -> Iterable[Complaint]:
        server, slash, address = settings.resource.partition("/")
        if not (server and slash and ":" in address):
            yield Complaint(
                ("resource",),
                f"'{settings.resource}' is not of the form server/address",
                "Write it as server/address, for example kb/articles://{topic}.",
            )
            return
        names = variables_of(address)
        for name in names:
            if name not in settings.with_:
                yield Complaint(
                    ("with",),
                    f"'{{{name}}}' of the address gets no value",
                    f"Add '{name}:' to 'with'.",
                )
        for name in settings.with_:
            if name not in names:
                yield Complaint(
                    ("with", name),
                    f"the address has no '{{{name}}}'",
                    "Correct the name or take it out.",
                )

    @override
    async def run(self, settings: ResourceSettings, step: Step) -> Leave:
        answer = await step.read_resource(settings.resource, step.render(settings.with_))
        return Leave("next", {settings.save: answer.value} if settings.save else {})


def variables_of(template: str) -> list[str]:
    """The names in braces of a URI template, in their order (RFC 6570, without its modifiers)."""
    names: list[str] = []
    for inside in _VARIABLE.findall(template):
        for part in inside.split(","):
            name = part.rstrip("*").partition(":")[0]
            if name and name not in names:
                names.append(name)
    return names
