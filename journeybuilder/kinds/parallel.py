"""`parallel`: starts lanes that go on at the same time."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from pydantic import Field
from typing_extensions import override

from journeybuilder.contract.fields import Settings, Way
from journeybuilder.contract.json import as_object
from journeybuilder.contract.kind import Complaint, Group, NodeKind
from journeybuilder.contract.step import Fork, Step

_FEWEST = 2


class ParallelSettings(Settings):
    """Settings of `parallel`."""

    lanes: dict[str, Way] = Field(
        description="The lanes by name and where each begins; one 'join' brings them together."
    )


class Parallel(NodeKind[ParallelSettings]):
    """Goes on along several lanes at once; they meet in one join."""

    name: ClassVar[str] = "parallel"
    title: ClassVar[str] = "Parallel"
    about: ClassVar[str] = "Does several things at the same time, each in a lane of its own."
    group: ClassVar[Group] = "flow"
    icon: ClassVar[str] = "parallel"
    example: ClassVar[str] = """\
fan: {kind: parallel, lanes: {stock: check_stock, price: check_price}}
"""
    settings = ParallelSettings

    @override
    def line(self, raw: Mapping[str, Any]) -> str:
        return ", ".join(as_object(raw.get("lanes")))

    @override
    def complaints(self, settings: ParallelSettings) -> Iterable[Complaint]:
        if len(settings.lanes) < _FEWEST:
            yield Complaint(
                ("lanes",),
                "there is nothing to do at the same time",
                "Add at least two lanes, or leave this node out.",
            )

    @override
    async def run(self, settings: ParallelSettings, step: Step) -> Fork:
        return Fork([f"lanes.{name}" for name in settings.lanes])
