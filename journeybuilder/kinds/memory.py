"""`memory`: remembers or forgets facts about this customer."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.durations import seconds
from journeybuilder.contract.fields import Duration, Mark, Settings, Template, Way
from journeybuilder.contract.json import as_list, as_object
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Remembered, Step

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CONSENT = "consent"


class MemorySettings(Settings):
    """Settings of `memory`."""

    remember: dict[str, Template] = Field(
        default_factory=dict, description="Facts by name; `${…}` puts values in."
    )
    forget: Annotated[list[str] | Literal["all"] | None, Mark("plain")] = Field(
        default=None, description="Names of facts to forget, or all; this comes first."
    )
    purpose: str = Field(
        default="", description="What the facts may be used for; needed where any is remembered."
    )
    keep_for: Duration = Field(
        default=None, description="How long they are kept, for example 365d; for good when empty."
    )
    next: Way


class Memory(NodeKind[MemorySettings]):
    """Keeps facts about a customer beyond this run; `customer.NAME` reads them in every journey."""

    name: ClassVar[str] = "memory"
    title: ClassVar[str] = "Memory"
    about: ClassVar[str] = "Remembers or forgets facts about this customer."
    group: ClassVar[Group] = "other"
    icon: ClassVar[str] = "memory"
    example: ClassVar[str] = """\
note:
  kind: memory
  remember: {preferred_language: "${session.language}"}
  purpose: service
  keep_for: 365d
  next: done
"""
    settings = MemorySettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        facts = ", ".join(as_object(raw.get("remember")))
        gone = ", ".join(map(str, as_list(raw.get("forget")))) or str(raw.get("forget") or "")
        parts = (f"remembers {facts}" if facts else "", f"forgets {gone}" if gone else "")
        return "; ".join(part for part in parts if part)

    @override
    def complaints(self, settings: MemorySettings) -> Iterable[Complaint]:
        if not settings.remember and not settings.forget:
            yield Complaint(
                ("remember",), "it neither remembers nor forgets anything", "Add a fact."
            )
        if settings.remember and not settings.purpose.strip():
            yield Complaint(
                ("purpose",),
                "it is not said what the facts may be used for",
                "Add 'purpose:', for example service.",
            )
        if settings.keep_for is not None and not settings.remember:
            yield Complaint(
                ("keep_for",), "nothing is remembered that could be kept", "Take it out."
            )
        for name in settings.remember:
            if name == _CONSENT:
                yield Complaint(
                    ("remember", name),
                    "'consent' is what a 'consent' node puts on record",
                    "Choose another name.",
                )
            elif not _NAME.fullmatch(name):
                yield Complaint(
                    ("remember", name),
                    f"'{name}' cannot be the name of a fact",
                    "Use letters, digits and _, and begin with a letter.",
                )

    @override
    async def run(self, settings: MemorySettings, step: Step) -> Leave:
        keep_for = None if settings.keep_for is None else seconds(settings.keep_for)
        facts = [
            Remembered(name, step.render(value), settings.purpose, keep_for)
            for name, value in settings.remember.items()
        ]
        if settings.forget:
            await step.forget(None if settings.forget == "all" else settings.forget)
        if facts:
            await step.remember(facts)
        return Leave("next")
