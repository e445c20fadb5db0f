"""`split`: a percentage of the runs goes each way, the same way for the same key."""

import hashlib
import math
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.expressions import as_words
from journeybuilder.contract.fields import Mark, Part, Settings, Way
from journeybuilder.contract.json import as_object
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Leave, Step

_WHOLE = 100.0


class Share(Part):
    """One way and how many of a hundred take it."""

    percent: float = Field(ge=0, le=_WHOLE, description="How many of a hundred take this way.")
    next: Way


class SplitSettings(Settings):
    """Settings of `split`."""

    by: Annotated[str | None, Mark("expression")] = Field(
        default=None,
        description="What the choice hangs on (CEL), for example input.customer_id; the same value "
        "always takes the same way. When empty, each run for itself.",
    )
    ways: dict[str, Share] = Field(description="The ways; their percentages add up to 100.")


class Split(NodeKind[SplitSettings]):
    """Divides the runs by percentages, for a trial of two wordings or a careful start.

    The choice is computed from journey, node and key (SHA-256), so it is the same on every machine
    and stays the same when the run is repeated; raising one share moves only as many as needed
    where there are two ways.
    """

    name: ClassVar[str] = "split"
    title: ClassVar[str] = "Split"
    about: ClassVar[str] = "Sends a share of the runs each way, always the same for a customer."
    group: ClassVar[Group] = "flow"
    icon: ClassVar[str] = "split"
    example: ClassVar[str] = """\
wording:
  kind: split
  by: input.customer_id
  ways:
    old: {percent: 90, next: greet}
    new: {percent: 10, next: greet_warmly}
"""
    settings = SplitSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        ways = as_object(raw.get("ways"))
        return ", ".join(
            f"{name} {as_object(way).get('percent', 0)} %" for name, way in ways.items()
        )

    @override
    def complaints(self, settings: SplitSettings) -> Iterable[Complaint]:
        total = math.fsum(way.percent for way in settings.ways.values())
        if not settings.ways:
            yield Complaint(("ways",), "there is no way to choose from", "Add at least two.")
        elif not math.isclose(total, _WHOLE, abs_tol=1e-6):
            yield Complaint(
                ("ways",),
                f"the percentages add up to {total:g}, not to 100",
                "Change them so that every run has a way.",
            )

    @override
    async def run(self, settings: SplitSettings, step: Step) -> Leave:
        key = as_words(step.evaluate(settings.by)) if settings.by else ""
        place = _place(f"{step.journey}/{step.node}/{key or step.run_key}")
        # by name: the order in a file is not that of a plan that was stored and read again
        ways = sorted((name, way.percent) for name, way in settings.ways.items())
        reached = 0.0
        for name, percent in ways:
            reached += percent
            if place < reached:
                return Leave(f"ways.{name}")
        last = max(name for name, percent in ways if percent > 0)  # what rounding left over
        return Leave(f"ways.{last}")


def _place(text: str) -> float:
    """A place between 0 and 100, evenly spread over texts."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    return number / 2**64 * _WHOLE
