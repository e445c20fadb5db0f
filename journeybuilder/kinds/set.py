"""`set`: sets variables."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.fields import Settings, Values, Way
from journeybuilder.contract.json import as_object
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Step

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class SetSettings(Settings):
    """Settings of `set`."""

    values: Values = Field(description="Variables and their values; `${…}` computes.")
    next: Way


class Set(NodeKind[SetSettings]):
    """Sets variables, all at once: each value is computed before any is set."""

    name: ClassVar[str] = "set"
    title: ClassVar[str] = "Set"
    about: ClassVar[str] = "Sets variables to fixed or computed values."
    group: ClassVar[Group] = "flow"
    icon: ClassVar[str] = "set"
    example: ClassVar[str] = """\
prepare:
  kind: set
  values: {greeted: true, total: "${order.total * 1.19}"}
  next: done
"""
    settings = SetSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return ", ".join(as_object(raw.get("values")))

    @override
    def complaints(self, settings: SetSettings) -> Iterable[Complaint]:
        for name in settings.values:
            if not _NAME.fullmatch(name):
                yield Complaint(
                    ("values", name),
                    f"'{name}' cannot be the name of a variable",
                    "Use letters, digits and _, and begin with a letter.",
                )

    @override
    async def run(self, settings: SetSettings, step: Step) -> Leave:
        return Leave("next", {name: step.render(value) for name, value in settings.values.items()})
